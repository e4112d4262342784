"""The rows of a queue as a page shows them: each line with its picture and its sentences, and what stands between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from markupsafe import Markup

from pratique.desk.look import box_number
from pratique.desk.pictures.waterfall import Axis, bar
from pratique.desk.visit import Visit
from pratique.flow.risk import render_reason
from pratique.node.handlers.queue_page import QueueLine, QueuePageShown
from pratique.node.runs.queue_lines import QueueReason
from pratique.node.runs.raised_lines import RaisedReason
from pratique.node.storage.control_acts import StoredAct
from pratique.vocabulary.model_reasons import is_of_a_model, model_sentence
from pratique.vocabulary.reasons import Control
from pratique.vocabulary.sentences import kilograms

SLOTS: Final = (Control.OPEN.value, Control.SCAN.value, Control.DOCUMENTS.value)
MILLION: Final = 1_000_000
STRONGEST: Final = {control: number for number, control in enumerate(SLOTS)}


@dataclass(frozen=True, slots=True)
class Seen:
    """A line with what an officer sees of it. ``asks_for`` is the control its reasons ask for, else a scan."""

    line: QueueLine
    title: str
    bar: Markup
    why: str
    more: str
    drawn: str
    chance: str
    mass: str
    asks_for: str
    told_acts: tuple[str, ...]
    raised: str
    classes: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One row of the table: a consignment (``row``), the head of the draw (``random``) or the ``cut`` line."""

    kind: str
    seen: Seen | None = None
    count: int = 0
    words: str = ""


def axis_of(shown: QueuePageShown) -> Axis:
    """The axis that all rows of the page share."""
    reached = [max(line.score - line.points.trust, line.score_now) for line in shown.rows]
    return Axis(max(reached, default=0), shown.high_line)


def pieces(visit: Visit, shown: QueuePageShown, *, first: int) -> list[Piece]:
    """The rows in order, with the head of the draw and the cut line where they lie; ``first`` counts from 0."""
    starts = {group.start: group for group in shown.groups}
    axis = axis_of(shown)
    found: list[Piece] = []
    for number, line in enumerate(shown.rows, start=first):
        group = starts.get(number)
        if group and group.group == "random":
            found.append(Piece("random", count=group.count))
        if group and group.group == "below":
            found.append(Piece("cut", words=_cut(visit, shown)))
        found.append(Piece("row", seen=seen(visit, line, axis)))
    return found


def seen(visit: Visit, line: QueueLine, axis: Axis) -> Seen:
    """One line with its picture and words."""
    points = {name: getattr(line.points, name) for name in ("list", "rules", "history", "model")}
    points["list"] += max(line.raised_points, 0)
    return Seen(
        line=line,
        title=_title(visit, line),
        bar=bar(axis, points, line.score_now, told=_points_told(visit, line)),
        why=sentence(visit, line.reasons[0]) if line.reasons else "",
        more=_more(visit, line),
        drawn=_drawn(visit, line),
        chance=_chance(visit, line),
        mass=kilograms(line.gross_mass_g, visit.language)
        if line.gross_mass_g is not None
        else visit.gettext("not stated"),
        asks_for=_asks_for(line.reasons),
        told_acts=tuple(_act_told(visit, act) for act in line.acts),
        raised=raised_words(visit, line),
        classes=" ".join(name for name, holds in (("below", line.group == "below"), ("waived", line.waived)) if holds),
    )


def raised_words(visit: Visit, line: QueueLine) -> str:
    """What lists that changed since the run add to the score, and what it is with that; empty where nothing came."""
    if not line.raised:
        return ""
    told = [
        visit.gettext("%(points)s by list %(list)s of %(day)s")
        % {
            "points": f"{each.points:+d}",
            "list": each.list_id,
            "day": visit.figures.day(date.fromisoformat(each.dated)),
        }
        for each in line.raised
    ]
    words = visit.gettext("Raised since: %(told)s; %(before)s → %(now)s.")
    return words % {"told": ", ".join(told), "before": line.score, "now": line.score_now}


def sentence(visit: Visit, reason: QueueReason | RaisedReason) -> str:
    """The sentence of a reason in the language of the page; its code where its profile is no longer known."""
    if reason.template is None:
        told = is_of_a_model(reason.profile_id)
        return model_sentence(reason.profile_id, reason.params, visit.language) if told else reason.profile_id
    return render_reason(reason.profile_id, reason.template, reason.params, visit.language)


def control_words(visit: Visit) -> dict[str, str]:
    """What each control is called."""
    return {
        "open": visit.gettext("Open"),
        "scan": visit.gettext("Scan"),
        "documents": visit.gettext("Check documents"),
        "audit": visit.gettext("Audit later"),
        "none": visit.gettext("No control"),
    }


def _title(visit: Visit, line: QueueLine) -> str:
    if not line.equipment_ids:
        return line.bill or line.consignment_id
    first, more = box_number(line.equipment_ids[0]), len(line.equipment_ids) - 1
    return f"{first} +{more}" if more else first


def _points_told(visit: Visit, line: QueueLine) -> str:
    names = {
        "list": visit.gettext("list hit"),
        "rules": visit.gettext("rules"),
        "history": visit.gettext("history"),
        "model": visit.gettext("model"),
        "trust": visit.gettext("less, for trust"),
    }
    parts = [f"{words} {value}" for name, words in names.items() if (value := getattr(line.points, name))]
    if line.raised_points:
        parts.append(visit.gettext("raised since %(points)s") % {"points": line.raised_points})
    return visit.gettext("%(score)s points: %(parts)s") % {"score": line.score_now, "parts": ", ".join(parts) or "0"}


def _more(visit: Visit, line: QueueLine) -> str:
    """How much the other reasons add."""
    others = line.reason_count - 1
    if others < 1:
        return ""
    words = visit.ngettext("%(n)s more reason, %(points)s", "%(n)s more reasons, %(points)s", others)
    return words % {"n": others, "points": f"{line.score - line.reasons[0].points:+d}"}


def _drawn(visit: Visit, line: QueueLine) -> str:
    if not line.is_random or line.probability is None:
        return ""
    chance = visit.figures.percent(line.probability, 2)
    return visit.gettext("Drawn with known probability, %(chance)s.") % {"chance": chance}


def _chance(visit: Visit, line: QueueLine) -> str:
    """The chance that the model in force sees, with its interval."""
    if line.chance_ppm is None or line.low_ppm is None or line.high_ppm is None:
        return ""
    names = {"chance": line.chance_ppm, "low": line.low_ppm, "high": line.high_ppm}
    shares = {name: visit.figures.percent(ppm / MILLION) for name, ppm in names.items()}
    return visit.gettext("Chance of a find %(chance)s (%(low)s to %(high)s).") % shares


def _asks_for(reasons: Sequence[QueueReason]) -> str:
    asked = [reason.control for reason in reasons if reason.control in STRONGEST]
    return min(asked, key=STRONGEST.__getitem__, default=Control.SCAN.value)


def _act_told(visit: Visit, act: StoredAct) -> str:
    words = {
        "selected": visit.gettext("Selected by %(who)s, %(time)s: %(control)s."),
        "waived": visit.gettext("Waived by %(who)s, %(time)s: %(reason)s"),
        "overridden": visit.gettext("Changed by %(who)s, %(time)s, to %(control)s: %(reason)s"),
    }
    return words[act.kind] % {
        "who": act.by,
        "time": visit.moment(act.at),
        "control": control_words(visit)[act.control].lower(),
        "reason": " ".join(filter(None, (visit.reason_words(act.reason), act.note))),
    }


def _cut(visit: Visit, shown: QueuePageShown) -> str:
    """What ends here, in numbers of the scope."""
    use = {each.control: each for each in shown.uses}
    return visit.gettext(
        "Capacity ends here: %(open)s openings, %(scan)s scans, %(documents)s document checks, %(random)s at random"
    ) % {
        **{name: use[name].by_value + use[name].by_officer for name in SLOTS},
        "random": sum(each.at_random for each in shown.uses),
    }
