"""Parties of the message or of a bill: coded, structured or as unstructured lines, with how to reach them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pratique.flow.intake.formats.cuscar.rows import Party
from pratique.flow.intake.formats.cuscar.state import State, append, joined, part

ROLES: Final[Mapping[str, str]] = MappingProxyType({"N1": "NI"})
AGENCIES: Final[Mapping[str, str]] = MappingProxyType({"9": "GLN", "16": "DUNS", "182": "SCAC"})  # 3055


def nad(state: State, elements: list[str], segment: int) -> None:
    """Name and address: role (3035), identification, name, address."""
    state.leave_group()
    party = Party()
    party.origin, party.segment = state.origin, segment
    if state.bill is not None:
        party.consignment = state.bill.consignment
    size = len(elements)
    role = elements[1] if size > 1 else ""
    party.role_code = ROLES.get(role, role) or None
    if size > 2 and elements[2]:
        _identify(party, elements[2].split(":"))
    lines = elements[3].split(":") if size > 3 and elements[3] else []
    if size > 4 and elements[4]:
        name = elements[4]
        party.name = joined(name.split(":")[:5]) if ":" in name else name.strip() or None
    elif lines:
        party.name = lines.pop(0).strip() or None
    if size > 5 and elements[5]:
        lines += elements[5].split(":")
    if lines:
        party.address_line = joined(lines, ", ") if len(lines) > 1 else lines[0].strip() or None
    if size > 6:
        _locate(party, elements)
    state.tables.parties.append(party)
    state.party = party


def com(state: State, elements: list[str], segment: int) -> None:
    """Communication numbers of the open party, as ``TE:8005551212``."""
    party = state.party
    if party is None:
        return
    for element in elements[1:]:
        number, _, channel = element.partition(":")
        if number:
            party.communication = append(party.communication, f"{channel.partition(':')[0]}:{number}")


def _identify(party: Party, components: list[str]) -> None:
    party.party_id = components[0] or None
    agency = part(components, 2)
    if party.party_id is not None:
        party.party_id_scheme = AGENCIES.get(agency or "", part(components, 1) or agency)


def _locate(party: Party, elements: list[str]) -> None:
    size = len(elements)
    if elements[6]:
        party.city = elements[6].strip() or None
    if size > 7 and elements[7]:
        components = elements[7].split(":")
        party.subdivision = part(components, 0) or part(components, 3)
    if size > 8:
        party.postcode = elements[8] or None
    if size > 9:
        party.country = elements[9] or None
