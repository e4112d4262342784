"""The whole ledger, checked, and when that was last done."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, Field

from pratique.api.serving import By
from pratique.api.shown import Sha256
from pratique.api.slice import Slice
from pratique.node.handlers.ledger_verify import ShowLedgerState, VerifyLedger

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


@SLICE.read("/ledger", summary="Show where the log stands")
def show_ledger_state(by: By) -> LogState:
    """Nothing is hashed again."""
    return LogState.model_validate(by.ask(ShowLedgerState()), from_attributes=True)


@SLICE.write("/ledger/verify", summary="Check the whole ledger")
def verify_ledger(by: By) -> LedgerVerdict:
    """Hashes every entry and branch again; what does not hold is part of the answer."""
    return LedgerVerdict.model_validate(by.execute(VerifyLedger()), from_attributes=True)
