"""A profile's sentence with its fields filled in, as an officer reads it.

A template names fields in braces as a rule does: ``{gross_mass_g}``, ``{goods.description}``; each is shown in the unit
of its field. A template can only show what it is given: nothing in it is evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from pratique.flow.risk.fields import field_spec
from pratique.flow.risk.translated import in_language
from pratique.vocabulary.languages import ENGLISH, separated
from pratique.vocabulary.sentences import coded, figure, inserted, kilograms, money, word

_KINDS_OF_CODES: Final[Mapping[str, str]] = {
    "hits.subject": "subject",
    "hits.role_code": "role",
    "parties.role_code": "role",
    "linked_by": "link",
    "route_concerns": "theme",
    "goods.themes": "theme",
    "goods.code_themes": "theme",
    "goods.origin_themes": "theme",
}
_PLACEHOLDER: Final = re.compile(r"\{([a-z0-9_]+(?:\.[a-z0-9_]+)?)\}")


def named_in(template: str) -> tuple[str, ...]:
    """The fields that a template names, each once, in their order."""
    return tuple(dict.fromkeys(_PLACEHOLDER.findall(template)))


def render(template: str, params: Mapping[str, object], language: str = ENGLISH) -> str:
    """The sentence: ``params`` by qualified field name, as a reason carries them. What is not known says so.

    Figures, units and words for values are those of ``language``.
    """
    return _PLACEHOLDER.sub(lambda found: inserted(_shown(found[1], params, language), language), template)


def render_reason(profile_id: str, template: str, params: Mapping[str, object], language: str = ENGLISH) -> str:
    """The sentence of a reason in ``language``.

    One that officers wrote keeps their words; its figures follow the reader, as one does who writes for colleagues.
    """
    return render(in_language(profile_id, template, language), params, language)


def _shown(name: str, params: Mapping[str, object], language: str) -> str:
    value = params.get(name)
    if value is None:
        return word("not_stated", language)
    if isinstance(value, bool):
        return word("yes" if value else "no", language)
    if isinstance(value, list):
        return word("between", language).join(_text(name, item, language) for item in value) or word("none", language)
    return _number(name, value, params, language) if isinstance(value, int) else _text(name, value, language)


def _text(name: str, value: object, language: str) -> str:
    kind = _KINDS_OF_CODES.get(name)
    return coded(kind, str(value), language) if kind else str(value)


def _number(name: str, value: int, params: Mapping[str, object], language: str) -> str:
    spec = field_spec(name)
    match spec.unit if spec else "":
        case "g":
            return kilograms(value, language)
        case "usd_minor":
            return money(value, "USD", language)
        case "minor":
            currency = params.get(name.replace("_minor", "_currency"))
            return money(value, None if currency is None else str(currency), language)
        case "dm3":
            return figure("cubic_metres", f"{value / 1000:,.3f}", language)
        case "permille":
            return figure("percent", f"{value / 10:,.1f}", language)
        case "hours":
            return figure("hours", f"{value:,}", language)
        case _:
            return separated(f"{value:,}", language)
