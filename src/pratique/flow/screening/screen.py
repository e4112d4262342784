"""A manifest against lists: every mention of a subject that answers to a listing, as frame ``HIT``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import polars as pl

from pratique.flow.screening.subjects import KEY, distinct, for_each_consignment, mentions
from pratique.vocabulary.frames import Manifest
from pratique.vocabulary.reasons import HIT


class Answering(Protocol):
    """A list that gives hits, here or in another process; ``version`` is its digest."""

    @property
    def version(self) -> str: ...

    def hits(self, frame: pl.DataFrame) -> pl.DataFrame: ...


def screen_manifest(manifest: Manifest, screeners: Mapping[str, Answering]) -> pl.DataFrame:
    """Hits of all lists, one row for each consignment, subject and listed entity, in the order of the manifest.

    ``screeners`` are the lists by their id. Each distinct subject is screened once on each list.
    """
    mentioned = mentions(manifest)
    asked = distinct(mentioned)
    found = [
        screener.hits(asked).with_columns(list_id=pl.lit(list_id), list_version=pl.lit(screener.version))
        for list_id, screener in sorted(screeners.items())
    ]
    if not found:
        return pl.DataFrame(schema=HIT)
    answering = asked.join(pl.concat(found), on="id", how="inner", maintain_order="left_right")
    told = mentioned.with_row_index("mention").join(
        answering, on=list(KEY), how="inner", nulls_equal=True, maintain_order="left_right"
    )
    once = for_each_consignment(told, manifest.consignments).unique(
        ["consignment", "subject", "role_code", "screened_value", "list_id", "entity_id"],
        keep="first",
        maintain_order=True,
    )
    order = ["consignment", "mention", "list_id", "score_permille", "listing_id"]
    return once.sort(order, descending=[False, False, False, True, False]).select(
        pl.col(name).cast(dtype) for name, dtype in HIT.items()
    )
