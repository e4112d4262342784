"""What hits raised since add to the scores of a run, as it stands now: points, and which change of a list brought them.

The points of a change stand beside a consignment as long as one of the hits that it raised there was not answered to be
somebody else. The score of the run stays what it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from pratique.node.hits.pairs import DIFFERENT, answers_by_pair
from pratique.node.hits.raised import RAISED_BY, RAISED_REASON
from pratique.node.storage.dispositions import StoredDisposition
from pratique.node.storage.raised_reasons import REASON_COLUMNS, raised_reasons_of_run
from pratique.node.storage.store import Connection


def standing_reasons(connection: Connection, run_seq: int, hits: Callable[[], pl.DataFrame]) -> pl.DataFrame:
    """The reasons (schema ``RAISED_REASON``) that stand beside the run; ``hits`` gives its ``hit_facts``."""
    rows = raised_reasons_of_run(connection, run_seq)
    if not rows:
        return pl.DataFrame(schema=dict(RAISED_REASON))
    stored = pl.DataFrame(rows, schema=list(REASON_COLUMNS), orient="row", infer_schema_length=None)
    told = stored.rename({"seq": RAISED_BY}).select(
        pl.col(name) != 0 if dtype == pl.Boolean else pl.col(name).cast(dtype) for name, dtype in RAISED_REASON.items()
    )
    standing = _standing(connection, hits().filter(pl.col(RAISED_BY).is_not_null()))
    return told.join(standing, on=["consignment", RAISED_BY], how="semi", maintain_order="left")


def _standing(connection: Connection, raised: pl.DataFrame) -> pl.DataFrame:
    """``consignment`` and ``raised_by`` of the hits that nobody answered, since they were raised, to be others."""
    answers = answers_by_pair(connection, raised["pair"])
    kept = [not _are_others(row, answers.get(row["pair"], ())) for row in raised.iter_rows(named=True)]
    return raised.filter(pl.Series(kept, dtype=pl.Boolean)).select("consignment", RAISED_BY)


def _are_others(hit: Mapping[str, Any], about_pair: Sequence[StoredDisposition]) -> bool:
    since = [each for each in about_pair if each.undone_seq is None and each.stands and each.seq > hit[RAISED_BY]]
    return bool(since) and since[-1].answer == DIFFERENT
