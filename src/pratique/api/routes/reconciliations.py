"""Reports of compared logs: with each partner, as of the newest, and one with every message of its period."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Path
from pydantic import BaseModel, Field

from pratique.api.serving import By
from pratique.api.shown import Moment
from pratique.api.slice import Slice
from pratique.node.handlers.reconciliations import ListReconciliations, ShowReconciliation

SLICE: Final = Slice("reconciliations")

Counts = Annotated[dict[str, int], Field(description="Messages by finding: proved, agreed, denied, claimed …")]
Entry = Annotated[int, Path(ge=1, le=2**53, description="Number of the report's journal entry.")]


class LastCompared(BaseModel):
    """A partner, and what the newest comparison of logs found."""

    partner: str
    report: int | None = Field(description="Number of the newest report; null where none was made.")
    at: Moment | None
    log: str | None = Field(
        description="What became of the partner's checkpoint: first, consistent, none, or a breach."
    )
    counts: Counts
    due: bool = Field(description="Messages went, and no comparison was made for a month.")


class MessageCompared(BaseModel):
    """One message of a report."""

    message: str
    finding: str
    own_at: Moment | None
    their_at: Moment | None


class Report(BaseModel):
    """A report with every message of its period."""

    partner: str
    since: Moment
    until: Moment
    at: Moment
    log: str
    tree_size: int = Field(description="Entries of the partner's log as its checkpoint says; 0 where none was shown.")
    witnesses: list[str] = Field(description="Administrations that cosigned the checkpoint.")
    counts: Counts
    messages: list[MessageCompared]


@SLICE.read("/reconciliations", summary="List compared logs")
def list_reconciliations(by: By) -> list[LastCompared]:
    """By partner, and with whom it is due."""
    return [
        LastCompared(
            partner=each.partner,
            report=each.newest.seq if each.newest else None,
            at=each.newest.at if each.newest else None,
            log=each.newest.log if each.newest else None,
            counts=each.counts,
            due=each.due,
        )
        for each in by.ask(ListReconciliations())
    ]


@SLICE.read("/reconciliations/{entry}", missing=True, summary="Show compared logs")
def show_reconciliation(by: By, entry: Entry) -> Report:
    """Each message: agreed with proof, agreed, denied, claimed, or different."""
    found = by.ask(ShowReconciliation(entry))
    report = found.report
    return Report(
        partner=report.partner_id,
        since=report.since,
        until=report.until,
        at=report.at,
        log=report.log,
        tree_size=report.tree_size,
        witnesses=list(found.witnesses),
        counts=found.counts,
        messages=[MessageCompared.model_validate(each, from_attributes=True) for each in found.lines],
    )
