"""The node's own traffic: who is counted as one, what the table leaves out, and what a hit loses by it."""

from pathlib import Path

import polars as pl
import pytest

from pratique.flow.screening import Screener, compare, score_from_reasons
from pratique.flow.screening.calibrate import ordinary_names
from pratique.flow.screening.commonness import COMMON
from pratique.flow.screening.normalise import normalise
from pratique.flow.screening.reasons import reasons_from
from pratique.flow.screening.traffic import FEWEST_PARTIES, LEAST_BY_TRAFFIC, Traffic, at_least, counted
from pratique.flow.screening.weighing import Weighing, save_weighing
from pratique.flow.screening.weights import MOST_INFORMATION
from pratique.vocabulary.errors import PratiqueError

NAMES = ("QUILLABAMBA LOMBARDI", "ZARKARI MOHAMMADHASNI", "ZARKARI SHIPPING", "TALLINNA KAUBAMAJA")


def listed(names: tuple[str, ...] = NAMES) -> pl.DataFrame:
    ids = [str(at) for at in range(len(names))]
    return pl.DataFrame({"listing_id": ids, "entity_id": ids, "name": names}).with_columns(
        kind=pl.lit("organisation"), name_quality=pl.lit("primary")
    )


def traffic(*words: tuple[str, int], parties: int = 10_000) -> Traffic:
    counts = pl.DataFrame(sorted(words), schema=["word", "parties"], orient="row")
    return Traffic(counts, parties=parties, words=3 * parties)


def best(screener: Screener, name: str) -> int:
    hits = screener.hits(pl.DataFrame({"id": ["1"], "name": [name], "kind": ["party"]}))
    return max(hits["score_permille"].to_list(), default=0)


def test_a_party_in_several_spellings_or_with_other_words_of_business_counts_once() -> None:
    same = ["ZARKARI TRADING LLC", "ZARKARI GENERAL TRADING", "TRADING ZARKARI CO", "ZARQARI TRADING"]
    counts, parties, _ = counted([*same, *(f"ZARKARI {word}" for word in ("ARBO", "BELTI", "CORDU", "DASMO"))])
    assert parties == 5
    assert dict(counts.iter_rows()) == {"ZARKARI": 5}


def test_words_that_few_hold_are_left_out_so_that_nobody_stands_in_the_table() -> None:
    counts, parties, words = counted(f"QUILLABAMBA {word}" for word in ("ARBO", "BELTI", "CORDU", "DASMO"))
    assert (counts.height, parties, words) == (0, 4, 8)


def test_a_common_word_proves_less_and_chance_makes_no_word_common() -> None:
    table = traffic(("ZARKARI", 90), ("LOMBARDI", 5))
    assert table.information("ZARKARI") == table.information("ZARQARI") < 20
    assert table.information("LOMBARDI") > 25
    assert table.information("QUILLABAMBA") == MOST_INFORMATION
    assert at_least(5) == 1
    assert traffic(("ZARKARI", 9000)).information("ZARKARI") == LEAST_BY_TRAFFIC
    few = traffic(("ZARKARI", 90), parties=FEWEST_PARTIES - 1)
    assert few.information("ZARKARI") == MOST_INFORMATION


def test_what_a_word_proves_is_weighed_when_it_is_declared_and_the_hit_says_who_said_so() -> None:
    plain = Screener.build(listed())
    weighed = plain.weighing(traffic(("ZARKARI", 300)))
    asked = pl.DataFrame({"id": ["1"], "name": ["ZARKARI MOHAMMADHASNI"], "kind": ["party"]})
    (hit,) = weighed.hits(asked).filter(entity_id="1").iter_rows(named=True)
    assert hit["score_permille"] < best(plain, "ZARKARI MOHAMMADHASNI")
    assert score_from_reasons(hit["reasons"]) == hit["score_permille"]
    said = [reason for reason in reasons_from(hit["reasons"]) if reason.code.startswith(COMMON)]
    assert [(each.code, each.params["word"]) for each in said] == [(COMMON + "traffic", "ZARKARI")]
    assert COMMON not in plain.hits(asked)["reasons"].str.join().item()
    assert best(weighed, "QUILLABAMBA LOMBARDI") == best(plain, "QUILLABAMBA LOMBARDI")


def test_nobody_hides_a_listed_name_by_declaring_its_words_under_many_others() -> None:
    flooded = Screener.build(listed()).weighing(traffic(("QUILLABAMBA", 9000), ("LOMBARDI", 9000)))
    assert best(flooded, "QUILLABAMBA LOMBARDI") == 600


def test_with_a_table_the_index_still_finds_what_comparing_everything_finds() -> None:
    names = (*ordinary_names("organisation", 200), *ordinary_names("person", 200))
    words = sorted({word for name in names[::3] for word in normalise(name, "party").tokens})
    table = traffic(*((word, 20 + 7 * at % 400) for at, word in enumerate(words)))
    screener = Screener.build(listed(names), budget=300).weighing(table)
    asked = [normalise(f"{name[:-2]}A{name[-1]}", "party") for name in names]
    found, everything = (
        {
            (pair.declared, pair.listed, pair.permille)
            for pair in screener.scored_pairs(asked, ["party"] * 400, exhaustive=way)
        }
        for way in (False, True)
    )
    assert len(everything) > 100
    assert found == everything


def test_a_weighed_list_is_opened_as_it_was_kept_and_a_broken_one_is_said_to_be(tmp_path: Path) -> None:
    plain, table = Screener.build(listed(), version="one"), traffic(("ZARKARI", 300))
    plain.save(tmp_path / "one")
    weighed = plain.weighing(table)
    (tmp_path / "both").mkdir()
    save_weighing(Weighing("one", table, weighed.calibration), tmp_path / "both")
    opened = Screener.open(tmp_path / "both")
    assert opened.calibration == weighed.calibration
    assert best(opened, "ZARKARI MOHAMMADHASNI") == best(weighed, "ZARKARI MOHAMMADHASNI")
    (tmp_path / "both" / "traffic.parquet").write_bytes(b"no table")
    (tmp_path / "both" / "weighed.json").touch()
    with pytest.raises(PratiqueError) as told:
        Screener.open(tmp_path / "both")
    assert told.value.code == "screening.index_broken"


def test_the_bare_comparison_of_two_names_knows_no_traffic() -> None:
    assert COMMON not in compare("ZARKARI SHIPPING", "ZARKARI SHIPPING").reasons
