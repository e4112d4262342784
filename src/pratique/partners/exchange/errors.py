"""The faults of the exchange; each check that fails has a code of its own (``data/sentences/en/exchange.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pratique.vocabulary.errors import Category, PratiqueError
from pratique.vocabulary.sentences import known_codes, sentence

ALARMS: Final = frozenset(
    {
        "exchange.attachment_broken",
        "exchange.conflict",
        "exchange.fork",
        "exchange.chain_broken",
        "exchange.descriptor_fork",
        "exchange.disagrees",
        "exchange.key_revoked",
        "exchange.receipt_of_other",
        "exchange.revocation_older",
        "exchange.seal_broken",
        "exchange.signature_broken",
    }
)
"""Faults that no honest partner and no bad line produces: somebody has to look."""


def refuse(code: str, category: Category = Category.REJECTED, /, **params: object) -> PratiqueError:
    """The error of that code: what happened, what was kept and what to do, with ``params`` filled in."""
    error = PratiqueError(
        code,
        _told(code, params),
        category=category,
        kept=_told(f"{code}.kept", params) or _told("exchange.kept", params),
        todo=_told(f"{code}.todo", params),
    )
    error.params = params
    return error


def _told(code: str, params: Mapping[str, object]) -> str:
    return sentence(code, params) if code in known_codes() else ""


def is_alarm(error: PratiqueError) -> bool:
    """The fault says that somebody cheats or that a key is in wrong hands, not that something was mistyped."""
    return error.code in ALARMS
