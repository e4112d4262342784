"""List hits: which are open, one of them side by side, and the three answers, which look alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup
from starlette.responses import Response

from pratique.desk.hit_words import (
    SCORE_PARTS,
    answer_words,
    changes_told,
    cost_told,
    entry_now_words,
    grade_words,
    kinds_told,
    since_words,
    state_words,
    subject_words,
    view_words,
)
from pratique.desk.pages.queue_rows import raised_words
from pratique.desk.pictures.comparison import alert_scale, field_bar
from pratique.desk.visit import Visit
from pratique.node.errors import refuse
from pratique.node.handlers.control_list import ListReasonCodes
from pratique.node.handlers.dispositions import DisposeHit
from pratique.node.handlers.hits import HitShown, ListHits, ShowHit
from pratique.node.handlers.lists import ListLists
from pratique.node.handlers.undoing import UndoAct
from pratique.node.hits.compared import FieldCompared, said_of_words
from pratique.vocabulary.errors import Category

ANSWERS: Final = (("same", "y"), ("different", "n"), ("cannot_tell", "u"))


@dataclass(frozen=True, slots=True)
class ComparedField:
    """One row of the comparison: words for the field and the verdict, both sides, points of a hundred and their bar."""

    name: str
    declared: str
    listed: str
    says: str
    points: str
    is_told: bool
    bar: Markup


@dataclass(frozen=True, slots=True)
class Asking:
    """The dialog of one answer: its words and the coded reasons it may have."""

    answer: str
    words: str
    reasons: list[tuple[str, str]]


def show_list(visit: Visit) -> Response:
    """Hits in the order of work: the open ones, unless another view is asked for; and what alerts cost."""
    views = view_words(visit)
    chosen = visit.asked("view") if visit.asked("view") in views else "open"
    call, run = visit.asked("call") or None, visit.asked("run") or None
    found = visit.ask(ListHits(run, call, chosen))
    scope = "".join(f"&{name}={value}" for name, value in (("run", run), ("call", call)) if value)
    return visit.page(
        "hits.html",
        it=found,
        chosen=chosen,
        views=views,
        counts={**found.counts, "all": sum(found.counts[state] for state in state_words(visit))},
        minutes=found.counts["open"] * found.minutes_per_hit,
        states=state_words(visit),
        scope=scope,
        subjects=subject_words(visit),
        changes=since_words(visit),
        entry_now=entry_now_words(visit),
        lines=[
            (each, cost_told(visit, each.alert_line), kinds_told(visit, each.alert_line))
            for each in visit.ask(ListLists(only_in_force=True))
        ],
    )


def show(visit: Visit) -> Response:
    """Both sides of one hit, and what follows from each answer."""
    return _page(visit, _hit(visit), asking=None)


def ask(visit: Visit) -> Response:
    """The dialog that asks for the reason of an answer."""
    wanted = visit.request.path_params["answer"]
    words = answer_words(visit)
    if wanted not in words:
        raise refuse("hits.no_answer", Category.REJECTED, answer=wanted, known=", ".join(words))
    known = [each.code for each in visit.ask(ListReasonCodes()) if each.act == wanted]
    asking = Asking(wanted, words[wanted], [(code, visit.reason_words(code)) for code in known])
    if visit.partial:
        return visit.part("hit.html", "ask", asking=asking, here=_here(visit))
    return _page(visit, _hit(visit), asking=asking)


def answer(visit: Visit) -> Response:
    """Keeps the answer and takes the next open hit in hand."""
    run, number = visit.request.path_params["run"], visit.request.path_params["number"]
    before = _hit(visit)
    command = DisposeHit(run, number, visit.given("answer"), visit.given("reason"), visit.given("note").strip())
    done = visit.execute(command)
    told = {"done": str(done.act), "of": f"{run}/{number}", "stands": str(int(done.stands))}
    if before.next_open is None:
        return visit.go("/hits", **told)
    return visit.go(f"/hits/{before.next_open[0]}/{before.next_open[1]}", **told)


def undo(visit: Visit) -> Response:
    """Takes an answer back; the hit is in hand again."""
    given = visit.given("act")
    visit.execute(UndoAct(int(given) if given.isdecimal() and len(given) < 10 else 0))
    return visit.go(_here(visit))


def _hit(visit: Visit) -> HitShown:
    return visit.ask(ShowHit(visit.request.path_params["run"], visit.request.path_params["number"]))


def _here(visit: Visit) -> str:
    path = visit.request.path_params
    return f"/hits/{path['run']}/{path['number']}"


def _page(visit: Visit, hit: HitShown, *, asking: Asking | None) -> Response:
    number, line = visit.figures.number, hit.alert_line.of(hit.entry.kind) or hit.alert_line
    threshold = line.threshold_permille
    score, begins = number(hit.line.score_permille / SCORE_PARTS), number(threshold / SCORE_PARTS)
    told = visit.gettext("Score %(score)s on a scale from 0 to 100; alerts begin at %(line)s") % {
        "score": score,
        "line": begins,
    }
    words = visit.gettext("alerts begin: %(n)s in 1,000 ordinary names, %(minutes)s minutes") % {
        "n": number(line.alerts_per_1000),
        "minutes": number(round(line.alerts_per_1000 * hit.alert_line.minutes_per_hit, 1)),
    }
    subjects = subject_words(visit)
    return visit.page(
        "hit.html",
        it=hit,
        here=_here(visit),
        question=_question(visit, hit),
        subject=subjects.get(hit.line.role_code or "") or subjects.get(hit.line.subject, hit.line.subject),
        score=score,
        fields=[_field(visit, each) for each in hit.fields],
        scale=alert_scale(hit.line.score_permille, threshold, told=told, begins=words, number=score, line=begins),
        how=_how_words(visit),
        of_words=[visit.told(each["code"], each["params"]) for each in said_of_words(hit.reasons)],
        states=state_words(visit),
        since=since_words(visit),
        changes=changes_told(visit, hit.changes),
        entry_now=entry_now_words(visit).get(hit.line.entry_now),
        grade=grade_words(visit, hit.entry.source_grade, hit.entry.information_grade),
        cost=kinds_told(visit, hit.alert_line, hit.entry.kind) or [cost_told(visit, hit.alert_line)],
        answers=[(answer, key, answer_words(visit)[answer]) for answer, key in ANSWERS],
        needs_second=hit.line.score_permille >= hit.second_person_from,
        may_answer=visit.may(DisposeHit),
        done=_done(visit),
        asking=asking,
        raised=raised_words(visit, hit.consignment),
        without=hit.consignment.score - hit.list_points,
    )


def _done(visit: Visit) -> Mapping[str, Any] | None:
    """What was answered a moment ago, so that it can be taken back: the act, the hit and whether it stands."""
    act = visit.asked("done")
    run, _, number = visit.asked("of").partition("/")
    if not (act.isdecimal() and run.isalnum() and number.isdecimal()):
        return None
    return {"act": act, "path": f"/hits/{run}/{number}", "stands": visit.asked("stands") != "0"}


def _question(visit: Visit, hit: HitShown) -> str:
    subjects = subject_words(visit)
    kinds = {
        "person": visit.gettext("person"),
        "organisation": visit.gettext("company"),
        "vessel": visit.gettext("vessel"),
        "equipment": visit.gettext("box"),
        "document": visit.gettext("document"),
    }
    told = visit.gettext("Is the %(declared)s the listed %(listed)s?")
    declared = subjects.get(hit.line.role_code or "") or subjects.get(hit.line.subject, visit.gettext("party"))
    return told % {"declared": declared, "listed": kinds.get(hit.entry.kind, visit.gettext("party"))}


def _field(visit: Visit, field: FieldCompared) -> ComparedField:
    names = {
        "name": visit.gettext("Name"),
        "number": visit.gettext("Number"),
        "country": visit.gettext("Country"),
        "address": visit.gettext("Address"),
        "birth_date": visit.gettext("Birth date"),
    }
    verdicts = {
        "agrees": visit.gettext("Agrees"),
        "differs": visit.gettext("Differs"),
        "says_nothing": visit.gettext("Says nothing either way"),
        "not_compared": visit.gettext("Cannot be compared"),
    }
    is_whole = field.field == "name" and field.verdict == "agrees"
    said = visit.gettext("Compared as a whole") if is_whole else verdicts[field.verdict]
    sign = "+" if field.points > 0 else ""
    return ComparedField(
        name=names[field.field],
        declared="; ".join(field.declared),
        listed="; ".join(field.listed),
        says=visit.told(field.code, field.params) if field.code else said,
        points=sign + visit.figures.number(field.points / SCORE_PARTS),
        is_told=field.verdict in ("agrees", "differs"),
        bar=field_bar(field.points),
    )


def _how_words(visit: Visit) -> dict[str, str]:
    return {
        "equal": visit.gettext("same"),
        "alike": visit.gettext("nearly the same"),
        "initial": visit.gettext("agrees as far as the initial goes"),
        "cut_off": visit.gettext("cut off"),
        "joined": visit.gettext("one word for two"),
        "split": visit.gettext("two words for one"),
        "run": visit.gettext("blanks elsewhere"),
        "sound": visit.gettext("sounds the same"),
        "skeleton": visit.gettext("the same consonants"),
        "variant": visit.gettext("a form of the same name"),
        "unvowelled": visit.gettext("written without vowels"),
        "misread": visit.gettext("misread by a machine"),
        "article": visit.gettext("with or without the article"),
        "servant": visit.gettext("with or without ABD"),
        "acronym": visit.gettext("the first letters"),
        "only_declared": visit.gettext("not on the list"),
        "only_listed": visit.gettext("only on the list"),
    }
