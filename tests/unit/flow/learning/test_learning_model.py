"""Training, scoring and explaining: what must hold of every model."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from learning_needs import needs_lightgbm
from learning_tables import harmless, lesson, results, table
from pratique.flow.learning.columns import brought, fitting
from pratique.flow.learning.files import digest_in, keep, kept_in
from pratique.flow.learning.labels import labels_of_column, labels_of_table, results_of
from pratique.flow.learning.look import look
from pratique.flow.learning.looks import Results, days_of
from pratique.flow.learning.measuring import auc
from pratique.flow.learning.model import Model, ordered
from pratique.flow.learning.training import train
from pratique.flow.learning.watching import chance_drift
from pratique.vocabulary.errors import PratiqueError
from pratique.vocabulary.sentences import known_codes, sentence

pytestmark = needs_lightgbm


@pytest.fixture(scope="module")
def model() -> Model:
    return train(*lesson())


def later(rows: int = 1500) -> pl.DataFrame:
    declared = table(rows, seed=9, days=60)
    moved = (pl.col("lodged_on") + pl.duration(days=240)).alias("lodged_on")
    return declared.with_columns(moved, "L" + pl.col("consignment"))


def taken(frame: pl.DataFrame):
    return brought(frame.drop("_false", strict=False), fitting(frame.columns), harmless)


def test_a_model_ranks_later_wrongdoing_above_the_rest(model):
    unseen = later()
    scored = model.score(taken(unseen))
    assert auc(scored["chance"].to_numpy(), unseen["_false"].to_numpy().astype(float)) > 0.9


def test_the_mean_chance_is_near_the_rate(model):
    unseen = later()
    scored = model.score(taken(unseen))
    assert abs(scored["chance"].mean() - unseen["_false"].mean()) < 0.03
    assert (scored["low"] <= scored["chance"]).all()
    assert (scored["chance"] <= scored["high"]).all()


def test_chances_of_a_world_that_stays_are_as_in_training_and_those_of_a_wave_are_not(model):
    unseen = later()
    told = chance_drift(model.card, model.score(taken(unseen))["chance"].to_numpy())
    assert not told.alarming
    cheap = taken(unseen.with_columns(pl.col("value_minor") // 3))
    assert chance_drift(model.card, model.score(cheap)["chance"].to_numpy()).alarming


def test_the_points_of_the_reasons_add_up_to_the_score_exactly(model):
    told = model.explain(taken(later(200)))
    assert told["reasons"].null_count() == 0
    for row in told.iter_rows(named=True):
        assert sum(reason["points"] for reason in json.loads(row["reasons"])) == row["points"]


def test_contributions_add_up_to_the_margin(model):
    features = model.features(taken(later(300)))
    told = model.trees.contributions(features).sum(axis=1)
    assert np.abs(told - model.trees.margin(features)).max() < 1e-6


def test_every_reason_has_a_sentence_without_holes(model):
    told = model.explain(taken(later(200)), first=20)
    for reasons in told["reasons"].drop_nulls():
        for reason in json.loads(reasons):
            for language in ("en", "fr", "es", "ar"):
                assert reason["code"] in known_codes(language)
                assert "{own" not in sentence(reason["code"], reason["params"], language)


def test_what_would_change_the_result_does_change_it(model):
    data = taken(later())
    told = model.explain(data, first=200, line=0.2)
    changed = told.filter(pl.col("would_change").is_not_null())
    assert changed.height > 0
    assert (changed["chance"] >= 0.2 - 1e-3).all()


def test_one_declaration_is_told_as_in_its_table(model):
    data = taken(later(400))
    whole = model.explain(data, first=None)
    number = whole["consignment"][0]
    place = data.rows["consignment"].index_of(number)
    assert model.explain_one(data, place).row(0) == whole.row(0)


def test_what_a_model_reads_alone_is_what_a_whole_look_sees(model):
    data, rows = taken(later(400)), np.arange(0, 300, 3)
    known = Results(rows, np.full(len(rows), days_of(data.rows["lodged_on"])[200]), rows % 2)
    assert np.array_equal(model.features(data, known), ordered(model.look(data, known), model.names), equal_nan=True)


def test_training_again_gives_the_same_bytes(tmp_path):
    one, other = (keep(train(*lesson(1500)), tmp_path / name) for name in ("one", "other"))
    assert one == other


def test_a_kept_model_says_the_same(model, tmp_path):
    digest = keep(model, tmp_path)
    assert digest_in(tmp_path) == digest
    data = taken(later(300))
    assert Model.load(tmp_path).score(data).equals(model.score(data))
    assert [name for name, _ in kept_in(tmp_path)] == [digest]


@pytest.mark.parametrize("name", ["trees.txt", "store.bin", "card.json", "model.json", "manifest.json"])
def test_a_file_that_was_changed_is_refused(model, tmp_path, name):
    digest = keep(model, tmp_path)
    file = tmp_path / digest / name
    text = bytearray(file.read_bytes())
    text[len(text) // 2] ^= 1
    file.write_bytes(text)
    with pytest.raises(PratiqueError) as caught:
        Model.load(tmp_path)
    assert caught.value.code == "model.changed"
    assert kept_in(tmp_path) == ((digest, {}),)


def test_what_a_killed_training_left_does_not_count_and_is_swept(model, tmp_path):
    digest = keep(model, tmp_path)
    left = tmp_path / ".part-killed"
    left.mkdir()
    (left / "trees.txt").write_text("half")
    assert digest_in(tmp_path) == digest
    keep(train(*lesson(1500, seed=3)), tmp_path)
    assert not left.exists()


def test_a_column_that_vanished_is_named_and_refused(model):
    with pytest.raises(PratiqueError, match="net_mass_g") as caught:
        model.score(taken(later(50).drop("net_mass_g")))
    assert caught.value.code == "model.column_vanished"


def test_a_table_with_the_four_columns_alone_can_be_learned_from_and_says_what_is_missing():
    declared = table()
    data = taken(declared.select("consignment", "lodged_on", "importer", "hs6"))
    model = train(data, labels_of_table(results(declared), data, harmless))
    assert "net_mass_g" in model.card["missing"]
    assert model.score(data).height == declared.height


def test_results_that_contradict_are_named():
    declared = table(200)
    data = taken(declared)
    said = results(declared)
    twice = pl.concat([said, said.head(1).with_columns(~pl.col("found"))])
    with pytest.raises(PratiqueError, match=str(said["consignment"][0])) as caught:
        labels_of_table(twice, data, harmless)
    assert caught.value.code == "model.labels_contradict"


def test_a_result_before_its_declaration_is_a_clock_that_went_back():
    declared = table(200)
    said = results(declared).with_columns(known_on=pl.col("known_on") - pl.duration(days=90))
    with pytest.raises(PratiqueError) as caught:
        labels_of_table(said, taken(declared), harmless)
    assert caught.value.code == "model.clock_went_back"


@pytest.mark.parametrize(("found", "code"), [(False, "model.none_found"), (True, "model.none_clean")])
def test_one_kind_of_result_is_too_little(found, code):
    declared = table(300)
    data = taken(declared)
    said = results(declared).with_columns(found=pl.lit(found))
    with pytest.raises(PratiqueError) as caught:
        train(data, labels_of_table(said, data, harmless))
    assert caught.value.code == code


def test_no_result_at_all_is_said():
    declared = table(300)
    data = taken(declared)
    with pytest.raises(PratiqueError) as caught:
        train(data, labels_of_table(results(declared).clear(), data, harmless))
    assert caught.value.code == "model.no_labels"


@pytest.mark.parametrize("heading", ["Passenger Name", "PNR", "nationality", "seat-number"])
def test_tables_of_passengers_are_refused(heading):
    with pytest.raises(PratiqueError) as caught:
        taken(table(20).with_columns(pl.lit("x").alias(heading)))
    assert caught.value.code == "model.passengers"


def test_a_column_that_must_never_decide_is_refused_by_name():
    from pratique.node.learning.tables import denoted

    frame = table(20).drop("_false").with_columns(pl.lit("x").alias("importer_religion"))
    with pytest.raises(PratiqueError, match="religion") as caught:
        brought(frame, fitting(frame.columns), denoted)
    assert caught.value.code == "model.prohibited_column"


def test_cells_that_cannot_be_read_are_told_with_their_row():
    frame = table(20).with_columns(net_mass_g=pl.col("net_mass_g").cast(pl.String)).drop("_false")
    frame = frame.with_columns(
        net_mass_g=pl.when(pl.col("consignment") == "D000003").then(pl.lit("much")).otherwise("net_mass_g")
    )
    with pytest.raises(PratiqueError, match="row 4") as caught:
        taken(frame)
    assert caught.value.code == "model.cells_unreadable"


def test_a_label_column_is_read_and_a_strange_cell_refused():
    frame = table(400).with_columns(Fraud=pl.col("_false").cast(pl.Int64).cast(pl.String)).drop("_false")
    assert int(labels_of_column(frame, "Fraud", taken(frame)).found.sum()) > 0
    strange = frame.with_columns(Fraud=pl.lit("perhaps"))
    with pytest.raises(PratiqueError) as caught:
        labels_of_column(strange, "Fraud", taken(strange))
    assert caught.value.code == "model.label_unreadable"


def test_serving_one_day_from_the_snapshot_gives_the_features_of_training_bit_for_bit():
    data, labels = lesson()
    got = results_of(labels)
    from pratique.flow.learning.looks import days_of
    from pratique.flow.learning.profiles import ProfileStore

    whole = look(data.rows, got, ProfileStore())
    days = days_of(data.rows["lodged_on"])
    for cut in (int(days[len(days) // 2]), int(days[-1])):
        before = int(np.searchsorted(days, cut))
        known = got.of((got.known < cut) & (got.row < before))
        store = look(data.rows[:before], known, ProfileStore(), keep_as_of=cut).store
        today = data.rows[before : int(np.searchsorted(days, cut, side="right"))]
        served = look(today, got.of(np.zeros(len(got.row), dtype=bool)), store)
        assert set(served.names) == set(whole.names)
        expected = ordered(whole, served.names)[before : before + len(today)]
        assert np.array_equal(served.matrix, expected, equal_nan=True)
