"""``model headings`` and ``model described``: what descriptions usually stand for, and which do not fit their code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from pratique.cli.export import harmless
from pratique.cli.messages import progress
from pratique.cli.model_options import DataArgument, MappingOption, models_folder
from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.session import acting, opened
from pratique.vocabulary.sentences import sentence

if TYPE_CHECKING:
    import polars as pl

    from pratique.flow.learning.headings import Headings

SHOWN: Final = 20
SHOWN_TEXT: Final = 40


def headings(
    data: DataArgument,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", readable=False, help="File to write, without a node; else the node's.")
    ] = None,
    vague: Annotated[
        Path | None,
        typer.Option("--vague", readable=False, help="Descriptions that were refused as too vague: description."),
    ] = None,
    mapping: MappingOption = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Learn from past declarations which headings a description is plausible under; not in force until promoted."""
    from pratique.flow.learning.headings import learn_headings
    from pratique.node.learning.headings import described_rows, read_vague

    with progress(shown=not as_json) as tell:
        tell("reading")
        rows = described_rows(data, mapping)
        refused = None if vague is None else read_vague(vague)
        tell("learning")
        learned = learn_headings(
            rows.select("description", "heading"), vague=refused, until=str(rows["lodged_on"].max())
        )
        tell("keeping")
        where = _kept_on_node(learned, rows, node, actor) if out is None else _written_to(out, learned)
    payload = {**where, "declarations": learned.rows, "until": learned.until, "headings": len(learned.codes)}

    def render() -> None:
        say(f"{learned.rows:,} described declarations up to {learned.until}; {len(learned.codes):,} headings known.")
        if out is None:
            say(f"Headings {payload['digest'][:12]} kept. A second person puts them in force: pratique model promote.")
        else:
            say(f"Written: {out} ({payload['bytes'] / 2**20:.1f} MiB), SHA-256 {payload['digest']}")

    show(payload, as_json=as_json, render=render)


def _written_to(out: Path, learned: Headings) -> dict[str, Any]:
    from pratique.flow.learning.headings_bytes import digest_of, kept
    from pratique.node.learning.headings import written

    content = kept(learned)
    written(out, content)
    return {"file": out, "digest": digest_of(content), "bytes": len(content)}


def _kept_on_node(learned: Headings, rows: pl.DataFrame, node: Path | None, actor: str | None) -> dict[str, Any]:
    from pratique.node.handlers.models import KeepModel
    from pratique.node.learning.headings import keep_learned

    with opened(node) as at:
        digest, card = keep_learned(learned, rows, models_folder(node))
        kept = at.execute(KeepModel(digest), actor=acting(actor))
    return {"digest": digest, "state": kept.state, "card": card}


def described(
    data: DataArgument,
    learned: Annotated[
        Path, typer.Option("--headings", readable=False, help="File that `pratique model headings` wrote.")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", readable=False, help="File to write: .csv or .parquet.")
    ] = None,
    digest: Annotated[str | None, typer.Option("--digest", help="SHA-256 that the file must have.")] = None,
    mapping: MappingOption = None,
    as_json: JsonOption = False,
) -> None:
    """Which declarations are described as goods of another heading, or too vaguely, the clearest first."""
    from pratique.node.learning.headings import described_rows, read_headings, unfitting, written_table

    with progress(shown=not as_json) as tell:
        tell("reading")
        known = read_headings(learned, digest)
        rows = described_rows(data, mapping)
        tell("comparing")
        found = unfitting(known, rows)
        told = found.with_columns(sentence=_sentences(found))
        if out is not None:
            written_table(out, told, harmless)
    payload = {"rows": rows.height, "found": found.height, "first": told.head(SHOWN).to_dicts(), "file": out}

    def render() -> None:
        say(f"{rows.height:,} described declarations; {found.height:,} to look at.")
        _tell(told.head(SHOWN))
        if out is not None:
            say(f"Written: {out}")

    show(payload, as_json=as_json, render=render)


def _sentences(found: pl.DataFrame) -> pl.Series:
    import polars as pl

    return pl.Series([sentence(str(row["code"]), row) for row in found.to_dicts()], dtype=pl.String)


def _tell(told: pl.DataFrame) -> None:
    rows: list[tuple[Any, ...]] = [
        (row["consignment"], row["description"][:SHOWN_TEXT], row["sentence"]) for row in told.to_dicts()
    ]
    if rows:
        table("The clearest of them", ["consignment", "described as", "why"], rows)
