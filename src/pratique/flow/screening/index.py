"""The names of a list as arrays: distinct names, their words, and for each word the names that hold it.

The arrays are saved as ``.npy`` files and mapped into memory when opened, so that processes share them and nothing is
read that is not looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from pratique.flow.screening.hashing import (
    Hashes,
    Ints,
    Words,
    as_words,
    hashes_of,
    lengths_of,
    sorted_by_number,
    texts,
)
from pratique.flow.screening.kernel_arrays import Listed
from pratique.flow.screening.match import MIN_JOINED, Weighed
from pratique.flow.screening.normalise import MAX_TOKENS, Name, acronyms_of
from pratique.flow.screening.postings import MORE_WORDS, OTHERS, NamesOfWords, postings_of
from pratique.flow.screening.runs import MAX_RUN, listed_runs
from pratique.flow.screening.sounds import sound, sounds_joined
from pratique.flow.screening.vocabulary import Vocabulary, build_vocabulary, equal_words
from pratique.flow.screening.weights import Worth, listed_worth
from pratique.flow.screening.word_facts import FACTS, NUMBER_OF_WORD, facts_of

KIND_BITS: Final[Mapping[str, int]] = {"person": 1, "organisation": 2, "vessel": 4, "address": 8}
PARTY_BITS: Final = KIND_BITS["person"] | KIND_BITS["organisation"]
ALL_KINDS: Final = 15
HAVE_ACRONYMS: Final = KIND_BITS["organisation"]

CHUNK: Final = 200_000
"""Pairs of words read as one at a time, which bounds memory."""

_JOINED: Final = np.uint64(0x5851F42D4C957F2D)
_ACRONYM: Final = np.uint64(0x14057B7EF767814F)


class ListedName(NamedTuple):
    """A distinct name of a list: ``run`` is one of its spellings with the blanks, before anything is dropped."""

    kind: str
    words: tuple[str, ...]
    run: str = ""


@dataclass(frozen=True)
class NameIndex:
    """All distinct names (kind and words) of a list; ``*_start`` arrays say where the rows of an item begin."""

    vocabulary: Vocabulary
    word_weights: npt.NDArray[np.int32]
    word_information: npt.NDArray[np.int32]
    word_facts: Ints  # all that :mod:`~pratique.flow.screening.word_facts` says of it
    posting_start: Ints
    postings: npt.NDArray[np.int32]  # names that hold a word, word by word
    posting_facts: npt.NDArray[np.uint16]  # of the name behind a posting: weight | kinds << KINDS
    posting_others: npt.NDArray[np.uint32]  # and its other words
    name_start: Ints
    name_words: Ints  # words of a name, name by name, in its order: number | facts << 32
    name_weights: npt.NDArray[np.int32]
    name_kinds: npt.NDArray[np.uint8]
    joined_hashes: Hashes  # numbers of what stands for several words: two neighbours read as one, an acronym; sorted
    joined_names: npt.NDArray[np.int32]
    runs: Words
    run_hashes: Hashes  # numbers of the letters of runs, whole and with a letter left out, sorted
    run_names: npt.NDArray[np.int32]

    @property
    def size(self) -> int:
        """How many distinct names there are."""
        return len(self.name_kinds)

    @cached_property
    def held(self) -> Ints:
        """The bits of the kinds of each name, every set of them once."""
        return np.flatnonzero(np.bincount(self.name_kinds))

    @property
    def kinds(self) -> int:
        """The bits of all kinds of names that there are."""
        return int(np.bitwise_or.reduce(self.held, initial=0))

    @cached_property
    def within(self) -> Listed:
        """What the inner loop looks names up in."""
        return Listed(**{name: _read_only(getattr(self, name)) for name in Listed._fields})

    def weighed(self, name: int) -> Weighed:
        """The words of a name with their weights."""
        chosen = self.name_words[self.name_start[name] : self.name_start[name + 1]] & NUMBER_OF_WORD
        words = tuple(texts(self.vocabulary.words[chosen]))
        acronyms = acronyms_of(words) if self.name_kinds[name] & HAVE_ACRONYMS else ()
        run = self.runs[name].decode("ascii")
        return Weighed(
            Name(words, acronyms=acronyms, run=run),
            self.word_weights[chosen].tolist(),
            self.word_information[chosen].tolist(),
        )


@dataclass(frozen=True)
class PartIndex(NameIndex):
    """Some names of a list, such as those that changed; what a word is worth is a matter of the ``whole`` list."""

    whole: NameIndex


def kind_bits(kind: str) -> int:
    """The bits of the kinds of names that a name of this kind is compared with."""
    return PARTY_BITS if kind == "party" else KIND_BITS.get(kind, 0)


def build_index(names: Sequence[ListedName]) -> NameIndex:
    """The index of distinct names, each with at least one word."""
    holding = Counter(word for name in names for word in set(name.words))
    return _indexed(names, lambda word: listed_worth(word, names=len(names), holding=holding[word]))


def build_part(names: Sequence[ListedName], whole: NameIndex) -> PartIndex:
    """The index of names that are all of the list ``whole``, with what their words are worth there."""
    words = list({word for name in names for word in name.words})
    known = equal_words(whole.vocabulary, as_words(words))
    worth = {
        words[own]: Worth(int(whole.word_weights[listed]), int(whole.word_information[listed]))
        for own, listed in zip(known.declared.tolist(), known.listed.tolist(), strict=True)
    }
    part = _indexed(names, worth.__getitem__)
    fields: dict[str, Any] = {name: getattr(part, name) for name in NameIndex.__dataclass_fields__}
    return PartIndex(**fields, whole=whole)


def _indexed(names: Sequence[ListedName], worth_of: Callable[[str], Worth]) -> NameIndex:
    vocabulary = build_vocabulary(list({word: None for name in names for word in name.words}))
    places = {word.decode(): place for place, word in enumerate(vocabulary.words.tolist())}
    worth = [worth_of(word) for word in places]
    weights = np.array([each.weight for each in worth], dtype=np.int32)
    information = np.array([each.information for each in worth], dtype=np.int32)
    lengths = np.array([len(name.words) for name in names], dtype=np.int64)
    name_words = np.array([places[word] for name in names for word in name.words], dtype=np.int32)
    name_start = _starts(lengths)
    owners = np.repeat(np.arange(len(names), dtype=np.int64), lengths)
    kinds = np.array([kind_bits(name.kind) for name in names], dtype=np.uint8)
    joined_hashes, joined_names = _standing_for_several(vocabulary, name_words, owners, names)
    run_hashes, run_names = listed_runs(lambda name: Name(names[name].words, run=names[name].run).runs, len(names))
    name_weights = np.bincount(owners, weights=weights[name_words], minlength=len(names)).astype(np.int32)
    postings = postings_of(NamesOfWords(name_words, name_start, name_weights, kinds), len(places))
    facts = facts_of(list(places), weights, information)
    return NameIndex(
        vocabulary,
        weights,
        information,
        facts,
        *postings,
        name_start,
        name_words.astype(np.int64) | facts[name_words] << FACTS,
        name_weights,
        kinds,
        joined_hashes,
        joined_names,
        as_words([name.run for name in names], 2 * MAX_RUN),
        run_hashes,
        run_names,
    )


def save_index(index: NameIndex, folder: Path) -> None:
    """Writes each array of the index as a file of its own."""
    for name, array in _arrays(index).items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)


def open_index(folder: Path) -> NameIndex:
    """The index in ``folder``, mapped into memory.

    Raises ``OSError`` or ``ValueError`` where a file is not whole, or points to what is not there: the compiled loop
    follows numbers without looking.
    """
    vocabulary = Vocabulary(*(_mapped(folder, name) for name in Vocabulary.__dataclass_fields__))
    rest = [name for name in NameIndex.__dataclass_fields__ if name != "vocabulary"]
    index = NameIndex(vocabulary, *(_mapped(folder, name) for name in rest))
    _check(index)
    return index


def _check(index: NameIndex) -> None:
    words, names, told = len(index.vocabulary.words), index.size, index.vocabulary
    for name in ("word_weights", "word_information", "word_facts"):
        _whole(len(getattr(index, name)) == words, name)
    for name in ("name_weights", "runs"):
        _whole(len(getattr(index, name)) == names, name)
    _whole(len(index.posting_facts) == len(index.postings), "posting_facts")
    _whole(index.posting_others.shape == (len(index.postings), OTHERS), "posting_others")
    _whole(((index.posting_others < words) | (index.posting_others >= MORE_WORDS)).all(), "posting_others")
    _whole(_leads(index.posting_start, words, len(index.postings)), "posting_start")
    _whole(_leads(index.name_start, names, len(index.name_words)), "name_start")
    of_words = {
        "name_words": index.name_words & NUMBER_OF_WORD,
        "key_words": told.key_words,
        "form_words": told.form_words,
    }
    of_names = {"postings": index.postings, "joined_names": index.joined_names, "run_names": index.run_names}
    for targets, most in ((of_words, words), (of_names, names)):
        for name, target in targets.items():
            _whole(not len(target) or (target.min() >= 0 and target.max() < most), name)
    lengths = np.diff(index.name_start)
    _whole(not names or (lengths.min() > 0 and lengths.max() <= MAX_TOKENS), "name_start")


def _leads(start: Ints, things: int, targets: int) -> bool:
    """Whether rows of so many things begin one after the other and end with the last of the targets."""
    ordered = bool((np.diff(start) >= 0).all())
    return len(start) == things + 1 and start[0] == 0 and start[-1] == targets and ordered


def _whole(holds: object, name: str) -> None:
    if not holds:
        raise ValueError(f"{name} is damaged")


def _arrays(index: NameIndex) -> dict[str, npt.NDArray[np.generic]]:
    own = {name: getattr(index, name) for name in NameIndex.__dataclass_fields__ if name != "vocabulary"}
    return {**own, **{name: getattr(index.vocabulary, name) for name in Vocabulary.__dataclass_fields__}}


def _mapped(folder: Path, name: str) -> npt.NDArray[Any]:
    path = folder / f"{name}.npy"
    try:
        return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except ValueError:  # an empty array cannot be mapped
        return np.asarray(np.load(path, allow_pickle=False))


def _starts(lengths: Ints) -> Ints:
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])


def neighbours_in_names(owners: Ints) -> tuple[Ints, Ints]:
    """Places of two neighbouring words of a name (the last and the first are neighbours), given each place's name."""
    count = np.bincount(owners, minlength=1)
    begin = np.cumsum(count) - count
    places = np.arange(len(owners), dtype=np.int64)
    at = places - begin[owners] if len(owners) else places
    following = begin[owners] + (at + 1) % count[owners] if len(owners) else places
    several = count[owners] > 1 if len(owners) else np.zeros(0, dtype=bool)
    return places[several], following[several]


def numbers_joined(words: Sequence[str]) -> Hashes:
    """The numbers of words that may be two words read as one: as they are, then as they sound."""
    return hashes_of(as_words([*words, *(sound(word) if word.isupper() else word for word in words)])) ^ _JOINED


def sound_of_both(one: str, other: str) -> str:
    """How two words sound read as one, nothing where only one is heard; words without vowels as they are."""
    if not (one.isupper() and other.isupper()):
        return one + other
    return heard_together(sound(one), sound(other))


def heard_together(one: str, other: str) -> str:
    """Two sounds read as one, nothing where only one of them is heard."""
    heard = sounds_joined(one, other)
    return "" if heard in (one, other) else heard


def numbers_of_acronyms(words: Sequence[str]) -> Hashes:
    """The numbers of words that may be acronyms."""
    return hashes_of(as_words(words)) ^ _ACRONYM


def _standing_for_several(
    vocabulary: Vocabulary, name_words: npt.NDArray[np.int32], owners: Ints, names: Sequence[ListedName]
) -> tuple[Hashes, npt.NDArray[np.int32]]:
    """The numbers of two neighbouring words read as one, and of acronyms, sorted, each with its name."""
    first, second = neighbours_in_names(owners)
    lengths = lengths_of(vocabulary.words)
    long = lengths[name_words[first]] + lengths[name_words[second]] >= MIN_JOINED
    first, second = first[long], second[long]
    pairs = (name_words[first].astype(np.int64) << 32) | name_words[second]
    distinct, which = np.unique(pairs, return_inverse=True)
    words = texts(vocabulary.words)
    sounds = [
        heard or (sound(word) if word.isupper() else "")
        for heard, word in zip(texts(vocabulary.sounds), words, strict=True)
    ]
    parts = [_read_as_one(words, sounds, some) for some in np.array_split(distinct, 1 + len(distinct) // CHUNK)]
    spelled, heard = (np.concatenate(numbers) for numbers in zip(*parts, strict=True))
    also = heard[which] != _JOINED
    acronyms = [
        (number, acronym)
        for number, (kind, words, _) in enumerate(names)
        if kind_bits(kind) & HAVE_ACRONYMS
        for acronym in acronyms_of(words)
    ]
    of_acronyms = np.array([number for number, _ in acronyms], dtype=np.int64)
    return sorted_by_number(
        [
            (spelled[which], owners[first]),
            (heard[which][also], owners[first][also]),
            (numbers_of_acronyms([acronym for _, acronym in acronyms]), of_acronyms),
        ]
    )


def _read_as_one(words: Sequence[str], sounds: Sequence[str], pairs: Ints) -> tuple[Hashes, Hashes]:
    """The numbers of pairs of words (one << 32 | other) read as one: as they are, and as they sound if that differs."""
    both = list(zip((pairs >> 32).tolist(), (pairs & 0xFFFFFFFF).tolist(), strict=True))
    joined = [words[one] + words[other] for one, other in both]
    together = [
        heard_together(sounds[one], sounds[other]) if sounds[one] and sounds[other] else word
        for (one, other), word in zip(both, joined, strict=True)
    ]
    heard = ["" if sounding == word else sounding for sounding, word in zip(together, joined, strict=True)]
    return hashes_of(as_words(joined)) ^ _JOINED, hashes_of(as_words(heard)) ^ _JOINED


def _read_only(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """A view as of a mapped file, for which alone the loop is compiled."""
    view = array.view()
    view.flags.writeable = False
    return view
