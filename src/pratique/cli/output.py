"""What goes to the terminal: tables for people on standard output, JSON for programs, errors on standard error."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pratique.vocabulary.errors import PratiqueError
from pratique.vocabulary.languages import ISOLATE, ISOLATE_ENDS, isolates_closed

if TYPE_CHECKING:
    from rich.console import Console

HARMLESS: Final = frozenset("\n\N{NARROW NO-BREAK SPACE}")


def console() -> Console:
    """Where people read; wide enough for a table when the output is not a terminal."""
    from rich.console import Console

    return Console(highlight=False, width=None if sys.stdout.isatty() else 160)


def say(line: str, **look: Any) -> None:
    """One line for people, as it is: no markup, and nothing from outside can begin another line in it."""
    console().print(safe_line(line), markup=False, **look)


def show(payload: Any, *, as_json: bool, render: Callable[[], None]) -> None:
    """Prints ``payload`` as JSON, or calls ``render`` for people."""
    if as_json:
        sys.stdout.write(json.dumps(plain(payload), ensure_ascii=not _holds_every_character(), indent=2) + "\n")
    else:
        render()


def show_error(error: PratiqueError, *, as_json: bool) -> None:
    """What happened, what was kept and what to do, on standard error."""
    if as_json:
        told = {"code": error.code, "happened": error.happened, "kept": error.kept, "todo": error.todo}
        sys.stderr.write(json.dumps({"error": told}) + "\n")
        return
    lines = [
        f"Error: {safe_line(error.happened)}",
        *(f"  {safe_line(part)}" for part in (error.kept, error.todo) if part),
    ]
    sys.stderr.write("\n".join(lines) + f"\n  ({error.code})\n")


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[str] = ()) -> None:
    """A table of text; columns named in ``right`` stand to the right, as numbers do."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    drawn = Table(title=title or None, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for column in columns:
        drawn.add_column(column, justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*(escape(shown(value)) for value in row))
    console().print(drawn)


def shown(value: object) -> str:
    """One cell: nothing for null, minutes for moments, thousands apart, and no control characters from outside."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return safe(str(value))


def safe(text: str) -> str:
    """Text from outside without control characters, which could rewrite the screen.

    The isolates around values in a sentence written from right to left stay, as long as each that opens is closed.
    """
    kept = HARMLESS | {ISOLATE, ISOLATE_ENDS} if isolates_closed(text) else HARMLESS
    return "".join(character if character.isprintable() or character in kept else "�" for character in text)


def safe_line(text: str) -> str:
    """The same, in one line: with a line break a name could write a line of its own into a list."""
    return safe(text).replace("\n", "�")


def plain(value: Any) -> Any:
    """Values as JSON knows them: records as objects, moments as ISO 8601 with Z, frames as arrays of objects."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date | Path):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if hasattr(value, "to_dicts"):
        return plain(value.to_dicts())
    return value


def _holds_every_character() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
