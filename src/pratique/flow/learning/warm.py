"""Compiles the loops of learning, which otherwise the first command that scores does: some seconds, once."""

from __future__ import annotations

import numpy as np

from pratique.flow.learning.keys import FEW
from pratique.flow.learning.packed import packed
from pratique.flow.learning.sums import Asked, none, read
from pratique.flow.learning.walking import struck

ONE_LEAF = """tree
version=v4
num_class=1
num_tree_per_iteration=1
max_feature_idx=0
objective=binary sigmoid:1

Tree=0
num_leaves=1
num_cat=0
split_feature=
split_gain=
threshold=
decision_type=
left_child=
right_child=
leaf_value=0
internal_value=
internal_weight=
internal_count=
shrinkage=1

end of trees
"""

if __name__ == "__main__":
    keys = np.ones(FEW + 1, dtype=np.uint64)
    kept, made = none("rows"), none("rows")
    for array in (kept.at, kept.first, kept.last):  # a store that was read from its file cannot be written to
        array.setflags(write=False)
    for store in (kept, made):
        read(store, Asked(keys, np.zeros(len(keys), dtype=np.int64)))
    struck(packed(ONE_LEAF)).summed(np.zeros((1, 1), dtype=np.float32))
