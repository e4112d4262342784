"""Undoing: an act on the control list, an answer to a list hit, or a change of capacity."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Path

from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.node.handlers.undoing import ActUndone, UndoAct

SLICE: Final = Slice("undoing")

ActNumber = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the act's journal entry.")]


@SLICE.write("/acts/{act}/undo", missing=True, summary="Undo an act")
def undo_act(by: By, act: ActNumber) -> ActUndone:
    """An approval cannot be undone: acts after it are told as such."""
    return by.execute(UndoAct(act))
