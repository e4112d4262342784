"""How often two officers who control the same consignment disagree, with its interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pratique.vocabulary.intervals import wilson

WHOLE: Final = 1000


@dataclass(frozen=True, slots=True)
class Pair:
    """Whether the first and the second officer found something, and the chances in a million of a second look."""

    first_found: bool
    second_found: bool
    probability_ppm: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """Second looks counted: both found, both found nothing, only the first, only the second.

    ``disagreement_permille`` is weighted by the inverse of each one's probability, so that it speaks of all controls
    and not of the sample; ``low_permille`` and ``high_permille`` are the bounds of its 95 % interval (Wilson, with the
    effective number after Kish). All three are ``None`` where there is no second look yet.
    """

    both: int
    neither: int
    only_first: int
    only_second: int
    disagreement_permille: int | None
    low_permille: int | None
    high_permille: int | None


def agreement(pairs: Sequence[Pair]) -> Agreement:
    """The count of the pairs, and their weighted share of disagreement."""
    counts = {
        (first, second): sum(each.first_found is first and each.second_found is second for each in pairs)
        for first in (True, False)
        for second in (True, False)
    }
    told = (counts[True, True], counts[False, False], counts[True, False], counts[False, True])
    if not pairs:
        return Agreement(*told, None, None, None)
    weights = [1_000_000 / each.probability_ppm for each in pairs]
    differ = sum(w for w, each in zip(weights, pairs, strict=True) if each.first_found is not each.second_found)
    share = differ / math.fsum(weights)
    effective = math.fsum(weights) ** 2 / math.fsum(w * w for w in weights)
    low, high = wilson(share, effective)
    return Agreement(*told, round(share * WHOLE), math.floor(low * WHOLE), math.ceil(high * WHOLE))
