"""Goods without a heading: which ones their words speak for, as a help to whoever looks at them. It gives no points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pratique.node.folder import NodeFolder
from pratique.node.learning.speakers import headings_then
from pratique.vocabulary.codes.commodity import table
from pratique.vocabulary.errors import PratiqueError

MOST: Final = 3
_HEADING_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class LikelyHeading:
    """A heading, its share (permille) of all that the words speak for, and its English text in the HS 2022."""

    heading: str
    share_permille: int
    text: str


@dataclass(frozen=True, slots=True)
class LikelyHeadings:
    """The goods item (its number in the message) and its description, with at most three headings."""

    goods_item: int
    description: str
    headings: tuple[LikelyHeading, ...]


def likely_headings(
    goods_items: Sequence[Mapping[str, Any]], folder: NodeFolder, manifest: Mapping[str, Any]
) -> tuple[LikelyHeadings, ...]:
    """Of the goods items of a run that are described and have no heading, by the headings in force in that run.

    Nothing where none were, where they cannot be read any more, or where the words speak for none.
    """
    asked = [each for each in goods_items if each["description"] and _digits(each) < _HEADING_DIGITS]
    if not asked:
        return ()
    try:
        known = headings_then(folder, manifest)
    except PratiqueError:  # a help that is gone hinders nobody; doctor and replay say so
        return ()
    if known is None:
        return ()
    from pratique.flow.learning.describing import likely

    told = likely(known, [each["description"] for each in asked], most=MOST)
    texts = dict(table().select("code", "description").rows())
    return tuple(
        LikelyHeadings(
            each["goods_item"],
            each["description"],
            tuple(LikelyHeading(heading, share, texts.get(heading, "")) for heading, share in found),
        )
        for each, found in zip(asked, told, strict=True)
        if found
    )


def _digits(item: Mapping[str, Any]) -> int:
    return len(item["commodity_code"] or "")
