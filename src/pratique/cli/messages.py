"""``read`` and ``quarantine``: what a file says, and what could not be read of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pratique.cli.findings import finding_lines
from pratique.cli.options import ActorOption, JsonOption, MappingOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.session import acting, language_of, opened, opened_or_made
from pratique.cli.texts import text_of
from pratique.vocabulary.languages import ENGLISH

if TYPE_CHECKING:
    from pratique.node.handlers.messages import MessageRead

LONGEST_MAPPING = 1024 * 1024

quarantine_app = typer.Typer(help="What could not be read: list, show, read again.", no_args_is_help=True)


def read(
    file: Annotated[
        Path, typer.Argument(readable=False, help="EDIFACT, XML, CSV or XLSX; the format is told by its content.")
    ],
    mapping: MappingOption = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read one file: what it holds, and everything that is odd in it."""
    from pratique.node.handlers.messages import ReadMessage

    command = ReadMessage(file, given_mapping(mapping))
    with opened_or_made(node, actor, files=[file]) as at, progress(shown=not as_json) as tell:
        found = at.execute(command, actor=acting(actor), progress=tell)
        language = language_of(at)
    show_reading(found, language, as_json=as_json)


def show_reading(found: MessageRead, language: str, *, as_json: bool) -> None:
    """The reading as the published JSON document, or as a page for people."""
    from pratique.flow.intake.document import document
    from pratique.flow.intake.format import Reading

    payload = document(Reading(found.manifest), file_name=found.file_name, language=language)
    show(payload, as_json=as_json, render=lambda: _render(found, payload, language))


def _render(found: MessageRead, payload: Mapping[str, Any], language: str) -> None:
    message = payload["message"]
    sender = message["sender_id"] or "an unnamed sender"
    told = f"{message['message_type']} {message['format_version'] or ''} from {sender}"
    say(f"{found.file_name}: {told}, profile {message['profile']}")
    names = [name for name in payload["computed"] if payload["computed"][name] is not None]
    rows = [(name.replace("_", " "), payload["declared"][name], payload["computed"][name]) for name in names]
    table("", ["total", "declared", "computed"], rows, right=["declared", "computed"])
    for line in finding_lines(found.manifest.findings, language):
        say(line)
    if found.quarantined:
        count = len(found.quarantined)
        say(f"{count:,} part(s) in quarantine: pratique quarantine list")


def given_mapping(path: Path | None) -> Mapping[str, object] | None:
    """The mapping profile in the file, or none. Raises ``PratiqueError`` with the place of what is wrong in it."""
    if path is None:
        return None
    from pratique.flow.intake.mapping import load_mapping

    return load_mapping(text_of(path, most_bytes=LONGEST_MAPPING))


@contextmanager
def progress(*, shown: bool) -> Iterator[Any]:
    """Something to tell stages to; a line that moves, on the terminal only."""
    if not shown:
        yield lambda stage: None
        return
    from rich.console import Console

    screen = Console(stderr=True)
    if not screen.is_terminal:
        yield lambda stage: None
        return
    from pratique.node.stages import stage_told

    with screen.status(stage_told("opening", ENGLISH)) as status:
        yield lambda stage: status.update(stage_told(stage, ENGLISH))


@quarantine_app.command("list")
def list_quarantine(node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """What waits, with reason and place."""
    from pratique.node.handlers.quarantine import ListQuarantine

    with opened(node) as at:
        parts = at.ask(ListQuarantine(), actor=acting(actor))

    def render() -> None:
        rows = [(part.id, part.file_name, part.place, part.rule, part.quarantined_at) for part in parts]
        table("", ["id", "file", "place", "reason", "since"], rows)

    show({"quarantine": parts}, as_json=as_json, render=render)


@quarantine_app.command("show")
def show_quarantined(
    part_id: Annotated[str, typer.Argument(metavar="ID", help="An id that the list shows.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """One part: why it could not be read, and its bytes as they came."""
    from pratique.node.handlers.quarantine import ShowQuarantined

    with opened(node) as at:
        shown = at.ask(ShowQuarantined(part_id), actor=acting(actor))
    text = shown.content.decode("utf-8", errors="replace")

    def render() -> None:
        part = shown.part
        say(f"{part.id}  {part.file_name}, {part.place}: {part.rule}")
        table("", ["content as received"], [[line] for line in text.splitlines() or [""]])

    show({"part": shown.part, "content": text}, as_json=as_json, render=render)


@quarantine_app.command("reread")
def reread_quarantined(
    part_id: Annotated[str, typer.Argument(metavar="ID", help="An id that the list shows.")],
    mapping: MappingOption = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read the file of a part again, with the code, tables and mapping of now."""
    from pratique.node.handlers.quarantine import RereadQuarantined

    with opened(node) as at:
        found = at.execute(RereadQuarantined(part_id, given_mapping(mapping)), actor=acting(actor))
        language = language_of(at)
    show_reading(found, language, as_json=as_json)
