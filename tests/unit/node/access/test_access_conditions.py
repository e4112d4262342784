"""Conditions of the table on acts of the control list, and signing in beside an assessment."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from persons import OFFICE, ROOT, Clock, Person, access_node, join, seen, sign_in

from nodes import SEED, copied, write_manifest
from pratique.node import Actor, Node
from pratique.node.access import VISITOR
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.control_list import OverrideDecision, SelectConsignment, WaiveConsignment
from pratique.node.handlers.officers import ChangeOfficer
from pratique.node.handlers.offices import ListOffices, PutOffice
from pratique.node.handlers.queue_page import QueuePage
from pratique.node.handlers.settings import ChangeSetting
from pratique.node.handlers.sign_in import SignInByPassword
from pratique.node.storage.access_officers import Office
from pratique.vocabulary.errors import PratiqueError


@pytest.fixture
def clock() -> Clock:
    return Clock()


def above_a_low_line(folder: Path) -> None:
    with access_node(folder / "node", Clock()) as node:
        node.execute(ChangeSetting("high_line", "1"), actor=ROOT)
        node.execute(AssessMessages((write_manifest(folder / "manifest.csv"),), seed=SEED), actor=ROOT)


@pytest.fixture
def node(tmp_path: Path, clock: Clock) -> Iterator[Node]:
    with Node.open(copied(above_a_low_line, tmp_path) / "node", clock=clock, randomness=lambda: SEED) as made:
        yield made


def refused(node: Node, request: object, actor: Actor) -> str:
    with pytest.raises(PratiqueError) as error:
        node.execute(request, actor=actor)  # type: ignore[arg-type]
    return error.value.code


def officer_of(node: Node, clock: Clock, login: str, office: Office | None) -> Person:
    person = join(node, clock, login)
    if office is not None:
        node.execute(PutOffice(office), actor=ROOT)
        node.execute(ChangeOfficer(login, office=office.code), actor=ROOT)
    return person


def first_row(node: Node, *, above_line: bool | None = None) -> tuple[str, str]:
    page = node.ask(QueuePage(), actor=ROOT)
    row = next(row for row in page.rows if above_line is None or row.above_line is above_line)
    return page.run.id, row.consignment_id


@pytest.mark.parametrize(
    ("office", "may"),
    [
        (Office("KEMBA-1", "Mombasa", locations=("KEMBA",)), True),
        (Office("FRLEH-1", "Le Havre", locations=("FRLEH",)), False),
        (Office("HEAD", "Head office"), True),
        (None, True),
    ],
)
def test_officers_act_on_the_arrivals_of_their_own_office(
    node: Node, clock: Clock, office: Office | None, may: bool
) -> None:
    actor = seen(node, officer_of(node, clock, "ines", office).first).actor
    run, consignment = first_row(node)
    select = SelectConsignment(run, consignment, control="open")
    if may:
        assert node.execute(select, actor=actor).control == "open"
    else:
        assert refused(node, select, actor) == "access.own_office"
        assert refused(node, OverrideDecision(run, consignment, "none", "known_trader"), actor) == "access.own_office"


def test_waiving_above_the_line_needs_the_second_factor_again(node: Node, clock: Clock) -> None:
    person = join(node, clock, "ines")
    run, consignment = first_row(node, above_line=True)
    waive = WaiveConsignment(run, consignment, "controlled_before", "Seen this morning.")
    clock.pass_by(minutes=11)
    assert refused(node, waive, seen(node, person.first).actor) == "access.strong_above_line"
    stronger = sign_in(node, clock, person)
    assert node.execute(waive, actor=seen(node, stronger).actor).waived


def test_act_on_what_is_not_there_says_so_and_is_no_denial(node: Node, clock: Clock) -> None:
    actor = seen(node, officer_of(node, clock, "ines", Office("KEMBA-1", "Mombasa", locations=("KEMBA",))).first).actor
    assert refused(node, SelectConsignment("00000000", "00000000"), actor) == "runs.not_found"


@pytest.mark.parametrize(
    "office",
    [
        Office("kemba", "small letters"),
        Office("KEMBA", ""),
        Office("KEMBA", "x", time_zone="Mars/Olympus"),
        Office("KEMBA", "x", time_zone="../../etc/passwd"),
        Office("KEMBA", "x", opens="25:00"),
        Office("KEMBA", "x", open_days=(0,)),
        Office("KEMBA", "x", locations=("nowhere",)),
        Office("KEMBA", "x", lane_words={"pink": "x"}),
        Office("KEMBA", "x", lane_words={"red": "x" * 31}),
    ],
)
def test_office_that_cannot_be_is_refused(node: Node, office: Office) -> None:
    assert refused(node, PutOffice(office), ROOT) == "offices.unfit"
    assert node.ask(ListOffices(), actor=ROOT) == []


def test_signing_in_does_not_wait_for_who_writes_in_the_main_store(node: Node, clock: Clock) -> None:
    person = join(node, clock, "ines")
    request = SignInByPassword("ines", person.password, person.code(clock), OFFICE)
    started = []
    with node._stores.main.writing() as connection:
        connection.exec_driver_sql("UPDATE setting SET value = value")
        thread = threading.Thread(target=lambda: started.append(node.execute(request, actor=VISITOR)))
        thread.start()
        thread.join(timeout=30)
        assert [each.login for each in started] == ["ines"]
        assert node.ask(QueuePage(), actor=seen(node, started[0]).actor).rows


def test_code_given_twice_at_once_counts_once(node: Node, clock: Clock) -> None:
    person = join(node, clock, "ines")
    request = SignInByPassword("ines", person.password, person.code(clock), OFFICE)
    outcomes: list[str] = []

    def attempt() -> None:
        try:
            outcomes.append(node.execute(request, actor=VISITOR).login)
        except PratiqueError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=attempt) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("ines") == 1
    assert set(outcomes) == {"ines", "sign_in.refused"}
