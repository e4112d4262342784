"""Custody across a border: one's card for the partner, the file on offer, its countersigning, and the end of it.

The files go between the two officers as they agree; each side signs at its own desk, and neither believes the other's
word: what comes is checked against the keys that a person confirmed.
"""

from __future__ import annotations

from typing import Final

from starlette.datastructures import UploadFile
from starlette.responses import Response

from pratique.desk.pages import custody
from pratique.desk.pages.custody import has_own_key, passphrase
from pratique.desk.visit import Visit
from pratique.node.errors import refuse
from pratique.node.handlers.custody_handover import (
    LARGEST,
    CompleteHandOver,
    CountersignHandOver,
    OfferHandOver,
    ShowHandCard,
    ShowOffer,
)
from pratique.vocabulary.errors import PratiqueError

KIND: Final = "application/json"


def show(visit: Visit, error: PratiqueError | None = None) -> Response:
    """What the taking hand does: hand out a card, sign what the partner offers."""
    return visit.page(
        "custody_across.html",
        422 if error else 200,
        own_key=has_own_key(visit),
        may_card=visit.may(ShowHandCard),
        may_sign=visit.may(CountersignHandOver),
        refusal=visit.retold(error) if error else None,
    )


def card(visit: Visit) -> Response:
    """The card of the officer, for a partner's officer who hands something over."""
    try:
        return _file(visit.ask(ShowHandCard(passphrase(visit))), f"card-{visit.actor.name}.json")
    except PratiqueError as error:
        if error.category.http_status == 403:
            raise
        return show(visit, error)


def countersign(visit: Visit) -> Response:
    """Signs an offer as the taking hand; the file goes back to the officer who offers."""
    try:
        return _file(visit.execute(CountersignHandOver(_came(visit), passphrase(visit))), "countersigned.json")
    except PratiqueError as error:
        if error.category.http_status == 403:
            raise
        return show(visit, error)


def offer(visit: Visit) -> Response:
    """Offers an item to the partner's officer whose card was handed in."""
    item = visit.request.path_params["item"]
    try:
        visit.execute(
            OfferHandOver(
                item,
                visit.given("place"),
                card=_came(visit),
                note=visit.given("note"),
                passphrase=passphrase(visit),
            )
        )
    except PratiqueError as error:
        if error.category.http_status == 403:
            raise
        return custody.show(visit, error)
    return visit.go(f"/evidence-items/{item}")


def offered(visit: Visit) -> Response:
    """The hand-over on offer, as the file that the partner's officer signs."""
    item = visit.request.path_params["item"]
    return _file(visit.ask(ShowOffer(item)), f"offer-{item}.json")


def complete(visit: Visit) -> Response:
    """Adds the partner's signatures: from then on the partner's officer holds the item."""
    item = visit.request.path_params["item"]
    try:
        visit.execute(CompleteHandOver(item, _came(visit)))
    except PratiqueError as error:
        if error.category.http_status == 403:
            raise
        return custody.show(visit, error)
    return visit.go(f"/evidence-items/{item}")


def _came(visit: Visit) -> bytes:
    """The file of the form; one that is too large comes one byte too long, and is refused by who reads it."""
    came = visit.form.get("file")
    if not isinstance(came, UploadFile) or not came.filename:
        raise refuse("desk.no_file")
    return came.file.read(LARGEST + 1)


def _file(content: bytes, name: str) -> Response:
    plain = "".join(each if each.isascii() and (each.isalnum() or each in "-.") else "_" for each in name)
    return Response(content, media_type=KIND, headers={"Content-Disposition": f'attachment; filename="{plain}"'})
