"""``lists``: watchlists in versions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from pratique.cli.bar import bar
from pratique.cli.findings import finding_lines
from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.session import acting, language_of, opened

if TYPE_CHECKING:
    from pratique.node.handlers.list_changes import FieldChanged, ListChangeShown
    from pratique.node.hits.alert_line import AlertLine, KindAlerts
    from pratique.node.storage.list_changes import StoredListChange

KINDS: Final = ("added", "changed", "removed")

app = typer.Typer(help="Watchlists: load a version, see what is in force.", no_args_is_help=True)


@app.command("load")
def load(
    source: Annotated[str, typer.Argument(help="ofac, un, ftm, bis or own; a plug-in may add more.")],
    files: Annotated[
        list[Path], typer.Argument(readable=False, help="The files of the list, as its publisher gives them.")
    ],
    list_id: Annotated[str | None, typer.Option(help="Name of the list, where one source has several.")] = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Load a list; a broken file leaves the version in force as it is.

    One that is broken off while it compares what is known goes on where it stopped when it is given again within a day.
    """
    from pratique.node.handlers.lists import LoadList

    with opened(node) as at:
        language = language_of(at)
        with bar(shown=not as_json, language=language) as tell:
            loaded = at.execute(LoadList(source, tuple(files), list_id), actor=acting(actor), progress=tell)

    def render() -> None:
        version = loaded.version
        told = ", ".join(f"{count:,} {name}" for name, count in json.loads(version.counts).items())
        date = version.list_date or "without a date of its own"
        say(f"List {version.list_id} in force, {date}: {told}. Version {version.digest[:12]}.")
        say(f"{_changed(loaded.change)}; change {loaded.change.seq}.")
        if loaded.change.raised_count:
            say(f"{loaded.change.raised_count:,} hits raised on consignments in hand: pratique hits list --view raised")
        if loaded.audit_count:
            say(f"{loaded.audit_count:,} hits on what was released before: pratique hits list --view audit")
        for line in finding_lines(loaded.findings, language):
            say(line)

    show(loaded, as_json=as_json, render=render)


@app.command("show")
def show_lists(node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """Every version loaded, which is in force and which is overdue."""
    from pratique.node.handlers.lists import ListLists

    with opened(node) as at:
        lists = at.ask(ListLists(), actor=acting(actor))

    def render() -> None:
        rows = [
            (
                item.version.list_id,
                item.version.digest[:12],
                item.version.list_date,
                item.version.loaded_at,
                "in force" if item.in_force else "",
                "OVERDUE" if item.overdue else item.due,
                item.grade,
                item.alert_line.threshold_permille,
                f"{item.alert_line.alerts_per_1000:g}",
                f"{item.alert_line.minutes_per_1000:g}",
            )
            for item in lists
        ]
        columns = [
            "list",
            "version",
            "list date",
            "loaded",
            "state",
            "due",
            "grade",
            "alerts from",
            "of 1,000",
            "minutes",
        ]
        table("", columns, rows, right=columns[7:])
        say("Of 1,000 ordinary names so many alert, which takes an officer so many minutes.")
        for item in lists:
            for line in kind_lines(item.alert_line) if item.in_force else ():
                say(f"List {item.version.list_id}, {line}")

    show({"lists": lists}, as_json=as_json, render=render)


@app.command("rebuild")
def rebuild(node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """Build lists again whose index an older version of the program made, from the files they were loaded from."""
    from pratique.node.hits.older_lists import rebuild_older_lists

    with opened(node) as at, bar(shown=not as_json, language=language_of(at)) as tell:
        names = rebuild_older_lists(at, actor=acting(actor), progress=tell)
    told = (
        f"Built again: {', '.join(names)}." if names else "Every list in force is in the form that this program reads."
    )
    show({"lists": names}, as_json=as_json, render=lambda: say(told))


@app.command("traffic")
def show_traffic(
    limit: Annotated[int, typer.Option(help="How many words at most.", min=1)] = 20,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """How common words are among the parties known, as counted last: such words prove less than the list says."""
    from pratique.node.handlers.traffic import ShowTraffic

    with opened(node) as at:
        found = at.ask(ShowTraffic(limit), actor=acting(actor))
    rows = [(row["word"], row["parties"], row["information"]) for row in found.words.iter_rows(named=True)]

    def render() -> None:
        use = "in force" if found.is_in_force else "not used: pratique settings set list_traffic 1"
        say(f"Counted {found.version.loaded_at} over {found.parties:,} parties, {use}.")
        table("", ["word", "parties", "proves"], rows, right=["parties", "proves"])
        say(f"{found.word_count:,} words that several parties hold. A rare word proves 36.")

    told = {"version": found.version, "parties": found.parties, "words": rows, "is_in_force": found.is_in_force}
    show(told, as_json=as_json, render=render)


@app.command("count-traffic")
def count_traffic(node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """Count how many of the parties known hold each word, and weigh the lists in force with it; `nightly` does it."""
    from pratique.node.handlers.traffic import CountTraffic

    with opened(node) as at:
        version = at.execute(CountTraffic(), actor=acting(actor))
    told = json.loads(version.counts)
    words = f"{told['rows']:,} words that several of {told['parties']:,} parties hold"
    show(version, as_json=as_json, render=lambda: say(f"Counted: {words}. Version {version.digest[:12]}."))


@app.command("changes")
def list_changes(
    list_id: Annotated[str | None, typer.Argument(help="Id of a list; else every list.")] = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """What every load changed, newest first, and how many hits it raised."""
    from pratique.node.handlers.list_changes import ListListChanges

    with opened(node) as at:
        found = at.ask(ListListChanges(list_id), actor=acting(actor))

    def render() -> None:
        columns = ["change", "list", "loaded", "by", *KINDS, "compared", "raised"]
        rows = [
            (
                each.seq,
                each.list_id,
                each.at[:16].replace("T", " "),
                each.by,
                *(json.loads(each.counts)[name] for name in KINDS),
                each.screened_count,
                each.raised_count,
            )
            for each in found
        ]
        table("", columns, rows, right=["change", *columns[4:]])

    show({"changes": found}, as_json=as_json, render=render)


@app.command("difference")
def show_difference(
    number: Annotated[int, typer.Argument(help="Number of the change, as `lists changes` shows it.", min=0)],
    kind: Annotated[str | None, typer.Option("--kind", help="added, changed or removed; else all.")] = None,
    limit: Annotated[int, typer.Option(help="How many entries at most.", min=1)] = 100,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """What one load changed, entry by entry, and the hits it raised."""
    from pratique.node.handlers.list_changes import ShowListChange

    with opened(node) as at:
        found = at.ask(ShowListChange(number, kind, limit), actor=acting(actor))
    show(found, as_json=as_json, render=lambda: _render_difference(found))


def _render_difference(found: ListChangeShown) -> None:
    say(f"List {found.change.list_id}, loaded by {found.change.by}: {_changed(found.change)}.")
    rows = [
        (each.change, each.entity_id, each.name, each.kind, each.programme, "; ".join(map(_field, each.fields)))
        for each in found.entries
    ]
    table("", ["change", "entry", "name", "kind", "programme", "what"], rows)
    if found.total > len(found.entries):
        say(f"{found.total - len(found.entries):,} more entries: --limit")
    if found.raised:
        hits = [
            (each.run_id, each.number, each.consignment_id, each.screened_value, each.listed_name)
            for each in found.raised
        ]
        table("Hits raised", ["run", "hit", "consignment", "declared", "listed"], hits, right=["hit"])


def kind_lines(line: AlertLine, kind: str | None = None) -> list[str]:
    """For each kind of listed names, or that one: its line, what it was calibrated on, what was seen this week."""
    return [
        f"{each.kind}: alerts from {each.threshold_permille} of 1000; budget {line.budget_per_1000} in 1,000, "
        f"calibrated on {each.ordinary_count:,} ordinary names of this kind: {each.alerts_per_1000:g} in 1,000"
        f"{_seen(each)}."
        for each in line.kinds
        if kind in (None, each.kind)
    ]


def _seen(line: KindAlerts) -> str:
    if line.seen_per_1000 is None:
        return ""
    return f"; this week {line.seen_per_1000:g} in 1,000 ({line.seen_alerts:,} of {line.seen_names:,})"


def _field(field: FieldChanged) -> str:
    parts = [*(f"-{value}" for value in field.gone), *(f"+{value}" for value in field.come)]
    return f"{field.field.replace('_', ' ')} {' '.join(parts)}"


def _changed(change: StoredListChange) -> str:
    counts = json.loads(change.counts)
    return ", ".join(f"{counts[name]:,} entries {name}" for name in KINDS)
