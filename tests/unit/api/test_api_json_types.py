"""Types of JSON: what the document calls a truth value, a number or a day is one as it was sent."""

from datetime import date, datetime
from typing import Any

import pytest
from fastapi.exceptions import RequestValidationError
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter

from pratique.api.json_types import Shape

GOOD: dict[str, Any] = {
    "open": True,
    "count": 3,
    "share": 0.5,
    "until": "2026-11-28",
    "at": None,
    "inner": {"days": ["2026-11-28"], "by_name": {"a": 1}},
}


class Inner(BaseModel):
    """Below."""

    days: list[date]
    by_name: dict[str, int] = {}


class Given(BaseModel):
    """A body with one of each."""

    open: bool
    count: int | None
    share: float
    until: date | None
    at: datetime | None
    inner: Inner


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("open", 0),
        ("open", "true"),
        ("count", True),
        ("count", "3"),
        ("share", "0.5"),
        ("until", 0),
        ("until", "0"),
        ("at", "1764288000"),
        ("inner", []),
        ("inner.days.0", 20260101),
        ("inner.by_name.a", False),
    ],
)
def test_what_only_could_be_made_one_is_refused_at_its_place(place: str, value: object) -> None:
    body: Any = {**GOOD, "inner": {"days": ["2026-11-28"], "by_name": {"a": 1}}}
    *way, last = [int(part) if part.isdigit() else part for part in place.split(".")]
    at = body
    for part in way:
        at = at[part]
    at[last] = value
    with pytest.raises(RequestValidationError) as refused:
        Shape(Given).require(body, "body")
    assert [".".join(map(str, each["loc"])) for each in refused.value.errors()] == [f"body.{place}"]


@given(st.builds(Given))
def test_what_the_document_calls_good_passes(sent: Given) -> None:
    Shape(Given).require(TypeAdapter(Given).dump_python(sent, mode="json"), "body")
