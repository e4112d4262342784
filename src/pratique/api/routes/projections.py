"""Projections: what a risk profile would do to a stored run, before anybody puts it in force."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.node.handlers.profiles import LONGEST_PROFILE
from pratique.node.handlers.projections import Projection, ProjectProfile

SLICE: Final = Slice("projections", persons=True)


class Projected(BaseModel):
    """The profile to try, and the run to try it on."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=LONGEST_PROFILE, description="YAML, as the rule language has it.")
    run: Annotated[str | None, Field(max_length=64, description="Short id of a run; else the newest.")] = None


@SLICE.ask("/projections", summary="Project a risk profile")
def project_profile(by: By, said: Projected) -> Projection:
    """On how many consignments it would fire, how many it would lift to the line, and which stand highest."""
    return by.ask(ProjectProfile(said.text, said.run))
