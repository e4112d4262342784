"""The network of a consignment: it in the middle, its parties in a column, and what each of them shares beyond."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from pratique.desk.pictures.svg import element, path, picture, rect, text

ROW: Final = 50
NODE_HEIGHT: Final = 24
LETTER: Final = 7.0  # about the width of a letter
STRONG: Final = ("address", "communication", "number", "hit")
Columns = tuple[tuple[int, int], ...]
SMALL: Final[Columns] = ((4, 80), (108, 126), (258, 126))  # where each column begins and how wide it is
LARGE: Final[Columns] = ((4, 180), (270, 290), (650, 290))


@dataclass(frozen=True, slots=True)
class Mark:
    """A node: ``kind`` is consignment, party, other or entry; ``consignments`` that name it."""

    id: str
    label: str
    kind: str
    consignments: int


@dataclass(frozen=True, slots=True)
class Link:
    """An edge with its words; ``reason`` is its code."""

    source: str
    target: str
    words: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Placed:
    mark: Mark
    column: int
    x: int
    wide: int
    y: float


def network_picture(
    marks: Sequence[Mark], links: Sequence[Link], *, most: int, this: str, told: str, columns: Columns = SMALL
) -> Markup:
    """At most ``most`` nodes beside the consignment, those with the most links first."""
    shown = _chosen(marks, links, most)
    standing = [[mark for mark in shown if _column(mark) == number] for number in range(3)]
    height = max(len(column) for column in standing) * ROW + 12
    placed = {
        mark.id: _Placed(mark, number, *columns[number], y=(place + 0.5) * (height - 12) / len(column))
        for number, column in enumerate(standing)
        for place, mark in enumerate(column)
    }
    drawn = [link for link in links if link.source in placed and link.target in placed]
    parts = [_line(placed[link.source], placed[link.target], link) for link in drawn]
    parts += [_node(each, this, drawn) for each in placed.values()]
    return picture(columns[-1][0] + columns[-1][1] + 4, round(height), told, *parts, fluid=True)


def _chosen(marks: Sequence[Mark], links: Sequence[Link], most: int) -> list[Mark]:
    degree = {mark.id: 0 for mark in marks}
    for link in links:
        for end in (link.source, link.target):
            if end in degree:
                degree[end] += 1
    others = sorted((mark for mark in marks if mark.kind != "consignment"), key=lambda mark: -degree[mark.id])
    return [*(mark for mark in marks if mark.kind == "consignment"), *others[:most]]


def _column(mark: Mark) -> int:
    return {"consignment": 0, "party": 1}.get(mark.kind, 2)


def _line(source: _Placed, target: _Placed, link: Link) -> Markup:
    near, far = sorted((source, target), key=lambda each: each.column)
    class_ = "c-warn" if link.reason in STRONG else "c-thin"
    x = near.x + near.wide
    if near.column == far.column:
        return path(f"M{x} {near.y:.1f}C{x + 18} {near.y:.1f} {x + 18} {far.y:.1f} {x} {far.y:.1f}", class_=class_)
    return path(f"M{x} {near.y:.1f}L{far.x} {far.y:.1f}", class_=class_)


def _node(placed: _Placed, this: str, links: Sequence[Link]) -> Markup:
    """The name in its box; below it, what it shares with those before it."""
    dark = placed.mark.kind == "consignment"
    class_ = {"consignment": "c-nodex", "entry": "c-nodew"}.get(placed.mark.kind, "c-node")
    label = this if dark else _short(placed.mark.label, placed.wide)
    middle = placed.x + placed.wide / 2
    shared = [link.words for link in links if link.reason in STRONG and placed.mark.id in (link.source, link.target)]
    said = ", ".join(dict.fromkeys(shared)) if placed.column == 2 else ""
    return element(
        "g",
        element("title", placed.mark.label),
        rect(placed.x, placed.y - NODE_HEIGHT / 2, placed.wide, NODE_HEIGHT, class_=class_),
        text(middle, placed.y + 4, label, anchor="middle", class_="t-on" if dark else "t-ink"),
        *([text(placed.x + placed.wide, placed.y + 25, said, anchor="end", class_="bad")] if said else []),
    )


def _short(label: str, wide: int) -> str:
    letters = int((wide - 6) / LETTER)
    return label if len(label) <= letters else f"{label[: letters - 1]}…"
