"""Commands carried out: each with its journal entry and its leaves, alone or several in one transaction.

Several share one sync of the disk, which rules the speed where each command is small. Every command of a group has a
savepoint of its own, so that one which is refused leaves nothing and holds up no other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Generic, TypeVar

from pratique.node.acts import Act, Command, Done, Stepwise, Work
from pratique.node.errors import refuse
from pratique.node.head import note_head
from pratique.node.ledger.leaves import add_leaves
from pratique.node.storage import journal
from pratique.node.storage.journal import JournalEntry
from pratique.node.storage.store import Connection, savepoint
from pratique.vocabulary.errors import Category, PratiqueError

R = TypeVar("R")
Prepare = Callable[[Command[Any]], Callable[[Any, Any], Any]]
WRITTEN: Final = "pratique.written"


@dataclass(slots=True)
class Grouped(Generic[R]):
    """A command of a group with what it is given, then what it came to: done, or refused."""

    command: Command[R]
    work: Work
    act: Act[R] | None = None
    done: Done[R] | None = None
    refused: PratiqueError | None = None

    def attempt(self, step: Callable[[], object]) -> None:
        """Takes one step towards carrying it out, unless it was refused already."""
        if self.refused is None:
            try:
                step()
            except PratiqueError as error:
                self.refused = error

    @property
    def answer(self) -> R | PratiqueError:
        """The result, or the refusal."""
        if self.refused is not None:
            return self.refused
        assert self.done is not None  # neither done nor refused is nothing that a group ends with
        if self.done.refusal is not None:
            return self.done.refusal
        assert self.done.result is not None  # there is a result or a refusal
        return self.done.result


def carry_out(command: Command[R], work: Work, *, act: Act[R]) -> Done[R]:
    """One command in one transaction."""
    with work.stores.of(command.kept_in).writing() as connection:
        done, entry = _written(connection, command, work, act)
    if command.kept_in == "main":
        note_head(work.folder, entry)
    if done.after is not None:
        done.after()
    return done


def carry_out_together(group: Sequence[Grouped[Any]], *, prepare: Prepare) -> None:
    """All commands of the group that were not refused yet: each is prepared, then all are written in one transaction.

    Raises ``MISCONFIGURED`` where they are kept in different stores.
    """
    kept_in = {each.command.kept_in for each in group}
    if len(kept_in) > 1:
        raise refuse("node.mixed_group", Category.MISCONFIGURED)
    for each in group:
        each.attempt(partial(_prepare, each, prepare))
    ready = [each for each in group if each.act is not None]
    if not ready:
        return
    newest: JournalEntry | None = None
    with ready[0].work.stores.of(kept_in.pop()).writing() as connection:
        _look(connection, ready)
        for each in ready:
            newest = _write(connection, each, newest) or newest
    if newest is not None and ready[0].command.kept_in == "main":
        note_head(ready[0].work.folder, newest)
    for each in ready:
        if each.done is not None and each.done.after is not None:
            each.attempt(each.done.after)


def _prepare(each: Grouped[Any], prepare: Prepare) -> None:
    each.act = prepare(each.command)(each.command, each.work)


def _look(connection: Connection, ready: Sequence[Grouped[Any]]) -> None:
    """Step by step what acts look at before they write, each for all of them."""
    looking = [(each, each.act.looks) for each in ready if isinstance(each.act, Stepwise)]
    for step in range(max((len(looks) for _, looks in looking), default=0)):
        for each, looks in looking:
            if step < len(looks):
                each.attempt(partial(looks[step], connection))


def _write(connection: Connection, each: Grouped[Any], last: JournalEntry | None) -> JournalEntry | None:
    if each.refused is not None:
        return None
    assert each.act is not None  # only prepared commands come here
    act = each.act.act if isinstance(each.act, Stepwise) else each.act
    try:
        with savepoint(connection):
            each.done, entry = _written(connection, each.command, each.work, act, last=last)
    except PratiqueError as error:
        each.refused = error
        return None
    return entry


def _written(
    connection: Connection, command: Command[R], work: Work, act: Act[R], *, last: JournalEntry | None = None
) -> tuple[Done[R], JournalEntry]:
    done = act(connection)
    entry = journal.append(
        connection,
        at=work.at,
        actor=work.actor.name,
        entry=command.entry,
        command=done.command,
        outcome=done.outcome,
        last=last,
    )
    add_leaves(connection, entry, command.kept_in, done.leaves)
    connection.info[WRITTEN] = entry.own_sha256, work
    return done, entry


def written_by(connection: Connection, entry: JournalEntry) -> Work | None:
    """Whose the entry is, where it was the last to be written on this connection of the store; else ``None``."""
    sha256, work = connection.info.get(WRITTEN, (None, None))
    return work if sha256 == entry.own_sha256 else None
