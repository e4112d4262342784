"""Two logs of the same messages, compared: what agrees, what is still on its way, and who denies what.

Each side opens its leaves (salt and record): whoever holds the other's opening can prove what the other logged. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from pratique.node.exchange.partner_log import UNSEEN, JudgedLog, path_in
from pratique.node.exchange.sending import RECEIVED, SENT
from pratique.node.instants import from_text
from pratique.node.storage.exchange_streams import OWN, StoredOpening
from pratique.partners.exchange.wire import from_b64
from pratique.partners.ledger.commitments import commitment, leaf_hash

LARGEST_RECORD: Final = 2048
SALT: Final = 32
SAID: Final = {"message", "kind", "salt", "record"}
PLACE: Final = {"index", "path"}


class Finding(StrEnum):
    """What the two logs say of one message."""

    PROVED = "proved"
    """Both logged the same envelope, and the partner's leaf is proved to be in its log."""
    AGREED = "agreed"
    """Both logged the same envelope; no checkpoint of the partner has its leaf yet."""
    UNPROVED = "unproved"
    """The partner says where its leaf stands in its log, and that is not so."""
    NOT_OPENED = "not_opened"
    """The partner gave a receipt, and has not laid its leaf open yet."""
    DENIED = "denied"
    """The partner gave a receipt and lays other leaves open, but not this one: its own signature contradicts it."""
    UNDER_WAY = "under_way"
    """Sent here, no receipt yet."""
    CLAIMED = "claimed"
    """The partner says that it sent or received something that this node knows nothing of."""
    DIFFERS = "differs"
    """Both know the message, and not the same envelope."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A leaf that a partner laid open: what it says, the hash of the leaf that it opens, and its place in the log."""

    message: str
    kind: str
    salt: bytes
    record: bytes
    leaf: bytes
    at: str
    index: int | None = None
    path: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One message: what was found, and the moments of both sides."""

    message: str
    finding: Finding
    own_kind: str | None
    own_at: str | None
    their_at: str | None


@dataclass(frozen=True, slots=True)
class Compared:
    """Every message of the period, how many there are of each finding, and what became of the partner's checkpoint."""

    partner: str
    lines: tuple[ComparedLine, ...]
    counts: dict[str, int]
    log: JudgedLog = UNSEEN

    @property
    def agrees(self) -> bool:
        """Nothing is denied, claimed or different, and the partner's log shows no breach."""
        against = (Finding.DENIED, Finding.CLAIMED, Finding.DIFFERS, Finding.UNPROVED)
        return not self.log.state.is_breach and not any(self.counts.get(each, 0) for each in against)


def opened_in(said: Any, *, partner: str) -> Opened | None:
    """What an opening from outside proves; nothing where it is malformed or about somebody else's messages."""
    if not isinstance(said, dict) or set(said) - PLACE != SAID or set(said) & PLACE not in (set(), PLACE):
        return None
    if not all(isinstance(said[name], str) for name in SAID) or len(said["record"]) > 2 * LARGEST_RECORD:
        return None
    index, path = said.get("index"), path_in(said.get("path", []))
    if path is None or isinstance(index, bool) or not isinstance(index, int | None) or (index or 0) < 0:
        return None
    try:
        salt, record = from_b64(said["salt"]), from_b64(said["record"])
        told = json.loads(record)
        from_text(str(told["at"]))
    except (ValueError, RecursionError, TypeError, KeyError):
        return None
    if len(salt) != SALT or not isinstance(told, dict) or told.get("kind") not in (SENT, RECEIVED):
        return None
    side = told.get("sender") if told["kind"] == SENT else told.get("recipient")
    if side != partner or told.get("message") != said["message"] or told["kind"] != said["kind"]:
        return None
    leaf = leaf_hash(commitment(salt, record))
    return Opened(said["message"], said["kind"], salt, record, leaf, str(told["at"]), index, path)


def compared(rows: Iterable[StoredOpening], receipts: Set[str], *, partner: str) -> Compared:
    """``receipts`` are the messages for which the partner's signed receipt is here."""
    return _counted(partner, _lines(rows, receipts), UNSEEN)


def with_proofs(found: Compared, opened: Iterable[Opened], log: JudgedLog) -> Compared:
    """The same, where what agrees is held against the partner's log: proved, not in it yet, or not where it says."""
    places = {each.message: each for each in opened if each.index is not None}
    return _counted(found.partner, [_proved(line, places.get(line.message), log) for line in found.lines], log)


def _proved(line: ComparedLine, opened: Opened | None, log: JudgedLog) -> ComparedLine:
    if line.finding is not Finding.AGREED or opened is None or opened.index is None or not log.state.stands:
        return line
    holds = log.holds(opened.leaf, opened.index, opened.path)
    return replace(line, finding=Finding.PROVED if holds else Finding.UNPROVED)


def _lines(rows: Iterable[StoredOpening], receipts: Set[str]) -> list[ComparedLine]:
    sides: dict[str, dict[str, StoredOpening]] = {}
    for row in rows:
        sides.setdefault(row.message_id, {})[row.side] = row
    laid_open = any(row.record is not None for both in sides.values() for side, row in both.items() if side != OWN)
    return [_line(message, both, message in receipts, laid_open) for message, both in sides.items()]


def _counted(partner: str, lines: Iterable[ComparedLine], log: JudgedLog) -> Compared:
    every = tuple(lines)
    counts = {each.value: sum(line.finding is each for line in every) for each in Finding}
    return Compared(partner, every, {name: count for name, count in counts.items() if count}, log)


def _line(message: str, both: dict[str, StoredOpening], receipt: bool, laid_open: bool) -> ComparedLine:
    own, their = both.get(OWN), next((row for side, row in both.items() if side != OWN), None)
    return ComparedLine(
        message,
        _finding(own, their, receipt, laid_open),
        own.kind if own else None,
        own.at if own else None,
        their.at if their else None,
    )


def _finding(own: StoredOpening | None, their: StoredOpening | None, receipt: bool, laid_open: bool) -> Finding:
    if own is None:
        return Finding.CLAIMED
    if their is None or their.record is None:
        if not receipt and own.kind == SENT:
            return Finding.UNDER_WAY
        return Finding.DENIED if laid_open else Finding.NOT_OPENED
    alike = own.kind != their.kind and _envelope(own) == _envelope(their)
    return Finding.AGREED if alike else Finding.DIFFERS


def _envelope(row: StoredOpening) -> tuple[object, ...]:
    """What both sides must have logged alike."""
    said = json.loads(row.record or b"{}")
    return tuple(said.get(name) for name in ("message", "envelope", "sender", "recipient", "stream", "sequence"))
