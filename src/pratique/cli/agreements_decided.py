"""``agreements``: what the gate says to facts, decisions made again, who may act where, and legal bases."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pratique.cli.agreements import LONGEST, app, say_all, slots
from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.session import acting, language_of, language_where, opened
from pratique.cli.texts import text_of
from pratique.vocabulary.languages import ENGLISH
from pratique.vocabulary.sentences import coded, sentence

if TYPE_CHECKING:
    from pratique.node.handlers.agreements_decided import May
    from pratique.partners.agreements import Facts, Told

__all__ = ["app"]

FactsArgument = Annotated[Path, typer.Argument(metavar="FACTS", readable=False, help="The facts as JSON.")]


@app.command("decide")
def decide_facts(
    facts: FactsArgument,
    agreement: Annotated[str, typer.Option("--agreement", help="The agreement to rely on.")],
    clause: Annotated[str, typer.Option("--clause", help="The clause to rely on.")],
    attempt: Annotated[bool, typer.Option("--try", help="Only say what would come of it; keep nothing.")] = False,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Decide whether a clause permits what the facts describe, keep the decision, and explain it."""
    from pratique.node.handlers.agreements_decided import DecideDisclosure, PreviewDisclosure

    given = _facts(facts)
    with opened(node) as at:
        language = language_of(at)
        if attempt:
            preview = at.ask(PreviewDisclosure(agreement, clause, given, ()), actor=acting(actor))
            decision, lines, kept = preview.disclosure.decision, preview.lines, None
        else:
            decided = at.execute(DecideDisclosure(agreement, clause, given), actor=acting(actor))
            decision, lines, kept = decided.explanation.decision, decided.lines, decided.stored.id
    payload = {
        "decision": kept,
        "verdict": decision.verdict.value,
        "article": decision.article,
        "verified": decision.verified,
        "duties": decision.duties.as_data() if decision.duties else None,
        "lines": [each.text(language) for each in lines],
    }
    show(payload, as_json=as_json, render=lambda: _render_lines(lines, language, kept))


@app.command("who-may")
def who_may(
    facts: FactsArgument, node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False
) -> None:
    """Which clauses of which agreements would permit what the facts describe; none is chosen."""
    from pratique.node.handlers.agreements_decided import WhoMay

    given = _facts(facts)
    with opened(node) as at:
        found = at.ask(WhoMay(given), actor=acting(actor))
        language = language_of(at)

    def render() -> None:
        rows = [(each.agreement, each.version, _clauses(each), "\n".join(_way(each, language))) for each in found]
        table("", ["agreement", "version", "permitted by", "else the smallest lawful change"], rows, right=["version"])

    payload = [
        {"agreement": each.agreement, "version": each.version, "clauses": list(each.permitted_by), "way": _way(each)}
        for each in found
    ]
    show({"agreements": payload}, as_json=as_json, render=render)


@app.command("decisions")
def list_decisions(
    limit: Annotated[int, typer.Option("--limit", help="How many, newest first.", min=1, max=1_000)] = 20,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """The newest decisions of the gate, permissions and refusals alike."""
    from pratique.node.handlers.agreements_decided import ListDecisions

    with opened(node) as at:
        found = at.ask(ListDecisions(limit), actor=acting(actor))

    def render() -> None:
        rows = [(each.id, each.at, each.verdict, each.agreement_id, each.clause, each.recipient) for each in found]
        table("", ["decision", "at", "verdict", "agreement", "clause", "recipient"], rows)

    show({"decisions": [{**slots(each), "id": each.id} for each in found]}, as_json=as_json, render=render)


@app.command("replay")
def replay_decision(
    decision: Annotated[str, typer.Argument(metavar="DECISION", help="As pratique agreements decisions names it.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a decision again from what was kept, and say whether it gives the same bytes."""
    from pratique.node.handlers.agreements_decided import ReplayDecision

    with opened(node) as at:
        made = at.ask(ReplayDecision(decision), actor=acting(actor))
    payload = {"decision": decision, "same": made.same, "engine_then": made.engine_then, "engine_now": made.engine_now}
    told = "Decided again to the same bytes." if made.same else "DECIDED OTHERWISE: what was kept was changed."
    show(
        payload, as_json=as_json, render=lambda: say(f"{told} Engine then: {made.engine_then}, now: {made.engine_now}.")
    )
    if not made.same:
        raise typer.Exit(1)


@app.command("competence")
def show_competence(
    authority: Annotated[str, typer.Argument(help="customs, police, coast_guard ...")],
    act: Annotated[str, typer.Argument(help="pursue, seize, search_means ...")],
    place: Annotated[str, typer.Argument(help="own_territory, high_seas, partner_territory ...")],
    node: NodeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Whether an authority may do something in a place, by which article; needs no node."""
    from pratique.node.errors import refuse
    from pratique.partners.agreements import in_language
    from pratique.partners.agreements.competence import competence, known

    for name, given in (("authorities", authority), ("acts", act), ("places", place)):
        if given not in known(name):
            words = ", ".join(known(name))
            raise refuse("agreements.unknown_word", found=given[:80], kind=name, expected=words)
    rule = competence(authority, act, place)
    language = language_where(node)
    told = [coded("competence", rule.answer, language)]
    if rule.id:
        told[0] += f" {in_language(rule.says, language)} ({in_language(rule.article, language)})"
    if rule.id and not rule.verified:
        told.append(sentence("agreements.not_compared", {}, language))
    show(rule, as_json=as_json, render=lambda: say_all(told))


@app.command("bases")
def show_bases(node: NodeOption = None, as_json: JsonOption = False) -> None:
    """What officers rely on, in plain words, and where each ends; needs no node."""
    from pratique.partners.agreements import in_language
    from pratique.partners.agreements.competence import legal_bases

    language = language_where(node)
    rows = [
        (
            *(in_language(text, language) for text in (each.article, each.says, each.limits)),
            "yes" if each.verified else "NO",
        )
        for each in legal_bases()
    ]
    columns = ["article", "what it lets one do", "where it ends", "compared"]
    show({"bases": legal_bases()}, as_json=as_json, render=lambda: table("", columns, rows))


def _facts(file: Path) -> Facts:
    """The facts in a file; the day is today where they say none."""
    from pratique.node.errors import refuse
    from pratique.partners.agreements import facts_from

    try:
        given = json.loads(text_of(file, most_bytes=LONGEST))
    except (ValueError, RecursionError) as fault:
        raise refuse("agreements.facts.no_json", file=str(file), fault=str(fault)[:120]) from fault
    if isinstance(given, dict):
        given = {"at": datetime.now(UTC).date().isoformat(), **given}
    return facts_from(given)


def _clauses(may: May) -> str:
    return ", ".join(f"{each.clause} ({each.article})" for each in may.permitted_by)


def _way(may: May, language: str = ENGLISH) -> list[str]:
    from pratique.partners.agreements import told_way

    return [each.text(language) for each in told_way(may.way_out)] if may.way_out else []


def _render_lines(lines: Iterable[Told], language: str, kept: str | None) -> None:
    say_all("  " * each.under + each.text(language) for each in lines)
    if kept is not None:
        say(f"Kept as decision {kept}.")
