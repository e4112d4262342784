"""Data categories: what kind of information a field of an exchanged message holds, and which kinds are about persons.

Agreements permit by category, so the list is closed and short: a field has exactly one. The words are of this product,
ordered from what every instrument permits to what hardly any does. ``personal`` means that a value of the category is
about an identified or identifiable natural person whatever the message (Regulation (EU) 2016/679, Article 4(1); Council
of Europe Convention 108+, Article 2(a)); a field of another category can be about a person too, and says so itself.
"""

from __future__ import annotations

from enum import Enum
from typing import Final


class DataCategory(Enum):
    """A category with the code that stands in messages and agreements, and whether it is always about a person."""

    PROCEDURE = ("procedure", False)
    """The message's own business: references, dates, what is asked for, how it goes on."""
    CARGO = ("cargo", False)
    """Goods, packages, masses, commodity codes, marks, containers and seals."""
    TRANSPORT = ("transport", False)
    """Ship, voyage, vehicle, route, places and times."""
    DECLARATION = ("declaration", False)
    """What was lodged with customs, with its number and office."""
    DOCUMENT = ("document", False)
    """Commercial and transport documents as filed: invoice, packing list, bill of lading, certificate of origin."""
    VALUE = ("value", False)
    """Customs value, price, freight, duty."""
    COMPANY = ("company", False)
    """Legal persons: name, number, address, role in the trade."""
    FINDING = ("finding", False)
    """What a control found: outcome, kind, quantity, method of concealment, photographs of goods."""
    RISK = ("risk", False)
    """Why something was selected: indicators, points, profiles."""
    INTELLIGENCE = ("intelligence", False)
    """Evaluated information: who is thought to do what, with its grade."""
    METHOD = ("method", False)
    """How an administration works: sources, techniques, what its controls miss."""
    FINANCIAL = ("financial", False)
    """Accounts, payments, assets."""
    PERSON_IDENTITY = ("person_identity", True)
    """Who a person is: names, birth, nationality, sex, role."""
    PERSON_CONTACT = ("person_contact", True)
    """Where a person is reached: address, telephone, electronic address."""
    IDENTITY_DOCUMENT = ("identity_document", True)
    """Passport, identity card, seaman's book, licence: kind, number, issuer."""
    TRAVEL = ("travel", True)
    """Journeys of a person: bookings, crossings, company."""
    OFFENCE = ("offence", True)
    """Suspicion, charge or conviction of a person (special rules: Article 10 of the Regulation)."""
    BIOMETRIC = ("biometric", True)
    """Face, fingerprint or other measure of a body (special rules: Article 9 of the Regulation)."""

    def __init__(self, code: str, personal: bool) -> None:
        self.code = code
        self.personal = personal


CATEGORY_CODES: Final = tuple(category.code for category in DataCategory)
_BY_CODE: Final = {category.code: category for category in DataCategory}


def data_category(code: str) -> DataCategory:
    """The category of that code. Raises ``ValueError`` for a code that is none."""
    found = _BY_CODE.get(code)
    if found is None:
        raise ValueError(code)
    return found
