"""Passwords of breaches that no officer may choose: loaded by the operator from a file, one password a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from pratique.node.acts import Act, Command, Done, Work
from pratique.node.errors import refuse
from pratique.node.sign_in.breached import write_breached
from pratique.node.storage.store import Connection
from pratique.node.stores import Kept
from pratique.vocabulary.errors import Category

LONGEST_LINE: Final = 1024  # bytes


@dataclass(frozen=True, slots=True)
class LoadBreached(Command[int]):
    """Takes the passwords of ``file`` in place of those loaded before; answers with how many different ones it has."""

    file: Path
    entry: ClassVar[str] = "access.breached_loaded"
    kept_in: ClassVar[Kept] = "access"


def load_breached(command: LoadBreached, work: Work) -> Act[int]:
    """Raises ``NOT_FOUND`` where there is no such file, ``REJECTED`` for one that has nothing or too much in it."""
    work.say("reading")
    try:
        count = write_breached(work.folder, _lines(command.file))
    except OSError as error:
        raise refuse("breached.no_file", Category.NOT_FOUND, file=command.file) from error

    def act(connection: Connection) -> Done[int]:
        return Done(count, command={}, outcome={"passwords": count})

    return act


def _lines(file: Path) -> Iterator[bytes]:
    """The lines without their ends; what is longer than any password is none."""
    with file.open("rb") as source:
        while line := source.readline(LONGEST_LINE + 1):
            if not line.endswith(b"\n") and len(line) > LONGEST_LINE:
                while line and not line.endswith(b"\n"):
                    line = source.readline(LONGEST_LINE + 1)
                continue
            if password := line.rstrip(b"\r\n"):
                yield password
