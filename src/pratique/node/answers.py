"""Answers kept by idempotency key: the same write asked for twice is done once and answered twice.

A key is claimed before the act and gets its answer after it. A process that is killed in between leaves a claim without
an answer; the next one can tell, because the process that lives holds a lock on a file of its own.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Final

from pratique.node.folder import FILE_MODE, NodeFolder, make_folder
from pratique.node.instants import to_text
from pratique.node.storage import answers as stored
from pratique.node.storage.answers import StoredAnswer
from pratique.node.storage.store import Store, sqlite_url

DATABASE: Final = "answers.db"
LIVING: Final = "living"
KEPT_HOURS: Final = 24
MOST_PACKED: Final = 8 * 1024 * 1024  # bytes of a packed answer


class Standing(Enum):
    """How a key stands when somebody comes with it."""

    NEW = "nobody came with it before"
    DONE = "it was answered"
    AT_WORK = "the act is under way"
    OTHER = "it belongs to another request"
    BROKEN_OFF = "the process died between act and answer"
    NOT_KEPT = "it was answered, with more than is kept"


@dataclass(frozen=True, slots=True)
class Asked:
    """A write that somebody asks for: by which token, under which key, and the digest of all that it says."""

    token_sha256: str
    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: status, headers that belong to it, and the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Claim:
    """The standing of a key; with its answer where it has one, or with what the dead process had noted."""

    standing: Standing
    answer: Answer | None = None
    journal_seq: int = 0
    handle: str | None = None


class KeptAnswers:
    """The answers of one node. Each open instance counts as one living process until it is closed."""

    def __init__(self, folder: NodeFolder) -> None:
        self._living = folder.root / LIVING
        make_folder(self._living)
        self._me = secrets.token_hex(16)
        self._under_way: set[Asked] = set()
        self._lock = _locked(self._living / self._me)
        database = folder.root / DATABASE
        os.close(os.open(database, os.O_CREAT | os.O_WRONLY, FILE_MODE))
        self._store = Store(sqlite_url(database))
        with self._store.writing() as connection:
            stored.make_table(connection)
        for path in self._living.iterdir():  # files of processes that were killed
            self._lives(path.name)

    def claim(self, asked: Asked, *, journal_seq: int, at: datetime) -> Claim:
        """Takes the key for this process where it is free or its process died; says how it stood."""
        with self._store.writing() as connection:
            stored.forget_before(connection, at - timedelta(hours=KEPT_HOURS))
            found = stored.answer_to(connection, asked.token_sha256, asked.key)
            standing = self._standing(found, asked)
            if standing in (Standing.NEW, Standing.BROKEN_OFF):
                mine = StoredAnswer(
                    asked.token_sha256, asked.key, asked.fingerprint, to_text(at), self._me, journal_seq
                )
                stored.put_claim(connection, mine if found is None else replace(found, claimed_by=self._me))
                self._under_way.add(asked)
        if found is None:
            return Claim(standing)
        answer = _unpacked(found) if standing is Standing.DONE else None
        return Claim(standing, answer, found.journal_seq, found.handle)

    def note(self, asked: Asked, handle: str) -> None:
        """The job of that id is about to start under the key."""
        with self._store.writing() as connection:
            stored.put_handle(connection, asked.token_sha256, asked.key, handle)

    def keep(self, asked: Asked, answer: Answer) -> None:
        """The act is done and this is its answer; one that is too large is noted as given."""
        packed = zlib.compress(answer.body, 1)
        body = packed if len(packed) <= MOST_PACKED else b""
        with self._store.writing() as connection:
            stored.put_answer(
                connection,
                asked.token_sha256,
                asked.key,
                status=answer.status,
                headers=json.dumps(dict(answer.headers)),
                body=body,
            )

    def release(self, asked: Asked) -> None:
        """Nothing was done; the key is free again."""
        with self._store.writing() as connection:
            stored.remove_claim(connection, asked.token_sha256, asked.key)

    def leave(self, asked: Asked) -> None:
        """Nobody here works on it any more, whatever became of it."""
        self._under_way.discard(asked)

    def close(self) -> None:
        """This process no longer lives, as far as its claims go."""
        self._store.close()
        with suppress(OSError):
            (self._living / self._me).unlink()
        os.close(self._lock)

    def _standing(self, found: StoredAnswer | None, asked: Asked) -> Standing:
        if found is None:
            return Standing.NEW
        if found.fingerprint != asked.fingerprint:
            return Standing.OTHER
        if found.status is None:
            mine = found.claimed_by == self._me
            at_work = asked in self._under_way if mine else self._lives(found.claimed_by)
            return Standing.AT_WORK if at_work else Standing.BROKEN_OFF
        return Standing.DONE if found.body else Standing.NOT_KEPT

    def _lives(self, process: str) -> bool:
        """A process that lives holds the lock on its file; one that was killed holds none."""
        path = self._living / process
        try:
            handle = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        else:
            path.unlink(missing_ok=True)
            return False
        finally:
            os.close(handle)


def _locked(path: Path) -> int:
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, FILE_MODE)
    fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def _unpacked(found: StoredAnswer) -> Answer:
    return Answer(found.status or 0, json.loads(found.headers or "{}"), zlib.decompress(found.body or b""))
