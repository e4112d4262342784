"""The table of the node's own traffic: which one is in force, and where a list lies that is weighed with it.

A list weighed with a table lies beside the list under a name made of both digests, so that whoever knows which list and
which table were in force finds the same weights and the same lines.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import polars as pl

from pratique.flow.screening import Screener
from pratique.flow.screening.traffic import Traffic
from pratique.flow.screening.weighing import Weighing, save_weighing
from pratique.node.canonical import digest
from pratique.node.files import Files, KeptFile
from pratique.node.folder import NodeFolder
from pratique.node.lake import known_frame
from pratique.node.settings import Settings
from pratique.node.storage.settings import changed_settings
from pratique.node.storage.store import Connection
from pratique.node.storage.versions import TableVersion, all_tables, tables_in_force

TRAFFIC: Final = "traffic"
"""The kind of table."""

SETTING: Final = "list_traffic"


def traffic_in_force(connection: Connection) -> TableVersion | None:
    """The table that lists are weighed with; ``None`` where none was counted, or the setting says not to."""
    if not Settings.of(changed_settings(connection)).number(SETTING):
        return None
    return traffic_among(tables_in_force(connection))


def traffic_among(tables: Iterable[TableVersion]) -> TableVersion | None:
    """The table of traffic among tables, if there is one."""
    return next((each for each in tables if each.kind == TRAFFIC), None)


def traffic_at(connection: Connection, moment: str) -> TableVersion | None:
    """The table counted last before a moment, as text."""
    before = (each for each in reversed(all_tables(connection)) if each.loaded_at <= moment)
    return traffic_among(before)


def index_folder(folder: NodeFolder, list_digest: str, traffic: TableVersion | None) -> Path:
    """Where a list lies, made ready for screening and weighed with that table."""
    return folder.path(f"lists/{index_name(list_digest, traffic.digest if traffic else None)}")


def index_name(list_digest: str, traffic: str | None) -> str:
    """The name of the folder of a list, weighed with the table of that digest where there is one."""
    return list_digest if traffic is None else digest(["weighed", list_digest, traffic])


def keep_weighed(folder: NodeFolder, files: Files, list_digest: str, traffic: tuple[str, Traffic]) -> list[KeptFile]:
    """Calibrates a list with a table (its digest, and itself) and keeps what came of it beside the list."""
    screener = Screener.open(folder.path(f"lists/{list_digest}"))
    return files.keep_folder(index_name(list_digest, traffic[0]), _writer(screener, traffic[1]))


def kept_traffic(table: TableVersion, folder: NodeFolder) -> Traffic:
    """The table of that version. Raises ``BROKEN`` where its file is gone or damaged."""
    counts = json.loads(table.counts)
    rows = known_frame(folder, json.loads(table.inputs)["frame"])
    return Traffic(rows, parties=counts["parties"], words=counts["words"])


def table_digest(counts: pl.DataFrame, *, parties: int, words: int) -> str:
    """SHA-256 (hex) of all that a table says."""
    return digest([TRAFFIC, parties, words, counts.rows()])


def _writer(screener: Screener, traffic: Traffic) -> Callable[[Path], None]:
    lines = screener.weighing(traffic).calibration
    return lambda into: save_weighing(Weighing(screener.version, traffic, lines), into)
