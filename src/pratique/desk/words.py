"""The words of the pages: catalogues of gettext, which language a person reads, and its direction.

The catalogues are the ``.po`` files of the folder ``words`` beside this module. They are read as they stand, once per
language: nothing is compiled, and there is no file that could lag behind. English is the text of the pages itself.
Numbers, dates and durations are in :mod:`pratique.desk.figures`; sentences of codes in
:mod:`pratique.vocabulary.sentences`.
"""

from __future__ import annotations

from functools import cache
from gettext import NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Final, Literal

from pratique.vocabulary.languages import ENGLISH, LANGUAGES, right_to_left, shipped

if TYPE_CHECKING:
    from babel.messages import Catalog

__all__ = ["LANGUAGES", "catalogue", "chosen_language", "direction", "translations"]

LONGEST_ACCEPT: Final = 1_000
"""Characters of an ``Accept-Language`` header that are looked at; browsers send fewer than two hundred."""


def translations(language: str) -> NullTranslations:
    """``gettext``, ``ngettext``, ``pgettext`` and ``npgettext`` of a language; those of English for any other."""
    return _translations(shipped(language) or ENGLISH)


def catalogue(language: str) -> Catalog:
    """The catalogue of a shipped language as it stands in its file. Raises ``FileNotFoundError`` for English."""
    from babel.messages.pofile import read_po

    source = files("pratique") / "desk" / "words" / f"{language}.po"
    with source.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def chosen_language(*, officer: str | None, accept: str | None, node: str) -> str:
    """The shipped language of a page: the officer's own, else the browser's first, else the node's, else English.

    ``accept`` is an ``Accept-Language`` header (RFC 9110, 12.5.4) as it came; what cannot be read in it counts for
    nothing.
    """
    wished = [officer or "", *_accepted(accept or ""), node]
    return next((found for found in map(shipped, wished) if found is not None), ENGLISH)


def direction(language: str) -> Literal["ltr", "rtl"]:
    """The ``dir`` of a page in that language."""
    return "rtl" if right_to_left(language) else "ltr"


@cache
def _translations(language: str) -> NullTranslations:
    from babel.messages.mofile import write_mo
    from babel.support import Translations

    if language == ENGLISH:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    return Translations(compiled)


def _accepted(header: str) -> list[str]:
    """The tags of the header, most wanted first; those of weight 0 are refused by the reader and left out."""
    weighed: list[tuple[float, str]] = []
    for part in header[:LONGEST_ACCEPT].split(","):
        tag, _, parameter = part.partition(";")
        weight = _weight(parameter)
        if weight > 0 and tag.strip() not in ("", "*"):
            weighed.append((weight, tag.strip()))
    return [tag for _, tag in sorted(weighed, key=lambda each: -each[0])]


def _weight(parameter: str) -> float:
    name, _, text = parameter.strip().partition("=")
    if not name:
        return 1.0
    digits = text.strip().replace(".", "", 1)
    return float(text) if name == "q" and digits.isascii() and digits.isdigit() else 0.0
