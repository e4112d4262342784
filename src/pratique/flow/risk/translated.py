"""Sentences of the shipped risk indicators in other languages.

The translations are data, one file per language in ``data/indicators/words``: the id of a profile, its English sentence
and the translation of it. The English is there so that a translation counts for that very sentence only: an officer who
writes another one under the same id reads what was written, never an old translation of something else.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

from pratique.vocabulary.languages import ENGLISH, shipped


def in_language(profile_id: str, sentence: str, language: str) -> str:
    """The sentence of a profile in ``language``; as it is where it is not the shipped one or has no translation."""
    english, translation = sentence_pairs(shipped(language) or ENGLISH).get(profile_id, ("", ""))
    return translation if english == sentence else sentence


@cache
def sentence_pairs(language: str) -> Mapping[str, tuple[str, str]]:
    """By id of a profile: the English sentence that was translated, and the translation. Empty for English."""
    file = files("pratique") / "data" / "indicators" / "words" / f"{language}.yaml"
    if language == ENGLISH or not file.is_file():
        return {}
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same safe loader in C, several times quicker
    found = yaml.load(file.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
    return {str(profile): (str(pair[ENGLISH]), str(pair[language])) for profile, pair in found.items()}
