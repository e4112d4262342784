"""``screen``: names that somebody brings, against the lists in force."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from pratique.cli.bar import bar
from pratique.cli.export import harmless
from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.session import acting, language_of, opened
from pratique.vocabulary.errors import PratiqueError

if TYPE_CHECKING:
    from pratique.node.handlers.screening import NamesScreened

SHOWN: Final = 50
ANSWERED: Final = 3
ONE: Final = "1"  # the id of a name given as an option
SCORE_PARTS: Final = 1000
_FTM: Final = ".ftm.json"


class Format(StrEnum):
    """What hits can be written as."""

    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"
    FTM = "ftm"


def screen(
    names: Annotated[
        Path | None,
        typer.Argument(readable=False, help="A .csv or .parquet with the columns id, name, kind; others optional."),
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="One name, instead of a file.")] = None,
    kind: Annotated[
        str, typer.Option("--kind", help="What it names: person, organisation, party, vessel, address, document …")
    ] = "party",
    country: Annotated[str, typer.Option("--country", help="Its country, two letters; several with ; between.")] = "",
    birth_date: Annotated[str, typer.Option("--birth-date", help="YYYY-MM-DD, YYYY-MM or YYYY.")] = "",
    identifiers: Annotated[str, typer.Option("--identifiers", help="Its numbers, scheme:value;scheme:value.")] = "",
    lists: Annotated[list[str] | None, typer.Option("--list", help="Only this list; may be given again.")] = None,
    budget: Annotated[
        int | None,
        typer.Option("--budget", help="Of 1,000 ordinary names so many may alert; else as each list has it."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="File to write: .csv, .json, .parquet or .ftm.json.")
    ] = None,
    form: Annotated[Format | None, typer.Option("--format", help="Which kind of file; else its name says so.")] = None,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="End with 3 where anything answered.")] = False,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare names with the lists in force; each hit with the listed name, how sure it is, and why."""
    from pratique.node.handlers.screening import ScreenNames

    kind_of_file = _format(out, form)
    details = {"country": country, "birth_date": birth_date, "identifiers": identifiers}
    with opened(node) as at:
        asked = _asked(names, name, kind, details)
        language = language_of(at)
        with bar(shown=not as_json, language=language) as tell:
            query = ScreenNames(asked, tuple(lists or ()), budget)
            found = at.ask(query, actor=acting(actor), progress=tell)
    if out is not None and kind_of_file is not None:
        _write(out, kind_of_file, found, language)
    payload = _document(found) if out is None else {**_document(found, with_hits=False), "file": str(out)}
    show(payload, as_json=as_json, render=lambda: _render(found, out, language, one=name is not None))
    if exit_code and found.hits.height:
        raise typer.Exit(ANSWERED)


def _asked(path: Path | None, name: str | None, kind: str, details: Mapping[str, str]) -> Any:
    """The names to compare: those of a file, or the one given."""
    import polars as pl

    from pratique.node.hits.name_table import COLUMNS, ROW, checked_names, read_names

    if (path is None) == (name is None):
        raise PratiqueError(
            "names.one_way",
            "Names come from a file or from --name, one of the two.",
            todo="Give a file, or --name with the name.",
        )
    if path is not None:
        return read_names(path)
    row = {"id": ONE, "name": name or "", "kind": kind, **details}
    one = pl.DataFrame({column: [row.get(column)] for column in COLUMNS}, schema=dict.fromkeys(COLUMNS, pl.String))
    return checked_names(one.with_columns(pl.lit(1).alias(ROW)), "--name")


def _format(out: Path | None, form: Format | None) -> Format | None:
    if out is None:
        if form is not None:
            todo = "Name the file with -o."
            raise PratiqueError("names.no_file", f"There is no file to write as {form.value}.", todo=todo)
        return None
    if form is not None:
        return form
    if out.name.lower().endswith(_FTM):
        return Format.FTM
    try:
        return Format(out.suffix.lower().lstrip("."))
    except ValueError:
        told = f"{out.name} does not say which kind of file to write."
        raise PratiqueError("export.kind", told, todo="End the name in .csv, .json, .parquet or .ftm.json.") from None


def _document(found: NamesScreened, *, with_hits: bool = True) -> dict[str, Any]:
    counts = {"names": found.name_count, "without_name_or_number": found.empty_count, "hits": found.hits.height}
    told: dict[str, Any] = {"lists": found.lists, "counts": counts}
    if with_hits:
        told["hits"] = [{**hit, "reasons": json.loads(hit["reasons"])} for hit in found.hits.iter_rows(named=True)]
    return told


def _render(found: NamesScreened, out: Path | None, language: str, *, one: bool) -> None:
    for each in found.lists:
        dated = each.list_date or "without a date"
        line = each.alert_line
        cost = f"{line.alerts_per_1000:g} in 1,000 ordinary names alert (budget {line.budget_per_1000})"
        minutes = f"{line.minutes_per_1000:g} officer minutes"
        say(f"List {each.list_id}, {dated}: alerts from {line.threshold_permille} of 1000; {cost}, {minutes}.")
    if found.empty_count:
        say(f"{found.empty_count:,} rows have neither a name nor a number: nothing can answer to them.")
    answered = found.hits["id"].n_unique()
    say(f"Hits: {found.hits.height:,}. Names with a hit: {answered:,} of {found.name_count:,}.")
    if out is not None:
        say(f"Written: {out}")
        return
    columns = ["id", "asked", "list", "listed", "programme", "sure", "basis"]
    shown = found.hits.head(SHOWN)
    wanted = shown.select("id", "name", "list_id", "listed_name", "programme", "score_permille", "basis")
    if shown.height:
        table("", columns, wanted.iter_rows(), right=["sure"])
    if one:
        for hit in shown.iter_rows(named=True):
            say(f"{hit['listed_name']}: {' '.join(_sentences(hit['reasons'], language))}")
    if found.hits.height > SHOWN:
        say(f"{found.hits.height - SHOWN:,} more are not shown: write them to a file with -o.")


def _sentences(reasons: str, language: str) -> list[str]:
    from pratique.vocabulary.sentences import sentence

    return [sentence(each["code"], each["params"], language) for each in json.loads(reasons)]


def _write(out: Path, form: Format, found: NamesScreened, language: str) -> None:
    """Writes the hits; the file is there whole or not at all."""
    partial = out.with_name(out.name + ".part")
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        _WRITERS[form](partial, found, language)
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)


def _write_csv(path: Path, found: NamesScreened, language: str) -> None:
    headings = [name.replace("score_permille", "score") for name in found.hits.columns]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        for hit in found.hits.iter_rows(named=True):
            hit["score_permille"] /= SCORE_PARTS
            hit["reasons"] = " ".join(_sentences(hit["reasons"], language))
            writer.writerow([harmless(value) for value in hit.values()])


def _write_json(path: Path, found: NamesScreened, _language: str) -> None:
    from pratique.cli.output import plain

    path.write_text(json.dumps(plain(_document(found)), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _write_parquet(path: Path, found: NamesScreened, _language: str) -> None:
    found.hits.write_parquet(path)


def _write_ftm(path: Path, found: NamesScreened, _language: str) -> None:
    from pratique.node.hits.follow_the_money import entity_lines

    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in entity_lines(found.hits, found.entities))


_WRITERS: Final[dict[Format, Callable[[Path, NamesScreened, str], None]]] = {
    Format.CSV: _write_csv,
    Format.JSON: _write_json,
    Format.PARQUET: _write_parquet,
    Format.FTM: _write_ftm,
}
