"""Parameters that more than one slice takes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final, Literal

from fastapi import Path, Query
from pydantic import AwareDatetime, Field, StringConstraints

EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(9990, 1, 1, tzinfo=UTC)

RunId = Annotated[str, Path(max_length=64, description="Short id of a run.", examples=["7K3MZQ2V"])]
Ref = Annotated[
    str, Path(max_length=200, description="Short id, or bill number without a slash.", examples=["0BHYWJWG"])
]
OptionalRun = Annotated[
    str | None, Query(max_length=64, description="Short id of a run; else the newest.", examples=["7K3MZQ2V"])
]
OptionalCall = Annotated[
    str | None, Query(max_length=64, description="Short id of a call: this arrival alone.", examples=["4D1SXR8A"])
]
Channel = Annotated[
    Literal["red", "scan", "yellow", "blue", "green"] | None, Query(description="Keeps rows of one channel.")
]
GivenRun = Annotated[str, Field(max_length=64, description="Short id of a run.", examples=["7K3MZQ2V"])]
GivenConsignment = Annotated[
    str, Field(max_length=200, description="Short id or bill number in the run.", examples=["0BHYWJWG"])
]
Note = Annotated[
    str, StringConstraints(max_length=500), Field(description="In words; some reasons need one. No person data.")
]
ReasonCode = Annotated[str, Field(max_length=64, description="One of `GET /control_list/reason_codes`.")]
Since = Annotated[AwareDatetime | None, Query(description="From this moment on, with its offset from UTC.")]
Until = Annotated[AwareDatetime | None, Query(description="Up to this moment, with its offset from UTC.")]
OnlyInForce = Annotated[bool, Query(description="Only the version of each list that is in force.")]


def within(moment: datetime | None) -> datetime | None:
    """The moment, or the nearest one that there are records of: nothing is older than 1970."""
    if moment is None:
        return None
    plain = moment.replace(tzinfo=UTC)
    return min(max(plain, EARLIEST), LATEST) if not EARLIEST < plain < LATEST else moment.astimezone(UTC)
