"""Settings: seen, and changed with a second factor."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.node.handlers.settings import ChangeSetting, ListSettings

SLICE: Final = Slice("settings")

SettingName = Annotated[str, Path(max_length=60, description="Name of a setting.", examples=["high_line"])]


class Setting(BaseModel):
    """A setting with its value in force, its default and what it is for."""

    name: str
    value: str
    default: str
    purpose: str


class NewValue(BaseModel):
    """The value that a setting is to have."""

    model_config = ConfigDict(extra="forbid")

    value: Annotated[str, Field(max_length=500, examples=["62"])]


@SLICE.read("/settings", summary="List settings")
def list_settings(by: By) -> list[Setting]:
    """Every setting with its value, ordered by name."""
    return [Setting.model_validate(each, from_attributes=True) for each in by.ask(ListSettings())]


@SLICE.write("/settings/{name}", missing=True, summary="Change a setting")
def change_setting(by: By, name: SettingName, said: NewValue) -> Setting:
    """Counts from the next assessment, sign-in or start on, as the setting says. Needs a second factor."""
    return Setting.model_validate(by.execute(ChangeSetting(name, said.value)), from_attributes=True)
