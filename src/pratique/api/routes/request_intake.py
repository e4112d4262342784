"""Sealed messages about requests, taken up."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from pratique.api.request_forms import RequestStanding, standing_of
from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.node.handlers.request_intake import TakeUpMessage

SLICE: Final = Slice("request_intake")


class Taken(BaseModel):
    """A message of the inbox."""

    model_config = ConfigDict(extra="forbid")

    message: str = Field(max_length=60)


@SLICE.write("/requests/messages", missing=True, summary="Take up a message about a request")
def take_up_message(by: By, said: Taken) -> RequestStanding:
    """A partner's request begins, or what it says of one of ours is noted."""
    return standing_of(by.execute(TakeUpMessage(said.message)).line)
