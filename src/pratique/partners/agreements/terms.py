"""The closed vocabulary of agreements: what a clause may ask about, and the words that may answer.

An agreement that needs a word that is not here does not load: a condition that nobody can check would be no condition.
Codes of handling and grades are those of their publishers: TLP 2.0 (FIRST), handling codes H0 to H3 (Europol),
grades A to F and 1 to 6 (:mod:`pratique.vocabulary.grades`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pratique.vocabulary.data_categories import CATEGORY_CODES
from pratique.vocabulary.grades import INFORMATION_GRADES, SOURCE_GRADES

UNGRADED: Final = "ungraded"
NO_OFFENCE: Final = "none"
TLP: Final = ("clear", "green", "amber", "amber_strict", "red")
"""TLP 2.0, the widest first."""
EUROPOL: Final = ("h0", "h1", "h2", "h3")
"""H0 for fighting crime, H1 not in court, H2 not passed on without permission, H3 other restrictions."""


class Purpose(StrEnum):
    """What the recipient is to use the information for."""

    VERIFICATION = "verification"  # of a declaration: truth and accuracy
    VALUATION = "valuation"
    ORIGIN = "origin"
    CLASSIFICATION = "classification"
    RISK_ANALYSIS = "risk_analysis"
    PREVENTION = "prevention"  # of customs offences
    INVESTIGATION = "investigation"
    PROSECUTION = "prosecution"
    ADMINISTRATIVE_PENALTY = "administrative_penalty"
    DUTY_RECOVERY = "duty_recovery"
    ASSET_RECOVERY = "asset_recovery"
    CONTROLLED_DELIVERY = "controlled_delivery"
    SUPPLY_CHAIN_SECURITY = "supply_chain_security"
    TRADER_PROGRAMME = "trader_programme"  # status of authorised traders
    PUBLIC_SAFETY = "public_safety"
    IMMIGRATION = "immigration"
    STATISTICS = "statistics"
    TRAINING = "training"


class Mode(StrEnum):
    """How the disclosure came about."""

    SPONTANEOUS = "spontaneous"
    ON_REQUEST = "on_request"
    AUTOMATIC = "automatic"  # agreed beforehand, as each case arises


class Authority(StrEnum):
    """What kind of authority gives or gets."""

    CUSTOMS = "customs"
    TAX = "tax"
    POLICE = "police"
    BORDER_GUARD = "border_guard"
    COAST_GUARD = "coast_guard"
    PORT_STATE = "port_state"
    PROSECUTION = "prosecution"
    COURT = "court"
    CENTRAL_AUTHORITY = "central_authority"  # for mutual legal assistance
    FINANCIAL_INTELLIGENCE = "financial_intelligence"
    MARKET_SURVEILLANCE = "market_surveillance"
    INTERNATIONAL_BODY = "international_body"


class Channel(StrEnum):
    """The way it takes."""

    CONTACT_POINT = "contact_point"  # notified or designated services, direct
    CENTRAL_AUTHORITY = "central_authority"
    DIPLOMATIC = "diplomatic"
    ORAL = "oral"


class Offence(StrEnum):
    """What kind of offence it is about, if any."""

    NONE = NO_OFFENCE
    CUSTOMS_FRAUD = "customs_fraud"
    SMUGGLING = "smuggling"
    DRUGS = "drugs"
    FIREARMS = "firearms"
    WILDLIFE = "wildlife"
    CULTURAL_GOODS = "cultural_goods"
    COUNTERFEITS = "counterfeits"
    DUAL_USE = "dual_use"
    WASTE = "waste"
    FISCAL = "fiscal"
    MONEY_LAUNDERING = "money_laundering"
    HUMAN_TRAFFICKING = "human_trafficking"
    ORGANISED_CRIME = "organised_crime"
    CORRUPTION = "corruption"
    TERRORISM = "terrorism"


class DualCriminality(StrEnum):
    """Whether the act is an offence on both sides."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


class Adequacy(StrEnum):
    """How personal data is protected where it goes."""

    ADEQUATE = "adequate"  # found so by whoever decides it here
    SAFEGUARDS = "safeguards"  # agreed with this partner in writing
    UNPROTECTED = "unprotected"
    UNKNOWN = "unknown"


class Objection(StrEnum):
    """What the sending side itself sees against the disclosure; an officer states it."""

    DOMESTIC_LAW = "domestic_law"
    SOVEREIGNTY = "sovereignty"
    SECURITY = "security"
    PUBLIC_ORDER = "public_order"
    ESSENTIAL_INTEREST = "essential_interest"
    PENDING_CASE = "pending_case"
    COMMERCIAL_SECRECY = "commercial_secrecy"
    TRADER_CONSENT_MISSING = "trader_consent_missing"
    RETENTION_OVER = "retention_over"
    DISPROPORTIONATE = "disproportionate"
    NO_RECIPROCITY = "no_reciprocity"
    POLITICAL_OFFENCE = "political_offence"
    PERSECUTION = "persecution"
    DOUBLE_JEOPARDY = "double_jeopardy"
    MILITARY_OFFENCE = "military_offence"
    COMPULSION_NOT_AVAILABLE = "compulsion_not_available"


class Shape(StrEnum):
    """How a condition compares the fact with the words of the clause."""

    ONE_OF = "one_of"  # the fact is one of them
    WITHIN = "within"  # every one of the facts is among them
    TOUCHES = "touches"  # at least one of the facts is among them
    TRUTH = "truth"  # the fact is as said


@dataclass(frozen=True, slots=True)
class ConditionKind:
    """A condition that clauses may make: its shape, and the words that may stand in it."""

    shape: Shape
    words: tuple[str, ...]


def _kinds(shape: Shape, **words: Iterable[str]) -> dict[str, ConditionKind]:
    return {name: ConditionKind(shape, tuple(each)) for name, each in words.items()}


def _truths(*names: str) -> dict[str, ConditionKind]:
    return {name: ConditionKind(Shape.TRUTH, ("true", "false")) for name in names}


CONDITIONS: Final[Mapping[str, ConditionKind]] = {
    **_kinds(
        Shape.ONE_OF,
        purpose=Purpose,
        mode=Mode,
        sender_authority=Authority,
        recipient_authority=Authority,
        channel=Channel,
        tlp=TLP,
        offence=Offence,
        dual_criminality=DualCriminality,
        adequacy=Adequacy,
        source_grade=(*SOURCE_GRADES, UNGRADED),
        information_grade=(*INFORMATION_GRADES, UNGRADED),
    ),
    **_kinds(Shape.WITHIN, categories=CATEGORY_CODES),
    **_kinds(Shape.TOUCHES, any_category=CATEGORY_CODES, any_handling=EUROPOL, any_objection=Objection),
    **_truths(
        "personal",  # something in it is about a natural person
        "urgent",
        "request_given",  # the recipient asked for it, under this agreement, and the request stands on the day
        "request_written",
        "request_complete",
        "purpose_as_requested",
        "categories_as_requested",
        "third_party",  # it is, or holds, information that came from another administration
        "originator_consent",  # each of those agreed to this recipient and purpose
        "onward_never",  # one of those said: never
        "as_evidence",
        "evidence_barred",  # somebody's marking or caveat says: not as evidence without consent
        "evidence_consent",
        "purpose_within_caveats",
        "recipient_within_caveats",
        "kept_too_long",  # the day by which it was to be destroyed is over
        "recipient_barred",  # by a measure of the sender's state
    ),
}

ONLY_TO_FORBID: Final = frozenset({("originator_consent", "false"), ("evidence_consent", "false")})
"""What no permission may rest on: that somebody did not consent."""
