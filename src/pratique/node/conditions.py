"""What must hold besides the role: the conditions of the table, each looked up for the request at hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from pratique.node.access import OFFICER, Actor
from pratique.node.folder import NodeFolder
from pratique.node.storage.access_officers import office_by_code
from pratique.node.storage.access_rights import taken_rights
from pratique.node.storage.profiles import stored_profiles
from pratique.node.stores import Stores

if TYPE_CHECKING:
    from pratique.node.runs.calls import Call


@dataclass(frozen=True, slots=True)
class Case:
    """Who wants what, when, and where it can be looked up."""

    folder: NodeFolder
    stores: Stores
    actor: Actor
    request: object
    at: datetime

    def holds(self, condition: str) -> bool:
        """Whether the condition holds; one that nobody knows, or that does not fit the request, does not."""
        look = LOOKS.get(condition)
        return look is not None and look(self)

    def asked(self, name: str) -> str:
        """A field of the request, as text; empty where it has none."""
        value = getattr(self.request, name, None)
        return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class _OfCall:
    """What a request is about, where it names an order alone."""

    run: str
    call: str


def not_self(case: Case) -> bool:
    """The officer named is another one."""
    named = case.asked("login").strip().casefold()
    return bool(named) and named != (case.actor.login or "").casefold()


def other_person(case: Case) -> bool:
    """Somebody else wrote or took what is decided: four eyes. What is not there was nobody's; the command says so."""
    first = FIRST_PERSONS.get(type(case.request).__name__)
    return first is not None and first(case).casefold() != case.actor.name.casefold()


def own_office(case: Case) -> bool:
    """The call arrives at a place of the officer's own office; an office without places has them all."""
    if case.actor.office is None:
        return True
    with case.stores.access.reading() as connection:
        office = office_by_code(connection, case.actor.office)
    if office is None:
        return False
    places = _places(case) if office.locations else set()
    return not places or not places.isdisjoint(office.locations)


def office_of_order(case: Case) -> bool:
    """The call of the order arrives at a place of the officer's own office; an order that is not there is nobody's."""
    from pratique.node.controls.order_at_hand import order_at_hand

    if case.actor.office is None:
        return True
    with case.stores.main.reading() as connection:
        order = order_at_hand(connection, case.asked("order")).order
    return own_office(replace(case, request=_OfCall(order.run_id, order.call_id)))


def strong_above_line(case: Case) -> bool:
    """What is waived is below the high line, or a second factor was given lately."""
    strong = case.actor.strong_until is not None and case.actor.strong_until > case.at
    return strong or not _row(case, "above_line")


def whole_sign_in(case: Case) -> bool:
    """The whole sign-in was given lately: a passkey, or password and code."""
    return case.actor.whole_until is not None and case.actor.whole_until > case.at


def _first_of_profile(case: Case) -> str:
    with case.stores.main.reading() as connection:
        versions = stored_profiles(connection, case.asked("profile_id"))
    return next((each.author for each in versions if str(each.version) == case.asked("version")), "")


def _first_of_right(case: Case) -> str:
    with case.stores.access.reading() as connection:
        rights = taken_rights(connection)
    return next((OFFICER + each.login for each in rights if each.id == case.asked("right_id")), "")


def _first_of_model(case: Case) -> str:
    from pratique.node.storage.learned_models import learned_models

    with case.stores.main.reading() as connection:
        found = learned_models(connection, case.asked("digest"))
    return found[0].kept_by if len(found) == 1 else ""


def _first_of_outcome(case: Case) -> str:
    from pratique.node.controls.order_at_hand import order_at_hand

    with case.stores.main.reading() as connection:
        standing = order_at_hand(connection, case.asked("order")).standing
    return standing.by if standing else ""


def _first_of_agreement(case: Case) -> str:
    from pratique.node.storage.agreements import stored_agreements

    with case.stores.main.reading() as connection:
        versions = stored_agreements(connection, case.asked("agreement_id"))
    return next((each.proposed_by for each in versions if str(each.version) == case.asked("version")), "")


def _first_of_party(case: Case) -> str:
    from pratique.node.storage.agreements import stored_parties

    with case.stores.main.reading() as connection:
        proposed = stored_parties(connection)
    return next((each.proposed_by for each in proposed if str(each.seq) == case.asked("proposal")), "")


def _first_of_descriptor(case: Case) -> str:
    from pratique.node.storage.partners import descriptors

    with case.stores.main.reading() as connection:
        waiting = [each for each in descriptors(connection, case.asked("partner")) if each.counts_by is None]
    typed = "".join(case.asked("fingerprint").split()).lower()
    return next((each.by for each in waiting if each.sha256 == typed), "")


def _places(case: Case) -> set[str]:
    """Where the ship arrives; where no message says so, where the goods are unloaded. Empty where nothing is known."""
    from pratique.node.runs.at_hand import run_at_hand

    with case.stores.main.reading() as connection:
        at_hand = run_at_hand(connection, case.folder, case.asked("run"))
    call: Call | None
    if case.asked("call"):
        call = at_hand.call(case.asked("call"))
        unloaded = set(at_hand.state(call)["unloading_location"].drop_nulls().to_list())
    else:
        number, unloading = _row(case, "call"), _row(case, "unloading_location")
        call = next((each for each in at_hand.calls if each.number == number), None)
        unloaded = {str(unloading)} if unloading else set()
    return {call.arrival_location} if call and call.arrival_location else unloaded


def _row(case: Case, column: str) -> object:
    """One value of the consignment in the run, found as the command will find it. Raises ``NOT_FOUND``."""
    from pratique.node.handlers.control_list import row_of
    from pratique.node.runs.at_hand import run_at_hand

    with case.stores.main.reading() as connection:
        at_hand = run_at_hand(connection, case.folder, case.asked("run"))
    return row_of(at_hand, case.asked("consignment"))[column]


Look = Callable[[Case], bool]
LOOKS: Final[Mapping[str, Look]] = {
    "not_self": not_self,
    "office_of_order": office_of_order,
    "other_person": other_person,
    "own_office": own_office,
    "strong_above_line": strong_above_line,
    "whole_sign_in": whole_sign_in,
}
FIRST_PERSONS: Final[Mapping[str, Callable[[Case], str]]] = {
    "ActivateProfile": _first_of_profile,
    "ConfirmDescriptor": _first_of_descriptor,
    "AdoptAgreement": _first_of_agreement,
    "AdoptParty": _first_of_party,
    "CorrectOutcome": _first_of_outcome,
    "PromoteModel": _first_of_model,
    "ReviewBreakGlass": _first_of_right,
}
