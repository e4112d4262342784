"""A bar on the terminal for work that tells how far it is, and nothing anywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pratique.node.acts import Progress


@contextmanager
def bar(*, shown: bool, language: str) -> Iterator[Progress]:
    """Something to tell stages to; a bar on a terminal shows them, and moves with the steps of a stage."""
    from rich.console import Console

    screen = Console(stderr=True)
    if not shown or not screen.is_terminal:
        yield lambda stage: None
        return
    from rich.progress import Progress

    from pratique.node.stages import Stage, Step, stage_told

    with Progress(console=screen, transient=True) as progress:
        task = progress.add_task(stage_told("opening", language), total=None)

        def tell(stage: Stage) -> None:
            done, of = (stage.done, stage.of) if isinstance(stage, Step) else (0, None)
            progress.update(task, description=stage_told(stage, language), completed=done, total=of)

        yield tell
