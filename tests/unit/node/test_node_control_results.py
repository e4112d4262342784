"""What comes after a control: evidence, a second look, labels as of a moment, the board of resources, overrides."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from control_days import CONFORM, DAY, Clock, Seed, approve_all, finished, open_day, orders, put_team
from nodes import ANNA, BEN, local_operator
from pratique.flow.controls.draw import is_drawn
from pratique.flow.controls.outcomes import ControlFinding
from pratique.flow.controls.results import CONTROL_RESULT
from pratique.node import Actor, Node
from pratique.node.controls.outcome_checks import Result
from pratique.node.handlers.control_list import OverrideDecision
from pratique.node.handlers.evidence import AttachEvidence, ShowEvidence
from pratique.node.handlers.offices import PutOffice
from pratique.node.handlers.orders import AssignControl, ListControls, StartControl
from pratique.node.handlers.outcomes import CorrectOutcome, ShowOrder
from pratique.node.handlers.reconciling import ReconcileControls, ReleaseConsignment
from pratique.node.handlers.resources import BringIntoUse, ReadShiftSlots, ShowResources, TakeOutOfUse
from pratique.node.handlers.results import CountOverrides, ListControlResults
from pratique.node.handlers.second_looks import DrawSecondLooks, ShowSecondLooks
from pratique.node.storage.access_officers import Office
from pratique.vocabulary.errors import PratiqueError

CARLA = local_operator("carla")
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"a photo of a seal" * 10
FOUND = Result(
    "discrepancy",
    findings=(
        ControlFinding("undervaluation", value_minor=90_000, currency="EUR"),
        ControlFinding("undeclared", value_minor=10_000, currency="EUR"),
    ),
    duty_recovered_minor=18_000,
    duty_currency="EUR",
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def seed() -> Seed:
    return Seed()


@pytest.fixture
def node(tmp_path: Path, clock: Clock, seed: Seed) -> Iterator[Node]:
    with open_day(tmp_path, clock, seed) as made:
        approve_all(made)
        yield made


def photo(folder: Path, content: bytes = JPEG) -> Path:
    path = folder / "seal.jpg"
    path.write_bytes(content)
    return path


def test_a_photo_is_kept_under_its_digest_and_its_type_is_not_that_of_its_name(node: Node, tmp_path: Path) -> None:
    order = orders(node)[0]
    kept = node.execute(AttachEvidence(order.id, photo(tmp_path)), actor=BEN)
    shown = node.ask(ShowEvidence(order.id, kept.sha256), actor=ANNA)
    assert (shown.content, kept.media_type, kept.file_name) == (JPEG, "image/jpeg", "seal.jpg")
    for content, code in ((b"<script>", "controls.evidence_type"), (JPEG, "controls.evidence_kept")):
        with pytest.raises(PratiqueError) as refused:
            node.execute(AttachEvidence(order.id, photo(tmp_path, content)), actor=BEN)
        assert refused.value.code == code
    node.folder.path(kept.path).write_bytes(b"another photo")
    with pytest.raises(PratiqueError) as refused:
        node.ask(ShowEvidence(order.id, kept.sha256), actor=ANNA)
    assert refused.value.code == "controls.evidence_changed"


def test_a_second_look_is_another_officers_who_does_not_see_the_first_result(node: Node) -> None:
    order = orders(node)[0]
    finished(node, order, FOUND)
    drawn = node.execute(DrawSecondLooks(1000), actor=ANNA)
    assert (drawn.considered, drawn.drawn) == (1, 1)
    again = next(each for each in orders(node) if each.repeats == order.id)
    with pytest.raises(PratiqueError) as refused:
        node.execute(StartControl(again.id), actor=BEN)
    assert refused.value.code == "controls.same_officer"
    inspector = Actor("officer:jonas", frozenset({"inspection"}), purpose="customs-risk-analysis")
    seen = {each.id: each for each in orders(node, by=inspector)}
    assert (seen[again.id].repeats, seen[again.id].basis) == (None, "selection")
    assert (seen[order.id].outcome, seen[order.id].hidden) == (None, True)
    assert node.ask(ShowOrder(order.id), actor=inspector).records == ()
    with pytest.raises(PratiqueError) as refused:
        node.execute(ReleaseConsignment(order.run, order.consignment_id), actor=ANNA)
    assert refused.value.code == "controls.release_open"
    finished(node, again, CONFORM, by=CARLA)
    looks = node.ask(ShowSecondLooks(), actor=ANNA)
    assert (looks.finished, looks.agreement.only_first, looks.agreement.disagreement_permille) == (1, 1, 1000)
    assert 0 < (looks.agreement.low_permille or 0) < 1000 == looks.agreement.high_permille
    assert node.ask(ShowOrder(order.id), actor=inspector).line.outcome == "discrepancy"


def test_a_second_look_is_no_second_outcome_and_each_control_is_drawn_from_once(node: Node, seed: Seed) -> None:
    made = orders(node)
    for each in made:
        finished(node, each)
    while len(expected := [each.id for each in made if is_drawn(each.id, seed=seed(), probability_ppm=400_000)]) != 2:
        seed.value += 1
    drawn = node.execute(DrawSecondLooks(400), actor=ANNA)
    assert (drawn.considered, drawn.drawn, drawn.seed) == (len(made), 2, seed())
    assert sorted(str(each.repeats) for each in orders(node) if each.repeats) == sorted(expected)
    assert node.ask(ReconcileControls(), actor=ANNA).proof.is_whole
    with pytest.raises(PratiqueError) as refused:
        node.execute(DrawSecondLooks(400), actor=ANNA)
    assert refused.value.code == "controls.nothing_to_draw"


def test_labels_know_no_more_than_one_could_know_then(node: Node, clock: Clock) -> None:
    order, other = orders(node)[:2]
    finished(node, order)
    finished(node, other, Result("not_controlled", reason="left_port"), by=BEN)
    before = clock.moment
    clock.later(days=3)
    node.execute(CorrectOutcome(order.id, FOUND, "later_analysis"), actor=ANNA)
    then = node.ask(ListControlResults(before), actor=ANNA).results
    now = node.ask(ListControlResults(), actor=ANNA).results
    never = node.ask(ListControlResults(before - timedelta(days=1)), actor=ANNA).results
    assert dict(now.schema) == CONTROL_RESULT
    assert (then["found"].to_list(), now["found"].to_list(), never.height) == ([False], [True], 0)
    row = now.row(0, named=True)
    assert (row["consignment"], row["run"], row["control_type"]) == (order.consignment_id, order.run, order.control)
    assert (row["finding_kind"], row["value_minor"], row["duty_recovered_minor"]) == ("undervaluation", 100_000, 18_000)
    assert (row["known_on"] - row["controlled_on"]).days == 3
    assert row["probability"] == (order.probability_ppm or 0) / 1_000_000


def test_the_board_knows_uptime_yield_and_cost_and_gives_the_slots_of_a_shift(node: Node, clock: Clock) -> None:
    put_team(node)
    opening = next(each for each in orders(node) if each.control == "open")
    clock.later(hours=1)
    node.execute(AssignControl(opening.id, "team-a", DAY, "early"), actor=ANNA)
    finished(node, opening, FOUND)
    assert node.ask(ReadShiftSlots("early", DAY), actor=ANNA).slots == {"open": 2, "scan": 0, "documents": 0}
    node.execute(TakeOutOfUse("team-a", "defect"), actor=BEN)
    assert node.ask(ReadShiftSlots("early", DAY), actor=ANNA).out_of_use == ("team-a",)
    clock.later(hours=2)
    node.execute(BringIntoUse("team-a"), actor=BEN)
    clock.later(hours=1)
    (line,) = node.ask(ShowResources(DAY, 1), actor=ANNA).resources
    assert (line.on_duty_s, line.down_s, line.uptime_permille) == (4 * 3600, {"defect": 2 * 3600}, 500)
    assert (line.controls, line.finds) == (1, 1)
    assert [(each.capacity, each.assigned, each.finished) for each in line.shifts] == [(2, 1, 1)]


def test_overrides_are_counted_by_reason_role_and_outcome(node: Node) -> None:
    order = next(each for each in orders(node) if each.control == "scan")
    node.execute(OverrideDecision(order.run, order.consignment_id, "open", "information"), actor=ANNA)
    opening = next(
        each
        for each in orders(node)
        if each.state == "ordered" and each.basis == "selection" and each.consignment_id == order.consignment_id
    )
    finished(node, opening, FOUND)
    counts = {
        (each.kind, each.reason, each.role, each.outcome): each.count for each in node.ask(CountOverrides(), actor=ANNA)
    }
    assert counts["overridden", "information", "local", "discrepancy"] == 1


def test_an_inspection_officer_has_the_controls_of_the_own_office_in_hand(node: Node) -> None:
    for code, places in (("HERE", ("KEMBA",)), ("THERE", ("NLRTM",))):
        office = Office(code, code, time_zone="UTC", opens="06:00", closes="22:00", locations=places)
        node.execute(PutOffice(office), actor=ANNA)

    def in_hand(office: str | None) -> int:
        inspector = Actor("officer:jonas", frozenset({"inspection"}), office=office)
        return len(node.ask(ListControls(mine=True), actor=inspector).orders)

    assert in_hand("HERE") == in_hand(None) == len(orders(node)) > 0
    assert in_hand("THERE") == 0
    theirs = Actor("officer:jonas", frozenset({"inspection"}), office="THERE")
    with pytest.raises(PratiqueError) as refused:
        node.execute(StartControl(orders(node)[0].id), actor=theirs)
    assert refused.value.code == "access.office_of_order"


def test_nobody_is_given_a_control_of_a_far_day(node: Node) -> None:
    put_team(node)
    opening = next(each for each in orders(node) if each.control == "open")
    with pytest.raises(PratiqueError) as refused:
        node.execute(AssignControl(opening.id, "team-a", DAY + timedelta(days=200), "early"), actor=ANNA)
    assert refused.value.code == "resources.day_far"
