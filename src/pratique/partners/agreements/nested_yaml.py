"""YAML as far as an instrument needs it: names, lists and plain values, each with its line, and nothing else.

The text is read event by event within bounds, so that no alias can blow up, no nesting can overflow and no tag can
make an object.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import yaml

from pratique.partners.agreements.errors import AgreementError

LONGEST: Final = 200_000  # characters
DEEPEST: Final = 10
MOST_NODES: Final = 20_000


@dataclass(frozen=True, slots=True)
class Plain:
    """The text of a value as written; ``line`` counts from 1."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Listed:
    """Values one after the other."""

    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Named:
    """Values under names, no name twice."""

    items: dict[str, Node]
    line: int


Node: TypeAlias = Plain | Listed | Named


def read(text: str) -> Node:
    """The one document of ``text``. Raises :class:`AgreementError` at the first thing that is not allowed."""
    if len(text) > LONGEST:
        raise AgreementError("agreements.too_long", 1, found=len(text), most=LONGEST)
    events = _events(text)
    event = next(events, None)
    if event is None:
        raise AgreementError("agreements.empty", 1)
    made = _node(event, events, 1)
    for rest in events:
        raise AgreementError("agreements.not_one", _line(rest))
    return made


def _events(text: str) -> Iterator[Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    kept = (yaml.ScalarEvent, yaml.CollectionStartEvent, yaml.CollectionEndEvent, yaml.AliasEvent)
    counted = 0
    try:
        for event in yaml.parse(text, Loader=loader):
            if not isinstance(event, kept):
                continue
            counted += 1
            if counted > MOST_NODES:
                raise AgreementError("agreements.too_many", _line(event), most=MOST_NODES)
            yield event
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        raise AgreementError("agreements.no_yaml", line, found=str(fault.problem)) from fault
    except (yaml.YAMLError, UnicodeError) as fault:
        raise AgreementError("agreements.no_yaml", 1, found=str(fault).splitlines()[0][:120]) from fault


def _node(event: Any, events: Iterator[Any], depth: int) -> Node:
    line = _line(event)
    if isinstance(event, yaml.AliasEvent) or event.anchor is not None or event.tag is not None:
        raise AgreementError("agreements.not_plain", line)
    if isinstance(event, yaml.ScalarEvent):
        return Plain(str(event.value), line)
    if depth > DEEPEST:
        raise AgreementError("agreements.too_deep", line, most=DEEPEST)
    if isinstance(event, yaml.SequenceStartEvent):
        return Listed(tuple(_node(each, events, depth + 1) for each in _until_end(events)), line)
    found: dict[str, Node] = {}
    for each in _until_end(events):
        if not isinstance(each, yaml.ScalarEvent):
            raise AgreementError("agreements.not_plain", _line(each))
        name = str(each.value)
        if name in found:
            raise AgreementError("agreements.name_twice", _line(each), found=name[:80])
        found[name] = _node(next(events), events, depth + 1)
    return Named(found, line)


def _until_end(events: Iterator[Any]) -> Iterator[Any]:
    for event in events:
        if isinstance(event, yaml.CollectionEndEvent):
            return
        yield event


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
