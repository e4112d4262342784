"""What the commands of ``model`` ask for in the same words."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pratique.cli.session import node_folder

DataArgument = Annotated[Path, typer.Argument(metavar="DATA", readable=False, help="Declarations: .csv or .parquet.")]
ModelOption = Annotated[
    Path | None, typer.Option("--model", readable=False, help="Folder of a model, or of models; else the node's.")
]
DigestOption = Annotated[
    str | None, typer.Option("--digest", help="Which of the models, by the beginning of its digest; else the newest.")
]
MappingOption = Annotated[
    Path | None,
    typer.Option(
        "--mapping", readable=False, help="Which heading is which column (YAML); else chosen by the headings."
    ),
]
ResultsOption = Annotated[
    Path | None,
    typer.Option("--labels-file", readable=False, help="Results of controls: consignment, known_on, found, …"),
]


def models_folder(node: Path | None) -> Path:
    """The folder in which a node keeps its models."""
    from pratique.node.learning.speakers import MODELS

    return node_folder(node) / MODELS
