"""What several routes of cooperation take and show: a share as it is asked for, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from pratique.api.shown import Params, Sha256
from pratique.node.exchange.attaching import Attaching
from pratique.node.exchange.disclosing import Disclosed
from pratique.node.exchange.share import Circumstances, Share
from pratique.node.storage.attachments import StoredAttachment

MessageId = Annotated[
    str, Path(max_length=60, description="Id of a message.", examples=["01a221cb-ed3f-7dbd-9497-1ab8b4700c51"])
]
Name = Annotated[str, Field(max_length=100, examples=["xb-customs"])]


class UnderGiven(BaseModel):
    """What an agreement asks about a disclosure beside its content."""

    model_config = ConfigDict(extra="forbid")

    purpose: str = Field(max_length=60, examples=["prevention"])
    mode: str = Field(default="spontaneous", max_length=40)
    channel: str = Field(default="contact_point", max_length=40)
    tlp: str = Field(default="amber", max_length=20, description="Traffic Light Protocol 2.0.")
    handling: list[Annotated[str, Field(max_length=4)]] = Field(default=[], max_length=4, description="h0 to h3.")
    offence: str = Field(default="none", max_length=60)
    urgent: bool = False
    as_evidence: bool = False

    def circumstances(self) -> Circumstances:
        """As the node takes them."""
        said = self.model_dump()
        return Circumstances(**said | {"handling": frozenset(self.handling)})


class AttachmentGiven(BaseModel):
    """A file to go beside the message, by the digest that the node keeps it under."""

    model_config = ConfigDict(extra="forbid")

    sha256: Sha256
    category: str = Field(default="document", max_length=40, description="The data category of what it holds.")
    personal: bool = Field(default=True, description="False once somebody looked and it shows nothing about persons.")


class AttachmentShown(BaseModel):
    """A file beside a message, and how much of it is where it should be."""

    number: int
    name: str = Field(description="Empty once it was erased.")
    media_type: str = Field(description="As its sender says.")
    byte_count: int
    sha256: Sha256
    category: str
    personal: bool
    state: Literal["waiting", "arrived", "awaited", "whole", "broken", "erased"]
    fault: str | None


def attachments_shown(found: Iterable[StoredAttachment]) -> list[AttachmentShown]:
    """The published form; the key of a file is no part of it."""
    return [AttachmentShown.model_validate(each, from_attributes=True) for each in found]


class ShareGiven(BaseModel):
    """What is to go to whom, under which clause of which agreement."""

    model_config = ConfigDict(extra="forbid")

    to: Name
    type: str = Field(max_length=60, examples=["alert/1"])
    fields: Params = Field(description="The fields of the message, as its published schema has them.")
    agreement: Name
    clause: Name
    under: UnderGiven
    passes_on: list[Name] = Field(default=[], max_length=20, description="Received messages it comes from.")
    leave_out: list[Name] = Field(default=[], max_length=200, description="Fields that stay here in any case.")
    attachments: list[AttachmentGiven] = Field(default=[], max_length=20, description="Files that go beside it.")

    def share(self) -> Share:
        """As the node takes it."""
        return Share(
            self.to,
            self.type,
            self.fields,
            self.agreement,
            self.clause,
            self.under.circumstances(),
            tuple(self.passes_on),
            frozenset(self.leave_out),
            tuple(Attaching(each.sha256, each.category, each.personal) for each in self.attachments),
        )


class KeptHere(BaseModel):
    """A field that stays, and which clause says so."""

    field: str
    category: str
    why: Literal["forbidden", "not_covered", "duty", "officer"]
    clause: str
    article: str
    verified: bool = Field(description="A lawyer compared the clause with the authentic text.")


class FileBeside(BaseModel):
    """A file of the share: the name by which the decision speaks of it, and whether it goes."""

    field: str
    name: str
    byte_count: int
    category: str
    personal: bool
    sent: bool


class Outcome(BaseModel):
    """What came of a disclosure: ``message`` is null where nothing went."""

    message: str | None
    verdict: Literal["permitted", "forbidden", "not_permitted", "refused_on_error"]
    to: str
    agreement: str
    version: int
    clause: str
    article: str
    verified: bool = Field(description="A lawyer compared the clause with the authentic text.")
    sent: list[str]
    withheld: list[KeptHere]
    attachments: list[FileBeside]
    retain_until: str | None
    onward: str | None
    acts: list[str] = Field(description="What the partner, or we, have to do beside.")
    decision_sha256: Sha256
    nearly: list[str] = Field(description="Clauses that nearly permit it, each with the conditions that fail.")
    smallest_change: list[str] = Field(description="What to do so that it is permitted; empty where nothing would do.")


def outcome_of(done: Disclosed) -> Outcome:
    """The published form of the node's answer."""
    explained = done.explanation
    near = [
        f"{each.cited.article} ({each.cited.clause}): {', '.join(met.condition for met in each.failing)}"
        for each in explained.near_misses
    ]
    changes = [str(change.do) for change in explained.way_out.changes] if explained.way_out else []
    kept: list[Any] = [KeptHere.model_validate(each, from_attributes=True) for each in done.withheld]
    return Outcome(
        message=done.message,
        verdict=done.verdict,  # type: ignore[arg-type]  # checked by the form itself
        to=done.to,
        agreement=done.agreement,
        version=done.version,
        clause=done.clause,
        article=done.article,
        verified=done.verified,
        sent=list(done.sent),
        withheld=kept,
        attachments=[FileBeside.model_validate(each, from_attributes=True) for each in done.attachments],
        retain_until=done.retain_until,
        onward=done.onward,
        acts=list(done.acts),
        decision_sha256=done.decision_sha256,
        nearly=near,
        smallest_change=changes,
    )
