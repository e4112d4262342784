"""``serve``: the officers' desk and the API of a node, until it is stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pratique.cli.options import ActorOption, NodeOption
from pratique.cli.session import acting, node_folder
from pratique.vocabulary.errors import Category, PratiqueError

LOOPBACK = ("localhost", "127.0.0.1", "::1")


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "localhost",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)] = 8040,
    name: Annotated[
        list[str] | None, typer.Option("--name", help="A host name that browsers use for this node; may be repeated.")
    ] = None,
    zone: Annotated[str, typer.Option(help="The office's time zone, such as Africa/Nairobi.")] = "UTC",
    certificate: Annotated[Path | None, typer.Option(help="TLS certificate chain (PEM).")] = None,
    key: Annotated[Path | None, typer.Option(help="Its private key (PEM).")] = None,
    behind: Annotated[
        str | None, typer.Option(help="Address of the reverse proxy in front, whose forwarded headers are believed.")
    ] = None,
    node: NodeOption = None,
    actor: ActorOption = None,
) -> None:
    """Serve the desk and the API of a node; Ctrl-C ends it, and unfinished work goes on at the next start."""
    from pratique.node import Node
    from pratique.server.running import Address, run

    _require_secure(host, certificate, behind)
    with Node.open(node_folder(node)) as at:
        address = Address(host, port, tuple(name or ()), certificate, key, behind)
        run(at, address=address, zone=zone, actor=acting(actor), tell=typer.echo)


def _require_secure(host: str, certificate: Path | None, behind: str | None) -> None:
    """Passwords and person data go in the clear over the loopback only."""
    if host not in LOOPBACK and certificate is None and behind is None:
        raise PratiqueError(
            "serve.not_secure",
            f"{host} can be reached from other machines, and there is no certificate.",
            category=Category.MISCONFIGURED,
            kept="Nothing is served.",
            todo="Give --certificate and --key, or --behind with the address of a reverse proxy that ends TLS.",
        )
