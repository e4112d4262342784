"""A changed list against what is known already: the hits of consignments that were assessed before it changed.

In: the manifest of an earlier run, the list as it is now, and which entries and consignments matter. Out: hits, as
screening gives them. It never looks at entries that did not change.
"""

from __future__ import annotations

import polars as pl

from pratique.flow.screening.screen import screen_manifest
from pratique.flow.screening.screener import Screener
from pratique.vocabulary.frames import Manifest


def hits_of_difference(
    manifest: Manifest, screener: Screener, *, list_id: str, consignments: pl.Series
) -> pl.DataFrame:
    """The hits (schema ``HIT``) of those consignments on what ``screener`` holds: the changed entries of the list.

    It is one made by :meth:`Screener.among`: the difference alone is asked, but what a word is worth is a matter of the
    whole list, so that the scores are those that an assessment would find.
    """
    found = screen_manifest(only_consignments(manifest, consignments), {list_id: screener})
    return found.filter(pl.col("consignment").is_in(consignments.implode()))


def only_consignments(manifest: Manifest, consignments: pl.Series) -> Manifest:
    """The manifest with what belongs to those consignments or to their messages as a whole, and nothing else."""
    kept = pl.col("consignment").is_in(consignments.implode())
    whole = pl.col("consignment").is_null()
    of_message = pl.col("message").is_in(manifest.consignments.filter(kept)["message"].unique().implode())
    return manifest.replace(
        message=manifest.message.filter(of_message),
        consignments=manifest.consignments.filter(kept),
        goods_items=manifest.goods_items.filter(kept),
        equipment=manifest.equipment.filter(of_message & (kept | whole)),
        parties=manifest.parties.filter(of_message & (kept | whole)),
        transport=manifest.transport.filter(of_message),
    )
