"""The sample port is what its summary says, counted from the files by other means than those that wrote them."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from pratique_world import PortSummary, write_port
from pratique_world.mechanisms import MECHANISMS
from pratique_world.numbers import container_check_digit, imo_number

pytestmark = pytest.mark.long

MECHANISM_NAMES = {
    "false_origin",
    "heavy_empty",
    "listed_party",
    "misclassification",
    "prohibited_goods",
    "rip_on_rip_off",
    "shell_importers",
    "split_consignment",
    "undeclared_dangerous_goods",
    "undervaluation",
}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, PortSummary]:
    out = tmp_path_factory.mktemp("port")
    return out, write_port(out, seed=11)


def segments(path: Path) -> list[str]:
    """The segments of an EDIFACT file without released terminators in it."""
    text = path.read_text(encoding="ascii")
    assert text.startswith("UNA:+.? '")
    return re.split(r"(?<!\?)'", text[9:])[:-1]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cleaned(number: str) -> str:
    return re.sub(r"[ -]", "", number).upper()


def boxes_of_edi(path: Path) -> dict[str, str]:
    found = [segment.split("+") for segment in segments(path) if segment.startswith("EQD+CN+")]
    return {cleaned(parts[2]): parts[6] for parts in found}


def boxes_of_xml(path: Path) -> dict[str, str]:
    found = ET.parse(path).getroot().iter("ctn_segment")
    return {cleaned(box.findtext("Ctn_reference") or ""): box.findtext("Empty_Full") or "" for box in found}


def boxes_of_csv(path: Path) -> dict[str, str]:
    return {cleaned(row["container_number"]): row["fullness"] for row in rows(path) if row["container_number"]}


def test_the_three_ships_carry_the_containers_of_the_story(port: tuple[Path, PortSummary]) -> None:
    out, summary = port
    boxes = [
        boxes_of_edi(out / "vessel-1.edi"),
        boxes_of_xml(out / "vessel-2.xml"),
        boxes_of_csv(out / "vessel-3.csv"),
    ]
    assert [len(found) for found in boxes] == [1802, 1411, 1004]
    assert sum(len(found) for found in boxes) == summary.containers == 4217
    empties = sum(fullness in {"4", "empty"} for found in boxes for fullness in found.values())
    assert empties == summary.empty_containers == 640
    assert summary.transhipment_containers == 1050


def test_counts_of_the_summary_are_those_of_the_cuscar_file(port: tuple[Path, PortSummary]) -> None:
    out, summary = port
    found = segments(out / "vessel-1.edi")
    written = summary.vessels[0].written
    assert sum(segment.startswith("CNI+") for segment in found) == written.consignments
    bill_masses = Counter(segment.split(":")[0] for segment in found if segment.startswith("CNT+7:"))
    assert bill_masses["CNT+7"] == written.consignments + 1
    masses = [int(segment.split(":")[1]) for segment in found if segment.startswith("CNT+7:")]
    assert masses[-1] == sum(masses[:-1]) == written.gross_kg
    packages = [int(segment.split("+")[2].split(":")[0]) for segment in found if segment.startswith("GID+")]
    assert sum(packages) == written.packages


def test_counts_of_the_summary_are_those_of_the_xml_file(port: tuple[Path, PortSummary]) -> None:
    out, summary = port
    root = ET.parse(out / "vessel-2.xml").getroot()
    goods = list(root.iter("Goods_segment"))
    written = summary.vessels[1].written
    assert len(goods) == written.consignments
    assert sum(int(item.findtext("Gross_mass") or 0) for item in goods) == written.gross_kg
    assert sum(int(item.findtext("Number_of_packages") or 0) for item in goods) == written.packages
    assert int(root.findtext(".//Total_gross_mass") or 0) == summary.vessels[1].declared.gross_kg


def test_counts_of_the_summary_are_those_of_the_table(port: tuple[Path, PortSummary]) -> None:
    out, summary = port
    found = rows(out / "vessel-3.csv")
    written = summary.vessels[2].written
    assert len({row["bill_number"] for row in found}) == written.consignments
    assert sum(int(row["gross_weight_kg"]) for row in found) == written.gross_kg
    assert sum(int(row["packages"]) for row in found) == written.packages


def test_the_second_ship_declares_totals_that_are_a_little_off(port: tuple[Path, PortSummary]) -> None:
    vessels = port[1].vessels
    assert [vessel.declared == vessel.written for vessel in vessels] == [True, False, True]
    assert abs(vessels[1].declared.gross_kg - vessels[1].written.gross_kg) < 1000


def test_the_counts_in_the_trailers_of_the_interchange_agree(port: tuple[Path, PortSummary]) -> None:
    for name, messages in (("vessel-1.edi", 1), ("amendment.edi", 2)):
        found = segments(port[0] / name)
        starts = [place for place, segment in enumerate(found) if segment.startswith("UNH+")]
        ends = [place for place, segment in enumerate(found) if segment.startswith("UNT+")]
        assert len(starts) == len(ends) == messages
        assert [int(found[end].split("+")[1]) for end in ends] == [
            end - start + 1 for start, end in zip(starts, ends, strict=True)
        ]
        assert found[-2].split("+")[1] == str(messages)
        assert found[-1].split("+")[1] == "1"


def test_the_amendment_changes_three_bills_and_cancels_one(port: tuple[Path, PortSummary]) -> None:
    found = segments(port[0] / "amendment.edi")
    original = segments(port[0] / "vessel-1.edi")
    filed = {segment.split("+")[2] for segment in original if segment.startswith("CNI+")}
    amended = [segment.split("+")[2] for segment in found if segment.startswith("CNI+")]
    assert [segment.split("+")[3] for segment in found if segment.startswith("BGM+")] == ["4", "1"]
    assert len(set(amended)) == 4
    assert set(amended) <= filed
    reference = next(segment.split("+")[2] for segment in original if segment.startswith("BGM+"))
    assert [segment for segment in found if segment.startswith("RFF+ACW:")] == [f"RFF+ACW:{reference}"] * 2


def test_truth_names_every_bill_once_and_every_mechanism(port: tuple[Path, PortSummary]) -> None:
    out, summary = port
    truth = rows(out / "truth.csv")
    assert list(truth[0]) == ["consignment", "illicit", "mechanism"]
    filed = {segment.split("+")[2] for segment in segments(out / "vessel-1.edi") if segment.startswith("CNI+")}
    filed |= {item.text or "" for item in ET.parse(out / "vessel-2.xml").getroot().iter("Bol_reference")}
    filed |= {row["bill_number"] for row in rows(out / "vessel-3.csv")}
    assert sorted(row["consignment"] for row in truth) == sorted(filed)
    assert {row["mechanism"] for row in truth if row["illicit"] == "1"} == MECHANISM_NAMES == set(summary.planted)
    assert {row["mechanism"] for row in truth if row["illicit"] == "0"} == {""}
    assert Counter(row["mechanism"] for row in truth if row["mechanism"]) == Counter(summary.planted)


def test_two_to_three_in_a_hundred_import_and_transit_bills_are_illicit(port: tuple[Path, PortSummary]) -> None:
    out, summary = port
    natures = [segment for segment in segments(out / "vessel-1.edi") if re.fullmatch(r"GIS\+2[348]", segment)]
    at_stake = sum(segment != "GIS+28" for segment in natures)
    natures_xml = [item.text for item in ET.parse(out / "vessel-2.xml").getroot().iter("Bol_nature")]
    at_stake += sum(nature != "28" for nature in natures_xml)
    at_stake += len({row["bill_number"] for row in rows(out / "vessel-3.csv") if row["nature"] != "28"})
    assert 0.02 <= sum(summary.planted.values()) / at_stake <= 0.03


def test_shares_of_the_mechanisms_come_to_the_whole() -> None:
    assert sum(share for _, share in MECHANISMS) == pytest.approx(1.0)
    assert len(MECHANISMS) == len(MECHANISM_NAMES)


def test_arrivals_lie_within_thirty_six_hours_of_each_other(port: tuple[Path, PortSummary]) -> None:
    arrivals = [vessel.arrival for vessel in port[1].vessels]
    assert arrivals == sorted(arrivals)
    assert arrivals[0].startswith("2026-03-02")
    assert arrivals[-1] < "2026-03-04T06:00Z"


def test_numbers_of_ships_and_of_nearly_all_boxes_pass_their_check(port: tuple[Path, PortSummary]) -> None:
    out, summary = port
    assert all(imo_number(int(vessel.imo[:6])) == vessel.imo for vessel in summary.vessels)
    numbers = {**boxes_of_edi(out / "vessel-1.edi"), **boxes_of_csv(out / "vessel-3.csv")}
    wrong = [number for number in numbers if container_check_digit(number[:10]) != int(number[10])]
    assert 0 < len(wrong) < 0.02 * len(numbers)


def test_the_watchlist_has_the_headings_and_kinds_of_an_own_list(port: tuple[Path, PortSummary]) -> None:
    entries = rows(port[0] / "watchlist.csv")
    assert list(entries[0]) == [
        "id", "name", "kind", "aliases", "country", "birth_date", "identifiers", "programme", "remarks",
    ]  # fmt: skip
    assert {entry["kind"] for entry in entries} == {"person", "organisation", "vessel", "equipment"}
    assert len({entry["id"] for entry in entries}) == len(entries)
    numbers = [entry["name"] for entry in entries if entry["kind"] == "equipment"]
    assert all(container_check_digit(number[:10]) == int(number[10]) for number in numbers)


def test_a_ship_that_is_called_like_a_listed_one_has_another_number(port: tuple[Path, PortSummary]) -> None:
    out, summary = port
    listed = {entry["name"]: entry["identifiers"] for entry in rows(out / "watchlist.csv") if entry["kind"] == "vessel"}
    assert summary.vessels[1].name in listed
    assert listed[summary.vessels[1].name] != f"imo:{summary.vessels[1].imo}"
    assert not {f"imo:{vessel.imo}" for vessel in summary.vessels} & set(listed.values())


def test_port_json_holds_the_summary(port: tuple[Path, PortSummary]) -> None:
    out, summary = port
    told = json.loads((out / "port.json").read_text())
    assert told["seed"] == 11
    assert (
        told["consignments"]
        == summary.consignments
        == sum(vessel["written"]["consignments"] for vessel in told["vessels"])
    )
    assert all((out / name).is_file() for name in told["files"].values())


def test_the_same_seed_writes_the_same_bytes_and_another_seed_others(
    port: tuple[Path, PortSummary], tmp_path: Path
) -> None:
    out, _ = port
    write_port(tmp_path / "again", seed=11)
    write_port(tmp_path / "other", seed=12)
    names = sorted(path.name for path in out.iterdir())
    assert names == sorted(path.name for path in (tmp_path / "again").iterdir())
    assert [(out / name).read_bytes() == (tmp_path / "again" / name).read_bytes() for name in names] == [True] * len(
        names
    )
    assert not any((out / name).read_bytes() == (tmp_path / "other" / name).read_bytes() for name in names)


def test_dates_follow_from_the_base_date(tmp_path: Path) -> None:
    summary = write_port(tmp_path, seed=11, base=date(2027, 7, 1))
    assert summary.vessels[0].arrival.startswith("2027-07-01")
