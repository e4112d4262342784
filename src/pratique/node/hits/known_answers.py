"""The answers that a run works with: pairs that somebody answered to be different and that nothing changed since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from pratique.flow.screening import Mentioned
from pratique.flow.screening.memory import KNOWN_ANSWER, no_answers
from pratique.node.folder import NodeFolder
from pratique.node.hits.pairs import entry_digests, quieting
from pratique.node.storage.dispositions import StoredDisposition, dispositions_of_parties
from pratique.node.storage.store import Connection
from pratique.node.storage.versions import ListVersion
from pratique.vocabulary.history import party_keys


def known_answers(
    connection: Connection, folder: NodeFolder, mentioned: Mentioned, *, lists: Sequence[ListVersion], at: datetime
) -> pl.DataFrame:
    """The answers (schema ``KNOWN_ANSWER``) about what a manifest mentions that hold at that moment.

    An answer holds as long as its time is not over, nobody answered otherwise since, and the entry is in the list in
    force as it was. Whether the party is as it was, screening sees.
    """
    keys = party_keys(mentioned.subjects["screened_value"])["party_key"].unique()
    given = dispositions_of_parties(connection, keys)
    if not given:
        return no_answers()
    by_pair: dict[str, list[StoredDisposition]] = {}
    for each in given:
        by_pair.setdefault(each.pair, []).append(each)
    holding = [each for about in by_pair.values() for each in quieting(about, at)]
    now = {version.list_id: version.digest for version in lists}
    entries = entry_digests(
        folder,
        pl.DataFrame(
            [(now[each.list_id], each.entity_id) for each in holding if each.list_id in now],
            schema={"list_version": pl.String, "entity_id": pl.String},
            orient="row",
        ).unique(maintain_order=True),
    )
    rows = [
        (each.subject, each.party_key, each.list_id, each.entity_id, each.party_sha256, each.seq)
        for each in holding
        if entries.get((now.get(each.list_id, ""), each.entity_id)) == each.entry_sha256
    ]
    return pl.DataFrame(sorted(rows, key=lambda row: row[-1]), schema=dict(KNOWN_ANSWER), orient="row")
