"""The usual forms of segments: each has a letter, and a pattern that finds what the segment says.

A pattern accepts less than the handlers do, never more: what it does not match is told apart by them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from pratique.flow.intake.formats.cuscar.said import BY_UNIT, GOODS_OF_BOX, MEASURES, UNMAPPED

Positions = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

NOWHERE: Final[Positions] = np.zeros(0, dtype=np.intp)

OTHER: Final = "?"  # the letter of a segment that has no usual form
SILENT: Final = "x"  # the letter of a segment that fills no column of a bill
# Finer numbers, those below one gram among them, are counted by the handlers.
NUMBER: Final = "(?<whole>[0-9]{1,10})(?:[MARK](?<decimals>[0-9]{1,3}))?"
END: Final = "(?:[:+]|$)"


@dataclass(frozen=True, slots=True)
class Form:
    """Segments of one tag that match ``pattern``; the letter is ``letters``, or what it says for the group ``kind``."""

    tag: str
    pattern: str
    letters: str | Mapping[str, str]


def _measures(*, volume: bool, of_goods: bool | None) -> dict[str, str]:
    """Letters by name of a measure (6311 or 6313) in kilograms, or of a ``volume`` in cubic metres."""
    told = dict(MEASURES) | dict.fromkeys(BY_UNIT, "volume" if volume else "gross")
    kinds = {"volume": "v"} if volume else {"gross": "w", "net": "n", "tare": "r"}
    letters = {name: kinds[kind] for name, kind in told.items() if kind in kinds}
    if of_goods and not volume:
        letters |= {name: "W" for name, letter in letters.items() if letter == "w" and name in GOODS_OF_BOX}
    return letters


ATTRIBUTED: Final = r"^MEA\+[^+]*\+(?<kind>[^+:]+)(?::[^+]*)?\+"
NAMED: Final = r"^MEA\+(?<kind>[^+]*)\+(?::[^+]*)?\+"
FORMS: Final[Sequence[Form]] = (
    Form("CNI", r"^CNI\+(?<sequence>[0-9]{1,18})\+(?<number>[^+:]+)", "C"),
    Form("CNI", r"^CNI\+(?<sequence>[0-9]{1,18})(?:\+(?:[:+]|$)|$)", "Z"),
    Form(
        "RFF",
        r"^RFF\+(?<kind>[^+:]+):(?<value>[^+:]+)",
        {**dict.fromkeys(("BM", "BH", "HWB", "AWB"), "B"), "MB": "m", "MWB": "m", "UCN": "u"},
    ),
    Form("CNT", rf"^CNT\+7:{NUMBER}:KGM{END}", "K"),
    Form("CNT", rf"^CNT\+(?:8|11|58):(?<count>[0-9]{{1,15}}){END}", "k"),
    Form("CNT", rf"^CNT\+15:{NUMBER}:MTQ{END}", "y"),
    Form(
        "LOC",
        r"^LOC\+(?<kind>[^+]*)\+(?<place>[^+:]+)",
        {"9": "L", "11": "U", "12": "U", "10": "A", "88": "A", **dict.fromkeys(("7", "8", "20", "83"), "D"), "27": "O"},
    ),
    Form("GIS", r"^GIS\+(?<nature>2[2348])(?:\+|$)", "I"),
    Form(
        "MOA",
        rf"^MOA\+(?<kind>40|43|64|144):{NUMBER}:(?<currency>[A-Z]{{3}}){END}",
        {"40": "V", "43": "V", "64": "F", "144": "F"},
    ),
    Form("CPI", r"^CPI\+[^+]*\+(?<method>[^+:]+)", "P"),
    Form("NAD", r"^NAD\+", "N"),
    Form(
        "GID",
        r"^GID\+(?<sequence>[0-9]{1,18})\+(?<count>[0-9]{1,15}):(?<package>[0-9A-Za-z]+)(?::[^+]*)?(?:\+(?:\+|$)|$)",
        "G",
    ),
    Form("FTX", r"^FTX\+AAA\+[^+]*\+[^+]*\+(?<text>[^+]+)", "f"),
    Form("MEA", rf"{ATTRIBUTED}KGM:{NUMBER}{END}", _measures(volume=False, of_goods=True)),
    Form("MEA", rf"{NAMED}KGM:{NUMBER}{END}", _measures(volume=False, of_goods=False)),
    Form("MEA", rf"{ATTRIBUTED}MTQ:{NUMBER}{END}", _measures(volume=True, of_goods=None)),
    Form("MEA", rf"{NAMED}MTQ:{NUMBER}{END}", _measures(volume=True, of_goods=None)),
    Form("SGP", r"^SGP\+(?<box>[^+:]+)(?::[^+]*)?(?:\+(?<count>[0-9]{0,12})(?:\+|$)|$)", "S"),
    Form("CST", r"^CST\+[^+]*\+(?<code>[^+:]+)", "c"),
    Form("DGS", r"^DGS\+[^+]*\+(?<danger>[^+:]*)[^+]*\+(?<number>[^+:]*)", "d"),
    Form(
        "EQD",
        r"^EQD\+[^+]*\+(?<box>[^+:]+)(?::[^+]*)?"
        r"(?:\+(?<size>[^+]*)(?:\+[^+]*(?:\+(?<status>[^+]*)(?:\+(?<fullness>[^+:]*))?)?)?)?",
        "E",
    ),
    Form("SEL", r"^SEL\+(?<seal>[^+:]+)", "s"),
    Form("TDT", r"^TDT\+", "t"),
    *(Form(tag, f"^{tag}\\+", SILENT) for tag in ("DTM", *sorted(UNMAPPED))),
)


@dataclass(frozen=True, slots=True)
class Told:
    """What the segments of one letter say: where they stand, rising, and a row of ``said`` for each."""

    at: Positions
    said: pl.DataFrame

    def between(self, begin: int, end: int) -> Told:
        """Those that stand from ``begin`` on and before ``end``."""
        first, last = np.searchsorted(self.at, (begin, end))
        return Told(self.at[first:last], self.said[first:last])

    def where(self, holds: Flags) -> Told:
        """Those for which that holds."""
        return self if holds.all() else Told(self.at[holds], self.said.filter(pl.Series(holds)))


@dataclass(frozen=True, slots=True)
class Segments:
    """Segments in canonical spelling, and where those of each tag stand, by the tag and the separator behind it."""

    texts: pl.Series
    places: Mapping[str, Positions]

    def at(self, tag: str) -> Positions:
        """Where segments of that tag stand, rising."""
        return self.places.get(f"{tag}+", NOWHERE)


@dataclass(frozen=True, slots=True)
class Apart:
    """Segments with their letters (``shape``, one each) and, by letter, what they say."""

    segments: Segments
    shape: npt.NDArray[np.uint8]
    told: Mapping[str, Sequence[Told]]


def by_tag(segments: Sequence[str]) -> Segments:
    """The segments, sorted by their tags."""
    texts = pl.Series("text", segments, dtype=pl.String)
    grouped = pl.DataFrame({"tag": texts.str.head(4), "at": np.arange(len(texts))}).group_by("tag").agg("at")
    places = zip(grouped["tag"], grouped["at"], strict=True)
    return Segments(texts, {tag: np.array(at, dtype=np.intp) for tag, at in places})


def taken_apart(segments: Segments, mark: str) -> Apart:
    """The segments by the usual forms; ``mark`` is the decimal mark of the interchange."""
    letters = np.full(len(segments.texts), ord(OTHER), dtype=np.uint8)
    told: dict[str, list[Told]] = {}
    for form in FORMS:
        at = segments.at(form.tag)
        at = at[letters[at] == ord(OTHER)]
        for letter, found in _matching(form, at, segments.texts, mark) if len(at) else ():
            letters[found.at] = ord(letter)
            told.setdefault(letter, []).append(found)
    return Apart(segments, letters, told)


def _matching(form: Form, at: Positions, texts: pl.Series, mark: str) -> Iterator[tuple[str, Told]]:
    """Each letter that the form gives to segments standing ``at``, and what those say."""
    if "(?<" not in form.pattern:
        assert isinstance(form.letters, str)
        yield form.letters, Told(at, pl.DataFrame())
        return
    groups = pl.col("text").str.extract_groups(form.pattern.replace("MARK", mark))
    said = texts.gather(at).to_frame().select(groups).unnest("text")
    if isinstance(form.letters, str):
        code = pl.any_horizontal(pl.all().is_not_null()).cast(pl.UInt8) * ord(form.letters)
    else:
        codes = {name: ord(letter) for name, letter in form.letters.items()}
        code = pl.col("kind").replace_strict(codes, default=None)
    letters = said.select(code.fill_null(0).cast(pl.UInt8)).to_series().to_numpy()
    for letter in np.unique(letters[letters > 0]):
        does = letters == letter
        yield chr(letter), Told(at, said).where(does)
