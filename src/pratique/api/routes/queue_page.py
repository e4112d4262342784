"""The queue as it stands: with what officers did to it, by call, view and filter."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Final

from fastapi import Query

from pratique.api.paging import Paged
from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.api.texts import Channel, OptionalCall, OptionalRun
from pratique.node.handlers.queue_page import QueuePage, QueuePageShown, QueueView
from pratique.vocabulary.reasons import RiskType

SLICE: Final = Slice("queue_page", persons=True)

MOST: Final = 200
Text = Annotated[str, Query(max_length=200, description="Looked for in bill, boxes, parties and description.")]
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
    text: Text = "",
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
            text=text,
            risk_type=None if risk_type is None else risk_type.value,
            after=after,
            limit=min(window.limit, MOST),
        )
    )
    return page if page.next is None else replace(page, next=window.link((page.run.id, page.next)))
