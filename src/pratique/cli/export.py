"""``export``: the control list as XLSX, CSV or JSON, for people who plan with spreadsheets."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import safe, say, show
from pratique.cli.runs import queue_line, since
from pratique.cli.session import acting, language_of, opened
from pratique.vocabulary.errors import PratiqueError

if TYPE_CHECKING:
    from pratique.node.handlers.queue import Queue, QueueRow
    from pratique.node.runs.reason_sentences import Tell

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
WIDTHS: Final = (6, 9, 7, 30, 10, 12, 18, 10, 40, 30, 30, 10, 10, 12, 24, 90)


class FileKind(StrEnum):
    """What a list can be written as."""

    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"


def export(
    out: Annotated[Path, typer.Argument(readable=False, help="File to write; .xlsx, .csv or .json says which kind.")],
    run: Annotated[str | None, typer.Option("--run", help="Id of a run; else the newest.")] = None,
    channel: Annotated[str | None, typer.Option(help="red, scan, yellow, blue, green or all.")] = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the control list of a run to a file."""
    kind = _kind(out)
    with opened(node) as at:
        rows = write_queue(at, actor, out, kind=kind, run=run, channel=channel)
    told = f"{out}: {rows:,} lines"
    payload = {"file": str(out), "rows": rows}
    show(payload, as_json=as_json, render=lambda: say(told))


def write_queue(
    at: Any, actor: str | None, out: Path, *, kind: FileKind, run: str | None = None, channel: str | None = None
) -> int:
    """Writes the list of a run and gives the number of its lines; the file is there whole or not at all."""
    from pratique.node.handlers.queue import ListQueue
    from pratique.node.runs.reason_sentences import reason_sentences

    listed = at.ask(ListQueue(run=run, channel=channel), actor=acting(actor))
    tell = reason_sentences(at, acting(actor), language_of(at))
    partial = out.with_name(out.name + ".part")
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        _WRITERS[kind](partial, listed, tell)
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)
    return len(listed.rows)


def _kind(out: Path) -> FileKind:
    try:
        return FileKind(out.suffix.lower().lstrip("."))
    except ValueError:
        todo = "End the name in .xlsx, .csv or .json."
        raise PratiqueError("export.kind", f"{out.name} does not say which kind of file to write.", todo=todo) from None


def flat(row: QueueRow, tell: Tell) -> dict[str, Any]:
    """One line for a spreadsheet: a cell per fact, the reasons in one."""
    return {
        "rank": row.rank,
        "channel": row.channel,
        "score": row.score,
        "raised since": "; ".join(f"{each.points:+d} {since(each)}" for each in row.raised),
        "score now": row.score + row.raised_points,
        "consignment": row.consignment_id,
        "bill": row.bill,
        "chosen by": row.basis,
        "goods": row.description,
        "consignor": row.consignor,
        "consignee": row.consignee,
        "loading": row.loading_location,
        "unloading": row.unloading_location,
        "gross mass kg": None if row.gross_mass_g is None else row.gross_mass_g / 1000,
        "boxes": " ".join(row.equipment_ids),
        "reasons": "; ".join(f"+{reason.points} {tell(reason)}" for reason in row.reasons),
    }


def unformula(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front; anything else stays."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def harmless(value: Any) -> Any:
    """The same, without control characters: a CSV file is also read in terminals."""
    return safe(unformula(value)) if isinstance(value, str) else value


def _write_csv(path: Path, listed: Queue, tell: Tell) -> None:
    rows = [flat(row, tell) for row in listed.rows]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_headings(rows))
        writer.writerows([harmless(value) for value in row.values()] for row in rows)


def _write_json(path: Path, listed: Queue, tell: Tell) -> None:
    payload = {"run": listed.run.id, "rows": [queue_line(row, tell) for row in listed.rows]}
    path.write_text(json.dumps(payload, ensure_ascii=False, indent=1), encoding="utf-8")


def _write_xlsx(path: Path, listed: Queue, tell: Tell) -> None:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    rows = [flat(row, tell) for row in listed.rows]
    book = Workbook(write_only=True)
    sheet = book.create_sheet(f"Run {listed.run.id}")
    sheet.freeze_panes = "A2"
    for number, width in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.append([_cell(sheet, heading, font=Font(bold=True)) for heading in _headings(rows)])
    for row in rows:
        sheet.append(
            [_cell(sheet, value, alignment=Alignment(vertical="top", wrap_text=True)) for value in row.values()]
        )
    book.save(path)


def _cell(sheet: Any, value: Any, **look: Any) -> Any:
    """A cell that is text where the value is text: never a formula, and without characters that a sheet cannot hold."""
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, str):
        value = safe(value).replace("\n", "�")
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    for name, given in look.items():
        setattr(cell, name, given)
    return cell


def _headings(rows: Sequence[dict[str, Any]]) -> list[str]:
    return list(rows[0]) if rows else ["rank"]


_WRITERS: Final[dict[FileKind, Callable[[Path, Queue, Tell], None]]] = {
    FileKind.CSV: _write_csv,
    FileKind.JSON: _write_json,
    FileKind.XLSX: _write_xlsx,
}
