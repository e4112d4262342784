"""What speaks for or against a hit beside the name: birth date, country, address, a conflicting number.

Each piece of evidence is a reason with ``points``, thousandths added to the score of the name. What is not known on
either side says nothing. A birth date or an address that agrees lifts a hit; a country is shared by too many to do so.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from pratique.flow.screening.identifiers import CONFLICTING
from pratique.flow.screening.match import addresses_alike
from pratique.flow.screening.reasons import Reason

BIRTH_DATE_AGREES: Final = 100
BIRTH_YEAR_AGREES: Final = 30
ADDRESS_AGREES: Final = 50
COUNTRY_DIFFERS: Final = -20
BIRTH_DATE_DIFFERS: Final = -200
IDENTIFIER_DIFFERS: Final = -300
WEAK_ALIAS_ALONE: Final = -500
"""A spelling that the list itself calls weak is no hit by itself."""

SAME_ADDRESS: Final = 850
MOST_ADDRESSES: Final = 20


_DAY: Final = "YYYY-MM-DD"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one side."""

    countries: Collection[str] = ()
    addresses: Sequence[str] = ()
    birth_dates: Sequence[str] = ()
    identifiers: Collection[str] = ()


def evidence(declared: Known, listed: Known, name_quality: str) -> list[Reason]:
    """The reasons beside the name."""
    told = [
        *_country(declared, listed),
        *_address(declared, listed),
        *_birth_date(declared, listed),
        *_conflicts(declared, listed),
    ]
    if name_quality == "weak" and not any(reason.code.endswith("_agrees") for reason in told):
        told.append(Reason("screening.weak_alias_alone", {"points": WEAK_ALIAS_ALONE}))
    return told


def most_lift(*, birth_date: bool, address: bool) -> int:
    """The most thousandths by which evidence can lift a name of which these are declared."""
    return BIRTH_DATE_AGREES * birth_date + ADDRESS_AGREES * address


def _country(declared: Known, listed: Known) -> list[Reason]:
    if not declared.countries or not listed.countries:
        return []
    shared = sorted(set(declared.countries) & set(listed.countries))
    if shared:
        return [Reason("screening.country_agrees", {"country": ", ".join(shared), "points": 0})]
    params: dict[str, str | int] = {
        "declared": ", ".join(sorted(declared.countries)),
        "listed": ", ".join(sorted(listed.countries)),
        "points": COUNTRY_DIFFERS,
    }
    return [Reason("screening.country_differs", params)]


def _address(declared: Known, listed: Known) -> list[Reason]:
    """A listed address that reads like the declared one; another address says nothing, for firms have several."""
    for own in declared.addresses:
        for other in listed.addresses[:MOST_ADDRESSES]:
            if addresses_alike(own, other) >= SAME_ADDRESS:
                return [Reason("screening.address_agrees", {"listed": other, "points": ADDRESS_AGREES})]
    return []


def _birth_date(declared: Known, listed: Known) -> list[Reason]:
    """Dates agree as far as the shorter one goes: 1970 agrees with 1970-05-01."""
    if not declared.birth_dates or not listed.birth_dates:
        return []
    agreeing = [
        min(own, other, key=len)
        for own in declared.birth_dates
        for other in listed.birth_dates
        if own.startswith(other) or other.startswith(own)
    ]
    if agreeing:
        date = max(agreeing, key=len)
        points = BIRTH_DATE_AGREES if len(date) == len(_DAY) else BIRTH_YEAR_AGREES
        return [Reason("screening.birth_date_agrees", {"birth_date": date, "points": points})]
    params: dict[str, str | int] = {"listed": ", ".join(listed.birth_dates), "points": BIRTH_DATE_DIFFERS}
    return [Reason("screening.birth_date_differs", params)]


def _conflicts(declared: Known, listed: Known) -> list[Reason]:
    told = []
    for family in sorted(CONFLICTING):
        own = {key for key in declared.identifiers if key.startswith(f"{family}:")}
        other = {key for key in listed.identifiers if key.startswith(f"{family}:")}
        if own and other and not own & other:
            params: dict[str, str | int] = {
                "declared": ", ".join(sorted(own)),
                "listed": ", ".join(sorted(other)),
                "points": IDENTIFIER_DIFFERS,
            }
            told.append(Reason("screening.identifier_differs", params))
    return told
