"""The reasons of a hit as JSON: codes with parameters, complete enough to compute the score again from them alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

ALIGNED: Final = "screening.aligned."
DOUBT: Final = "screening.doubt."
LEFT_OVER: Final = "screening.left_over"
WEIGHED: Final = "screening.weighed"
NUMBERS: Final = "screening.numbers_differ"
IDENTIFIER: Final = "screening.identifier_equal"

_WRITER: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False)


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of the comparison. A doubt carries ``kept``: thousandths of the score that it
    leaves; evidence beyond the name ``points``: thousandths added to it."""

    code: str
    params: dict[str, str | int] = field(default_factory=dict)


def reasons_json(reasons: Sequence[Reason]) -> str:
    """The reasons as a JSON array of ``{"code", "params"}``, the same text for the same reasons."""
    told = [{"code": reason.code, "params": reason.params} for reason in reasons]
    return _WRITER.encode(told)


def joined_reasons(first: str, behind: str) -> str:
    """Two arrays of reasons as one, the same text as of all the reasons together."""
    if behind == "[]":
        return first
    return behind if first == "[]" else f"{first[:-1]},{behind[1:]}"


def reasons_from(text: str) -> list[Reason]:
    """The reasons in a JSON array that :func:`reasons_json` wrote."""
    return [Reason(told["code"], told["params"]) for told in json.loads(text)]
