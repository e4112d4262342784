"""The life of a rule between draft and retirement: tried on the past, looked at again."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from pratique.api.routes.profiles import ProfileId, Version
from pratique.api.serving import By
from pratique.api.shown import Moment
from pratique.api.slice import Slice
from pratique.node.controls.reason_codes import LONGEST_NOTE
from pratique.node.handlers.profiles import LONGEST_PROFILE
from pratique.node.handlers.rule_life import (
    MOST_DAYS,
    BackTestProfile,
    BackTestVersion,
    ReviewProfile,
    ShowActivationTest,
)
from pratique.node.profiles.back_testing import BackTest

SLICE: Final = Slice("rule_life")
Days = Annotated[int | None, Query(ge=1, le=MOST_DAYS, description="Days up to today; else those set.")]


class Tried(BaseModel):
    """The profile to try on the past."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=LONGEST_PROFILE, description="YAML, as the rule language has it.")
    days: Annotated[int | None, Field(ge=1, le=MOST_DAYS, description="Days up to today; else those set.")] = None


class Kept(BaseModel):
    """Why a rule stays: a code of the act `review`, with a note where the code needs one."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=1, max_length=40, examples=["still_right"])
    note: str = Field(default="", max_length=LONGEST_NOTE)


class Reviewed(BaseModel):
    """That somebody looked at a version and keeps it."""

    profile_id: str
    version: int
    at: Moment
    by: str
    reason: str
    note: str


@SLICE.ask("/back-tests", summary="Try a risk profile on the past")
def back_test_profile(by: By, said: Tried) -> BackTest:
    """What it would have fired on, what controls of that found, which rules say the same, whom it would displace."""
    return by.ask(BackTestProfile(said.text, said.days))


@SLICE.read("/profiles/{profile_id}/versions/{version}/back-test", missing=True, summary="Try a version on the past")
def back_test_version(by: By, profile_id: ProfileId, version: Version, days: Days = None) -> BackTest:
    """The same for a version that the node keeps."""
    return by.ask(BackTestVersion(profile_id, version, days))


@SLICE.read("/profiles/{profile_id}/versions/{version}/activation-test", summary="Show what was foretold")
def show_activation_test(by: By, profile_id: ProfileId, version: Version) -> BackTest | None:
    """The back-test as it was known when the version was put in force; null where there is none."""
    return by.ask(ShowActivationTest(profile_id, version))


@SLICE.write("/profiles/{profile_id}/review", missing=True, summary="Keep a risk profile")
def review_profile(by: By, profile_id: ProfileId, said: Kept) -> Reviewed:
    """Says that its version in force was looked at and stays: the answer to a proposal. Needs a second factor."""
    return Reviewed.model_validate(by.execute(ReviewProfile(profile_id, said.reason, said.note)), from_attributes=True)
