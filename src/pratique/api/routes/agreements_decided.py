"""What the gate decides: tried, kept with its explanation, made again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Final

from fastapi import Path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from pratique.api.paging import Page, Paged
from pratique.api.routes.agreements import Id
from pratique.api.serving import By
from pratique.api.shown import Moment, Sha256
from pratique.api.slice import Slice
from pratique.node.handlers.agreements_decided import (
    MOST_DECISIONS,
    MOST_FIELDS,
    DecideDisclosure,
    ListDecisions,
    May,
    PreviewDisclosure,
    ReplayDecision,
    WhoMay,
)
from pratique.node.storage.agreements import StoredDecision
from pratique.partners.agreements import (
    Cited,
    Decision,
    Facts,
    Onward,
    Told,
    Verdict,
    Why,
    facts_from,
    told_way,
    told_withheld,
)
from pratique.partners.agreements import Field as MessageField
from pratique.partners.agreements.terms import (
    EUROPOL,
    TLP,
    UNGRADED,
    Adequacy,
    Authority,
    Channel,
    DualCriminality,
    Mode,
    Objection,
    Offence,
    Purpose,
)
from pratique.vocabulary.data_categories import CATEGORY_CODES
from pratique.vocabulary.grades import INFORMATION_GRADES, SOURCE_GRADES

SLICE: Final = Slice("agreements_decided")

SOURCES: Final = (*SOURCE_GRADES, UNGRADED)
INFORMATION: Final = (*INFORMATION_GRADES, UNGRADED)


def one_of(*words: str) -> AfterValidator:
    """Takes these words and no others."""

    def check(value: str) -> str:
        if value not in words:
            raise ValueError(", ".join(words))
        return value

    return AfterValidator(check)


Category = Annotated[str, one_of(*CATEGORY_CODES), Field(json_schema_extra={"enum": [*CATEGORY_CODES]})]
Tlp = Annotated[str, one_of(*TLP), Field(json_schema_extra={"enum": [*TLP]})]
Handling = Annotated[str, one_of(*EUROPOL), Field(json_schema_extra={"enum": [*EUROPOL]})]
SourceGrade = Annotated[str, one_of(*SOURCES), Field(json_schema_extra={"enum": [*SOURCES]})]
InformationGrade = Annotated[str, one_of(*INFORMATION), Field(json_schema_extra={"enum": [*INFORMATION]})]
DecisionId = Annotated[str, Path(max_length=40, description="Entry and number, as the list has it.", examples=["8.1"])]


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AskedFor(_Given):
    """The request of the recipient."""

    id: str = Field(min_length=1, max_length=200)
    by: Id
    under: Id = Field(description="The agreement that it names.")
    purpose: Purpose
    categories: list[Category] = Field(max_length=50)
    valid_from: date
    valid_to: date
    written: bool = True
    complete: bool = True


class GivenCaveat(_Given):
    """What an originator tied to its information."""

    by: Id
    onward: Onward = Onward.WITH_CONSENT
    evidence_with_consent: bool = True
    purposes: list[Purpose] | None = Field(default=None, max_length=50, description="All that are allowed.")
    recipients: list[Id] | None = Field(default=None, max_length=50, description="All that are allowed.")
    until: date | None = None
    tlp: Tlp = "amber"
    handling: list[Handling] = Field(default=[], max_length=4)
    under: str = Field(default="", max_length=200)


class GivenConsent(_Given):
    """An originator's written agreement."""

    by: Id
    to: Id | None = None
    purposes: list[Purpose] | None = Field(default=None, max_length=50)
    evidence: bool = False
    until: date | None = None


class FactsGiven(_Given):
    """The facts of one disclosure; no content, only kinds of data and markings."""

    at: date
    sender: Id
    sender_state: Id
    recipient: Id
    recipient_state: Id
    purpose: Purpose = Purpose.PREVENTION
    mode: Mode = Mode.SPONTANEOUS
    sender_authority: Authority = Authority.CUSTOMS
    recipient_authority: Authority = Authority.CUSTOMS
    channel: Channel = Channel.CONTACT_POINT
    categories: list[Category] = Field(default=[], max_length=50)
    personal: bool = False
    tlp: Tlp = "amber"
    handling: list[Handling] = Field(default=[], max_length=4)
    offence: Offence = Offence.NONE
    dual_criminality: DualCriminality = DualCriminality.UNKNOWN
    adequacy: Adequacy = Adequacy.UNKNOWN
    urgent: bool = False
    as_evidence: bool = False
    barred: bool = False
    objections: list[Objection] = Field(default=[], max_length=20)
    request: AskedFor | None = None
    caveats: list[GivenCaveat] = Field(default=[], max_length=50)
    consents: list[GivenConsent] = Field(default=[], max_length=50)
    source_grade: SourceGrade = UNGRADED
    information_grade: InformationGrade = UNGRADED


class OneField(_Given):
    """A field of a message: its name and what kind of data it holds, never its value."""

    name: str = Field(min_length=1, max_length=200)
    category: Category
    personal: bool = False


class ToDecide(_Given):
    """A disclosure with the clause that it relies on."""

    agreement: Id
    clause: Id
    facts: FactsGiven


class ToPreview(ToDecide):
    """The same with the fields of the message."""

    fields: list[OneField] = Field(default=[], max_length=MOST_FIELDS)


class ToAsk(_Given):
    """Facts alone."""

    facts: FactsGiven


class ShownCited(BaseModel):
    """A clause that took part."""

    agreement: str
    clause: str
    article: str
    verified: bool


class ShownDecision(BaseModel):
    """A verdict with its explanation in sentences; the first one is the verdict."""

    decision: str | None = Field(description="What it is kept as; none where nothing was kept.")
    verdict: Verdict
    article: str
    verified: bool
    determining: list[ShownCited]
    lines: list[str]


class Stays(BaseModel):
    """A field that does not leave."""

    name: str
    why: Why
    cited: ShownCited
    sentence: str


class ShownPreview(BaseModel):
    """What would leave and what would stay."""

    decision: ShownDecision
    sent: list[str]
    withheld: list[Stays]


class ShownMay(BaseModel):
    """What one agreement says."""

    agreement: str
    title: str
    version: int
    permitted_by: list[ShownCited]
    way_out: list[str] = Field(description="The smallest lawful change, in sentences; empty where there is none.")


class KeptDecision(BaseModel):
    """A decision that was kept."""

    id: str
    at: Moment
    by: str
    agreement_id: str
    version: int
    clause: str
    recipient: str
    verdict: Verdict
    sha256: Sha256 = Field(description="Over the record.")
    record: str = Field(description="Canonical JSON: the facts, what decided, what came out.")


class DecidedAgain(BaseModel):
    """Whether a decision comes out to the same bytes."""

    same: bool
    engine_then: str
    engine_now: str


@SLICE.ask("/agreements/preview", summary="Preview what a clause lets go")
def preview_disclosure(by: By, asked: ToPreview) -> ShownPreview:
    """What of a message the clause lets go, what stays and by which article; keeps nothing."""
    fields = tuple(MessageField(each.name, each.category, each.personal) for each in asked.fields)
    made = by.ask(PreviewDisclosure(asked.agreement, asked.clause, _facts(asked.facts), fields))
    withheld = [
        Stays(
            name=each.field.name,
            why=each.why,
            cited=_cited(each.cited),
            sentence=told_withheld(each).text(),
        )
        for each in made.disclosure.withheld
    ]
    shown = _decision(made.disclosure.decision, made.lines, kept=None)
    return ShownPreview(decision=shown, sent=[each.name for each in made.disclosure.sent], withheld=withheld)


@SLICE.ask("/disclosures/who-may", summary="Ask every agreement")
def who_may(by: By, asked: ToAsk) -> list[ShownMay]:
    """The clauses of each agreement that permit it, else the smallest lawful change."""
    return [_may(each) for each in by.ask(WhoMay(_facts(asked.facts)))]


@SLICE.write("/disclosures/decide", status_code=201, missing=True, summary="Decide and keep")
def decide_disclosure(by: By, asked: ToDecide) -> ShownDecision:
    """Decides on the day of the call, and keeps the decision with its record; a refusal is a decision too."""
    made = by.execute(DecideDisclosure(asked.agreement, asked.clause, _facts(asked.facts)))
    return _decision(made.explanation.decision, made.lines, kept=made.stored.id)


@SLICE.read("/decisions", summary="List decisions of the gate")
def list_decisions(by: By, window: Paged) -> Page[KeptDecision]:
    """The newest, ordered by entry."""
    found = by.ask(ListDecisions(MOST_DECISIONS))
    return window.page(found[::-1], key=lambda each: (each.seq, each.number), show=_kept)


@SLICE.read("/decisions/{decision_id}/again", missing=True, summary="Make a decision again")
def replay_decision(by: By, decision_id: DecisionId) -> DecidedAgain:
    """From its record and the files that were kept."""
    made = by.ask(ReplayDecision(decision_id))
    return DecidedAgain(same=made.same, engine_then=made.engine_then, engine_now=made.engine_now)


def _facts(given: FactsGiven) -> Facts:
    return facts_from(given.model_dump(mode="json"))


def _decision(decision: Decision, lines: Iterable[Told], *, kept: str | None) -> ShownDecision:
    return ShownDecision(
        decision=kept,
        verdict=decision.verdict,
        article=decision.article,
        verified=decision.verified,
        determining=[_cited(each) for each in decision.determining],
        lines=[each.text() for each in lines],
    )


def _may(may: May) -> ShownMay:
    return ShownMay(
        agreement=may.agreement,
        title=may.title,
        version=may.version,
        permitted_by=[_cited(each) for each in may.permitted_by],
        way_out=[each.text() for each in told_way(may.way_out)] if may.way_out else [],
    )


def _cited(cited: Cited) -> ShownCited:
    return ShownCited.model_validate(cited, from_attributes=True)


def _kept(stored: StoredDecision) -> KeptDecision:
    return KeptDecision.model_validate(stored, from_attributes=True)
