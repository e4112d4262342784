"""The log of access: who read what for which purpose, and who was refused."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Query

from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.api.texts import Since, Until, within
from pratique.node.handlers.access_log import AccessLog, ReadAccessLog

SLICE: Final = Slice("access_log")

MOST: Final = 500
Actor = Annotated[str | None, Query(max_length=120, description="One actor alone.", examples=["officer:ines.valmar"])]
Limit = Annotated[int, Query(ge=1, le=MOST, description="How many lines of each kind at most.")]


@SLICE.read("/access_log", summary="Read the log of access")
def read_access_log(
    by: By, since: Since = None, until: Until = None, actor: Actor = None, limit: Limit = 200
) -> AccessLog:
    """Readings and refusals of a period (else of the last thirty days): counts of all, and the newest lines."""
    return by.ask(ReadAccessLog(within(since), within(until), actor, limit))
