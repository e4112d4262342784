"""Settings: seen. Changing one needs a second factor and so is done at the desk."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel

from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.node.handlers.settings import ListSettings

SLICE: Final = Slice("settings")


class Setting(BaseModel):
    """A setting with its value in force, its default and what it is for."""

    name: str
    value: str
    default: str
    purpose: str


@SLICE.read("/settings", summary="List settings")
def list_settings(by: By) -> list[Setting]:
    """Every setting with its value, ordered by name."""
    return [Setting.model_validate(each, from_attributes=True) for each in by.ask(ListSettings())]
