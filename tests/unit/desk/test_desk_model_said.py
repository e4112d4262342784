"""The desk shows what the model says, hatched beside rules and history, and takes a dispute of a reason."""

from __future__ import annotations

import re

import pytest

from desk_visits import NO_HURRY, Whole
from learning_days import assess_day, learned_days, next_morning
from learning_needs import needs_lightgbm
from nodes import ANNA, BEN, copied
from pratique.node import Node
from pratique.node.handlers.models import PromoteModel
from pratique.node.handlers.queue_page import QueuePage
from pratique.node.jobs import JobBoard
from pratique.server.compose import Serving, build_server

pytestmark = [needs_lightgbm, pytest.mark.long]
FEW = {"open": 0, "scan": 0, "documents": 10}


@pytest.fixture
def spoken(tmp_path):
    """The server of a node in which the promoted model spoke, and the consignment at the top of its queue."""
    folder = copied(learned_days, tmp_path / "copy")
    clock, digest = next_morning(folder)
    with Node.open(folder / "node", clock=clock, randomness=lambda: 1) as node:
        node.execute(PromoteModel(digest), actor=BEN)
        run = assess_day(node, folder, 20, slots=FEW).run.id
        board = JobBoard(folder / "node", clock=clock)
        app = build_server(node, board=board, serving=Serving(demonstration=True, bounds=NO_HURRY))
        line = node.ask(QueuePage(run=run, limit=1), actor=ANNA).rows[0]
        yield Whole(node, board, app), run, line


def test_queue_and_consignment_show_the_model_and_a_reason_is_disputed_and_taken_back(spoken):
    whole, run, line = spoken
    browser, csrf = whole.signed_in()
    queue = browser.get(f"/queue/{run}").text
    assert "By expected value, money weighs 35%" in queue
    assert 'class="w-model"' in queue
    assert "Chance of a find" in queue
    page = browser.get(f"/consignment/{line.consignment_id}").text
    assert "What the model says" in page
    assert "A control of it finds something with a chance of" in page
    assert "At stake where something is found" in page
    assert 'class="w-model"' in page
    assert "{" not in re.sub(r"<[^>]*>", "", page.partition("Why this consignment")[2].partition("</table>")[0])
    reason = next(each.profile_id for each in line.reasons if each.profile_id.startswith("model."))
    said = {"csrf": csrf, "reason": reason, "because": "lawful", "note": "checked with the ministry"}
    assert browser.post(f"/consignment/{line.consignment_id}/dispute", data=said).status_code == 303
    page = browser.get(f"/consignment/{line.consignment_id}").text
    assert "Disputed by" in page
    act = re.search(r'action="(/acts/\d+/undo)"', page)[1]
    assert browser.post(act, data={"csrf": csrf, "from": "page"}).status_code == 303
    assert "Disputed by" not in browser.get(f"/consignment/{line.consignment_id}").text


def test_a_model_in_shadow_is_shown_and_counts_nothing(spoken, tmp_path):
    whole, run, _ = spoken
    assert whole.node.ask(QueuePage(run=run, limit=1), actor=ANNA).by_value
    folder = copied(learned_days, tmp_path / "shadow")
    clock, _ = next_morning(folder)
    with Node.open(folder / "node", clock=clock, randomness=lambda: 1) as node:
        run = assess_day(node, folder, 20, slots=FEW).run.id
        board = JobBoard(folder / "node", clock=clock)
        app = build_server(node, board=board, serving=Serving(demonstration=True, bounds=NO_HURRY))
        shown = node.ask(QueuePage(run=run, limit=1), actor=ANNA)
        browser, _ = Whole(node, board, app).signed_in()
        page = browser.get(f"/consignment/{shown.rows[0].consignment_id}").text
    assert not shown.by_value
    assert shown.rows[0].points.model == 0
    assert "A model in shadow, which counts nothing yet" in page
    assert "What the model says" not in page
