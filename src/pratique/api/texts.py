"""Parameters that more than one slice takes."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Path, Query
from pydantic import Field, StringConstraints

SHORT_ID = "^[0-9A-Za-z]{1,16}$"

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
