"""``blind set | ask | answer | read``: blind queries step by step as files, for a partner without a node of this make.

Between nodes they are acts of the node (:mod:`pratique.cli.blind_node`).
"""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from pratique.cli.options import JsonOption
from pratique.cli.output import say, show, table
from pratique.cli.texts import text_of

if TYPE_CHECKING:
    from pratique.partners.exchange.messages.held import AnyMessage, Message
    from pratique.partners.exchange.wire import Wire

app = typer.Typer(
    help="Is this known to a partner? Asked so that the partner does not learn what was asked.", no_args_is_help=True
)

Kind = Literal["container", "company_number", "company_name", "vessel", "person", "identity_document", "bill"]
LONGEST_LIST: Final = 64 * 1024 * 1024
LONGEST: Final = 1024 * 1024

ListArgument = Annotated[
    Path,
    typer.Argument(metavar="LIST", readable=False, help="One identifier a line; persons as NAME;1980-02-03."),
]
KindOption = Annotated[Kind, typer.Option("--kind", help="What the identifiers are.")]
OutOption = Annotated[Path, typer.Option("--out", "-o", readable=False, help="The file to write.")]


@app.command("set")
def make_set(
    identifiers: ListArgument,
    kind: KindOption,
    until: Annotated[datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="Last day of its key.")],
    out: OutOption,
) -> None:
    """Make the set that partners may ask about: a secret file to keep, and its tokens (.tokens) for the partner."""
    from pratique.partners.exchange import blind, blind_files

    until = until.replace(hour=23, minute=59, second=59, tzinfo=UTC)
    lines = lines_in(identifiers)
    made, tokens = blind_files.make_set(lines, kind, key=secrets.token_bytes(blind.KEY_BYTES), valid_until=until)
    _write_secret(out, made)
    beside = out.with_name(f"{out.name}.tokens")
    beside.write_bytes(blind.write_tokens(tokens))
    say(f"{made.size:,} identifiers. Keep {out} secret; give {beside} to the partner.")


@app.command("ask")
def ask(identifiers: ListArgument, kind: KindOption, out: OutOption) -> None:
    """Write a question (blind_query/1) to send, and beside it the secrets (.secret) that read its answer."""
    from pratique.partners.exchange import blind, blind_files

    lines = lines_in(identifiers)
    fresh = [secrets.token_bytes(blind.KEY_BYTES) for _ in lines]
    query, kept = blind_files.ask(lines, kind, secrets=fresh)
    _write_message(out, query)
    beside = out.with_name(f"{out.name}.secret")
    _write_secret(beside, kept)
    say(f"Send {out} as blind_query/1; keep {beside} until it is answered, then destroy it.")


@app.command("answer")
def answer(
    question: Annotated[Path, typer.Argument(metavar="QUESTION", readable=False, help="The fields that came.")],
    held: Annotated[Path, typer.Option("--set", readable=False, help="The secret file of the set.")],
    message: Annotated[str, typer.Option("--query", help="Id of the message that asked.")],
    out: OutOption,
) -> None:
    """Answer a question without learning what it asks: writes the fields of a blind_answer/1."""
    from pratique.partners.exchange import blind_files
    from pratique.partners.exchange.messages.asking import BlindQuery

    said = blind_files.answer(
        _message(question, BlindQuery), blind_files.read_kept_set(_bytes(held)), message=message, now=datetime.now(UTC)
    )
    _write_message(out, said)
    say(f"{len(said.elements)} asked. Send {out} as blind_answer/1; nothing shows what was asked.")


@app.command("read")
def read(
    file: Annotated[Path, typer.Argument(metavar="ANSWER", readable=False, help="The fields that came.")],
    kept: Annotated[Path, typer.Option("--secret", readable=False, help="The secrets of the question.")],
    tokens: Annotated[Path, typer.Option("--tokens", readable=False, help="The tokens of the partner's set.")],
    as_json: JsonOption = False,
) -> None:
    """Read the answer: which of the identifiers the partner holds."""
    from pratique.partners.exchange import blind_files
    from pratique.partners.exchange.messages.asking import BlindAnswer

    said, asked = _message(file, BlindAnswer), blind_files.read_kept_secrets(_bytes(kept))
    found = blind_files.read_answer(said, asked, _bytes(tokens, LONGEST_LIST))
    payload = [{"identifier": each, "known": known} for each, known in found]
    show(payload, as_json=as_json, render=lambda: table("", ["identifier", "known"], found))


def lines_in(path: Path) -> list[str]:
    """The identifiers of a file, one a line, each once."""
    text = text_of(path, most_bytes=LONGEST_LIST)
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _bytes(path: Path, most: int = LONGEST) -> bytes:
    from pratique.node.runs.incoming import open_regular

    with open_regular(path) as source:
        return source.read(most + 1)


def _message(path: Path, kind: type[AnyMessage]) -> AnyMessage:
    from pratique.partners.exchange import strict_json
    from pratique.partners.exchange.wire import record

    said = strict_json.read(_bytes(path), what="message", at_most=LONGEST)
    return record(kind, said, code="exchange.message_invalid", what=kind.__name__)


def _write_message(path: Path, message: Message) -> None:
    from pratique.partners.exchange import strict_json

    path.write_bytes(strict_json.write_for_people(message.dump()))


def _write_secret(path: Path, kept: Wire) -> None:
    """Readable for nobody else from its first byte on."""
    from pratique.partners.exchange import strict_json

    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as target:
        os.fchmod(target.fileno(), 0o600)
        target.write(strict_json.write_for_people(kept.dump()))
