"""``messages``: the typed messages between administrations, as files; no node is needed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pratique.cli.options import JsonOption
from pratique.cli.output import say, show, table

if TYPE_CHECKING:
    from pratique.partners.exchange.adapters.message_file import Imported, MessageFile, Stamp

app = typer.Typer(help="Typed messages between administrations: schemas, checks, STIX and MISP.", no_args_is_help=True)

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", readable=False)]
OutOption = Annotated[
    Path | None, typer.Option("--out", "-o", readable=False, help="The file to write; else standard output.")
]
Tlp = Literal["clear", "green", "amber", "amber_strict", "red"]
TlpOption = Annotated[
    Tlp | None, typer.Option("--tlp", help="How it is to be handled; never loosens a marking that was read.")
]
SenderOption = Annotated[str, typer.Option("--sender", help="In whose name the draft is, such as customs.example.")]


@app.command("types")
def types(as_json: JsonOption = False) -> None:
    """Every type of message, and what carries them."""
    from pratique.partners.exchange.messages.schemas import schema, schema_names

    found = [(name, schema(name)) for name in schema_names()]

    def render() -> None:
        rows = [(name, said["description"], len(said["properties"])) for name, said in found]
        table("", ["schema", "what it is", "fields"], rows, right=["fields"])

    payload = [{"name": name, "description": said["description"]} for name, said in found]
    show({"schemas": payload}, as_json=as_json, render=render)


@app.command("schema")
def schema_of(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Such as alert/1; see pratique messages types.")],
    out: OutOption = None,
) -> None:
    """The JSON Schema (2020-12) of a message or of what carries them."""
    from pratique.partners.exchange.messages.schemas import schema

    _write((json.dumps(schema(name), indent=1, ensure_ascii=False) + "\n").encode(), out)


@app.command("check")
def check(file: FileArgument, as_json: JsonOption = False) -> None:
    """Whether a message file fits its schema, and what each of its fields holds."""
    from pratique.partners.exchange.adapters.message_file import LARGEST, read_file

    found = read_file(_bytes(file, LARGEST))
    fields = found.checked().fields()

    def render() -> None:
        say(f"{found.type} from {found.sender}, TLP {found.handling.tlp}: fits its schema.")
        rows = [(each.name, each.category.code, "yes" if each.personal else "") for each in fields]
        table("", ["field", "category", "about persons"], rows)

    told = [{"name": each.name, "category": each.category.code, "personal": each.personal} for each in fields]
    show({"type": found.type, "handling": found.handling.dump(), "fields": told}, as_json=as_json, render=render)


@app.command("conformance")
def conformance(out: OutOption = None, as_json: JsonOption = False) -> None:
    """Run the kit of envelopes that must open or be refused; --out writes it, for a node of another make."""
    from pratique.partners.exchange.conformance import kit_bytes, run

    if out is not None:
        _write(kit_bytes(), out)
    cases = run()

    def render() -> None:
        rows = [(each.name, each.expected or "opens", each.found or "opened", each.holds) for each in cases]
        table("", ["case", "must", "did", "holds"], rows)

    show({"cases": cases}, as_json=as_json, render=render)
    if not all(each.holds for each in cases):
        raise typer.Exit(1)


@app.command("to-stix")
def to_stix(file: FileArgument, out: OutOption = None) -> None:
    """Write a message file as a STIX 2.1 bundle, with all its markings."""
    from pratique.partners.exchange.adapters.stix_out import to_stix as write

    _export(file, out, write)


@app.command("to-misp")
def to_misp(file: FileArgument, out: OutOption = None) -> None:
    """Write a message file as a MISP event, unpublished and for the own organisation, with all its markings."""
    from pratique.partners.exchange.adapters.misp_out import to_misp as write

    _export(file, out, write)


@app.command("from-stix")
def from_stix(file: FileArgument, sender: SenderOption, tlp: TlpOption = None, out: OutOption = None) -> None:
    """Draft a message file from a STIX 2.1 bundle; says what found no place."""
    from pratique.partners.exchange.adapters.stix_in import from_stix as read

    _import(file, out, read, _stamp(sender, tlp))


@app.command("from-misp")
def from_misp(file: FileArgument, sender: SenderOption, tlp: TlpOption = None, out: OutOption = None) -> None:
    """Draft a message file from a MISP event; says what found no place."""
    from pratique.partners.exchange.adapters.misp_in import from_misp as read

    _import(file, out, read, _stamp(sender, tlp))


def _export(file: Path, out: Path | None, write: Callable[[MessageFile], bytes]) -> None:
    from pratique.partners.exchange.adapters.message_file import LARGEST, read_file

    _write(write(read_file(_bytes(file, LARGEST))), out)


def _import(file: Path, out: Path | None, read: Callable[[bytes, Stamp], Imported], stamp: Stamp) -> None:
    from pratique.partners.exchange.adapters.message_file import LARGEST_FOREIGN, write_file

    found = read(_bytes(file, LARGEST_FOREIGN), stamp)
    _write(write_file(found.file), out)
    for each in found.left_out:
        typer.echo(f"Left out: {each}", err=True)


def _stamp(sender: str, tlp: Tlp | None) -> Stamp:
    from pratique.node.exchange.fresh import message_id
    from pratique.partners.exchange.adapters.message_file import Stamp

    now = datetime.now(UTC)
    return Stamp(message_id(now), now, sender, tlp)


def _bytes(path: Path, most: int) -> bytes:
    """The file, or one byte more than is read, so that its reader says that it is too large."""
    from pratique.node.runs.incoming import open_regular

    with open_regular(path) as source:
        return source.read(most + 1)


def _write(content: bytes, out: Path | None) -> None:
    if out is None:
        typer.echo(content.decode("utf-8"), nl=False)
        return
    out.write_bytes(content)
    say(f"Written: {out}")
