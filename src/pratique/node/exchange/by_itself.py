"""What the exchange worker does without a person: what an officer allowed beforehand, each as a command of its own."""

from __future__ import annotations

from dataclasses import dataclass

from pratique.node.access import Actor
from pratique.node.handlers.blind import ReadBlindAnswer
from pratique.node.handlers.blind_asked import AnswerBlindly, BlindlyAnswered
from pratique.node.handlers.blind_standing import ListBlindDue
from pratique.node.handlers.warnings import LoadWarnings, ShowWarnings
from pratique.node.node import Node
from pratique.node.storage.blind import StoredQuestion
from pratique.vocabulary.errors import PratiqueError


@dataclass(frozen=True, slots=True)
class DoneByItself:
    """Blind queries of partners that were answered or refused, answers that were read, what failed, by code; and how

    many entries the list of partners' warnings has, where it was brought up to date.
    """

    answered: tuple[BlindlyAnswered, ...] = ()
    read: tuple[StoredQuestion, ...] = ()
    faults: tuple[str, ...] = ()
    warned: int | None = None


def done_by_itself(node: Node, *, actor: Actor) -> DoneByItself:
    """Everything that is due now; what fails keeps nothing else from its turn."""
    due = node.ask(ListBlindDue(), actor=actor)
    answered, read, faults = [], [], []
    for query in due.to_answer:
        try:
            answered.append(node.execute(AnswerBlindly(query), actor=actor))
        except PratiqueError as fault:
            faults.append(fault.code)
    for question in due.to_read:
        try:
            read.append(node.execute(ReadBlindAnswer(question), actor=actor))
        except PratiqueError as fault:
            faults.append(fault.code)
    warned = None
    try:
        warnings = node.ask(ShowWarnings(), actor=actor)
        if warnings.due:
            node.execute(LoadWarnings(), actor=actor)
            warned = len(warnings.warned)
    except PratiqueError as fault:
        faults.append(fault.code)
    return DoneByItself(tuple(answered), tuple(read), tuple(faults), warned)
