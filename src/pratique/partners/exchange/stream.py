"""The order of envelopes between two partners: numbers without a gap, each naming the hash of the one before.

The receiving side as a pure function: what an envelope that opened does to its stream. A duplicate is answered with
the receipt it had; a gap is asked for again; what cannot come from an honest partner on a bad line (other bytes under
the same id or number, another predecessor) raises an alarm, and where the chain itself is in doubt the stream stops
until a person begins a new one, under another name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Final

from pratique.partners.exchange.envelope import Place
from pratique.partners.exchange.errors import refuse
from pratique.partners.exchange.header import Header, stream_start
from pratique.vocabulary.errors import Category, PratiqueError

CLOSED: Final = Category.CONFLICT


class Course(Enum):
    """What becomes of an envelope that arrived, with the code of its fault where it is refused."""

    ACCEPTED = None
    """The next one: act on it, once."""
    DUPLICATE = "exchange.duplicate"
    """The same bytes as before: do nothing, give the same receipt."""
    CONFLICT = "exchange.conflict"
    """The same id with other bytes: refuse, alarm."""
    FORK = "exchange.fork"
    """Another envelope under a number that was taken: refuse, alarm, stop."""
    REPLAY = "exchange.replay"
    """A number long past, whose id is no longer kept: refuse."""
    GAP = "exchange.gap"
    """Some are missing before it: refuse for now, ask for ``expected``."""
    BROKEN = "exchange.chain_broken"
    """The right number after another predecessor: refuse, alarm, stop."""
    STOPPED = "exchange.stream_stopped"
    """The stream was stopped and waits for a person."""


_ALARMING: Final = frozenset({Course.CONFLICT, Course.FORK, Course.BROKEN})
_STOPPING: Final = frozenset({Course.FORK, Course.BROKEN})


@dataclass(frozen=True, slots=True)
class Incoming:
    """A stream as its receiver knows it: the number and predecessor that come next, and why it stopped."""

    expected: int
    head: bytes
    stopped: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What the receiver still holds that an arrival may repeat: the hash of the envelope accepted under the same id,
    and of the one accepted under the same number of the stream; ``None`` where there is none (any more)."""

    same_id: bytes | None = None
    same_number: bytes | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of the envelope, the stream after it, and the number the receiver wants."""

    course: Course
    stream: Incoming
    expected: int

    @property
    def alarm(self) -> bool:
        """Somebody has to look: no honest partner on a bad line does this."""
        return self.course in _ALARMING

    def fault(self, header: Header) -> PratiqueError | None:
        """The error to answer with; nothing where it was accepted."""
        if self.course is Course.ACCEPTED:
            return None
        return refuse(
            str(self.course.value),
            CLOSED,
            sender=header.sender,
            stream=header.stream,
            number=header.sequence,
            expected=self.expected,
        )


def incoming(*, sender: str, recipient: str, stream: str) -> Incoming:
    """A stream of which nothing has come yet."""
    return Incoming(1, stream_start(sender=sender, recipient=recipient, stream=stream))


def arrive(stream: Incoming, header: Header, envelope_hash: bytes, kept: Kept) -> Verdict:
    """What an envelope that opened does to its stream. ``header`` must be of this stream."""
    course = _course(stream, header, envelope_hash, kept)
    if course is Course.ACCEPTED:
        stream = Incoming(stream.expected + 1, envelope_hash)
    elif course in _STOPPING and stream.stopped is None:
        stream = replace(stream, stopped=str(course.value))
    return Verdict(course, stream, stream.expected)


def _course(stream: Incoming, header: Header, envelope_hash: bytes, kept: Kept) -> Course:
    if kept.same_id is not None:
        return Course.DUPLICATE if kept.same_id == envelope_hash else Course.CONFLICT
    if stream.stopped is not None:
        return Course.STOPPED
    if header.sequence < stream.expected:
        forked = kept.same_number is not None and kept.same_number != envelope_hash
        return Course.FORK if forked else Course.REPLAY
    if header.sequence > stream.expected:
        return Course.GAP
    return Course.ACCEPTED if header.previous == stream.head else Course.BROKEN


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A stream as its sender knows it: the number and predecessor of the next envelope."""

    name: str
    next_number: int
    head: bytes

    def place(self, *, descriptor: int, expires: datetime) -> Place:
        """Where the next envelope stands."""
        return Place(self.name, self.next_number, self.head, descriptor, expires)

    def after(self, envelope_hash: bytes) -> Outgoing:
        """The stream once that envelope stands in it."""
        return Outgoing(self.name, self.next_number + 1, envelope_hash)


def outgoing(*, sender: str, recipient: str, stream: str) -> Outgoing:
    """A stream in which nothing stands yet."""
    return Outgoing(stream, 1, stream_start(sender=sender, recipient=recipient, stream=stream))
