"""Rows meet trees: the loop that scoring spends its time in, as machine code.

To walk down a tree is to guess at every node which way it goes, and a processor that guesses wrong waits. So all nodes
of all trees stand in order of feature and threshold: a row goes along each of its features only as far as its value
lies above the thresholds, and each node on the way strikes out the leaves to its left. The first leaf of a tree that is
left over is the one that the walk would have ended in (Lucchese and others, QuickScorer, SIGIR 2015).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from pratique.flow.compiled import compiled_apart
from pratique.flow.learning.packed import DEFAULT_LEFT, NAN_IS_MISSING, Packed

Floats = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]
Masks = npt.NDArray[np.uint32]
_ABREAST: Final = (
    64  # rows side by side: with fewer the compiler uses no vectors, with more their bits leave the nearest memory
)
_NOUGHT: Final = np.float32(1e-35)  # what LightGBM takes for nought
_SPREAD: Final = np.uint32(0x077CB531)  # times a power of two, the upper five bits differ for each (de Bruijn)
_PLACES: Final = np.zeros(32, dtype=np.int64)
_PLACES[[(int(_SPREAD) << bit) % (1 << 32) >> 27 for bit in range(32)]] = np.arange(32)


@dataclass(frozen=True)
class Struck:
    """Nodes in order of feature and threshold: the tree of each, and the leaves that stay where it goes right.

    ``unknown`` tells the same nodes whose way is right where the feature is not known. ``leaf`` has the leaves of each
    tree from left to right, from ``first_leaf`` on.
    """

    begin: Numbers
    threshold: Matrix
    tree: Numbers
    stay: Masks
    unknown_begin: Numbers
    unknown_tree: Numbers
    unknown_stay: Masks
    first_leaf: Numbers
    leaf: Floats

    def summed(self, matrix: Matrix) -> Floats:
        """The sum of the leaves of each row, tree after tree, as LightGBM adds them up: bit for bit."""
        if matrix.shape[1] != len(self.begin) - 1:
            raise ValueError(f"{matrix.shape[1]} columns for trees of {len(self.begin) - 1}")
        total = np.zeros(len(matrix))
        known = (self.begin, self.threshold, self.tree, self.stay)
        unknown = (self.unknown_begin, self.unknown_tree, self.unknown_stay)
        _scan(np.ascontiguousarray(matrix, np.float32), *known, *unknown, self.first_leaf, self.leaf, _PLACES, total)
        return total


def struck(trees: Packed) -> Struck:
    """The nodes of trees of up to 32 leaves, one bit each, in the order in which rows meet them."""
    tree_of = np.repeat(np.arange(len(trees.first_node) - 1, dtype=np.int64), np.diff(trees.first_node))
    stay, leaf = _left_to_right(trees)
    # a value is a float of 32 bits: above the threshold is above the next such float below it
    threshold = trees.threshold.astype(np.float32)
    threshold = np.where(threshold > trees.threshold, np.nextafter(threshold, np.float32(-np.inf)), threshold)
    order = np.lexsort((threshold, trees.feature))
    as_nought = (trees.decision & NAN_IS_MISSING) == 0
    right = np.where(as_nought, trees.threshold < 0, (trees.decision & DEFAULT_LEFT) == 0)
    unknown = order[right[order]]
    places = np.arange(trees.features + 1)
    return Struck(
        begin=np.searchsorted(trees.feature[order], places),
        threshold=threshold[order].astype(np.float32),
        tree=tree_of[order],
        stay=stay[order],
        unknown_begin=np.searchsorted(trees.feature[unknown], places),
        unknown_tree=tree_of[unknown],
        unknown_stay=stay[unknown],
        first_leaf=trees.first_leaf,
        leaf=leaf,
    )


def _left_to_right(trees: Packed) -> tuple[Masks, Floats]:
    """What stays of each node where it goes right, as bits of leaves from left to right; and the leaves so."""
    stay = np.zeros(len(trees.feature), dtype=np.uint32)
    leaf = trees.leaf.copy()
    for tree in range(len(trees.first_leaf) - 1):
        nodes = slice(*trees.first_node[tree : tree + 2].tolist())
        left, right = trees.left[nodes].tolist(), trees.right[nodes].tolist()
        base = int(trees.first_leaf[tree])
        below = [0] * len(left)  # how many leaves are under a node; children have higher numbers
        for node in reversed(range(len(left))):
            below[node] = sum(below[child] if child >= 0 else 1 for child in (left[node], right[node]))
        begin = [0] * len(left)
        for node in range(len(left)):
            at = begin[node]
            for child in (left[node], right[node]):
                if child >= 0:
                    begin[child] = at
                else:
                    leaf[base + at] = trees.leaf[base - child - 1]
                at += below[child] if child >= 0 else 1
                if child == left[node]:
                    gone = ((1 << (at - begin[node])) - 1) << begin[node]
                    stay[nodes.start + node] = ((1 << 32) - 1) ^ gone
    return stay, leaf


@compiled_apart
def _scan(
    rows: Matrix, begin: Numbers, threshold: Matrix, tree: Numbers, stay: Masks,
    unknown_begin: Numbers, unknown_tree: Numbers, unknown_stay: Masks,
    first_leaf: Numbers, leaf: Floats, places: Numbers, total: Floats,
) -> None:  # fmt: skip
    """Fills ``total``, some rows side by side."""
    trees, most = len(first_leaf) - 1, np.uint32(0xFFFFFFFF)
    left_over = np.empty((trees, _ABREAST), dtype=np.uint32)
    values, unknown = np.zeros(_ABREAST, dtype=np.float32), np.empty(_ABREAST, dtype=np.uint32)
    for start in range(0, len(rows), _ABREAST):
        count = min(_ABREAST, len(rows) - start)
        left_over[:] = most
        for feature in range(len(begin) - 1):
            highest, some = np.float32(-np.inf), False
            for one in range(count):
                value = rows[start + one, feature]
                if abs(value) <= _NOUGHT:
                    value = np.float32(0)
                values[one] = value
                unknown[one] = most if value == value else np.uint32(0)
                some |= value != value
                highest = max(highest, value) if value == value else highest
            for at in range(begin[feature], begin[feature + 1]):
                line, kept, struck_out = threshold[at], stay[at], left_over[tree[at]]
                if line >= highest:
                    break
                for one in range(_ABREAST):
                    struck_out[one] &= kept if values[one] > line else most
            if some:
                for at in range(unknown_begin[feature], unknown_begin[feature + 1]):
                    kept, struck_out = unknown_stay[at], left_over[unknown_tree[at]]
                    for one in range(_ABREAST):
                        struck_out[one] &= kept | unknown[one]
        for one in range(count):
            added = 0.0
            for place in range(trees):
                bits = left_over[place, one]
                lowest = np.uint32(bits & (~bits + np.uint32(1)))
                added += leaf[first_leaf[place] + places[np.uint32(lowest * _SPREAD) >> np.uint32(27)]]
            total[start + one] = added
