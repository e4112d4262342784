"""What commands and queries are made of.

A command's function works in two steps. First it reads, computes and writes files under their digest, with nobody
waiting for it. Then it returns an act, which the node calls inside the one transaction of the command; what the act
returns becomes the result and the journal entry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Generic, TypeAlias, TypeVar

from pratique.node.access import Actor
from pratique.node.files import Files
from pratique.node.folder import NodeFolder
from pratique.node.stages import Stage
from pratique.node.storage.store import Connection, Store
from pratique.node.stores import Kept, Stores
from pratique.vocabulary.errors import PratiqueError

if TYPE_CHECKING:
    from pratique.node.runs.beside import Beside

R = TypeVar("R")
Progress: TypeAlias = Callable[[Stage], None]


class Command(Generic[R]):
    """Something that changes the node and answers with an ``R``.

    ``entry`` is its name in the journal, ``kept_in`` the file whose transaction and journal it is part of.
    """

    entry: ClassVar[str]
    kept_in: ClassVar[Kept] = "main"


class Query(Generic[R]):
    """A question that is answered with an ``R`` and changes nothing. ``kept_in`` is the file that it looks into."""

    kept_in: ClassVar[Kept] = "main"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf of the ledger besides that of the journal entry: what it is, and the exact bytes it commits to.

    ``kind`` is past tense with dots (``exchange.sent``). The log itself shows neither; who holds the bytes and the
    salt can prove that they were logged, and once both are erased the leaf says nothing to anybody. ``salt`` (32 bytes)
    is given where the act has to know it, to hand the opening to a partner; else the node draws one.
    """

    kind: str
    record: bytes
    salt: bytes | None = None


@dataclass(frozen=True, slots=True)
class Done(Generic[R]):
    """What an act came to.

    ``command`` and ``outcome`` go to the journal as canonical JSON and as digest: names, numbers and digests, never
    person data or what a file contains. ``refusal`` is raised after the transaction, where something had to be kept
    although the command failed; there is a result or a refusal. ``after`` is done once the transaction stands.
    ``leaves`` go to the ledger behind the leaf of the journal entry, in the same transaction.
    """

    result: R | None
    command: Mapping[str, object]
    outcome: Mapping[str, object]
    refusal: PratiqueError | None = None
    after: Callable[[], object] | None = None
    leaves: tuple[Leaf, ...] = ()


Act: TypeAlias = Callable[[Connection], Done[R]]
Look: TypeAlias = Callable[[Connection], object]


@dataclass(frozen=True, slots=True)
class Stepwise(Generic[R]):
    """An act that looks before it writes. ``looks`` change nothing, and each is taken for every command of a group

    before the next one: the same work in a row costs half of what it costs in turns. ``act`` has to see for itself
    whether what they saw still stands, since the commands before it in the group have written meanwhile.
    """

    looks: tuple[Look, ...]
    act: Callable[[Connection], Done[R]]

    def __call__(self, connection: Connection) -> Done[R]:
        """The whole act, alone."""
        for look in self.looks:
            look(connection)
        return self.act(connection)


@dataclass(frozen=True, slots=True)
class Work:
    """What a command's function is given; ``beside`` where a second process may be asked for hits."""

    folder: NodeFolder
    stores: Stores
    files: Files
    actor: Actor
    at: datetime
    randomness: Callable[[], int]
    progress: Progress
    beside: Beside | None = None

    @property
    def store(self) -> Store:
        """The store of what the node knows."""
        return self.stores.main

    def say(self, stage: Stage) -> None:
        """Tells the face how far the command is."""
        self.progress(stage)


@dataclass(frozen=True, slots=True)
class View:
    """What a query's function is given: the store as of one moment, and who asks."""

    folder: NodeFolder
    stores: Stores
    connection: Connection
    actor: Actor
    at: datetime
    progress: Progress

    @property
    def store(self) -> Store:
        """The store of what the node knows."""
        return self.stores.main
