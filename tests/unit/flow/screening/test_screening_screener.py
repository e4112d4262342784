"""A list made ready: what answers, in which order, and what happens with hostile lists and names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from pratique.flow.screening import Screener, score_from_reasons
from pratique.flow.screening.calibrate import (
    HIGHEST,
    LOWEST,
    LOWEST_OF_SHORT,
    Calibration,
    KindLine,
    calibrated,
    ordinary_names,
)
from pratique.flow.screening.normalise import readings
from pratique.vocabulary.errors import PratiqueError

LISTED = pl.DataFrame(
    {
        "listing_id": ["1", "1a", "2", "3", "4", "5", "6"],
        "entity_id": ["1", "1", "2", "3", "4", "5", "6"],
        "name": [
            "ZARKARI, Mohammad Hasni",
            "The Falcon",
            "QUILLABAMBA TRADING CO LTD",
            "SANDRIL SWAN",
            "MSCU1234566",
            "12 Harbour Road, Port Vell",
            "BL-778899",
        ],
        "name_quality": ["primary", "weak", "primary", "primary", "primary", "primary", "primary"],
        "kind": ["person", "person", "organisation", "vessel", "equipment", "address", "document"],
        "countries": [["IR"], ["IR"], ["PE"], [], [], [], []],
        "birth_dates": [["1970-05-01"], ["1970-05-01"], [], [], [], [], []],
        "identifiers": [["passport:A 1234567"], ["passport:A 1234567"], ["tax:20-556677"], ["imo:9074729"], [], [], []],
        "programme": ["P1", "P1", "P2", "P3", None, None, None],
    },
    schema_overrides={"countries": pl.List(pl.String)},
)


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener.build(LISTED, list_id="sample", version="abc")


def screen(screener: Screener, name: str | None, kind: str = "party", **more: str) -> pl.DataFrame:
    return screener.screen(pl.DataFrame([{"id": "q", "name": name, "kind": kind, **more}]))


def codes(hits: pl.DataFrame) -> list[str]:
    return [reason["code"] for reason in json.loads(hits["reasons"][0])]


def test_what_was_compared_ahead_answers_as_if_it_had_not_been(screener: Screener) -> None:
    names = ["MOHAMMAD ZARKRI HASNI", "QUILLABAMBA TRADING", "NOBODY AT ALL"]
    asked = pl.DataFrame({"id": ["a", "b", "c"], "name": names, "kind": ["party"] * 3})
    told = screener.hits(asked)
    assert told.height > 1
    screener.compare_ahead(asked)
    assert screener.hits(asked.with_columns(id=pl.col("id").str.to_uppercase()))["id"].to_list() == ["A", "B"]
    screener.compare_ahead(asked)
    assert screener.hits(asked.tail(2)).equals(told.filter(id="b"))  # other names than those compared


def test_a_hit_names_the_listing_the_entity_the_spelling_and_the_score(screener: Screener) -> None:
    hits = screen(screener, "MOHAMMAD ZARKRI HASNI")
    assert hits.columns == ["id", "listing_id", "entity_id", "listed_name", "score", "reasons"]
    assert hits.select("id", "listing_id", "entity_id", "listed_name").row(0) == (
        "q",
        "1",
        "1",
        "ZARKARI, Mohammad Hasni",
    )
    assert 0.8 < hits["score"][0] < 1
    assert score_from_reasons(hits["reasons"][0]) == round(1000 * hits["score"][0])


@pytest.mark.parametrize("kind", ["vessel", "address", "equipment"])
def test_a_name_answers_only_to_names_of_its_kind(screener: Screener, kind: str) -> None:
    assert screen(screener, "ZARKARI MOHAMMAD HASNI", kind).is_empty()


@pytest.mark.parametrize(
    ("identifiers", "entity"),
    [
        ("imo:IMO 9074729", "3"),
        ("EORI:20556677", "2"),
        ("container:MSCU 123456-6", "4"),
        ("document:BL 778899", "6"),
        ("x:1;passport:a1234567", "1"),
    ],
)
def test_an_equal_number_answers_alone(screener: Screener, identifiers: str, entity: str) -> None:
    hits = screen(screener, None, "party", identifiers=identifiers)
    assert hits["entity_id"].to_list() == [entity]
    assert hits["score"].to_list() == [1.0]
    assert codes(hits) == ["screening.identifier_equal"]


def test_a_bill_number_is_not_taken_for_a_passport(screener: Screener) -> None:
    assert screen(screener, None, "document", identifiers="document:A1234567").is_empty()


def test_another_imo_number_speaks_against_the_name_of_a_vessel(screener: Screener) -> None:
    alone = screen(screener, "SANDRIL SWAN", "vessel")["score"][0]
    against = screen(screener, "SANDRIL SWAN", "vessel", identifiers="imo:9187629")
    assert against["score"].to_list() == [pytest.approx(alone - 0.3)]
    assert "screening.identifier_differs" in codes(against)


def test_a_weak_alias_needs_a_second_piece_of_evidence(screener: Screener) -> None:
    assert screen(screener, "THE FALCON", "person").is_empty()
    assert screen(screener, "THE FALCON", "person", country="IR")["listing_id"].to_list() == ["1a"]


def test_the_birth_date_lifts_a_name_or_lowers_it_and_the_day_more_than_the_year(screener: Screener) -> None:
    def asked(**more: str) -> float:
        hits = screen(screener, "MOHAMAD HASNE ZARKALI", **more)
        assert score_from_reasons(hits["reasons"][0]) == round(1000 * hits["score"][0])
        return float(hits["score"][0])

    plain = asked()
    assert asked(birth_date="1970") == pytest.approx(plain + 0.03)
    assert asked(birth_date="1970-05-01") == pytest.approx(plain + 0.1)
    assert asked(birth_date="1999-01-01") == pytest.approx(plain - 0.2)


def test_evidence_lifts_a_name_that_alone_would_stay_below_the_line() -> None:
    common = Screener.build(LISTED.head(1).with_columns(name=pl.lit("MUHAMMAD, Ali")))
    common.calibration = Calibration(450, 10, 0.0, {})
    assert screen(common, "MUHAMMED ALI", "person").is_empty()
    dated = screen(common, "MUHAMMED ALI", "person", birth_date="1970-05-01")
    assert dated["entity_id"].to_list() == ["1"]
    assert "screening.birth_date_agrees" in codes(dated)


def test_only_the_best_spelling_of_an_entity_is_told(screener: Screener) -> None:
    hits = screen(screener, "THE FALCON ZARKARI MOHAMMAD HASNI", country="IR")
    assert hits["entity_id"].to_list() == ["1"]


@pytest.mark.parametrize("name", ["", "?!...", "\x00\x01\x02", "\u202e\u200f", "TO ORDER", "A", "7", "LTD"])
def test_what_names_no_one_answers_to_nothing(screener: Screener, name: str) -> None:
    assert screen(screener, name).is_empty()


def test_a_name_of_ten_thousand_characters_is_compared_as_far_as_its_beginning(screener: Screener) -> None:
    assert screen(screener, "ZARKARI MOHAMMAD HASNI " * 450).height <= 1
    assert "screening.name_capped" in codes(screen(screener, "ZARKARI MOHAMMAD HASNI" + " " * 20_000 + "X"))


def test_a_name_cut_at_the_length_of_a_field_answers(screener: Screener) -> None:
    long = pl.DataFrame(
        {
            "listing_id": ["1"],
            "entity_id": ["1"],
            "name": ["QUILLABAMBA HIGHLANDS COFFEE MERCHANTMEN UNION"],
            "kind": ["party"],
        }
    )
    hits = Screener.build(long).screen(
        pl.DataFrame({"id": ["q"], "name": ["QUILLABAMBA HIGHLANDS COFFEE MERCHANTMEN"[:35]], "kind": ["party"]})
    )
    assert "screening.aligned.cut_off" in codes(hits)


def test_an_empty_list_and_an_empty_frame_give_no_hits(screener: Screener) -> None:
    empty = Screener.build(LISTED.clear())
    assert screen(empty, "ZARKARI", identifiers="imo:9074729").is_empty()
    assert screener.screen(pl.DataFrame({"id": [], "name": [], "kind": []})).is_empty()


def test_twenty_thousand_identical_names_give_the_same_hit_each(screener: Screener) -> None:
    frame = pl.DataFrame(
        {"id": np.arange(20_000), "name": ["QUILLABAMBA TRADING"] * 20_000, "kind": ["party"] * 20_000}
    )
    hits = screener.screen(frame)
    assert hits["id"].to_list() == list(range(20_000))
    assert hits["reasons"].n_unique() == 1


def test_a_list_with_one_name_twenty_thousand_times_tells_fifty_and_counts_the_rest() -> None:
    ids = [f"{number:05}" for number in range(20_000)]
    same = pl.DataFrame(
        {"listing_id": ids, "entity_id": ids, "name": ["QUILLABAMBA BROTHERS"] * 20_000, "kind": "party"}
    )
    hits = screen(Screener.build(same), "QUILLABAMBA BROTHERS")
    assert hits.height == 50
    reasons = json.loads(hits["reasons"][-1])
    assert {"code": "screening.more_spellings", "params": {"count": 19_800}} in reasons
    assert {"code": "screening.more_entities", "params": {"count": 150}} in reasons
    assert score_from_reasons(hits["reasons"][-1]) == round(1000 * hits["score"][-1])


def test_a_saved_screener_opens_to_the_same_hits(screener: Screener, tmp_path: Path) -> None:
    screener.save(tmp_path / "index")
    opened = Screener.open(tmp_path / "index")
    frame = pl.DataFrame({"id": [1, 2], "name": ["ZARKARI MOHAMAD HASNI", None], "identifiers": ["", "imo:9074729"]})
    assert opened.screen(frame).equals(screener.screen(frame))
    assert (opened.list_id, opened.version, opened.calibration) == ("sample", "abc", screener.calibration)


@pytest.mark.parametrize(
    ("file", "value"), [("postings", 10**6), ("name_words", -1), ("posting_start", 10**9), ("joined_names", 10**6)]
)
def test_an_index_that_points_to_what_is_not_there_is_refused(
    screener: Screener, tmp_path: Path, file: str, value: int
) -> None:
    screener.save(tmp_path)
    damaged = np.load(tmp_path / f"{file}.npy")
    damaged[len(damaged) // 2] = value
    np.save(tmp_path / f"{file}.npy", damaged)
    with pytest.raises(PratiqueError) as refused:
        Screener.open(tmp_path)
    assert (refused.value.code, file in str(refused.value)) == ("screening.index_broken", True)


def test_an_index_that_is_not_whole_is_refused(screener: Screener, tmp_path: Path) -> None:
    screener.save(tmp_path)
    (tmp_path / "postings.npy").write_bytes(b"\x93NUMPY torn")
    with pytest.raises(PratiqueError) as refused:
        Screener.open(tmp_path)
    assert refused.value.code == "screening.index_broken"
    with pytest.raises(PratiqueError):
        Screener.open(tmp_path / "nowhere")


def test_missing_columns_and_unknown_kinds_are_refused(screener: Screener) -> None:
    with pytest.raises(PratiqueError, match="name"):
        screener.screen(pl.DataFrame({"id": [1]}))
    with pytest.raises(PratiqueError, match="alien"):
        screen(screener, "ZARKARI", "alien")
    with pytest.raises(PratiqueError, match="entity_id"):
        Screener.build(pl.DataFrame({"listing_id": ["1"], "name": ["X"], "kind": ["person"]}))


def test_the_threshold_keeps_to_the_budget_of_ordinary_names() -> None:
    names = ordinary_names("person")[:100]
    ids = [str(number) for number in range(100)]
    common = pl.DataFrame({"listing_id": ids, "entity_id": ids, "name": names, "kind": "person"})
    tight, loose = Screener.build(common, budget=1), Screener.build(common, budget=500)
    assert tight.calibration.line("person") > loose.calibration.line("person")
    assert loose.calibration.kinds["person"].alerts <= 500
    assert tight.calibration.line("person") <= HIGHEST
    assert tight.calibration.line("organisation") == LOWEST_OF_SHORT


def test_hits_do_not_depend_on_the_number_of_threads(tmp_path: Path, screener: Screener) -> None:
    screener.save(tmp_path)
    code = (
        "import sys, polars as pl; from pathlib import Path; from pratique.flow.screening import Screener;"
        "names = [f'QUILLABAMBA {i} TRADING' for i in range(3000)] + ['MOHAMAD HASNI ZARKARI'] * 3000;"
        "frame = pl.DataFrame({'id': list(range(6000)), 'name': names, 'kind': ['party'] * 6000});"
        "hits = Screener.open(Path(sys.argv[1])).screen(frame);"
        "print(hits.height, hits.write_csv())"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)],
            env={**os.environ, "POLARS_MAX_THREADS": threads},
            capture_output=True,
            check=True,
        ).stdout
        for threads in ("1", "2")
    ]
    assert told[0] == told[1]
    assert int(told[0].split()[0]) >= 3000


@pytest.mark.parametrize(("budget", "threshold"), [(0, HIGHEST), (10, 801), (20, LOWEST), (1000, LOWEST)])
def test_the_threshold_is_the_lowest_that_the_budget_allows(budget: int, threshold: int) -> None:
    scores = [1000] * 5 + [920] * 5 + [800] * 5 + [0] * 985
    assert calibrated(scores, budget=budget).threshold == threshold


def test_names_of_particles_alone_prove_nothing(screener: Screener) -> None:
    rows = pl.DataFrame(
        {"listing_id": ["1", "2"], "entity_id": ["1", "2"], "name": ["AL BIN", "A. KARIM BINGO"], "kind": "person"}
    )
    assert screen(Screener.build(rows), "BIN AL", "person").is_empty()
    assert screen(screener, "DE LA AL BIN").is_empty()


@pytest.fixture(scope="module")
def initials() -> Screener:
    rows = [("1", "RUEDA MEDINA, Jose Arnoldo", "person"), ("2", "J.A. QUILLABAMBA LOMBARDI", "organisation")]
    listed = [{"listing_id": key, "entity_id": key, "name": name, "kind": kind} for key, name, kind in rows]
    return Screener.build(pl.DataFrame(listed).with_columns(name_quality=pl.lit("primary")), list_id="two")


@pytest.mark.parametrize("name", ["J A RUEDA MEDINA", "J. A. RUEDA MEDINA", "J.A. RUEDA MEDINA"])
def test_initials_of_a_party_that_may_be_a_person_stand_for_names_each(initials: Screener, name: str) -> None:
    hits = screen(initials, name)
    assert hits["entity_id"].to_list() == ["1"]
    assert codes(hits).count("screening.aligned.initial") == 2
    assert hits["score"][0] == screen(initials, name, "person")["score"][0]
    assert score_from_reasons(hits["reasons"][0]) == round(1000 * hits["score"][0])


def test_what_bears_the_mark_of_a_company_is_read_as_one_and_letters_of_a_company_stay_one_word(
    initials: Screener,
) -> None:
    assert [kind for kind, _ in readings("J A RUEDA MEDINA TRADING", "party")] == ["party"]
    assert [kind for kind, _ in readings("RUEDA MEDINA S.A.", "party")] == ["party"]
    assert [kind for kind, _ in readings("M S C", "party")] == ["party"]
    company = screen(initials, "J A QUILLABAMBA LOMBARDI")
    assert company["entity_id"].to_list() == ["2"]
    assert "screening.aligned.equal" in codes(company)
    assert "screening.aligned.initial" not in codes(company)


def test_some_entries_alone_answer_as_they_do_in_the_whole_list() -> None:
    names = [("person", name) for name in ordinary_names("person", 300)]
    names += [("organisation", name) for name in ordinary_names("organisation", 300)]
    rows = [{"listing_id": str(at), "name": name, "kind": kind} for at, (kind, name) in enumerate(names)]
    listed = pl.DataFrame(rows).with_columns(entity_id="listing_id", name_quality=pl.lit("primary"))
    whole = Screener.build(listed, budget=500)
    changed = listed.gather_every(23)
    asked = listed.select(id="listing_id", name=pl.col("name") + "S", kind=pl.lit("party"))
    found = whole.hits(asked).filter(pl.col("entity_id").is_in(changed["entity_id"].implode()))
    alone = whole.among(changed).hits(asked)
    assert alone.height > 10
    assert alone.sort("id", "entity_id").equals(found.sort("id", "entity_id"))
    assert whole.among(listed.clear()).hits(asked).is_empty()


def test_firms_that_share_only_words_of_business_with_the_one_name_of_a_list_do_not_alert() -> None:
    one = LISTED.head(1).with_columns(
        name=pl.lit("TAITAMU TIMBER TRADING ENTERPRISES LTD"), kind=pl.lit("organisation")
    )
    screener = Screener.build(one)
    for own in ("MERIDOVA", "HEKALIBORA", "BELAHI"):
        assert screen(screener, f"{own} TIMBER TRADING ENTERPRISES LTD").is_empty()
    for spelled in ("TAITAMU TIMBER", "TAITAMU TRADING & TIMBER CO", "TAITAMO TIMBER TRADING ENTERPRISES"):
        assert screen(screener, spelled).height == 1


def test_a_person_meets_a_listed_party_at_the_lower_line_of_its_two_kinds() -> None:
    rows = {"listing_id": ["1"], "entity_id": ["1"], "name": ["KERMAN AVIATION"], "kind": ["party"]}
    screener = Screener.build(pl.DataFrame(rows))
    lines = {"person": KindLine(700, 0.0), "organisation": KindLine(300, 0.0)}
    screener.calibration = Calibration(300, 10, 0.0, lines)
    assert screen(screener, "A. KARAMAN", "person")["score"].to_list() == [pytest.approx(0.357)]
