"""A profile's sentence with its fields filled in, as an officer reads it.

A template names fields in braces as a rule does: ``{gross_mass_g}``, ``{goods.description}``; each is shown in the unit
of its field. A template can only show what it is given: nothing in it is evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from pratique.flow.risk.fields import field_spec
from pratique.vocabulary.sentences import kilograms, money

NOT_KNOWN: Final = "(not stated)"
_PLACEHOLDER: Final = re.compile(r"\{([a-z0-9_]+(?:\.[a-z0-9_]+)?)\}")


def named_in(template: str) -> tuple[str, ...]:
    """The fields that a template names, each once, in their order."""
    return tuple(dict.fromkeys(_PLACEHOLDER.findall(template)))


def render(template: str, params: Mapping[str, object]) -> str:
    """The sentence: ``params`` by qualified field name, as a reason carries them. What is not known says so."""
    return _PLACEHOLDER.sub(lambda found: _shown(found[1], params), template)


def _shown(name: str, params: Mapping[str, object]) -> str:
    value = params.get(name)
    if value is None:
        return NOT_KNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(item) for item in value) or "none"
    return _number(name, value, params) if isinstance(value, int) else str(value)


def _number(name: str, value: int, params: Mapping[str, object]) -> str:
    spec = field_spec(name)
    match spec.unit if spec else "":
        case "g":
            return kilograms(value)
        case "usd_minor":
            return money(value, "USD")
        case "minor":
            currency = params.get(name.replace("_minor", "_currency"))
            return money(value, None if currency is None else str(currency))
        case "dm3":
            return f"{value / 1000:,.3f} m³"
        case "permille":
            return f"{value / 10:,.1f} %"
        case "hours":
            return f"{value:,} h"
        case _:
            return f"{value:,}"
