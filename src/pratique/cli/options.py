"""Options that several commands share, with the same words everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

NodeOption = Annotated[
    Path | None,
    typer.Option(
        "--node",
        readable=False,
        help="Folder of the node; else PRATIQUE_NODE, else ./pratique-node.",
        show_default=False,
    ),
]
ActorOption = Annotated[
    str | None,
    typer.Option("--actor", help="Who acts; else PRATIQUE_ACTOR, else the login of this computer.", show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON for programs instead of tables for people.")]
MappingOption = Annotated[
    Path | None,
    typer.Option("--mapping", readable=False, help="A mapping profile (YAML) for tables; else chosen by the headings."),
]
CapacityOption = Annotated[
    str, typer.Option("--capacity", help="Slots of the day, such as open=12,scan=60,documents=200; else as set.")
]
