"""The node's own traffic: how common words are among the parties it knows, counted to weigh lists with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

import polars as pl

from pratique.flow.screening.traffic import FEWEST_PARTIES, Traffic, counted
from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.errors import refuse
from pratique.node.files import KeptFile
from pratique.node.hits.traffic import (
    TRAFFIC,
    keep_weighed,
    kept_traffic,
    table_digest,
    traffic_among,
    traffic_in_force,
)
from pratique.node.lake import keep_frames
from pratique.node.stages import Step
from pratique.node.storage.history import party_names
from pratique.node.storage.kept_files import name_files
from pratique.node.storage.store import Connection
from pratique.node.storage.versions import TableVersion, add_table, lists_in_force, row_digest, tables_in_force
from pratique.vocabulary.errors import Category

MOST_WORDS: Final = 1000
TOO_FEW: Final = "traffic.too_few"


@dataclass(frozen=True, slots=True)
class CountTraffic(Command[TableVersion]):
    """Counts how many of the parties known hold each word, and weighs every list in force with it.

    The table holds words and counts and no party; words that few parties hold are left out.
    """

    entry: ClassVar[str] = "traffic.counted"


@dataclass(frozen=True, slots=True)
class TrafficShown:
    """The table counted last, whether it ``is_in_force``, and the ``words`` that most parties hold.

    ``words`` has the columns ``word``, ``parties`` and ``information``: what the word proves at most.
    """

    version: TableVersion
    parties: int
    words: pl.DataFrame
    word_count: int
    is_in_force: bool


@dataclass(frozen=True, slots=True)
class ShowTraffic(Query[TrafficShown]):
    """The table counted last, with so many of its words, the most common first."""

    limit: int = 20


def count_traffic(command: CountTraffic, work: Work) -> Act[TableVersion]:
    """Raises ``CONFLICT`` where too few parties are known to say anything, or a list was loaded meanwhile."""
    work.say("counting")
    with work.store.reading() as connection:
        counts, parties, words = counted(party_names(connection))
        lists = [each.digest for each in lists_in_force(connection)]
    if parties < FEWEST_PARTIES:
        raise refuse(TOO_FEW, Category.CONFLICT, parties=parties, least=FEWEST_PARTIES)
    traffic = table_digest(counts, parties=parties, words=words), Traffic(counts, parties=parties, words=words)
    facts, kept = keep_frames({TRAFFIC: counts}, work.files)
    kept += _weighed(lists, traffic, work)

    def act(connection: Connection) -> Done[TableVersion]:
        if [each.digest for each in lists_in_force(connection)] != lists:
            raise refuse("traffic.lists_moved", Category.CONFLICT)
        work.files.recheck(kept)
        name_files(connection, kept, at=work.at)
        told = {"parties": parties, "words": words, "rows": counts.height}
        inputs = {"files": [], "frame": facts[TRAFFIC], "lists": lists}
        version = add_table(
            connection, kind=TRAFFIC, digest=traffic[0], counts=told, inputs=inputs, at=work.at, by=work.actor.name
        )
        outcome: dict[str, object] = {"digest": version.digest, "counts": told}
        return Done(version, command={"row": row_digest(version)} | outcome, outcome=outcome)

    return act


def _weighed(lists: list[str], traffic: tuple[str, Traffic], work: Work) -> list[KeptFile]:
    kept: list[KeptFile] = []
    for done, list_digest in enumerate(lists):
        work.say(Step("weighing", done, len(lists), "list"))
        kept += keep_weighed(work.folder, work.files, list_digest, traffic)
    return kept


def show_traffic(query: ShowTraffic, view: View) -> TrafficShown:
    """Raises ``NOT_FOUND`` where none was counted, ``REJECTED`` for a limit that cannot be."""
    if not 1 <= query.limit <= MOST_WORDS:
        raise refuse("queue.limit", limit=query.limit, most=MOST_WORDS)
    version = traffic_among(tables_in_force(view.connection))
    if version is None:
        raise refuse("traffic.none", Category.NOT_FOUND)
    traffic = kept_traffic(version, view.folder)
    first = traffic.counts.sort("parties", "word", descending=[True, False]).head(query.limit)
    proven = pl.Series("information", [traffic.information(word) for word in first["word"]], dtype=pl.Int64)
    return TrafficShown(
        version=version,
        parties=traffic.parties,
        words=first.with_columns(proven),
        word_count=traffic.counts.height,
        is_in_force=traffic_in_force(view.connection) is not None,
    )
