"""``partners``: who this administration is to others, and whom it knows: taken in, confirmed by a second person."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pratique.cli.descriptors import accept, say_waiting
from pratique.cli.key_rotation import rotate
from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.session import acting, opened

if TYPE_CHECKING:
    from pratique.node.handlers.partners import DescriptorTaken, ShownPartner
    from pratique.node.handlers.partners_own import OwnDescriptor

app = typer.Typer(
    help="Partner administrations: who they are, what they signed, how they are reached.", no_args_is_help=True
)

app.command()(rotate)
app.command()(accept)

PartnerArgument = Annotated[str, typer.Argument(metavar="PARTNER", help="Id of a partner, such as xb-customs.")]
FileArgument = Annotated[Path, typer.Argument(help="The file as it came.")]
OutOption = Annotated[Path | None, typer.Option("--out", "-o", readable=False, help="Write the descriptor to a file.")]


@app.command()
def me(
    make: Annotated[str, typer.Option("--make", help="Publish: the administration's name for people.")] = "",
    owner: Annotated[str, typer.Option("--id", help="Its id for partners, such as xa-customs; makes keys.")] = "",
    country: Annotated[str, typer.Option("--country", help="ISO 3166 code, such as KE.")] = "",
    authority: Annotated[str, typer.Option("--authority", help="customs, police, tax, coast_guard …")] = "customs",
    endpoint: Annotated[str, typer.Option("--endpoint", help="Where partners call, ending in /partner/v1.")] = "",
    out: OutOption = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what this administration says of itself, with the fingerprint to read out; with --make say it anew."""
    from pratique.node.handlers.ledger_keys import MakeKeys
    from pratique.node.handlers.partners_own import PublishDescriptor, ShowOwnDescriptor

    with opened(node) as at:
        if owner:
            at.execute(MakeKeys(owner), actor=acting(actor))
        if make:
            said = PublishDescriptor(make, country, authority, endpoint or None)
            found = at.execute(said, actor=acting(actor))
        else:
            found = at.ask(ShowOwnDescriptor(), actor=acting(actor))
    if out is not None:
        out.write_bytes(found.data)
    told = {"partner": found.partner, "version": found.version, "fingerprint": found.fingerprint}
    show(told, as_json=as_json, render=lambda: _render_own(found))


@app.command("list")
def list_partners(node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """Every partner, confirmed or waiting for it."""
    from pratique.node.handlers.partners import ListPartners

    with opened(node) as at:
        found = at.ask(ListPartners(), actor=acting(actor))
    show(found, as_json=as_json, render=lambda: _render_list(found))


@app.command("import")
def import_one(
    file: FileArgument, node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False
) -> None:
    """Take in a partner's descriptor; a first one waits for a second person to confirm it."""
    from pratique.node.handlers.partners import ImportDescriptor

    with opened(node) as at:
        found = at.execute(ImportDescriptor(file.read_bytes()), actor=acting(actor))
    show(found, as_json=as_json, render=lambda: _render_taken(found))


@app.command()
def confirm(
    partner: PartnerArgument,
    fingerprint: Annotated[str, typer.Argument(help="As the partner read it out: 64 hexadecimal digits.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that the partner itself read out this fingerprint; who took the descriptor in cannot."""
    from pratique.node.handlers.partners import ConfirmDescriptor

    with opened(node) as at:
        done = at.execute(ConfirmDescriptor(partner, fingerprint), actor=acting(actor))
    show({"partner": done}, as_json=as_json, render=lambda: say(f"{done} is confirmed: its keys count from now on."))


@app.command()
def revoke(file: FileArgument, node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """Take in which keys a partner's roots revoke; they count no more at once."""
    from pratique.node.handlers.partners import ImportRevocation

    with opened(node) as at:
        done = at.execute(ImportRevocation(file.read_bytes()), actor=acting(actor))
    show({"partner": done}, as_json=as_json, render=lambda: say(f"Keys of {done} are revoked."))


@app.command()
def state(
    partner: PartnerArgument,
    name: Annotated[str, typer.Argument(help="adequacy, barred, reached_by, exchange or rotation.")],
    value: Annotated[str, typer.Argument(help="The word that answers.")],
    basis: Annotated[str, typer.Option("--basis", help="The decision or text that it rests on.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """State what counts of a partner here: protection of data, a measure, how it is reached, stopped, new keys."""
    from pratique.node.handlers.partners import StatePartnerFact

    with opened(node) as at:
        done = at.execute(StatePartnerFact(partner, name, value, basis), actor=acting(actor))
    show({"partner": done}, as_json=as_json, render=lambda: say(f"{done}: {name} is {value}."))


def _render_own(found: OwnDescriptor) -> None:
    said = found.descriptor
    say(f"{found.partner}, version {found.version}: {said.name} ({said.country}, {said.authority})")
    say(f"  partners call {said.endpoint or 'nowhere: this node calls them'}; valid until {said.valid_until:%Y-%m-%d}")
    say("  Fingerprint, to be read out to each partner:")
    for shown, spoken in zip(found.fingerprint.split(), found.spoken, strict=True):
        say(f"    {shown}   {spoken}")


def _render_taken(found: DescriptorTaken) -> None:
    say(f"Taken in: {found.partner}, {found.name} ({found.country}), version {found.version}.")
    if found.counts:
        say("Keys that were confirmed before have signed it: it counts.")
        return
    say("It counts for nothing yet. A second person calls the partner's contact point and compares:")
    say(f"  {found.fingerprint}")
    say(f'Then: pratique partners confirm {found.partner} "FINGERPRINT AS READ OUT"')


def _render_list(found: list[ShownPartner]) -> None:
    rows = [
        (
            each.id,
            each.name,
            each.country,
            f"version {each.version}, by {each.confirmed_by}" if each.version else "not confirmed",
            each.standing.adequacy,
            "stopped" if each.standing.stopped else "barred" if each.standing.barred else "open",
            each.line.reached_at or "never",
            each.line.failures or None,
        )
        for each in found
    ]
    heads = ("partner", "name", "country", "confirmed", "data protection", "exchange", "last reached", "failures")
    table("", heads, rows, right=("failures",))
    say_waiting(found)
