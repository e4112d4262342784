"""The commands and where they stand; errors become exit codes here, once."""

from __future__ import annotations

import copy
import io
import os
import signal
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.models import CommandInfo

import pratique as package
from pratique.cli import (
    agreements_decided,
    arrivals,
    blind_node,
    capacity,
    compare,
    consignments,
    control_list,
    control_reports,
    custody_bundles,
    desk,
    disputes,
    exchange,
    export,
    feedback,
    forward,
    hits,
    keys,
    ledger,
    lists,
    looking,
    messages,
    model,
    nightly,
    nodes,
    officers,
    partners,
    report,
    requests_asked,
    resources,
    roots,
    rule_life,
    runs,
    screen,
    serve,
    tables,
    wire_messages,
    world,
)
from pratique.cli.output import show_error
from pratique.cli.start import INTERRUPTED, STOPPED
from pratique.vocabulary.errors import Category, PratiqueError

if TYPE_CHECKING:
    from pratique.cli.start import Second

app = typer.Typer(
    help="A cargo manifest in, an explained control list out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

DEBUG = "PRATIQUE_DEBUG"
MISNAMED = (FileExistsError, IsADirectoryError, NotADirectoryError)

NODE = "The node"
JOB = "The job"
LIST = "The control list"
LOOK = "Looking closer"
RUNS = "Runs"
DATA = "What a node works with"

app.command(rich_help_panel=JOB)(messages.read)
app.command(rich_help_panel=JOB)(runs.assess)
app.command(rich_help_panel=JOB)(runs.queue)
app.command("show", rich_help_panel=JOB)(consignments.show_one)
app.command(rich_help_panel=JOB)(consignments.explain)
app.command(rich_help_panel=JOB)(export.export)
app.command(rich_help_panel=JOB)(screen.screen)
app.add_typer(messages.quarantine_app, name="quarantine", rich_help_panel=JOB)
app.command(rich_help_panel=LIST)(arrivals.arrivals)
app.command(rich_help_panel=LIST)(control_list.select)
app.command(rich_help_panel=LIST)(control_list.waive)
app.command(rich_help_panel=LIST)(control_list.override)
app.command(rich_help_panel=LIST)(control_list.undo)
app.command(rich_help_panel=LIST)(control_list.acts)
app.command(rich_help_panel=LIST)(control_list.reasons)
app.command(rich_help_panel=LIST)(disputes.dispute)
app.command(rich_help_panel=LIST)(disputes.disputes)
app.command(rich_help_panel=LIST)(capacity.capacity)
app.command(rich_help_panel=LIST)(capacity.approve)
app.add_typer(control_reports.app, name="controls", rich_help_panel=LIST)
app.add_typer(resources.app, name="resources", rich_help_panel=LIST)
app.add_typer(report.app, name="report", rich_help_panel=LIST)
app.add_typer(hits.app, name="hits", rich_help_panel=LIST)
app.command(rich_help_panel=LOOK)(looking.versions)
app.command(rich_help_panel=LOOK)(looking.network)
app.command(rich_help_panel=LOOK)(looking.route)
app.command(rich_help_panel=LOOK)(looking.place)
app.command(rich_help_panel=LOOK)(looking.search)
app.add_typer(lists.app, name="lists", rich_help_panel=DATA)
app.add_typer(rule_life.app, name="profiles", rich_help_panel=DATA)
app.add_typer(tables.rates_app, name="rates", rich_help_panel=DATA)
app.add_typer(tables.locations_app, name="locations", rich_help_panel=DATA)
app.add_typer(model.app, name="model", rich_help_panel=DATA)
app.add_typer(agreements_decided.app, name="agreements", rich_help_panel="Partners")
app.add_typer(requests_asked.app, name="requests", rich_help_panel="Partners")
app.add_typer(custody_bundles.app, name="custody", rich_help_panel="Partners")
app.add_typer(partners.app, name="partners", rich_help_panel="Partners")
app.add_typer(roots.app, name="roots", rich_help_panel="Partners")
app.add_typer(feedback.app, name="share", rich_help_panel="Partners")
app.add_typer(exchange.app, name="exchange", rich_help_panel="Partners")
app.add_typer(wire_messages.app, name="messages", rich_help_panel="Partners")
app.add_typer(blind_node.app, name="blind", rich_help_panel="Partners")
app.command("runs", rich_help_panel=RUNS)(runs.list_runs)
app.command(rich_help_panel=RUNS)(compare.replay)
app.command(rich_help_panel=RUNS)(compare.diff)
app.command(rich_help_panel=NODE)(nodes.init)
app.command(rich_help_panel=NODE)(serve.serve)
app.command(rich_help_panel=NODE)(nodes.doctor)
app.command(rich_help_panel=NODE)(nightly.nightly)
app.command(rich_help_panel=NODE)(nodes.backup)
app.command(rich_help_panel=NODE)(nodes.restore)
app.command(rich_help_panel=NODE)(nodes.journal)
app.add_typer(ledger.app, name="ledger", rich_help_panel=NODE)
app.add_typer(officers.app, name="officers", rich_help_panel=NODE)
app.add_typer(officers.access_app, name="access", rich_help_panel=NODE)
officers.access_app.command("breached")(keys.breached)
officers.access_app.command("rekey")(keys.renew_key)
officers.access_app.command("forward")(forward.forward)
officers.access_app.command("clear")(keys.clear)
app.add_typer(nodes.settings_app, name="settings", rich_help_panel=NODE)
app.add_typer(world.app, name="world", rich_help_panel="Practice")


app.command(rich_help_panel="Practice")(desk.desk)


@app.command(rich_help_panel="Practice")
def demo(
    out: Annotated[str, typer.Option("--out", help="Folder of the demonstration; made anew.")] = "demo",
    seed: Annotated[int, typer.Option("--seed", help="Seed of the port and of the draw.", min=0)] = 1,
) -> None:
    """Write the sample port, assess its three vessels, print the list with reasons and the gain."""
    from pratique.cli.demo import run_demo

    run_demo(Path(out), seed=seed)


@app.command("demo-partners", rich_help_panel="Practice")
def demo_partners(
    out: Annotated[str, typer.Option("--out", help="Folder of the demonstration; made anew.")] = "demo-partners",
) -> None:
    """Let two administrations share under an agreement, with a third as witness, over HTTP on this machine."""
    from pratique.cli.demo_partners import run_demo_partners

    run_demo_partners(Path(out))


@app.callback(invoke_without_command=True)
def pratique(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Say which release this is.", is_eager=True)] = False,
) -> None:
    """A cargo manifest in, an explained control list out."""
    if version:
        typer.echo(f"pratique {package.__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def main(second: Second | None = None) -> None:
    """Runs the command line and leaves at once: what was open is closed, and freeing every row takes a while."""
    _make_writable()
    code = run(second)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # what the command came to stands
    with suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def run(second: Second | None = None) -> int:
    """The exit code of the command; a ``PratiqueError`` is told and becomes the code of its category."""
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # from here on there is something to end in order
        return _carried_out(second)
    except PratiqueError as error:
        return _told(error)
    except KeyboardInterrupt:
        return _stopped()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (OSError, MemoryError) as fault:
        return _told(_from_the_system(fault))
    except Exception as fault:
        if os.environ.get(DEBUG):
            raise
        return _told(_inside(fault))


def _carried_out(second: Second | None) -> int:
    try:
        app_for(sys.argv[1:2])(obj=second)
    except SystemExit as ended:
        if ended.code == INTERRUPTED:
            return _stopped()
        sys.stdout.flush()  # an answer that did not reach its reader was not given
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


def app_for(words: list[str]) -> typer.Typer:
    """The application with the command that the first word names and no other, all of it where it names none.

    To look at the options of every command takes longer than many a command.
    """
    asked = copy.copy(app)
    asked.registered_commands = [each for each in app.registered_commands if _name_of(each) in words]
    asked.registered_groups = [each for each in app.registered_groups if each.name in words]
    return asked if asked.registered_commands or asked.registered_groups else app


def _name_of(command: CommandInfo) -> str:
    return command.name or str(getattr(command.callback, "__name__", ""))


def _stopped() -> int:
    sys.stderr.write(STOPPED)
    return INTERRUPTED


def _make_writable() -> None:
    """A stream that is closed swallows what it is given; one that lacks a character shows another in its place."""
    sys.stdout = sys.stdout or io.StringIO()
    sys.stderr = sys.stderr or io.StringIO()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _told(error: PratiqueError) -> int:
    show_error(error, as_json="--json" in sys.argv)
    return error.category.exit_code


def _from_the_system(fault: OSError | MemoryError) -> PratiqueError:
    """What the system refused, such as a file that cannot be written, by its name and the system's reason."""
    if isinstance(fault, MemoryError):
        category, told = Category.UNAVAILABLE, "The computer has too little memory for this."
    else:
        kinds = (
            (FileNotFoundError, Category.NOT_FOUND),
            (PermissionError, Category.DENIED),
            (MISNAMED, Category.REJECTED),
        )
        category = next((found for kind, found in kinds if isinstance(fault, kind)), Category.UNAVAILABLE)
        named = f"{fault.filename}: " if fault.filename else ""
        told = f"The system refused: {named}{fault.strerror or type(fault).__name__}."
    kept = "What was finished stands; what was not left nothing behind."
    return PratiqueError("system.refused", told, category=category, kept=kept, todo=_what_to_do(fault))


def _what_to_do(fault: OSError | MemoryError) -> str:
    """Where a file was named for a folder or the other way round, which of them to name."""
    if isinstance(fault, IsADirectoryError):
        return f"{fault.filename} is a folder: name a file."
    if isinstance(fault, MISNAMED) and isinstance(fault.filename, str) and Path(fault.filename).is_file():
        return f"{fault.filename} is a file: name a folder, or what does not exist yet."
    return "Remove the cause and try again."


def _inside(fault: Exception) -> PratiqueError:
    """A fault of the program itself, told by kind and place alone: its text may hold what a message said."""
    *_, last = traceback.extract_tb(fault.__traceback__)
    where = f"{type(fault).__name__} in {last.name}, {Path(last.filename).name} line {last.lineno}"
    return PratiqueError(
        "program.fault",
        f"The program has a fault: {where}.",
        category=Category.BROKEN,
        kept="What was not finished left nothing behind.",
        todo=f"Tell the maintainers this line; with {DEBUG}=1 the command shows the whole way to it.",
    )
