"""The gates of this node: the agreements that were adopted, compiled, with the laws that stand behind them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from pratique.node.errors import refuse
from pratique.node.storage import agreements as stored
from pratique.node.storage.agreements import StoredAgreement, StoredDecision
from pratique.node.storage.store import Connection
from pratique.partners.agreements import (
    Decision,
    Gate,
    Instrument,
    InstrumentKind,
    gate_of,
    shipped_law,
    shipped_text,
)
from pratique.partners.agreements.examples import ALWAYS
from pratique.partners.agreements.load import parse_instrument
from pratique.vocabulary.errors import Category


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the journal a decision belongs: the entry and which of its decisions, when and by whom."""

    seq: int
    number: int
    at: datetime
    by: str


def gate_at_hand(connection: Connection, agreement_id: str) -> Gate:
    """The gate of one agreement. Raises ``NOT_FOUND``, or ``CONFLICT`` where no version of it is adopted."""
    versions = stored.stored_agreements(connection, agreement_id)
    if not versions:
        raise refuse("agreements.not_found", Category.NOT_FOUND, agreement=agreement_id)
    adopted = [each for each in versions if each.state == "adopted"]
    if not adopted:
        raise refuse("agreements.not_adopted", Category.CONFLICT, agreement=agreement_id)
    if adopted[0].kind == InstrumentKind.LAW:
        raise refuse("agreements.law_is_no_agreement", Category.CONFLICT, agreement=agreement_id)
    return _gate(connection, adopted[0], _laws(connection))


def gates_at_hand(connection: Connection) -> list[Gate]:
    """The gates of all agreements that are adopted, ordered by id."""
    laws = _laws(connection)
    adopted = [each for each in stored.stored_agreements(connection) if each.state == "adopted"]
    return [_gate(connection, each, laws) for each in adopted if each.kind != InstrumentKind.LAW]


def decision_kept(
    connection: Connection, decision: Decision, place: Place, *, gate: Gate, recipient: str
) -> StoredDecision:
    """Keeps a decision, and first every file that decided it, so that it can be made again years later."""
    for each in (gate.instrument, *gate.always):
        if stored.text_of(connection, each.sha256) is None:
            stored.keep_text(connection, each.sha256, _shipped_file(each), at=place.at)
    return stored.keep_decision(
        connection, decision, (place.seq, place.number), recipient=recipient, at=place.at, by=place.by
    )


def text_at_hand(connection: Connection, sha256: str) -> str:
    """A file that decided something. Raises ``BROKEN`` where it is gone: it should have been kept."""
    text = stored.text_of(connection, sha256)
    if text is None:
        raise refuse("agreements.text_gone", Category.BROKEN, sha256=sha256)
    return text


def read_text(text: str) -> Instrument:
    """The instrument of a file whose examples were run when it was taken in; remembered by the file."""
    return _read(text)


def _gate(connection: Connection, adopted: StoredAgreement, laws: tuple[str, ...]) -> Gate:
    gate = _compiled(text_at_hand(connection, adopted.sha256), laws)
    parties = stored.parties_in_force(stored.stored_parties(connection, adopted.id), adopted.id)
    return replace(gate, instrument=gate.instrument.between(parties))


def _laws(connection: Connection) -> tuple[str, ...]:
    """The texts of the laws that this node adopted; the shipped one stands before them."""
    adopted = (each for each in stored.stored_agreements(connection) if each.state == "adopted")
    return tuple(text_at_hand(connection, each.sha256) for each in adopted if each.kind == InstrumentKind.LAW)


@lru_cache(maxsize=512)
def _compiled(text: str, laws: tuple[str, ...]) -> Gate:
    return gate_of(_read(text), (shipped_law(), *(_read(each) for each in laws)))


@lru_cache(maxsize=512)
def _read(text: str) -> Instrument:
    return parse_instrument(text)


def _shipped_file(instrument: Instrument) -> str:
    """The file of an instrument that no adoption kept: the shipped law."""
    text = shipped_text(ALWAYS)
    if text is None or instrument.sha256 != shipped_law().sha256:
        raise refuse("agreements.text_gone", Category.BROKEN, sha256=instrument.sha256)
    return text
