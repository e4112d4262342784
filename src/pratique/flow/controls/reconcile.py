"""Reconciliation: every selected consignment ends in exactly one outcome, or it is named as open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from pratique.flow.controls.outcomes import WAIVED


class Gap(StrEnum):
    """Why a consignment is open."""

    NOT_ORDERED = "not_ordered"
    NO_OUTCOME = "no_outcome"
    SEVERAL_OUTCOMES = "several_outcomes"
    RELEASED_OPEN = "released_open"


@dataclass(frozen=True, slots=True)
class Selected:
    """A consignment that was selected, and everything that speaks of how it ended.

    ``outcomes`` are the standing outcomes of its orders (second looks aside), ``waived`` that a waiver stands,
    ``ordered`` that there is an order in force or finished.
    """

    consignment_id: str
    bill: str | None
    control: str
    waived: bool
    ordered: bool
    outcomes: tuple[str, ...]
    released: bool


@dataclass(frozen=True, slots=True)
class OpenConsignment:
    """A selected consignment without exactly one outcome."""

    consignment_id: str
    bill: str | None
    control: str
    gap: Gap


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The proof: ``selected`` is the sum of all ``outcomes`` and of those that are ``open``."""

    selected: int
    outcomes: Mapping[str, int]
    open: tuple[OpenConsignment, ...] = field(default_factory=tuple)

    @property
    def is_whole(self) -> bool:
        """Nothing is open."""
        return not self.open


def reconcile(rows: Iterable[Selected]) -> Reconciliation:
    """Counts every row once: under its one outcome, else as open with the reason."""
    counts: dict[str, int] = {}
    left: list[OpenConsignment] = []
    number = 0
    for row in rows:
        number += 1
        ends = [*row.outcomes, *([WAIVED] if row.waived else [])]
        gap = _gap(row, ends)
        if gap is None:
            counts[ends[0]] = counts.get(ends[0], 0) + 1
        else:
            left.append(OpenConsignment(row.consignment_id, row.bill, row.control, gap))
    return Reconciliation(number, dict(sorted(counts.items())), tuple(left))


def _gap(row: Selected, ends: Sequence[str]) -> Gap | None:
    if len(ends) == 1:
        return None
    if len(ends) > 1:
        return Gap.SEVERAL_OUTCOMES
    if row.released:
        return Gap.RELEASED_OPEN
    return Gap.NO_OUTCOME if row.ordered else Gap.NOT_ORDERED
