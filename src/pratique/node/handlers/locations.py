"""Locations: the official UN/LOCODE list, the newest in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from pratique.node.acts import Act, Command, Work
from pratique.node.runs.code_tables import LOCATIONS
from pratique.node.runs.table_loading import ParsedTable, TableLoaded, load_table
from pratique.vocabulary.codes.location_list import parse_unlocode


@dataclass(frozen=True, slots=True)
class LoadLocations(Command[TableLoaded]):
    """Loads the official UN/LOCODE list, in as many parts as it comes."""

    files: tuple[Path, ...]
    entry: ClassVar[str] = "locations.loaded"


def load_locations(command: LoadLocations, work: Work) -> Act[TableLoaded]:
    """Files of which no row can be used leave the list in force as it is."""

    def parse(contents: Sequence[bytes]) -> ParsedTable:
        table = parse_unlocode(contents)
        return ParsedTable(table.places, table.findings, {"complete": sorted(table.complete_countries)})

    return load_table(LOCATIONS, command.files, parse, work)
