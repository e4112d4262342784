"""The logs of the node for a system outside: what is new, in order, with how far the reader came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from pratique.node.acts import Query, View
from pratique.node.storage.new_lines import OF_ACCESS, OF_MAIN, new_lines
from pratique.node.stores import Kept

MOST: Final = 1000  # lines of each log at once


@dataclass(frozen=True, slots=True)
class LogLines:
    """Lines of all logs (``log``, ``number`` and what the log keeps), and the marks to ask with the next time."""

    lines: tuple[Mapping[str, Any], ...]
    marks: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class NewLogLines(Query[LogLines]):
    """At most a thousand lines of each log behind the marks, which are the number of the last line seen, by log."""

    marks: Mapping[str, int] = field(default_factory=dict)
    kept_in: ClassVar[Kept] = "access"


def new_log_lines(query: NewLogLines, view: View) -> LogLines:
    """Journal, journal of access, refusals, readings of person data and attempts to sign in."""
    lines: list[Mapping[str, Any]] = []
    marks = dict(query.marks)
    with view.stores.main.reading() as main:
        for connection, logs in ((main, OF_MAIN), (view.connection, OF_ACCESS)):
            for name, log in logs.items():
                found = new_lines(connection, log, after=marks.get(name, 0), limit=MOST)
                lines += [{"log": name, "number": number, **line} for number, line in found]
                marks[name] = found[-1][0] if found else marks.get(name, 0)
    return LogLines(tuple(sorted(lines, key=lambda line: str(line["at"]))), marks)
