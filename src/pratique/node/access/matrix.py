"""The table of rights as people read it: every request, every role."""

from __future__ import annotations

from dataclasses import dataclass

from pratique.node.access.policy import ANYBODY, NOBODY, OFFICER, PARTNER, Line, Policy
from pratique.node.access.roles import known_roles


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One request: its slice, whether it changes something, the roles that may, and what must hold besides."""

    section: str
    request: str
    changes: bool
    roles: tuple[str, ...]
    besides: tuple[str, ...]


def matrix(policy: Policy) -> list[MatrixRow]:
    """Every line, in the order of the table."""
    return [
        MatrixRow(line.section, line.request, line.kind == "do", _roles(line), tuple(_besides(line)))
        for line in policy.lines.values()
    ]


def matrix_as_text(policy: Policy) -> str:
    """The matrix as a Markdown table; a column for each role under its two letters."""
    roles = known_roles()
    head = ["slice", "request", "does", *(role.letters for role in roles.values()), "besides"]
    lines = [_row(head), _row(["---"] * len(head))]
    for row in matrix(policy):
        marks = ["●" if code in row.roles else "" for code in roles]
        does = "changes" if row.changes else "asks"
        lines.append(_row([row.section, f"`{row.request}`", does, *marks, "; ".join(row.besides)]))
    return "\n".join(lines) + "\n"


def _roles(line: Line) -> tuple[str, ...]:
    everybody = line.may & {ANYBODY, OFFICER}
    return tuple(code for code in known_roles() if everybody or code in line.may)


def _besides(line: Line) -> list[str]:
    told = []
    if ANYBODY in line.may:
        told.append("also who has not signed in")
    if NOBODY in line.may:
        told.append("local operator only")
    if PARTNER in line.may:
        told.append("a partner's program")
    if line.persons is not None:
        told.append("purpose, recorded")
    if line.strong:
        told.append("second factor again")
    told += [condition.replace("_", " ") for condition in line.conditions]
    if line.emergency:
        told.append("can be taken in an emergency")
    if not line.by_token:
        told.append("no token")
    return told


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |")
