"""Rows of the control list by which the journal knows them again: acts, approvals, selections."""

from __future__ import annotations

from dataclasses import asdict
from typing import TypeAlias

from pratique.node.canonical import digest
from pratique.node.storage.approvals import StoredApproval
from pratique.node.storage.control_acts import StoredAct
from pratique.node.storage.selections import StoredSelection

ControlRow: TypeAlias = StoredAct | StoredApproval | StoredSelection


def row_digest(row: ControlRow) -> str:
    """SHA-256 (hex) of everything that the row said when it was made; that it was undone came later."""
    return digest({name: value for name, value in asdict(row).items() if not name.startswith("undone_")})
