"""The queue as it stands: with what officers did to it, by call, view and filter."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Final

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from pratique.api.paging import Paged
from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.api.texts import Channel, OptionalCall, OptionalRun
from pratique.node.handlers.queue_page import QueuePage, QueuePageShown, QueueView
from pratique.vocabulary.reasons import RiskType

SLICE: Final = Slice("queue_page", persons=True)

MOST: Final = 200
Risk = Annotated[RiskType | None, Query(description="Keeps rows with points of that type.")]
Which = Annotated[QueueView, Query(description="Which rows of the queue.")]


@SLICE.read("/queue_page", missing=True, summary="Show the queue as it stands")
def queue_page(
    by: By,
    window: Paged,
    run: OptionalRun = None,
    call: OptionalCall = None,
    view: Which = QueueView.ALL,
    channel: Channel = None,
    risk_type: Risk = None,
) -> QueuePageShown:
    """Rows with what counts now, controlled ones first; `list_sha256` goes with an approval. At most 200 at once."""
    place = window.place(str, str)
    at_run, after = (str(place[0]), str(place[1])) if place else (run, None)
    page = by.ask(
        QueuePage(
            run=at_run,
            call=call,
            view=view.value,
            channel=channel,
            risk_type=None if risk_type is None else risk_type.value,
            after=after,
            limit=min(window.limit, MOST),
        )
    )
    return page if page.next is None else replace(page, next=window.link((page.run.id, page.next)))


class FindAsked(BaseModel):
    """Rows of one run that have a text in bill, boxes, parties or description; it may be the name of a person."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(min_length=1, max_length=200, examples=["BILL0003"])]
    run: Annotated[str | None, Field(max_length=64, description="Short id of a run; else the newest.")] = None
    call: Annotated[str | None, Field(max_length=64, description="Short id of a call of that run.")] = None
    view: QueueView = QueueView.ALL
    after: Annotated[str | None, Field(max_length=600, description="`next` of the answer before.")] = None
    limit: Annotated[int, Field(ge=1, le=MOST, description="How many rows at most.")] = 100


@SLICE.ask("/queue_page/find", summary="Find rows of the queue")
def find_in_queue(by: By, said: FindAsked) -> QueuePageShown:
    """The queue as it stands, with the rows that have the text; `next` goes back as `after` for those behind."""
    return by.ask(
        QueuePage(
            run=said.run, call=said.call, view=said.view.value, text=said.text, after=said.after, limit=said.limit
        )
    )
