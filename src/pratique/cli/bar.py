"""A bar on the terminal for work that tells how far it is, and nothing anywhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def bar(*, shown: bool) -> Iterator[Callable[[str], None]]:
    """Something to tell stages to; a bar on a terminal shows them, and moves with the steps of a stage."""
    from rich.console import Console

    screen = Console(stderr=True)
    if not shown or not screen.is_terminal:
        yield lambda stage: None
        return
    from rich.progress import Progress

    from pratique.node.stages import step_of

    with Progress(console=screen, transient=True) as progress:
        task = progress.add_task("opening", total=None)

        def tell(stage: str) -> None:
            step = step_of(stage)
            if step is None:
                progress.update(task, description=stage, total=None)
            else:
                progress.update(task, description=step.stage, completed=step.number, total=step.total)

        yield tell
