"""Sentences out of codes: the templates are data, one flat file per slice and language.

A template is plain text with fields in braces. ``{name}`` is the parameter as it stands, ``{name:kilograms}`` an
integer of grams shown in kilograms, ``{name:money:currency}`` an integer of minor units shown with the currency that
the parameter ``currency`` names. A field whose parameter was not given stays visible as ``{name}``: a sentence with a
hole is better than none, and a template can never raise or reach into an object.
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

FALLBACK: Final = "en"
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_FIELD: Final = re.compile(r"\{(?P<name>\w+)(?::(?P<style>kilograms|money)(?::(?P<other>\w+))?)?\}")


def sentence(code: str, params: Mapping[str, object], language: str = FALLBACK) -> str:
    """The sentence of ``code`` in ``language``, in English where that language has none.

    A code without any template gives the code and its parameters, so that nothing is hidden. Never raises.
    """
    template = _templates(language).get(code) or _templates(FALLBACK).get(code)
    if template is None:
        told = ", ".join(f"{name} {value}" for name, value in params.items())
        return f"{code}: {told}" if told else code
    return fill(template, params)


def fill(template: str, params: Mapping[str, object]) -> str:
    """The template with its fields replaced; a field without a parameter stays as it is."""
    return _FIELD.sub(lambda field: _shown(field, params), template)


def known_codes(language: str = FALLBACK) -> frozenset[str]:
    """Every code that has a template of its own in ``language``."""
    return frozenset(_templates(language))


def kilograms(grams: int) -> str:
    """Grams as people read them: ``1234500`` is ``"1,234.5 kg"``."""
    return f"{Decimal(grams).scaleb(-3).normalize():,f} kg"


def money(minor: int, currency: str | None) -> str:
    """Minor units as people read them: ``123450, "EUR"`` is ``"1,234.50 EUR"``.

    Where the currency or its decimals are not known the integer is shown as what it is.
    """
    decimals = None if currency is None else exponent(currency)
    if decimals is None:
        return f"{minor:,} minor units of {currency or 'an unnamed currency'}"
    return f"{Decimal(minor).scaleb(-decimals):,.{decimals}f} {currency}"


def _shown(field: re.Match[str], params: Mapping[str, object]) -> str:
    value = params.get(field["name"])
    if value is None:
        return f"{{{field['name']}}}"
    if not isinstance(value, int) or field["style"] is None:
        return str(value)
    if field["style"] == "kilograms":
        return kilograms(value)
    currency = params.get(field["other"] or "currency")
    return money(value, None if currency is None else str(currency))


@cache
def _templates(language: str) -> Mapping[str, str]:
    """All templates of a language; empty for one that is not shipped or that is no language tag at all."""
    if not _LANGUAGE.fullmatch(language):
        return {}
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
