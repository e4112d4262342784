"""The numbers of words with no, one or two letters left out, all in one compiled loop.

The number of a word is that of :mod:`~pratique.flow.screening.hashing`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pratique.flow.compiled import compiled
from pratique.flow.screening.hashing import BACK, Hashes, Ints


@compiled
def remainders(letters: npt.NDArray[np.uint8], powers: Hashes, shortest: tuple[int, int]) -> tuple[Hashes, Ints]:
    """The numbers of all remainders of the words (one row of ``letters`` each), and the row of each.

    One letter is left out of words of ``shortest[0]`` letters or more, two of words of ``shortest[1]`` or more; of a
    word without letters there is nothing.
    """
    one_from, two_from = shortest
    words, width = letters.shape
    lengths = np.zeros(words, np.int64)
    total = 0
    for word in range(words):
        length = 0
        while length < width and letters[word, length]:
            length += 1
        lengths[word] = length
        one, two = length >= one_from, length >= two_from
        total += (1 + one * length + two * length * (length - 1) // 2) if length else 0
    numbers, owners = np.empty(total, np.uint64), np.empty(total, np.int64)
    sums = np.zeros(width + 1, np.uint64)
    back = np.uint64(BACK)
    count = 0
    for word in range(words):
        length = lengths[word]
        if not length:
            continue
        begin = count
        for at in range(length):
            sums[at + 1] = sums[at] + powers[at] * np.uint64(letters[word, at])
        whole = sums[length]
        numbers[count] = whole
        count += 1
        if length >= one_from:
            for at in range(length):
                numbers[count] = sums[at] + back * (whole - sums[at + 1])
                count += 1
        if length >= two_from:
            for first in range(length):
                for second in range(first + 1, length):
                    behind = sums[second] - sums[first + 1] + back * (whole - sums[second + 1])
                    numbers[count] = sums[first] + back * behind
                    count += 1
        owners[begin:count] = word
    return numbers, owners
