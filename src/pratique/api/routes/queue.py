"""The control list of a run."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Annotated, Final, Literal

from fastapi import Query, Request, Response
from pydantic import BaseModel, Field

from pratique.api.conditional import NOT_MODIFIED, TagHeader, give_tag
from pratique.api.paging import Paged, Window
from pratique.api.serving import EDGE, By, Caller
from pratique.api.shown import Params, Run, ShortId, shown_run
from pratique.api.slice import Slice
from pratique.api.texts import RunId
from pratique.node.handlers.queue import ListQueue
from pratique.node.handlers.queue import QueueRow as Row
from pratique.node.runs.raised_lines import RaisedPoints as Raised
from pratique.node.runs.reason_sentences import Reasoned, Tell, reason_sentences

SLICE: Final = Slice("queue", persons=True)

Channel = Annotated[
    Literal["red", "scan", "yellow", "blue", "green", "all"] | None,
    Query(description="One channel, or `all`; without it the list has those that take a person's time."),
]
Probability = Annotated[float, Field(ge=0, le=1)]


class Reason(BaseModel):
    """One reason of a consignment; the points of all its reasons add up to its score."""

    profile_id: str
    profile_version: int
    risk_type: str
    points: int
    control: str = Field(description="The control it asks for: open, scan, documents, audit or none.")
    mandatory: bool = Field(description="It must lead to a control, whatever the score.")
    params: Params
    sentence: str


class RaisedReason(BaseModel):
    """A reason that a list which changed since brings, or one of the run that holds no more."""

    profile_id: str
    profile_version: int
    risk_type: str
    points: int = Field(description="Below 0 where a reason of the run holds no more.")
    control: str
    mandatory: bool
    fires: bool = Field(description="False: it fired in the run and does so no more.")
    params: Params
    sentence: str


class RaisedPoints(BaseModel):
    """What one change of a list adds to a score since the run was made, beside the run."""

    change: int = Field(description="Number of the change of the list.")
    list_id: str
    dated: str = Field(description="Day of the list that was loaded.")
    points: int
    reasons: list[RaisedReason]


class QueueLine(BaseModel):
    """One line of the control list; reasons with most points first."""

    rank: int = Field(ge=1)
    consignment_id: ShortId
    bill: str | None = Field(description="Number of the transport contract document.")
    channel: str
    control: str = Field(description="The slot given: open, scan, documents; audit and none take no slot.")
    basis: str = Field(
        description="Why it was chosen: mandatory, points, value, random, unsure, line, officer or none."
    )
    score: int = Field(description="That of the run.")
    raised_points: int = Field(description="What lists that changed since add to it; the line moves with them.")
    mandatory: bool
    unplaced: bool = Field(description="Must be controlled, but no slot was left.")
    probability_open: Probability
    probability_scan: Probability
    probability_documents: Probability
    consignor: str | None
    consignee: str | None
    description: str | None
    loading_location: str | None
    unloading_location: str | None
    gross_mass_g: int | None
    equipment_ids: list[str]
    reasons: list[Reason]
    raised: list[RaisedPoints]


class QueuePage(BaseModel):
    """A part of the control list of a run."""

    run: Run
    total: int = Field(description="How many lines the whole list has.")
    items: list[QueueLine]
    next: str | None = Field(description="Path of the next page; null on the last one.")


@SLICE.read("/queue", missing=True, summary="Show the newest control list")
def list_newest_queue(by: By, window: Paged, channel: Channel = None) -> QueuePage:
    """The list of the newest run, ranked. Its pages go on with the same run, whatever comes meanwhile."""
    place = window.place(str, int)
    run = str(place[0]) if place else None
    return _page(by, window, run, channel)


@SLICE.read("/runs/{run_id}/queue", missing=True, summary="Show the control list of a run", responses=NOT_MODIFIED)
def list_queue(
    by: By,
    request: Request,
    response: Response,
    run_id: RunId,
    window: Paged,
    channel: Channel = None,
    if_none_match: TagHeader = None,
) -> QueuePage:
    """The list of one run as it stands: the answer has a tag, which changes with acts and with lists."""
    page = _page(by, window, run_id, channel)
    give_tag(request, response, hashlib.sha256(page.model_dump_json().encode()).hexdigest())
    return page


def _page(by: Caller, window: Window, run_id: str | None, channel: str | None) -> QueuePage:
    """A part of the list as it stands; a place in it is a number of lines."""
    place = window.place(str, int)
    skip = int(place[1]) if place else 0
    listed = by.ask(ListQueue(run=run_id, channel=channel, limit=window.limit, skip=skip))
    tell = reason_sentences(by.serving.node, EDGE)
    seen = skip + len(listed.rows)
    return QueuePage(
        run=shown_run(listed.run),
        total=listed.total,
        items=[shown_line(row, tell) for row in listed.rows],
        next=window.link((listed.run.id, seen)) if seen < listed.total else None,
    )


def shown_line(row: Row, tell: Tell) -> QueueLine:
    """The line with its reasons as sentences."""
    plain = {name: getattr(row, name) for name in QueueLine.model_fields if name not in ("reasons", "raised")}
    reasons = [shown_reason(reason, tell) for reason in row.reasons]
    told = {"reasons": reasons, "raised": shown_raised(row.raised, tell), "equipment_ids": list(row.equipment_ids)}
    return QueueLine.model_validate(plain | told)


def shown_raised(raised: Sequence[Raised], tell: Tell) -> list[RaisedPoints]:
    """Changes of lists since the run, their reasons with sentences."""
    return [
        RaisedPoints(
            change=each.change,
            list_id=each.list_id,
            dated=each.dated,
            points=each.points,
            reasons=[_raised_reason(reason, tell) for reason in each.reasons],
        )
        for each in raised
    ]


def _raised_reason(reason: Reasoned, tell: Tell) -> RaisedReason:
    plain = {name: getattr(reason, name) for name in RaisedReason.model_fields if name != "sentence"}
    return RaisedReason.model_validate(plain | {"sentence": tell(reason)})


def shown_reason(reason: object, tell: Tell) -> Reason:
    """The reason with its sentence."""
    plain = {name: getattr(reason, name) for name in Reason.model_fields if name != "sentence"}
    return Reason.model_validate(plain | {"sentence": tell(reason)})  # type: ignore[arg-type]
