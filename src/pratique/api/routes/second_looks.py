"""Second looks: drawn by lot with a known chance, and how far two officers agree."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.node.handlers.second_looks import DrawSecondLooks, SecondLooks, SecondLooksDrawn, ShowSecondLooks

SLICE: Final = Slice("second_looks")


class Share(BaseModel):
    """With which chance each finished control is looked at again."""

    model_config = ConfigDict(extra="forbid")

    share_permille: int = Field(ge=1, le=1000, description="Chances in a thousand.")


@SLICE.read("/second_looks", summary="Show second looks")
def show_second_looks(by: By) -> SecondLooks:
    """How many there are, and in which share two officers disagree, with its 95 % interval."""
    return by.ask(ShowSecondLooks())


@SLICE.write("/second_looks", summary="Draw second looks")
def draw_second_looks(by: By, said: Share) -> SecondLooksDrawn:
    """Draws among finished controls that were in no draw yet; the chance of each is stored, drawn or not."""
    return by.execute(DrawSecondLooks(said.share_permille))
