"""The line into the inbox: envelopes are taken in once each and receipted; what was not taken is named and kept."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import ClassVar, Final

from pratique.node.acts import Act, Command, Done, Leaf, Query, View, Work
from pratique.node.errors import refuse
from pratique.node.exchange.alarms import alarm_leaf
from pratique.node.exchange.own import own
from pratique.node.exchange.receiving import Receiving, Taken, take_all_in
from pratique.node.exchange.register import OpenPartners, known_partner
from pratique.node.storage import exchange_streams as streams
from pratique.node.storage import inbox, journal
from pratique.node.storage.exchange_streams import IN, StoredStream
from pratique.node.storage.inbox import StoredNotTaken
from pratique.node.storage.store import Connection
from pratique.partners.exchange.header import stream_start
from pratique.vocabulary.errors import Category

MOST: Final = 1000
MOST_AT_ONCE: Final = 2000
BY_HAND: Final = "by hand"


@dataclass(frozen=True, slots=True)
class ReceiveEnvelopes(Command[tuple[Taken, ...]]):
    """Takes envelopes in, in the order given. ``came_from`` is the partner whose line it was, or ``by hand``.

    Each is proved by what is in it, whoever brought it. Answers with a receipt or a signed error for each.
    """

    envelopes: tuple[bytes, ...]
    came_from: str = BY_HAND
    entry: ClassVar[str] = "exchange.received"


@dataclass(frozen=True, slots=True)
class NoteAlarmSeen(Command[int]):
    """An officer has looked at the alarms of a journal entry. Answers with the number of the entry."""

    seq: int
    note: str
    entry: ClassVar[str] = "exchange.alarm_seen"


@dataclass(frozen=True, slots=True)
class AllowStream(Command[str]):
    """A partner whose stream was stopped may begin this one, after a person spoke with it."""

    partner: str
    stream: str
    reason: str
    entry: ClassVar[str] = "exchange.stream_allowed"


@dataclass(frozen=True, slots=True)
class NotTaken:
    """The newest envelopes that were not taken, and how many alarms nobody has looked at."""

    lines: tuple[StoredNotTaken, ...]
    open_alarms: int


@dataclass(frozen=True, slots=True)
class ListNotTaken(Query[NotTaken]):
    """What was not taken in, newest first."""

    alarms_only: bool = False
    most: int = 100


@dataclass(frozen=True, slots=True)
class StreamsFrom(Query[dict[str, int]]):
    """The number of the newest envelope of each stream from a partner."""

    partner: str


def receive_envelopes(command: ReceiveEnvelopes, work: Work) -> Act[tuple[Taken, ...]]:
    """Never raises for what an envelope holds; ``REJECTED`` for more than 2,000 at once."""
    if len(command.envelopes) > MOST_AT_ONCE:
        raise refuse("share.too_many", count=len(command.envelopes), most=MOST_AT_ONCE)

    def act(connection: Connection) -> Done[tuple[Taken, ...]]:
        me = own(work.folder, work.stores, connection)
        heard = OpenPartners(connection)
        receiving = Receiving(me, heard, work, journal.next_seq(connection), command.came_from)
        taken: list[Taken] = []
        leaves: list[Leaf] = []
        for data, (one, leaf) in zip(
            command.envelopes, take_all_in(connection, command.envelopes, receiving), strict=True
        ):
            taken.append(one)
            leaves += [leaf] if leaf else _alarm(one, data)
        facts = {"came_from": command.came_from, "envelopes": _digest(command.envelopes)}
        return Done(tuple(taken), command=facts, outcome=_counted(taken), leaves=tuple(leaves))

    return act


def note_alarm_seen(command: NoteAlarmSeen, work: Work) -> Act[int]:
    """Raises ``NOT_FOUND`` where the entry has no open alarm."""
    note = command.note.strip()
    if not note:
        raise refuse("share.no_note")

    def act(connection: Connection) -> Done[int]:
        if not inbox.note_seen(connection, command.seq, by=work.actor.name):
            raise refuse("share.no_alarm", Category.NOT_FOUND, seq=command.seq)
        facts = {"seq": command.seq, "note_sha256": hashlib.sha256(note.encode()).hexdigest()}
        return Done(command.seq, command=facts, outcome={})

    return act


def allow_stream(command: AllowStream, work: Work) -> Act[str]:
    """Raises ``CONFLICT`` where no stream of the partner was stopped, or the name was used before."""

    def act(connection: Connection) -> Done[str]:
        partner = known_partner(connection, command.partner)
        me = own(work.folder, work.stores, connection)
        known = [each for each in streams.streams(connection, partner.id) if each.direction == IN]
        if not known or known[-1].stopped is None:
            raise refuse("share.not_stopped", Category.CONFLICT, partner=partner.id)
        if any(each.stream == command.stream for each in known):
            raise refuse("share.stream_used", Category.CONFLICT, stream=command.stream[:40])
        head = stream_start(sender=partner.id, recipient=me.id, stream=command.stream)
        streams.put_stream(connection, StoredStream(partner.id, IN, command.stream, 0, head, None, len(known) + 1))
        facts = {"partner": partner.id, "stream": command.stream}
        reason = hashlib.sha256(command.reason.encode()).hexdigest()
        return Done(command.stream, command=facts, outcome={"after": known[-1].stopped, "reason_sha256": reason})

    return act


def list_not_taken(query: ListNotTaken, view: View) -> NotTaken:
    """At most a thousand."""
    most = min(max(query.most, 1), MOST)
    lines = inbox.not_taken(view.connection, most=most, alarms_only=query.alarms_only)
    return NotTaken(tuple(lines), inbox.open_alarms(view.connection))


def streams_from(query: StreamsFrom, view: View) -> dict[str, int]:
    """Empty where nothing ever came."""
    known = streams.streams(view.connection, query.partner)
    return {each.stream: each.sequence for each in known if each.direction == IN}


def _alarm(one: Taken, data: bytes) -> list[Leaf]:
    """An alarm is in the log even where the row of it is lost."""
    if not one.alarm:
        return []
    return [alarm_leaf(str(one.code), hashlib.sha256(data).digest())]


def _counted(taken: list[Taken]) -> dict[str, object]:
    refused = Counter(str(each.code) for each in taken if each.course == "refused")
    courses = Counter(each.course for each in taken)
    messages = [each.message for each in taken if each.course == "accepted"]
    return {"courses": dict(courses), "refused": dict(refused), "messages": messages}


def _digest(envelopes: tuple[bytes, ...]) -> str:
    """One digest of all of them, in order."""
    return hashlib.sha256(b"".join(hashlib.sha256(each).digest() for each in envelopes)).hexdigest()
