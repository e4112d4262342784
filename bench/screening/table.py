"""The table of the bench: what was asked for, what the best peer and the product showed, whether it was met."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bench.screening.quality import PRECISIONS, Quality


@dataclass(frozen=True, slots=True)
class Row:
    """One line: the figures are ``None`` where nothing was measured. ``at_most``: less is better."""

    what: str
    ours: float | None
    target: float
    peer: float | None = None
    whose: str = ""
    at_most: bool = False
    unit: str = ""

    @property
    def is_met(self) -> bool | None:
        """Whether the target is met; ``None`` where nothing was measured."""
        if self.ours is None:
            return None
        return self.ours <= self.target if self.at_most else self.ours >= self.target


def table(rows: Sequence[Row]) -> str:
    """The rows as text, aligned."""
    lines = [("", "best peer here", "ours", "target", "")]
    for row in rows:
        sign = "≤" if row.at_most else "≥"
        peer = f"{figure(row.peer, row.unit)} {row.whose}".strip()
        met = {True: "met", False: "MISSED", None: "not measured"}[row.is_met]
        lines.append((row.what, peer, figure(row.ours, row.unit), f"{sign} {figure(row.target, row.unit)}", met))
    widths = [max(len(line[at]) for line in lines) for at in range(5)]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
    return "\n".join(line.rstrip() for line in padded)


def figure(value: float | None, unit: str = "") -> str:
    """A share with three decimals, anything larger with separators; a dash where there is none."""
    if value is None:
        return "–"
    if unit == "%":
        return f"{100 * value:.2f} %"
    told = f"{value:.3f}" if not unit else f"{value:,.0f}" if value >= 100 else f"{value:,.1f}"
    return f"{told} {unit}".strip()


def best_of(told: Mapping[str, Quality], of: Callable[[Quality], float]) -> tuple[float | None, str]:
    """The highest figure and whose it is; nothing where no peer ran."""
    if not told:
        return None, ""
    whose = max(told, key=lambda name: of(told[name]))
    return of(told[whose]), whose


def qualities(told: Mapping[str, Quality], rates: Mapping[str, float]) -> str:
    """One line for each matcher: how its scores order the labelled pairs."""
    heads = [f"R@P{100 * least:.0f}" for least in PRECISIONS]
    head = f"{'':<28}{'F1':>6}{'P':>7}{'R':>7}{'from':>7}{'AP':>7}" + "".join(f"{text:>8}" for text in heads)
    lines = [head + f"{'at 1.0':>8}{'tied':>7}{'pairs/s':>10}"]
    for name, each in told.items():
        figures = (each.f1, each.precision, each.recall, each.threshold, each.average_precision)
        shares = "".join(f"{each.recall_at[least]:8.3f}" for least in PRECISIONS)
        rate = f"{rates[name]:10,.0f}" if name in rates else f"{'–':>10}"
        lines.append(
            f"{name:<28}{figures[0]:6.3f}"
            + "".join(f"{value:7.3f}" for value in figures[1:])
            + shares
            + f"{each.at_one:8.3f}{each.tied:7.3f}{rate}"
        )
    return "\n".join(lines)


def categories(told: Mapping[str, Quality], counts: Mapping[str, int]) -> str:
    """The share of each category that each matcher finds at its own best F1."""
    width = max(map(len, counts))
    names = list(told)
    lines = [f"{'':<{width}}{'pairs':>7}  " + "  ".join(names)]
    for category, count in counts.items():
        shares = "  ".join(f"{told[name].found[category]:{len(name)}.3f}" for name in names)
        lines.append(f"{category:<{width}}{count:7}  {shares}")
    return "\n".join(lines)
