"""One message into rows: stretches of plain bills by columns, all else by a table of handlers and a loop."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Final

from pratique.flow.intake.edi.envelope import Message, Run
from pratique.flow.intake.edi.notes import Notes
from pratique.flow.intake.edi.splitter import TOO_LONG
from pratique.flow.intake.edi.times import prepared
from pratique.flow.intake.formats.cuscar import consignment, equipment, goods, header, party
from pratique.flow.intake.formats.cuscar.plain.read import FEWEST, plain_stretches, read_plainly
from pratique.flow.intake.formats.cuscar.rows import MessageRow, Tables, Totals
from pratique.flow.intake.formats.cuscar.said import UNMAPPED, Said
from pratique.flow.intake.formats.cuscar.state import Broken, State

Handler = Callable[[State, str, int], None]

WINDOW: Final = 4 * 1024 * 1024


def read_message(message: Message, tables: Tables, notes: Notes, *, fewest: int = FEWEST) -> None:
    """Add the rows of a message; a message that cannot be read as a whole adds none and is quarantined.

    At least ``fewest`` plain bills in a row are read by columns instead of handlers, to the same rows.
    """
    first_note = len(notes.kept)
    state = _begin(message, tables, notes)
    for window in _windows(message.runs):
        _read_window(state, window, fewest)
        state.last_segment = window[-1].first + len(window[-1].segments) - 1
    _end(state, message)
    if state.broken is not None:
        tables.cut_message()
        message.origin.row = None
        for note in notes.kept[first_note:]:
            note.consignment = None
        begin = message.span[0]
        notes.quarantine(state.broken.note, begin, state.end_of_last() - begin, state.broken.excerpt)


def _windows(runs: Iterator[Run]) -> Iterator[list[Run]]:
    """Runs by ``WINDOW`` bytes or a little more, so that columns are long and memory stays bounded."""
    window: list[Run] = []
    size = 0
    for run in runs:
        window.append(run)
        size += len(run.batch.raw)
        if size >= WINDOW:
            yield window
            window, size = [], 0
    if window:
        yield window


def _read_window(state: State, window: list[Run], fewest: int) -> None:
    """Stretches of plain bills by columns, what stands between them by handlers."""
    segments = [segment for run in window for segment in run.segments]
    first = window[0].first
    number = first
    for stretch in plain_stretches(segments, state, first=first, fewest=fewest):
        _read_segments(state, window, number, first + stretch.begin)
        state.run = next(run for run in reversed(window) if run.first <= first + stretch.begin)
        read_plainly(stretch, state)
        number = first + stretch.end
    _read_segments(state, window, number, first + len(segments))


def _begin(message: Message, tables: Tables, notes: Notes) -> State:
    origin, interchange = message.origin, message.interchange
    origin.row = len(tables.messages)
    tables.starts.append(tables.lengths())
    row, totals = MessageRow(), Totals()
    row.origin, row.segment, totals.segment = origin, 1, 1
    row.message_id = origin.reference or None
    row.format_version = ":".join(filter(None, (message.version, message.association))) or None
    row.sender_id, row.receiver_id = interchange.sender, interchange.receiver
    row.issue_datetime = prepared(interchange.prepared)
    tables.messages.append(row)
    tables.totals.append(totals)
    mark = interchange.decimal_mark
    said = tables.said.get(mark) or tables.said.setdefault(mark, Said(mark))
    return State(tables, notes, origin, said, mark, row, totals)


def _read_segments(state: State, window: list[Run], begin: int, end: int) -> None:
    """Segments by their numbers in the message, ``begin`` to before ``end``, one after the other."""
    handler_of = handlers_by_tag().get
    for run in window:
        number = max(begin, run.first)
        segments = run.segments[number - run.first : max(end - run.first, 0)]
        if segments:
            state.run = run
        for segment in segments:
            handler_of(segment[:4], _other)(state, segment, number)
            number += 1


def _end(state: State, message: Message) -> None:
    last = state.last_segment
    if not message.is_whole and state.bill is not None:
        state.note("cuscar.bill_cut_off", last, severity="error")
    consignment.close_bill(state, last + 1)
    header.finish_header(state)
    if not state.has_beginning:
        state.note("cuscar.beginning_missing", 1)
    if message.message_type != "CUSCAR":
        state.note("cuscar.message_name_missing", 1, group=message.group_type)


def _other(state: State, segment: str, number: int) -> None:
    tag = segment[:3]
    if tag == TOO_LONG:
        _too_long(state, segment.split("+"), number)
    elif tag not in UNMAPPED:
        state.note("cuscar.segment_unknown", number, text=segment[:40])


def _too_long(state: State, elements: list[str], number: int) -> None:
    told: dict[str, str | int] = {"offset": int(elements[1]), "length": int(elements[2])}
    note = state.notes.add("edi.segment_too_long", told, severity="error", origin=state.origin, segment=number)
    broken = Broken(note, elements[3])
    if state.of_bill is not None:
        state.of_bill.broken = state.of_bill.broken or broken
    else:
        state.broken = state.broken or broken


@cache
def handlers_by_tag() -> Mapping[str, Handler]:
    """The handler of each segment, by its tag and the separator behind it."""
    handlers: dict[str, Handler] = {
        "BGM": header.bgm,
        "DTM": _dtm,
        "TDT": _tdt,
        "CNI": consignment.cni,
        "RFF": consignment.rff,
        "DOC": consignment.doc,
        "CNT": consignment.cnt,
        "LOC": consignment.loc,
        "GIS": consignment.nature,
        "GEI": consignment.nature,
        "MOA": consignment.moa,
        "CPI": consignment.cpi,
        "GID": goods.gid,
        "PAC": goods.pac,
        "PCI": goods.pci,
        "HAN": goods.han,
        "FTX": goods.ftx,
        "MEA": goods.mea,
        "SGP": goods.sgp,
        "DGS": goods.dgs,
        "CST": goods.cst,
        "PIA": goods.pia,
        "EQD": equipment.eqd,
        "SEL": equipment.sel,
        "TMP": equipment.tmp,
        "NAD": party.nad,
        "COM": party.com,
    }
    return {f"{tag}+": handler for tag, handler in handlers.items()}


def _dtm(state: State, text: str, segment: int) -> None:
    if state.bill is None:
        header.header_dtm(state, text, segment)


def _tdt(state: State, text: str, segment: int) -> None:
    """Transport of a bill ends the group before it; its means are those of the message."""
    if state.bill is None:
        header.header_tdt(state, text, segment)
    else:
        state.leave_group()
