"""The message formats that are installed, found through the entry-point group ``pratique.formats``.

A format is imported only when it is asked. Those whose first bytes say at once what they are, and that import little,
are asked first; the first to be certain is taken, so that reading an EDIFACT message never imports an XML parser.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType
from typing import Final, cast

from pratique.flow.intake.format import MessageFormat, Unreadable
from pratique.flow.intake.looks_like import looks_like
from pratique.vocabulary.errors import Category, PratiqueError

GROUP: Final = "pratique.formats"
CERTAIN: Final = 95  # and above: no other format is asked
_ASKED_FIRST: Final = ("cuscar",)
_SHOWN_BYTES: Final = 40


def format_names() -> tuple[str, ...]:
    """The names of the installed formats, in the order in which they are asked."""
    return tuple(_found())


def format_named(name: str) -> MessageFormat:
    """The installed format of that name.

    Raises ``intake.no_such_format``, and ``intake.format_broken`` where it is installed but cannot be loaded.
    """
    return _loaded(name)


def formats() -> Iterator[MessageFormat]:
    """The installed formats, each loaded when its turn comes."""
    return map(_loaded, _found())


def detect(head: bytes, file_name: str, *, among: Iterable[MessageFormat] | None = None) -> MessageFormat:
    """The format that is surest of a file, by its first bytes; ``among`` is all that are installed.

    Raises ``Unreadable`` where none knows the file, and where two are equally sure.
    """
    scored: list[tuple[int, MessageFormat]] = []
    for candidate in formats() if among is None else among:
        score = candidate.detect(head, file_name)
        scored.append((score, candidate))
        if score >= CERTAIN:
            break
    best = max((score for score, _ in scored), default=0)
    surest = [candidate for score, candidate in scored if score == best]
    if best <= 0 or len(surest) > 1:
        raise _unknown(
            head, [candidate.name for _, candidate in scored], [each.name for each in surest] if best else []
        )
    return surest[0]


@cache
def _found() -> Mapping[str, EntryPoint]:
    found = {entry.name: entry for entry in entry_points(group=GROUP)}
    order = sorted(found, key=lambda name: (name not in _ASKED_FIRST, name))
    return MappingProxyType({name: found[name] for name in order})


@cache
def _loaded(name: str) -> MessageFormat:
    entry = _found().get(name)
    if entry is None:
        raise PratiqueError(
            "intake.no_such_format",
            f"There is no message format {name!r}.",
            category=Category.NOT_FOUND,
            todo=f"Name one of: {', '.join(_found())}.",
        )
    try:
        return cast(MessageFormat, entry.load()())
    except Exception as error:  # a plug-in can fail in any way while it is imported
        raise PratiqueError(
            "intake.format_broken",
            f"The message format {name!r} cannot be loaded: {error}.",
            category=Category.MISCONFIGURED,
            todo=f"Repair or remove the package that provides {entry.value!r}.",
        ) from error


def _unknown(head: bytes, asked: list[str], tied: list[str]) -> Unreadable:
    why = f"{' and '.join(tied)} are equally sure of the file" if tied else "No format knows the file"
    kind = looks_like(head)
    shown = head[:_SHOWN_BYTES].decode("ascii", "backslashreplace").encode("unicode_escape").decode("ascii")
    seen = f"It looks like {kind}." if kind else f"It begins with: {shown}"
    return Unreadable(
        "intake.unknown_format",
        f"{why}. Looked for: {', '.join(asked)}. {seen}",
        place="byte 0",
        todo="Name the format when reading, or send the file in one of these formats.",
    )
