"""The manifest of a run: what it says that it was computed from."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

from pratique.node.errors import refuse
from pratique.node.storage.runs import StoredRun
from pratique.vocabulary.errors import Category

CONSIGNMENT_ID: Final = "consignment_id"  # the column of a run's consignments with the id that officers see


def manifest_of(run: StoredRun) -> dict[str, Any]:
    """What a run says that it was computed from. Raises ``BROKEN`` where that is not what was stored."""
    if hashlib.sha256(run.manifest.encode()).hexdigest() != run.manifest_sha256:
        raise refuse("runs.manifest_changed", Category.BROKEN, run=run.id)
    manifest: dict[str, Any] = json.loads(run.manifest)
    return manifest
