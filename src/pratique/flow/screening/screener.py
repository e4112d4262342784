"""A list made ready for screening: built once from its rows, saved, opened by mapping it into memory, asked in batches.

In: a frame of names (and numbers). Out: a frame of hits, at most one for each name and listed entity, each with the
very spelling that answered and the reasons from which its score follows. It never decides what happens with a hit.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from pratique.flow.collector import collector_paused
from pratique.flow.screening.calibrate import (
    CALIBRATED,
    LOWEST,
    PARTIES,
    Calibration,
    calibration,
    ordinary_names,
)
from pratique.flow.screening.candidates import Names, candidates
from pratique.flow.screening.evidence import most_lift
from pratique.flow.screening.hashing import Ints
from pratique.flow.screening.hits import (
    HITS,
    SUBJECT,
    Hit,
    Scored,
    best_per_entity,
    may_hold_numbers,
    name_hits,
    number_hits,
    with_schema,
)
from pratique.flow.screening.index import (
    ALL_KINDS,
    KIND_BITS,
    NameIndex,
    build_index,
    build_part,
    kind_bits,
    open_index,
    save_index,
)
from pratique.flow.screening.listed import Listed, arrange, open_listed, save_listed
from pratique.flow.screening.match import Weighed, align
from pratique.flow.screening.near_names import is_short, names_near
from pratique.flow.screening.normalise import Name, kind_of, normalise, readings
from pratique.flow.screening.similarity import DIFFERENT, Likeness, likeness
from pratique.flow.screening.traffic import Traffic
from pratique.flow.screening.weighing import weighing_in
from pratique.vocabulary.errors import Category, PratiqueError

FORM: Final = 10
"""Form of a saved index; another one must be built again."""

INDEX_OLDER: Final = "screening.index_older"
"""Code of the error for an index of another form."""

_WHOLE: Final = "index.json"
_TOLD: Final = tuple(name for name in HITS if name != "subject")


_Spelled = tuple[str, str | None, bool, bool]
"""A name, its kind, and whether a birth date or an address is known of it."""


@dataclass(frozen=True, slots=True)
class _Compared:
    """Which of the ``spelled`` names answer, by name and kind the numbers under which they were ``scored``."""

    spelled: list[_Spelled]
    answering: dict[tuple[str, str | None], list[int]]
    scored: list[Scored]


class Screener:
    """One list, ready to be asked. ``list_id`` and ``version`` (the digest of the list) stand beside every hit."""

    def __init__(
        self, index: NameIndex, listed: Listed | Path, calibration: Calibration, *, list_id: str, version: str
    ):
        self._index = index
        self._rows = listed
        self.traffic: Traffic | None = None
        self._ahead: _Compared | None = None
        self.calibration = calibration
        self.list_id = list_id
        self.version = version

    @classmethod
    @collector_paused()
    def build(cls, listings: pl.DataFrame, budget: int = 10, *, list_id: str = "", version: str = "") -> Screener:
        """Makes rows of schema ``LISTING`` ready for screening.

        ``budget`` is how many of 1,000 ordinary names may alert: the threshold is the lowest that keeps to it, for each
        kind of name, within fixed bounds (:mod:`~pratique.flow.screening.calibrate`).
        Raises :class:`PratiqueError` for missing columns and for a kind that is none.
        """
        listed, names = arrange(listings)
        index = build_index(names)
        start = Calibration(LOWEST, budget, 0.0, {})
        return cls(index, listed, start, list_id=list_id, version=version).with_budget(budget)

    def weighing(self, traffic: Traffic, lines: Calibration | None = None) -> Screener:
        """The same list, in which a declared word proves no more than the node's own ``traffic`` says.

        ``lines`` are those of the list with this traffic; without them it is calibrated anew, which takes a second or
        two. The index is the same: what a word proves is looked up when it is declared.
        """
        screener = Screener(self._index, self._rows, self.calibration, list_id=self.list_id, version=self.version)
        screener.traffic = traffic
        if lines is None:
            return screener.with_budget(self.calibration.budget)
        screener.calibration = lines
        return screener

    def with_budget(self, budget: int) -> Screener:
        """The same list, calibrated anew so that ``budget`` of 1,000 ordinary names may alert."""
        start = Calibration(LOWEST, budget, 0.0, {})
        screener = Screener(self._index, self._rows, start, list_id=self.list_id, version=self.version)
        screener.traffic = self.traffic
        ordinary = {kind: [normalise(name, kind) for name in ordinary_names(kind)] for kind in CALIBRATED}
        best = {kind: _best_scores(screener, names, kind) for kind, names in ordinary.items()}
        short = [kind for kind in PARTIES if is_short(self._index, kind)]
        near = {kind: _best_scores(screener, names_near(self._index, kind), kind) for kind in short}
        screener.calibration = calibration(best, near, budget=budget)
        return screener

    def among(self, listings: pl.DataFrame) -> Screener:
        """These rows of the list alone, with the scores and the lines that they have in the whole list."""
        listed, names = arrange(listings)
        part = build_part(names, self._index)
        screener = Screener(part, listed, self.calibration, list_id=self.list_id, version=self.version)
        screener.traffic = self.traffic
        return screener

    def save(self, folder: Path) -> None:
        """Writes the screener into ``folder`` (made where it does not exist); what says that it is whole comes last."""
        folder.mkdir(parents=True, exist_ok=True)
        save_index(self._index, folder)
        save_listed(self._listed, folder)
        told = {
            "form": FORM,
            "list_id": self.list_id,
            "version": self.version,
            **asdict(self.calibration),
        }
        (folder / _WHOLE).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")

    @classmethod
    def open(cls, folder: Path) -> Screener:
        """The screener saved in ``folder``, mapped into memory; where traffic is weighed there, the list beside it so.

        Raises :class:`PratiqueError`: ``screening.index_older`` where it is of another form (its rows are kept, so that
        it can be built again), ``screening.index_broken`` where it is not whole.
        """
        try:
            if (weighing := weighing_in(folder)) is not None:
                return cls.open(folder.parent / weighing.version).weighing(weighing.traffic, weighing.lines)
            told = json.loads((folder / _WHOLE).read_text(encoding="utf-8"))
            if told["form"] != FORM:
                raise _of_another_form(folder, told["form"])
            lines = Calibration.told(told)
            return cls(open_index(folder), folder, lines, list_id=told["list_id"], version=told["version"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise PratiqueError(
                "screening.index_broken",
                f"The index in {folder.name} is not whole ({error}).",
                category=Category.BROKEN,
                kept="The list itself is kept as received.",
                todo="Load the list again, which builds the index anew.",
            ) from error

    @property
    def threshold(self) -> float:
        """The score, 0 to 1, from which a name of a party alerts; ``calibration`` has the line of each kind."""
        return self.calibration.threshold / 1000

    @property
    def size(self) -> int:
        """How many distinct names the list holds."""
        return self._index.size

    def screen(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Hits for the rows of ``frame`` (``id, name, kind`` and optionally ``country, birth_date,
        identifiers, address``).

        Columns ``id, listing_id, entity_id, listed_name, score`` (0 to 1) and ``reasons`` (JSON array), at most one row
        for each id and entity, in the order of ``frame``, the best first.
        Raises :class:`PratiqueError` for missing columns and for a kind that is none.
        """
        hits = self.hits(frame)
        score = (hits["score_permille"] / 1000).alias("score")
        named = [hits[name] for name in ("id", "listing_id", "entity_id", "listed_name")]
        return pl.DataFrame([*named, score, hits["reasons"]])

    @collector_paused()
    def hits(self, frame: pl.DataFrame) -> pl.DataFrame:
        """As :meth:`screen`, with ``programme``, ``basis`` and the score in thousandths (``score_permille``)."""
        rows = with_schema(frame)
        subjects = rows.select(*SUBJECT).unique(maintain_order=True) if len(rows) > 1 else rows
        found = best_per_entity(chain(self._by_name(subjects), number_hits(subjects, self._listed)))
        if len(subjects) == len(rows):  # each row is a subject of its own
            return pl.DataFrame([rows["id"][found["subject"]], *(found[name] for name in _TOLD)])
        keyed = subjects.with_row_index("subject").join(found, on="subject", how="inner", maintain_order="left_right")
        joined = rows.join(keyed, on=list(SUBJECT), how="inner", nulls_equal=True, maintain_order="left_right")
        return joined.select("id", *_TOLD)

    @collector_paused()
    def compare_ahead(self, frame: pl.DataFrame) -> None:
        """Compares the names of rows that will be asked, or of most of them; the next question has it done already.

        A question with other names, or of which something else is known, is answered as if this had not been called.
        """
        self._ahead = self._compared(self._spelled(with_schema(frame)))

    @collector_paused()
    def answering(self, names: pl.DataFrame) -> pl.DataFrame:
        """Those of the distinct ``names`` (``name, kind``) that could be hits, whatever else is known of the bearers.

        A name that is left out gives no hit in any question to this list.
        """
        held = [kind for kind in names["kind"].unique() if kind_bits(kind_of(kind)) & self._index.kinds]
        asked = names.filter(pl.col("kind").is_in(held))
        found = self._compared([(name, kind, True, True) for name, kind in asked.select("name", "kind").iter_rows()])
        return pl.DataFrame(list(found.answering), schema=names.select("name", "kind").schema, orient="row")

    def may_hold_numbers(self, identifiers: pl.Series) -> pl.Series:
        """Which of the values (``scheme:value;scheme:value``) may hold a number of the list: no hit is without one."""
        return may_hold_numbers(identifiers, self._listed)

    @property
    def has_numbers(self) -> bool:
        """Whether anything on the list can be found by a number alone."""
        return not self._listed.numbers.is_empty()

    def scored_pairs(
        self,
        names: Sequence[Name],
        kinds: Sequence[str],
        allowances: Sequence[int] | None = None,
        *,
        exhaustive: bool = False,
    ) -> list[Scored]:
        """The listed names that each declared name answers to at the threshold or above, without evidence beside it.

        ``allowances`` are thousandths by which a name may stay below the threshold, because what is known beside it
        may lift the hit. ``exhaustive`` compares with every listed name, which is slow and gives the same.
        """
        asked = [number for number, name in enumerate(names) if name.tokens and kind_bits(kinds[number])]
        bits = np.array([kind_bits(kinds[number]) for number in asked], dtype=np.uint8)
        allowed = allowances or [0] * len(names)
        lines = self._lines()
        below = np.array([allowed[number] for number in asked], dtype=np.int64)
        wanted = Names([names[number] for number in asked], bits, lines, below, self.traffic)
        found = candidates(self._index, wanted, exhaustive=exhaustive)

        likenesses = {pair: likeness(*pair, one_name=is_one_name) for pair, is_one_name in found.alike.items()}

        def alike(left: str, right: str) -> Likeness:
            return likenesses.get((left, right), DIFFERENT)

        listed: dict[int, Weighed] = {}
        scored: list[Scored] = []
        for at, name in zip(found.declared, found.listed, strict=True):
            if name not in listed:
                listed[name] = self._index.weighed(name)
            own = Weighed(names[asked[at]], *found.worth[at])
            alignment = align(own, listed[name], alike)
            permille = alignment.permille
            if permille >= lines[self._index.name_kinds[name]] - allowed[asked[at]]:
                scored.append(Scored(asked[at], name, permille, (own, listed[name]), alignment, self.traffic))
        return scored

    def _by_name(self, subjects: pl.DataFrame) -> Iterator[Hit]:
        """Hits by name, of kinds that the list holds."""
        spelled = self._spelled(subjects)
        ahead, self._ahead = self._ahead, None
        compared = ahead if ahead is not None and ahead.spelled == spelled else self._compared(spelled)
        if not compared.scored:
            return iter(())
        return name_hits(subjects, compared.answering, compared.scored, self._listed, self.calibration)

    def _compared(self, spelled: list[_Spelled]) -> _Compared:
        """Each distinct name is normalised and scored once."""
        numbers: dict[tuple[str, Name], int] = {}
        lifts: dict[int, int] = {}
        has_dates, has_addresses = self._listed.knows("birth_dates"), self._listed.knows("address")
        read: list[tuple[str, str | None, int]] = []
        for name, kind, is_dated, is_placed in spelled:
            for reading in readings(name, kind_of(kind)):
                number = numbers.setdefault(reading, len(numbers))
                lift = most_lift(birth_date=is_dated and has_dates, address=is_placed and has_addresses)
                lifts[number] = max(lifts.get(number, 0), lift)
                read.append((name, kind, number))
        scored = self.scored_pairs([name for _, name in numbers], [kind for kind, _ in numbers], list(lifts.values()))
        found = {pair.declared for pair in scored}
        answering: dict[tuple[str, str | None], list[int]] = {}
        for name, kind, number in read:
            if number in found:
                answering.setdefault((name, kind), []).append(number)
        return _Compared(spelled, answering, scored)

    def _spelled(self, subjects: pl.DataFrame) -> list[_Spelled]:
        """Distinct ``name`` and ``kind`` of kinds that the list holds; is a birth date known, or an address?"""
        kinds = set(subjects["kind"])
        held = {kind for kind in kinds if kind_bits(kind_of(kind)) & self._index.kinds}
        columns = (subjects[name] for name in ("name", "kind", "birth_date", "address"))
        known: dict[tuple[str, str | None], tuple[bool, bool]] = {}
        for name, kind, birth_date, address in zip(*columns, strict=True):
            if name is not None and kind in held:
                is_dated, is_placed = known.get((name, kind), (False, False))
                known[name, kind] = (is_dated or birth_date is not None, is_placed or address is not None)
        return [(*spelled, *told) for spelled, told in known.items()]

    def _lines(self) -> Ints:
        """For the bits of each set of kinds the lowest score from which a name of one of them is a hit."""
        lines = {bit: self.calibration.line(kind) for kind, bit in KIND_BITS.items()}
        return np.array(
            [min((line for bit, line in lines.items() if bit & bits), default=1000) for bits in range(ALL_KINDS + 1)],
            dtype=np.int64,
        )

    @cached_property
    def _listed(self) -> Listed:
        return open_listed(self._rows) if isinstance(self._rows, Path) else self._rows


def _best_scores(screener: Screener, names: Sequence[Name], kind: str) -> list[int]:
    best = [0] * len(names)
    for pair in screener.scored_pairs(names, [kind] * len(names)):
        best[pair.declared] = max(best[pair.declared], pair.permille)
    return best


def _of_another_form(folder: Path, form: object) -> PratiqueError:
    return PratiqueError(
        INDEX_OLDER,
        f"The index in {folder.name} is of form {form}; this program reads form {FORM}.",
        category=Category.BROKEN,
        kept="The list itself is kept as received.",
        todo="A list in force is built again by itself; for an older version of it, use the program that made it.",
    )
