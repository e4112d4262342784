"""What is held of a message: its signed terms, its fields, and the caveats that bind whoever passes it on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date

from pratique.node.storage.inbox import StoredIn
from pratique.node.storage.outbox import StoredDisclosure
from pratique.partners.agreements import Caveat, inherited_caveat
from pratique.partners.agreements.facts_data import caveat_from
from pratique.partners.exchange.fields import MessageField, Opening, opened
from pratique.partners.exchange.inner import Inner
from pratique.partners.exchange.wire import b64, record


def terms_text(inner: Inner) -> str:
    """The terms as they are stored."""
    return json.dumps(inner.dump(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def terms_of(held: StoredIn | StoredDisclosure) -> Inner:
    """The terms under which a message went."""
    return record(Inner, json.loads(held.terms), code="exchange.inner_invalid", what="inner part")


def openings_bytes(openings: Iterable[Opening]) -> bytes:
    """The openings as they are stored: a line of base64 each."""
    return b"\n".join(b64(each.data).encode("ascii") for each in openings)


def openings_of(held: StoredIn | StoredDisclosure) -> tuple[Opening, ...]:
    """The openings, each of which the signed terms cover; none where the content was destroyed."""
    if held.openings is None:
        return ()
    lines = [line for line in held.openings.decode("ascii").split("\n") if line]
    return opened(lines, terms_of(held).fields)


def fields_of(held: StoredIn | StoredDisclosure) -> tuple[MessageField, ...]:
    """The fields by name; none where the content was destroyed."""
    return tuple(sorted((each.field for each in openings_of(held)), key=lambda field: field.name))


def last_day(terms: Inner) -> date | None:
    """The last day on which a copy may be kept: the earliest that the sender, or a hand before it, tied to it."""
    said = [terms.duties.retain_until, *(each.caveat.until for each in terms.origins if each.caveat is not None)]
    return min((each for each in said if each is not None), default=None)


def caveats_of(held: StoredIn) -> tuple[Caveat, ...]:
    """What binds this node as the holder of a received message: the sender's duties, and what came before them."""
    terms = terms_of(held)
    duties = terms.duties
    said = {
        "onward": duties.onward,
        "evidence_with_consent": duties.evidence_with_consent,
        "tlp": terms.handling.tlp,
        "handling": list(terms.handling.codes),
        "use": None if duties.use is None else list(duties.use),
        "retain_until": None if duties.retain_until is None else duties.retain_until.isoformat(),
    }
    under = f"{terms.agreement.id}/{terms.clauses[0]}"
    earlier = [
        caveat_from({"by": each.partner, **each.caveat.dump()}) for each in terms.origins if each.caveat is not None
    ]
    return (inherited_caveat(said, by=terms.sender, under=under), *earlier)
