"""Requests by their clocks, and how long partners take to answer."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import Query

from pratique.api.request_forms import RequestStanding, standing_of
from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.node.handlers.request_clocks import ListRequests, PartnerPanel, ShowAnswerTimes

SLICE: Final = Slice("request_clocks", persons=True)

Partner = Annotated[str, Query(max_length=99, description="Only with this partner.")]


@SLICE.read("/requests", summary="List requests by their clocks")
def list_requests(
    by: By,
    side: Annotated[Literal["", "asking", "asked"], Query(description="asking: ours; asked: theirs.")] = "",
    partner: Partner = "",
    open_only: Annotated[bool, Query(description="Without those that ended.")] = True,
) -> list[RequestStanding]:
    """The most pressing first; of sensitive ones only that they are there."""
    return [standing_of(line) for line in by.ask(ListRequests(side, partner, open_only)).requests]


@SLICE.read("/requests/answer_times", summary="Show how long partners take")
def show_answer_times(
    by: By,
    side: Annotated[Literal["asking", "asked"], Query(description="asking: their answers; asked: ours.")] = "asking",
    partner: Partner = "",
) -> list[PartnerPanel]:
    """Median with its interval, open requests included (Kaplan-Meier), and what came back as defective."""
    return by.ask(ShowAnswerTimes(side, partner))
