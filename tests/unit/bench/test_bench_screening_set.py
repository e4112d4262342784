"""The labelled set is what it says: damaged names are still that name, other names are another entity's."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from bench.screening import noise, scripts
from bench.screening.growth import grown
from bench.screening.inputs import Given, gathered
from bench.screening.lists import Entity, entities, invented_listings, public_listings, words_of
from bench.screening.pairs import CATEGORIES, build_pairs, same_in_part
from bench.screening.traffic import ordinary_traffic
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

pytestmark = pytest.mark.soak  # of the benchmarks' own input, which no node reads

LISTS = Path(__file__).parents[4] / "shared" / "data" / "watchlists"
WORD = st.text(alphabet="ABCDEFGHIKLMNORSTUVZ", min_size=4, max_size=11)
NAMES = st.lists(WORD, min_size=3, max_size=6, unique=True).map(" ".join)
SEEDS = st.integers(0, 2**32)


@given(NAMES, SEEDS)
def test_one_typing_error_is_one_edit(name: str, seed: int) -> None:
    damaged = noise.one_typo(name, random.Random(seed))
    assert damaged is not None
    assert OSA.distance(name, damaged) == 1


@given(NAMES, SEEDS)
def test_moved_joined_and_split_words_keep_every_letter(name: str, seed: int) -> None:
    for accident in (noise.reordered, noise.joined_tokens, noise.split_token):
        damaged = accident(name, random.Random(seed))
        if damaged is not None:
            assert damaged != name
            assert Counter(damaged.replace(" ", "")) == Counter(name.replace(" ", ""))


@given(NAMES, SEEDS)
def test_dropping_and_adding_change_the_number_of_words(name: str, seed: int) -> None:
    drawn, words = random.Random(seed), name.split()
    dropped, added = noise.dropped_name(name, drawn), noise.added_name(name, drawn)
    assert dropped is not None
    assert len(dropped.split()) == len(words) - 1
    assert set(dropped.split()) < set(words)
    assert set(words) <= set((added or "").split())
    assert (noise.dropped_word(name, drawn) or "").split()[0] == words[0]


@given(st.text(alphabet="ABC XYZ", min_size=1, max_size=120), SEEDS)
def test_a_short_field_keeps_the_beginning(name: str, seed: int) -> None:
    cut = noise.cut_at_35(name, random.Random(seed))
    assert (cut is not None) == (len(name) > 38)
    if cut is not None:
        assert len(cut) <= 35
        assert name.startswith(cut)


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("NOOR TRADING CO., LTD.", "NOOR TRADING"),
        ("OPERADORA DEL SOL, S. DE R.L. DE C.V.", "OPERADORA DEL SOL"),
        ("NARI SHIPPING GMBH & CO. KG", "NARI SHIPPING"),
        ("BANK OF THE LAND", "BANK OF THE LAND"),
        ("LIMITED", "LIMITED"),
    ],
)
def test_the_legal_form_ends_a_name(name: str, bare: str) -> None:
    assert noise.without_form(name) == bare
    changed = noise.legal_form(name, random.Random(1))
    assert changed != name
    assert (changed or "").startswith(bare)


def test_firms_are_known_by_their_first_letters() -> None:
    assert noise.acronym("KOREA MINING AND METAL TRADING CORPORATION", random.Random(1)) == "KMMT"
    assert noise.acronym("NOOR TRADING LLC", random.Random(1)) is None


def test_names_are_spelled_in_other_scripts() -> None:
    drawn = random.Random(1)
    assert scripts.arabic("MUHAMMAD AHMAD AL RAHMAN", drawn) == "محمد أحمد الرحمن"
    assert scripts.arabic("JOHN SMITH", drawn) is None
    assert scripts.greek("MUNIR ADANOV", drawn) == "ΜΟΥΝΙΡ ΑΝΤΑΝΟΒ"
    assert scripts.han("LUO HUINING", drawn) == "罗辉宁"
    assert scripts.han("LUO SMITH", drawn) is None
    assert scripts.hangul("KIM YONG CHOL", drawn) == "김영철"
    assert (scripts.cyrillic("OLEG SHAPOVALOV", drawn) or "").upper() == "ОЛЕГ ШАПОВАЛОВ"
    assert scripts.devanagari("DAWOOD IBRAHIM", drawn) == "दवूद इब्रहिम"


def test_an_alias_that_is_another_name_is_no_spelling() -> None:
    assert same_in_part("QASMANI, Arif", "Muhammad 'Arif QASMANI")
    assert not same_in_part("KAKOLELE BWAMBALE, Frank", "AIGLE BLANC")


def test_the_set_of_a_seed_is_always_the_same() -> None:
    listed = entities(invented_listings(400, 1))
    first, again, other = (build_pairs(listed, seed=seed, size=0.1) for seed in (1, 1, 2))
    assert first.equals(again)
    assert not first.equals(other)


def _checked(listed: list[Entity], pairs: pl.DataFrame) -> None:
    by_id = {entity.entity_id: entity for entity in listed}
    for left, right, label, category, entity_id in pairs.select(
        "left", "right", "label", "category", "entity_id"
    ).iter_rows():
        entity = by_id[entity_id]
        if label:
            assert left == entity.name
            assert right != left
        elif category.startswith("shared_word"):
            spelled = {words_of(name) for name in (entity.name, *entity.strong, *entity.weak)}
            assert words_of(right) not in spelled
        else:
            assert [c for c in left if c.isdigit()] != [c for c in right if c.isdigit()]


def test_other_names_are_never_a_spelling_of_the_entity() -> None:
    listed = entities(invented_listings(600, 3))
    pairs = build_pairs(listed, seed=3, size=0.2)
    assert set(pairs["label"].to_list()) == {0, 1}
    _checked(listed, pairs)


def test_every_category_is_found_on_the_public_lists() -> None:
    listings = public_listings(LISTS)
    if listings is None:
        pytest.skip(f"the public lists are not in {LISTS}")
    listed = entities(listings)
    pairs = build_pairs(listed, seed=5, size=0.05)
    _checked(listed, pairs)
    found = set(pairs.filter(label=1)["category"].to_list())
    assert {category.name for category in CATEGORIES} | {"strong_alias", "weak_alias", "arabic_listed"} <= found


def test_ordinary_names_are_distinct_and_on_no_list() -> None:
    listed = ["WANG, Wei", "GUPTA TRADING LTD"]
    names = ordinary_traffic(3000, seed=1, listed=listed)
    assert names["name"].n_unique() == 3000
    assert {frozenset(words_of(name)) for name in names["name"]}.isdisjoint(
        frozenset(words_of(each)) for each in listed
    )
    assert set(names["kind"].to_list()) == {"person", "organisation"}


def test_a_list_grows_to_the_size_asked_and_keeps_what_it_had() -> None:
    listed = invented_listings(200, 1)
    larger = grown(listed, 2000, seed=1)
    assert len(larger) == 2000
    assert larger["listing_id"].n_unique() == 2000
    assert larger.head(len(listed))["name"].to_list() == listed["name"].to_list()
    assert grown(listed, 2000, seed=1).equals(larger)


def test_without_lists_names_are_invented_and_that_is_said(tmp_path: Path) -> None:
    made = gathered(Given(tmp_path), seed=1)
    assert made.source.startswith("INVENTED")
    assert len(made.pairs) > 0
    asked = made.asked.filter(pl.col("entity_id").is_not_null())
    assert set(asked["entity_id"].to_list()) <= set(made.small["entity_id"].to_list())
    assert set(made.without_asked()["name"].to_list()).isdisjoint(asked["name"].to_list())


def test_a_file_without_its_columns_is_refused_by_name(tmp_path: Path) -> None:
    pl.DataFrame({"left": ["A"], "right": ["B"]}).write_parquet(tmp_path / "pairs.parquet")
    with pytest.raises(SystemExit, match=r"pairs\.parquet: the columns kind, label, category are missing"):
        gathered(Given(tmp_path, pairs=tmp_path / "pairs.parquet"), seed=1)
    with pytest.raises(SystemExit, match=r"none\.parquet: there is no such file"):
        gathered(Given(tmp_path, listings=tmp_path / "none.parquet"), seed=1)
