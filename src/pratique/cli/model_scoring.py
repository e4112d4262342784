"""``model score`` and ``model explain``: the chance of new declarations, and why one has its chance."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from pratique.cli.messages import progress
from pratique.cli.model_options import (
    DataArgument,
    DigestOption,
    MappingOption,
    ModelOption,
    ResultsOption,
    models_folder,
)
from pratique.cli.options import JsonOption
from pratique.cli.output import say, show, table
from pratique.vocabulary.errors import PratiqueError
from pratique.vocabulary.languages import ENGLISH
from pratique.vocabulary.sentences import sentence

if TYPE_CHECKING:
    import polars as pl

    from pratique.flow.learning.looks import Results
    from pratique.flow.learning.model import Model

EXPLAINED: Final = 100
SHOWN: Final = 20


def score(
    data: DataArgument,
    out: Annotated[Path, typer.Option("--out", "-o", readable=False, help="File to write: .csv or .parquet.")],
    model: ModelOption = None,
    digest: DigestOption = None,
    mapping: MappingOption = None,
    labels_file: ResultsOption = None,
    first: Annotated[
        int, typer.Option("--reasons", help="For how many, from the top, the reasons are told.", min=0)
    ] = EXPLAINED,
    as_json: JsonOption = False,
) -> None:
    """The chance, stake and expected value of each declaration, highest first; with reasons for the first of them."""
    from pratique.node.learning.tables import read_declarations

    _kind(out)
    with progress(shown=not as_json) as tell:
        tell("model")
        taken = _taken(model, digest)
        tell("reading")
        brought = read_declarations(data, mapping)
        results = _results(labels_file, brought)
        tell("scoring")
        scored = taken.explain(brought, results, first=first)
        tell("writing")
        _write(out, scored)
    payload = {"file": out, "rows": scored.height, "missing": brought.missing, "first": _plain(scored.head(first))}

    def render() -> None:
        if brought.missing:
            say(f"Not in the table, and left out: {', '.join(brought.missing)}.")
        say(f"{scored.height:,} declarations scored. Written: {out}")
        _tell_scores(scored.head(SHOWN))

    show(payload, as_json=as_json, render=render)


def explain(
    data: DataArgument,
    consignment: Annotated[str, typer.Argument(help="The number of the declaration.")],
    model: ModelOption = None,
    digest: DigestOption = None,
    mapping: MappingOption = None,
    labels_file: ResultsOption = None,
    line: Annotated[
        float | None, typer.Option("--line", help="Chance below which nobody would look.", min=0.0, max=1.0)
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Why one declaration has its chance, in points that add up, and what would change it."""
    from pratique.node.learning.tables import read_declarations

    taken = _taken(model, digest)
    brought = read_declarations(data, mapping)
    place = brought.rows["consignment"].index_of(consignment)
    if place is None:
        from pratique.node.errors import refuse

        raise refuse("model.consignment_unknown", number=consignment[:40], file=str(data))
    told = taken.explain_one(brought, place, _results(labels_file, brought), line=line)
    show(_plain(told)[0], as_json=as_json, render=lambda: _tell_one(_plain(told)[0]))


def _taken(model: Path | None, digest: str | None) -> Model:
    from pratique.flow.learning.model import Model

    return Model.load(model or models_folder(None), digest)


def _results(path: Path | None, brought: Any) -> Results:
    from pratique.flow.learning.labels import labels_of_table, results_of
    from pratique.flow.learning.looks import NO_RESULTS
    from pratique.node.learning.tables import denoted, read_table

    return NO_RESULTS if path is None else results_of(labels_of_table(read_table(path), brought, denoted))


def _kind(out: Path) -> None:
    if out.suffix.lower() not in (".csv", ".parquet"):
        told = f"{out.name} does not say which kind of file to write."
        raise PratiqueError("export.kind", told, todo="End the name in .csv or .parquet.")


def _write(out: Path, scored: pl.DataFrame) -> None:
    """Writes the scores; the file is there whole or not at all."""
    import polars as pl

    from pratique.cli.export import harmless

    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_name(out.name + ".part")
    try:
        if out.suffix.lower() == ".csv":
            texts = pl.col("consignment").map_elements(harmless, return_dtype=pl.String)
            scored.with_columns(texts).write_csv(partial)
        else:
            scored.write_parquet(partial)
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)


def _plain(scored: pl.DataFrame) -> list[dict[str, Any]]:
    return [
        {**row, "reasons": None if row["reasons"] is None else json.loads(row["reasons"])}
        for row in scored.iter_rows(named=True)
    ]


def _tell_scores(scored: pl.DataFrame) -> None:
    rows = [
        (
            row["consignment"],
            f"{row['chance']:.1%}",
            f"{row['low']:.1%} to {row['high']:.1%}",
            row["stake_minor"],
            row["expected_value_minor"],
            row["points"],
            "" if not row["reasons"] else _first_sentence(row["reasons"]),
        )
        for row in _plain(scored)
    ]
    columns = ["consignment", "chance", "95 %", "stake", "expected", "points", "chiefly"]
    table("The highest of them", columns, rows, right=["chance", "stake", "expected", "points"])


def _tell_one(row: dict[str, Any]) -> None:
    say(f"{row['consignment']}: chance {row['chance']:.1%} ({row['low']:.1%} to {row['high']:.1%}).")
    say(f"Stake {row['stake_minor']:,}, expected value {row['expected_value_minor']:,} (minor units).")
    rows = [(reason["points"], _sentence(reason)) for reason in row["reasons"]]
    table("Points", ["points", "why"], [*rows, (row["points"], "in all")], right=["points"])
    if row["would_change"]:
        say(sentence("model.would_change", {"reason": sentence(f"{row['would_change']}.name", {})}))


def _first_sentence(reasons: list[dict[str, Any]]) -> str:
    speaking = [reason for reason in reasons if reason["points"] > 0]
    return _sentence(speaking[0]) if speaking else ""


def _sentence(reason: dict[str, Any], language: str = ENGLISH) -> str:
    return sentence(reason["code"], reason["params"], language)
