"""Doctor: whether the node is whole, check by check, with what to do where it is not."""

from __future__ import annotations

from dataclasses import dataclass

from pratique.node.acts import Query, View
from pratique.node.checks import ALL_CHECKS, Check


@dataclass(frozen=True, slots=True)
class Doctor(Query[list[Check]]):
    """Every check of the node's health."""


def doctor(query: Doctor, view: View) -> list[Check]:
    """Reads every file the node names, so it takes as long as they are large; it changes nothing."""
    checks: list[Check] = []
    for look in ALL_CHECKS:
        view.progress(look.__name__.strip("_"))
        checks.append(look(view))
    return checks
