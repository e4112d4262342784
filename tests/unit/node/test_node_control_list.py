"""Acts on the control list: select, waive, override, undo; and what is refused."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from control_lists import page, two_ships
from nodes import ANNA, BEN, copied, open_node
from pratique.node import Node
from pratique.node.acts import Command
from pratique.node.controls.reason_codes import LONGEST_NOTE, reason_codes
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.consignments import ExplainConsignment
from pratique.node.handlers.control_list import (
    ActDone,
    ListControlActs,
    ListReasonCodes,
    OverrideDecision,
    SelectConsignment,
    WaiveConsignment,
)
from pratique.node.handlers.journal import ReadJournal
from pratique.node.handlers.queue import ListQueue
from pratique.node.handlers.queue_page import QueueLine
from pratique.node.handlers.runs import ReplayRun
from pratique.node.handlers.undoing import UndoAct
from pratique.vocabulary.errors import Category, PratiqueError
from pratique.vocabulary.sentences import known_codes


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with open_node(copied(two_ships, tmp_path) / "node") as made:
        yield made


def line(node: Node, consignment_id: str) -> QueueLine:
    return next(row for row in page(node).rows if row.consignment_id == consignment_id)


def run(node: Node) -> str:
    return page(node).run.id


def refusal(node: Node, command: Command[Any]) -> tuple[str, Category]:
    before = page(node)
    with pytest.raises(PratiqueError) as refused:
        node.execute(command, actor=ANNA)
    assert page(node) == before
    return refused.value.code, refused.value.category


def test_a_selected_consignment_is_on_the_list_with_its_officer_and_the_system_proposal_beside_it(node: Node) -> None:
    low = page(node).rows[-1]
    done = node.execute(SelectConsignment(run(node), low.consignment_id, "open"), actor=BEN)
    after = line(node, low.consignment_id)
    assert (after.control, after.channel, after.basis, after.group) == ("open", "red", "officer", "listed")
    assert after.proposed_control == low.control == "none"
    assert [(act.kind, act.by, act.seq) for act in after.acts] == [("selected", BEN.name, done.act.seq)]
    assert page(node).list_sha256 != done.list_sha256  # of the call alone
    assert page(node, call=after.call_id).list_sha256 == done.list_sha256


def test_a_waived_consignment_leaves_the_list_and_says_why(node: Node) -> None:
    top = page(node).rows[0]
    node.execute(WaiveConsignment(run(node), top.consignment_id, "no_means"), actor=ANNA)
    after = line(node, top.consignment_id)
    assert (after.control, after.waived, after.left_open, after.group) == ("none", True, False, "below")
    assert after.acts[-1].reason == "no_means"
    assert top.consignment_id not in {row.consignment_id for row in node.ask(ListQueue(), actor=ANNA).rows}


def test_an_override_changes_the_control_and_is_counted_by_its_reason(node: Node) -> None:
    top = page(node).rows[0]
    node.execute(OverrideDecision(run(node), top.consignment_id, "open", "information"), actor=ANNA)
    assert line(node, top.consignment_id).control == "open"
    found = node.ask(ListControlActs(), actor=ANNA)
    assert [(count.kind, count.reason, count.count) for count in found.counts] == [("overridden", "information", 1)]
    explained = node.ask(ExplainConsignment(top.consignment_id), actor=ANNA)
    assert (explained.decision["control"], explained.decision["basis"]) == ("open", "officer")


def test_the_newest_act_counts_and_undoing_it_brings_back_the_one_before(node: Node) -> None:
    top = page(node).rows[0]
    wanted = "open" if top.control != "open" else "scan"
    node.execute(OverrideDecision(run(node), top.consignment_id, wanted, "control_unfit"), actor=ANNA)
    second = node.execute(WaiveConsignment(run(node), top.consignment_id, "data_fault"), actor=BEN)
    node.execute(UndoAct(second.act.seq), actor=BEN)
    assert line(node, top.consignment_id).control == wanted
    acts = node.ask(ListControlActs(), actor=ANNA).acts
    assert [(act.kind, act.undone_by) for act in acts] == [("overridden", None), ("waived", BEN.name)]


def test_acts_change_nothing_of_the_run_itself(node: Node) -> None:
    top = page(node).rows[0]
    node.execute(WaiveConsignment(run(node), top.consignment_id, "no_means"), actor=ANNA)
    assert node.ask(ReplayRun(run(node)), actor=ANNA).same_output


def test_what_cannot_be_is_refused_and_changes_nothing(node: Node) -> None:
    rows = page(node).rows
    top, low, here = rows[0].consignment_id, rows[-1].consignment_id, run(node)
    refused = {
        refusal(node, SelectConsignment(here, "NOBODY12")): ("control.not_in_run", Category.NOT_FOUND),
        refusal(node, SelectConsignment("NORUN", top)): ("runs.not_found", Category.NOT_FOUND),
        refusal(node, SelectConsignment(here, top, "audit")): ("control.no_control", Category.REJECTED),
        refusal(node, OverrideDecision(here, top, "burn", "other", "x")): ("control.no_control", Category.REJECTED),
        refusal(node, SelectConsignment(here, top, rows[0].control)): ("control.is_so_already", Category.CONFLICT),
        refusal(node, WaiveConsignment(here, low, "no_means")): ("control.nothing_to_waive", Category.CONFLICT),
        refusal(node, WaiveConsignment(here, top, "tired")): ("control.no_reason", Category.REJECTED),
        refusal(node, WaiveConsignment(here, top, "other", "  ")): ("control.note_needed", Category.REJECTED),
        refusal(node, WaiveConsignment(here, top, "no_means", "x" * (LONGEST_NOTE + 1))): (
            "control.note_too_long",
            Category.REJECTED,
        ),
        refusal(node, WaiveConsignment(here, top, "no_means", "a\x1b[2J")): (
            "control.note_unprintable",
            Category.REJECTED,
        ),
        refusal(node, UndoAct(1)): ("control.no_act", Category.NOT_FOUND),
    }
    assert [told for told in refused.items() if told[0] != told[1]] == []


def test_an_act_is_undone_once(node: Node) -> None:
    top = page(node).rows[0]
    done = node.execute(WaiveConsignment(run(node), top.consignment_id, "no_means"), actor=ANNA)
    node.execute(UndoAct(done.act.seq), actor=ANNA)
    assert refusal(node, UndoAct(done.act.seq)) == ("control.undone_already", Category.CONFLICT)


def test_a_consignment_that_a_later_version_replaced_cannot_be_selected(node: Node, tmp_path: Path) -> None:
    twice = (tmp_path / "twice.csv").with_suffix(".csv")
    text = (tmp_path / "ships.csv").read_text().splitlines()
    twice.write_text("\n".join([text[0], text[1], text[1].replace("REF1231W", "REF2231W")]) + "\n")
    made = node.execute(AssessMessages((twice,)), actor=ANNA).run.id
    replaced = [row for row in page(node, run=made).rows if row.bill == "BILL0000"]
    assert len(replaced) == 2
    outcomes = set()
    for row in replaced:
        try:
            node.execute(SelectConsignment(made, row.consignment_id, "open"), actor=ANNA)
            outcomes.add("selected")
        except PratiqueError as refused:
            outcomes.add(refused.code)
    assert outcomes <= {"selected", "control.not_standing", "control.is_so_already"}
    assert "control.not_standing" in outcomes


def test_the_journal_has_one_entry_for_each_act_and_no_word_of_the_note(node: Node) -> None:
    top = page(node).rows[0]
    done: ActDone = node.execute(
        WaiveConsignment(run(node), top.consignment_id, "other", "Mr Example told me"), actor=ANNA
    )
    entry = node.ask(ReadJournal(1), actor=ANNA)[-1]
    assert (entry.seq, entry.entry) == (done.act.seq, "control.waived")
    assert "Example" not in entry.command
    assert json.loads(entry.command)["consignment"] == top.consignment_id


def test_every_reason_code_has_words_and_is_listed(node: Node) -> None:
    listed = node.ask(ListReasonCodes(), actor=ANNA)
    assert {(each.act, each.code) for each in listed} == {
        (act, code) for act, codes in reason_codes().items() for code in codes
    }
    assert [each.code for each in listed if f"reason.{each.code}" not in known_codes()] == []
