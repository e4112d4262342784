"""The gate that every command and every query passes once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from pratique.node.access.actor import Actor
from pratique.node.errors import refuse
from pratique.vocabulary.errors import Category, PratiqueError


def authorise(
    actor: Actor, request: object, *, at: datetime | None = None, holds: Callable[[str], bool] | None = None
) -> None:
    """The only place that says who may do what: the local operator everything, others what the table says.

    ``holds`` says whether a condition of the table holds for this request; without it none does. Raises a
    ``PratiqueError`` of category ``DENIED`` (``SIGNED_OUT`` where nobody signed in) that names the rule, who could,
    and what to do.
    """
    if actor.is_local:
        return
    from pratique.node.access.policy import shipped_policy

    name = type(request).__name__
    verdict = shipped_policy().judge(actor, name, now=at or datetime.now(UTC), holds=holds or _nothing_holds)
    if not verdict.allowed:
        raise refusal(verdict.refusal, actor, name)


def refusal(code: str, actor: Actor, request: str) -> PratiqueError:
    """The refusal of that rule, told to the person: which rule, which role could, what to do."""
    from pratique.node.access.policy import shipped_policy
    from pratique.node.access.roles import known_roles

    line = shipped_policy().lines.get(request)
    roles = known_roles()
    able = [role for role in sorted(line.may) if role in roles] if line else []
    own = [role for role in sorted(actor.roles) if role in roles]
    return refuse(
        code,
        Category.SIGNED_OUT if code == "access.signed_out" else Category.DENIED,
        request=request,
        able=", ".join(able) or "local",
        own=", ".join(own) or "none",
        scope=line.scope if line else "",
    )


def _nothing_holds(condition: str) -> bool:
    return False
