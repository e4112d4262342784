"""``roots``: the keys that officers keep away from every node, to revoke the node's keys and let it begin anew.

Only ``enrol``, ``recover`` and ``apply`` need the node; the others work on a machine that never saw a network.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show
from pratique.cli.passphrases import passphrase
from pratique.cli.session import acting, opened

if TYPE_CHECKING:
    from pratique.node import Actor, Node
    from pratique.node.ledger.root_file import Root
    from pratique.partners.exchange.descriptor import Descriptor
    from pratique.partners.exchange.root_signing import RootDocument

app = typer.Typer(help="Root keys of officers: made and used offline, so many of them together.", no_args_is_help=True)

RootArgument = Annotated[Path, typer.Argument(metavar="FILE", readable=False, help="A root key, or its public half.")]
RootOption = Annotated[Path, typer.Option("--root", readable=False, help="The root key that signs.")]
DocumentArgument = Annotated[Path, typer.Argument(metavar="FILE", exists=True, help="What roots sign.")]
OfOption = Annotated[
    Path | None,
    typer.Option("--of", exists=True, help="The descriptor that partners have: says whether enough have signed."),
]
OutOption = Annotated[
    Path, typer.Option("--out", "-o", readable=False, help="The file to write; it must not be there.")
]


@app.command()
def make(
    file: Annotated[Path, typer.Argument(readable=False, help="The file to write, such as a stick in a safe.")],
    holder: Annotated[str, typer.Option("--holder", help="The office that keeps it: no name of a person.")],
    as_json: JsonOption = False,
) -> None:
    """Make a root key under a passphrase, and its public half beside it (FILE.pub), for the node."""
    from pratique.node.ledger.passphrase_file import write_new
    from pratique.node.ledger.root_file import make_root

    root = make_root(file, holder, passphrase=passphrase(twice=True), at=datetime.now(UTC))
    beside = file.with_name(file.name + ".pub")
    write_new(beside, root.file())

    def render() -> None:
        say(f"{file}: the root key of {root.holder}. Keep it in a safe, and the passphrase elsewhere.")
        say(f"{beside}: its public half, for the node. Read this to whoever enrols it:")
        _say_fingerprint(root)

    show(_told(root), as_json=as_json, render=render)


@app.command("show")
def show_one(file: RootArgument, as_json: JsonOption = False) -> None:
    """Whose root key it is, with the fingerprint to read aloud; needs no passphrase."""
    from pratique.node.ledger.root_file import read_root

    root = read_root(file)

    def render() -> None:
        say(f"Root key {root.id} of {root.holder}, made {root.made_at[:10]}")
        _say_fingerprint(root)

    show(_told(root), as_json=as_json, render=render)


@app.command()
def enrol(
    files: Annotated[list[Path], typer.Argument(metavar="FILES", readable=False, help="Public halves of all roots.")],
    needed: Annotated[int, typer.Option("--needed", help="So many of them sign together.", min=1, max=20)],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", readable=False, help="Where roots were named before: what they sign.")
    ] = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Name the roots in what this administration says of itself; others later only as those of before sign."""
    from pratique.node.errors import refuse
    from pratique.node.handlers.key_recovery import DraftDescriptor
    from pratique.node.handlers.partners_own import ShowOwnDescriptor, said_again
    from pratique.node.ledger.root_file import read_root

    roots = [read_root(file) for file in files]
    public = tuple(dict.fromkeys(root.public for root in roots))
    if not needed <= len(public):
        raise refuse("roots.more_than_there_are", needed=needed, given=len(public))
    with opened(node) as at:
        before = at.ask(ShowOwnDescriptor(), actor=acting(actor)).descriptor
        if before.of_use("root"):
            if out is None:
                raise refuse("partners.roots_sign", partner=before.id)
            _write(out, at.ask(DraftDescriptor(public, needed), actor=acting(actor)))
            show({"file": str(out)}, as_json=as_json, render=lambda: _say_draft(out, before))
            return
        said = said_again(before, roots=public, roots_needed=needed)
        made = at.execute(said, actor=acting(actor))

    def render() -> None:
        say(f"{made.partner}, version {made.version}: {needed} of {len(public)} roots sign together.")
        say("Hand it to every partner (`pratique partners me -o FILE`); each confirms its fingerprint once more.")

    show({"version": made.version, "roots": [root.id for root in roots]}, as_json=as_json, render=render)


@app.command()
def revoke(
    descriptor: Annotated[Path, typer.Argument(exists=True, help="The descriptor that partners have.")],
    root: RootOption,
    because: Annotated[str, typer.Option("--because", help="What partners are told, in one line.")],
    out: OutOption,
    key: Annotated[
        list[str] | None, typer.Option("--key", help="Only these key ids; else every key of the node.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write that the node's keys count no more, with the first signature; the other roots sign it after."""
    from pratique.node.ledger.root_file import open_root
    from pratique.partners.exchange.descriptor import read
    from pratique.partners.exchange.root_signing import read_document, revoke_keys

    known = read(descriptor.read_bytes()).descriptor
    signer = open_root(root, passphrase=passphrase(twice=False))
    data = revoke_keys(known, key or (), at=datetime.now(UTC), because=because, signer=signer)
    _write(out, data)
    _show_document(read_document(data), known, out, as_json=as_json)


@app.command()
def sign(
    file: DocumentArgument,
    root: RootOption,
    out: OutOption,
    of: OfOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="It was read before; do not ask.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Read what is to be signed, and sign it with one more root."""
    from pratique.node.ledger.root_file import open_root
    from pratique.partners.exchange.root_signing import read_document, with_root

    document, known = read_document(file.read_bytes()), _known(of)
    if not yes:
        _say_document(document)
        typer.confirm("Sign this?", abort=True, err=True)
    data = with_root(document, open_root(root, passphrase=passphrase(twice=False)))
    _write(out, data)
    _show_document(read_document(data), known, out, as_json=as_json)


@app.command()
def assemble(
    files: Annotated[list[Path], typer.Argument(metavar="FILES", exists=True, help="Copies that officers signed.")],
    out: OutOption,
    of: OfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Lay copies that different officers signed together into one document."""
    from pratique.partners.exchange.root_signing import laid_together, read_document

    data = laid_together([read_document(file.read_bytes()) for file in files])
    _write(out, data)
    _show_document(read_document(data), _known(of), out, as_json=as_json)


@app.command()
def recover(out: OutOption, node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """Write the descriptor with the keys that the node has now, for the roots to sign: after a revocation."""
    from pratique.node.handlers.key_recovery import DraftDescriptor
    from pratique.partners.exchange.root_signing import read_document

    with opened(node) as at:
        data = at.ask(DraftDescriptor(), actor=acting(actor))
    _write(out, data)
    _show_document(read_document(data), None, out, as_json=as_json)


@app.command()
def apply(
    file: DocumentArgument,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", readable=False, help="With a revocation: write what roots sign next.")
    ] = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take into this node what its roots have signed: a revocation, then the descriptor it begins anew with."""
    from pratique.partners.exchange.root_signing import read_document

    data = file.read_bytes()
    kind = read_document(data).kind
    with opened(node) as at:
        told, lines = (
            _revoked(at, data, out, acting(actor)) if kind == "revocation" else _begun(at, data, acting(actor))
        )
    show(told, as_json=as_json, render=lambda: _say_all(lines))


def _revoked(at: Node, data: bytes, out: Path | None, by: Actor) -> tuple[object, list[str]]:
    """The keys end here, and new ones stand in their place; with ``out`` the descriptor that roots sign is written."""
    from pratique.node.handlers.key_recovery import DraftDescriptor, RevokeOwnKeys

    done = at.execute(RevokeOwnKeys(data), actor=by)
    lines = [
        f"Revoked: {', '.join(done.revoked)}. Destroyed: {', '.join(done.destroyed) or 'nothing'}.",
        f"Made in their place: {', '.join(done.made) or 'nothing'}. Give the revocation to every partner now.",
    ]
    if out is None:
        return done, [*lines, "Then write what the roots sign next: `pratique roots recover -o FILE`."]
    _write(out, at.ask(DraftDescriptor(), actor=by))
    next_step = (
        f"{out}: the roots sign it (`pratique roots sign {out} --root ROOT -o FILE`), then `pratique roots apply`."
    )
    return done, [*lines, next_step]


def _begun(at: Node, data: bytes, by: Actor) -> tuple[object, list[str]]:
    """The node says to partners what the roots have signed."""
    from pratique.node.handlers.key_recovery import AdoptDescriptor

    adopted = at.execute(AdoptDescriptor(data), actor=by)
    lines = [
        f"{adopted.partner} is version {adopted.version} now. Partners that can call this node fetch it; a",
        "person there takes it (`pratique partners accept`). The others get it: `pratique partners me -o FILE`. Then:",
        "`pratique exchange stream PARTNER NAME`, and a new copy of the keys: `pratique ledger keys export FILE`.",
    ]
    return {"version": adopted.version, "fingerprint": adopted.fingerprint}, lines


def _known(of: Path | None) -> Descriptor | None:
    from pratique.partners.exchange.descriptor import read

    return None if of is None else read(of.read_bytes()).descriptor


def _write(out: Path, content: bytes) -> None:
    from pratique.node.ledger.passphrase_file import write_new

    write_new(out, content)


def _told(root: Root) -> dict[str, str]:
    from pratique.partners.exchange.descriptor import fingerprint

    return {"id": root.id, "holder": root.holder, "made_at": root.made_at, "fingerprint": fingerprint(root.digest)}


def _say_all(lines: Iterable[str]) -> None:
    for line in lines:
        say(line)


def _say_fingerprint(root: Root) -> None:
    from pratique.partners.exchange.descriptor import fingerprint, spoken

    for group, words in zip(fingerprint(root.digest).split(), spoken(root.digest), strict=True):
        say(f"    {group}   {words}")


def _say_draft(out: Path, before: Descriptor) -> None:
    say(f"{out}: counts once {before.roots_needed} of the roots of before have signed it (`pratique roots sign`).")
    say("Then: `pratique roots apply FILE`.")


def _say_document(document: RootDocument, known: Descriptor | None = None) -> None:
    from pratique.partners.exchange.partner import Revocation

    said = document.said
    if isinstance(said, Revocation):
        say(f"Revocation of keys of {said.partner}, {said.since:%Y-%m-%d %H:%M} UTC: {said.reason}")
        uses = {key.id: key.use for key in known.keys} if known else {}
        for key in said.keys:
            say(f"  {uses.get(key, ''):8} {key}")
        return
    say(f"{said.id} ({said.name}) begins anew as version {said.version}, from {said.valid_from:%Y-%m-%d %H:%M} UTC")
    for each in said.keys:
        say(f"  {each.use:8} {each.id}")
    say(f"  {said.roots_needed} of {len(said.of_use('root'))} roots sign together")


def _show_document(document: RootDocument, known: Descriptor | None, out: Path, *, as_json: bool) -> None:
    from pratique.partners.exchange.root_signing import enough, roots_on

    holds = None if known is None else enough(document, known)
    told = {"file": str(out), "kind": document.kind, "signed_by": list(document.signers), "enough": holds}

    def render() -> None:
        _say_document(document, known)
        say(f"{out}: signed by {', '.join(document.signers)}.")
        if known is not None:
            rest = "enough." if holds else "not enough yet: another officer signs it (`pratique roots sign`)."
            say(f"Roots that have signed: {len(roots_on(document, known))}, needed {known.roots_needed}: {rest}")

    show(told, as_json=as_json, render=render)
