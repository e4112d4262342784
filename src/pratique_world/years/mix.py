"""The mix: how much of each mechanism, from when to when, and what changes on the way. A file in YAML or JSON.

``docs/port-world.md`` describes the file; ``mixes/`` has the shipped ones. Days are counted from 0, or given as a part
of the whole (``"45%"``), so that one mix fits worlds of any length.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np
import yaml
from numpy.typing import NDArray

MECHANISMS: Final = (
    "undervaluation", "misclassification", "false_origin", "wrong_preference", "splitting", "shell_importers",
    "prohibited_goods", "rip_on_rip_off", "dual_use", "sanctions_evasion",
)  # fmt: skip
SHIPPED: Final = ("default", "calm", "new-wave")
WAVE, ROUTES, TARIFF, IDENTITIES = "wave", "routes", "tariff", "identities"
_EVENTS: Final[Mapping[str, frozenset[str]]] = {
    WAVE: frozenset({"mechanism", "start", "end", "factor"}),
    ROUTES: frozenset({"mechanism", "start"}),
    TARIFF: frozenset({"start", "chapters", "factor"}),
    IDENTITIES: frozenset({"mechanism", "start"}),
}
_LONGEST: Final = 100_000
_MOST_EVENTS: Final = 200
Day = int | str


class MixError(ValueError):
    """A mix that cannot be used: where in the file, and what to write instead."""


@dataclass(frozen=True, slots=True)
class Part:
    """A mechanism's part of the wrongdoing (to scale), and from which day to which (not included) it happens."""

    share: float
    start: Day = 0
    end: Day = "100%"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that changes: a wave, new routes, another tariff, or rings that take new identities."""

    event: str
    start: Day
    end: Day = "100%"
    mechanism: str = ""
    chapters: tuple[str, ...] = ()
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Mix:
    """The mechanisms with their parts, and the events."""

    mechanisms: Mapping[str, Part]
    drift: tuple[Event, ...] = ()

    def shares(self) -> dict[str, float]:
        """Mechanism to its share of all wrongdoing; the shares sum to 1."""
        whole = sum(part.share for part in self.mechanisms.values())
        return {name: part.share / whole for name, part in self.mechanisms.items() if part.share > 0}

    def intensity(self, mechanism: str, days: int) -> NDArray[np.float64]:
        """How much a mechanism happens on each day, to scale: 0 outside its time, more in its waves."""
        part = self.mechanisms[mechanism]
        level = np.zeros(days)
        level[day_number(part.start, days) : day_number(part.end, days)] = 1.0
        for event in self.events(WAVE, mechanism):
            level[day_number(event.start, days) : day_number(event.end, days)] *= event.factor
        return level

    def events(self, kind: str, mechanism: str = "") -> list[Event]:
        """The events of a kind (and mechanism), the earliest named first."""
        return [event for event in self.drift if event.event == kind and event.mechanism == mechanism]

    def described(self) -> dict[str, Any]:
        """The mix as a file has it, ready for JSON."""
        return {
            "mechanisms": {
                name: {"share": part.share, "start": part.start, "end": part.end}
                for name, part in self.mechanisms.items()
            },
            "drift": [_described(event) for event in self.drift],
        }


def day_number(day: Day, days: int) -> int:
    """The day as a number from 0, no later than the last day but one of the world's end."""
    if isinstance(day, str):
        return round(float(day.rstrip("%")) / 100 * days)
    return min(day, days)


def shipped(name: str) -> Mix:
    """One of the mixes in :data:`SHIPPED`."""
    text = files("pratique_world.years.mixes").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    return parsed(yaml.safe_load(text))


def read_mix(path: Path) -> Mix:
    """The mix in a file. Raises :class:`MixError` for a file that is none, ``OSError`` for one that cannot be read."""
    try:
        return mix_of(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise MixError("the file is no text in UTF-8") from error


def mix_of(text: str) -> Mix:
    """The mix that a text in YAML or JSON describes. Raises :class:`MixError`."""
    if len(text) > _LONGEST:
        raise MixError(f"it is longer than {_LONGEST:,} characters; a mix is a page")
    if "&" in text and "*" in text:
        raise MixError("it repeats parts by reference (& and *); write them out")
    try:
        return parsed(yaml.safe_load(text))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        if isinstance(error, MixError):
            raise
        raise MixError(f"it is neither YAML nor JSON: {' '.join(str(error).split())[:200]}") from error


def parsed(document: object) -> Mix:
    """The mix that a document describes, each value checked. Raises :class:`MixError` with the place."""
    top = _mapping(document, "the file", {"mechanisms", "drift"})
    named = _mapping(top.get("mechanisms"), "mechanisms", set(MECHANISMS))
    parts = {name: _part(value, f"mechanisms.{name}") for name, value in named.items()}
    if not sum(part.share for part in parts.values()) > 0:
        raise MixError("mechanisms: at least one needs a share above 0")
    events = top.get("drift") or []
    if not isinstance(events, Sequence) or isinstance(events, str) or len(events) > _MOST_EVENTS:
        raise MixError(f"drift: must be a list of at most {_MOST_EVENTS} events")
    return Mix(
        {name: parts[name] for name in MECHANISMS if name in parts},
        tuple(_event(value, f"drift[{place}]", parts) for place, value in enumerate(events)),
    )


def _part(value: object, place: str) -> Part:
    fields = _mapping(value, place, {"share", "start", "end"})
    part = Part(
        share=_number(fields.get("share"), f"{place}.share", 0.0, 1e6),
        start=_day(fields.get("start", 0), f"{place}.start"),
        end=_day(fields.get("end", "100%"), f"{place}.end"),
    )
    _ordered(part.start, part.end, place)
    return part


def _event(value: object, place: str, parts: Mapping[str, Part]) -> Event:
    fields = _mapping(value, place, {"event", "mechanism", "start", "end", "chapters", "factor"})
    kind = str(fields.get("event"))
    if kind not in _EVENTS:
        raise MixError(f"{place}.event: must be one of {', '.join(_EVENTS)}, not {kind!r}")
    if surplus := set(fields) - _EVENTS[kind] - {"event"}:
        raise MixError(f"{place}: {min(surplus)} means nothing for {kind}; it takes {', '.join(sorted(_EVENTS[kind]))}")
    if missing := _EVENTS[kind] - set(fields) - {"end"}:
        raise MixError(f"{place}: {min(missing)} is missing")
    mechanism = str(fields.get("mechanism", ""))
    if "mechanism" in fields and mechanism not in parts:
        raise MixError(f"{place}.mechanism: must be one of those under mechanisms, not {mechanism!r}")
    if (only := {ROUTES: "rip_on_rip_off", IDENTITIES: "shell_importers"}.get(kind)) and mechanism != only:
        raise MixError(f"{place}.mechanism: {kind} can only be for {only}")
    event = Event(
        event=kind,
        start=_day(fields["start"], f"{place}.start"),
        end=_day(fields.get("end", "100%"), f"{place}.end"),
        mechanism=mechanism,
        chapters=_chapters(fields.get("chapters", []), f"{place}.chapters"),
        factor=_number(fields.get("factor", 1), f"{place}.factor", 0.0, 100.0),
    )
    _ordered(event.start, event.end, place)
    return event


def _mapping(value: object, place: str, known: set[str]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise MixError(f"{place}: must be fields with values, not {type(value).__name__}")
    for field in value:
        if field not in known:
            raise MixError(f"{place}: {field!r} is not known; it takes {', '.join(sorted(known))}")
    return value


def _number(value: object, place: str, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise MixError(f"{place}: must be a number from {low:g} to {high:g}, not {value!r}")
    return float(value)


def _day(value: object, place: str) -> Day:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    if isinstance(value, str) and value.endswith("%"):
        number = value[:-1].strip()
        if number.replace(".", "", 1).isascii() and number.replace(".", "", 1).isdigit() and float(number) <= 100:
            return f"{number}%"
    raise MixError(f"{place}: must be a day counted from 0, or a part of the time such as 45%, not {value!r}")


def _ordered(start: Day, end: Day, place: str) -> None:
    if type(start) is type(end) and day_number(start, 10**9) >= day_number(end, 10**9):
        raise MixError(f"{place}: ends on {end}, which is not after its start on {start}")


def _chapters(value: object, place: str) -> tuple[str, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise MixError(f'{place}: must be a list of HS chapters such as ["61", "62"]')
    for chapter in value:
        if not (isinstance(chapter, str) and len(chapter) == 2 and chapter.isascii() and chapter.isdigit()):
            raise MixError(f'{place}: must be HS chapters of two digits in quotes such as "61", not {chapter!r}')
    return tuple(value)


def _described(event: Event) -> dict[str, Any]:
    known: dict[str, Any] = {"event": event.event, "mechanism": event.mechanism, "start": event.start, "end": event.end}
    known |= {"chapters": list(event.chapters), "factor": event.factor}
    return {name: known[name] for name in known if name == "event" or name in _EVENTS[event.event]}
