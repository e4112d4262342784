"""The node: a folder that is created once, opened often, and entered through two doors only."""

from __future__ import annotations

import re
import secrets
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pratique.node.access import Actor, authorise
from pratique.node.acts import Command, Done, Progress, Query, View, Work
from pratique.node.carrying_out import Grouped, carry_out, carry_out_together
from pratique.node.conditions import Case
from pratique.node.demonstration import is_demonstration
from pratique.node.errors import out_of_space, refuse
from pratique.node.files import Files
from pratique.node.folder import NodeFolder
from pratique.node.sign_in.sessions import Caller
from pratique.node.stages import Stage
from pratique.node.storage import journal
from pratique.node.storage.access_logs import Denial
from pratique.node.storage.kept_files import unnamed
from pratique.node.stores import Stores, make_stores, open_stores
from pratique.node.sweeping import sweep
from pratique.node.trail import note_bypass, note_denial, note_failed_way, note_read
from pratique.vocabulary.errors import Category, PratiqueError

if TYPE_CHECKING:
    from pratique.node.runs.beside import Beside

R = TypeVar("R")
Clock = Callable[[], datetime]
Randomness = Callable[[], int]

INDEX_OLDER: Final = "screening.index_older"  # as of flow.screening.screener, which loads much that few acts need
HANDLERS: Final = "pratique.node.handlers."
_INSIDE: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def wall_clock() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


def fresh_seed() -> int:
    """A number from 0 to 2**63 - 1 that nobody can foresee."""
    return secrets.randbits(63)


class Node:
    """An open node. ``clock`` says the moment in UTC, ``randomness`` gives a seed from 0 to 2**63 - 1.

    ``beside`` is a second process that lists may be asked in, where there is one; it ends with the node.
    """

    def __init__(
        self, folder: NodeFolder, stores: Stores, *, clock: Clock, randomness: Randomness, beside: Beside | None = None
    ) -> None:
        self.folder = folder
        self._stores = stores
        self._clock = clock
        self._randomness = randomness
        self._beside = beside

    @classmethod
    def create(
        cls,
        folder: Path | str,
        *,
        actor: Actor,
        clock: Clock = wall_clock,
        randomness: Randomness = fresh_seed,
        demonstration: bool = False,
    ) -> Node:
        """Makes the folder a node, with the shipped risk profiles in force, and opens it; whole or not at all.

        On a ``demonstration`` one click signs in as a persona; no other node can be made one later.

        Raises ``CONFLICT`` where the folder is a node already or holds something else.
        """
        place = NodeFolder(Path(folder))
        place.require_free()
        aside = NodeFolder(place.root.with_name(f".{place.root.name}.{secrets.token_hex(4)}.making"))
        try:
            _make(aside, actor=actor, clock=clock, randomness=randomness, demonstration=demonstration)
            place.take(aside)
        except BaseException as error:
            shutil.rmtree(aside.root, ignore_errors=True)
            full = out_of_space(error)
            if full is not None:
                raise full from error
            raise
        return cls.open(folder, clock=clock, randomness=randomness)

    @classmethod
    def open(
        cls,
        folder: Path | str,
        *,
        clock: Clock = wall_clock,
        randomness: Randomness = fresh_seed,
        beside: Beside | None = None,
    ) -> Node:
        """Opens the node in ``folder``: brings its tables up to date and sweeps what dead commands left behind.

        Raises ``NOT_FOUND`` where the folder is no node, ``MISCONFIGURED`` where newer code made it.
        """
        place = NodeFolder(Path(folder))
        place.require()
        stores = open_stores(place)
        try:
            sweep(place, stores.main, now=time.time())
        except BaseException:
            stores.close()
            raise
        return cls(place, stores, clock=clock, randomness=randomness, beside=beside)

    def execute(self, command: Command[R], *, actor: Actor, progress: Progress | None = None) -> R:
        """Carries out ``command``: one authorisation, one transaction, one journal entry.

        A command that fails leaves nothing. ``progress`` hears the name of each stage as it starts. A list whose index
        another version of the program made is built again first, as a command of its own.
        Raises ``PratiqueError``.
        """
        return self._with_lists_of_this_form(lambda: self._execute(command, actor, progress), progress)

    def _execute(self, command: Command[R], actor: Actor, progress: Progress | None) -> R:
        at = self._clock()
        self._admit(actor, command, at)
        work = self._work(actor, at, progress)
        try:
            done: Done[R] = carry_out(command, work, act=_function_of(command)(command, work))
        except BaseException as error:
            self._forget(work.files)
            note_failed_way(self._stores, command, error, at)
            full = out_of_space(error)
            if full is not None:
                raise full from error
            raise
        work.files.done()
        if done.refusal is not None:
            raise done.refusal
        assert done.result is not None  # there is a result or a refusal
        note_read(self._stores, actor, command, done.result, at)
        return done.result

    def execute_all(self, commands: Sequence[Command[R]], *, actor: Actor) -> list[R | PratiqueError]:
        """Carries out commands of one store that do not rest on one another, with one sync of the disk for all.

        Each is authorised and journalled as by ``execute``; one that is refused leaves nothing and holds up no other.
        Gives the result or the refusal of each, in order. Raises where something else goes wrong: then none was done.
        """
        return self.execute_group([(command, actor) for command in commands])

    def execute_group(self, acts: Sequence[tuple[Command[R], Actor]]) -> list[R | PratiqueError]:
        """The same for commands of several actors."""
        at = self._clock()
        group: list[Grouped[R]] = [Grouped(command, self._work(actor, at, None)) for command, actor in acts]
        for each in group:
            each.attempt(partial(self._admit, each.work.actor, each.command, at))
        try:
            carry_out_together(group, prepare=_function_of)
        except BaseException as error:
            for each in group:
                self._forget(each.work.files)
            raise (out_of_space(error) or error) from error
        for each in group:
            self._finish(each, at)
        return [each.answer for each in group]

    def ask(self, query: Query[R], *, actor: Actor, progress: Progress | None = None) -> R:
        """Answers ``query`` from the store as of now; that person data was read is noted before it is shown.

        Raises ``PratiqueError``.
        """
        return self._with_lists_of_this_form(lambda: self._ask(query, actor, progress), progress)

    def _ask(self, query: Query[R], actor: Actor, progress: Progress | None) -> R:
        at = self._clock()
        self._admit(actor, query, at)
        answer = _function_of(query)
        try:
            with self._stores.of(query.kept_in).reading() as connection:
                view = View(self.folder, self._stores, connection, actor, at, progress or _quiet)
                result: R = answer(query, view)
        except PratiqueError as error:
            note_failed_way(self._stores, query, error, at)
            raise
        note_read(self._stores, actor, query, result, at)
        return result

    def admit(self, request: Command[Any] | Query[Any], *, actor: Actor) -> None:
        """Refuses at once what ``execute`` or ``ask`` would refuse this actor; for work that a job does later."""
        self._admit(actor, request, self._clock())

    def note_bypass(self, code: str, *, actor: Actor, request: str, address: str) -> None:
        """Records that somebody tried to get round a control before any command or query was reached.

        ``code`` is that of the refusal, ``request`` what was asked for, without anything that the person typed.
        """
        denial = Denial(actor.name, actor.office, request, code, actor.purpose, Caller(address).short().address)
        note_bypass(self._stores, denial, self._clock())

    @property
    def is_demonstration(self) -> bool:
        """One click signs in as a persona here: a fact of the founding."""
        return is_demonstration(self._stores)

    @property
    def changes(self) -> int:
        """The number of the newest journal entry: it goes up with every command, of any process."""
        with self._stores.main.reading() as connection:
            return journal.next_seq(connection) - 1

    def close(self) -> None:
        """Gives back what the node holds open."""
        if self._beside is not None:
            self._beside.close()
        self._stores.close()

    def __enter__(self) -> Node:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _with_lists_of_this_form(self, do: Callable[[], R], progress: Progress | None) -> R:
        """What ``do`` gives; where it meets a list of an older form, those in force are built again, once."""
        try:
            return do()
        except PratiqueError as fault:
            if fault.code != INDEX_OLDER:
                raise
        from pratique.node.hits.older_lists import rebuild_older_lists

        rebuild_older_lists(self, progress=progress)
        return do()

    def _admit(self, actor: Actor, request: object, at: datetime) -> None:
        """The one authorisation; a refusal is noted before it is told."""
        try:
            authorise(actor, request, at=at, holds=Case(self.folder, self._stores, actor, request, at).holds)
        except PratiqueError as refused:
            note_denial(self._stores, actor, request, refused, at)
            raise

    def _finish(self, each: Grouped[Any], at: datetime) -> None:
        """What is left to do for a command of a group once the transaction stands."""
        if each.refused is not None:
            self._forget(each.work.files)
            note_failed_way(self._stores, each.command, each.refused, at)
        else:
            each.work.files.done()
            if not isinstance(each.answer, PratiqueError):
                note_read(self._stores, each.work.actor, each.command, each.answer, at)

    def _work(self, actor: Actor, at: datetime, progress: Progress | None) -> Work:
        files = Files(self.folder, token=secrets.token_hex(8), day=at.astimezone(UTC).date().isoformat())
        return Work(self.folder, self._stores, files, actor, at, self._randomness, progress or _quiet, self._beside)

    def _forget(self, files: Files) -> None:
        """Removes what the failed command had put in place, unless somebody named it meanwhile."""
        if not files.new:
            files.done()
            return
        # Where even this fails, the files and the note of them are left to a later sweep.
        with suppress(PratiqueError, OSError):
            with self._stores.main.writing() as connection:
                files.remove_new(unnamed(connection, files.new))
            files.done()


def _make(place: NodeFolder, *, actor: Actor, clock: Clock, randomness: Randomness, demonstration: bool) -> None:
    """A whole new node at ``place``, closed again."""
    from pratique.node.handlers.nodes import FoundNode

    place.make()
    stores = make_stores(place)
    with Node(place, stores, clock=clock, randomness=randomness) as node:
        node.execute(FoundNode(demonstration), actor=actor)
        if demonstration:
            from pratique.node.handlers.personas import AddPersonas

            node.execute(AddPersonas(), actor=actor)


def _function_of(request: object) -> Callable[[Any, Any], Any]:
    """The function of the same words, beside the command or query: ``LoadList`` is done by ``load_list``."""
    kind = type(request)
    name = _INSIDE.sub("_", kind.__name__).lower()
    found = getattr(sys.modules[kind.__module__], name, None)
    if not kind.__module__.startswith(HANDLERS) or not callable(found):
        raise refuse("node.unknown_request", Category.MISCONFIGURED, request=kind.__name__)
    function: Callable[[Any, Any], Any] = found
    return function


def _quiet(stage: Stage) -> None:
    """Tells nobody."""
