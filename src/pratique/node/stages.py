"""Stages of long work, as commands and queries tell them: a name, or a step with its numbers; the text is made here."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Step:
    """How far a stage is: so many of its units are done; names are compared with the list ``about``."""

    stage: str
    done: int
    of: int
    unit: Literal["run", "list", "name"]
    about: str = ""


Stage: TypeAlias = str | Step


def name_of(stage: Stage) -> str:
    """The name of the stage."""
    return stage.stage if isinstance(stage, Step) else stage


def with_stage(stages: tuple[Stage, ...], told: Stage) -> tuple[Stage, ...]:
    """The stages begun so far and what is ``told`` now; a step takes the place of what its stage told before."""
    goes_on = bool(stages) and isinstance(told, Step) and name_of(stages[-1]) == told.stage
    return (*(stages[:-1] if goes_on else stages), told)


def stage_told(stage: Stage, language: str) -> str:
    """The stage in words, with how far it is where it says so; one without words of its own by its name."""
    from pratique.vocabulary.sentences import known_codes, sentence

    name, code = name_of(stage), f"stage.{name_of(stage)}"
    words = sentence(code, {}, language) if code in known_codes() else name
    if isinstance(stage, str):
        return words
    return sentence(f"stage.step.{stage.unit}", {**asdict(stage), "stage": words}, language)
