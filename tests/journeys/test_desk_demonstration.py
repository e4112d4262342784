"""What `make desk` makes before it serves: today's three ships, and a ship of the week before with its controls."""

from __future__ import annotations

from pathlib import Path

import pytest

from pratique.cli.desk import prepare
from pratique.node import Node, local_operator
from pratique.node.handlers.arrivals import ListArrivals
from pratique.node.handlers.effectiveness import MeasureEffectiveness
from pratique.node.handlers.ledger_verify import VerifyLedger
from pratique.node.handlers.models import ListModels
from pratique.node.handlers.reconciling import ReconcileControls
from pratique.node.handlers.resources import ShowResources

ANNA = local_operator("anna")
pytestmark = pytest.mark.long


def test_every_page_has_something_to_show_and_what_was_controlled_is_proved(tmp_path: Path) -> None:
    prepare(tmp_path / "desk", with_past=True)
    with Node.open(tmp_path / "desk" / "node") as node:
        today = node.ask(ListArrivals(), actor=ANNA)
        past = next(each.run.id for each in node.ask(ListArrivals(None), actor=ANNA).calls if each.has_arrived)
        assert (len(today.calls), today.earlier) == (3, 1)
        assert node.ask(ReconcileControls(past), actor=ANNA).proof.is_whole
        measured = node.ask(MeasureEffectiveness(), actor=ANNA).measure
        assert measured.controlled > 50
        assert sum(each.controls for each in node.ask(ShowResources(), actor=ANNA).resources) > 0
        assert [(each.kind, each.state) for each in node.ask(ListModels(), actor=ANNA)] == [("headings", "in_force")]
        assert node.execute(VerifyLedger(), actor=ANNA).holds
