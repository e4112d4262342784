"""``ledger``: sign the log, check all of it, prove one entry, and witness one another."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from pratique.cli import ledger_keys
from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import console, say, show, table
from pratique.cli.session import acting, language_of, opened
from pratique.vocabulary.errors import Category

if TYPE_CHECKING:
    from pratique.node.acts import Progress

STEPS: Final = {
    "records": "every record compared with its leaf",
    "branches": "every entry and branch hashed again",
    "checkpoints": "signatures of checkpoints and witnesses",
    "copies": "copies that lie elsewhere",
}

app = typer.Typer(help="The log that partners witness: sign it, check it, prove from it.", no_args_is_help=True)
witness_app = typer.Typer(help="Who witnesses this node's log.", no_args_is_help=True)
app.add_typer(ledger_keys.app, name="keys")
app.add_typer(witness_app, name="witness")

OutOption = Annotated[Path, typer.Option("--out", "-o", readable=False, help="The file to write.")]


@app.command()
def checkpoint(
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
    out: Annotated[Path | None, typer.Option("--out", "-o", readable=False, help="Write it to a file, too.")] = None,
    ask_since: Annotated[
        int | None,
        typer.Option("--ask-since", help="Write it as a request for a witness who saw so many entries last.", min=0),
    ] = None,
) -> None:
    """Order what came since the last checkpoint, and sign the log."""
    from pratique.node.handlers.ledger import MakeCheckpoint, ProveConsistency
    from pratique.partners.ledger.witnessing import WitnessRequest

    with opened(node) as at:
        made = at.execute(MakeCheckpoint(), actor=acting(actor))
        content = made.note.encode()
        if ask_since is not None:
            proof = at.ask(ProveConsistency(ask_since), actor=acting(actor)).proof
            content = bytes(WitnessRequest(ask_since, proof, content))
    if out is not None:
        out.write_bytes(content)
    show(made, as_json=as_json, render=lambda: say(f"{made.tree_size:,} entries, root {made.root}"))


@app.command()
def slots(
    rounds: Annotated[int, typer.Option("--rounds", help="End after so many; 0 goes on.", min=0)] = 0,
    node: NodeOption = None,
    actor: ActorOption = None,
) -> None:
    """Sign the log at the end of every slot of ledger_slot_seconds, whether or not anything happened."""
    from pratique.node.errors import refuse
    from pratique.node.handlers.ledger import MakeCheckpoint
    from pratique.node.handlers.settings import ListSettings

    done = 0
    with opened(node) as at:
        while not rounds or done < rounds:
            settings = {each.name: each.value for each in at.ask(ListSettings(), actor=acting(actor))}
            length = int(settings["ledger_slot_seconds"])
            if not length:
                raise refuse("ledger.no_slots", Category.CONFLICT)
            time.sleep(length - time.time() % length)
            made = at.execute(MakeCheckpoint(), actor=acting(actor))
            say(f"{made.at[:19]}  {made.tree_size:,} entries, root {made.root}")
            done += 1


@app.command()
def verify(
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
    against: Annotated[
        list[Path] | None, typer.Option("--against", help="A checkpoint that somebody else holds.", exists=True)
    ] = None,
) -> None:
    """Hash every entry again and compare it with all that was signed; name what was changed."""
    from pratique.node.handlers.ledger_verify import VerifyLedger

    copies = {path.name: path.read_bytes() for path in against or []}
    with opened(node) as at:
        language = language_of(at)
        watching = None if as_json else _watching(language)
        verdict = at.execute(VerifyLedger(copies), actor=acting(actor), progress=watching)

    def render() -> None:
        rows = [(STEPS.get(step.name, step.name), step.count, f"{step.took_ms / 1000:.1f} s") for step in verdict.steps]
        table("", ["what was checked", "how many", "took"], rows, right=["how many", "took"])
        for fault in verdict.faults:
            say(f"FAULT  {fault.in_language(language)}")
        if verdict.fault_count > len(verdict.faults):
            say(f"... and {verdict.fault_count - len(verdict.faults):,} more")
        if verdict.holds:
            say(f"Nothing was changed, removed or slipped in: {verdict.size:,} entries, root {verdict.root}.")
        if verdict.pending:
            say(f"{verdict.pending:,} entries came since the last checkpoint: `pratique ledger checkpoint` signs them.")

    show(verdict, as_json=as_json, render=render)
    if not verdict.holds:
        raise typer.Exit(Category.BROKEN.exit_code)


@app.command()
def proof(
    entry: Annotated[str, typer.Argument(help="Its number in the log, or its journal entry, such as main:12.")],
    out: OutOption,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the proof file of one entry, which pratique-verify checks without the node."""
    from pratique.node.handlers.ledger import ProveEntry

    with opened(node) as at:
        proved = at.ask(ProveEntry.named(entry), actor=acting(actor))
    out.write_bytes(proved.file)
    payload = {"number": proved.number, "kind": proved.kind, "tree_size": proved.tree_size, "file": str(out)}
    told = f"{out}: entry {proved.number:,}, {proved.kind}, in a log of {proved.tree_size:,}"
    show(payload, as_json=as_json, render=lambda: say(told))


@app.command()
def entries(
    limit: Annotated[int, typer.Option(help="How many.", min=1, max=1000)] = 30,
    before: Annotated[int | None, typer.Option(help="Those before this number.", min=0)] = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """The newest entries of the log."""
    from pratique.node.handlers.ledger import ListEntries

    with opened(node) as at:
        found = at.ask(ListEntries(limit, before), actor=acting(actor))

    def render() -> None:
        rows = [(each.number, each.at, each.kind, each.actor, f"{each.kept_in}:{each.seq}") for each in found]
        table("", ["entry", "at", "what", "by", "journal"], rows, right=["entry"])

    show({"entries": found}, as_json=as_json, render=render)


@app.command()
def tiles(
    out: Annotated[Path, typer.Option("--out", "-o", readable=False, help="An empty folder, or one to make.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the log as static files, which any web server can serve to witnesses."""
    from pratique.node.handlers.ledger import WriteTiles

    with opened(node) as at:
        count = at.execute(WriteTiles(out), actor=acting(actor))
    show({"tiles": count, "folder": str(out)}, as_json=as_json, render=lambda: say(f"{out}: {count:,} tiles"))


@app.command()
def policy(out: OutOption, node: NodeOption = None, actor: ActorOption = None) -> None:
    """Write by which log, witnesses and quorum proofs of this node are checked (pratique-verify --policy)."""
    from pratique.node.handlers.ledger_witness import ShowLogPolicy

    with opened(node) as at:
        out.write_text(at.ask(ShowLogPolicy(), actor=acting(actor)), encoding="utf-8")
    say(f"{out}: the keys by which proofs of this node are checked")


@app.command()
def erase(
    entry: Annotated[str, typer.Argument(help="Journal entry and part, such as 12:1.")],
    because: Annotated[str, typer.Option(help="The rule by which its time is up.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Destroy what a leaf is of, for good: the log stays whole and says nothing more of it."""
    from pratique.node.handlers.ledger import EraseOpening

    seq, _, part = entry.partition(":")
    if not (seq.isdigit() and part.isdigit()):
        raise typer.BadParameter("give journal entry and part, such as 12:1")
    with opened(node) as at:
        done = at.execute(EraseOpening(int(seq), int(part), because), actor=acting(actor))
    told = "Erased for good." if done else "It was erased before."
    show({"erased": done}, as_json=as_json, render=lambda: say(told))


@app.command()
def watch(
    vkey: Annotated[str, typer.Argument(help="The partner's log key, as exchanged at signing.")],
    anew_because: Annotated[str, typer.Option(help="Forget what was seen of it, for this reason.")] = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Witness a partner's log from now on."""
    from pratique.node.handlers.ledger_witness import WatchLog

    with opened(node) as at:
        origin = at.execute(WatchLog(vkey, anew_because), actor=acting(actor))
    show({"origin": origin}, as_json=as_json, render=lambda: say(f"{origin} is witnessed by this node."))


@app.command()
def cosign(
    request: Annotated[Path, typer.Argument(help="What the partner wrote with checkpoint --ask-since.", exists=True)],
    out: OutOption,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Cosign a partner's checkpoint that only appended to the one seen last; write the signature line."""
    from pratique.node.handlers.ledger_witness import CosignCheckpoint

    with opened(node) as at:
        line = at.execute(CosignCheckpoint.of_request(request.read_bytes()), actor=acting(actor))
    out.write_text(line, encoding="utf-8")
    show({"line": line}, as_json=as_json, render=lambda: say(f"{out}: cosigned"))


@witness_app.command("add")
def add_witness(
    vkey: Annotated[str, typer.Argument(help="The partner's witness key, as exchanged at signing.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """A partner is to cosign this node's checkpoints."""
    from pratique.node.handlers.ledger_witness import AddWitness

    with opened(node) as at:
        name = at.execute(AddWitness(vkey), actor=acting(actor))
    show({"witness": name}, as_json=as_json, render=lambda: say(f"{name} is a witness of this node."))


@witness_app.command("end")
def end_witness(
    name: Annotated[str, typer.Argument(help="The name of its key.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask a partner for no more cosignatures; those it gave stay."""
    from pratique.node.handlers.ledger_witness import EndWitness

    with opened(node) as at:
        at.execute(EndWitness(name), actor=acting(actor))
    show({"witness": name}, as_json=as_json, render=lambda: say(f"{name} is asked no more."))


@witness_app.command("take")
def take(
    file: Annotated[Path, typer.Argument(help="The signature line that the witness wrote.", exists=True)],
    size: Annotated[int, typer.Option(help="Entries of the checkpoint that it cosigned.", min=1)],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Keep what a witness signed."""
    from pratique.node.handlers.ledger_witness import TakeCosignature

    with opened(node) as at:
        line = file.read_bytes().decode("utf-8", errors="replace")
        name = at.execute(TakeCosignature(size, line), actor=acting(actor))
    show({"witness": name}, as_json=as_json, render=lambda: say(f"{name} has seen {size:,} entries."))


@witness_app.command("list")
def list_witnesses(node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """Witnesses, the logs that this node witnesses, breaches, and the keys to hand to partners."""
    from pratique.node.handlers.ledger_witness import ShowWitnessing

    with opened(node) as at:
        found = at.ask(ShowWitnessing(), actor=acting(actor))

    def render() -> None:
        say(f"Log key of this node:     {found.log_key}")
        say(f"Witness key of this node: {found.own_key}")
        rows = [(each.name, each.tree_size, _moment(each.cosigned_at)) for each in found.witnesses]
        table("Witnesses", ["partner", "entries", "signed"], rows, right=["entries"])
        seen = [(each.origin, each.tree_size, each.seen_at) for each in found.watched]
        table("Witnessed by this node", ["log", "entries", "seen"], seen, right=["entries"])
        if found.breaches:
            table("Breaches", ["log", "what", "at"], [(each.origin, each.breach, each.at) for each in found.breaches])

    show(found, as_json=as_json, render=render)


def _watching(language: str) -> Progress | None:
    """Tells each step as it starts, where somebody watches."""
    from pratique.node.stages import stage_told

    return (lambda stage: console().print(f"{stage_told(stage, language)} ...")) if sys.stderr.isatty() else None


def _moment(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None
