"""Code tables as the assessments see them: those shipped, with the rates and locations that were loaded."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from pratique.node.folder import NodeFolder
from pratique.node.lake import read_frame
from pratique.node.storage.versions import TableVersion
from pratique.vocabulary.codes.location import UnlocodeTable
from pratique.vocabulary.codes.tables import CodeTables, shipped_tables
from pratique.vocabulary.findings import findings_frame
from pratique.vocabulary.rates import Rates

RATES: Final = "rates"
LOCATIONS: Final = "locations"


def tables_with(versions: Iterable[TableVersion], folder: NodeFolder) -> CodeTables:
    """The shipped tables, with these versions put in."""
    tables = shipped_tables()
    for version in versions:
        if version.kind not in (RATES, LOCATIONS):
            continue
        inputs = json.loads(version.inputs)
        rows = read_frame(folder, inputs["frame"])
        if version.kind == RATES:
            tables = replace(tables, rates=Rates(inputs["base"], rows, findings_frame([])))
        elif version.kind == LOCATIONS:
            complete = frozenset(inputs["complete"])
            tables = replace(tables, locations=UnlocodeTable(rows, complete, findings_frame([])))
    return tables
