"""Items of evidence and their custody."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field

from pratique.api.serving import By
from pratique.api.shown import Moment, Sha256
from pratique.api.slice import Slice
from pratique.node.handlers.custody import (
    CollectEvidence,
    DeriveItem,
    ItemShown,
    ListItems,
    NewItem,
    RecordCustody,
    ShowItem,
)
from pratique.partners.evidence.custody import What
from pratique.partners.evidence.items import ItemKind

SLICE: Final = Slice("custody", persons=True)

ItemId = Annotated[str, Path(max_length=40, description="Id of an item.", examples=["7K3MZQ2V"])]
Words = Annotated[str, Field(max_length=300)]


class Collected(BaseModel):
    """An item made of evidence that an order of a control has already."""

    model_config = ConfigDict(extra="forbid")

    title: Words
    kind: Literal["photograph", "document", "recording", "data", "object", "sample", "analysis"]
    place: Words
    order: str = Field(default="", max_length=40)
    evidence: list[Annotated[str, Field(max_length=64)]] = Field(default=[], max_length=500)
    request: str = Field(default="", max_length=40)
    acquired_with: Words = ""
    legal_basis: Words = ""
    note: Words = ""

    def new(self) -> NewItem:
        """The item as the node takes it."""
        return NewItem(
            self.title,
            ItemKind(self.kind),
            self.place,
            self.acquired_with,
            self.legal_basis,
            evidence=tuple(self.evidence),
            note=self.note,
        )


class Done(BaseModel):
    """What the holder does with an item."""

    model_config = ConfigDict(extra="forbid")

    what: Literal["seal", "open", "receive", "return", "destroy"]
    place: Words
    seal: Words = ""
    note: Words = ""


class Derived(BaseModel):
    """A copy or analysis that led to an item without files of its own, such as a sample sent to a laboratory."""

    model_config = ConfigDict(extra="forbid")

    what: Literal["copy", "analyse"]
    title: Words
    kind: Literal["photograph", "document", "recording", "data", "object", "sample", "analysis"]
    place: Words


class EventShown(BaseModel):
    """An event of custody with the hands that signed it."""

    number: int
    what: str
    at: Moment
    place: str
    officers: list[str]
    agencies: list[str]
    seal: str


class ItemForm(BaseModel):
    """An item with its custody as it was checked just now; ``breaks`` are empty where it holds."""

    id: str
    title: str
    kind: str
    files: dict[str, Sha256]
    holder: str
    seal: str
    derived_from: list[str]
    derived: list[str]
    events: list[EventShown]
    breaks: list[str]
    offered_to: str


@SLICE.read("/evidence_items", summary="List items of evidence")
def list_items(
    by: By,
    order: Annotated[str, Query(max_length=40, description="Of this order of a control.")] = "",
    request: Annotated[str, Query(max_length=40, description="For this request.")] = "",
) -> list[ItemForm]:
    """Newest first."""
    return [_shown(each) for each in by.ask(ListItems(order, request))]


@SLICE.read("/evidence_items/{item_id}", missing=True, summary="Show an item of evidence")
def show_item(by: By, item_id: ItemId) -> ItemForm:
    """With its custody."""
    return _shown(by.ask(ShowItem(item_id)))


@SLICE.write("/evidence_items", missing=True, summary="Take an item into custody")
def collect_evidence(by: By, said: Collected) -> ItemForm:
    """Out of photos and documents of a control order."""
    return _shown(by.execute(CollectEvidence(said.new(), said.order, said.request)))


@SLICE.write("/evidence_items/{item_id}/custody", missing=True, summary="Record custody of an item")
def record_custody(by: By, item_id: ItemId, said: Done) -> ItemForm:
    """By the officer who holds it."""
    return _shown(by.execute(RecordCustody(item_id, What(said.what), said.place, said.seal, said.note)))


@SLICE.write("/evidence_items/{item_id}/derive", missing=True, summary="Derive an item from another")
def derive_item(by: By, item_id: ItemId, said: Derived) -> ItemForm:
    """The new item points back."""
    new = NewItem(said.title, ItemKind(said.kind), said.place)
    return _shown(by.execute(DeriveItem(item_id, What(said.what), new)))


def _shown(found: ItemShown) -> ItemForm:
    custody, offer = found.at_hand.custody, found.at_hand.offer
    return ItemForm(
        id=found.id,
        title=found.item.title,
        kind=found.item.kind.value,
        files={each.name: each.sha256 for each in found.item.files},
        holder=custody.holder[0],
        seal=custody.seal,
        derived_from=list(found.item.derived_from),
        derived=list(found.derived),
        events=[
            EventShown(
                number=each.number,
                what=each.what.value,
                at=each.at,
                place=each.place,
                officers=[hand.officer for hand in each.hands],
                agencies=[hand.agency for hand in each.hands],
                seal=each.seal,
            )
            for each in found.at_hand.chain.events
        ],
        breaks=[f"{each.number}: {each.code}" for each in found.at_hand.chain.breaks],
        offered_to=offer.to_officer if offer else "",
    )
