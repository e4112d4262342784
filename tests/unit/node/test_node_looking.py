"""Looking closer: versions, network, route, the bytes behind evidence, search."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from control_lists import page, two_ships, write_ships
from nodes import ANNA, copied, open_node, write_own_list
from pratique.node import Node
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.consignments import ExplainConsignment, ShowConsignment
from pratique.node.handlers.lists import LoadList
from pratique.node.handlers.network import MOST_NODES, ShowNetwork
from pratique.node.handlers.places import ShowPlace
from pratique.node.handlers.routes import ShowRoute
from pratique.node.handlers.search import Search
from pratique.node.handlers.versions import ShowVersions
from pratique.vocabulary.errors import Category, PratiqueError


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with open_node(copied(two_ships, tmp_path) / "node") as made:
        yield made


def test_versions_of_a_bill_stand_side_by_side_with_changes_in_words(node: Node, tmp_path: Path) -> None:
    text = write_ships(tmp_path / "second.csv", reference="REF2").read_text()
    amended = text.replace("900,MSKU0000011,full", "950,MSKU0000053,full").replace("0 HARBOUR ROAD", "0 HARBOUR STREET")
    (tmp_path / "second.csv").write_text(amended)
    node.execute(AssessMessages((tmp_path / "second.csv",)), actor=ANNA)
    found = node.ask(ShowVersions("BILL0000"), actor=ANNA)
    assert [version.version for version in found.versions] == [1, 2]
    fields = {field.field: field for field in found.fields}
    assert fields["gross_mass_g"].values == (900_000, 950_000)
    assert fields["gross_mass_g"].changes == (None, "changed")
    assert fields["equipment_ids"].values == (("MSKU0000011",), ("MSKU0000053",))
    assert fields["consignor"].changes == (None, "same")
    assert found.versions[1].change == "changed"


def test_a_message_assessed_again_is_no_further_version(node: Node, tmp_path: Path) -> None:
    node.execute(AssessMessages((tmp_path / "ships.csv",)), actor=ANNA)
    assert len(node.ask(ShowVersions("BILL0000"), actor=ANNA).versions) == 1
    row = page(node, text="BILL0000").rows[0]
    assert row.newer_run is None


def test_a_row_of_an_older_run_names_the_run_with_a_newer_version_of_its_bill(node: Node, tmp_path: Path) -> None:
    old = page(node).run.id
    new = node.execute(AssessMessages((write_ships(tmp_path / "second.csv", reference="REF2"),)), actor=ANNA).run.id
    assert {row.newer_run for row in page(node, run=old).rows} == {new}


def test_the_network_ties_parties_by_what_they_share_and_to_the_entries_they_answer_to(node: Node) -> None:
    found = node.ask(ShowNetwork("BILL0001"), actor=ANNA)
    labels = {each.id: each.label for each in found.nodes}
    ties = {(labels[edge.source], edge.reason, labels[edge.target]) for edge in found.edges}
    assert ("BILL0001", "role", "NORTHWIND EXPORT 1") in ties
    assert ("NORTHWIND EXPORT 1", "hit", "NORTHWIND EXPORT 1") in ties
    assert ("SOUTHGATE IMPORT 1", "address", "SOUTHGATE IMPORT 101") in ties
    assert not any("IMPORT 2" in target for _, _, target in ties)
    assert len(found.nodes) <= MOST_NODES


def test_an_address_that_many_share_is_told_and_not_drawn(node: Node, tmp_path: Path) -> None:
    rows = write_ships(tmp_path / "many.csv", reference="REF3", ships=(0,)).read_text().splitlines()
    crowd = [
        rows[1].replace("BILL0000", f"CROWD{n:03}").replace("SOUTHGATE IMPORT 0", f"WESTGATE TRADING {n}")
        for n in range(40)
    ]
    (tmp_path / "many.csv").write_text("\n".join([rows[0], *crowd]) + "\n")
    node.execute(AssessMessages((tmp_path / "many.csv",)), actor=ANNA)
    found = node.ask(ShowNetwork("CROWD001"), actor=ANNA)
    assert [(each.party, each.reason) for each in found.common] == [("WESTGATE TRADING 1", "address")]
    assert found.common[0].names >= 39
    assert not any(each.label == "WESTGATE TRADING 2" for each in found.nodes)


def test_the_route_goes_from_loading_to_unloading_with_coordinates_where_known(node: Node) -> None:
    found = node.ask(ShowRoute("BILL0001"), actor=ANNA)
    assert [(place.role, place.code) for place in found.places] == [("loaded", "CNSHA"), ("unloaded", "KEMBA")]
    assert found.places[1].at is not None
    assert found.places[1].at.hour == 8
    assert found.places[1].latitude == pytest.approx(-4.07, abs=0.05)
    assert (found.vessel, found.imo, found.from_official_table) == ("LADY SUNNIVA", "9074729", False)


def test_evidence_leads_to_the_very_bytes_of_the_message(node: Node, tmp_path: Path) -> None:
    explained = node.ask(ExplainConsignment("BILL0004"), actor=ANNA)
    shown = node.ask(ShowConsignment("BILL0004"), actor=ANNA)
    place = next(item["place"] for reason in explained.reasons for item in reason.evidence if item["place"])
    found = node.ask(ShowPlace(shown.message["raw_sha256"].upper(), place), actor=ANNA)
    assert found.file_name == "ships.csv"
    located = found.located
    raw = (tmp_path / "ships.csv").read_bytes()
    assert located.offset is not None
    assert located.length is not None
    assert raw[located.offset : located.offset + located.length].decode() == located.text
    assert located.text.startswith("BILL0004")


@pytest.mark.parametrize(
    ("sha256", "place"), [("0" * 64, "row 1"), (None, "row 999"), (None, "/etc/passwd"), (None, "")]
)
def test_a_place_that_is_none_is_not_found(node: Node, sha256: str | None, place: str) -> None:
    known = node.ask(ShowConsignment("BILL0004"), actor=ANNA).message["raw_sha256"]
    with pytest.raises(PratiqueError) as refused:
        node.ask(ShowPlace(sha256 or known, place), actor=ANNA)
    assert refused.value.category == Category.NOT_FOUND


def test_search_finds_by_the_beginning_of_numbers_and_any_part_of_names(node: Node) -> None:
    def kinds(text: str) -> dict[str, list[str]]:
        found = node.ask(Search(text), actor=ANNA)
        names = ("consignments", "boxes", "vessels", "runs", "parties")
        return {name: [row.text for row in getattr(found, name)] for name in names if getattr(found, name)}

    assert sorted(kinds("bill010")["consignments"]) == [f"BILL010{n}" for n in range(6)]
    assert kinds("msku 000001")["boxes"] == ["MSKU0000011"]
    assert kinds("sunni") == {"vessels": ["LADY SUNNIVA 231W"]}
    assert kinds(page(node).run.id[:5])["runs"] == [page(node).run.id]
    assert kinds("gate import 3")["parties"] == ["SOUTHGATE IMPORT 3"]
    assert kinds("%%") == {}
    for text in ("x", "y" * 81, "a\nb"):
        with pytest.raises(PratiqueError) as refused:
            node.ask(Search(text), actor=ANNA)
        assert refused.value.code == "search.text"


def test_a_consignment_that_nobody_knows_is_not_found(node: Node, tmp_path: Path) -> None:
    node.execute(LoadList("own", (write_own_list(tmp_path / "another.csv", "NOBODY"),)), actor=ANNA)
    for query in (ShowVersions("NONE"), ShowNetwork("NONE"), ShowRoute("NONE")):
        with pytest.raises(PratiqueError) as refused:
            node.ask(query, actor=ANNA)
        assert refused.value.code == "consignments.not_found"
