"""Backups: the whole node in one archive with the digest of every file, and back again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from pratique.node.acts import Act, Command, Done, Work
from pratique.node.archive.making import write_archive
from pratique.node.storage.store import Connection


@dataclass(frozen=True, slots=True)
class BackupTaken:
    """Where the archive lies, its SHA-256, its size in bytes and how many files it holds."""

    path: Path
    sha256: str
    byte_count: int
    file_count: int


@dataclass(frozen=True, slots=True)
class TakeBackup(Command[BackupTaken]):
    """Writes the node as of now to ``target`` (``.tar``, or ``.tar.gz`` to pack it). Nothing is overwritten."""

    target: Path
    entry: ClassVar[str] = "backups.taken"


def take_backup(command: TakeBackup, work: Work) -> Act[BackupTaken]:
    """Others go on reading and writing meanwhile; the archive appears whole or not at all."""
    work.say("archiving")
    taken = BackupTaken(
        command.target, *write_archive(command.target, folder=work.folder, stores=work.stores, at=work.at)
    )

    def act(connection: Connection) -> Done[BackupTaken]:
        facts: dict[str, object] = {"sha256": taken.sha256, "bytes": taken.byte_count, "files": taken.file_count}
        return Done(taken, command=facts, outcome=facts)

    return act
