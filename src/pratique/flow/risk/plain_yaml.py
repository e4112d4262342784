"""YAML as far as a profile needs it: flat mappings of names to plain values, each with its line, and nothing else.

The text is read event by event, so that no alias can blow up, no nesting can overflow and no tag can make an object.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import yaml

LONGEST: Final = 200_000


@dataclass(frozen=True, slots=True)
class Value:
    """The text of one value, as written, under its name; ``line`` counts from 1."""

    name: str
    text: str
    line: int


class Faulty(ValueError):
    """The text is not a series of flat mappings; ``code`` says how not."""

    def __init__(self, code: str, line: int, **params: str | int) -> None:
        super().__init__(f"{code} in line {line}")
        self.code = code
        self.line = line
        self.params = params


def documents(text: str) -> Iterator[dict[str, Value]]:
    """The mapping of each document of ``text``. Raises :class:`Faulty` at the first thing that is not allowed."""
    if len(text) > LONGEST:
        raise Faulty("profiles.too_long", 1, found=len(text), most=LONGEST)
    events = _events(text)
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            yield _mapping(events)


def _events(text: str) -> Iterator[Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        yield from yaml.parse(text, Loader=loader)
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        raise Faulty("profiles.no_yaml", line, found=str(fault.problem)) from fault
    except UnicodeError as fault:
        raise Faulty("profiles.no_yaml", 1, found="a character that is no character") from fault
    except yaml.YAMLError as fault:
        raise Faulty("profiles.no_yaml", 1, found=str(fault).splitlines()[0][:120]) from fault


def _mapping(events: Iterator[Any]) -> dict[str, Value]:
    start = next(events)
    if not isinstance(start, yaml.MappingStartEvent):
        raise Faulty("profiles.not_a_mapping", start.start_mark.line + 1)
    found: dict[str, Value] = {}
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            break
        name = _scalar(event)
        if name in found:
            raise Faulty("profiles.name_twice", event.start_mark.line + 1, found=name)
        value = next(events)
        found[name] = Value(name, _scalar(value), value.start_mark.line + 1)
    return found


def _scalar(event: Any) -> str:
    if not isinstance(event, yaml.ScalarEvent) or event.tag is not None or event.anchor is not None:
        raise Faulty("profiles.not_plain", event.start_mark.line + 1)
    return str(event.value)
