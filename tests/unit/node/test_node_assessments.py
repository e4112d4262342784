"""Assessments on a node: one run, stored whole, explained, replayed and compared."""

from datetime import timedelta
from pathlib import Path

import pytest

from nodes import ANNA, BEN, NOON, new_node, open_node, write_manifest, write_own_list
from pratique.node.frame_cache import FrameCache
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.consignments import ExplainConsignment, ShowConsignment
from pratique.node.handlers.lists import LoadList
from pratique.node.handlers.profiles import ActivateProfile, AddProfile, RetireProfile
from pratique.node.handlers.queue import ListQueue
from pratique.node.handlers.runs import CompareRuns, ListRuns, ReplayRun, ShowRun
from pratique.vocabulary.errors import Category, PratiqueError

pytestmark = pytest.mark.long


def test_run_is_listed_shown_and_explained_by_id_and_by_bill(tmp_path: Path) -> None:
    path = write_manifest(tmp_path / "manifest.csv")
    listed = write_own_list(tmp_path / "own.csv", "NORTHWIND EXPORT 7")
    with new_node(tmp_path / "node") as node:
        node.execute(LoadList("own", (listed,)), actor=ANNA)
        done = node.execute(AssessMessages((path,), capacity={"open": 1, "scan": 1, "documents": 1}), actor=ANNA)
        assert [run.id for run in node.ask(ListRuns(), actor=ANNA)] == [done.run.id]
        assert node.ask(ShowRun(done.run.id.lower()), actor=ANNA).manifest["seed"] == 20261005
        everything = node.ask(ListQueue(channel="all"), actor=ANNA)
        assert [row.rank for row in everything.rows] == list(range(1, 13))
        explained = node.ask(ExplainConsignment("BILL0007"), actor=ANNA)
        assert explained.hits[0]["listed_name"] == "NORTHWIND EXPORT 7"
        assert sum(reason.reason.points for reason in explained.reasons) == explained.score["score"]
        assert all(reason.profile_text for reason in explained.reasons)
        shown = node.ask(ShowConsignment(explained.found.chosen.id.lower()), actor=ANNA)
        assert shown.consignment["transport_contract_document_id"] == "BILL0007"
        assert {party["name"] for party in shown.parties} == {"NORTHWIND EXPORT 7", "SOUTHGATE IMPORT 7"}


def test_control_list_has_what_takes_time_and_a_limit_says_how_many_there_are(tmp_path: Path) -> None:
    path = write_manifest(tmp_path / "manifest.csv")
    with new_node(tmp_path / "node") as node:
        node.execute(AssessMessages((path,), capacity={"open": 2, "scan": 1, "documents": 1}), actor=ANNA)
        whole, cut = node.ask(ListQueue(), actor=ANNA), node.ask(ListQueue(limit=1), actor=ANNA)
        green = node.ask(ListQueue(channel="green"), actor=ANNA)
        assert {row.control for row in whole.rows if not row.unplaced} <= {"open", "scan", "documents", "audit"}
        assert whole.total + green.total == 12
        assert (len(cut.rows), cut.total) == (1, whole.total)
        with pytest.raises(PratiqueError) as refused:
            node.ask(ListQueue(channel="purple"), actor=ANNA)
        assert refused.value.code == "queue.no_channel"


def test_replay_gives_the_same_hash_after_the_past_lists_profiles_and_rates_have_changed(tmp_path: Path) -> None:
    first = write_manifest(tmp_path / "first.csv")
    amended = write_manifest(tmp_path / "amended.csv", mass_kg=2000, reference="REF2", function="change")
    with new_node(tmp_path / "node") as node:
        node.execute(AssessMessages((first,)), actor=ANNA)
        done = node.execute(AssessMessages((amended,)), actor=ANNA)
        node.execute(LoadList("own", (write_own_list(tmp_path / "own.csv", "NORTHWIND EXPORT 7"),)), actor=ANNA)
        for profile in {reason.profile_id for row in node.ask(ListQueue(), actor=ANNA).rows for reason in row.reasons}:
            node.execute(RetireProfile(profile), actor=ANNA)
        node.execute(AssessMessages((amended,)), actor=ANNA)
    with open_node(tmp_path / "node", moment=NOON + timedelta(days=400), seed=1) as node:
        replayed = node.ask(ReplayRun(done.run.id), actor=BEN)
    assert (replayed.same_output, replayed.same_code, replayed.moved) == (True, True, ())
    assert replayed.output_sha256 == done.run.output_sha256


def test_amendment_is_the_next_version_and_the_newest_is_shown(tmp_path: Path) -> None:
    first = write_manifest(tmp_path / "first.csv")
    amended = write_manifest(tmp_path / "amended.csv", mass_kg=2000, reference="REF2", function="change")
    with new_node(tmp_path / "node") as node:
        node.execute(AssessMessages((first,)), actor=ANNA)
        node.execute(AssessMessages((amended,)), actor=ANNA)
        found = node.ask(ExplainConsignment("BILL0003"), actor=ANNA)
    assert (found.found.chosen.version, [other.version for other in found.found.others]) == (2, [1])
    assert found.found.ambiguous
    assert (found.version["change"], found.version["changed_fields"]) == ("changed", ["gross_mass_g"])


def test_an_original_that_comes_after_its_amendment_gets_no_control_and_changes_nothing_known(tmp_path: Path) -> None:
    amended = write_manifest(tmp_path / "amended.csv", bills=3, mass_kg=2000, reference="REF2", function="change")
    original = write_manifest(tmp_path / "original.csv", bills=3, reference="REF1")
    with new_node(tmp_path / "node") as node:
        first = node.execute(AssessMessages((amended,)), actor=ANNA)
        late = node.execute(AssessMessages((original,)), actor=ANNA)
        assert (first.run.chosen_count, late.run.chosen_count) == (3, 0)
        assert node.ask(ReplayRun(late.run.id), actor=ANNA).same_output
        told = node.ask(ShowConsignment("BILL0001"), actor=ANNA)
        assert (told.found.run.id, told.consignment["gross_mass_g"]) == (first.run.id, 2_001_000)
        (superseded,) = told.found.others
        late_one = node.ask(ShowConsignment(superseded.id), actor=ANNA)
        assert late_one.found.run.id == late.run.id
        assert "amendment.superseded" in {finding["rule"] for finding in late_one.findings}
        newest = write_manifest(tmp_path / "newest.csv", bills=3, reference="REF3", function="change")
        again = node.execute(AssessMessages((newest,)), actor=ANNA)
        assert again.run.chosen_count == 3  # against the amendment, which stands


def test_same_file_assessed_again_is_a_new_run_and_the_file_is_said_to_be_the_same(tmp_path: Path) -> None:
    path = write_manifest(tmp_path / "manifest.csv")
    with new_node(tmp_path / "node") as node:
        first, second = (node.execute(AssessMessages((path,)), actor=ANNA) for _ in range(2))
        assert first.run.id != second.run.id
        assert "amendment.same_file" in second.assessment.manifest.findings["rule"]
        assert not node.ask(ExplainConsignment("BILL0003"), actor=ANNA).found.ambiguous


def test_parties_of_a_file_count_once_however_often_it_is_assessed(tmp_path: Path) -> None:
    path = write_manifest(tmp_path / "manifest.csv", bills=2)
    later = write_manifest(tmp_path / "later.csv", bills=2, reference="REF2", mass_kg=5)
    with new_node(tmp_path / "node") as node:
        for each in (path, path, later, later):
            done = node.execute(AssessMessages((each,)), actor=ANNA)
        frames = node.ask(ShowRun(done.run.id), actor=ANNA).manifest["frames"]
        from pratique.node.lake import read_frame

        known = read_frame(node.folder, frames["known_parties"])
        routes = read_frame(node.folder, frames["known_routes"])
    assert set(known["consignment_count"]) == {2}
    assert routes.to_dicts() == [{"loading_location": "CNSHA", "unloading_location": "KEMBA", "bill_count": 2}]


def test_comparison_names_the_inputs_that_changed_and_the_decisions_that_moved(tmp_path: Path) -> None:
    path = write_manifest(tmp_path / "manifest.csv")
    text = (
        "id: test.every\nsentence: Everything.\nrule: goods_count >= 0\nowner: test\nlegal_basis: law\n"
        "risk_type: security\npoints: 30\nvalid_from: 2026-01-01\ncontrol: open\n"
    )
    with new_node(tmp_path / "node") as node:
        before = node.execute(AssessMessages((path,), seed=7), actor=ANNA)
        node.execute(AddProfile(text.replace("goods_count >= 0", "gross_mass_g > 0")), actor=ANNA)
        node.execute(ActivateProfile("test.every", 1), actor=BEN)
        after = node.execute(AssessMessages((path,), seed=7, capacity={"open": 3}), actor=ANNA)
        compared = node.ask(CompareRuns(before.run.id, after.run.id), actor=ANNA)
    changed = {each.name: (each.before, each.after) for each in compared.inputs}
    assert changed["profile test.every"] == (None, "version 1")
    assert changed["capacity open"] == ("12", "3")
    assert "seed" not in changed
    assert len(compared.moved) == 12
    assert all(moved.score_after == (moved.score_before or 0) + 30 for moved in compared.moved)


def test_overdue_list_is_said_at_every_assessment(tmp_path: Path) -> None:
    path = write_manifest(tmp_path / "manifest.csv", bills=1)
    with new_node(tmp_path / "node") as node:
        node.execute(LoadList("own", (write_own_list(tmp_path / "own.csv", "EASTBANK"),)), actor=ANNA)
        assert node.execute(AssessMessages((path,)), actor=ANNA).warnings == ()
    with open_node(tmp_path / "node", moment=NOON + timedelta(days=366)) as node:
        for _ in range(2):
            (warning,) = node.execute(AssessMessages((path,)), actor=ANNA).warnings
            assert (warning.rule, warning.params["list_id"]) == ("lists.overdue", "own")


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_seed_out_of_range_is_refused(tmp_path: Path, seed: int) -> None:
    path = write_manifest(tmp_path / "manifest.csv", bills=1)
    with new_node(tmp_path / "node") as node, pytest.raises(PratiqueError) as refused:
        node.execute(AssessMessages((path,), seed=seed), actor=ANNA)
    assert refused.value.code == "runs.bad_seed"


def test_unknown_run_and_consignment_are_not_found(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node:
        for query in (ShowRun("NOTHING1"), ReplayRun("NOTHING1"), ExplainConsignment("B"), ShowConsignment("B")):
            with pytest.raises(PratiqueError) as refused:
                node.ask(query, actor=ANNA)
            assert refused.value.category is Category.NOT_FOUND


def test_frame_that_was_damaged_is_broken_and_never_shown_as_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pratique.node.lake.FRAMES", FrameCache(most_bytes=0))  # another test may have had this frame
    path = write_manifest(tmp_path / "manifest.csv", bills=1)
    with new_node(tmp_path / "node") as node:
        node.execute(AssessMessages((path,)), actor=ANNA)
        next((tmp_path / "node" / "lake").rglob("decisions-*")).write_bytes(b"PAR1")
        with pytest.raises(PratiqueError) as refused:
            node.ask(ListQueue(), actor=ANNA)
    assert refused.value.category is Category.BROKEN
