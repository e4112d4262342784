"""Controls in the hand of an inspection officer: the list, one control with its checklist and photos, its outcome."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from starlette.datastructures import UploadFile
from starlette.responses import Response

from pratique.desk.pages.queue_rows import sentence
from pratique.desk.visit import Visit
from pratique.flow.controls.catalogue import ANSWERS, catalogue
from pratique.node.controls.order_lines import OrderLine
from pratique.node.controls.reason_codes import reason_codes
from pratique.node.errors import refuse
from pratique.node.handlers.evidence import AttachEvidence, ShowEvidence
from pratique.node.handlers.orders import (
    AnswerSteps,
    AssignControl,
    ListControls,
    OrdersShown,
    ReferControl,
    StartControl,
    StepAnswer,
)
from pratique.node.handlers.outcomes import OrderShown, RecordOutcome, ShowOrder
from pratique.node.handlers.queue_page import QueuePage
from pratique.node.handlers.reconciling import ReconcileControls
from pratique.node.handlers.resources import ShowResources
from pratique.node.runs.queue_lines import QueueLine
from pratique.vocabulary.errors import PratiqueError
from pratique.vocabulary.sentences import coded

MOST_SHOWN: Final = 300
LATELY: Final = timedelta(days=14)
IMAGES: Final = ("image/jpeg", "image/png", "image/webp")
OPEN_STATES: Final = ("ordered", "assigned", "started")


def show_list(visit: Visit) -> Response:
    """Open controls in one's own hands or in nobody's; every order of these days for who asks for all."""
    view = "all" if visit.asked("view") == "all" else "mine"
    since = None if view == "mine" else visit.now - LATELY
    found: OrdersShown = visit.ask(ListControls(mine=view == "mine", since=since))
    orders = sorted(found.orders, key=lambda each: (each.state not in OPEN_STATES, each.state != "started"))
    return visit.page(
        "controls.html",
        orders=orders[:MOST_SHOWN],
        total=len(orders),
        view=view,
        may_reconcile=visit.may(ReconcileControls),
        coded=words_of(visit),
    )


def show(visit: Visit, error: PratiqueError | None = None) -> Response:
    """One control, as it is worked through on a phone."""
    shown: OrderShown = visit.ask(ShowOrder(visit.request.path_params["order"]))
    line = shown.line
    seen = _declared(visit, line)
    return visit.page(
        "control.html",
        422 if error else 200,
        shown=shown,
        line=line,
        seen=seen,
        look_for=[sentence(visit, each) for each in seen.reasons] if seen else [],
        answers=ANSWERS,
        open_steps=[step.code for step in shown.kind.steps if step.code not in shown.answers],
        shifts=_shifts(visit, line) if line.state in OPEN_STATES[:2] else [],
        may_work=visit.may(StartControl, AnswerSteps, RecordOutcome),
        may_assign=visit.may(AssignControl),
        reasons={act: reason_codes()[act] for act in ("order", "not_controlled")},
        codes=catalogue(),
        images=IMAGES,
        refusal=visit.retold(error) if error else None,
        coded=words_of(visit),
    )


def start(visit: Visit) -> Response:
    """The officer has it in hand."""
    visit.execute(StartControl(_order(visit)))
    return _back(visit)


def steps(visit: Visit) -> Response:
    """The answers of the checklist that were given; steps without one stay open."""
    answers = []
    for step in catalogue().types[visit.given("control")].steps if visit.given("control") in catalogue().types else ():
        answer = visit.given(f"answer-{step.code}")
        if answer:
            answers.append(StepAnswer(step.code, answer, visit.given(f"text-{step.code}")))
    return _done(visit, lambda: visit.execute(AnswerSteps(_order(visit), tuple(answers))))


def photo(visit: Visit) -> Response:
    """Photos and documents, each kept under its digest."""
    came = [file for file in visit.form.getlist("file") if isinstance(file, UploadFile) and file.filename]
    if not came:
        return show(visit, refuse("desk.no_file"))
    visit.desk.node.admit(AttachEvidence(_order(visit), Path()), actor=visit.actor)  # before a file is kept

    def keep() -> None:
        for file in came:
            place = visit.desk.jobs.place(file.filename or "")
            try:
                with place.open("wb") as target:
                    shutil.copyfileobj(file.file, target)
                command = AttachEvidence(_order(visit), place, visit.given("step") or None, file.filename)
                visit.execute(command)
            finally:
                shutil.rmtree(place.parent, ignore_errors=True)

    return _done(visit, keep)


def evidence(visit: Visit) -> Response:
    """A photo as it was taken; anything else as a file to keep, which no browser runs."""
    params = visit.request.path_params
    found = visit.ask(ShowEvidence(params["order"], params["sha256"]))
    kind = found.evidence.media_type
    headers = {"X-Content-Type-Options": "nosniff"}
    if kind not in IMAGES:
        headers["Content-Disposition"] = f'attachment; filename="{found.evidence.sha256[:12]}"'
    return Response(found.content, media_type=kind, headers=headers)


def assign(visit: Visit) -> Response:
    """Gives the order to a resource on a shift."""
    resource, _, shift = visit.given("place").partition("/")
    try:
        day = date.fromisoformat(visit.given("day"))
    except ValueError:
        return show(visit, refuse("controls.not_understood", word=visit.given("day")))
    command = AssignControl(_order(visit), resource, day, shift, visit.given("officer"))
    return _done(visit, lambda: visit.execute(command))


def refer(visit: Visit) -> Response:
    """Another control has to follow; on to its page."""
    command = ReferControl(_order(visit), visit.given("control"), visit.given("reason"), visit.given("note"))
    try:
        follows = visit.execute(command)
    except PratiqueError as error:
        return show(visit, error)
    return visit.go(f"/controls/{follows.id}")


def words_of(visit: Visit) -> Callable[[str, str | None], str]:
    """What a coded value is called in the language of the page."""
    return lambda kind, code: coded(kind, code, visit.language) if code else ""


def _order(visit: Visit) -> str:
    return str(visit.request.path_params["order"])


def _back(visit: Visit) -> Response:
    return visit.go(f"/controls/{_order(visit)}")


def _done(visit: Visit, act: Callable[[], object]) -> Response:
    """Back to the control; a refusal stands above it, so that an officer at the box loses nothing."""
    try:
        act()
    except PratiqueError as error:
        if error.category.http_status == 403:
            raise
        return show(visit, error)
    return _back(visit)


def _declared(visit: Visit, line: OrderLine) -> QueueLine | None:
    """What was declared and why it stands out; nothing where the advance data is gone or not this officer's to see."""
    try:
        rows = visit.ask(QueuePage(run=line.run, only=(line.consignment_id,), limit=1)).rows
    except PratiqueError:
        return None
    return rows[0] if rows else None


def _shifts(visit: Visit, line: OrderLine) -> list[tuple[str, str]]:
    """``resource/shift`` and its words, of the resources that can carry this control out."""
    wanted = catalogue().types[line.control].resource
    return [
        (f"{each.id}/{shift.name}", f"{each.name}, {shift.name}")
        for each in visit.ask(ShowResources(days=1)).resources
        if each.kind == wanted and each.out_of_use is None
        for shift in each.shifts
    ]
