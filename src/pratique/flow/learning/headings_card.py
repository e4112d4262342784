"""The card of learned headings: from which declarations, how well they told later ones, and what they cannot do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from pratique.flow.learning.card import digest_of
from pratique.flow.learning.describing import described
from pratique.flow.learning.headings import LEAST_KNOWN, Headings, learn_headings
from pratique.flow.learning.packed import Unsound
from pratique.flow.learning.wording import letters_alone
from pratique.vocabulary.intervals import wilson

LIMITS: Final = ("headings.limit.usual", "headings.limit.question", "headings.limit.languages")
FIRST: Final = {"first": 1, "first_five": 5}
LATER: Final = 0.2  # of the declarations, by day, that the measures are taken on
_PLACES: Final = 6


def card_of(learned: Headings, rows: pl.DataFrame) -> Mapping[str, Any]:
    """The card of what was learned from ``rows`` (``consignment, lodged_on, description, heading``).

    The measures are those of headings learned from the first four fifths alone; none where that is too little.
    """
    days = rows["lodged_on"]
    return {
        "kind": "headings",
        "data": {
            "rows": learned.rows, "first_day": str(days.min()), "last_day": str(days.max()), "digest": digest_of(rows)
        },
        "descriptions": int((learned.times > 0).sum()),
        "headings": len({learned.codes[place] for place in learned.heading[learned.times > 0].tolist()}),
        "vague": 0 if learned.vague is None else learned.vague.known.shape[0],
        "metrics": _measured(rows),
        "limits": list(LIMITS),
    }  # fmt: skip


def headings_card(card: Any) -> Mapping[str, Any]:
    """The card, where it has what it is read for. Raises ``Unsound``."""
    try:
        data, metrics = card["data"], card["metrics"]
        whole = [data["rows"], card["descriptions"], card["headings"], card["vague"]]
        texts = [data["first_day"], data["last_day"], data["digest"], *card["limits"]]
        figures = [each[part] for each in metrics.values() for part in ("value", "low", "high")]
    except (KeyError, TypeError, AttributeError) as error:
        raise Unsound("card.json") from error
    if not all(type(each) is int and each >= 0 for each in whole) or not all(isinstance(each, str) for each in texts):
        raise Unsound("card.json, data")
    if not all(isinstance(each, float | int) and 0 <= each <= 1 for each in figures):
        raise Unsound("card.json, metrics")
    told: Mapping[str, Any] = card
    return told


def headings_markdown(card: Mapping[str, Any], digest: str) -> str:
    """The card as people read it."""
    from pratique.vocabulary.sentences import sentence

    data = card["data"]
    lines = [
        f"# Headings {digest[:12]}", "",
        f"Learned from {data['rows']:,} declarations of {data['first_day']} to {data['last_day']}: "
        f"{card['descriptions']:,} different descriptions under {card['headings']:,} headings, and the texts of the "
        f"Harmonized System. Descriptions refused as too vague: {card['vague']:,}. Table {data['digest'][:12]}.", "",
        "| measure, on later declarations, learned from the earlier ones | value | 95 % interval |", "|---|---|---|",
    ]  # fmt: skip
    for name, value in card["metrics"].items():
        told = sentence(f"headings.measure.{name}", {})
        lines.append(f"| {told} | {value['value']:.3f} | {value['low']:.3f} to {value['high']:.3f} |")
    return "\n".join([*lines, "", "## Limits", "", *(f"- {sentence(code, {})}" for code in card["limits"]), ""])


def _measured(rows: pl.DataFrame) -> Mapping[str, Any]:
    """How often the heading of later descriptions stands first, or among five, and how many of them are contradicted.

    Of the first two each description under a heading counts once, of the last one each declaration.
    """
    told = rows.drop_nulls().sort("lodged_on", "consignment").select("description", "heading")
    early, late = told.head(round(told.height * (1 - LATER))), told.tail(round(told.height * LATER))
    plain = early.select(letters_alone(pl.col("description")), "heading")
    if plain.n_unique() < LEAST_KNOWN or late.is_empty():
        return {}
    learned = learn_headings(early)
    asked = late.with_columns(letters_alone(pl.col("description"))).unique(maintain_order=True)
    shares, own = learned.shares(asked["description"].to_list()), learned.places(asked["heading"].to_list())
    place = [int((row > row[at]).sum()) if at >= 0 else len(row) for row, at in zip(shares, own.tolist(), strict=True)]
    found = late.join(described(learned, late), on=["description", "heading"])["heading_contradicted"].sum()
    within = {name: _share(sum(each < most for each in place), len(place)) for name, most in FIRST.items()}
    return within | {"contradicted": _share(int(found), late.height)}


def _share(count: int, of: int) -> Mapping[str, float]:
    low, high = wilson(count / of, of)
    return {
        name: round(float(value), _PLACES) for name, value in {"value": count / of, "low": low, "high": high}.items()
    }
