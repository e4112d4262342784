"""When a rule should leave: the grounds on which it is proposed to a person, who decides.

In: scorecards and what is known of the life of each rule. Out: grounds, each a code with its figures. Nothing here
takes a rule out of force. A rule that is a must (a prohibition, a sanction) is no wager on finding something: neither
silence nor few finds speak against it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from pratique.flow.controls.scorecard import Overlap, Scorecard

LEAST_FIRES: Final = 20  # before it can be said that another rule says the same
ALIKE_PERMILLE: Final = 800  # of what the other fires on: what is far narrower says something of its own


class Ground(StrEnum):
    """Why a rule is proposed to be taken out of force."""

    ENDED = "ended"
    FEW_FINDS = "few_finds"
    SILENT = "silent"
    OVERLAPPED = "overlapped"
    REVIEW_DUE = "review_due"


@dataclass(frozen=True, slots=True)
class Bounds:
    """From where on a rule is proposed.

    ``floor_permille``: the least share of finds; a rule is proposed where the whole interval lies below it.
    ``silent_days``: days without firing; ``overlap_permille``: the share of its firings that one other rule has too;
    ``review_days``: days after which somebody must have looked at it.
    """

    floor_permille: int
    silent_days: int
    overlap_permille: int
    review_days: int


@dataclass(frozen=True, slots=True)
class Life:
    """What is known of a rule besides its scorecard; days in UTC.

    ``looked_at`` is the last day on which a person put it in force or said that it stays; ``ends`` its last day.
    """

    profile: str
    in_force_since: date
    looked_at: date
    ends: date | None
    mandatory: bool


@dataclass(frozen=True, slots=True)
class Proposed:
    """One ground with the figures of its sentence."""

    ground: Ground
    params: Mapping[str, int | str]


def has_ended(ends: date | None, day: date) -> bool:
    """Whether the last day on which the rule counts is over."""
    return ends is not None and ends < day


def grounds(
    lives: Sequence[Life], cards: Mapping[str, Scorecard], *, bounds: Bounds, day: date
) -> dict[str, tuple[Proposed, ...]]:
    """The grounds against each rule on a day; a rule without any is not named."""
    since = {life.profile: life.in_force_since for life in lives}
    found = {life.profile: _of_one(life, cards[life.profile], bounds, day, since) for life in lives}
    return {profile: told for profile, told in found.items() if told}


def _of_one(life: Life, card: Scorecard, bounds: Bounds, day: date, since: Mapping[str, date]) -> tuple[Proposed, ...]:
    if has_ended(life.ends, day):
        return (Proposed(Ground.ENDED, {"day": str(life.ends)}),)
    found = []
    if not life.mandatory:
        found += [_few_finds(card, bounds), _silent(life, card, bounds, day)]
    found += [_overlapped(card, bounds, since), _review_due(life, bounds, day)]
    return tuple(each for each in found if each is not None)


def _few_finds(card: Scorecard, bounds: Bounds) -> Proposed | None:
    high = card.finds.high_permille
    if high is None or high >= bounds.floor_permille:
        return None
    told = {"controlled": card.finds.controlled, "found": card.finds.found, "high_permille": high}
    return Proposed(Ground.FEW_FINDS, {**told, "floor_permille": bounds.floor_permille})


def _silent(life: Life, card: Scorecard, bounds: Bounds, day: date) -> Proposed | None:
    """A rule is not silent before it had the time to speak, nor where nothing came in at all."""
    heard = max(card.last_fired or life.in_force_since, life.in_force_since)
    if not card.consignments or day - heard <= timedelta(days=bounds.silent_days):
        return None
    return Proposed(Ground.SILENT, {"days": (day - heard).days, "consignments": card.consignments})


def _overlapped(card: Scorecard, bounds: Bounds, since: Mapping[str, date]) -> Proposed | None:
    """Of two rules that say the same, the narrower goes; of two equal ones the younger.

    A rule that fires on much more, or on everything, takes the place of none.
    """
    if card.fires < LEAST_FIRES:
        return None
    for other in card.overlaps:
        alike = other.permille >= bounds.overlap_permille and other.both * 1000 >= ALIKE_PERMILLE * other.fires
        if alike and other.profile in since and _stays(other, card, since):
            return Proposed(Ground.OVERLAPPED, {"other": other.profile, "permille": other.permille})
    return None


def _stays(other: Overlap, card: Scorecard, since: Mapping[str, date]) -> bool:
    if other.fires != card.fires:
        return other.fires > card.fires
    return (since[other.profile], other.profile) < (since[card.profile], card.profile)


def _review_due(life: Life, bounds: Bounds, day: date) -> Proposed | None:
    days = (day - life.looked_at).days
    return Proposed(Ground.REVIEW_DUE, {"days": days}) if days > bounds.review_days else None
