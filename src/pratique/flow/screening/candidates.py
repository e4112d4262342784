"""Which listed names can reach the threshold for which declared names: none that can is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pratique.flow.kept_code import compiled_function
from pratique.flow.screening.declared import Declared, describe
from pratique.flow.screening.hashing import Ints, sorted_once
from pratique.flow.screening.index import NameIndex
from pratique.flow.screening.kernel_arrays import Asked, scratch
from pratique.flow.screening.match import ABSENT, ABSENT_BEHIND_CUT
from pratique.flow.screening.normalise import Name
from pratique.flow.screening.runs import numbers_of_runs, runs_alike
from pratique.flow.screening.traffic import Traffic
from pratique.flow.screening.vocabulary import look_up


@dataclass(frozen=True, slots=True)
class Names:
    """Declared names to be looked for, with the bits of the kinds that each is compared with.

    ``lines``: for the bits of each set of kinds the lowest score (thousandths) that is a hit; ``allowed``: by how much
    each name may stay below it, because what is known beside it may lift the hit. ``traffic`` is the table in force of
    how common words are among the node's own parties.
    """

    names: Sequence[Name]
    kinds: npt.NDArray[np.uint8]
    lines: Ints
    allowed: Ints
    traffic: Traffic | None = None


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs of numbers of declared and listed names, sorted, and weights and information of each declared name's words.

    ``alike`` are the pairs of words (declared, listed) that are alike, and whether a table holds them as one name.
    """

    declared: list[int]
    listed: list[int]
    worth: dict[int, tuple[list[int], list[int]]]
    alike: Mapping[tuple[str, str], bool]


def candidates(index: NameIndex, asked: Names, *, exhaustive: bool = False) -> Candidates:
    """The pairs of names that may score their threshold or more; every declared name has at least one word.

    ``exhaustive`` compares every declared name with every listed one, to measure what the index leaves out.
    """
    if index.size == 0 or not len(asked.names):
        return Candidates([], [], {}, {})
    declared = describe(index, asked.names, asked.traffic)
    room = scratch(len(index.word_weights), index.size, _most_near(declared))
    looked_for = _asked(index, asked, declared)
    if exhaustive:  # where anything would do, nothing is passed by; what is a hit say the lines
        looked_for = looked_for._replace(thresholds=np.ones_like(looked_for.thresholds))
    near = compiled_function("pratique.flow.screening.kernel", "pairs_in_reach")(index.within, looked_for, room)
    kept = sorted_once(np.concatenate([_by_run(index, asked), near]))
    first = np.cumsum(declared.count) - declared.count
    words = {
        name: declared.word[first[name] : first[name] + declared.count[name]]
        for name in sorted_once(kept >> 32).tolist()
    }
    worth = {name: (declared.weight[of].tolist(), declared.information[of].tolist()) for name, of in words.items()}
    alike = declared.word_pairs(index, declared.words_of_both(index, kept))
    return Candidates((kept >> 32).tolist(), (kept & 0xFFFFFFFF).tolist(), worth, alike)


def _most_near(declared: Declared) -> int:
    """The most listed words that the words of one name answer to, all together."""
    of_word = np.diff(declared.near.start)[declared.word] + np.diff(declared.half.start)
    return int(np.add.reduceat(of_word, np.cumsum(declared.count) - declared.count).max()) + 1


def _asked(index: NameIndex, asked: Names, declared: Declared) -> Asked:
    at = declared.word
    absent = [ABSENT_BEHIND_CUT if name.cut else ABSENT for name in asked.names]
    return Asked(
        np.cumsum(declared.count) - declared.count,
        declared.count,
        asked.kinds,
        _lowest_lines(index, asked.lines)[asked.kinds] - asked.allowed,
        asked.allowed,
        np.array(absent, dtype=np.int64),
        at,
        declared.facts[at],
        *declared.near,
        declared.similarity,
        *declared.half,
        *declared.whole,
        asked.lines,
    )


def _lowest_lines(index: NameIndex, lines: Ints) -> Ints:
    """For the bits of each set of kinds the lowest line of any listed name that may be compared with one of them.

    A person is compared with a listed party too, whose line is that of companies where this is the lower one.
    """
    met = (np.arange(len(lines))[:, None] & index.held[None, :]) != 0
    return np.asarray(np.where(met, lines[index.held][None, :], lines.max()).min(axis=1), dtype=np.int64)


def _by_run(index: NameIndex, asked: Names) -> Ints:
    """Pairs of names whose whole letters are the same but for one, however they are divided into words."""
    numbers, declared = numbers_of_runs([name.runs for name in asked.names])
    at, entry = look_up(index.run_hashes, numbers)
    pairs = sorted_once((declared[at] << 32) | index.run_names[entry])
    pairs = pairs[(asked.kinds[pairs >> 32] & index.name_kinds[pairs & 0xFFFFFFFF]) != 0]
    both = zip((pairs >> 32).tolist(), (pairs & 0xFFFFFFFF).tolist(), strict=True)
    alike = [runs_alike(asked.names[own].runs, index.weighed(other).name.runs) > 0 for own, other in both]
    return np.asarray(pairs[np.array(alike, dtype=bool)], dtype=np.int64)
