"""What came is of the type that the document says: ``0`` is no date and no truth value, though it can be made one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter

FORMATS: Final = {
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "date-time": re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d.*"),
}
PYTHON: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}
Fault = tuple[tuple[str | int, ...], str]  # where it stands, and what was expected there


class Shape:
    """The types that an annotation asks for, as its JSON schema says them. What else it asks is not looked at here."""

    def __init__(self, annotation: Any) -> None:
        self._annotation = annotation

    def require(self, value: Any, *at: str) -> None:
        """Raises ``RequestValidationError`` that names every place (behind ``at``) where another type stands."""
        _refuse(at, faults(value, self._schema, self._schema.get("$defs", {})))

    def require_written(self, text: str, *at: str) -> None:
        """The same of a parameter, which is always text: a moment or a day is written as one."""
        ways = self._schema.get("anyOf", [self._schema])
        if any(way.get("format") in FORMATS for way in ways):
            _refuse(at, faults(text, self._schema, {}))

    @cached_property
    def _schema(self) -> dict[str, Any]:
        return TypeAdapter(self._annotation).json_schema()


def _refuse(at: tuple[str, ...], found: Iterator[Fault]) -> None:
    told = [{"type": "json_type", "loc": (*at, *place), "msg": expected} for place, expected in found]
    if told:
        raise RequestValidationError(told)


def faults(value: Any, schema: Mapping[str, Any], named: Mapping[str, Any]) -> Iterator[Fault]:
    """Where a value has not the type of its schema; ``named`` are the schemas that are referred to."""
    if "$ref" in schema:
        yield from faults(value, named[schema["$ref"].rsplit("/", 1)[-1]], named)
        return
    for ways in (schema.get("anyOf"), schema.get("oneOf")):
        tried = [list(faults(value, way, named)) for way in ways or ()]
        if tried and all(tried):
            yield min(tried, key=lambda found: -max(len(place) for place, _ in found))[0]
    told = _expected(value, schema)
    if told:
        yield (), told
    elif isinstance(value, dict):
        rest = schema.get("additionalProperties")
        for name, each in value.items():
            below = schema.get("properties", {}).get(name, rest)
            yield from _under(name, each, below, named)
    elif isinstance(value, list):
        first = schema.get("prefixItems", [])
        for number, each in enumerate(value):
            yield from _under(number, each, first[number] if number < len(first) else schema.get("items"), named)


def _under(name: str | int, value: Any, schema: Any, named: Mapping[str, Any]) -> Iterator[Fault]:
    if isinstance(schema, dict):
        yield from (((name, *place), told) for place, told in faults(value, schema, named))


def _expected(value: Any, schema: Mapping[str, Any]) -> str:
    """What the schema asks for where the value is something else; else nothing."""
    kind = str(schema.get("type", ""))
    if kind not in PYTHON:
        return ""
    if not _is_a(value, kind):
        return f"Input should be of the JSON type {kind}"
    form = schema.get("format", "") if isinstance(value, str) else ""
    return f"Input should be a {form} (RFC 3339)" if form in FORMATS and not FORMATS[form].fullmatch(value) else ""


def _is_a(value: Any, kind: str) -> bool:
    """As JSON Schema has it: true is no number, and 1.0 is a whole one."""
    if isinstance(value, bool):
        return kind == "boolean"
    if kind == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, PYTHON[kind])
