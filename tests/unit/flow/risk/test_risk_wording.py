"""What the words of a description say: of the chapter, of the state of the goods, of danger."""

from __future__ import annotations

import random
from typing import Any

import polars as pl
import pytest

from pratique.flow.risk.facts.nomenclature import chapter_weights, codes_of_parts, singular
from pratique.flow.risk.facts.phrases import longest_phrases, phrases_in, placed_words
from risk_manifests import facts, manifest
from samples import sample

HELD_OUT = 5


def goods(**more: Any) -> dict[str, Any]:
    return facts(manifest(goods=[more])).goods.row(0, named=True)


def found(text: str, *phrases: str) -> list[tuple[str, bool]]:
    texts = pl.DataFrame({"text": [0], "description": [text]})
    table = pl.DataFrame({"phrase": list(phrases)})
    return sorted(longest_phrases(phrases_in(placed_words(texts)), table).select("phrase", "head").rows())


@pytest.mark.parametrize(
    ("word", "one"),
    [
        ("BATTERIES", "BATTERY"),
        ("BOXES", "BOX"),
        ("DRESSES", "DRESS"),
        ("SHIRTS", "SHIRT"),
        ("GLASS", "GLASS"),
        ("GAS", "GAS"),
        ("HORSES", "HORSE"),
    ],
)
def test_a_word_is_compared_in_the_singular(word: str, one: str) -> None:
    assert pl.DataFrame({"word": [word]}).select(singular(pl.col("word"))).item() == one


def test_only_the_longest_phrase_of_a_table_is_found() -> None:
    assert found("PAINT BRUSHES, PAINT", "PAINT", "PAINT BRUSH") == [("PAINT", False), ("PAINT BRUSH", True)]
    assert found("A B C D", "A B C", "C D", "D") == [("A B C", False), ("D", False)]


def test_the_last_word_before_a_comma_or_preposition_says_what_the_goods_are_and_packing_does_not() -> None:
    assert found("COAL CUTTERS, NEW", "COAL", "CUTTER", "NEW") == [("COAL", False), ("CUTTER", True), ("NEW", False)]
    assert found("HOOKS FOR CURTAINS", "HOOK", "CURTAIN") == [("CURTAIN", False), ("HOOK", True)]
    assert found("ACETONE DRUMS", "ACETONE") == [("ACETONE", True)]


def test_no_phrase_reaches_from_one_text_into_the_next() -> None:
    texts = pl.DataFrame({"text": [0, 1], "description": ["MOBILE", "PHONE"]})
    table = pl.DataFrame({"phrase": ["MOBILE PHONE"]})
    assert longest_phrases(phrases_in(placed_words(texts)), table).is_empty()


def test_a_word_of_the_nomenclature_counts_by_rarity_and_is_shared_out_over_its_chapters() -> None:
    weights = chapter_weights()
    assert weights.group_by("word").agg(pl.col("weight").sum())["weight"].max() <= 1000
    assert weights.filter(pl.col("word") == "LOCOMOTIVE")["chapter"].to_list() == ["86"]
    assert "OTHER" not in weights["word"].to_list()


def test_codes_of_parts_are_those_for_parts_and_not_those_of_articles_with_parts() -> None:
    codes = codes_of_parts().to_list()
    assert {"852990", "870829", "841391", "940599"} <= set(codes)
    assert not {"852872", "732490", "844332", "960810"} & set(codes)


@pytest.mark.parametrize(
    ("description", "code", "agrees"),
    [
        ("Cotton shirts", "620520", True),
        ("Cotton shirts", "850440", False),
        ("Coal cutters", "843031", True),
        ("Qwertz", "850440", None),
        ("Cotton shirts", None, None),
        (None, "850440", None),
    ],
)
def test_a_chapter_agrees_where_some_word_may_mean_it(
    description: str | None, code: str | None, agrees: bool | None
) -> None:
    assert goods(description=description, commodity_code=code)["chapter_agrees"] is agrees


def test_the_likeliest_chapters_come_first_and_only_a_contradiction_has_points() -> None:
    row = goods(description="Mobile phones", commodity_code="690721")
    assert (row["described_chapters"][0], row["contradiction_points"] >= 3000) == ("85", True)
    assert goods(description="Mobile phones", commodity_code="851713")["contradiction_points"] is None


@pytest.mark.parametrize(
    ("description", "code", "stated", "of_code"),
    [
        ("Spare parts for tractors", "870899", ["parts"], ["parts"]),
        ("Brand new tyres", "401220", ["new"], ["used"]),
        ("Used tyres", "401110", ["used"], []),
        ("Steel scrap", "720449", ["waste"], ["waste"]),
        ("Waste bins", "392490", [], []),
        ("Mutton from New Zealand", "020422", [], []),
    ],
)
def test_the_state_of_goods_is_read_from_words_and_from_the_code(
    description: str, code: str, stated: list[str], of_code: list[str]
) -> None:
    row = goods(description=description, commodity_code=code)
    assert (row["stated"], row["code_states"]) == (stated, of_code)


@pytest.mark.parametrize(
    ("description", "names", "grave"),
    [
        ("Acetone, 200 l drums", ["ACETONE"], True),
        ("Perfumes", ["PERFUME"], False),
        ("Paint brushes", [], False),
        ("Lithium ion batteries", ["LITHIUM ION BATTERY"], True),
        ("Marine engines, petrol", [], False),
        ("1 unit used SUV over 3000 cc petrol", [], False),
        ("Petrol for motorcycles", ["PETROL"], True),
        ("Used trucks, diesel, with car paint", ["PAINT"], False),
        ("Ceramic tiles", [], False),
    ],
)
def test_dangerous_goods_are_known_by_name_and_not_by_a_word_inside_a_harmless_one(
    description: str, names: list[str], grave: bool
) -> None:
    row = goods(description=description)
    assert (row["dangerous_names"], row["dangerous_grave"]) == (names, grave)


def test_a_missing_number_means_something_only_where_the_message_gives_numbers() -> None:
    told = facts(manifest(goods=[{}, {"goods_item": 1, "un_number": "1263"}])).goods["dangerous_expected"].to_list()
    assert told == [True, True]
    assert goods()["dangerous_expected"] is False


def test_descriptions_without_words_are_no_fault() -> None:
    for text in ("", " - ", "123", "Ä", "中文"):
        row = goods(description=text)
        assert (row["described_chapters"], row["chapter_contradicted"]) == ([], False)


def test_real_index_terms_rarely_contradict_their_own_chapter_and_often_another() -> None:
    rows = pl.read_csv(sample("hs/text_references.csv"), infer_schema=False)
    rows = rows.with_row_index("number").filter(pl.col("number") % HELD_OUT == 0)
    codes = rows["hs"].to_list()
    draw = random.Random(1)
    others = [draw.choice([one for one in codes if one[:2] != code[:2]]) for code in codes]

    def contradicted(given: list[str]) -> pl.DataFrame:
        items = [
            {"goods_item": n, "description": text, "commodity_code": code}
            for n, (text, code) in enumerate(zip(rows["description"], given, strict=True))
        ]
        told = facts(manifest(goods=items)).goods.select("chapter_contradicted")
        return told.with_columns(rows["kind"]).group_by("kind").agg(pl.col("chapter_contradicted").mean())

    false_alarms, power = dict(contradicted(codes).rows()), dict(contradicted(others).rows())
    assert false_alarms["search_reference"] < 0.02
    assert power["search_reference"] > 0.35
    assert false_alarms["parcel"] < power["parcel"] / 2
