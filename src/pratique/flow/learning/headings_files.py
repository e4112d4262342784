"""Learned headings among the models: a folder under their digest, with the file of them and their card."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pratique.flow.learning.errors import refuse
from pratique.flow.learning.files import HEADINGS, as_json, checked_files, kept_as
from pratique.flow.learning.headings import Headings
from pratique.flow.learning.headings_bytes import headings_of, kept
from pratique.flow.learning.headings_card import headings_card, headings_markdown
from pratique.flow.learning.packed import Unsound
from pratique.vocabulary.errors import Category

CONTENT: Final = "words.headings"


def keep_headings(learned: Headings, card: Mapping[str, Any], folder: Path) -> str:
    """Writes them into a folder of models; gives their digest."""
    files = {CONTENT: kept(learned), "card.json": as_json(card)}
    return kept_as(files, folder, told=lambda digest: headings_markdown(card, digest), kind=HEADINGS)


def load_headings(folder: Path, digest: str) -> tuple[Headings, Mapping[str, Any]]:
    """The headings of that digest in a folder of models, and their card.

    Raises ``model.not_there``, ``model.changed``, ``model.other_kind``, ``model.unsound``.
    """
    place, files = checked_files(folder, digest, kind=HEADINGS)
    try:
        card = headings_card(json.loads(files["card.json"]))
        return headings_of(files[CONTENT], str(place / CONTENT)), card
    except (KeyError, ValueError, RecursionError) as error:
        at = error.place if isinstance(error, Unsound) else CONTENT
        raise refuse("model.unsound", Category.BROKEN, file=str(place), place=at) from error
