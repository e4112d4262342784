"""What tests of the gate share: the sides, the model agreement between them, and facts that it permits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from pratique.partners.agreements import Facts, Gate, Party, Request, gate_of, shipped_instruments, shipped_law

DAY = date(2026, 10, 5)
SINCE = date(2019, 3, 1)
BOTH = (Party("xa", since=SINCE), Party("xb", since=SINCE))
ALERT = Facts(
    at=DAY,
    sender="xa-customs",
    sender_state="xa",
    recipient="xb-customs",
    recipient_state="xb",
    categories=frozenset({"cargo", "company"}),
)
ASKED = Request(
    id="2026-114",
    by="xb-customs",
    under="customs-bilateral",
    purpose="verification",
    categories=frozenset({"cargo", "company", "person_identity"}),
    valid_from=date(2026, 9, 1),
    valid_to=date(2026, 12, 31),
)


@cache
def gate(instrument_id: str = "customs-bilateral", parties: tuple[Party, ...] = BOTH) -> Gate:
    """The gate of a shipped instrument between xa and xb."""
    instrument = next(each for each in shipped_instruments() if each.id == instrument_id)
    return gate_of(instrument.between(parties), (shipped_law(),))


def alert(**changed: Any) -> Facts:
    """The alert that Article 8(1) of the model agreement permits, with what is different."""
    return replace(ALERT, **changed)


def answer(**changed: Any) -> Facts:
    """An answer to request 2026-114 that Article 9(3) permits, with what is different."""
    usual: dict[str, Any] = {"mode": "on_request", "purpose": "verification", "request": ASKED}
    return replace(ALERT, **{**usual, "adequacy": "safeguards", **changed})
