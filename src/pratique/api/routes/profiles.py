"""Risk profiles: drafted by one person, activated by another, retired by anybody who may."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from pratique.api.paging import Page, Paged
from pratique.api.serving import By
from pratique.api.shown import Moment, Sha256
from pratique.api.slice import Slice
from pratique.node.handlers.profiles import (
    LONGEST_PROFILE,
    AddProfile,
    ListProfiles,
    ShowProfile,
)
from pratique.node.storage.profiles import StoredProfile

SLICE: Final = Slice("profiles")

ProfileId = Annotated[str, Path(max_length=200, description="Id of a profile.", examples=["description.vague"])]


class Profile(BaseModel):
    """One version of a risk profile as its author wrote it."""

    id: str
    version: int
    state: Literal["draft", "active", "retired"]
    text: str
    sha256: Sha256
    author: str
    drafted_at: Moment
    activated_by: str | None
    activated_at: Moment | None
    retired_by: str | None
    retired_at: Moment | None


class Draft(BaseModel):
    """The text of a profile."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=LONGEST_PROFILE, description="YAML, as the rule language has it.")


@SLICE.read("/profiles", summary="List risk profiles")
def list_profiles(by: By, window: Paged) -> Page[Profile]:
    """Every version of every profile, ordered by id and version."""
    found = by.ask(ListProfiles())
    return window.page(found, key=lambda each: (each.id, each.version), show=_shown)


@SLICE.read("/profiles/{profile_id}", missing=True, summary="Show a risk profile")
def show_profile(by: By, profile_id: ProfileId) -> list[Profile]:
    """Every version of one profile, newest first."""
    return [_shown(each) for each in by.ask(ShowProfile(profile_id))]


@SLICE.write("/profiles", status_code=201, summary="Draft a risk profile")
def add_profile(by: By, draft: Draft) -> Profile:
    """Takes in the text as a draft: version 1, or the next version of the profile with its id.

    It decides nothing until another person puts it in force, which needs a second factor and so is done at the desk.
    """
    return _shown(by.execute(AddProfile(draft.text)))


def _shown(profile: StoredProfile) -> Profile:
    return Profile.model_validate(profile, from_attributes=True)
