"""A changed list against one run after another: the hits of screening each run, and no name compared twice."""

from __future__ import annotations

import random
from collections.abc import Iterator

import polars as pl
import pytest

from pratique.flow.screening import Screener, screen_manifest
from pratique.flow.screening.known import Difference
from pratique.vocabulary.frames import CONSIGNMENT, DOCUMENT, EQUIPMENT, MESSAGE, PARTY, Manifest, empty_manifest, frame

LISTED = (
    ("e0", "QUILLABAMBA TRADING", "organisation", ()),
    ("e1", "ZARKARI MOHAMMADHASNI", "person", ()),
    ("e2", "14 HARBOUR ROAD KARACHI", "address", ()),
    ("e3", "PELORIC SHIPPING", "organisation", ("TAX:20556677",)),
    ("e4", "MSKU0000011", "equipment", ()),
    ("e5", "INV-4711", "document", ()),
)
NAMES = ("QUILLABAMBA TRADNG", "ZARKARI MOHAMADHASNI", "SOUTHGATE IMPORT", "NORTHWIND", "TO ORDER", "TRADING", None)
STREETS = ("14 HARBOUR ROAD", "9 MARKET STREET", None)
NUMBERS = ("20556677", "11112222", None)


@pytest.fixture(scope="module")
def screener() -> Screener:
    rows = [
        (f"{entity}/0", entity, name, kind, list(numbers), "own", "primary") for entity, name, kind, numbers in LISTED
    ]
    columns = ["listing_id", "entity_id", "name", "kind", "identifiers", "list_id", "name_quality"]
    return Screener.build(pl.DataFrame(rows, schema=columns, orient="row"), list_id="own", version="v")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Every name that is compared run by run, with its kind."""
    names: list[tuple[str, str]] = []
    answering = Screener.answering

    def noted(screener: Screener, told: pl.DataFrame) -> pl.DataFrame:
        names.extend(told.select("name", "kind").rows())
        return answering(screener, told)

    monkeypatch.setattr(Screener, "answering", noted)
    return names


def runs(count: int) -> Iterator[Manifest]:
    """Runs of five bills, whose parties are drawn from the same few."""
    drawn = random.Random(7)
    for _ in range(count):
        numbers = range(5)
        parties = {
            "name": [drawn.choice(NAMES) for _ in numbers],
            "address_line": [drawn.choice(STREETS) for _ in numbers],
            "city": ["KARACHI" for _ in numbers],
            "party_id": [drawn.choice(NUMBERS) for _ in numbers],
        }
        papers = [[{"type_code": "380", "document_id": drawn.choice(("INV-4711", "INV-1"))}] for _ in numbers]
        yield empty_manifest().replace(
            message=frame(MESSAGE, {"message": [0]}),
            consignments=frame(
                CONSIGNMENT,
                {
                    "consignment": list(numbers),
                    "message": [0] * 5,
                    "place": [f"c{number}" for number in numbers],
                    "documents": pl.Series(papers, dtype=pl.List(DOCUMENT)),
                },
            ),
            parties=frame(
                PARTY,
                {
                    "consignment": list(numbers),
                    "message": [0] * 5,
                    "place": [f"p{number}" for number in numbers],
                    "role_code": ["CN"] * 5,
                    **parties,
                },
            ),
            equipment=frame(
                EQUIPMENT,
                {
                    "consignment": list(numbers),
                    "message": [0] * 5,
                    "place": [f"b{number}" for number in numbers],
                    "equipment_id": [drawn.choice(("MSKU0000011", "MSKU0000027")) for _ in numbers],
                },
            ),
        )


def test_run_by_run_there_are_the_hits_of_screening_each_and_no_name_is_compared_twice(
    screener: Screener, asked: list[tuple[str, str]]
) -> None:
    difference, entities = Difference(screener, list_id="own"), set()
    for manifest in runs(20):
        found = difference.compare(manifest).hits
        assert found.equals(screen_manifest(manifest, {"own": screener}))
        entities |= set(found["entity_id"])
    assert entities == {entity for entity, *_ in LISTED}
    assert len(asked) == len(set(asked)) > 0


def test_what_was_compared_before_is_taken_over_and_gives_the_same(
    screener: Screener, asked: list[tuple[str, str]]
) -> None:
    first, second = Difference(screener, list_id="own"), Difference(screener, list_id="own")
    told = [first.compare(manifest) for manifest in runs(6)]
    asked.clear()
    for each in told[:3]:
        second.know(each.names)
    for manifest, each in list(zip(runs(6), told, strict=True))[3:]:
        assert second.compare(manifest).hits.equals(each.hits)
    again = {name for each in told[:3] for name in each.names.select("name", "kind").rows()}
    assert not again & set(asked)
