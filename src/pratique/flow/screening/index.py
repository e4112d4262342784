"""The names of a list as arrays: distinct names, their words, and for each word the names that hold it.

The arrays are saved as ``.npy`` files and mapped into memory when opened, so that processes share them and nothing is
read that is not looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pratique.flow.screening.hashing import Hashes, Ints, first_letters, hashes_joined, lengths_of, signature_bits
from pratique.flow.screening.match import MIN_JOINED
from pratique.flow.screening.vocabulary import Vocabulary, build_vocabulary
from pratique.flow.screening.weights import listed_weight

KIND_BITS: Final[Mapping[str, int]] = {"person": 1, "organisation": 2, "vessel": 4, "address": 8}
PARTY_BITS: Final = KIND_BITS["person"] | KIND_BITS["organisation"]

ListedName = tuple[str, tuple[str, ...]]
"""Kind and words."""


@dataclass(frozen=True, slots=True)
class NameIndex:
    """All distinct names (kind and words) of a list; ``*_start`` arrays say where the rows of an item begin."""

    vocabulary: Vocabulary
    word_weights: npt.NDArray[np.int32]
    word_is_letter: npt.NDArray[np.bool_]
    word_first: npt.NDArray[np.uint8]  # code of the first letter
    posting_start: Ints
    postings: npt.NDArray[np.int32]  # names that hold a word, word by word
    name_start: Ints
    name_words: npt.NDArray[np.int32]  # words of a name, name by name, in its order
    name_weights: npt.NDArray[np.int32]
    name_kinds: npt.NDArray[np.uint8]
    signatures: Hashes  # one bit for each word of the name
    joined_signatures: Hashes  # one bit for each two neighbouring words read as one
    joined_hashes: Hashes  # numbers of two neighbouring words read as one, sorted
    joined_names: npt.NDArray[np.int32]

    @property
    def size(self) -> int:
        """How many distinct names there are."""
        return len(self.name_kinds)

    @property
    def kinds(self) -> int:
        """The bits of all kinds of names that there are."""
        return int(np.bitwise_or.reduce(self.name_kinds, initial=0))

    def words_of(self, name: int) -> tuple[list[str], list[int]]:
        """The words of a name with their weights."""
        chosen = self.name_words[self.name_start[name] : self.name_start[name + 1]]
        return [word.decode() for word in self.vocabulary.words[chosen].tolist()], self.word_weights[chosen].tolist()


def kind_bits(kind: str) -> int:
    """The bits of the kinds of names that a name of this kind is compared with."""
    return PARTY_BITS if kind == "party" else KIND_BITS.get(kind, 0)


def build_index(names: Sequence[ListedName]) -> NameIndex:
    """The index of distinct names, each with at least one word."""
    holding = Counter(word for _, words in names for word in set(words))
    vocabulary = build_vocabulary(list(holding))
    places = {word.decode(): place for place, word in enumerate(vocabulary.words.tolist())}
    weights = np.array(
        [listed_weight(word, names=len(names), holding=holding[word]) for word in places], dtype=np.int32
    ).reshape(-1)
    lengths = np.array([len(words) for _, words in names], dtype=np.int64)
    name_words = np.array([places[word] for _, words in names for word in words], dtype=np.int32)
    name_start = _starts(lengths)
    owners = np.repeat(np.arange(len(names), dtype=np.int64), lengths)
    bits = signature_bits(vocabulary.hashes)
    posting_start, postings = _postings(name_words, owners, len(places))
    joined_hashes, joined_owners = _joined(vocabulary, name_words, owners)
    by_hash = np.argsort(joined_hashes, kind="stable")
    return NameIndex(
        vocabulary,
        weights,
        lengths_of(vocabulary.words) == 1,
        first_letters(vocabulary.words),
        posting_start,
        postings,
        name_start,
        name_words,
        np.bincount(owners, weights=weights[name_words], minlength=len(names)).astype(np.int32),
        np.array([kind_bits(kind) for kind, _ in names], dtype=np.uint8),
        _signatures(bits[name_words], owners, len(names)),
        _signatures(signature_bits(joined_hashes), joined_owners, len(names)),
        joined_hashes[by_hash],
        joined_owners[by_hash].astype(np.int32),
    )


def save_index(index: NameIndex, folder: Path) -> None:
    """Writes each array of the index as a file of its own."""
    for name, array in _arrays(index).items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)


def open_index(folder: Path) -> NameIndex:
    """The index in ``folder``, mapped into memory. Raises ``OSError`` or ``ValueError`` where a file is not whole."""
    vocabulary = Vocabulary(*(_mapped(folder, name) for name in Vocabulary.__dataclass_fields__))
    rest = [name for name in NameIndex.__dataclass_fields__ if name != "vocabulary"]
    return NameIndex(vocabulary, *(_mapped(folder, name) for name in rest))


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


def _postings(name_words: npt.NDArray[np.int32], owners: Ints, words: int) -> tuple[Ints, npt.NDArray[np.int32]]:
    held = np.unique((name_words.astype(np.int64) << 32) | owners)
    return _starts(np.bincount(held >> 32, minlength=words)), (held & 0xFFFFFFFF).astype(np.int32)


def _joined(vocabulary: Vocabulary, name_words: npt.NDArray[np.int32], owners: Ints) -> tuple[Hashes, Ints]:
    """The numbers of all two neighbouring words read as one, with the name that holds them."""
    first = np.flatnonzero(owners[:-1] == owners[1:])
    left, right = name_words[first], name_words[first + 1]
    lengths = lengths_of(vocabulary.words)
    kept = lengths[left] + lengths[right] >= MIN_JOINED
    left, right = left[kept], right[kept]
    return hashes_joined(vocabulary.hashes[left], lengths[left], vocabulary.hashes[right]), owners[first[kept]]


def _signatures(bits: Hashes, owners: Ints, names: int) -> Hashes:
    signatures = np.zeros(names, dtype=np.uint64)
    np.bitwise_or.at(signatures, owners, bits)
    return signatures
