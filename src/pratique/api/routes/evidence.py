"""Evidence of controls: photos and documents, in and out under their SHA-256."""

from __future__ import annotations

import base64
from typing import Annotated, Final

from fastapi import Path
from pydantic import BaseModel, Field

from pratique.api.routes.orders import OrderId
from pratique.api.serving import By
from pratique.api.shown import Sha256
from pratique.api.slice import Slice
from pratique.node.errors import refuse
from pratique.node.handlers.evidence import AttachEvidence, ShowEvidence
from pratique.node.storage.control_outcomes import StoredEvidence

SLICE: Final = Slice("evidence", persons=True)

Digest = Annotated[str, Path(max_length=64, description="SHA-256 (hex) of the evidence.")]


class EvidenceKept(BaseModel):
    """A photo or document as it is kept; ``media_type`` is what its bytes say, not its name."""

    sha256: Sha256
    media_type: str
    byte_count: int
    file_name: str
    step: str | None
    at: str
    by: str


class EvidenceContent(BaseModel):
    """The same with its bytes, whose digest was checked just now."""

    evidence: EvidenceKept
    content_base64: str = Field(description="The bytes as received.")


@SLICE.read("/orders/{order_id}/evidence/{sha256}", missing=True, summary="Show a piece of evidence")
def show_evidence(by: By, order_id: OrderId, sha256: Digest) -> EvidenceContent:
    """Its bytes as they were kept; refused where they are no longer those."""
    found = by.ask(ShowEvidence(order_id, sha256))
    return EvidenceContent(
        evidence=_shown(found.evidence), content_base64=base64.b64encode(found.content).decode("ascii")
    )


@SLICE.write("/orders/{order_id}/evidence", takes="load", missing=True, summary="Keep a piece of evidence")
def attach_evidence(by: By, order_id: OrderId) -> EvidenceKept:
    """Keeps one photo (JPEG, PNG, WebP, HEIC) or PDF of at most 20 MiB with the order."""
    if len(by.files.files) != 1:
        raise refuse("controls.one_file")
    return _shown(by.execute(AttachEvidence(order_id, by.files.files[0])))


def _shown(kept: StoredEvidence) -> EvidenceKept:
    return EvidenceKept(**{name: getattr(kept, name) for name in EvidenceKept.model_fields})
