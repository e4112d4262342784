"""Stretches of plain bills and boxes in a window of a message, and their way into its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import Final

import numpy as np
import polars as pl

from pratique.flow.intake.formats.cuscar import consignment
from pratique.flow.intake.formats.cuscar.plain.bills import bill_rows
from pratique.flow.intake.formats.cuscar.plain.boxes import described_boxes, mentioned_boxes
from pratique.flow.intake.formats.cuscar.plain.columns import owner, put, texts
from pratique.flow.intake.formats.cuscar.plain.forms import OTHER, Apart, Positions, by_tag, taken_apart
from pratique.flow.intake.formats.cuscar.plain.items import item_rows
from pratique.flow.intake.formats.cuscar.plain.shapes import is_plain_bill, is_plain_box
from pratique.flow.intake.formats.cuscar.plain.stretch import Stretch
from pratique.flow.intake.formats.cuscar.state import State

FEWEST: Final = 1_000  # plain bills or boxes in a row for which columns are faster than handlers
FEWEST_SEGMENTS: Final = 3  # of a box; a bill has more


def plain_stretches(segments: Sequence[str], state: State, *, first: int, fewest: int = FEWEST) -> list[Stretch]:
    """Stretches of at least ``fewest`` plain bills or boxes, in their order; ``first`` numbers the first segment.

    A bill that no other follows is in none, since it may go on behind the segments. A box of the message itself stands
    before its first bill.
    """
    if len(segments) < FEWEST_SEGMENTS * fewest:
        return []
    sorted_segments = by_tag(segments)
    bills, boxes = sorted_segments.at("CNI"), sorted_segments.at("EQD")
    if max(len(bills), len(boxes)) < fewest:
        return []
    apart = taken_apart(sorted_segments, state.mark)
    _set_strange_numbers_apart(apart)
    found = list(_runs(apart, bills, is_plain_bill, fewest))
    if state.bill is None:
        until = bills[:1]
        boxes = boxes[boxes < until[0]] if len(until) else boxes
        found = [*_runs(apart, np.append(boxes, until), is_plain_box, fewest), *found]
    return [Stretch(apart, begin, end, first) for begin, end in found]


def read_plainly(stretch: Stretch, state: State) -> None:
    """Adds the rows of a stretch to the message; what was open before it is complete."""
    consignment.close_bill(state, stretch.first + stretch.begin)
    if len(stretch.bills):
        _add_bills(stretch, state)
    else:
        _add_boxes(stretch, state)


def _add_bills(stretch: Stretch, state: State) -> None:
    tables = state.tables
    count, parties = len(tables.bills), stretch.told("N").at
    tables.parties.extend(
        stretch.apart.segments.texts.gather(parties).to_list(),
        (parties + stretch.first).tolist(),
        (owner(parties, stretch.bills) + count).tolist(),
    )
    tables.boxes.add(mentioned_boxes(stretch, bills=count, described=state.described))
    tables.items.add(item_rows(stretch, before=len(tables.items), bills=count))
    tables.bills.add(bill_rows(stretch, before=count, nature=state.places.get("nature")))


def _add_boxes(stretch: Stretch, state: State) -> None:
    boxes = described_boxes(stretch)
    numbered = enumerate(boxes["equipment_id_raw"], start=len(state.tables.boxes))
    state.described |= {name: row for row, name in numbered}
    state.tables.boxes.add(boxes)


def _set_strange_numbers_apart(apart: Apart) -> None:
    """A bill number (RFF) other than that of its CNI is for the handlers: such a bill gets a letter of no form."""
    bills = apart.segments.at("CNI")
    heads = pl.repeat(None, len(bills), dtype=pl.String, eager=True)
    for told in apart.told.get("C", ()):
        heads = put(texts(told, "number"), owner(told.at, bills), len(bills))
    for told in apart.told.get("B", ()):
        head = heads.extend_constant(None, 1).gather(owner(told.at, bills) % (len(bills) + 1))  # the last: of no bill
        apart.shape[told.at[(head != texts(told, "value")).fill_null(value=False).to_numpy()]] = ord(OTHER)


def _runs(apart: Apart, begins: Positions, is_plain: Callable[[bytes], bool], fewest: int) -> Iterator[tuple[int, int]]:
    """Where at least ``fewest`` plain ones in a row begin and end; each ends where the next begins."""
    shape = apart.shape.tobytes()
    spans = list(pairwise(begins.tolist()))
    for plain, group in groupby(spans, key=lambda span: is_plain(shape[span[0] : span[1]])):
        run = list(group)
        if plain and len(run) >= fewest:
            yield run[0][0], run[-1][1]
