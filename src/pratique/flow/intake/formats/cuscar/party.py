"""Parties of the message or of a bill: coded, structured or as unstructured lines, with how to reach them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pratique.flow.intake.formats.cuscar.state import State, append, joined, part

ROLES: Final[Mapping[str, str]] = MappingProxyType({"N1": "NI"})
AGENCIES: Final[Mapping[str, str]] = MappingProxyType({"9": "GLN", "16": "DUNS", "182": "SCAC"})  # 3055


def nad(state: State, elements: list[str], segment: int) -> None:
    """Name and address: role (3035), identification, name, address; in the order of ``PARTY_COLUMNS``."""
    state.leave_group()
    size = len(elements)
    role = elements[1] if size > 1 else ""
    identity = _identity(elements[2].split(":")) if size > 2 and elements[2] else (None, None)
    lines = elements[3].split(":") if size > 3 and elements[3] else []
    name = elements[4] if size > 4 else ""
    if name:
        called = joined(name.split(":")[:5]) if ":" in name else name.strip() or None
    else:
        called = lines.pop(0).strip() or None if lines else None
    if size > 5 and elements[5]:
        lines += elements[5].split(":")
    state.party = [
        state.origin,
        segment,
        None if state.bill is None else state.bill.consignment,
        ROLES.get(role, role) or None,
        *identity,
        called,
        (joined(lines, ", ") if len(lines) > 1 else lines[0].strip() or None) if lines else None,
        (elements[6].strip() or None) if size > 6 else None,
        _subdivision(elements[7]) if size > 7 and elements[7] else None,
        (elements[8] or None) if size > 8 else None,
        (elements[9] or None) if size > 9 else None,
        None,
    ]
    state.tables.parties.append(state.party)


def com(state: State, elements: list[str], segment: int) -> None:
    """Communication numbers of the open party, as ``TE:8005551212``."""
    party = state.party
    if party is None:
        return
    for element in elements[1:]:
        number, _, channel = element.partition(":")
        if number:
            party[-1] = append(party[-1], f"{channel.partition(':')[0]}:{number}")


def _identity(components: list[str]) -> tuple[str | None, str | None]:
    """The identification, and the scheme it is of: by the agency (3055) where it is known, else the code list."""
    agency = part(components, 2)
    if not components[0]:
        return None, None
    return components[0], AGENCIES.get(agency or "", part(components, 1) or agency)


def _subdivision(element: str) -> str | None:
    components = element.split(":")
    return part(components, 0) or part(components, 3)
