"""Writes the generated parts of docs/reference/access.md again: ``python docs/access.py``."""

from __future__ import annotations

from pathlib import Path

from pratique.node.access import misuse
from pratique.node.access.matrix import matrix_as_text
from pratique.node.access.policy import shipped_policy
from pratique.node.access.purposes import purposes
from pratique.node.access.roles import known_roles

PAGE = Path(__file__).parent / "reference" / "access.md"
SIGNS = (misuse.own_name, misuse.mass_reads, misuse.out_of_shift, misuse.odd_hours)


def generated() -> dict[str, str]:
    """The tables of the page, by the head of their section."""
    signs = [f"| `{sign.__name__}` | {' '.join((sign.__doc__ or '').split())} |" for sign in SIGNS]
    what_for = [
        f"| `{each.code}` | {each.name} | {each.legal_reference} | {'yes' if each.verified else 'no'} |"
        for each in purposes()
    ]
    roles = [
        f"| {role.letters} | {role.name}{' (stands alone)' if role.alone else ''} | `{role.code}` | {role.does} |"
        for role in known_roles().values()
    ]
    return {
        "## Signs of misuse": _table("| Sign | What it says |", signs),
        "## Purposes": _table("| Purpose | What for | Legal reference | Verified |", what_for),
        "## Roles": _table("| | Role | Code | What its people do |", roles),
        "## The matrix": matrix_as_text(shipped_policy()),
    }


def renewed(text: str) -> str:
    """The page with its tables as they are now; the words around them stay."""
    lines, tables, section = [], generated(), ""
    for line in text.splitlines():
        section = line if line.startswith("## ") else section
        if not line.startswith("|") or section not in tables:
            lines.append(line)
        elif lines[-1] == "":
            lines.append(tables[section].rstrip("\n"))
    return "\n".join(lines) + "\n"


def _table(head: str, rows: list[str]) -> str:
    return "\n".join([head, "|" + "---|" * (head.count("|") - 1), *rows]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
