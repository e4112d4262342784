"""The figures of the screening bench are what their names say, on scores small enough to count by hand."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from bench.screening import ours, parts, peers
from bench.screening.__main__ import Figures, rows
from bench.screening.lists import as_listings
from bench.screening.quality import end_to_end, quality
from bench.screening.table import Row, figure, table

pytestmark = pytest.mark.long

PAIRS = pl.DataFrame(
    {
        "label": [1, 1, 0, 1, 0],
        "category": ["typo", "typo", "other", "ocr", "other"],
        "left": ["ANNA BELLO", "CARL DUNN", "EVA FINK", "GUS HOLT", "IDA JANS"],
        "right": ["ANNA BELO", "CARL DUN", "EVA FINKE", "GU5 HOLT", "IDA JONES"],
        "kind": ["person"] * 5,
    }
)
NO_HITS = pl.DataFrame(schema={"id": pl.String, "entity_id": pl.String, "score": pl.Float64})


def test_quality_of_an_order_known_by_hand() -> None:
    told = quality(PAIRS, [1.0, 0.9, 0.8, 0.7, 0.1])
    assert told.f1 == pytest.approx(6 / 7)
    assert told.threshold == 0.7
    assert (told.precision, told.recall) == (pytest.approx(0.75), 1.0)
    assert told.average_precision == pytest.approx((1 + 1 + 0.75) / 3)
    assert told.recall_at[0.99] == pytest.approx(2 / 3)
    assert told.found == {"ocr": 1.0, "typo": 1.0}
    assert (told.at_one, told.tied) == (0.2, 0.0)


def test_ties_are_taken_together() -> None:
    told = quality(PAIRS, [0.5] * 5)
    assert told.recall_at[0.90] == 0.0
    assert told.average_precision == pytest.approx(0.6)
    assert told.tied == 1.0


def test_a_budget_is_never_exceeded_and_ties_at_its_line_do_not_alert() -> None:
    ordinary = [f"o{number}" for number in range(1000)]
    asked = pl.DataFrame({"id": ["q1", "q2", "q3", *ordinary], "entity_id": ["e1", "e2", "e3", *[None] * 1000]})
    rows = [("q1", "e1", 0.95), ("q1", "e9", 0.99), ("q2", "e2", 0.80), ("q3", "e9", 0.99)]
    rows += [("o0", "e1", 0.90), ("o1", "e1", 0.80), ("o2", "e1", 0.80)]
    told = end_to_end(pl.DataFrame(rows, schema=["id", "entity_id", "score"], orient="row"), asked)
    assert told.recall[1] == pytest.approx(1 / 3)  # line 0.80: one ordinary name above it, and q2 ties with two
    assert told.recall[5] == pytest.approx(2 / 3)
    assert told.on_top == pytest.approx(1 / 3)
    assert told.in_hits == pytest.approx(2 / 3)
    assert told.own_alerts == pytest.approx(3)


def test_the_table_says_what_is_met_missed_and_not_measured() -> None:
    text = table(
        [
            Row("recall", 0.9, 0.85, 0.7, "peer"),
            Row("latency", 7.0, 5, at_most=True, unit="ms"),
            Row("million", None, 1500, unit="names/s"),
        ]
    ).splitlines()
    assert text[1].split() == ["recall", "0.700", "peer", "0.900", "≥", "0.850", "met"]
    assert text[2].endswith("MISSED")
    assert text[3].endswith("not measured")
    assert figure(0.9995, "%") == "99.95 %"


def test_a_pair_in_a_list_scores_what_the_screener_tells() -> None:
    scores = ours.screened(PAIRS)
    assert len(scores) == len(PAIRS)
    assert scores[0] > 0
    bare, rate = ours.compared(PAIRS)
    assert bare[0] > bare[4]
    assert rate > 0


def test_brute_force_finds_the_right_entity_first() -> None:
    listed = as_listings(["e1", "e2"], ["BELLO, Anna", "DUNN, Carl"], ["person", "person"])
    asked = pl.DataFrame({"id": ["1"], "name": ["ANNA BELO"], "kind": ["person"]})
    hits = peers.rapidfuzz_run(listed, asked, best=1).hits
    assert hits["entity_id"].to_list() == ["e1"]
    scores, _ = peers.rapidfuzz_pairs(PAIRS, "rapidfuzz token_sort")
    assert scores[0] > scores[4]


def test_a_peer_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(peers, "PYTHON", tmp_path / "python")
    with pytest.raises(peers.NoPeerError, match="make bench-peers"):
        peers.logic_v2_pairs(PAIRS)


def test_a_list_is_asked_by_processes_that_share_its_index(tmp_path: Path) -> None:
    listed = as_listings(["e1", "e2"], ["BELLO, Anna Maria", "DUNN, Carl Egon"], ["person", "person"])
    asked = pl.DataFrame({"id": ["1", "2"], "name": ["ANNA MARIA BELLO", "CARL EGON DUNN"], "kind": ["person"] * 2})
    run = ours.run(listed, asked, tmp_path, processes=2)
    assert dict(run.hits.select("id", "entity_id").iter_rows()) == {"1": "e1", "2": "e2"}
    assert run.rate > 0
    assert run.memory_mb > 0
    assert ours.latency(asked, tmp_path)["processor_p99_ms"] > 0


def test_parts_that_were_left_out_are_not_measured() -> None:
    order = quality(PAIRS.with_columns(category=pl.lit("arabic_listed")), [1.0, 0.9, 0.1, 0.8, 0.2])
    ended = parts.Ended(end_to_end(NO_HITS, pl.DataFrame({"id": ["q"], "entity_id": ["e"]})), 7000.0, 1.0)
    single = {"processor_p99_ms": 4.0}
    told = rows(Figures({parts.BARE: order}, ended, {"ours": ended}, 1.0, 0.99, ended, single, None, None, None))
    assert {row.what: row.is_met for row in told} == {
        "recall at precision 0.95, labelled pairs": True,
        "best F1": True,
        "average precision": True,
        "recall at 10 alerts per 1,000 ordinary names": False,
        "the same, on the sample the peer is asked": False,
        "recall at precision 0.99": True,
        "Arabic-script spellings of the lists found": True,
        "one core, 7.6 k list": True,
        "two cores, 50 k list": True,
        "two cores, 1 M list": None,
        "building 1 M": None,
        "memory at 1 M": None,
        "one name, warm, 50 k list, p99 of processor": True,
        "hits kept of exhaustive comparison, 7.6 k": True,
        "the same, many names with the nearest": False,
        "the same, 1 M": None,
        "a list changes: times as fast as screening anew": None,
        "memory of that": None,
    }
    assert all(row.peer is None for row in told)
