"""The ledger: the signed log, its static files, and one entry proved alone."""

from __future__ import annotations

import base64
from typing import Annotated, Final

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field

from pratique.api.serving import By
from pratique.api.shown import Moment, Sha256
from pratique.api.slice import Slice
from pratique.node.handlers.ledger import (
    Consistency,
    EraseOpening,
    ListEntries,
    MakeCheckpoint,
    ProveConsistency,
    ProveEntry,
    ReadLogFile,
    ShowCheckpoint,
    SignedCheckpoint,
)

SLICE: Final = Slice("ledger")

MOST: Final = 2**53
Number = Annotated[int, Path(ge=0, le=MOST, description="Number of the entry in the log, from 0.")]
LogPath = Annotated[str, Path(max_length=80, description="Path of the file.", examples=["tile/0/000.p/4"])]


class LogCheckpoint(BaseModel):
    """A checkpoint: `note` is the signed text with the signatures of log and witnesses (C2SP tlog-checkpoint)."""

    tree_size: int
    root: Sha256
    at: Moment
    note: str


class ConsistencyProof(BaseModel):
    """The newest checkpoint, and the hashes (hex) that lead to it from the size that was asked for."""

    checkpoint: LogCheckpoint
    proof: list[Sha256]


class LogEntry(BaseModel):
    """An entry of the log with what the node knows of it; the log itself shows neither."""

    number: int
    kind: str = Field(examples=["messages.assessed"])
    kept_in: str
    seq: int
    part: int
    at: str
    actor: str
    erased_because: str | None


class EntryProved(BaseModel):
    """One entry and its proof file (C2SP tlog-proof), which `pratique-verify` checks without the node."""

    number: int
    kind: str
    tree_size: int
    root: Sha256
    path: list[Sha256]
    file_base64: str


class ErasedBecause(BaseModel):
    """Why the time of what was logged is up."""

    model_config = ConfigDict(extra="forbid")

    because: Annotated[str, Field(min_length=1, max_length=200, examples=["five years after the case was closed"])]


class Erased(BaseModel):
    """`erased` is false where it was gone already."""

    erased: bool


class LogFile(BaseModel):
    """A static file of the log: hashes, commitments and signatures, never what was recorded."""

    content_base64: str


@SLICE.read("/ledger/checkpoint", missing=True, summary="Show the newest checkpoint")
def show_checkpoint(by: By) -> LogCheckpoint:
    """With the signatures of the witnesses that saw it."""
    return _checkpoint(by.ask(ShowCheckpoint()))


@SLICE.write("/ledger/checkpoint", missing=True, summary="Sign the log")
def make_checkpoint(by: By) -> LogCheckpoint:
    """Orders what came since the last checkpoint and signs the tree of all entries."""
    return _checkpoint(by.execute(MakeCheckpoint()))


@SLICE.read("/ledger/consistency/{old}", missing=True, summary="Prove that the log only grew")
def prove_consistency(by: By, old: Number) -> ConsistencyProof:
    """From the log of `old` entries to the newest checkpoint."""
    found: Consistency = by.ask(ProveConsistency(old))
    return ConsistencyProof(checkpoint=_checkpoint(found.checkpoint), proof=[each.hex() for each in found.proof])


@SLICE.read("/ledger/entries", summary="List entries of the log")
def list_entries(
    by: By,
    limit: Annotated[int, Query(ge=1, le=1000, description="How many at most.")] = 50,
    before: Annotated[int | None, Query(ge=0, le=MOST, description="Those before this number.")] = None,
) -> list[LogEntry]:
    """The newest first."""
    return [LogEntry.model_validate(each, from_attributes=True) for each in by.ask(ListEntries(limit, before))]


@SLICE.read("/ledger/entries/{number}/proof", missing=True, summary="Prove one entry")
def prove_entry(by: By, number: Number) -> EntryProved:
    """Its path to a signed root, with the opening of what was logged as long as that was not erased."""
    proved = by.ask(ProveEntry(number))
    return EntryProved(
        number=proved.number,
        kind=proved.kind,
        tree_size=proved.tree_size,
        root=proved.root,
        path=list(proved.path),
        file_base64=base64.b64encode(proved.file).decode("ascii"),
    )


@SLICE.write("/ledger/openings/{seq}/{part}/erase", missing=True, summary="Erase what a leaf is of")
def erase_opening(by: By, seq: Number, part: Number, said: ErasedBecause) -> Erased:
    """Destroys salt and record for good; the log stays whole. Needs a second factor."""
    return Erased(erased=by.execute(EraseOpening(seq, part, said.because)))


@SLICE.read("/ledger/files/{path:path}", missing=True, summary="Read a static file of the log")
def read_log_file(by: By, path: LogPath) -> LogFile:
    """`checkpoint`, or a tile of the newest checkpoint (C2SP tlog-tiles)."""
    return LogFile(content_base64=base64.b64encode(by.ask(ReadLogFile(path))).decode("ascii"))


def _checkpoint(found: SignedCheckpoint) -> LogCheckpoint:
    return LogCheckpoint.model_validate(found, from_attributes=True)
