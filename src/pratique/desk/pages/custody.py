"""Items of evidence: the list, the custody of one as a line, and what its holder may do with it."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from pratique.desk.visit import Visit
from pratique.node.acts import Command
from pratique.node.assistance.custody_hands import officer_name
from pratique.node.errors import refuse
from pratique.node.handlers.custody import (
    ALONE,
    CollectEvidence,
    ItemShown,
    ListItems,
    NewItem,
    RecordCustody,
    ShowItem,
)
from pratique.node.handlers.custody_handover import OfferHandOver, TakeOver, WithdrawOffer
from pratique.node.handlers.outcomes import ShowOrder
from pratique.node.handlers.personal_keys import ShowPersonalKey
from pratique.partners.evidence.custody import What
from pratique.partners.evidence.items import ItemKind
from pratique.vocabulary.errors import PratiqueError
from pratique.vocabulary.sentences import coded


def show_list(visit: Visit, error: PratiqueError | None = None) -> Response:
    """Items, newest first; of one order with what was photographed there and is not taken in yet."""
    order = visit.asked("order") or visit.given("order")
    pieces = visit.ask(ShowOrder(order)).evidence if order and visit.may(ShowOrder) else ()
    return visit.page(
        "custody_list.html",
        422 if error else 200,
        items=visit.ask(ListItems(order=order)),
        order=order,
        pieces=pieces,
        kinds=[each.value for each in ItemKind],
        may_collect=visit.may(CollectEvidence),
        own_key=has_own_key(visit),
        refusal=visit.retold(error) if error else None,
        coded=lambda kind, code: coded(kind, code, visit.language),
    )


def collect(visit: Visit) -> Response:
    """Takes photos and documents of an order into custody as one item."""
    evidence = tuple(each for each in visit.form.getlist("evidence") if isinstance(each, str))
    try:
        kind = visit.given("kind")
        if kind not in {each.value for each in ItemKind}:
            raise refuse("custody.kind", kind=kind[:40], known=", ".join(each.value for each in ItemKind))
        new = NewItem(
            visit.given("title"),
            ItemKind(kind),
            visit.given("place"),
            visit.given("acquired_with"),
            visit.given("legal_basis"),
            evidence=evidence,
        )
        done = visit.execute(
            CollectEvidence(new, visit.given("order"), visit.given("request").strip(), passphrase(visit))
        )
    except PratiqueError as error:
        if error.category.http_status == 403:
            raise
        return show_list(visit, error)
    return visit.go(f"/evidence-items/{done.id}")


def show(visit: Visit, error: PratiqueError | None = None) -> Response:
    """One item with the line of its custody."""
    shown: ItemShown = visit.ask(ShowItem(visit.request.path_params["item"]))
    me, custody, offer = officer_name(visit.actor), shown.at_hand.custody, shown.at_hand.offer
    return visit.page(
        "custody_item.html",
        422 if error else 200,
        shown=shown,
        custody=custody,
        offer=offer,
        holds=custody.holder == (me, shown.agency) and custody.ended is None and not shown.at_hand.chain.breaks,
        awaited=offer is not None and offer.to_officer == me,
        offered=offer is not None and offer.by == visit.actor.name,
        steps=[each.value for each in ALONE],
        own_key=has_own_key(visit),
        refusal=visit.retold(error) if error else None,
        coded=lambda kind, code: coded(kind, code, visit.language),
    )


def act(visit: Visit) -> Response:
    """What the holder does, or the officer to whom the item is offered."""
    acts: dict[str, Callable[[str], Command[ItemShown]]] = {
        "record": lambda item: RecordCustody(
            item, _what(visit), visit.given("place"), visit.given("seal"), visit.given("note"), passphrase(visit)
        ),
        "offer": lambda item: OfferHandOver(
            item,
            visit.given("place"),
            visit.given("officer").strip(),
            note=visit.given("note"),
            passphrase=passphrase(visit),
        ),
        "take": lambda item: TakeOver(item, passphrase(visit)),
        "withdraw": WithdrawOffer,
    }
    item = visit.request.path_params["item"]
    try:
        wanted = acts.get(visit.request.path_params["act"])
        if wanted is None:
            raise refuse("custody.not_alone", what="", known=", ".join(acts))
        visit.execute(wanted(item))
    except PratiqueError as error:
        if error.category.http_status == 403:
            raise
        return show(visit, error)
    return visit.go(f"/evidence-items/{item}")


def has_own_key(visit: Visit) -> bool:
    """The officer signs with a key of their own, whose passphrase the forms then ask for."""
    return visit.may(ShowPersonalKey) and visit.ask(ShowPersonalKey()) is not None


def passphrase(visit: Visit) -> str:
    """What was typed to sign with one's own key."""
    return str(visit.form.get("passphrase") or "")


def _what(visit: Visit) -> What:
    what = visit.given("what")
    if what not in {each.value for each in What}:
        raise refuse("custody.not_alone", what=what[:40], known=", ".join(ALONE))
    return What(what)
