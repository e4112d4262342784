"""Answers to list hits: the same, different, cannot tell. A person answers; the answer is remembered for the pair."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

import polars as pl

from pratique.node.acts import Act, Command, Done, Work
from pratique.node.canonical import canonical, digest
from pratique.node.controls.reason_codes import checked_reason
from pratique.node.errors import refuse
from pratique.node.handlers.hits import hit_row, party_of
from pratique.node.hits.changes import declared_side
from pratique.node.hits.pairs import ANSWERS, DIFFERENT, SUPERSEDED, Answered, answered, answers_by_pair
from pratique.node.instants import to_text
from pratique.node.runs.at_hand import RunAtHand, run_at_hand
from pratique.node.settings import Settings
from pratique.node.storage import dispositions, journal
from pratique.node.storage.dispositions import StoredDisposition
from pratique.node.storage.settings import changed_settings
from pratique.node.storage.store import Connection
from pratique.vocabulary.errors import Category


@dataclass(frozen=True, slots=True)
class HitAnswered:
    """What an answer came to. ``act`` is what :class:`~pratique.node.handlers.undoing.UndoAct` takes.

    ``stands`` is false where a second person has to agree first; ``also_answers`` counts further hits of the same pair
    in the run, which the answer speaks for too.
    """

    act: int
    run_id: str
    hit: int
    consignment_id: str
    answer: str
    stands: bool
    also_answers: int


@dataclass(frozen=True, slots=True)
class DisposeHit(Command[HitAnswered]):
    """Answers a hit: ``same``, ``different`` or ``cannot_tell``, with a coded reason.

    ``different`` for a hit at or above the setting ``hit_second_person_permille`` stands once a second person has
    answered so too; it keeps the pair quiet for ``hit_different_days``, as long as neither side changes.
    """

    run: str
    hit: int
    answer: str
    reason: str
    note: str = ""
    entry: ClassVar[str] = "hits.answered"


def dispose_hit(command: DisposeHit, work: Work) -> Act[HitAnswered]:
    """Raises ``NOT_FOUND``, ``REJECTED`` (answer, reason), ``CONFLICT`` (answered so, or by the same person)."""
    if command.answer not in ANSWERS:
        raise refuse("hits.no_answer", answer=command.answer, known=", ".join(ANSWERS))
    reason, note = checked_reason(command.answer, command.reason, command.note)
    with work.store.reading() as connection:
        hit_row(run_at_hand(connection, work.folder, command.run), command.hit)  # lists are read while nobody waits

    def act(connection: Connection) -> Done[HitAnswered]:
        at_hand = run_at_hand(connection, work.folder, command.run)
        hit = hit_row(at_hand, command.hit)
        before = answered(hit, answers_by_pair(connection, [hit["pair"]]).get(hit["pair"], ()), work.at)
        settings = Settings.of(changed_settings(connection))
        added = StoredDisposition(
            seq=journal.next_seq(connection),
            run_seq=at_hand.run.seq,
            number=command.hit,
            pair=hit["pair"],
            answer=command.answer,
            stands=int(_stands(command, hit, before, settings, work)),
            reason=reason or "",
            note=note,
            at=to_text(work.at),
            by=work.actor.name,
            list_version=hit["list_version"],
            entry_sha256=hit["entry_sha256"],
            party_sha256=hit["party_sha256"],
            subject=hit["subject"],
            party_key=hit["party_key"],
            list_id=hit["list_id"],
            entity_id=hit["entity_id"],
            party=canonical(declared_side(hit, party_of(at_hand, hit))),
            until=_until(command.answer, settings, work),
        )
        dispositions.add_disposition(connection, added)
        result = _result(added, at_hand, hit)
        told = {
            "run": at_hand.run.id,
            "hit": command.hit,
            "consignment": result.consignment_id,
            "answer": added.answer,
            "stands": result.stands,
            "reason": added.reason,
            "note": digest(note) if note else None,
            "row": dispositions.answer_digest(added),
        }
        return Done(result, command=told, outcome={"pair": added.pair, "entry": added.entry_sha256})

    return act


def _until(answer: str, settings: Settings, work: Work) -> str | None:
    """The moment from which the pair is asked again: no answer that keeps something quiet lives for ever."""
    if answer != DIFFERENT:
        return None
    return to_text(work.at + timedelta(days=settings.number("hit_different_days")))


def _stands(command: DisposeHit, hit: dict[str, Any], before: Answered, settings: Settings, work: Work) -> bool:
    """Whether the answer counts at once; an answer that says nothing new, or agrees with oneself, is refused."""
    told = {"hit": command.hit, "answer": command.answer}
    if before.state == command.answer and not before.changed:
        raise refuse("hits.answered_already", Category.CONFLICT, **told)
    if command.answer != DIFFERENT or hit["score_permille"] < settings.number("hit_second_person_permille"):
        return True
    first = before.awaiting
    if first is None or first.answer != DIFFERENT or _compared_other(first, hit):
        return False
    if first.by == work.actor.name:
        raise refuse("hits.second_person", Category.CONFLICT, **told)
    return True


def _compared_other(first: StoredDisposition, hit: dict[str, Any]) -> bool:
    """Whether the first person did not see what is asked now."""
    return (first.entry_sha256, first.party_sha256) != (hit["entry_sha256"], hit["party_sha256"])


def _result(added: StoredDisposition, at_hand: RunAtHand, hit: dict[str, Any]) -> HitAnswered:
    same_pair = at_hand.hits.filter(~pl.col(SUPERSEDED), pair=added.pair)
    ids = at_hand.frames["consignments"].filter(consignment=hit["consignment"])["consignment_id"]
    return HitAnswered(
        act=added.seq,
        run_id=at_hand.run.id,
        hit=added.number,
        consignment_id=ids[0],
        answer=added.answer,
        stands=bool(added.stands),
        also_answers=same_pair.height - 1,
    )
