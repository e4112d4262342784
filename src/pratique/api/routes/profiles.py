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
    ActivateProfile,
    AddProfile,
    ListProfiles,
    RetireProfile,
    ShowProfile,
)
from pratique.node.storage.profiles import StoredProfile

SLICE: Final = Slice("profiles")

ProfileId = Annotated[str, Path(max_length=200, description="Id of a profile.", examples=["description.vague"])]

Version = Annotated[int, Path(ge=1, le=2**31 - 1, description="Number of a version.", examples=[2])]


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

    It decides nothing until another person puts it in force.
    """
    return _shown(by.execute(AddProfile(draft.text)))


@SLICE.write("/profiles/{profile_id}/versions/{version}/activate", missing=True, summary="Put a draft in force")
def activate_profile(by: By, profile_id: ProfileId, version: Version) -> Profile:
    """Takes the place of the version in force. Another person than its author does it, with a second factor."""
    return _shown(by.execute(ActivateProfile(profile_id, version)))


@SLICE.write("/profiles/{profile_id}/retire", missing=True, summary="Take a risk profile out of force")
def retire_profile(by: By, profile_id: ProfileId) -> Profile:
    """Its version in force fires no more, from the next assessment on. Needs a second factor."""
    return _shown(by.execute(RetireProfile(profile_id)))


def _shown(profile: StoredProfile) -> Profile:
    return Profile.model_validate(profile, from_attributes=True)
