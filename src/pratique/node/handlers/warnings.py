"""Warnings of partners count: what they name stands on a list of this node, and is compared as every list is."""

from __future__ import annotations

import hashlib
import json
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar, Final

from pratique.node.acts import Act, Command, Query, View, Work
from pratique.node.exchange.told import RETRACTED
from pratique.node.exchange.warned import WARNING_TYPES, WARNINGS, Warned, as_list, warned_of
from pratique.node.handlers.lists import ListLoaded, LoadList, load_list
from pratique.node.settings import Settings
from pratique.node.storage import inbox
from pratique.node.storage.settings import changed_settings
from pratique.node.storage.store import Connection
from pratique.node.storage.versions import lists_in_force

OWN: Final = "own"


@dataclass(frozen=True, slots=True)
class LoadWarnings(Command[ListLoaded]):
    """Puts what partners warned of on the list ``partner-warnings``; what was taken back or is over leaves it.

    New entries are compared at once with every consignment that is assessed and not yet released.
    """

    entry: ClassVar[str] = "warnings.loaded"


@dataclass(frozen=True, slots=True)
class WarningsShown:
    """What partners warned of and may be used today. ``due``: the list in force says something else."""

    warned: tuple[Warned, ...]
    due: bool


@dataclass(frozen=True, slots=True)
class ShowWarnings(Query[WarningsShown]):
    """What would stand on the list now."""


def load_warnings(command: LoadWarnings, work: Work) -> Act[ListLoaded]:
    """Loaded as any list of one's own, with its difference and the hits that it raises."""
    with work.store.reading() as connection:
        data = as_list(_warned(connection, work.at.date()))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{WARNINGS}.csv"
        file.write_bytes(data)
        return load_list(LoadList(OWN, (file,), WARNINGS), work)  # keeps the file under its digest before it is gone


def show_warnings(query: ShowWarnings, view: View) -> WarningsShown:
    """Nothing is due as long as no partner ever warned of anything."""
    warned = _warned(view.connection, view.at.date())
    held = next((each for each in lists_in_force(view.connection) if each.list_id == WARNINGS), None)
    if held is None:
        return WarningsShown(warned, bool(warned))
    now = hashlib.sha256(as_list(warned)).hexdigest()
    return WarningsShown(warned, now not in {each["sha256"] for each in json.loads(held.inputs)})


def _warned(connection: Connection, today: date) -> tuple[Warned, ...]:
    days = Settings.of(changed_settings(connection)).number("warning_days")
    retracted = inbox.messages_with(connection, RETRACTED)
    standing = [each for each in inbox.ins_of_types(connection, WARNING_TYPES) if each.id not in retracted]
    return warned_of(standing, days=days, today=today)
