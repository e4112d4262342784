"""The network of a consignment: it in the middle, its parties in a column, and what each of them shares beyond."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from pratique.desk.pictures.svg import element, path, picture, rect, text

ROW: Final = 50
NODE_HEIGHT: Final = 24
LETTER: Final = 7.0  # about the width of a letter in a box
SMALL_LETTER: Final = 6.0  # and of one below it
LINE: Final = 13  # between two lines below a box
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
    most_lines = max((len(_shared(mark, links)) for mark in standing[2]), default=1)
    height = max(len(column) for column in standing) * (ROW + LINE * max(most_lines - 1, 0)) + 12
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
    label = this if dark else _short(placed.mark.label, placed.wide, LETTER)
    middle, end = placed.x + placed.wide / 2, placed.x + placed.wide
    shared = _shared(placed.mark, links) if placed.column == 2 else ()
    return element(
        "g",
        element("title", f"{placed.mark.label}: {', '.join(shared)}" if shared else placed.mark.label),
        rect(placed.x, placed.y - NODE_HEIGHT / 2, placed.wide, NODE_HEIGHT, class_=class_),
        text(middle, placed.y + 4, label, anchor="middle", class_="t-on" if dark else "t-ink"),
        *(
            text(
                end, placed.y + 25 + LINE * number, _short(words, placed.wide, SMALL_LETTER), anchor="end", class_="bad"
            )
            for number, words in enumerate(shared)
        ),
    )


def _shared(mark: Mark, links: Sequence[Link]) -> tuple[str, ...]:
    """What a node shares with those before it, each once: a line below its box that is no wider than the box."""
    words = (link.words for link in links if link.reason in STRONG and mark.id in (link.source, link.target))
    return tuple(dict.fromkeys(words))


def _short(label: str, wide: int, letter: float) -> str:
    letters = int((wide - 6) / letter)
    return label if len(label) <= letters else f"{label[: letters - 1]}…"
