"""What a control came to: the outcome with its findings, the dossier of it, and the proof that nothing is open."""

from __future__ import annotations

from starlette.responses import Response

from pratique.desk.pages import controls
from pratique.desk.visit import Visit
from pratique.flow.controls.catalogue import catalogue
from pratique.flow.controls.outcomes import ControlFinding
from pratique.node.controls.entered import minor_units, thousandths
from pratique.node.controls.outcome_checks import Result
from pratique.node.handlers.dossiers import ShowDossier
from pratique.node.handlers.outcomes import OrderShown, RecordOutcome, ShowOrder
from pratique.node.handlers.reconciling import ReconcileControls
from pratique.node.handlers.second_looks import ShowSecondLooks
from pratique.vocabulary.errors import PratiqueError
from pratique.vocabulary.sentences import money


def finding(visit: Visit, error: PratiqueError | None = None) -> Response:
    """The form of a finding; what was typed stays in it where something did not fit."""
    shown: OrderShown = visit.ask(ShowOrder(str(visit.request.path_params["order"])))
    return visit.page(
        "control_finding.html",
        422 if error else 200,
        line=shown.line,
        codes=catalogue(),
        typed={name: visit.given(name) for name in visit.form if name != "csrf"},
        refusal=visit.retold(error) if error else None,
        coded=controls.words_of(visit),
    )


def record(visit: Visit) -> Response:
    """Records the outcome; on to the control, or back to the form with what has to be put right."""
    order, outcome = str(visit.request.path_params["order"]), visit.given("outcome")
    has_finding = "threat" in visit.form
    try:
        result = Result(
            outcome,
            reason=visit.given("reason") or None,
            note=visit.given("note"),
            findings=(_finding(visit),) if has_finding else (),
            legal_basis=visit.given("legal_basis") if outcome == "seizure" else "",
            duty_recovered_minor=_money(visit, "duty"),
            duty_currency=_currency(visit, "duty"),
        )
        visit.execute(RecordOutcome(order, result))
    except PratiqueError as error:
        if error.category.http_status == 403:
            raise
        return finding(visit, error) if has_finding else controls.show(visit, error)
    return visit.go(f"/controls/{order}")


def dossier(visit: Visit) -> Response:
    """Everything about the control on one page, to print and sign."""
    found = visit.ask(ShowDossier(str(visit.request.path_params["order"])))
    return visit.page(
        "dossier.html",
        dossier=found,
        line=found.order.line,
        standing=found.order.records[-1],
        images=controls.IMAGES,
        money=lambda minor, currency: money(minor, currency, visit.language),
        coded=controls.words_of(visit),
    )


def reconciliation(visit: Visit) -> Response:
    """Whether every selected consignment of a run, else of the newest, has exactly one outcome."""
    found = visit.ask(ReconcileControls(visit.asked("run") or None))
    looks = visit.ask(ShowSecondLooks()) if visit.may(ShowSecondLooks) else None
    coded = controls.words_of(visit)
    return visit.page("reconciliation.html", found=found, proof=found.proof, looks=looks, coded=coded)


def _finding(visit: Visit) -> ControlFinding:
    quantity, mass = visit.given("quantity").strip(), visit.given("mass").strip()
    return ControlFinding(
        threat=visit.given("threat"),
        concealment=visit.given("concealment") or "none",
        hs=visit.given("hs").strip() or None,
        quantity_milli=thousandths(quantity) if quantity else None,
        unit=visit.given("unit") if quantity else None,
        value_minor=_money(visit, "value"),
        currency=_currency(visit, "value"),
        mass_g=thousandths(mass) if mass else None,
        seized=visit.given("outcome") == "seizure",
    )


def _currency(visit: Visit, name: str) -> str | None:
    return visit.given("currency").strip().upper() if visit.given(name).strip() else None


def _money(visit: Visit, name: str) -> int | None:
    amount, currency = visit.given(name).strip(), _currency(visit, name)
    return None if currency is None else minor_units(amount, currency)
