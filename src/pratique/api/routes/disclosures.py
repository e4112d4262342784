"""Disclosing to partners: what would go, what went, what was refused."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import Path, Query
from pydantic import BaseModel, Field

from pratique.api.serving import By
from pratique.api.shared import AttachmentShown, MessageId, Outcome, ShareGiven, attachments_shown, outcome_of
from pratique.api.shown import Moment, Params, Sha256
from pratique.api.slice import Slice
from pratique.node.exchange.disclosing import About
from pratique.node.handlers.alerts import DraftAlert
from pratique.node.handlers.disclosures import Disclose, ListDisclosures, ListFilesOf, PreviewShare, ShowDisclosure
from pratique.node.storage.outbox import StoredDisclosure

SLICE: Final = Slice("disclosures", persons=True)

Ref = Annotated[str, Path(max_length=100, description="Short id or bill number of a consignment.")]
Urgency = Annotated[Literal["routine", "urgent", "immediate"], Query(description="How soon it matters.")]
AboutGiven = Annotated[str | None, Query(max_length=60, description="Short id of a consignment.")]
Most = Annotated[int, Query(ge=1, le=1000, description="How many at most.")]


class DisclosureMade(BaseModel):
    """A disclosure that went."""

    message: str
    to: str
    type: str
    agreement: str
    clause: str
    purpose: str
    thread: str
    about: str | None
    retain_until: str | None
    decision_sha256: Sha256
    at: Moment
    by: str


class DisclosureRefused(BaseModel):
    """A disclosure that the gate did not let through."""

    to: str
    type: str
    agreement: str
    clause: str
    verdict: str
    decision_sha256: Sha256
    at: Moment
    by: str


class FileAtHand(BaseModel):
    """A file that can go beside a message, named by its SHA-256."""

    sha256: Sha256
    name: str
    media_type: str
    byte_count: int
    item: str | None = Field(description="Id of the item of evidence, where it is one.")


class Disclosures(BaseModel):
    """Newest first."""

    made: list[DisclosureMade]
    refused: list[DisclosureRefused]


class Happened(BaseModel):
    """What happened to a message later."""

    event: str
    note: str
    at: Moment
    by: str


class DisclosureShown(BaseModel):
    """A disclosure with what of its content is still here and where its envelope is."""

    disclosure: DisclosureMade
    fields: Params
    state: str | None
    fault: str | None
    events: list[Happened]
    attachments: list[AttachmentShown]


class AlertDraft(BaseModel):
    """The fields of an alert about a consignment, for an officer to complete."""

    consignment: str
    fields: Params


@SLICE.ask("/disclosures/preview", summary="Preview a disclosure")
def preview_disclosed(by: By, said: ShareGiven) -> Outcome:
    """Decides as the act would, and keeps nothing."""
    return outcome_of(by.ask(PreviewShare(said.share())))


@SLICE.write("/disclosures", missing=True, summary="Disclose")
def disclose(by: By, said: ShareGiven, about: AboutGiven = None) -> Outcome:
    """Sends what the named clause permits. A refusal is an answer too, with its reasons."""
    return outcome_of(by.execute(Disclose(said.share(), About(about=about))))


@SLICE.read("/disclosures", summary="List disclosures")
def list_disclosures(by: By, about: AboutGiven = None, most: Most = 100) -> Disclosures:
    """What went and what was refused."""
    found = by.ask(ListDisclosures(about, most))
    made = [_made(each) for each in found.made]
    refused = [
        DisclosureRefused(
            to=each.partner_id,
            type=each.type,
            agreement=each.agreement,
            clause=each.clause,
            verdict=each.verdict,
            decision_sha256=each.decision_sha256,
            at=each.at,
            by=each.by,
        )
        for each in found.refused
    ]
    return Disclosures(made=made, refused=refused)


@SLICE.read("/disclosures/drafts/{ref}", missing=True, scope="alerts:read", summary="Draft an alert")
def draft_alert(by: By, ref: Ref, urgency: Urgency = "routine") -> AlertDraft:
    """Out of what the node has on a consignment."""
    found = by.ask(DraftAlert(ref, urgency))
    return AlertDraft(consignment=found.consignment, fields=found.fields)


@SLICE.read("/disclosures/{message}", missing=True, summary="Show a disclosure")
def show_disclosure(by: By, message: MessageId) -> DisclosureShown:
    """With its content, as long as it is kept."""
    found = by.ask(ShowDisclosure(message))
    return DisclosureShown(
        disclosure=_made(found.disclosure),
        fields={field.name: field.value for field in found.fields},
        state=found.out.state if found.out else None,
        fault=found.out.fault if found.out else None,
        events=[Happened.model_validate(each, from_attributes=True) for each in found.events],
        attachments=attachments_shown(found.attachments),
    )


def _made(each: StoredDisclosure) -> DisclosureMade:
    return DisclosureMade(
        message=each.id,
        to=each.partner_id,
        type=each.type,
        agreement=each.agreement,
        clause=each.clause,
        purpose=each.message_purpose,
        thread=each.thread,
        about=each.about,
        retain_until=each.retention_until,
        decision_sha256=each.decision_sha256,
        at=each.at,
        by=each.by,
    )


@SLICE.read("/consignments/{consignment}/files", summary="List files that can be attached")
def list_files_of(by: By, consignment: Ref) -> list[FileAtHand]:
    """Photos and documents of the controls of a consignment."""
    found = by.ask(ListFilesOf(consignment))
    return [
        FileAtHand(
            sha256=each.sha256,
            name=each.name,
            media_type=each.media_type,
            byte_count=each.byte_count,
            item=each.item,
        )
        for each in found
    ]
