"""Tables that were loaded: exchange rates and locations, as they are in force."""

from __future__ import annotations

import json
from typing import Final

from pydantic import BaseModel, Field

from pratique.api.serving import By
from pratique.api.shown import FoundOdd, Moment, Sha256, shown_finding_rows
from pratique.api.slice import Slice
from pratique.node.handlers.tables import ListTables
from pratique.node.runs.table_loading import TableLoaded as Loaded
from pratique.node.storage.versions import TableVersion

SLICE: Final = Slice("tables")


class VersionOfTable(BaseModel):
    """One load of a table."""

    seq: int
    kind: str = Field(examples=["rates"])
    digest: Sha256
    counts: dict[str, int]
    files: list[Sha256] = Field(description="The raw files that it was made of.")
    loaded_at: Moment
    loaded_by: str


class TableLoaded(BaseModel):
    """The version now in force, and the rows that could not be used."""

    version: VersionOfTable
    findings: list[FoundOdd]


@SLICE.read("/tables", summary="List tables in force")
def list_tables(by: By) -> list[VersionOfTable]:
    """Ordered by kind."""
    return [_version(each) for each in by.ask(ListTables())]


def shown_load(loaded: Loaded) -> TableLoaded:
    """What came of loading a table."""
    return TableLoaded(version=_version(loaded.version), findings=shown_finding_rows(loaded.findings))


def _version(version: TableVersion) -> VersionOfTable:
    inside = {"counts": json.loads(version.counts), "files": json.loads(version.inputs)["files"]}
    plain = {name: getattr(version, name) for name in VersionOfTable.model_fields if name not in inside}
    return VersionOfTable.model_validate(plain | inside)
