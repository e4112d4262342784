"""How large the share is that explores: it grows after nights with a sign of drift and shrinks back without one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

SIGNS: Final = ("model chance", "random")
"""What makes a night one with a sign: the chances that the model at work gives lie off those of its training, or the
finds among what was drawn at random have moved. That what is declared has moved is not enough: it does with every
season. Nor is a score that has moved, for it does with every rule and model that is put in force."""
RISEN: Final = "way "
"""Begins the name of a sign too: a known way that many more declarations show than usual."""
NIGHTS: Final = 90
_BACK: Final = 4  # a night without a sign takes off the fourth part of what is above the usual


def is_sign(alarm: str) -> bool:
    """Whether what raised an alarm makes the share that explores grow."""
    return alarm in SIGNS or alarm.startswith(RISEN)


def explored_permille(nights: Sequence[bool], *, usual: int, most: int) -> int:
    """The share of slots, in thousandths, after nights with (true) and without a sign, oldest first.

    It is half as much again after each night with a sign, never above ``most``, and never below ``usual``. Who set the
    usual share to nought explores nothing.
    """
    share = usual
    for signed in nights:
        share = -(-share * 3 // 2) if signed else share - -(-(share - usual) // _BACK)
        share = max(usual, min(share, most))
    return share
