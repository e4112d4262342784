"""Risk profiles as text and as values: what people write, what the house ships, what a run works with."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Final

from pratique.flow.risk import RiskProfile, parse_profile
from pratique.flow.risk.profiles import parse_profiles
from pratique.node.errors import refuse
from pratique.node.storage.profiles import StoredProfile
from pratique.vocabulary.errors import Category, PratiqueError
from pratique.vocabulary.findings import Finding

BETWEEN: Final = re.compile(r"^---[ \t]*$", re.MULTILINE)


@cache
def parsed(text: str, version: int = 1) -> RiskProfile:
    """The profile that ``text`` describes, under the version the node gave it. Raises ``REJECTED`` with the place."""
    return replace(parse_profile(text), version=version)


def kept_profile(kept: StoredProfile) -> RiskProfile:
    """The profile that the node keeps under that id and version, named in the error where it cannot be used.

    Raises ``BROKEN`` where the text is not the one that was kept, ``MISCONFIGURED`` where this program cannot read it.
    """
    if text_digest(kept.text) != kept.sha256:
        raise refuse("profiles.text_changed", Category.BROKEN, profile=kept.id, version=kept.version)
    try:
        return parsed(kept.text, kept.version)
    except PratiqueError as fault:
        params = {"profile": kept.id, "version": kept.version, "why": fault.happened}
        raise refuse("profiles.not_understood", Category.MISCONFIGURED, **params) from fault


@dataclass(frozen=True, slots=True)
class SetAside:
    """A profile in force that decides nothing in a run, because this program cannot read it; ``why`` in words."""

    kept: StoredProfile
    why: str


def sorted_out(active: Iterable[StoredProfile]) -> tuple[list[StoredProfile], list[SetAside]]:
    """The profiles that can be used, and those to set aside. Raises ``BROKEN`` where a text is not the one kept."""
    usable, aside = [], []
    for each in active:
        try:
            kept_profile(each)
        except PratiqueError as fault:
            if fault.category is not Category.MISCONFIGURED:
                raise
            aside.append(SetAside(each, fault.__cause__.happened if isinstance(fault.__cause__, PratiqueError) else ""))
        else:
            usable.append(each)
    return usable, aside


def set_aside_warnings(aside: Iterable[SetAside]) -> tuple[Finding, ...]:
    """An error for each profile that was set aside: what it looks for was not looked for."""
    return tuple(
        Finding(
            "profiles.set_aside",
            severity="error",
            params={"profile": each.kept.id, "version": each.kept.version, "why": each.why},
        )
        for each in aside
    )


def ended_warnings(active: Iterable[StoredProfile], at: datetime) -> tuple[Finding, ...]:
    """A warning for each profile that a person put in force and whose last day is over: it decides nothing any more."""
    ends = {each: kept_profile(each).valid_to for each in active}
    return tuple(
        Finding(
            "profiles.has_ended",
            severity="warning",
            params={"profile": each.id, "version": each.version, "day": str(last)},
        )
        for each, last in ends.items()
        if last is not None and last < at.date()
    )


def text_digest(text: str) -> str:
    """SHA-256 (hex) of a profile's text."""
    return hashlib.sha256(text.encode()).hexdigest()


def shipped_texts() -> Mapping[str, str]:
    """The text of every shipped profile by its id, ordered by id."""
    folder = files("pratique") / "data" / "indicators"
    whole = [entry.read_text(encoding="utf-8") for entry in folder.iterdir() if entry.name.endswith(".yaml")]
    texts = [part.strip() + "\n" for text in whole for part in BETWEEN.split(text)]
    by_id = {profile.id: text for text in texts for profile in parse_profiles(text)}
    return dict(sorted(by_id.items()))
