"""The purposes for which person data may be read; data, each with the law it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pratique.node.errors import refuse
from pratique.vocabulary.errors import Category


@dataclass(frozen=True, slots=True)
class Purpose:
    """A purpose: who may declare it, for whom it is the usual one, and whether a lawyer has compared the reference."""

    code: str
    name: str
    legal_reference: str
    verified: bool
    roles: frozenset[str]
    usual_for: frozenset[str]


@cache
def purposes() -> tuple[Purpose, ...]:
    """Every purpose, in the order of the file."""
    import yaml  # not needed to open a node

    text = (files("pratique") / "data" / "access" / "purposes.yaml").read_text(encoding="utf-8")
    return tuple(
        Purpose(
            code=str(code),
            name=str(facts["name"]),
            legal_reference=str(facts["legal_reference"]),
            verified=facts["verified"] is True,
            roles=frozenset(facts["roles"]),
            usual_for=frozenset(facts.get("usual_for", ())),
        )
        for code, facts in yaml.safe_load(text).items()
    )


def usual_purpose(roles: frozenset[str]) -> str | None:
    """The purpose that work in these roles usually has; ``None`` where it must be declared."""
    return next((each.code for each in purposes() if each.usual_for & roles), None)


def declared(code: str, roles: frozenset[str]) -> Purpose:
    """The purpose, which somebody in these roles declares. Raises ``NOT_FOUND`` or ``DENIED``."""
    found = next((each for each in purposes() if each.code == code), None)
    if found is None:
        raise refuse("access.no_such_purpose", Category.NOT_FOUND, known=", ".join(each.code for each in purposes()))
    if not found.roles & roles:
        raise refuse("access.not_your_purpose", Category.DENIED, purpose=found.name)
    return found
