"""What clauses say in the reader's language: sentences, limits, titles and articles of the shipped instruments.

The translations are data, one file per language in ``data/agreements/words``, each with the English sentence that it
translates, so that it counts for that very sentence only: whoever writes a clause anew reads what was written, never an
old translation of something else. They are in own words, as the English; no lawyer compared them with a text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from pratique.vocabulary.languages import ENGLISH, shipped


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, and the language that it is in: English where nobody translated it."""

    text: str
    language: str


def said(english: str, language: str) -> Said:
    """What an instrument says in ``english``, in ``language``."""
    tongue = shipped(language) or ENGLISH
    translation = translations(tongue).get(english)
    return Said(english, ENGLISH) if translation is None else Said(translation, tongue)


def in_language(english: str, language: str) -> str:
    """The same as text alone."""
    return said(english, language).text


@cache
def translations(language: str) -> Mapping[str, str]:
    """By the English sentence the translation of it; empty for English and for a language without a file."""
    file = files("pratique") / "data" / "agreements" / "words" / f"{language}.yaml"
    if language == ENGLISH or not file.is_file():
        return {}
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same safe loader in C, several times quicker
    found = yaml.load(file.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
    return {str(pair[ENGLISH]): str(pair[language]) for pair in found["sentences"].values()}
