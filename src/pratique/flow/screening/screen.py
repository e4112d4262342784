"""A manifest against lists: every mention of a subject that answers to a listing, as frame ``HIT``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import polars as pl

from pratique.flow.screening.subjects import KEY, Mentioned, for_each_consignment
from pratique.vocabulary.frames import Manifest
from pratique.vocabulary.reasons import HIT


class Answering(Protocol):
    """A list that gives hits, here or in another process; ``version`` is its digest."""

    @property
    def version(self) -> str: ...

    def hits(self, frame: pl.DataFrame) -> pl.DataFrame: ...


def screen_manifest(
    manifest: Manifest, screeners: Mapping[str, Answering], *, ahead: Mentioned | None = None
) -> pl.DataFrame:
    """Hits of all lists, one row for each consignment, subject and listed entity, in the order of the manifest.

    ``screeners`` are the lists by their id. Each distinct subject is screened once on each list. What was found
    ``ahead`` to be screened is not looked for again, where it was found in the frames of this manifest.
    """
    mentioned = ahead if ahead is not None and ahead.is_of(manifest) else Mentioned.of(manifest)
    return screen_mentions(mentioned, screeners)


def screen_mentions(mentioned: Mentioned, screeners: Mapping[str, Answering]) -> pl.DataFrame:
    """The same for what is ``mentioned``, which may be some of what the manifest mentions."""
    found = [
        screener.hits(mentioned.subjects).with_columns(list_id=pl.lit(list_id), list_version=pl.lit(screener.version))
        for list_id, screener in sorted(screeners.items())
    ]
    if not found:
        return pl.DataFrame(schema=HIT)
    answering = mentioned.subjects.join(pl.concat(found), on="id", how="inner", maintain_order="left_right")
    told = mentioned.mentions.with_row_index("mention").join(
        answering, on=list(KEY), how="inner", nulls_equal=True, maintain_order="left_right"
    )
    once = for_each_consignment(told, mentioned.manifest.consignments).unique(
        ["consignment", "subject", "role_code", "screened_value", "list_id", "entity_id"],
        keep="first",
        maintain_order=True,
    )
    order = ["consignment", "mention", "list_id", "score_permille", "listing_id"]
    return once.sort(order, descending=[False, False, False, True, False]).select(
        pl.col(name).cast(dtype) for name, dtype in HIT.items()
    )
