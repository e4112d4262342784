"""``assess`` and ``queue``: the main job, and its list."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pratique.cli.findings import finding_lines
from pratique.cli.messages import given_mapping, progress
from pratique.cli.options import ActorOption, CapacityOption, JsonOption, MappingOption, NodeOption
from pratique.cli.output import say, show, shown, table
from pratique.cli.session import acting, language_of, opened, opened_or_made
from pratique.cli.units import counted

if TYPE_CHECKING:
    from pratique.node.acts import Progress
    from pratique.node.handlers.assessments import MessagesAssessed
    from pratique.node.handlers.queue import Queue, QueueRow
    from pratique.node.runs.raised_lines import RaisedPoints
    from pratique.node.runs.reason_sentences import Tell
    from pratique.node.stages import Stage

CHANNEL_ORDER = ("red", "scan", "yellow", "blue", "green")
SET_ASIDE = "profiles.set_aside"  # said first and one by one: what was not looked for must not be overlooked
STYLE = {"red": "bold", "scan": "bold", "yellow": "bold"}


def assess(
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(readable=False, help="One or more messages, assessed under one capacity.")
    ],
    capacity: CapacityOption = "",
    seed: Annotated[
        int | None, typer.Option(help="Seed of the random floor; drawn where none is given.", min=0)
    ] = None,
    limit: Annotated[int, typer.Option(help="How many lines of the list to print.", min=0)] = 20,
    mapping: MappingOption = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """From files to a ranked, explained list of what to open, scan and check."""
    from pratique.flow.selection import parse_slots
    from pratique.node.handlers.assessments import AssessMessages

    command = AssessMessages(tuple(files), capacity=parse_slots(capacity), mapping=given_mapping(mapping), seed=seed)
    made = opened_or_made(node, actor, files=files, second=context.obj)
    with made as at, progress(shown=not as_json) as tell:
        clock = StageClock(tell)
        found = at.execute(command, actor=acting(actor), progress=clock)
        clock("showing")
        if as_json:
            show(summary(found) | {"stages": clock.seconds}, as_json=True, render=lambda: None)
            return
        _render_run(found, language_of(at))
        if limit:
            show_queue(at, actor, run=found.run.id, limit=limit)


class StageClock:
    """Passes stages on and notes how many seconds each took."""

    def __init__(self, tell: Progress) -> None:
        self.seconds: dict[str, float] = {}
        self._tell = tell
        self._stage = ""
        self._since = time.perf_counter()

    def __call__(self, stage: Stage) -> None:
        """The stage begins, and the one before it has ended."""
        from pratique.node.stages import name_of

        now = time.perf_counter()
        if self._stage:
            self.seconds[self._stage] = round(self.seconds.get(self._stage, 0.0) + now - self._since, 4)
        self._stage, self._since = name_of(stage), now
        self._tell(stage)


def summary(found: MessagesAssessed) -> dict[str, Any]:
    """What an assessment came to, in numbers."""
    decisions, run = found.assessment.decisions, found.run
    channels = dict(decisions["channel"].value_counts().iter_rows())
    return {
        "run": run.id,
        "at": run.at,
        "consignments": run.consignment_count,
        "hits": run.hit_count,
        "findings": {
            severity: found.assessment.manifest.findings.filter(severity=severity).height
            for severity in ("error", "warning", "note")
        },
        "quarantined": len(found.quarantined),
        "channels": {channel: channels.get(channel, 0) for channel in CHANNEL_ORDER},
        "random": decisions.filter(decisions["basis"] == "random").height,
        "unplaced": int(decisions["unplaced"].sum()),
        "output_sha256": run.output_sha256,
        "warnings": [{"rule": warning.rule, **warning.params} for warning in found.warnings],
    }


def _render_run(found: MessagesAssessed, language: str) -> None:
    told = summary(found)
    channels = ", ".join(f"{count:,} {channel}" for channel, count in told["channels"].items())
    lines = [
        f"Run {told['run']}: {_size(told)}; {channels}.",
        f"Drawn at random: {told['random']:,} of the slots.",
    ]
    if told["unplaced"]:
        lines.append(f"{told['unplaced']:,} must be controlled but found no slot: add capacity or waive them.")
    if told["quarantined"]:
        lines.append(f"{told['quarantined']:,} part(s) could not be read: pratique quarantine list")
    findings = found.assessment.manifest.findings
    errors = findings.filter(findings["severity"] == "error")
    aside = [each for each in found.warnings if each.rule == SET_ASIDE]
    for line in (line for each in aside for line in finding_lines([each], language)):
        say(line, style="bold")
    others = [each for each in found.warnings if each.rule != SET_ASIDE]
    for line in (*lines, *finding_lines(others, language), *finding_lines(errors, language)):
        say(line)


def _size(told: dict[str, Any]) -> str:
    return f"{counted(told['consignments'], 'consignment')}, {counted(told['hits'], 'list hit')}"


def queue(
    run: Annotated[str | None, typer.Option("--run", help="Id of a run; else the newest.")] = None,
    channel: Annotated[str | None, typer.Option(help="red, scan, yellow, blue, green or all.")] = None,
    limit: Annotated[int, typer.Option(help="How many lines; 0 for all.", min=0)] = 40,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """The control list of a run, ranked, with the strongest reasons."""
    with opened(node) as at:
        show_queue(at, actor, run=run, channel=channel, limit=limit, as_json=as_json)


def list_runs(node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """Every run, oldest first."""
    from pratique.node.handlers.runs import ListRuns

    with opened(node) as at:
        found = at.ask(ListRuns(), actor=acting(actor))

    def render() -> None:
        rows = [(run.id, run.at, run.actor, run.consignment_count, run.hit_count, run.chosen_count) for run in found]
        columns = ["run", "at", "actor", "consignments", "hits", "on the list"]
        table("", columns, rows, right=columns[3:])

    show({"runs": found}, as_json=as_json, render=render)


def show_queue(
    at: Any,
    actor: str | None,
    *,
    run: str | None = None,
    channel: str | None = None,
    limit: int = 40,
    as_json: bool = False,
) -> None:
    """Prints the list of a run."""
    from pratique.node.handlers.queue import ListQueue
    from pratique.node.runs.reason_sentences import reason_sentences

    listed = at.ask(ListQueue(run=run, channel=channel, limit=limit or None), actor=acting(actor))
    tell = reason_sentences(at, acting(actor), language_of(at))
    payload = {"run": listed.run.id, "total": listed.total, "rows": [queue_line(row, tell) for row in listed.rows]}
    show(payload, as_json=as_json, render=lambda: _render_queue(listed, tell))


def queue_line(row: QueueRow, tell: Tell) -> dict[str, Any]:
    """One line of the list with its reasons as sentences, for programs."""
    from pratique.cli.output import plain

    line: dict[str, Any] = plain(row)
    for reason, told in zip(row.reasons, line["reasons"], strict=True):
        told["sentence"] = tell(reason)
    for raised, told in zip(row.raised, line["raised"], strict=True):
        for since_run, said in zip(raised.reasons, told["reasons"], strict=True):
            said["sentence"] = tell(since_run)
    return line


def why(row: QueueRow, tell: Tell, *, most: int = 3) -> list[str]:
    """Why a consignment is on the list: a line per reason, the strongest first, with its points."""
    reasons = [f"{reason.points:+5d}  {tell(reason)}" for reason in row.reasons[:most]]
    more = row.reasons[most:]
    rest = sum(reason.points for reason in more)
    tail = [f"{rest:+5d}  in {len(more)} more reason(s): pratique explain {row.consignment_id}"] if more else []
    return [*_basis(row), *(f"{each.points:+5d}  {since(each)}" for each in row.raised), *reasons, *tail]


def since(raised: RaisedPoints) -> str:
    """Which list brought points after the run."""
    return f"raised since by list {raised.list_id} of {raised.dated} (change {raised.change})"


def _basis(row: QueueRow) -> list[str]:
    if row.basis == "random":
        chance = {"open": row.probability_open, "scan": row.probability_scan, "documents": row.probability_documents}
        return [f"       drawn at random, chance {chance[row.control]:.2%}"]
    if row.unplaced:
        return ["       must be controlled, no slot left"]
    decided = ["       decided by an officer"] if row.basis == "officer" else []
    return decided or (["       mandatory"] if row.mandatory else [])


def _render_queue(listed: Queue, tell: Tell) -> None:
    say(f"Run {listed.run.id}: {len(listed.rows):,} of {listed.total:,} on the list")
    say(_line("rank", "channel", "score", "consignment", "bill", "goods, from, for"))
    for row in listed.rows:
        about = ", ".join(shown(text) for text in (row.description, row.loading_location, row.consignee) if text)
        now = row.score + row.raised_points
        head = _line(row.rank, row.channel, now, row.consignment_id, shown(row.bill), about)
        say(head, no_wrap=True, overflow="ellipsis", style=STYLE.get(row.channel))
        for told in why(row, tell):
            say(f"{'':15}{told}", no_wrap=True, overflow="ellipsis")


def _line(rank: object, channel: str, score: object, consignment: str, bill: str, about: str) -> str:
    return f"{rank!s:>5}  {channel:<7} {score!s:>5}  {consignment:<11}  {bill:<16}  {about}"
