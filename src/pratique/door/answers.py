"""What a partner may ask at the door, and what it gets. Each function is one path; who calls is known already."""

from __future__ import annotations

import base64
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pratique.node import Node
from pratique.node.access import partner_program
from pratique.node.errors import refuse
from pratique.node.exchange.announcing import take_announced
from pratique.node.exchange.client import ERROR_TYPE, RECEIPT_TYPE
from pratique.node.exchange.settling import Tried
from pratique.node.group_commit import GroupCommit
from pratique.node.handlers.announcements import OwnVersionsAfter, VersionKnown
from pratique.node.handlers.inbox_line import ReceiveEnvelopes
from pratique.node.handlers.ledger import ShowCheckpoint
from pratique.node.handlers.ledger_witness import CosignCheckpoint
from pratique.node.handlers.outbox import CurrentStreams, EnvelopesAfter, SettleDeliveries
from pratique.node.handlers.partners_own import ShowOwnDescriptor
from pratique.node.handlers.reconciliation import ShowLogTo, TakeOpenings
from pratique.node.instants import from_text
from pratique.partners.exchange import strict_json
from pratique.partners.exchange.http_signature import Caller
from pratique.partners.ledger.notes import NoteError
from pratique.partners.ledger.witnessing import parse_request

MOST_ANSWERS: Final = 500
LARGEST_JSON: Final = 4 * 1024 * 1024
MOST_OPENINGS: Final = 10_000
MOST_PROOF: Final = 64  # hashes of a consistency proof
CONFLICTS: Final = frozenset({"exchange.conflict", "exchange.fork", "exchange.gap", "exchange.stream_stopped"})


def take_in(together: GroupCommit, node: Node, caller: Caller, request: Request, body: bytes) -> Response:
    """An envelope: a signed receipt comes back, or a signed error.

    Envelopes that come at the same time share one commit, so that a burst does not wait for the disk one by one; the
    receipt goes out once that commit stands.
    """
    receiving = ReceiveEnvelopes((body,), caller.partner)
    (taken,) = together.execute(receiving, actor=partner_program(caller.partner))
    if taken.code is None:
        return Response(taken.answer, media_type=RECEIPT_TYPE)
    return Response(taken.answer, 409 if taken.code in CONFLICTS else 422, media_type=ERROR_TYPE)


def give_out(node: Node, caller: Caller, request: Request, body: bytes) -> Response:
    """The envelopes for the caller behind a number of a stream."""
    stream = request.query_params.get("stream", "")
    query = EnvelopesAfter(caller.partner, stream, _number(request.query_params.get("after", "")))
    return _listed("envelopes", node.ask(query, actor=partner_program(caller.partner)))


def name_streams(node: Node, caller: Caller, request: Request, body: bytes) -> Response:
    """The names of the streams to the caller."""
    names = node.ask(CurrentStreams(caller.partner), actor=partner_program(caller.partner))
    return _listed("streams", tuple(name.encode() for name in names))


def take_receipts(node: Node, caller: Caller, request: Request, body: bytes) -> Response:
    """Receipts and errors for envelopes that the caller fetched."""
    tries = tuple(_tried(each) for each in _said(body, "answers"))
    settled = node.execute(SettleDeliveries(caller.partner, tries), actor=partner_program(caller.partner))
    return JSONResponse({"settled": [[each.message, each.state] for each in settled]})


def give_descriptor(node: Node, caller: Caller, request: Request, body: bytes) -> Response:
    """What this administration says of itself now."""
    own = node.ask(ShowOwnDescriptor(), actor=partner_program(caller.partner))
    return Response(own.data, media_type="application/json")


def give_versions(node: Node, caller: Caller, request: Request, body: bytes) -> Response:
    """What this administration said of itself after the version that the caller knows, oldest first."""
    query = OwnVersionsAfter(_number(request.query_params.get("after", "")))
    return _listed("descriptors", node.ask(query, actor=partner_program(caller.partner)))


def know_version(node: Node, caller: Caller, request: Request, body: bytes) -> Response:
    """Which version of the caller's own descriptor counts here."""
    version = node.ask(VersionKnown(caller.partner), actor=partner_program(caller.partner))
    return JSONResponse({"version": version})


def take_versions(node: Node, caller: Caller, request: Request, body: bytes) -> Response:
    """The caller's new descriptors; the answer says what became of each."""
    try:
        data = tuple(base64.b64decode(each, validate=True) for each in _said(body, "descriptors"))
    except (ValueError, TypeError):
        raise refuse("share.no_such_request", name="descriptors", most=MOST_ANSWERS) from None
    looked = take_announced(node, caller.partner, data, actor=partner_program(caller.partner))
    return JSONResponse({"courses": [[each.version, each.course] for each in looked]})


def _listed(name: str, items: tuple[bytes, ...]) -> Response:
    return JSONResponse({name: [base64.b64encode(each).decode("ascii") for each in items]})


def _number(text: str) -> int:
    """What a caller has already. Raises ``REJECTED`` for anything but a whole number of ordinary length."""
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise refuse("share.no_such_number", number=text[:20])
    return int(text)


def _said(body: bytes, name: str) -> list[Any]:
    """The list of that name. Raises ``REJECTED`` for anything but an object with a list of bounded length."""
    found = strict_json.read(body, what="request", at_most=LARGEST_JSON)
    items = found.get(name)
    if set(found) != {name} or not isinstance(items, list) or len(items) > MOST_ANSWERS:
        raise refuse("share.no_such_request", name=name, most=MOST_ANSWERS)
    return items


def _tried(said: Any) -> Tried:
    """One answer to an envelope."""
    kinds = [kind for kind in ("receipt", "error") if isinstance(said, dict) and isinstance(said.get(kind), str)]
    if len(kinds) != 1 or set(said) != {"message", kinds[0]} or not isinstance(said["message"], str):
        raise refuse("share.no_such_request", name="answers", most=MOST_ANSWERS)
    try:
        data = base64.b64decode(said[kinds[0]], validate=True)
    except ValueError:
        raise refuse("share.no_such_request", name="answers", most=MOST_ANSWERS) from None
    return Tried(said["message"], receipt=data) if kinds == ["receipt"] else Tried(said["message"], error=data)


def give_checkpoint(node: Node, caller: Caller, request: Request, body: bytes) -> Response:
    """The newest checkpoint of this node's log, as a signed note."""
    found = node.ask(ShowCheckpoint(), actor=partner_program(caller.partner))
    return Response(found.note, media_type="text/plain")


def cosign(node: Node, caller: Caller, request: Request, body: bytes) -> Response:
    """Cosigns the caller's checkpoint (C2SP tlog-witness, ``add-checkpoint``)."""
    try:
        asked = parse_request(body)
    except NoteError:
        raise refuse("share.no_such_request", name="add-checkpoint", most=MOST_PROOF) from None
    cosigning = CosignCheckpoint(asked.checkpoint, asked.proof, asked.old)
    line = node.execute(cosigning, actor=partner_program(caller.partner))
    return Response(f"{line}\n", media_type="text/plain")


def compare(node: Node, caller: Caller, request: Request, body: bytes) -> Response:
    """Takes in what the caller logged of a period; lays open what this node logged of it, proved to be in its log."""
    found = strict_json.read(body, what="request", at_most=LARGEST_JSON)
    openings, since, until, seen = (found.get(name) for name in ("openings", "since", "until", "seen"))
    if len(found) != 4 or not isinstance(openings, list) or not isinstance(seen, int) or seen < 0:
        raise refuse("share.no_such_request", name="openings", most=MOST_OPENINGS)
    try:
        period = from_text(str(since)), from_text(str(until))
    except ValueError:
        raise refuse("share.no_such_request", name="since, until", most=MOST_OPENINGS) from None
    actor = partner_program(caller.partner)
    node.execute(TakeOpenings(caller.partner, tuple(openings[:MOST_OPENINGS])), actor=actor)
    return JSONResponse(node.ask(ShowLogTo(caller.partner, *period, seen), actor=actor))
