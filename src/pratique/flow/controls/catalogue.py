"""The catalogue of controls (``data/control/controls.yaml``): types, checklists, threats, concealments, units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

import yaml

ANSWERS: Final = ("done", "not_reached", "not_applicable")
"""What a step can be answered with: even what was not reached is said."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a checklist: whether its answer is a tick or a text, and whether a photo is wanted beside it."""

    code: str
    answer: Literal["tick", "text"]
    photo: bool


@dataclass(frozen=True, slots=True)
class ControlType:
    """A kind of control: the kind of resource that carries it out, the slot of the day it takes, and its checklist."""

    code: str
    resource: str
    slot: str | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that may be ordered and recorded, by code."""

    types: Mapping[str, ControlType]
    threats: tuple[str, ...]
    concealments: tuple[str, ...]
    units: tuple[str, ...]

    @property
    def resource_kinds(self) -> tuple[str, ...]:
        """The kinds of resources that some control needs, each once."""
        return tuple(dict.fromkeys(each.resource for each in self.types.values()))


@cache
def catalogue() -> Catalogue:
    """The shipped catalogue."""
    told = yaml.safe_load(files("pratique.data").joinpath("control/controls.yaml").read_text(encoding="utf-8"))
    steps = {code: Step(code, facts["answer"], facts.get("photo", False)) for code, facts in told["steps"].items()}
    types = {
        code: ControlType(code, facts["resource"], facts.get("slot"), tuple(steps[step] for step in facts["steps"]))
        for code, facts in told["types"].items()
    }
    return Catalogue(types, tuple(told["threats"]), tuple(told["concealments"]), tuple(told["units"]))
