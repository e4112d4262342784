"""Sentences out of codes: the templates are data, one flat file per slice and language.

A template is plain text with fields in braces. ``{name}`` is the parameter as it stands, ``{name:kilograms}`` an
integer of grams shown in kilograms, ``{name:money:currency}`` an integer of minor units shown with the currency that
the parameter ``currency`` names, ``{name:words:officer}`` codes as the words of their kind. Where a parameter was not
given the sentence says ``(not stated)``: one with a hole is better than none, and a template can never raise or reach
into an object.

In a language written from right to left every inserted value is isolated (Unicode Bidirectional Algorithm, UAX #9), so
that a box number or a foreign name keeps its own order and does not turn that of the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Final

import yaml

from pratique.vocabulary.codes.currency import exponent
from pratique.vocabulary.errors import PratiqueError
from pratique.vocabulary.languages import (
    ENGLISH,
    ISOLATE,
    ISOLATE_ENDS,
    isolates_closed,
    right_to_left,
    separated,
    shipped,
)

_FIELD: Final = re.compile(r"\{(?P<name>\w+)(?::(?P<style>kilograms|money|words)(?::(?P<other>\w+))?)?\}")
_MARKS: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066\u2067]")
_MARKS_AND_ISOLATES: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def sentence(code: str, params: Mapping[str, object], language: str = ENGLISH) -> str:
    """The sentence of ``code`` in ``language``, in English where that language has none.

    A code without any template gives the code and its parameters, so that nothing is hidden. Never raises.
    """
    for tongue in (shipped(language) or ENGLISH, ENGLISH):
        template = _templates(tongue).get(code)
        if template is not None:
            return fill(template, params, tongue)
    told = ", ".join(f"{name} {value}" for name, value in params.items())
    return f"{code}: {told}" if told else code


def is_whole(code: str, params: Mapping[str, object], language: str = ENGLISH) -> bool:
    """Whether ``code`` has a template whose every field was given."""
    template = _templates(shipped(language) or ENGLISH).get(code) or _templates(ENGLISH).get(code)
    return template is not None and all(params.get(field["name"]) is not None for field in _FIELD.finditer(template))


def fill(template: str, params: Mapping[str, object], language: str = ENGLISH) -> str:
    """The template, which is of ``language``, with its fields replaced; one without a parameter says so."""
    return _FIELD.sub(lambda field: _shown(field, params, language), template)


def retold(error: PratiqueError, language: str) -> PratiqueError:
    """The error with its sentences in ``language``; as it is where that has none of its code.

    A sentence for what was kept or what to do may be of the error's own code (``lists.shrunk.todo``) or of its family
    (``lists.todo``). An error that no template made keeps its words; what its code says in general stands before them.
    """
    if error.code not in known_codes(language):
        return error
    if error.params is None:
        return _introduced(error, language)
    params = dict(error.params)
    if isinstance(error.__cause__, PratiqueError) and "fault" in params:
        params["fault"] = retold(error.__cause__, language).happened
    told = PratiqueError(
        error.code,
        sentence(error.code, params, language),
        category=error.category,
        kept=_beside(error.code, "kept", params, language) if error.kept else "",
        todo=_beside(error.code, "todo", params, language) if error.todo else "",
    )
    told.params = error.params
    return told


def _introduced(error: PratiqueError, language: str) -> PratiqueError:
    general, known = sentence(error.code, {}, language), sentence(error.code, {})
    if shipped(language) == ENGLISH or not is_whole(error.code, {}, language):
        return error
    happened = general if error.happened == known else f"{general} {inserted(error.happened, language)}"
    kept, todo = (_as_written(error, part, language) for part in ("kept", "todo"))
    return PratiqueError(error.code, happened, category=error.category, kept=kept, todo=todo)


def _as_written(error: PratiqueError, part: str, language: str) -> str:
    """That part of the error, translated where it is word for word the English sentence of its code or family."""
    text: str = getattr(error, part)
    codes = (f"{error.code}.{part}", f"{error.code.partition('.')[0]}.{part}")
    same = (code for code in codes if _templates(ENGLISH).get(code) == text)
    return next((sentence(code, {}, language) for code in same), text)


def known_codes(language: str = ENGLISH) -> frozenset[str]:
    """Every code that has a template of its own in ``language``."""
    tongue = shipped(language)
    return frozenset(_templates(tongue)) if tongue else frozenset()


def inserted(value: str, language: str) -> str:
    """A value as it stands inside a sentence of ``language``.

    Where that is written from right to left the value is isolated, and loses marks of direction of its own, with which
    it could leave its isolate; a sentence inside the sentence keeps the isolates that it closes.
    """
    if not right_to_left(language):
        return value
    contained = (_MARKS if isolates_closed(value) else _MARKS_AND_ISOLATES).sub("", value)
    return f"{ISOLATE}{contained}{ISOLATE_ENDS}"


def kilograms(grams: int, language: str = ENGLISH) -> str:
    """Grams as people read them: ``1234500`` is ``"1,234.5 kg"``."""
    return figure("kilograms", f"{Decimal(grams).scaleb(-3).normalize():,f}", language)


def money(minor: int, currency: str | None, language: str = ENGLISH) -> str:
    """Minor units as people read them: ``123450, "EUR"`` is ``"1,234.50 EUR"``.

    Where the currency or its decimals are not known the integer is shown as what it is.
    """
    decimals = None if currency is None else exponent(currency)
    if decimals is None:
        unnamed = currency or _word("figure.unnamed_currency", language)
        return _word("figure.minor_units", language).format(value=separated(f"{minor:,}", language), currency=unnamed)
    return f"{separated(f'{Decimal(minor).scaleb(-decimals):,.{decimals}f}', language)} {currency}"


def figure(unit: str, number: str, language: str = ENGLISH) -> str:
    """A number written as ``1,234.5`` with its unit (``kilograms``, ``cubic_metres``, ``percent``, ``hours``)."""
    return _word(f"figure.{unit}", language).format(value=separated(number, language))


def word(value: str, language: str = ENGLISH) -> str:
    """What stands for a value (``not_stated``, ``none``, ``yes``, ``no``) or ``between`` two of them."""
    return _word(f"value.{value}", language)


def _beside(code: str, part: str, params: Mapping[str, object], language: str) -> str:
    family = f"{code.partition('.')[0]}.{part}"
    return sentence(f"{code}.{part}" if f"{code}.{part}" in known_codes() else family, params, language)


def coded(kind: str, code: str, language: str = ENGLISH) -> str:
    """What a code of that kind is called (``role`` ``CN`` is ``consignee``); the code itself where it has no name."""
    tongue = shipped(language) or ENGLISH
    name = f"value.{kind}.{code}"
    return _templates(tongue).get(name) or _templates(ENGLISH).get(name) or code


def _word(code: str, language: str) -> str:
    tongue = shipped(language) or ENGLISH
    return _templates(tongue).get(code) or _templates(ENGLISH)[code]


def _shown(field: re.Match[str], params: Mapping[str, object], language: str) -> str:
    value = params.get(field["name"])
    if value is None:
        return word("not_stated", language)
    return inserted(_written(field, value, params, language), language)


def _written(field: re.Match[str], value: object, params: Mapping[str, object], language: str) -> str:
    if field["style"] == "words":
        named = (coded(field["other"] or "", code, language) for code in str(value).split(", "))
        return word("between", language).join(named)
    if not isinstance(value, int) or field["style"] is None:
        return str(value)
    if field["style"] == "kilograms":
        return kilograms(value, language)
    currency = params.get(field["other"] or "currency")
    return money(value, None if currency is None else str(currency), language)


@cache
def _templates(language: str) -> Mapping[str, str]:
    """All templates of a shipped language."""
    folder = files("pratique") / "data" / "sentences" / language
    if not folder.is_dir():
        return {}
    collected: dict[str, str] = {}
    for file in sorted((entry for entry in folder.iterdir() if entry.name.endswith(".yaml")), key=lambda e: e.name):
        collected.update(_read(file.read_text(encoding="utf-8")))
    return collected


def _read(text: str) -> Mapping[str, str]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same safe loader in C, several times quicker
    templates = yaml.load(text, Loader=loader) or {}  # noqa: S506
    return {str(code): str(template) for code, template in templates.items()}
