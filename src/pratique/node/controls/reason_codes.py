"""Coded reasons of what officers do (``data/control/reasons.yaml``), so that overrides can be counted."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

import yaml

from pratique.node.errors import refuse
from pratique.vocabulary.errors import Category

NOTE_NEEDED: Final = "note_needed"
LONGEST_NOTE: Final = 500


@cache
def reason_codes() -> Mapping[str, tuple[str, ...]]:
    """The codes of each act: ``select``, ``waive``, ``override``, and of each answer to a hit."""
    return {act: codes for act, codes in _table().items() if act != NOTE_NEEDED}


def needs_note(code: str) -> bool:
    """Whether the code says too little without a note."""
    return code in _table()[NOTE_NEEDED]


def checked_reason(act: str, code: str | None, note: str, *, optional: bool = False) -> tuple[str | None, str]:
    """The code and the note without outer blanks.

    Raises ``REJECTED`` for a code that the act does not know, a note that is too long or has control characters, and a
    missing note where the code needs one.
    """
    told = note.strip()
    if code is None and optional:
        return None, checked_note(told)
    known = reason_codes()[act]
    if code not in known:
        raise refuse("control.no_reason", Category.REJECTED, reason=code or "", act=act, known=", ".join(known))
    if needs_note(code) and not told:
        raise refuse("control.note_needed", Category.REJECTED, reason=code)
    return code, checked_note(told)


def checked_note(note: str) -> str:
    """The note. Raises ``REJECTED`` where it is too long or has control characters."""
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise refuse("control.note_too_long", Category.REJECTED, most=LONGEST_NOTE)
    if not note.replace("\n", "").isprintable():
        raise refuse("control.note_unprintable", Category.REJECTED)
    return note


@cache
def _table() -> Mapping[str, tuple[str, ...]]:
    text = files("pratique.data").joinpath("control/reasons.yaml").read_text(encoding="utf-8")
    return {act: tuple(codes) for act, codes in yaml.safe_load(text).items()}
