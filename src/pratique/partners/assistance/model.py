"""What an instrument says about requests: contents, channel, language, clock, grounds and conditions of use."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Channel(StrEnum):
    """The way an administration takes to another one."""

    SPONTANEOUS = "spontaneous"
    ADMINISTRATIVE = "administrative"
    JUDICIAL = "judicial"


class Presence(StrEnum):
    """Whether a content must be there."""

    REQUIRED = "required"
    CONDITIONAL = "conditional"
    OPTIONAL = "optional"


class Condition(StrEnum):
    """When a conditional content must be there."""

    IF_KNOWN = "if_known"  # else the request says that it is not known
    NOT_FOR_NOTIFICATION = "not_for_notification"
    FOR_NOTIFICATION = "for_notification"
    FOR_EVIDENCE = "for_evidence"
    FOR_COERCION = "for_coercion"
    FOR_ASSETS = "for_assets"
    WITH_PROCEDURE = "with_procedure"
    WITH_REPLY_DATE = "with_reply_date"
    IF_DEMANDED = "if_demanded"  # by the requested side, as notified


class Effect(StrEnum):
    """What a ground lets the requested side do."""

    REFUSE = "refuse"
    POSTPONE = "postpone"
    CONDITION = "condition"
    DISCRETION = "discretion"  # it is free to answer or not, without saying that a rule stands against it


FIELDS: Final = (
    "requesting_authority",
    "contact_point",
    "requested_authority",
    "matter",
    "proceeding",
    "purpose",
    "reason",
    "facts",
    "legal_provisions",
    "persons",
    "person_to_serve",
    "items",
    "assets",
    "procedure",
    "reply_by_reason",
    "declaration_number",
    "own_verification",
    "data_protection_law",
    "confidentiality",
    "reciprocity",
    "measure_order",
    "signatory",
)
"""What the contents of requests are called here, over all instruments; texts, each written by a person."""

FIELDS_ABOUT_PERSONS: Final = frozenset({"persons", "person_to_serve", "facts", "matter", "signatory", "contact_point"})

TYPES: Final = (
    "information",
    "documents",
    "enquiries",
    "surveillance",
    "controlled_delivery",
    "notification",
    "experts",
    "joint_team",
    "hot_pursuit",
    "covert",
    "cross_border_surveillance",
    "recovery",
    "automatic_exchange",
    "advance_exchange",
    "spontaneous",
    "origin_verification",
    "status_verification",
    "technical",
    "evidence",
    "testimony",
    "search_and_seizure",
    "bank_records",
    "identify_proceeds",
    "freezing",
    "confiscation",
)
"""The assistance types of the customs instruments, then those of judicial cooperation, asset recovery last."""

COERCIVE: Final = frozenset({"search_and_seizure", "bank_records", "freezing", "confiscation"})
ASSETS: Final = frozenset({"identify_proceeds", "freezing", "confiscation"})
CROSSING_BORDERS: Final = frozenset({"hot_pursuit", "covert", "cross_border_surveillance", "joint_team"})

LANGUAGE_RULES: Final = ("agreed", "of_requested", "accepted")
REPLIES: Final = ("within_days", "promptly", "none")
COSTS: Final = ("each_bears_own", "requested_bears_ordinary", "consult_if_burdensome", "not_said")
ORAL: Final = ("never", "urgent_confirmed", "urgent_confirmed_on_demand", "not_said")
CONTACTS: Final = ("contact_points", "designated_services", "central_authority", "coordinating_units", "not_said")


@dataclass(frozen=True, slots=True)
class Rule:
    """What an instrument rules on one point, as a word of the closed list of that point, and where it says so."""

    rule: str
    article: str


@dataclass(frozen=True, slots=True)
class Content:
    """A content of a request: where it is asked for, when, and what follows if it is not there."""

    field: str
    presence: Presence
    article: str
    consequence: str
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class RefusalGround:
    """A ground of the requested side, what it may do on it, and what it then owes."""

    code: str
    article: str
    effects: tuple[Effect, ...]
    needs_reason: bool
    needs_consultation: bool


@dataclass(frozen=True, slots=True)
class Languages:
    """In which language a request is written; ``always`` are those that nobody may refuse."""

    rule: str
    article: str
    always: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """When an answer is due: ``days`` from sending where the instrument says so, else the house's own reminder."""

    rule: str
    article: str
    days: int


@dataclass(frozen=True, slots=True)
class RequestProfile:
    """Everything one instrument says about requests. ``verified``: a lawyer compared it with the authentic text."""

    id: str
    title: str
    channel: Channel
    in_force: bool
    verified: bool
    source: str
    contact: Rule
    oral: Rule
    languages: Languages
    reply: Reply
    costs: Rule
    procedure_article: str | None
    inability_article: str | None
    evidence_article: str | None
    evidence_needs_permission: bool
    types: tuple[str, ...]
    contents: tuple[Content, ...]
    grounds: tuple[RefusalGround, ...]
    uses: tuple[Rule, ...]

    def content(self, field: str) -> Content | None:
        """What is said about a content, if anything."""
        return next((each for each in self.contents if each.field == field), None)

    def ground(self, code: str) -> RefusalGround | None:
        """The ground of that code, if the instrument has it."""
        return next((each for each in self.grounds if each.code == code), None)
