"""What the node assessed, and what its controls found, as the tables that a model learns from."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from control_days import Clock, approve_all, finished, open_day, orders
from nodes import ANNA, new_node, write_manifest
from pratique.flow.learning.columns import DECLARATION, brought, fitting
from pratique.flow.learning.labels import labels_of_table
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.effectiveness import MeasureEffectiveness
from pratique.node.handlers.past_declarations import ListPastDeclarations
from pratique.node.handlers.results import ListControlResults
from pratique.node.learning.tables import denoted
from pratique.vocabulary.errors import PratiqueError


def test_a_bill_that_is_amended_is_one_declaration_and_what_has_no_heading_is_counted(tmp_path: Path) -> None:
    first = write_manifest(tmp_path / "first.csv", bills=2)
    first.write_text(first.read_text().replace("MACHINE PARTS LOT 1,847330", "MACHINE PARTS LOT 1,"))
    later = write_manifest(tmp_path / "later.csv", bills=1, mass_kg=700, reference="REF2", function="change")
    with new_node(tmp_path / "node") as node:
        for file in (first, later):
            node.execute(AssessMessages((file,)), actor=ANNA)
        past = node.ask(ListPastDeclarations(), actor=ANNA)
    assert past.rows.schema == DECLARATION
    assert past.rows.select("hs6", "packages", "gross_mass_g", "importer", "dispatch").rows() == [
        ("847330", 10, 700_000, "SOUTHGATE IMPORT 0", "CN")
    ]
    assert past.incomplete == 1


def test_results_of_controls_find_their_declarations(tmp_path: Path) -> None:
    clock = Clock()
    with open_day(tmp_path, clock) as node:
        approve_all(node)
        order = orders(node)[0]
        finished(node, order)
        past = node.ask(ListPastDeclarations(), actor=ANNA).rows
        results = node.ask(ListControlResults(), actor=ANNA).results
        later = node.ask(ListPastDeclarations(since=clock.moment.date() + timedelta(days=1)), actor=ANNA)
    data = brought(past, fitting(past.columns), denoted)
    labels = labels_of_table(results, data, denoted)
    assert (labels.rows["consignment"].to_list(), labels.unknown) == ([order.consignment_id], 0)
    assert later.rows.is_empty()


def test_the_effectiveness_of_a_day_counts_its_results_and_a_period_that_ends_first_is_refused(tmp_path: Path) -> None:
    clock = Clock()
    with open_day(tmp_path, clock) as node:
        approve_all(node)
        finished(node, orders(node)[0])
        told = node.ask(MeasureEffectiveness(), actor=ANNA).measure
        with pytest.raises(PratiqueError, match=r"ends .* before it begins"):
            node.ask(MeasureEffectiveness(date(2026, 10, 2), date(2026, 10, 1)), actor=ANNA)
    assert told.controlled == 1
    assert sum(each.controlled for each in told.by_reason) == 1
    assert told.consignments > 1
