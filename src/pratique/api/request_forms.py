"""Requests for assistance in the published form: what is sent in, and what comes back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from pratique.api.shown import Moment, Params
from pratique.node.assistance.request_files import request_from
from pratique.node.assistance.request_lines import RequestLine, RequestShown, consequence_words, fault_words, fix_words
from pratique.node.assistance.request_sealed import ASKED_FOR, Way
from pratique.partners.assistance.check import Fault
from pratique.partners.assistance.drafts import Draft

RequestId = Annotated[str, Path(max_length=40, description="Id of a request.", examples=["R-2026-17"])]
Text = Annotated[str, Field(max_length=2000)]


class Sealed(BaseModel):
    """How a step goes out sealed: the clause that is to permit it. Without it the step is noted as told otherwise."""

    model_config = ConfigDict(extra="forbid")

    agreement: str = Field(max_length=80)
    clause: str = Field(max_length=80)
    purpose: str = Field(max_length=60, examples=["investigation"])
    tlp: str = Field(default="amber", max_length=20)
    categories: list[Annotated[str, Field(max_length=40)]] = Field(default=list(ASKED_FOR), max_length=30)

    def way(self) -> Way:
        """The way as the node takes it."""
        return Way(self.agreement, self.clause, self.purpose, self.tlp, categories=tuple(self.categories))


class Step(BaseModel):
    """A step with a note, sealed or told otherwise."""

    model_config = ConfigDict(extra="forbid")

    note: Text = ""
    sealed: Sealed | None = None


class RequestText(BaseModel):
    """A request as it is written: contents by the field that the instrument's profile names."""

    model_config = ConfigDict(extra="forbid")

    instrument: str = Field(max_length=80, examples=["wto-tfa-12"])
    language: str = Field(max_length=12, examples=["en"])
    types: list[Annotated[str, Field(max_length=40)]] = Field(max_length=30, examples=[["documents"]])
    contents: dict[str, Annotated[str, Field(max_length=20_000)]] = Field(max_length=40)
    unknown: dict[str, Text] = Field(default={}, max_length=40, description="Fields that cannot be given, and why.")
    items: list[Annotated[str, Field(max_length=300)]] = Field(default=[], max_length=200)
    reply_by: date | None = None
    as_evidence: bool = False
    urgent: bool = False
    written: bool = True
    sensitive: bool = False

    def draft(self) -> Draft:
        """The draft. Raises ``REJECTED`` with the part that is not as it must be."""
        said: dict[str, Any] = self.model_dump(mode="json", exclude={"contents"})
        return request_from({**{name: text for name, text in self.contents.items() if name not in said}, **said})


class FaultShown(BaseModel):
    """Something missing (it keeps the request here) or doubtful, with its sentences in English."""

    field: str
    code: str
    missing: bool
    article: str
    params: Params
    sentence: str
    consequence: str
    fix: str


class ClockShown(BaseModel):
    """The clock of a request; ``binding`` where the instrument itself sets the time."""

    day: int
    days: int
    due: date
    reminders: list[date]
    pressure: str
    binding: bool
    article: str


class RequestStanding(BaseModel):
    """Where a request stands."""

    id: str
    side: str = Field(description="asking: ours; asked: the partner's.")
    partner: str
    their_id: str
    instrument: str
    channel: str
    state: str
    sensitive: bool
    matter: str
    version: int
    items: int
    answered: int
    missing: int = Field(description="Contents that are missing.")
    reminder_due: bool
    lapses: bool
    clock: ClockShown | None


class HappenedShown(BaseModel):
    """Something that happened to a request; ``message`` is the sealed message that told it, if one did."""

    event: str
    side: str
    happened_at: Moment
    by: str
    message: str
    details: Params


class RequestWhole(BaseModel):
    """A request with its contents, what is wrong with them, its history, and what may be done now."""

    standing: RequestStanding
    verified: bool = Field(description="A lawyer compared the instrument's profile with the authentic text.")
    contents: dict[str, str]
    unknown: dict[str, str]
    asked_for: list[str]
    faults: list[FaultShown]
    events: list[HappenedShown]
    may: list[str]


def standing_of(line: RequestLine) -> RequestStanding:
    """The line in the published form."""
    request, clock = line.request, line.clock
    shown = None
    if clock is not None:
        shown = ClockShown(
            day=clock.day,
            days=clock.days,
            due=clock.due,
            reminders=list(clock.reminders),
            pressure=clock.pressure.value,
            binding=clock.binding,
            article=clock.article,
        )
    return RequestStanding(
        id=request.id,
        side=request.side,
        partner=request.partner,
        their_id=request.their_id,
        instrument=request.instrument,
        channel=request.channel,
        state=line.state,
        sensitive=request.sensitive,
        matter=line.matter,
        version=line.version,
        items=line.items,
        answered=line.answered,
        missing=line.missing,
        reminder_due=line.reminder_due,
        lapses=line.lapses,
        clock=shown,
    )


def whole_of(found: RequestShown) -> RequestWhole:
    """The whole request in the published form."""
    return RequestWhole(
        standing=standing_of(found.line),
        verified=found.profile.verified,
        contents=dict(found.draft.texts),
        unknown=dict(found.draft.unknown),
        asked_for=list(found.draft.items),
        faults=faults_of(found.faults),
        events=[
            HappenedShown(
                event=each.event.value,
                side=each.side.value,
                happened_at=each.happened_at.isoformat().replace("+00:00", "Z"),
                by=each.by,
                message=each.message,
                details=dict(each.details),
            )
            for each in found.events
        ],
        may=[each.value for each in found.may],
    )


def faults_of(found: Iterable[Fault]) -> list[FaultShown]:
    """Faults in the published form."""
    return [
        FaultShown(
            field=each.field,
            code=each.code,
            missing=each.missing,
            article=each.article,
            params=dict(each.params),
            sentence=fault_words(each),
            consequence=consequence_words(each),
            fix=fix_words(each),
        )
        for each in found
    ]
