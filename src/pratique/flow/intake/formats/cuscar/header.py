"""The head of the message: what is reported, by whom, on which means of transport, and the declared totals."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pratique.flow.intake.formats.cuscar.rows import Means, several
from pratique.flow.intake.formats.cuscar.said import first_of, part
from pratique.flow.intake.formats.cuscar.state import State

STAGES: Final[Mapping[str, str]] = MappingProxyType(
    {  # data element 8051
        "10": "pre-carriage",
        "11": "border",
        "12": "departure",
        "13": "arrival",
        "20": "border",  # main carriage: the means of transport the cargo report is about
        "30": "on-carriage",
    }
)
MEANS_SCHEMES: Final[Mapping[str, str]] = MappingProxyType({"146": "IMO", "103": "call sign"})
DEPARTURES: Final = ("5", "125", "9")  # data element 3227, the most exact first
ARRIVALS: Final = ("60", "11", "61")
CALLS: Final = frozenset(("5", "9", "11", "60", "61", "92", "94", "125"))
OFFICES: Final = ("22", "41", "42", "44")
TOTALS: Final[Mapping[str, str]] = MappingProxyType(
    {  # data element 6069
        "5": "goods_item_count",
        "51": "goods_item_count",
        "8": "package_count",
        "11": "package_count",
        "10": "consignment_count",
        "16": "equipment_count",
    }
)


def bgm(state: State, text: str, segment: int) -> None:
    """Beginning of message: the sender's number and what the message does (1225)."""
    header, elements = state.header, text.split("+")
    state.has_beginning = True
    if len(elements) > 2:
        header.functional_reference_id = first_of(elements[2]) or None
    if len(elements) > 3:
        header.function_code = first_of(elements[3]) or None


def header_dtm(state: State, text: str, segment: int) -> None:
    """Date and time: of the document (137), of arrival (132, 178), of departure (133, 186, 136)."""
    components = text.split("+", 2)[1].split(":")
    qualifier, time, format_code = components[0], part(components, 1), part(components, 2)
    if time is None or qualifier not in {"137", "132", "178", "133", "136", "186"}:
        return
    value = state.time(time, format_code or "", segment)
    if qualifier == "137":
        state.header.issue_datetime = value
        return
    name = "arrival_datetime" if qualifier in {"132", "178"} else "departure_datetime"
    if state.means is None:
        state.times.setdefault(name, value)
    else:
        setattr(state.means, name, value)


def header_loc(state: State, qualifier: str, place: str) -> None:
    """Place: customs office, or a call of the means of transport."""
    means = state.means
    if means is not None and qualifier not in OFFICES:
        _call(means, qualifier, place)
    else:
        state.places.setdefault(qualifier, place)


def header_rff(state: State, qualifier: str, value: str) -> None:
    """Reference: registration number of the manifest (ABT, ABO), or the message that this one follows (ACW, AAE)."""
    if state.box is not None:
        return
    if qualifier == "ABT" or (qualifier == "ABO" and state.header.registration_id is None):
        state.header.registration_id = value
    elif qualifier in {"ACW", "AAE"}:
        state.header.replaces_id = value


def header_cnt(state: State, components: list[str], segment: int) -> None:
    """Declared totals of the message, by data element 6069; a mass (7) needs its unit."""
    qualifier, text, unit = components[0], part(components, 1) or "", part(components, 2) or ""
    if qualifier in {"7", "32"}:
        state.totals.gross_mass_g = state.mass(text, unit, segment)
    elif qualifier in TOTALS:
        setattr(state.totals, TOTALS[qualifier], state.count(text, segment))
    else:
        state.note("cuscar.total_not_mapped", segment, severity="note", qualifier=qualifier, text=text)


def header_tdt(state: State, text: str, segment: int) -> None:
    """Details of transport: stage, voyage, mode, carrier and the means itself."""
    state.leave_group()
    means = _means(state, segment)
    padded = text.split("+") + [""] * 7
    means.stage = STAGES.get(padded[1], padded[1] or None)
    means.journey_id = padded[2] or None
    means.mode_code = first_of(padded[3]).lstrip("0") or None
    carrier = padded[5].split(":")
    means.operator_id, means.operator_name = part(carrier, 0), part(carrier, 3)
    _identify(means, padded[8].split(":"))
    if means.identification is None and means.operator_name is not None:
        means.name = means.identification = means.operator_name
        means.identification_scheme, means.operator_name = "name", None
        state.note("cuscar.vessel_name_as_carrier", segment, name=means.name)


def finish_header(state: State) -> None:
    """What was said of places and times before any carriage belongs to the main one."""
    places = state.places
    state.header.declaration_office_id = next((places[code] for code in OFFICES if code in places), None)
    calls = {code: place for code, place in places.items() if code in CALLS}
    if not calls and not state.times:
        return
    own = state.tables.means[state.tables.starts[-1].means :]
    main = next((means for means in own if means.stage == "border"), None) or (own[0] if own else _means(state, 1))
    for qualifier, place in calls.items():
        _call(main, qualifier, place)
    for name, value in state.times.items():
        if getattr(main, name) is None:
            setattr(main, name, value)


def _means(state: State, segment: int) -> Means:
    means = Means()
    means.segment = segment
    state.tables.means.append(means)
    state.means = means
    return means


def _identify(means: Means, components: list[str]) -> None:
    identification, name = part(components, 0), part(components, 3)
    scheme = part(components, 1)
    means.name = name
    means.nationality_country = part(components, 4)
    if identification is not None:
        means.identification = identification
        means.identification_scheme = "IMO" if part(components, 2) == "11" else MEANS_SCHEMES.get(scheme or "", scheme)
    elif name is not None:
        means.identification, means.identification_scheme = name, "name"


def _call(means: Means, qualifier: str, place: str) -> None:
    if qualifier in DEPARTURES and means.departure_location is None:
        means.departure_location = place
    if qualifier in ARRIVALS and means.arrival_location is None:
        means.arrival_location = place
    if qualifier in CALLS:
        means.calls = several(means.calls, place)
