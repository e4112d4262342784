"""Blind queries of this side: asked under an article and within limits, read when the answer came, kept for a time."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.canonical import canonical
from pratique.node.errors import refuse
from pratique.node.exchange.blind_kinds import Kind, kind_named
from pratique.node.exchange.disclosing import About, Disclosed, disclose_in
from pratique.node.exchange.following import Under
from pratique.node.exchange.fresh import random_bytes
from pratique.node.exchange.held import openings_of
from pratique.node.exchange.share import Share
from pratique.node.instants import to_text
from pratique.node.settings import Settings
from pratique.node.storage import blind as stored
from pratique.node.storage import inbox, journal
from pratique.node.storage.blind import StoredQuestion, StoredTokens
from pratique.node.storage.inbox import StoredIn
from pratique.node.storage.settings import changed_settings
from pratique.node.storage.store import Connection
from pratique.partners.exchange import blind, blind_files, strict_json
from pratique.partners.exchange.messages.asking import Answer, BlindAnswer, IdentifierKind
from pratique.partners.exchange.messages.registry import received_message
from pratique.vocabulary.errors import Category, PratiqueError

DAY: Final = timedelta(hours=24)
KEPT: Final = timedelta(days=90)
WAITS: Final = timedelta(days=30)  # as long as an envelope can still arrive
LONGEST_REASON: Final = 300
UNSAID: Final = "blind.no_ground"
NO_TOKENS: Final = "blind.no_tokens"
BROKEN: Final = "blind.answer_broken"


@dataclass(frozen=True, slots=True)
class Budget:
    """Elements asked within 24 hours, decoys counted, and how many may be: by the officer, and of the partner."""

    officer_used: int
    officer_most: int
    partner_used: int
    partner_most: int

    @property
    def left(self) -> int:
        """How many more this officer may ask of this partner now."""
        return max(0, min(self.officer_most - self.officer_used, self.partner_most - self.partner_used))


@dataclass(frozen=True, slots=True)
class BlindlyAsked:
    """What came of asking: ``disclosed.message`` is ``None`` where the gate refused. ``elements`` hold decoys too."""

    disclosed: Disclosed
    elements: int
    budget: Budget


@dataclass(frozen=True, slots=True)
class AskBlindly(Command[BlindlyAsked]):
    """Asks a partner whether it knows these identifiers; persons as ``NAME;1980-02-03``.

    What goes tells nothing of them. ``reason`` stays here: it says why each had to be asked.
    """

    partner: str
    kind: str
    identifiers: tuple[str, ...]
    under: Under
    reason: str
    entry: ClassVar[str] = "blind.asked"


@dataclass(frozen=True, slots=True)
class BlindResult:
    """A question with its answer. ``found`` has each identifier with yes or no; empty while there is no answer."""

    question: StoredQuestion
    found: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class ReadBlindAnswer(Command[StoredQuestion]):
    """Reads the answer that came to a question, and destroys what could read it again.

    Answers with how many are known; which ones, :class:`ShowBlindQuestion` shows to whom may see it.
    """

    question: str
    entry: ClassVar[str] = "blind.answer_read"


@dataclass(frozen=True, slots=True)
class ShowBlindQuestion(Query[BlindResult]):
    """A question with the identifiers that were asked, as long as its answer is kept."""

    question: str


@dataclass(frozen=True, slots=True)
class ShowBlindBudget(Query[Budget]):
    """What this officer may still ask of a partner today."""

    partner: str


@dataclass(frozen=True, slots=True)
class ClearBlind(Command[dict[str, int]]):
    """Erases answers past their time, secrets of questions that nobody answered, and keys that count no more."""

    entry: ClassVar[str] = "blind.cleared"


def ask_blindly(command: AskBlindly, work: Work) -> Act[BlindlyAsked]:
    """Raises ``REJECTED`` for identifiers that are none, too many, or without a reason, ``CONFLICT`` over the limit."""
    kind, reason = kind_named(command.kind), command.reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise refuse("blind.reason", most=LONGEST_REASON)
    lines = tuple(dict.fromkeys(line.strip() for line in command.identifiers if line.strip()))
    if not lines:
        raise refuse("blind.nothing")
    elements = blind.batch_size(len(lines))
    query, kept = blind_files.ask(lines, _name(kind), secrets=[random_bytes(blind.KEY_BYTES) for _ in lines])
    decoys = tuple(blind.decoy(random_bytes(blind.KEY_BYTES)) for _ in range(elements - len(lines)))
    query = query.model_copy(update={"elements": (*query.elements, *decoys), "normalisation": blind.NORMALISATION})

    def act(connection: Connection) -> Done[BlindlyAsked]:
        before = _budget(connection, command.partner, work.actor.name, work.at)
        if elements > before.left:
            raise refuse("blind.over_budget", Category.CONFLICT, elements=elements, left=before.left)
        known = stored.tokens_of(connection, command.partner, kind.name, now=to_text(work.at))
        asked = query.model_copy(update={"set_known": known.sha256}) if known else query
        under = command.under
        share = Share(
            command.partner, "blind_query/1", asked.dump(), under.agreement, under.clause, under.circumstances
        )
        done = disclose_in(connection, share, About(), work)
        facts = done.facts | {"kind": kind.name, "identifiers": len(lines), "elements": elements}
        message = done.disclosed.message
        if message is not None:
            row = _question(message, command, (len(lines), elements), strict_json.write(kept.dump()), work)
            stored.add_question(connection, replace(row, seq=journal.next_seq(connection), reason=reason))
        budget = _budget(connection, command.partner, work.actor.name, work.at)
        told = BlindlyAsked(done.disclosed, elements, budget)
        return Done(told, command=facts, outcome=done.outcome | {"left": budget.left}, leaves=done.leaves)

    return act


def read_blind_answer(command: ReadBlindAnswer, work: Work) -> Act[StoredQuestion]:
    """Raises ``NOT_FOUND``, ``CONFLICT`` where it was settled before or nothing came yet.

    An answer that is none is noted as such: nobody can read the question again afterwards.
    """

    def act(connection: Connection) -> Done[StoredQuestion]:
        asked = _asked(connection, command.question)
        if asked.state != stored.ASKED or asked.secrets is None:
            raise refuse("blind.settled", Category.CONFLICT, question=asked.message_id, state=asked.state)
        came = stored.answers_to(connection, asked.message_id, asked.partner_id)
        held = inbox.in_of(connection, came[-1]) if came else None
        if held is None:
            raise refuse("blind.no_answer", Category.CONFLICT, question=asked.message_id)
        now = _settled(connection, asked, held, work)
        stored.settle_question(connection, now)
        facts = {"question": asked.message_id, "answer": held.id, "kind": asked.kind}
        outcome = {"state": now.state, "ground": now.ground, "known": now.known}
        return Done(replace(now, secrets=None, result=None), command=facts, outcome=outcome)

    return act


def show_blind_question(query: ShowBlindQuestion, view: View) -> BlindResult:
    """Raises ``NOT_FOUND``."""
    asked = _asked(view.connection, query.question)
    found = tuple((str(line), bool(known)) for line, known in json.loads(asked.result or "[]"))
    return BlindResult(replace(asked, secrets=None, result=None), found)


def show_blind_budget(query: ShowBlindBudget, view: View) -> Budget:
    """Of the officer who asks this."""
    return _budget(view.connection, query.partner, view.actor.name, view.at)


def clear_blind(command: ClearBlind, work: Work) -> Act[dict[str, int]]:
    """A second time finds nothing and says so."""

    def act(connection: Connection) -> Done[dict[str, int]]:
        gone = stored.forget(
            connection,
            before=to_text(work.at - WAITS),
            today=work.at.date().isoformat(),
            now=to_text(work.at),
        )
        return Done(gone, command={}, outcome=dict(gone))

    return act


def _asked(connection: Connection, message_id: str) -> StoredQuestion:
    found = stored.question_of(connection, message_id)
    if found is None:
        raise refuse("blind.no_question", Category.NOT_FOUND, question=message_id[:60])
    return found


def _question(message: str, command: AskBlindly, counts: tuple[int, int], kept: bytes, work: Work) -> StoredQuestion:
    return StoredQuestion(
        message_id=message,
        seq=0,
        partner_id=command.partner,
        kind=command.kind,
        identifiers=counts[0],
        elements=counts[1],
        reason=command.reason,
        secrets=kept,
        state=stored.ASKED,
        ground=None,
        answer_id=None,
        result=None,
        known=None,
        retention_until=None,
        at=to_text(work.at),
        by=work.actor.name,
    )


def _settled(connection: Connection, asked: StoredQuestion, held: StoredIn, work: Work) -> StoredQuestion:
    """The question as it stands with this answer: known or not, refused, or not to be read."""
    until = held.retention_until or (work.at + KEPT).date().isoformat()
    now = replace(asked, answer_id=held.id, retention_until=until, state=stored.REFUSED)
    try:
        message = received_message(held.type, tuple(each.field for each in openings_of(held)))
        if isinstance(message, Answer):
            return replace(now, ground=message.grounds[0] if message.grounds else UNSAID)
        if not isinstance(message, BlindAnswer):
            return replace(now, ground=BROKEN)
        found = _found(connection, asked, held, message, work)
    except PratiqueError as error:
        return replace(now, ground=error.code)
    known = sum(is_known for _, is_known in found)
    return replace(now, state=stored.ANSWERED, result=canonical(found), known=known)


def _found(
    connection: Connection, asked: StoredQuestion, held: StoredIn, said: BlindAnswer, work: Work
) -> tuple[tuple[str, bool], ...]:
    """Each identifier with yes or no. Raises where the answer is to another question, or of a set nobody has."""
    kind = kind_named(asked.kind)
    fits = said.query == asked.message_id and len(said.elements) == asked.elements
    if not fits or getattr(said, kind.about) is not True:
        raise refuse(BROKEN)
    if (said.normalisation or 1) != blind.NORMALISATION:
        raise refuse("blind.normalisation", own=blind.NORMALISATION, theirs=said.normalisation)
    tokens = said.tokens
    if tokens is None:
        before = stored.tokens_of(connection, asked.partner_id, asked.kind, now=to_text(work.at))
        tokens = before.tokens if before is not None and before.sha256 == said.set else None
    if tokens is None:
        raise refuse(NO_TOKENS)
    kept = blind_files.read_kept_secrets(asked.secrets or b"")
    own = said.model_copy(update={"elements": said.elements[: asked.identifiers]})
    found = blind_files.read_answer(own, kept, tokens)
    until = to_text(said.valid_until)
    stored.keep_tokens(connection, StoredTokens(held.partner_id, said.set, asked.kind, tokens, until, to_text(work.at)))
    return found


def _budget(connection: Connection, partner: str, officer: str, at: datetime) -> Budget:
    settings = Settings.of(changed_settings(connection))
    since = to_text(at - DAY)
    return Budget(
        officer_used=stored.asked_since(connection, since, by=officer),
        officer_most=settings.number("blind_officer_day"),
        partner_used=stored.asked_since(connection, since, partner=partner),
        partner_most=settings.number("blind_partner_day"),
    )


def _name(kind: Kind) -> IdentifierKind:
    name: Any = kind.name  # the kinds are those of the message, which a test holds
    return name  # type: ignore[no-any-return]
