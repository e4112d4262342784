"""Who could: what a page says in the place of a button that the officer's roles do not open."""

from __future__ import annotations

from pratique.desk.role_words import role_words
from pratique.desk.visit import Visit
from pratique.node.access.policy import shipped_policy


def able(visit: Visit, request: str) -> str:
    """The roles that may give that command or query, by their names; empty where no role may."""
    line, words = shipped_policy().lines.get(request), role_words(visit.gettext)
    return ", ".join(words[role] for role in sorted(line.may) if role in words) if line else ""
