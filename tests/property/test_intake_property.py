"""What holds for every table: nothing is lost, sums are exact, order does not matter."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.flow.intake.amendments import known_bills, versions
from pratique.flow.intake.format import ReadContext, Reading
from pratique.flow.intake.formats.table import Table
from pratique.vocabulary.history import empty_history
from pratique.vocabulary.ids import consignment_ids

pytestmark = pytest.mark.long

HEADINGS = (
    "bill_number",
    "container_number",
    "description",
    "hs_code",
    "packages",
    "gross_weight_kg",
    "consignee_name",
)
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Row(NamedTuple):
    """One line of a manifest, as text."""

    bill: str
    box: str
    description: str
    code: str
    packages: str
    mass: str
    consignee: str


words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), include_characters='\n",;|\t'),
    min_size=1,
    max_size=12,
).filter(lambda text: text == text.strip() and "\r" not in text)
names = st.sampled_from(["Beta BV", "Gamma, Inc.", 'The "Delta"', "Žižka\nPraha"])
rows = st.lists(
    st.builds(
        Row,
        bill=st.sampled_from(["A", "B", "C-1", "=1+1"]),
        box=st.sampled_from(["", "MSKU1234565", "TCLU7654321"]),
        description=st.one_of(st.just("shoes"), words),
        code=st.sampled_from(["", "640399", "650500"]),
        packages=st.one_of(st.just(""), st.integers(0, 10**6).map(str)),
        mass=st.one_of(st.just(""), st.decimals(0, 10**6, places=3).map(str)),
        consignee=names,
    ),
    min_size=1,
    max_size=12,
)


def written(lines: Sequence[Row], *, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(HEADINGS)
    writer.writerows(lines)
    return out.getvalue().encode(encoding)


def read(raw: bytes) -> Reading:
    return Table().read(io.BytesIO(raw), context=ReadContext("t.csv", "ab" * 32))


@given(rows, st.sampled_from([",", ";", "\t", "|"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
@settings(max_examples=40, deadline=None)
def test_every_delimiter_and_encoding_gives_the_same_frames(lines: list[Row], delimiter: str, encoding: str) -> None:
    plain, other = read(written(lines)).manifest, read(written(lines, delimiter=delimiter, encoding=encoding)).manifest
    for name in ("consignments", "goods_items", "equipment", "parties"):
        assert getattr(plain, name).equals(getattr(other, name)), name


@given(rows)
@settings(max_examples=40, deadline=None)
def test_frames_are_those_that_a_slow_and_obvious_reader_makes(lines: list[Row]) -> None:
    manifest = read(written(lines)).manifest
    bills = list(dict.fromkeys(row.bill for row in lines))
    assert manifest.consignments["transport_contract_document_id"].to_list() == bills
    for number, bill in enumerate(bills):
        own = [row for row in lines if row.bill == bill]
        found = manifest.consignments.row(number, named=True)
        assert found["gross_mass_g"] == total([row.mass for row in own], 1_000)
        assert found["package_count"] == total([row.packages for row in own], 1)
        assert found["place"] == f"row {lines.index(own[0]) + 2}"
        assert column(manifest.goods_items, number, "description") == [
            description for description, _ in dict.fromkeys((row.description, row.code) for row in own)
        ]
        assert column(manifest.equipment, number, "equipment_id_raw") == list(
            dict.fromkeys(row.box for row in own if row.box)
        )
        assert column(manifest.parties, number, "name") == list(dict.fromkeys(row.consignee for row in own))


@given(rows.flatmap(lambda lines: st.tuples(st.just(lines), st.permutations(lines))))
@settings(max_examples=30, deadline=None)
def test_order_of_the_rows_changes_no_sum(both: tuple[list[Row], list[Row]]) -> None:
    lines, shuffled = both
    assert sums(read(written(lines))) == sums(read(written(shuffled)))


@given(
    rows, st.lists(st.tuples(st.integers(0, 12), st.sampled_from(["short", "a,b,c,d,e,f,g,h", 'x,"open'])), max_size=4)
)
@settings(max_examples=40, deadline=None)
def test_every_line_is_read_or_in_quarantine(lines: list[Row], broken: list[tuple[int, str]]) -> None:
    records = (
        written([row._replace(description="shoes", consignee="Beta BV") for row in lines]).decode().split("\r\n")[:-1]
    )
    for at, text in broken:
        records.insert(1 + min(at, len(records) - 1), text)
    reading = read("\r\n".join(records).encode())
    said = reading.manifest.goods_items["package_count"].len() > 0
    read_rows = sum(len(row.packages) > 0 for row in lines)
    assert len(reading.quarantined) == len(broken)
    assert said
    assert total([row.packages for row in lines], 1) == (
        reading.manifest.goods_items["package_count"].sum() if read_rows else None
    )


@given(rows)
@settings(max_examples=20, deadline=None)
def test_file_read_twice_is_nothing_but_duplicates(lines: list[Row]) -> None:
    manifest = read(written(lines)).manifest
    ids = pl.Series(
        consignment_ids(["ab" * 32] * manifest.consignments.height, manifest.consignments["place"].to_list()),
        dtype=pl.String,
    )
    first = versions(manifest, history=empty_history(NOON), consignment_ids=ids)
    bills = known_bills(first, NOON)
    history = empty_history(NOON)
    again = versions(manifest, history=type(history)(NOON, history.parties, history.boxes, bills), consignment_ids=ids)
    assert first.frame["change"].unique().to_list() == ["new"]
    assert again.frame["change"].unique().to_list() == ["duplicate"]
    assert again.frame["version"].equals(first.frame["version"])
    assert again.removed.is_empty()


def total(texts: Sequence[str], factor: int) -> int | None:
    stated = [int(Decimal(text) * factor) for text in texts if text]
    return sum(stated) if stated else None


def column(frame: pl.DataFrame, consignment: int, name: str) -> list[str]:
    return frame.filter(pl.col("consignment") == consignment)[name].to_list()


def sums(reading: Reading) -> dict[str, tuple[int | None, int | None]]:
    bills = reading.manifest.consignments
    return {
        bill: (mass, packages)
        for bill, mass, packages in bills.select(
            "transport_contract_document_id", "gross_mass_g", "package_count"
        ).iter_rows()
    }
