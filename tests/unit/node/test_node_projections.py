"""A profile tried on a stored run: what it would do is what it then does."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from control_lists import page, two_ships
from nodes import ANNA, BEN, copied, open_node
from pratique.flow.risk.profiles import ProfileError
from pratique.node import Node
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.profiles import ActivateProfile, AddProfile
from pratique.node.handlers.projections import Projection, ProjectProfile

PROFILE = """id: test.second_ship
sentence: "{consignee_name} receives {gross_mass_g}."
rule: vessel_name == "CORMORANT BAY" && gross_mass_g > 901000
owner: test
legal_basis: test
risk_type: security
points: 70
valid_from: 2026-01-01
control: scan
"""


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with open_node(copied(two_ships, tmp_path) / "node") as made:
        yield made


def tried(node: Node, text: str = PROFILE) -> Projection:
    return node.ask(ProjectProfile(text), actor=ANNA)


def test_what_a_profile_would_do_is_what_it_does_once_it_is_in_force(node: Node, tmp_path: Path) -> None:
    found = tried(node)
    assert (found.fires, found.newly_above, found.fired_before, found.points) == (4, 4, 0, 70)
    assert {each.bill for each in found.examples} == {"BILL0102", "BILL0103", "BILL0104", "BILL0105"}
    draft = node.execute(AddProfile(PROFILE), actor=ANNA)
    node.execute(ActivateProfile(draft.id, draft.version), actor=BEN)
    run = node.execute(AssessMessages((tmp_path / "ships.csv",)), actor=ANNA).run.id
    fired = [row for row in page(node, run=run).rows if any(r.profile_id == draft.id for r in row.reasons)]
    assert {row.bill for row in fired} == {each.bill for each in found.examples}
    again = tried(node)
    assert (again.run.id, again.fires, again.newly_above, again.fired_before) == (run, 4, 0, 4)


def test_a_reason_tried_shows_what_it_would_say(node: Node) -> None:
    reason = next(each.reason for each in tried(node).examples if each.bill == "BILL0103")
    assert (reason.source, reason.points, reason.params["gross_mass_g"]) == ("rules", 70, 903_000)


def test_a_faulty_profile_is_refused_with_its_line_and_nothing_is_kept(node: Node) -> None:
    with pytest.raises(ProfileError) as refused:
        tried(node, PROFILE.replace("vessel_name", "vessel_nam"))
    assert refused.value.line == 3
