"""Doctor: whether the node is whole, check by check, with what to do where it is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pratique.node.acts import Query, View
from pratique.node.checking.check import Check, check
from pratique.node.checking.checks import ALL_CHECKS
from pratique.node.storage.store import REFUSED
from pratique.vocabulary.errors import PratiqueError


@dataclass(frozen=True, slots=True)
class Doctor(Query[list[Check]]):
    """Every check of the node's health."""


def doctor(query: Doctor, view: View) -> list[Check]:
    """Reads every file the node names, so it takes as long as they are large; it changes nothing."""
    checks: list[Check] = []
    for look in ALL_CHECKS:
        view.progress(look.__name__.strip("_"))
        checks.append(_looked(look, view))
    return checks


def _looked(look: Callable[[View], Check], view: View) -> Check:
    """The check; one that stumbles over what somebody wrote into the store has found a fault."""
    try:
        return look(view)
    except (ValueError, TypeError, LookupError, PratiqueError, *REFUSED) as error:
        params = {"check": look.__name__, "why": str(error) or type(error).__name__}
        return check(look.__name__, "fail", "doctor.stumbled", params, remedy="doctor.stumbled.todo")
