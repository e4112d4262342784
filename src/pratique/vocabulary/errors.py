"""Errors that people meet: a stable code, what happened, what was kept and what to do next.

Faults in the data are not errors but findings (:mod:`pratique.vocabulary.findings`).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum


class Category(Enum):
    """What kind of trouble, with the exit code and the HTTP status it becomes at the edges."""

    REJECTED = ("rejected", 65, 422)
    NOT_FOUND = ("not found", 66, 404)
    CONFLICT = ("conflict", 1, 409)
    SIGNED_OUT = ("not signed in", 77, 401)
    DENIED = ("denied", 77, 403)
    TOO_OFTEN = ("too often", 75, 429)
    UNAVAILABLE = ("unavailable", 75, 503)
    MISCONFIGURED = ("misconfigured", 78, 500)
    BROKEN = ("integrity broken", 70, 500)

    def __init__(self, label: str, exit_code: int, http_status: int) -> None:
        self.label = label
        self.exit_code = exit_code
        self.http_status = http_status


class PratiqueError(Exception):
    """A command that could not be carried out.

    ``code`` is stable and dotted (``lists.broken``), ``happened`` one sentence, ``kept`` what was not lost and
    ``todo`` what the person can do now. ``params`` are what the sentences were filled with, so that they can be told
    in another language; ``None`` where they were made by other means.
    """

    params: Mapping[str, object] | None = None

    def __init__(
        self, code: str, happened: str, *, category: Category = Category.REJECTED, kept: str = "", todo: str = ""
    ) -> None:
        super().__init__(happened)
        self.code = code
        self.category = category
        self.happened = happened
        self.kept = kept
        self.todo = todo

    def __str__(self) -> str:
        return " ".join(part for part in (self.happened, self.kept, self.todo) if part)
