"""The roles that officers have; data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True)
class Role:
    """A role: its code, the two letters of the capability list, its name, what its people do, whether it is alone."""

    code: str
    letters: str
    name: str
    does: str
    alone: bool = False


@cache
def known_roles() -> Mapping[str, Role]:
    """Every role by its code, in the order of the file."""
    text = (files("pratique") / "data" / "access" / "roles.yaml").read_text(encoding="utf-8")
    return {code: Role(code, **facts) for code, facts in yaml.safe_load(text).items()}
