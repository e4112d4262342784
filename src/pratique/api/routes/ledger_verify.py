"""The whole ledger, checked, and when that was last done."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, Field

from pratique.api.serving import By
from pratique.api.shown import Sha256
from pratique.api.slice import Slice
from pratique.node.handlers.ledger_verify import ShowLedgerBadge, ShowLedgerState, VerifyLedger

SLICE: Final = Slice("ledger_verify")


class CheckStep(BaseModel):
    """One step of checking, and how long it took."""

    name: str
    count: int
    took_ms: int


class FoundFault(BaseModel):
    """One thing that does not hold."""

    code: str = Field(examples=["ledger.entry_changed"])
    told: str


class LedgerVerdict(BaseModel):
    """What checking the whole ledger came to; `holds` says that nothing was changed, removed or slipped in."""

    holds: bool
    size: int
    root: Sha256
    pending: int
    erased: int
    steps: list[CheckStep]
    faults: list[FoundFault]
    fault_count: int


class LogState(BaseModel):
    """Where the log stands, and the last check of all of it."""

    size: int
    pending: int
    checkpoint_at: str | None
    checked_at: str | None
    checked_by: str | None
    verdict: LedgerVerdict | None


class LastChecked(BaseModel):
    """When all of the ledger was last checked, how many faults were found, and the first of them."""

    checked_at: str | None
    fault_count: int
    first_fault: FoundFault | None


@SLICE.read("/ledger", summary="Show where the log stands")
def show_ledger_state(by: By) -> LogState:
    """Nothing is hashed again."""
    return LogState.model_validate(by.ask(ShowLedgerState()), from_attributes=True)


@SLICE.read("/ledger/checked", summary="Show when the ledger was last checked")
def show_ledger_badge(by: By) -> LastChecked:
    """In short, for whoever watches many nodes."""
    found = by.ask(ShowLedgerBadge())
    first = found.first_fault
    told = FoundFault(code=first.code, told=first.told) if first else None
    return LastChecked(checked_at=found.checked_at, fault_count=found.fault_count, first_fault=told)


@SLICE.write("/ledger/verify", missing=True, summary="Check the whole ledger")
def verify_ledger(by: By) -> LedgerVerdict:
    """Hashes every entry and branch again; what does not hold is part of the answer."""
    return LedgerVerdict.model_validate(by.execute(VerifyLedger()), from_attributes=True)
