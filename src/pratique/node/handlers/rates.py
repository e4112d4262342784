"""Exchange rates: a dated table, the newest in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from pratique.node.acts import Act, Command, Work
from pratique.node.runs.code_tables import RATES
from pratique.node.runs.table_loading import ParsedTable, TableLoaded, load_table
from pratique.node.settings import Settings
from pratique.node.storage.settings import changed_settings
from pratique.vocabulary.rates import parse_rates


@dataclass(frozen=True, slots=True)
class LoadRates(Command[TableLoaded]):
    """Loads a dated table of exchange rates to the node's base currency."""

    file: Path
    entry: ClassVar[str] = "rates.loaded"


def load_rates(command: LoadRates, work: Work) -> Act[TableLoaded]:
    """A file of which no row can be used leaves the rates in force as they are."""
    with work.store.reading() as connection:
        base = Settings.of(changed_settings(connection)).values["base_currency"]

    def parse(contents: Sequence[bytes]) -> ParsedTable:
        rates = parse_rates(contents[0], base=base)
        return ParsedTable(rates.rows, rates.findings, {"base": rates.base})

    return load_table(RATES, (command.file,), parse, work)
