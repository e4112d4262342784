"""Answers to list hits."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from pratique.api.routes.hits import HitNumber
from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.api.texts import Note, ReasonCode, RunId
from pratique.node.handlers.dispositions import DisposeHit, HitAnswered

SLICE: Final = Slice("dispositions")


class Answered(BaseModel):
    """Whether both sides are the same."""

    model_config = ConfigDict(extra="forbid")

    answer: Literal["same", "different", "cannot_tell"]
    reason: ReasonCode
    note: Note = ""


@SLICE.write("/runs/{run_id}/hits/{hit}/dispose", missing=True, summary="Answer a hit")
def dispose_hit(by: By, run_id: RunId, hit: HitNumber, said: Answered) -> HitAnswered:
    """Same, different or cannot tell, with a coded reason; a sure hit is only different once two persons say so."""
    return by.execute(DisposeHit(run_id, hit, said.answer, said.reason, said.note))
