"""Agreements: the register, the card of one with its clauses in plain words, and the steps that two persons take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from starlette.responses import Response

from pratique.desk.visit import Visit
from pratique.node.handlers.agreements import (
    AdoptAgreement,
    AdoptParty,
    AgreementCard,
    ListAgreements,
    ProposeAgreement,
    ProposeParty,
    ShowAgreement,
    WithdrawAgreement,
)
from pratique.node.handlers.agreements_decided import ListDecisions, ReplayDecision
from pratique.node.storage.agreements import StoredParty, parties_in_force
from pratique.partners.agreements import Clause, ClauseKind, PartyStatus, said, shipped_text
from pratique.partners.agreements.competence import competence, known, legal_bases
from pratique.partners.agreements.facts_data import party_from
from pratique.vocabulary.sentences import coded

MOST_DECISIONS: Final = 50
ORDER: Final = (ClauseKind.PERMIT, ClauseKind.FORBID, ClauseKind.DUTY, ClauseKind.PROCEDURE)


def show_list(visit: Visit) -> Response:
    """The version of each agreement that counts, what waits for a second person, and what ships."""
    register = visit.ask(ListAgreements())
    newest = {each.id: each for each in register.agreements}
    newest |= {each.id: each for each in register.agreements if each.state == "adopted"}
    waiting = [each for each in register.agreements if each.state == "proposed"]
    sides = [each for each in register.parties if each.adopted_at is None]
    bound = {name: _bound(visit, name, register.parties) for name in newest}
    return visit.page(
        "agreements.html",
        agreements=list(newest.values()),
        waiting=waiting,
        sides=sides,
        bound=bound,
        law=register.law,
        shipped=[each for each in register.shipped if each.id not in newest],
        named=_named(visit),
        may_propose=visit.may(ProposeAgreement),
        may_adopt=visit.may(AdoptAgreement),
        may_see_decisions=visit.may(ListDecisions),
        own=visit.actor.name,
        done=visit.asked("done"),
        said=lambda english: said(english, visit.language),
    )


def show(visit: Visit) -> Response:
    """One agreement: who is bound since when, and every clause, what permits first."""
    card = visit.ask(ShowAgreement(visit.request.path_params["agreement"]))
    return visit.page(
        "agreement.html",
        card=card,
        groups=_groups(visit, card),
        statuses=[(each.value, coded("party_status", each.value, visit.language)) for each in PartyStatus],
        annexes=sorted({each.annex for each in card.instrument.clauses if each.annex}),
        named=_named(visit),
        may_propose=visit.may(ProposeParty),
        may_adopt=visit.may(AdoptAgreement, AdoptParty),
        may_withdraw=visit.may(WithdrawAgreement),
        own=visit.actor.name,
        done=visit.asked("done"),
        said=lambda english: said(english, visit.language),
    )


def decisions(visit: Visit) -> Response:
    """The newest decisions of the gate; one of them made again on request."""
    asked = visit.asked("again")
    again = visit.ask(ReplayDecision(asked)) if asked else None
    found = visit.ask(ListDecisions(MOST_DECISIONS))
    return visit.page("gate_decisions.html", decisions=found, again=again, asked=asked, named=_named(visit))


def bases(visit: Visit) -> Response:
    """What officers rely on, and whether an authority may act in a place."""
    chosen = {name: visit.asked(name) for name in ("authority", "act", "place")}
    choices = {"authority": known("authorities"), "act": known("acts"), "place": known("places")}
    complete = all(chosen[name] in choices[name] for name in chosen)
    rule = competence(chosen["authority"], chosen["act"], chosen["place"]) if complete else None
    words = {name: [(each, _acting(visit, name, each)) for each in choices[name]] for name in choices}
    return visit.page(
        "legal_bases.html",
        bases=legal_bases(),
        choices=words,
        chosen=chosen,
        rule=rule,
        answer=coded("competence", rule.answer, visit.language) if rule else "",
        said=lambda english: said(english, visit.language),
    )


def propose(visit: Visit) -> Response:
    """Takes in a shipped instrument by its id, or the text that was typed."""
    text = shipped_text(visit.given("shipped")) or visit.given("text").replace("\r\n", "\n")
    done = visit.execute(ProposeAgreement(text))
    return visit.go(f"/agreements/{done.id}", done="proposed")


def adopt(visit: Visit) -> Response:
    """Puts a proposed version in force; who proposed it cannot."""
    done = visit.execute(AdoptAgreement(visit.request.path_params["agreement"], _number(visit.given("version"))))
    return visit.go(f"/agreements/{done.id}", done="adopted")


def withdraw(visit: Visit) -> Response:
    """Takes it out of force at once."""
    done = visit.execute(WithdrawAgreement(visit.request.path_params["agreement"], visit.given("reason")))
    return visit.go(f"/agreements/{done.id}", done="withdrawn")


def propose_party(visit: Visit) -> Response:
    """Says how far a side is bound."""
    given: dict[str, object] = {"id": visit.given("party").strip().lower(), "status": visit.given("status")}
    given |= {name: visit.given(name) or None for name in ("since", "until")}
    given["accepts"] = [str(each) for each in visit.form.getlist("accepts")]
    done = visit.execute(ProposeParty(visit.request.path_params["agreement"], party_from(given)))
    return visit.go(f"/agreements/{done.agreement_id}", done="party")


def adopt_party(visit: Visit) -> Response:
    """Agrees to what another person said about a side."""
    done = visit.execute(AdoptParty(_number(visit.given("proposal"))))
    return visit.go(f"/agreements/{done.agreement_id}", done="party_adopted")


def _groups(visit: Visit, card: AgreementCard) -> list[tuple[str, list[Clause]]]:
    """The clauses by what they do."""
    clauses = card.instrument.clauses
    found = [(kind, [each for each in clauses if each.kind is kind]) for kind in ORDER]
    heads = {
        ClauseKind.PERMIT: visit.gettext("What it permits"),
        ClauseKind.FORBID: visit.gettext("What it forbids"),
        ClauseKind.DUTY: visit.gettext("What it obliges to"),
        ClauseKind.PROCEDURE: visit.gettext("How it goes"),
    }
    return [(heads[kind], held) for kind, held in found if held]


def _bound(visit: Visit, agreement_id: str, parties: Iterable[StoredParty]) -> list[str]:
    """The sides that the agreement binds today."""
    return [each.id for each in parties_in_force(parties, agreement_id) if each.bound(visit.now.date())]


def _named(visit: Visit) -> Mapping[str, Mapping[str, str]]:
    """The words of kinds and states."""
    kinds = {
        "agreement_kind": ("treaty", "arrangement", "memorandum", "law"),
        "agreement_state": ("proposed", "adopted", "ended"),
        "party_status": tuple(PartyStatus),
        "verdict": ("permitted", "forbidden", "not_permitted", "refused_on_error"),
    }
    return {kind: {each: coded(kind, each, visit.language) for each in codes} for kind, codes in kinds.items()}


def _acting(visit: Visit, name: str, code: str) -> str:
    return coded("term" if name == "authority" else name, code, visit.language)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
