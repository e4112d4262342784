"""The promoted model speaks: an outcome recorded today changes tomorrow's ranking, and everything can be done again."""

from __future__ import annotations

import json
from dataclasses import replace

import polars as pl
import pytest

from learning_days import (
    CHEATS,
    NEW_CHEAT,
    assess_day,
    control_day,
    learned_days,
    model_of,
    next_morning,
    write_day,
)
from learning_needs import needs_lightgbm
from nodes import ANNA, BEN, copied
from pratique.flow.learning.files import keep, load
from pratique.flow.learning.watching import chance_drift
from pratique.node import Node
from pratique.node.archive.restoring import restore
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.backups import TakeBackup
from pratique.node.handlers.clearing import ClearExpired
from pratique.node.handlers.consignments import ExplainConsignment
from pratique.node.handlers.disputes import DisputeReason, ListDisputes
from pratique.node.handlers.doctor import Doctor
from pratique.node.handlers.drift import MeasureDrift, NoteDrift
from pratique.node.handlers.models import MODELS, KeepModel, PromoteModel
from pratique.node.handlers.queue_page import QueuePage
from pratique.node.handlers.runs import ReplayRun, ShowRun
from pratique.node.handlers.settings import ChangeSetting
from pratique.node.handlers.undoing import UndoAct
from pratique.vocabulary.errors import Category, PratiqueError
from pratique.vocabulary.model_reasons import model_sentence

pytestmark = [needs_lightgbm, pytest.mark.long]
FEW = {"open": 0, "scan": 0, "documents": 10}


@pytest.fixture
def day(tmp_path):
    """A node that learned from five days, the clock of the next morning, the digest of its model, and its folder."""
    folder = copied(learned_days, tmp_path / "copy")
    clock, digest = next_morning(folder)
    with Node.open(folder / "node", clock=clock, randomness=lambda: 1) as node:
        yield node, clock, digest, folder


def cheating(assessment) -> pl.Series:
    """Which consignments are of importers who cheat, in their order."""
    names = [f"IMPORTER {number}" for number in CHEATS]
    told = assessment.manifest.parties.filter(role_code="CN").sort("consignment")
    return told["name"].is_in(names)


def mean_chance(assessment, importer: int) -> float:
    """What the model thinks of an importer's consignments, on average."""
    named = assessment.manifest.parties.filter(role_code="CN", name=f"IMPORTER {importer}")
    return float(assessment.learned.join(named, on="consignment", how="semi")["chance_ppm"].mean())


def ranks(assessment) -> pl.Series:
    """The rank of each consignment, in their order."""
    return assessment.decisions.sort("consignment")["rank"]


def test_a_promoted_model_orders_the_queue_and_its_reasons_are_part_of_the_score(day):
    node, clock, digest, folder = day
    before = assess_day(node, folder, 20, slots=FEW).assessment
    assert before.learned is None
    assert before.shadow is not None
    assert not before.reasons["profile_id"].str.starts_with("model.").any()
    node.execute(PromoteModel(digest), actor=BEN)
    clock.later(days=1)
    after = assess_day(node, folder, 20, slots=FEW)  # the same ship again
    told = after.assessment
    assert after.warnings == ()
    assert ranks(told).to_list() != ranks(before).to_list()
    first = ranks(told) <= int(cheating(told).sum())
    assert (first & cheating(told)).sum() >= 0.8 * cheating(told).sum()
    summed = told.reasons.group_by("consignment").agg(pl.col("points").sum())
    both = told.scores.join(summed, on="consignment", how="left")
    assert (both["score"] == both["points"].fill_null(0)).all()
    by_model = told.reasons.filter(pl.col("profile_id").str.starts_with("model.")).group_by("consignment")
    given = told.learned.filter(pl.col("points") > 0).select("consignment", "points")
    assert by_model.agg(pl.col("points").sum()).sort("consignment").equals(given)
    assert set(told.decisions["basis"]) <= {"value", "random", "line", "none", "unsure", "mandatory"}


def test_the_draw_is_smaller_beside_a_model_and_unsure_slots_come_with_it(day):
    node, _, digest, folder = day
    node.execute(PromoteModel(digest), actor=BEN)
    node.execute(ChangeSetting("unsure_share_permille", "200"), actor=ANNA)
    decisions = assess_day(node, folder, 21, slots={"open": 0, "scan": 0, "documents": 20}).assessment.decisions
    counted = dict(decisions.filter(pl.col("control") != "none").group_by("basis").len().iter_rows())
    assert counted == {"random": 1, "unsure": 4, "value": 15}
    drawn = decisions.filter(basis="random")["probability_documents"]
    assert drawn.unique().to_list() == [pytest.approx(1 / (60 - 15))]
    assert (decisions.filter(basis="unsure")["probability_documents"] == 1).all()


def test_the_knob_turns_the_order_from_finds_to_money(day):
    node, clock, digest, folder = day
    node.execute(PromoteModel(digest), actor=BEN)
    orders = {}
    for share in ("0", "1000"):
        node.execute(ChangeSetting("value_money_permille", share), actor=ANNA)
        node.execute(ChangeSetting("value_harm_minor", "0"), actor=ANNA)
        told = assess_day(node, folder, 22, slots=FEW).assessment
        clock.later(days=1)
        orders[share] = told.decisions.join(told.learned, on="consignment").sort("rank").head(10)
    assert orders["0"]["chance_ppm"].sum() > orders["1000"]["chance_ppm"].sum()
    assert orders["1000"]["stake_minor"].sum() > orders["0"]["stake_minor"].sum()


def test_an_outcome_of_today_changes_what_the_same_model_says_tomorrow(day):
    node, clock, digest, folder = day
    node.execute(PromoteModel(digest), actor=BEN)
    first = assess_day(node, folder, 54, slots={"open": 0, "scan": 0, "documents": 60})
    assert control_day(node, cheats=CHEATS | {NEW_CHEAT}) > 30
    clock.later(days=1)
    second = assess_day(node, folder, 54, slots=FEW)  # the same ship
    facts = [json.loads(run.run.manifest)["model"] for run in (first, second)]
    assert facts[0]["digest"] == facts[1]["digest"] == digest
    assert facts[0]["history"] != facts[1]["history"]
    of_the_new = [mean_chance(run.assessment, NEW_CHEAT) for run in (first, second)]
    assert of_the_new[1] > 2 * of_the_new[0]
    assert ranks(first.assessment).to_list() != ranks(second.assessment).to_list()


def test_a_replay_gives_the_same_bytes_also_when_its_history_has_to_be_made_anew(day):
    node, clock, digest, folder = day
    runs = [assess_day(node, folder, 24, slots=FEW)]
    node.execute(PromoteModel(digest), actor=BEN)
    for number in range(25, 29):
        clock.later(days=1)
        runs.append(assess_day(node, folder, number, slots=FEW))
        control_day(node)
    for run in runs:
        replayed = node.ask(ReplayRun(run.run.id), actor=ANNA)
        assert replayed.same_output, run.run.id
    histories = list((folder / "node" / MODELS / "history").iterdir())
    assert len(histories) == 2  # older ones are made again from what they were made of


def test_a_backup_brings_the_model_and_what_it_knew_back(day, tmp_path):
    node, clock, digest, folder = day
    node.execute(PromoteModel(digest), actor=BEN)
    run = assess_day(node, folder, 30, slots=FEW).run
    node.execute(TakeBackup(tmp_path / "kept.tar"), actor=ANNA)
    restore(tmp_path / "kept.tar", tmp_path / "again")
    with Node.open(tmp_path / "again", clock=clock, randomness=lambda: 1) as other:
        assert other.ask(ReplayRun(run.id), actor=ANNA).same_output
        clock.later(days=1)
        there = [assess_day(each, folder, 31, slots=FEW).run.output_sha256 for each in (node, other)]
        faults = [check.name for check in other.ask(Doctor(), actor=ANNA) if check.state == "fail"]
    assert there[0] == there[1]
    assert faults == []


def test_a_model_changed_on_disk_stops_nothing_and_is_told(day):
    node, _, digest, folder = day
    node.execute(PromoteModel(digest), actor=BEN)
    trees = folder / "node" / MODELS / digest / "trees.txt"
    trees.write_text(trees.read_text() + " ")
    done = assess_day(node, folder, 32, slots=FEW)
    assert [each.rule for each in done.warnings] == ["model.cannot_speak"]
    assert done.assessment.learned is None
    assert "model" not in json.loads(done.run.manifest)
    failed = {check.name for check in node.ask(Doctor(), actor=ANNA) if check.state == "fail"}
    assert {"models", "files"} <= failed


def test_a_clock_that_goes_back_before_the_training_silences_the_model_and_says_so(day):
    node, clock, digest, folder = day
    node.execute(PromoteModel(digest), actor=BEN)
    clock.later(days=-20)
    done = assess_day(node, folder, 33, slots=FEW)
    assert [each.rule for each in done.warnings] == ["model.day_before_training"]
    assert done.assessment.learned is None


def test_a_clock_that_goes_back_a_day_reads_the_history_of_that_day(day):
    node, clock, digest, folder = day
    node.execute(PromoteModel(digest), actor=BEN)
    first = assess_day(node, folder, 34, slots=FEW).run
    clock.later(days=3)
    assess_day(node, folder, 35, slots=FEW)
    clock.later(days=-3)
    again = assess_day(node, folder, 34, slots=FEW).run
    facts = [json.loads(run.manifest)["model"]["history"] for run in (first, again)]
    assert facts[0] == facts[1]


def test_the_consignment_says_chance_stake_and_why_and_an_officer_disputes_a_reason(day):
    node, _, digest, folder = day
    node.execute(PromoteModel(digest), actor=BEN)
    run = assess_day(node, folder, 36, slots=FEW).run
    line = node.ask(QueuePage(run=run.id, limit=1), actor=ANNA).rows[0]
    assert line.points.model > 0
    assert line.score == sum(getattr(line.points, each) for each in ("list", "rules", "history", "model", "trust"))
    told = node.ask(ExplainConsignment(line.consignment_id), actor=ANNA)
    assert told.learned["low_ppm"] <= told.learned["chance_ppm"] <= told.learned["high_ppm"]
    assert sum(each.reason.points for each in told.reasons) == told.score["score"]
    reason = next(each.reason for each in told.reasons if each.reason.profile_id.startswith("model."))
    assert "{" not in model_sentence(reason.profile_id, reason.params)
    said = node.execute(DisputeReason(line.consignment_id, reason.profile_id, "lawful"), actor=BEN)
    with pytest.raises(PratiqueError) as caught:
        node.execute(DisputeReason(line.consignment_id, reason.profile_id, "not_so"), actor=BEN)
    assert (caught.value.code, caught.value.category) == ("disputes.said_before", Category.CONFLICT)
    counts = node.ask(ListDisputes(), actor=ANNA).counts
    assert [(each.profile_id, each.because, each.consignments) for each in counts] == [(reason.profile_id, "lawful", 1)]
    assert node.ask(ExplainConsignment(line.consignment_id), actor=ANNA).disputes == (said,)
    node.execute(UndoAct(said.seq), actor=BEN)
    assert node.ask(ListDisputes(line.consignment_id), actor=ANNA).standing == ()


def test_a_rule_is_disputed_too_and_what_is_not_there_is_refused(day):
    node, _, _, folder = day
    run = assess_day(node, folder, 37, slots=FEW).run
    rows = node.ask(QueuePage(run=run.id, limit=100), actor=ANNA).rows
    line = next(each for each in rows if each.reasons)
    node.execute(DisputeReason(line.consignment_id, line.reasons[0].profile_id, "not_so"), actor=BEN)
    with pytest.raises(PratiqueError) as caught:
        node.execute(DisputeReason(line.consignment_id, "model.unit_value", "not_so"), actor=BEN)
    assert (caught.value.code, caught.value.category) == ("disputes.no_reason", Category.NOT_FOUND)


def test_the_history_carried_on_day_by_day_is_the_one_made_at_once(day):
    from pratique.node.learning.history import history_on

    node, clock, digest, folder = day
    model = model_of(node)
    shown = {}
    node.execute(PromoteModel(digest), actor=BEN)
    for number in range(40, 44):
        clock.later(days=1)
        shown[clock.moment.date()] = node.ask(
            ShowRun(assess_day(node, folder, number, slots=FEW).run.id), actor=ANNA
        ).manifest["model"]["history"]
        control_day(node)
    with node._stores.main.reading() as connection:
        for on, sha256 in shown.items():
            anew = history_on(connection, node.folder, digest="0" * 64, model=model, day=on)
            assert anew.sha256 == sha256, on


def test_disputes_and_histories_past_their_time_are_erased_and_the_model_goes_on(day):
    node, clock, digest, folder = day
    node.execute(PromoteModel(digest), actor=BEN)
    clock.later(days=1)
    run = assess_day(node, folder, 38, slots=FEW).run
    line = node.ask(QueuePage(run=run.id, limit=1), actor=ANNA).rows[0]
    node.execute(DisputeReason(line.consignment_id, line.reasons[0].profile_id, "no_risk"), actor=BEN)
    clock.later(days=1900)
    rows = node.execute(ClearExpired(), actor=ANNA).rows
    assert (rows["disputed_reason"], rows["model_history"]) == (1, 1)
    assert node.ask(ListDisputes(), actor=ANNA).counts == ()
    assert list((folder / "node" / MODELS / "history").iterdir()) == []
    assert assess_day(node, folder, 39, slots=FEW).assessment.learned is not None


def test_chances_that_the_model_gave_are_compared_with_those_of_its_training_and_a_sign_raises_the_share(day):
    node, _, digest, folder = day
    node.execute(PromoteModel(digest), actor=BEN)
    given = assess_day(node, folder, 20).assessment.learned["chance_ppm"].to_numpy() / 1_000_000
    wanted = chance_drift(load(folder / "node" / MODELS, digest).card, given)
    found = node.ask(MeasureDrift(days=1), actor=ANNA).model
    assert (found.digest, found.moved[0].name, found.moved[0].now) == (digest, "chance", 60)
    assert found.moved[0].index_permille == round(wanted.index * 1000)
    night = node.execute(NoteDrift(), actor=ANNA)
    assert wanted.alarming  # it learned from days on which it knew nobody yet
    assert "model chance" in night.alarms
    assert night.explored_permille > 20


def test_a_way_that_rises_is_named_with_its_place_and_doubt_goes_there_the_next_day(day):
    """The model knew 26 weeks with nobody renamed; then a whole ship is of exporters named like earlier ones."""
    node, clock, digest, folder = day
    known = load(folder / "node" / MODELS, digest)
    weeks = {"declared": [60] * 26, "shown": {"renamed": [0] * 26}}
    card = {**known.card, "watch": {**known.card["watch"], "ways": weeks}}
    digest = keep(replace(known, card=card), folder / "node" / MODELS)
    node.execute(KeepModel(digest), actor=ANNA)
    node.execute(PromoteModel(digest), actor=BEN)
    path = write_day(folder / "renamed.csv", day=20)
    path.write_text(path.read_text().replace(",EXPORTER", ",EXPORTER NEW"))
    usual = node.execute(AssessMessages((path,), capacity=FEW, seed=20), actor=ANNA).assessment
    risen = node.ask(MeasureDrift(), actor=ANNA).model.risen
    first = next(each for each in risen if each.way == "renamed")
    assert (first.weeks, first.seen, first.surplus_permille) == (1, 60, 1000)
    assert [(each.what, each.value) for each in first.places][1:] == [("origin", "CN"), ("through", "CN")]
    night = node.execute(NoteDrift(), actor=ANNA)
    assert "way renamed" in night.alarms
    assert night.explored_permille == 30
    clock.later(days=1)
    later = node.execute(AssessMessages((path,), capacity=FEW, seed=20), actor=ANNA)
    settings = json.loads(later.run.manifest)["settings"]
    assert (settings["unsure_share_permille"], settings["unsure_ways"]) == ("30", "renamed=1000,successor=996")
    assert usual.learned["high_ppm"].max() < later.assessment.learned["high_ppm"].max()
    assert node.ask(ReplayRun(later.run.id), actor=ANNA).same_output
