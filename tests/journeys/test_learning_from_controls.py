"""An analyst trains on a table of her own, scores next month's, and asks why one declaration stands on top."""

from __future__ import annotations

import csv
import json

import polars as pl
import pytest
from run import pratique

from learning_needs import needs_lightgbm
from learning_tables import results, table

pytestmark = needs_lightgbm


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("learning")
    declared = table()
    declared.drop("_false").write_parquet(folder / "past.parquet")
    results(declared).write_parquet(folder / "results.parquet")
    later = table(600, seed=9, days=40).with_columns(
        (pl.col("lodged_on") + pl.duration(days=240)).alias("lodged_on"), "L" + pl.col("consignment")
    )
    later.drop("_false").write_csv(folder / "new.csv")
    told = pratique(
        "model", "train", folder / "past.parquet", "--labels-file", folder / "results.parquet",
        "--out", folder / "models", "--json", cwd=folder,
    )  # fmt: skip
    return folder, told.json, later


def test_the_card_tells_what_it_was_made_from_and_how_good_it_was(trained):
    folder, told, _ = trained
    assert told["state"] == "shadow"
    assert told["card"]["data"]["rows"] == 3000
    assert told["card"]["metrics"]["auc"]["low"] > 0.7
    shown = pratique("model", "card", "--model", folder / "models", cwd=folder).out
    assert "precision at 5" in shown
    assert "a person decides" in shown


def test_scores_are_written_highest_first_with_reasons_that_add_up(trained):
    folder, _, later = trained
    out = folder / "scores.csv"
    pratique(
        "model", "score", folder / "new.csv", "--model", folder / "models", "-o", out, "--reasons", "10", cwd=folder
    )
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == later.height
    values = [int(row["expected_value_minor"]) for row in rows]
    assert values == sorted(values, reverse=True)
    assert all(sum(r["points"] for r in json.loads(row["reasons"])) == int(row["points"]) for row in rows[:10])
    assert rows[10]["reasons"] == ""


def test_one_declaration_is_explained_in_sentences(trained):
    folder, _, later = trained
    number = later.filter("_false")["consignment"][0]
    told = pratique("model", "explain", folder / "new.csv", number, "--model", folder / "models", cwd=folder).out
    assert number in told
    assert "in all" in told


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["train", "{past}"], 65, "model.labels_one_way"),
        (["train", "{past}", "--labels", "nothing"], 65, "model.label_missing"),
        (["score", "{past}", "--model", "{out}", "-o", "{out}/s.csv"], 66, "model.not_there"),
        (["explain", "{past}", "NOBODY", "--model", "{models}"], 65, "model.consignment_unknown"),
        (["train", "{none}", "--labels", "x"], 66, "model.file_missing"),
    ],
)
def test_what_cannot_be_done_is_said_with_its_code(trained, tmp_path, words, code, told):
    folder, _, _ = trained
    places = {
        "past": folder / "past.parquet",
        "out": tmp_path / "out",
        "models": folder / "models",
        "none": folder / "no.csv",
    }
    more = ["--out", str(tmp_path / "out")] if words[0] == "train" else []
    ended = pratique("model", *(word.format(**places) for word in words), *more, cwd=tmp_path, code=code)
    assert told in ended.err
    assert not (tmp_path / "out").exists()
