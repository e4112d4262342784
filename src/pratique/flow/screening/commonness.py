"""Which of three says that a word is common: the list, the names of the world, or the node's own traffic.

For the explanation alone: the score follows from what the words prove, whoever said so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pratique.flow.screening.match import Alignment, Weighed
from pratique.flow.screening.reasons import Reason
from pratique.flow.screening.traffic import Traffic
from pratique.flow.screening.weights import MOST_INFORMATION, most_information

COMMON: Final = "screening.common."


def said_common(declared: Weighed, listed: Weighed, alignment: Alignment, traffic: Traffic) -> Iterator[Reason]:
    """A reason for each pair of words that proves less than a rare one: how much, and who says so.

    Words that are read together are left out: they prove a sum.
    """
    for pair in alignment.pairs:
        if len(pair.declared) == len(pair.listed) == 1 and pair.information < MOST_INFORMATION:
            word, other = declared.words[pair.declared[0]], listed.words[pair.listed[0]]
            who = _who(word, other, pair.information, traffic)
            yield Reason(
                COMMON + who, {"word": word, "information": pair.information, "most_information": MOST_INFORMATION}
            )


def _who(word: str, other: str, information: int, traffic: Traffic) -> str:
    """What is common in the world needs no other witness; of the two others only one can have said less."""
    if min(most_information(word), most_information(other)) <= information:
        return "world"
    return "traffic" if traffic.information(word) <= information else "list"
