"""Reasons that a model gives: known by their code, told by their evidence, else by what they are about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pratique.vocabulary.languages import ENGLISH
from pratique.vocabulary.sentences import is_whole, known_codes, sentence

MODEL: Final = "model."


def is_of_a_model(reason: str) -> bool:
    """Whether a reason of that code is a model's; those of profiles bear the profile's id."""
    return reason.startswith(MODEL) and f"{reason}.name" in known_codes()


def model_sentence(reason: str, params: Mapping[str, object], language: str = ENGLISH) -> str:
    """The reason with its evidence; where a figure of it is not known, what the reason is about."""
    if is_whole(reason, params, language):
        return sentence(reason, params, language)
    return sentence("model.no_figure", {"reason": sentence(f"{reason}.name", {}, language)}, language)
