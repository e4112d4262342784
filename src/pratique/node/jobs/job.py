"""A job as it is told, and what pages and routes may do with jobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from pratique.node import Actor
from pratique.node.stages import Stage
from pratique.vocabulary.errors import Category, PratiqueError

NOTE: Final = "job.json"  # what is to be done, in the folder of a job
DOCUMENT: Final = "document.json"  # what a reading made, in the same folder
RUNNING: Final = "running"
WAITING: Final = "waiting"
DONE: Final = "done"
FAILED: Final = "failed"
CANCELLED: Final = "cancelled"
ENDED: Final = (DONE, FAILED, CANCELLED)


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of long work. ``stages`` are those begun so far; ``result`` and ``error`` are as the worker told."""

    id: str
    kind: str
    actor: str
    files: tuple[str, ...]
    started_at: str
    state: str = WAITING
    stages: tuple[Stage, ...] = ()
    result: Mapping[str, Any] | None = None
    error: Mapping[str, Any] | None = None

    @property
    def ended(self) -> bool:
        """Nothing more will happen to it."""
        return self.state in ENDED


class Jobs(Protocol):
    """What pages and routes may do with long work. ``changes`` goes up with every change of any job."""

    changes: int

    def place(self, name: str) -> Path:
        """A fresh path below the node for a file that comes in, to be handed to ``start``."""

    def start(self, kind: str, *, actor: Actor, files: Sequence[Path], **what: Any) -> Job:
        """Takes the files over and puts the work in line; some work has none."""

    def show(self, job_id: str) -> Job:
        """The job as it stands. Raises ``NOT_FOUND``."""

    def wait(self, job_id: str, *, seconds: float) -> Job:
        """The job once it has ended, or as it stands after so many seconds. Raises ``NOT_FOUND``."""

    def document(self, job_id: str) -> Path:
        """The document that a reading made (JSON). Raises ``NOT_FOUND`` where there is none, or none any more."""

    def cancel(self, job_id: str) -> Job:
        """Stops it; what it had not finished leaves nothing behind. Raises ``NOT_FOUND``, ``CONFLICT`` once ended."""

    def all(self) -> list[Job]:
        """Every job on the board, newest first."""


def told_error(error: PratiqueError) -> dict[str, Any]:
    """The error as JSON. What its sentences were filled with is there where it is plain, to tell them again."""
    params = error.params
    plain = params is not None and all(isinstance(value, str | int | None) for value in params.values())
    return {
        "code": error.code,
        "happened": error.happened,
        "kept": error.kept,
        "todo": error.todo,
        "category": error.category.name,
        "params": dict(params) if params is not None and plain else None,
    }


def error_told(facts: Mapping[str, Any]) -> PratiqueError:
    """The error that :func:`told_error` told."""
    error = PratiqueError(
        facts["code"],
        facts["happened"],
        category=Category[facts["category"]],
        kept=facts["kept"],
        todo=facts["todo"],
    )
    error.params = facts["params"]
    return error
