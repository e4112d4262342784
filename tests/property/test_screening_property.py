"""Screening on random lists and names: nothing above the threshold is missed, and every score explains itself."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.flow.screening import Screener, compare, score_from_reasons
from pratique.flow.screening.normalise import normalise
from pratique.vocabulary.sentences import known_codes

pytestmark = pytest.mark.long


def _reference() -> ModuleType:
    path = Path(__file__).parents[1] / "reference" / "screening_exhaustive.py"
    spec = importlib.util.spec_from_file_location("screening_exhaustive", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


REFERENCE = _reference()

SPELLINGS = (
    *("MOHAMMAD", "MOHAMMED", "MOHAMED", "MUHAMAD", "MHD", "M0HAMMED", "محمد", "KHALID", "KHALED", "خالد"),
    *("ALHASSAN", "HASSAN", "HASAN", "حسن", "WILLIAM", "BILL", "ALEKSANDR", "SASHA", "Александр", "ABDULRAHMAN"),
    *("ABD", "RAHMAN", "عبد", "الرحمن", "NURALDIN", "NOUREDDINE", "DIN", "ABCD", "ABDC", "IRISL"),
)

# few letters and few words, so that names resemble each other; long words, so that two edits are allowed
words = st.one_of(
    st.sampled_from(["AL", "J", "K", "TRADING", "GLOBAL", "LTD", "ALI", "12", "7"]),
    st.sampled_from(SPELLINGS),
    st.text("ABC", min_size=1, max_size=5),
    st.text("AB", min_size=8, max_size=10),
)
names = st.lists(words, min_size=1, max_size=5).map(" ".join)
kinds = st.sampled_from(["person", "organisation", "party", "vessel"])


def screener_of(listed: list[tuple[str, str]], budget: int = 1000) -> Screener:
    ids = [str(number) for number in range(len(listed))]
    rows = {"name": [name for name, _ in listed], "kind": [kind for _, kind in listed]}
    return Screener.build(pl.DataFrame({"listing_id": ids, "entity_id": ids, **rows}), budget)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(names, kinds), min_size=1, max_size=30),
    st.lists(st.tuples(names, kinds), min_size=1, max_size=15),
)
def test_the_index_keeps_every_hit_of_the_exhaustive_comparison(
    listed: list[tuple[str, str]], asked: list[tuple[str, str]]
) -> None:
    screener, exhaustive = screener_of(listed), REFERENCE.Exhaustive(listed)
    forms = [normalise(name, kind) for name, kind in asked]
    scored = screener.scored_pairs(forms, [kind for _, kind in asked])
    found = {(pair.declared, pair.listed, pair.permille) for pair in scored}
    threshold = round(1000 * screener.threshold)
    wanted = {(at, *hit) for at, (name, kind) in enumerate(asked) for hit in exhaustive.hits(name, kind, threshold)}
    assert found == wanted
    assert scored == screener.scored_pairs(forms, [kind for _, kind in asked], exhaustive=True)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60), kinds)
def test_any_two_texts_compare_to_a_score_that_their_reasons_give_again(left: str, right: str, kind: str) -> None:
    comparison = compare(left, right, kind)
    assert 0 <= comparison.score <= 1
    assert score_from_reasons(comparison.reasons) == round(1000 * comparison.score)


@settings(max_examples=60, deadline=None)
@given(names, names, kinds)
def test_no_other_name_agrees_better_with_a_name_than_itself(name: str, other: str, kind: str) -> None:
    if len(name) not in (34, 35, 69, 70):
        assert compare(name, other, kind).score <= compare(other, other, kind).score


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(names, kinds), min_size=1, max_size=20), st.randoms(use_true_random=False))
def test_hits_do_not_depend_on_the_order_of_list_or_names(listed: list[tuple[str, str]], drawn: st.DrawFn) -> None:
    rows = pl.DataFrame(
        {
            "listing_id": [str(number) for number in range(len(listed))],
            "entity_id": [str(number % 7) for number in range(len(listed))],
            "name": [name for name, _ in listed],
            "kind": [kind for _, kind in listed],
        }
    )
    asked = rows.select(id="listing_id", name="name", kind="kind")
    seed = drawn.randint(0, 1000)  # type: ignore[attr-defined]
    one = Screener.build(rows).screen(asked)
    other = Screener.build(rows.sample(fraction=1, shuffle=True, seed=seed)).screen(
        asked.sample(fraction=1, shuffle=True, seed=seed)
    )
    order = ["id", "entity_id"]
    assert one.sort(order).equals(other.sort(order))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(names, kinds), min_size=1, max_size=15))
def test_every_hit_gives_its_score_again_and_has_a_sentence_for_every_reason(listed: list[tuple[str, str]]) -> None:
    rows = pl.DataFrame({"id": range(len(listed)), "name": [n for n, _ in listed], "kind": [k for _, k in listed]})
    hits = screener_of(listed).screen(rows.with_columns(country=pl.lit("ES")))
    for score, reasons in hits.select("score", "reasons").iter_rows():
        assert score_from_reasons(reasons) == round(1000 * score)
    codes = {reason["code"] for reasons in hits["reasons"].str.json_decode(REASONS).to_list() for reason in reasons}
    assert codes <= known_codes()


REASONS = pl.List(pl.Struct({"code": pl.String}))
