"""The likeness of many pairs of words at once: the same as :func:`~pratique.flow.screening.similarity.likeness` gives.

Nearly all pairs are of two plain words (capitals only), which a compiled loop compares. The few others are compared one
by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from pratique.flow.kept_code import compiled_function
from pratique.flow.screening import similarity as rules
from pratique.flow.screening.hashing import Hashes, Ints, Words, as_words, hashes_of, letters_of, powers_of_base, texts
from pratique.flow.screening.plain_words import NOT_PLAIN, Flags, Plain
from pratique.flow.screening.rarity import is_known_name
from pratique.flow.screening.sounds import consonants, sound


@dataclass(frozen=True, slots=True)
class Forms:
    """Words with what their likeness depends on, one entry of each array for a word."""

    words: Words
    sounds: Words  # empty where the word is not plain
    skeletons: Hashes  # number of the consonants; 0 where they are too few
    skeleton_lengths: npt.NDArray[np.uint8]
    misreads: Hashes  # number of the word as a machine may read it; 0 where it is too short
    is_plain: Flags
    is_known: Flags
    has_prefix: Flags  # begins as a joined article does, or with ABD
    behind: Hashes  # number of the word behind a joined article or ABD; 0 where there is none
    behind_sounds: Hashes  # number of its sound

    @classmethod
    def of(cls, words: Words) -> Self:
        """The forms of words."""
        told = texts(words)
        plain = [word.isalpha() and word.isupper() for word in told]
        behind = [rules.without_prefix(word) if is_plain else "" for word, is_plain in zip(told, plain, strict=True)]
        skeletons = [consonants(word) if is_plain else "" for word, is_plain in zip(told, plain, strict=True)]
        return cls(
            words,
            as_words([sound(word) if is_plain else "" for word, is_plain in zip(told, plain, strict=True)]),
            _numbers([form if len(form) >= rules.SHORTEST_SKELETON else "" for form in skeletons]),
            np.array([len(form) for form in skeletons], dtype=np.uint8),
            _numbers([rules.misread(word) if len(word) >= rules.SHORTEST_MISREAD else "" for word in told]),
            np.array(plain, dtype=bool),
            np.array([is_known_name(word) for word in told], dtype=bool),
            np.array([word.startswith(rules.PREFIXES) for word in told], dtype=bool),
            _numbers(behind),
            _numbers([sound(word) for word in behind]),
        )

    @property
    def plain(self) -> Plain:
        """The same for the compiled loop."""
        told = {name: getattr(self, name) for name in Plain._fields if name not in ("letters", "sounds")}
        return Plain(
            **{name: _read_only(array) for name, array in told.items()},
            letters=_read_only(letters_of(self.words)),
            sounds=_read_only(letters_of(self.sounds)),
        )


def similarities(declared: Forms, listed: Forms, pairs: Ints, one_name: Flags) -> Ints:
    """Thousandths for each of the ``pairs`` (declared << 32 | listed), which are in order.

    ``one_name`` says where a table holds both as one name.
    """
    likeness_of_plain = compiled_function("pratique.flow.screening.letters_apart", "likeness_of_plain")
    powers = powers_of_base(declared.words.dtype.itemsize)
    found: Ints = likeness_of_plain(declared.plain, listed.plain, pairs, one_name, powers)
    others = np.flatnonzero(found == NOT_PLAIN)
    told = zip(
        texts(declared.words[pairs[others] >> 32]),
        texts(listed.words[pairs[others] & 0xFFFFFFFF]),
        one_name[others].tolist(),
        strict=True,
    )
    found[others] = [rules.likeness(one, other, one_name=same).similarity for one, other, same in told]
    return found


def _read_only(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """A view as of a mapped file, for which alone the loop is compiled."""
    view = np.ascontiguousarray(array).view()
    view.flags.writeable = False
    return view


def _numbers(forms: Sequence[str]) -> Hashes:
    """The numbers of forms; that of an empty one is 0."""
    return hashes_of(as_words(forms))
