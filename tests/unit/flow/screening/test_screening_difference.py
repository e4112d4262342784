"""What changed between two versions of a list, entry by entry and field by field."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pratique.flow.screening.difference import DIFFERENCE, counts_of, difference
from pratique.vocabulary.frames import frame
from pratique.vocabulary.listings import LISTING


def rows(*given: dict[str, object]) -> pl.DataFrame:
    plain = {"name_quality": "primary", "kind": "person", "countries": [], "birth_dates": [], "identifiers": []}
    made = [{**plain, "listing_id": f"{each['entity_id']}/{number}", **each} for number, each in enumerate(given)]
    return frame(LISTING, {name: [row.get(name) for row in made] for name in LISTING})


def told(before: pl.DataFrame, after: pl.DataFrame) -> list[tuple[object, ...]]:
    wanted = ["entity_id", "change", "field", "gone", "come"]
    return difference(before, after).select(wanted).rows()


def test_entries_are_added_changed_and_removed() -> None:
    before = rows({"entity_id": "1", "name": "A"}, {"entity_id": "2", "name": "B", "programme": "X"})
    after = rows({"entity_id": "2", "name": "B", "programme": "Y"}, {"entity_id": "3", "name": "C"})
    assert told(before, after) == [
        ("3", "added", None, None, None),
        ("2", "changed", "programme", ["X"], ["Y"]),
        ("1", "removed", None, None, None),
    ]
    assert counts_of(difference(before, after)) == {"added": 1, "changed": 1, "removed": 1}
    assert difference(before, after).schema == pl.Schema(DIFFERENCE)


def test_every_field_says_which_values_are_gone_and_which_have_come() -> None:
    before = rows(
        {
            "entity_id": "1",
            "name": "A",
            "birth_dates": ["1970"],
            "countries": ["IQ", "AE"],
            "address": "ROAD 1\nROAD 2",
        },
        {"entity_id": "1", "name": "B", "name_quality": "weak", "birth_dates": ["1970"], "countries": ["IQ", "AE"]},
    )
    after = rows(
        {"entity_id": "1", "name": "A", "birth_dates": ["1970", "1971"], "countries": ["IQ"], "address": "ROAD 2"},
        {"entity_id": "1", "name": "B", "name_quality": "strong", "identifiers": ["passport:1"]},
        {"entity_id": "1", "name": "C", "name_quality": "strong"},
    )
    assert told(before, after) == [
        ("1", "changed", "name", [], ["C"]),
        ("1", "changed", "name_quality", ["B: weak"], ["B: strong"]),
        ("1", "changed", "birth_date", [], ["1971"]),
        ("1", "changed", "country", ["AE"], []),
        ("1", "changed", "identifier", [], ["passport:1"]),
        ("1", "changed", "address", ["ROAD 1"], []),
    ]


names = st.lists(st.tuples(st.sampled_from("123"), st.sampled_from("ABCD"), st.sampled_from("XYZ")), min_size=1)


def listing(entries: list[tuple[str, str, str]]) -> pl.DataFrame:
    return rows(*({"entity_id": entity, "name": name, "programme": why} for entity, name, why in entries))


@given(names, names)
def test_a_list_differs_from_itself_in_nothing_and_the_way_back_is_the_way_turned_round(
    left: list[tuple[str, str, str]], right: list[tuple[str, str, str]]
) -> None:
    before, after = listing(left), listing(right)
    assert difference(before, before.reverse()).is_empty()
    turned = {"added": "removed", "removed": "added", "changed": "changed"}
    forth, back = told(before, after), told(after, before)
    assert sorted(
        (entity, change, str(field), str(gone), str(come)) for entity, change, field, gone, come in forth
    ) == (
        sorted(
            (entity, turned[str(change)], str(field), str(come), str(gone))
            for entity, change, field, gone, come in back
        )
    )
