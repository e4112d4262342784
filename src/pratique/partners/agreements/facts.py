"""The facts of one disclosure: who would give what to whom, what for, under which markings, and what was asked.

Facts hold no content: categories instead of values, so that a decision can be stored, shown and replayed without
showing what was disclosed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from pratique.partners.agreements.terms import (
    NO_OFFENCE,
    TLP,
    UNGRADED,
    Adequacy,
    Authority,
    Channel,
    DualCriminality,
    Mode,
    Purpose,
)
from pratique.vocabulary.data_categories import data_category


class Onward(StrEnum):
    """Whether the recipient may pass it on, strictest last."""

    FREE = "free"
    WITH_CONSENT = "with_consent"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Caveat:
    """What an originator ties to its information; it travels with the information, and binds whoever holds it.

    ``by`` is the administration. ``purposes`` and ``recipients`` are all that are allowed (``None``: no limit),
    ``until`` the last day on which a copy may be kept. ``under`` names agreement and clause for people.
    """

    by: str
    onward: Onward = Onward.WITH_CONSENT
    evidence_with_consent: bool = True
    purposes: frozenset[str] | None = None
    recipients: frozenset[str] | None = None
    until: date | None = None
    tlp: str = "amber"
    handling: frozenset[str] = frozenset()
    under: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """An originator's written agreement that ``to`` gets it (``None``: anybody) for ``purposes`` (``None``: any)."""

    by: str
    to: str | None = None
    purposes: frozenset[str] | None = None
    evidence: bool = False
    until: date | None = None

    def covers(self, *, to: str, purpose: str, at: date) -> bool:
        """Whether it holds for that recipient and purpose on that day."""
        in_time = self.until is None or at <= self.until
        return in_time and self.to in (None, to) and (self.purposes is None or purpose in self.purposes)


@dataclass(frozen=True, slots=True)
class Request:
    """What the recipient asked for: under which agreement, for what, and between which days the request stands."""

    id: str
    by: str
    under: str
    purpose: str
    categories: frozenset[str]
    valid_from: date
    valid_to: date
    written: bool = True
    complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that a clause may ask about; ``sender`` and ``recipient`` are administrations, beside their states.

    ``objections`` are what the sending side sees against it, ``barred`` that a measure of its state bars the recipient.
    """

    at: date
    sender: str
    sender_state: str
    recipient: str
    recipient_state: str
    purpose: str = Purpose.PREVENTION
    mode: str = Mode.SPONTANEOUS
    sender_authority: str = Authority.CUSTOMS
    recipient_authority: str = Authority.CUSTOMS
    channel: str = Channel.CONTACT_POINT
    categories: frozenset[str] = frozenset()
    personal: bool = False
    tlp: str = "amber"
    handling: frozenset[str] = frozenset()
    source_grade: str = UNGRADED
    information_grade: str = UNGRADED
    offence: str = NO_OFFENCE
    dual_criminality: str = DualCriminality.UNKNOWN
    adequacy: str = Adequacy.UNKNOWN
    urgent: bool = False
    as_evidence: bool = False
    barred: bool = False
    request: Request | None = None
    caveats: tuple[Caveat, ...] = ()
    consents: tuple[Consent, ...] = field(default=())
    objections: frozenset[str] = frozenset()

    @property
    def about_persons(self) -> bool:
        """Something in it is about a natural person: said so, or of a category that always is."""
        return self.personal or any(data_category(each).personal for each in self.categories)

    @property
    def standing(self) -> tuple[Caveat, ...]:
        """The caveats of others: neither of who sends nor of who gets back what was its own."""
        return tuple(each for each in self.caveats if each.by not in (self.sender, self.recipient))

    @property
    def originators(self) -> frozenset[str]:
        """The third administrations whose information it holds."""
        return frozenset(each.by for each in self.standing)

    @property
    def marking(self) -> str:
        """The strictest TLP marking of the item and of the caveats on it."""
        return max((self.tlp, *(each.tlp for each in self.standing)), key=TLP.index)

    @property
    def codes(self) -> frozenset[str]:
        """The handling codes of the item and of the caveats on it."""
        return self.handling.union(*(each.handling for each in self.standing))

    def consenting(self, *, evidence: bool = False) -> frozenset[str]:
        """Who agreed to this recipient and purpose on the day; with ``evidence`` who agreed to use as evidence."""
        covering = (each for each in self.consents if each.covers(to=self.recipient, purpose=self.purpose, at=self.at))
        return frozenset(each.by for each in covering if each.evidence or not evidence)
