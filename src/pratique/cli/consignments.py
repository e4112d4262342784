"""``show`` and ``explain``: one consignment, as declared and as judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import plain, say, show, table
from pratique.cli.session import acting, language_of, opened
from pratique.cli.units import for_people, heading

if TYPE_CHECKING:
    from pratique.node.handlers.consignments import ConsignmentShown, Explained, Found
    from pratique.node.runs.reason_sentences import Tell

ReferenceArgument = Annotated[str, typer.Argument(metavar="CONSIGNMENT", help="Short id or bill number.")]
LEFT_OUT = ("consignment", "message", "goods_item", "purpose", "retention_class")
BAR = 30


def show_one(
    reference: ReferenceArgument, node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False
) -> None:
    """A consignment as its message declared it: parties, boxes, goods, findings."""
    from pratique.node.handlers.consignments import ShowConsignment

    with opened(node) as at:
        shown = at.ask(ShowConsignment(reference), actor=acting(actor))
        language = language_of(at)
    show(shown, as_json=as_json, render=lambda: _render_shown(shown, language))


def explain(
    reference: ReferenceArgument, node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False
) -> None:
    """Why a consignment has its score and its channel: every point and every piece of evidence."""
    from pratique.node.handlers.consignments import ExplainConsignment
    from pratique.node.runs.reason_sentences import reason_sentences

    with opened(node) as at:
        explained = at.ask(ExplainConsignment(reference), actor=acting(actor))
        language = language_of(at)
        tell = reason_sentences(at, acting(actor), language)
    payload = plain(explained)
    for reason, told in zip(explained.reasons, payload["reasons"], strict=True):
        told["sentence"] = tell(reason.reason)
    for raised, told in zip(explained.raised, payload["raised"], strict=True):
        for each, said in zip(raised.reasons, told["reasons"], strict=True):
            said["sentence"] = tell(each)
    show(payload, as_json=as_json, render=lambda: _render_explained(explained, tell, language))


def _render_shown(shown: ConsignmentShown, language: str) -> None:
    _headline(shown.found, shown.decision)
    _facts("declared", shown.consignment)
    for title, rows in (
        ("parties", shown.parties),
        ("boxes", shown.equipment),
        ("goods items", shown.goods_items),
        ("transport", shown.transport),
    ):
        for number, row in enumerate(rows, start=1):
            _facts(f"{title} {number}", row)
    _findings(shown.findings, language)


def _render_explained(explained: Explained, tell: Tell, language: str) -> None:
    _headline(explained.found, explained.decision)
    total = max(sum(each.reason.points for each in explained.reasons if each.reason.points > 0), 1)
    running, rows = 0, []
    for each in explained.reasons:
        start, running = running, running + each.reason.points
        low, high = (min(max(at, 0) * BAR // total, BAR) for at in sorted((start, running)))
        bar = " " * low + ("█" if each.reason.points > 0 else "░") * max(high - low, 1)
        rows.append((f"{each.reason.points:+d}", running, bar, each.reason.risk_type, tell(each.reason)))
    table("", ["points", "sum", "waterfall", "risk type", "reason"], rows, right=["points", "sum"])
    say(f"Score {explained.score['score']}, the sum of {len(explained.reasons)} reason(s).")
    for line in (*_raised(explained, tell), *_said_by_models(explained, language), *_likely(explained, language)):
        say(line)
    evidence = [line for each in explained.reasons for line in evidence_lines(each.reason.profile_id, each.evidence)]
    if evidence:
        table("Evidence", ["profile", "field", "value", "place in the message"], evidence)
    if explained.hits:
        names = ("subject", "screened_value", "list_id", "listed_name", "programme", "score_permille", "basis")
        told = [[for_people(name, hit[name])[1] for name in names] for hit in explained.hits]
        table("List hits", [heading(name.removesuffix("_permille")) for name in names], told, right=["score"])
    _version(explained.version)
    _findings(explained.findings, language)


def _raised(explained: Explained, tell: Tell) -> list[str]:
    """What lists that changed since the run add to its score, and what it is with that."""
    from pratique.cli.runs import since

    told = []
    for each in explained.raised:
        told.append(f"{each.points:+d} {since(each)}:")
        for reason in each.reasons:
            said = tell(reason) if reason.fires else f"{reason.profile_id} holds no more"
            told.append(f"  {reason.points:+d} {said}")
    return [*told, f"Score now {explained.score['score']} → {explained.score_now}."] if told else []


def _said_by_models(explained: Explained, language: str) -> list[str]:
    """Chance with its interval, stake and what would change it; then how a model in shadow sees it, and disputes."""
    from pratique.vocabulary.sentences import sentence

    told = []
    if explained.model_spoke and explained.learned is None:
        told.append(sentence("model.silent_here", {}, language))
    if explained.learned is not None:
        stake = {"stake_minor": explained.learned["stake_minor"], "currency": explained.currency}
        told += [_chance(explained.learned, language), sentence("model.stake", stake, language)]
        told.append(_change(explained.learned, language))
    if explained.shadow is not None:
        told.append(f"A model in shadow, which counts nothing: {_chance(explained.shadow, language)}")
    told += [f"Disputed by {each.by}: {each.profile_id} (act {each.seq})" for each in explained.disputes]
    return told


def _likely(explained: Explained, language: str) -> list[str]:
    """The headings that goods without one speak for."""
    from pratique.vocabulary.sentences import figure, sentence

    return [
        sentence(
            "headings.likely",
            {
                "description": each.description,
                "heading": one.heading,
                "share": figure("percent", f"{one.share_permille / 10:,.0f}", language),
                "text": one.text,
            },
            language,
        )
        for each in explained.headings
        for one in each.headings
    ]


def _chance(said: Mapping[str, Any], language: str) -> str:
    from pratique.vocabulary.sentences import figure, sentence

    columns = {"chance": "chance_ppm", "low": "low_ppm", "high": "high_ppm"}
    shares = {name: figure("percent", f"{said[each] / 10_000:,.1f}", language) for name, each in columns.items()}
    return sentence("model.said", shares, language)


def _change(said: Mapping[str, Any], language: str) -> str:
    from pratique.vocabulary.sentences import sentence

    if not said["points"]:
        return sentence("model.no_points", {}, language)
    if said["would_change"] is None:
        return sentence("model.would_keep_points", {}, language)
    return sentence(
        "model.would_lose_points", {"reason": sentence(f"{said['would_change']}.name", {}, language)}, language
    )


def _headline(found: Found, decision: Mapping[str, Any]) -> None:
    chosen = found.chosen
    told = [f"Consignment {chosen.id}, bill {chosen.bill or 'without a number'}, version {chosen.version}"]
    told.append(f"run {found.run.id}: rank {decision['rank']}, channel {decision['channel']} ({_why(decision)})")
    if found.ambiguous:
        others = ", ".join(sorted({other.id for other in found.others if other.id != chosen.id}))
        told.append(f"the same reference also leads to {others}; this is the newest")
    for line in told:
        say(line)


def _why(decision: Mapping[str, Any]) -> str:
    if decision["unplaced"]:
        return "must be controlled, no slot left"
    if decision["basis"] == "random":
        return f"drawn at random, chance {decision['probability_' + decision['control']]:.2%}"
    words = {
        "mandatory": "mandatory",
        "points": "chosen by points",
        "value": "chosen by expected value",
        "unsure": "chosen where the model is least sure",
        "line": "above the high line",
        "officer": "decided by an officer",
    }
    return words.get(decision["basis"], "not chosen")


def _version(version: Mapping[str, Any]) -> None:
    if version["change"] in (None, "new"):
        return
    fields = ", ".join(version["changed_fields"] or []) or "nothing that is compared"
    hours = version["hours_before_arrival"]
    when = "" if hours is None else f", {hours} h before arrival"
    say(f"Version {version['version']}: {version['change']} ({fields}){when}")


def evidence_lines(profile: str, evidence: Sequence[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    """Profile, field, value and place of what a reason rests on; a sum of money is told in the currency beside it."""
    beside = {item["field"]: item["value"] for item in evidence}
    told = [(item["field"], _text(item["value"]), item.get("place")) for item in evidence]
    return [
        (profile, field, for_people(field, value, beside)[1], place)
        for field, value, place in told
        if not (field.endswith("_currency") and field.removesuffix("_currency") + "_minor" in beside)
    ]


def _facts(title: str, row: Mapping[str, Any]) -> None:
    told = [(name, _text(value)) for name, value in row.items() if name not in LEFT_OUT and value not in (None, [], "")]
    rows = [for_people(name, value, row) for name, value in told if not name.endswith("_currency")]
    table(title, ["field", "value"], rows)


def _text(value: Any) -> Any:
    """Lists as text; objects inside them as the words they hold."""
    if isinstance(value, list):
        return "; ".join(_text(item) for item in value)
    if isinstance(value, dict):
        return " ".join(str(item) for item in value.values() if item is not None)
    return value


def _findings(findings: Sequence[Mapping[str, Any]], language: str) -> None:
    from pratique.vocabulary.sentences import sentence

    rows = [
        (row["severity"], row["rule"], sentence(row["rule"], row["params"], language), row["place"]) for row in findings
    ]
    if rows:
        table("Findings of the reading", ["severity", "rule", "what", "place"], rows)
