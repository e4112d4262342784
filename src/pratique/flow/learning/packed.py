"""Trees as plain arrays, read from their text and checked: whatever digest it has, nothing in it is believed.

The text is that of LightGBM, form 4: one class, numbers only, no linear leaves. A child always has a higher number
than its parent and exactly one of them, so that a walk ends; every feature, threshold and leaf is what it can be. What
explains is handed ``Packed.text``, which holds what was checked and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]

MOST_TREES: Final = 2_000
MOST_LEAVES: Final = 256
MOST_FEATURES: Final = 5_000
MOST_BYTES: Final = 64_000_000
DEFAULT_LEFT: Final = 2
NAN_IS_MISSING: Final = 8
_DECISIONS: Final = (0, DEFAULT_LEFT, NAN_IS_MISSING, NAN_IS_MISSING | DEFAULT_LEFT)
_WHOLE: Final = re.compile(r"[-0-9 ]*")
_DECIMAL: Final = re.compile(r"[-+.e0-9 ]*")
_THRESHOLDS: Final = re.compile(r"(?:(?:[-+.e0-9]+|inf)(?: |$))*")  # endless: only what is unknown goes right
_HEADING: Final = {"version": "v4", "num_class": "1", "num_tree_per_iteration": "1", "objective": "binary sigmoid:1"}
_OF_NODES: Final = (
    "split_feature", "split_gain", "threshold", "decision_type", "left_child", "right_child",
    "internal_value", "internal_weight", "internal_count",
)  # fmt: skip
_OF_LEAVES: Final = ("leaf_value", "leaf_weight", "leaf_count")
_WHOLES: Final = frozenset(
    {"split_feature", "decision_type", "left_child", "right_child", "internal_count", "leaf_count"}
)


class Unsound(ValueError):
    """What no training wrote: ``place`` says where, in the words of the file."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


@dataclass(frozen=True)
class Packed:
    """All trees one after another. ``first_node`` and ``first_leaf`` say where each begins, with one place more.

    Of nodes: the ``feature``, its ``threshold`` (lower and equal goes left), the ``decision`` (bits), and ``left`` and
    ``right``: a node of the same tree, or a leaf where it is below nought (-1 is the first).
    """

    features: int
    first_node: Numbers
    first_leaf: Numbers
    feature: Numbers
    threshold: Floats
    decision: Numbers
    left: Numbers
    right: Numbers
    leaf: Floats
    text: str

    @property
    def most_leaves(self) -> int:
        """Of one tree."""
        return int(np.diff(self.first_leaf).max())


def packed(text: str) -> Packed:
    """The trees of a text. Raises ``Unsound``."""
    if len(text) > MOST_BYTES:
        raise Unsound("the size of the file")
    heading, *blocks = text.partition("\nend of trees\n")[0].split("\nTree=")
    features = _features(_pairs(heading.split("\n")[1:]))
    if not heading.startswith("tree\n") or not 0 < len(blocks) <= MOST_TREES:
        raise Unsound("the number of trees")
    trees = [_tree(number, block, features) for number, block in enumerate(blocks)]
    return Packed(
        features=features,
        first_node=_begins([len(tree["threshold"]) for tree in trees]),
        first_leaf=_begins([len(tree["leaf_value"]) for tree in trees]),
        feature=_joined(trees, "split_feature", np.int64),
        threshold=_joined(trees, "threshold", np.float64),
        decision=_joined(trees, "decision_type", np.int64),
        left=_joined(trees, "left_child", np.int64),
        right=_joined(trees, "right_child", np.int64),
        leaf=_joined(trees, "leaf_value", np.float64),
        text="\n".join(_written(features, blocks)),
    )


def _features(told: Mapping[str, str]) -> int:
    """How many features the trees read."""
    for name, wanted in _HEADING.items():
        if told.get(name) != wanted:
            raise Unsound(name)
    (most,) = _numbers("max_feature_idx", told.get("max_feature_idx", ""), 1).tolist()
    if not 0 <= most < MOST_FEATURES:
        raise Unsound("max_feature_idx")
    return int(most) + 1


def _tree(number: int, block: str, features: int) -> Mapping[str, npt.NDArray[Any]]:
    """The arrays of one tree."""
    lines = block.split("\n")
    told = _pairs(lines[1:])
    try:
        (leaves,) = _numbers("num_leaves", told["num_leaves"], 1).tolist()
        if lines[0] != str(number) or told["num_cat"] != "0" or told.get("is_linear", "0") != "0":
            raise Unsound("num_cat")
        if not 1 <= leaves <= MOST_LEAVES:
            raise Unsound("num_leaves")
        tree = {name: _numbers(name, told[name], int(leaves) - 1) for name in _OF_NODES}
        # a tree that is one leaf has no count of its own
        alone = {"leaf_value": told["leaf_value"]} if leaves == 1 else {name: told[name] for name in _OF_LEAVES}
        tree |= {name: _numbers(name, line, int(leaves)) for name, line in alone.items()}
        _numbers("shrinkage", told["shrinkage"], 1)
        _sound(tree, int(leaves), features)
    except KeyError as error:
        raise Unsound(f"Tree={number}, {error.args[0]}") from error
    except Unsound as error:
        raise Unsound(f"Tree={number}, {error.place}") from error
    return tree


def _sound(tree: Mapping[str, npt.NDArray[Any]], leaves: int, features: int) -> None:
    """Each feature exists, each decision is known, each child has one parent, which comes before it."""
    if ((tree["split_feature"] < 0) | (tree["split_feature"] >= features)).any():
        raise Unsound("split_feature")
    if not np.isin(tree["decision_type"], _DECISIONS).all():
        raise Unsound("decision_type")
    children = np.concatenate([tree["left_child"], tree["right_child"]])
    wanted = np.concatenate([np.arange(-leaves, 0), np.arange(1, leaves - 1)]) if leaves > 1 else children
    parents = np.tile(np.arange(leaves - 1), 2)
    if not np.array_equal(np.sort(children), wanted) or ((children >= 0) & (children <= parents)).any():
        raise Unsound("left_child, right_child")
    for name in ("internal_count", "leaf_count"):
        if (tree.get(name, np.ones(1)) < 1).any():
            raise Unsound(name)


def _numbers(name: str, line: str, count: int) -> npt.NDArray[Any]:
    """The numbers of a line, as many as there must be, none of them endless."""
    whole = name in _WHOLES or (count == 1 and name.startswith(("num_", "max_")))
    form = _WHOLE if whole else _THRESHOLDS if name == "threshold" else _DECIMAL
    if form.fullmatch(line) is None:
        raise Unsound(name)
    try:
        told = [int(word) if whole else float(word) for word in line.split()]
        numbers = np.array(told, dtype=np.int64 if whole else np.float64)
    except (ValueError, OverflowError) as error:
        raise Unsound(name) from error
    if len(numbers) != count or not (np.isfinite(numbers) | (name == "threshold")).all():
        raise Unsound(name)
    return numbers


def _written(features: int, blocks: Sequence[str]) -> Iterator[str]:
    """The text again, of what was checked alone."""
    yield "tree"
    yield from (f"{name}={value}" for name, value in _HEADING.items())
    yield from ("label_index=0", f"max_feature_idx={features - 1}")
    yield f"feature_names={' '.join(f'f{place}' for place in range(features))}"
    yield f"feature_infos={' '.join(['none'] * features)}\n"
    for number, block in enumerate(blocks):
        told = _pairs(block.split("\n")[1:])
        yield f"Tree={number}"
        names = ("num_leaves", "num_cat", *_OF_NODES, *_OF_LEAVES, "shrinkage")
        yield from (f"{name}={told.get(name, '')}" for name in names if name in told)
        yield "is_linear=0\n\n"
    yield "end of trees\n"


def _pairs(lines: Sequence[str]) -> dict[str, str]:
    told: dict[str, str] = {}
    for name, _, value in (line.partition("=") for line in lines if line):
        if name in told:
            raise Unsound(name[:20])
        told[name] = value
    return told


def _begins(counts: Sequence[int]) -> Numbers:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _joined(trees: Sequence[Mapping[str, npt.NDArray[Any]]], name: str, kind: type) -> npt.NDArray[Any]:
    return np.concatenate([tree[name] for tree in trees]).astype(kind)
