"""``serve``: the officers' desk and the API of a node, until it is stopped."""

from __future__ import annotations

from ipaddress import ip_address
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
        str | None,
        typer.Option(
            help="IP address of the reverse proxy in front (several with commas). Its X-Forwarded-For and "
            "X-Forwarded-Proto are believed, nobody else's; from another machine it must speak TLS to the node."
        ),
    ] = None,
    node: NodeOption = None,
    actor: ActorOption = None,
) -> None:
    """Serve the desk and the API of a node; Ctrl-C ends it, and unfinished work goes on at the next start."""
    from pratique.node import Node
    from pratique.server.running import Address, run

    require_secure(host, certificate)
    require_proxy(behind)
    with Node.open(node_folder(node)) as at:
        address = Address(host, port, tuple(name or ()), certificate, key, behind)
        run(at, address=address, zone=zone, actor=acting(actor), tell=typer.echo)


def require_secure(host: str, certificate: Path | None) -> None:
    """Passwords and person data go in the clear over the loopback only, from a proxy too."""
    if host not in LOOPBACK and certificate is None:
        raise PratiqueError(
            "serve.not_secure",
            f"{host} can be reached from other machines, and there is no certificate.",
            category=Category.MISCONFIGURED,
            kept="Nothing is served.",
            todo="Give --certificate and --key; or leave --host out, with a proxy on this machine that ends TLS.",
        )


def require_proxy(behind: str | None) -> None:
    """Headers that say where somebody comes from are believed of addresses that are named, one by one."""
    for address in behind.split(",") if behind is not None else ():
        try:
            ip_address(address.strip())
        except ValueError as error:
            raise PratiqueError(
                "serve.no_proxy",
                f"{address.strip() or 'Nothing'} is no IP address of a reverse proxy.",
                category=Category.MISCONFIGURED,
                kept="Nothing is served.",
                todo="Give --behind the address that the proxy connects from, such as 127.0.0.1.",
            ) from error
