"""One consignment: as declared, and why it was chosen or not."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from pratique.api.frames import (
    ConsignmentRow,
    DecisionRow,
    EquipmentRow,
    FindingRow,
    GoodsItemRow,
    HitRow,
    LearnedRow,
    MessageRow,
    PartyRow,
    ScoreRow,
    TransportRow,
    VersionRow,
)
from pratique.api.routes.queue import RaisedPoints, Reason, shown_raised, shown_reason
from pratique.api.serving import EDGE, By
from pratique.api.shown import Run, ShortId, shown_run
from pratique.api.slice import Slice
from pratique.api.texts import Ref
from pratique.node.handlers.consignments import (
    ExplainConsignment,
    Found,
    ReasonExplained,
    ShowConsignment,
)
from pratique.node.runs.reason_sentences import reason_sentences
from pratique.node.storage.disputes import StoredDispute

SLICE: Final = Slice("consignments", persons=True)

LONGEST_REF: Final = 200


class Version(BaseModel):
    """One version of a consignment in one run."""

    id: ShortId
    run_seq: int = Field(description="Number of the run's journal entry.")
    consignment: int = Field(description="Its number inside the run.")
    bill: str | None
    sender_id: str | None
    version: int
    cancelled: bool


class FoundConsignment(BaseModel):
    """The consignment that a reference names, and where else the same reference leads."""

    ref: str
    run: Run
    chosen: Version = Field(description="The newest version in its newest run.")
    others: list[Version]
    ambiguous: bool = Field(description="The reference leads to more than one consignment.")


class ConsignmentShown(BaseModel):
    """A consignment as its message declared it, by frame, with the decision that was made."""

    found: FoundConsignment
    consignment: ConsignmentRow
    message: MessageRow
    goods_items: list[GoodsItemRow]
    equipment: list[EquipmentRow]
    parties: list[PartyRow]
    transport: list[TransportRow]
    findings: list[FindingRow]
    version: VersionRow
    decision: DecisionRow


class Evidence(BaseModel):
    """What a reason rests on: the field, its value, and its place in the message."""

    field: str
    value: Any
    place: str | None


class Explained(BaseModel):
    """One bar of the waterfall: the reason, its evidence and the profile as it was then."""

    reason: Reason
    evidence: list[Evidence]
    profile_text: str | None
    activated_by: str | None


class LikelyHeading(BaseModel):
    """A heading, its share (permille) of all that the words speak for, and its English text in the HS 2022."""

    model_config = ConfigDict(from_attributes=True)

    heading: str
    share_permille: int
    text: str


class LikelyHeadings(BaseModel):
    """The goods item, its description, and at most three headings that its words speak for."""

    model_config = ConfigDict(from_attributes=True)

    goods_item: int
    description: str
    headings: list[LikelyHeading]


class Explanation(BaseModel):
    """Why a consignment has its score and its channel."""

    found: FoundConsignment
    score: ScoreRow
    decision: DecisionRow
    reasons: list[Explained]
    hits: list[HitRow]
    version: VersionRow
    findings: list[FindingRow]
    model_spoke: bool = Field(description="A model was in force.")
    currency: str = Field(description="Currency of stakes.")
    learned: LearnedRow | None = Field(description="What it said of the consignment; null where it said nothing.")
    shadow: LearnedRow | None = Field(description="What a model in shadow said; it counted nothing.")
    raised: list[RaisedPoints] = Field(description="Changes of lists since the run, with the points they add.")
    score_now: int = Field(description="The score of the run with those points.")
    disputes: list[StoredDispute] = Field(description="Reasons that officers say are wrong.")
    headings: list[LikelyHeadings] = Field(description="Headings that goods without one speak for; no points.")


@SLICE.read("/consignments", missing=True, summary="Find a consignment by its bill number")
def find_consignment(
    by: By, ref: Annotated[str, Query(min_length=1, max_length=LONGEST_REF, description="Bill number or short id.")]
) -> FoundConsignment:
    """For bill numbers with a slash in them: the short ids that the number leads to."""
    return _found(by.ask(ShowConsignment(ref)).found)


@SLICE.read("/consignments/{ref}", missing=True, summary="Show a consignment")
def show_consignment(by: By, ref: Ref) -> ConsignmentShown:
    """The newest version in its newest run, with every row that the message has of it."""
    shown = by.ask(ShowConsignment(ref))
    plain = {name: getattr(shown, name) for name in ConsignmentShown.model_fields if name != "found"}
    return ConsignmentShown(**plain | {"found": _found(shown.found)})


@SLICE.read("/consignments/{ref}/explanation", missing=True, summary="Explain a consignment")
def explain_consignment(by: By, ref: Ref) -> Explanation:
    """The reasons with their evidence: their points add up to the score."""
    explained = by.ask(ExplainConsignment(ref))
    tell = reason_sentences(by.serving.node, EDGE)
    apart = ("found", "reasons", "hits", "raised", "headings")
    plain = {name: getattr(explained, name) for name in Explanation.model_fields if name not in apart}
    return Explanation(
        **plain,
        found=_found(explained.found),
        hits=list(explained.hits),
        raised=shown_raised(explained.raised, tell),
        reasons=[_reason(each, tell) for each in explained.reasons],
        headings=[LikelyHeadings.model_validate(each) for each in explained.headings],
    )


def _reason(each: ReasonExplained, tell: Any) -> Explained:
    return Explained(
        reason=shown_reason(each.reason, tell),
        evidence=[Evidence.model_validate({"place": None} | row) for row in each.evidence],
        profile_text=each.profile_text,
        activated_by=each.activated_by,
    )


def _found(found: Found) -> FoundConsignment:
    return FoundConsignment(
        ref=found.ref,
        run=shown_run(found.run),
        chosen=Version.model_validate(found.chosen, from_attributes=True),
        others=[Version.model_validate(other, from_attributes=True) for other in found.others],
        ambiguous=found.ambiguous,
    )
