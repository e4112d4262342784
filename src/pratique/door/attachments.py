"""Attachments at the door: given out and taken in piece by piece, by the hash of their sealed bytes."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from pratique.node import Node
from pratique.node.access import partner_program
from pratique.node.errors import refuse
from pratique.node.exchange.client import ERROR_TYPE, PIECE_TYPE, RECEIPT_TYPE
from pratique.node.handlers.attachments import PieceFor, TakePiece
from pratique.partners.exchange.carry import Piece, piece_named
from pratique.partners.exchange.http_signature import Caller


def take_piece(node: Node, caller: Caller, request: Request, body: bytes) -> Response:
    """A piece that follows on what is here: the signed receipt says how much that is now, or a signed error why not."""
    taken = node.execute(TakePiece(caller.partner, _named(request, body)), actor=partner_program(caller.partner))
    if taken.code is None:
        return Response(taken.answer, media_type=RECEIPT_TYPE)
    return Response(taken.answer, 422, media_type=ERROR_TYPE)


def give_piece(node: Node, caller: Caller, request: Request, body: bytes) -> Response:
    """The sealed chunks behind a number, for the partner that they are for."""
    wanted = _named(request, b"")
    query = PieceFor(caller.partner, wanted.message, wanted.sealed_sha256, wanted.after)
    return Response(node.ask(query, actor=partner_program(caller.partner)).data, media_type=PIECE_TYPE)


def _named(request: Request, body: bytes) -> Piece:
    """The piece that the address names. Raises ``REJECTED`` for another form."""
    said = request.query_params
    found = piece_named(said.get("message", ""), str(request.path_params["sealed"]), said.get("after", ""), body)
    if found is None or set(said) != {"message", "after"}:
        raise refuse("attach.no_piece")
    return found
