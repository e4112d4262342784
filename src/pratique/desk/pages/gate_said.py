"""What the gate says of a message before it goes, as pages show it: field by field, the verdict, duties, ways out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pratique.desk.shared_words import field_value, field_word, shown
from pratique.desk.visit import Visit
from pratique.node.handlers.agreements_shares import ShareSeen
from pratique.partners.agreements import Verdict, told_duties, told_way, worded
from pratique.vocabulary.sentences import coded

LONGEST_VALUE: Final = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One field as the page shows it."""

    name: str
    words: str
    value: str
    kind: str
    sent: bool
    why: str
    left_out: bool = False


def rows_said(visit: Visit, seen: ShareSeen, drafted: Mapping[str, Any]) -> list[Row]:
    """What the message holds; then what the officer keeps here."""
    decided = {each.field.name for each in seen.fields}
    kept = {str(each) for each in visit.form.getlist("leave_out")} & drafted.keys() - decided
    return [
        Row(
            name=each.field.name,
            words=field_word(visit, each.field.name),
            value=field_value(visit, each.field.name, each.field.value)[:LONGEST_VALUE],
            kind=kind_word(visit, each.field.category.code),
            sent=each.sent,
            why=each.withheld.text(visit.language) if each.withheld else "",
        )
        for each in seen.fields
    ] + [
        Row(
            name,
            field_word(visit, name),
            shown(drafted[name], visit.language)[:LONGEST_VALUE],
            "",
            False,
            "",
            True,
        )
        for name in sorted(kept)
    ]


def gate_said(visit: Visit, seen: ShareSeen) -> dict[str, Any]:
    """The verdict, the conditions met, the duties and the ways out, as sentences."""
    decision = seen.disclosure.decision
    tongue = visit.language
    ways = [
        (
            ", ".join(sorted({kind_word(visit, each.category) for each in fields})),
            [each.text(tongue) for each in told_way(way)] if way else [],
        )
        for fields, way in seen.ways
    ]
    met = len(decision.met)
    lines = [(each.under, each.text(tongue)) for each in seen.lines]
    return {
        "permitted": decision.verdict is Verdict.PERMITTED,
        "head": lines[0][1],
        "met": [text for _, text in lines[1 : met + 1]],
        "duties": [each.text(tongue) for each in told_duties(decision.duties)] if decision.duties else [],
        "reasons": [] if decision.permitted else lines[1:],
        "unverified": ""
        if decision.verified
        else visit.told("gate.unverified", worded({"article": decision.article}, tongue)),
        "ways": ways,
    }


def kind_word(visit: Visit, code: str) -> str:
    """The word that agreements have for a kind of data, a purpose, a marking."""
    return coded("term", code, visit.language)
