"""The tables of the documentation, written from the data themselves: shipped indicators and fields of the language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from pratique.flow.risk.fields import FIELDS
from pratique.flow.risk.language.syntax import CONSIGNMENT
from pratique.flow.risk.profiles import RiskProfile

_HEAD: Final = """# Shipped risk indicators

{count} risk profiles come with the package as data in `data/indicators`, one file per family. The rules are written in
the [rule language](rule-language.md). This page is written from the data.

## The scale of points

Points are our own judgement; an administration replaces them by its own. What they mean:

| Points | Kind of sign | Example |
| --- | --- | --- |
| 0 to 1 | true of a whole message or of many honest bills: shown, and hardly counted | totals of the message differ |
| 2 to 8 | general: worth something beside other signs, nothing alone | vague description |
| 10 to 20 | specific: the very figure or word that is out of line; few honest bills have it | packages far from peers |
| 25 to 45 | a contradiction that honest papers hardly ever hold | declared empty and heavy |
| 60 and more | enough by itself | a number on a list |

Points add up, so the scale keeps one specific sign above a pile of general ones: ten signs of two points do not outrank
one contradiction with a second sign beside it. A combination known from targeting practice (family `combinations`) is a
further reason with its own sentence and points, beside the signs it is made of. Signs that say the same of every bill
of a message give nothing, because they cannot rank bills; they stay visible as reasons. 60 is the high line.

Figures are compared with their peers inside the run: the median of the same subheading (else heading), at least eight
others, and the spread of that very group. A figure counts as far only if it is beyond the stated ratio *and* several
spreads away, so that groups that vary much by nature stay silent.

Only an identifier on a list, or a name that is the same or all but the same and not a common one (880 thousandths),
makes a control mandatory; a name that only likely answers gives points.
"""


def indicator_page(profiles: Sequence[RiskProfile]) -> str:
    """The text of ``docs/reference/indicators.md``: one table per family, the part of the id before the first dot."""
    families = dict.fromkeys(profile.id.split(".")[0] for profile in profiles)
    sections = [_family(family, [p for p in profiles if p.id.split(".")[0] == family]) for family in families]
    head = _HEAD.format(count=len(profiles))
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
