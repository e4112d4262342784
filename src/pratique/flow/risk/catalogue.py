"""The tables of the documentation, written from the data themselves: shipped indicators and fields of the language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pratique.flow.risk.fields import FIELDS
from pratique.flow.risk.language.syntax import CONSIGNMENT
from pratique.flow.risk.profiles import RiskProfile


def indicator_page(profiles: Sequence[RiskProfile]) -> str:
    """The text of ``docs/reference/indicators.md``: one table per family, the part of the id before the first dot."""
    families = dict.fromkeys(profile.id.split(".")[0] for profile in profiles)
    sections = [_family(family, [p for p in profiles if p.id.split(".")[0] == family]) for family in families]
    head = (
        "# Shipped risk indicators\n\n"
        f"{len(profiles)} risk profiles come with the package as data in `data/indicators`, one file per family. "
        "Points are our own judgement: 3 to 15 for a weak sign, 60 is the high line; an administration replaces them "
        "by its own. The rules are written in the [rule language](rule-language.md). "
        "This page is written from the data.\n"
    )
    return "\n".join([head, *sections])


def field_tables() -> str:
    """The fields a rule may name, one table per scope, as they stand in ``docs/reference/rule-language.md``."""
    scopes = dict.fromkeys(spec.scope for spec in FIELDS)
    return "\n".join(_scope(scope) for scope in scopes)


def _family(family: str, profiles: Iterable[RiskProfile]) -> str:
    rows = [
        (
            f"`{profile.id}`",
            profile.sentence,
            f"`{' '.join(profile.rule.split())}`",
            profile.risk_type.value,
            str(profile.points),
            f"{profile.control.value}{', mandatory' if profile.mandatory else ''}",
            profile.source,
        )
        for profile in profiles
    ]
    return f"## {family}\n\n" + _table(("Profile", "Sentence", "Rule", "Risk", "Points", "Control", "Source"), rows)


def _scope(scope: str) -> str:
    title = "The consignment" if scope == CONSIGNMENT else f"`{scope}`"
    rows = [
        (f"`{spec.name}`", spec.type.value, spec.unit.replace("_", " "), spec.sentence)
        for spec in FIELDS
        if spec.scope == scope
    ]
    return f"### {title}\n\n" + _table(("Field", "Type", "Unit", "What it says"), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"
