"""``desk``: the sample port on a demonstration node, served; whatever an officer would do can be tried on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

import typer

from pratique.cli.demo import make_anew
from pratique.cli.output import say
from pratique.cli.session import acting
from pratique.cli.units import counted

SEED: Final = 1
WEEK: Final = timedelta(days=7)
BEFORE_NOW: Final = timedelta(hours=6)  # so that the first ship is twelve hours away, the last thirty-five


def desk(
    out: Annotated[Path, typer.Option("--out", help="Folder of the demonstration.")] = Path("desk"),
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)] = 8040,
    anew: Annotated[bool, typer.Option("--anew", help="Make the demonstration anew even where it is there.")] = False,
    prepare_only: Annotated[bool, typer.Option("--prepare-only", help="Make it and do not serve it.")] = False,
    today_only: Annotated[bool, typer.Option("--today-only", help="Leave out the ship of the week before.")] = False,
) -> None:
    """Load the sample port and serve the officers' desk on it; sign in as any persona with one click."""
    from pratique.node import Node
    from pratique.server.running import Address, run

    node = out / "node"
    if anew or not node.exists():
        prepare(out, with_past=not today_only)
    if prepare_only:
        return
    with Node.open(node) as at:
        run(at, address=Address("localhost", port), zone="UTC", actor=acting(None), tell=say)


def prepare(out: Path, *, with_past: bool) -> None:
    """A demonstration node with the sample port of today: three ships that arrive within 36 hours.

    ``with_past`` adds a ship that was controlled the week before.
    """
    from pratique.cli.desk_week import Week, week_before
    from pratique.node import Node, local_operator
    from pratique.node.handlers.assessments import AssessMessages
    from pratique.node.handlers.lists import LoadList
    from pratique_world import write_port

    make_anew(out)
    actor = local_operator("demo")
    say("Writing the sample port of today: three vessels arriving within 36 hours, and a watchlist.")
    now = datetime.now(UTC)
    start = now.replace(minute=0, second=0, microsecond=0, tzinfo=None) - BEFORE_NOW
    port = write_port(out / "port", seed=SEED, base=start)
    week = Week(now - WEEK if with_past else now)
    with Node.create(out / "node", actor=actor, clock=week, demonstration=True) as node:
        node.execute(LoadList("own", (out / "port" / "watchlist.csv",)), actor=actor)
        if with_past:
            say("Controlling a ship of the week before.")
            week_before(node, week, out)
        week.moment = datetime.now(UTC)
        say("Assessing the three vessels.")
        files = tuple(out / "port" / vessel.file for vessel in port.vessels)
        found = node.execute(AssessMessages(files, seed=SEED), actor=actor)
        say(f"{counted(found.run.consignment_count, 'consignment')} ranked.")
