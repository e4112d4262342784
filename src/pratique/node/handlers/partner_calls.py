"""Calls between nodes: the node signs its requests and says who signed those that come; private keys never leave it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pratique.node.acts import Query, View
from pratique.node.errors import refuse
from pratique.node.exchange.own import own, read_own
from pratique.node.exchange.register import OpenPartners
from pratique.node.storage.partners import own_descriptors
from pratique.partners.exchange.http_signature import Caller, Request, sign, verify
from pratique.vocabulary.errors import Category


@dataclass(frozen=True, slots=True)
class SignRequest(Query[dict[str, str]]):
    """The fields that sign a request to a partner; ``nonce`` is fresh."""

    method: str
    uri: str
    body: bytes
    nonce: str


@dataclass(frozen=True, slots=True)
class WhoCalls(Query[Caller]):
    """Which partner signed a request. ``path`` is what follows the endpoint of the own descriptor."""

    method: str
    path: str
    body: bytes
    fields: Mapping[str, str]


def sign_request(query: SignRequest, view: View) -> dict[str, str]:
    """Raises ``MISCONFIGURED`` where the node has said nothing of itself yet."""
    me = own(view.folder, view.stores, view.connection)
    request = Request(query.method, query.uri, query.body, {})
    return sign(request, own_id=me.id, signer=me.signer, created=view.at, nonce=query.nonce)


def who_calls(query: WhoCalls, view: View) -> Caller:
    """Checked against the address that the own descriptor gives, whatever host the request names.

    Raises ``DENIED`` for everybody who is no partner, and where this node cannot be called at all.
    """
    versions = own_descriptors(view.connection)
    endpoint = read_own(versions[0].data).descriptor.endpoint if versions else None
    if endpoint is None:
        raise refuse("partners.not_callable", Category.DENIED)
    request = Request(query.method, endpoint.rstrip("/") + query.path, query.body, query.fields)
    return verify(request, OpenPartners(view.connection), now=view.at)
