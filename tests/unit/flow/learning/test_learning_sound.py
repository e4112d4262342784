"""Model files that somebody wrote by hand under their right digest, and trees as arrays beside LightGBM's own walk."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from learning_needs import needs_lightgbm
from learning_tables import lesson
from pratique.flow.learning.files import keep, kept_in, load
from pratique.flow.learning.model import Model
from pratique.flow.learning.training import train
from pratique.flow.learning.trees import CHANCE, Trees
from pratique.flow.learning.walking import struck
from pratique.vocabulary.errors import PratiqueError

pytestmark = needs_lightgbm


@pytest.fixture(scope="module")
def model() -> Model:
    return train(*lesson(1500))


@pytest.fixture(scope="module")
def folder(model, tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("models")
    keep(model, place)
    return place


def crafted(folder: Path, into: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """The model with one file changed and everything signed anew: its digest is right."""
    source = next(folder.glob("*/manifest.json")).parent
    files = {each.name: each.read_bytes() for each in source.iterdir()}
    files[name] = change(files[name])
    manifest = json.loads(files["manifest.json"])
    manifest["files"][name] = hashlib.sha256(files[name]).hexdigest()
    files["manifest.json"] = json.dumps(manifest).encode()
    digest = hashlib.sha256(files["manifest.json"]).hexdigest()
    (into / digest).mkdir()
    for each, text in files.items():
        (into / digest / each).write_bytes(text)
    (into / "newest").write_text(digest)
    return into


def put(pattern: bytes, text: bytes) -> Callable[[bytes], bytes]:
    def change(whole: bytes) -> bytes:
        told, count = re.subn(pattern, text, whole, count=1, flags=re.MULTILINE | re.DOTALL)
        assert count == 1
        return told

    return change


def said(name: str, value: object) -> Callable[[bytes], bytes]:
    def change(whole: bytes) -> bytes:
        document = json.loads(whole)
        place, _, last = name.rpartition("/")
        part = document
        for step in filter(None, place.split("/")):
            part = part[step]
        part[last] = value
        return json.dumps(document).encode()

    return change


def many_trees(whole: bytes) -> bytes:
    first = whole.index(b"Tree=0")
    tree = whole[first : whole.index(b"Tree=1")].removeprefix(b"Tree=0")
    return whole[:first] + b"".join(b"Tree=%d%s" % (number, tree) for number in range(3000)) + b"end of trees\n"


def out_of_order(whole: bytes) -> bytes:
    line, _, rest = whole.partition(b"\n")
    return line + b"\n" + rest[8:16] * (len(rest) // 8)


CRAFTED = {
    "a feature that is not there": ("trees.txt", put(rb"^split_feature=\d+", b"split_feature=9999"), "split_feature"),
    "a feature below nought": ("trees.txt", put(rb"^split_feature=\d+", b"split_feature=-3"), "split_feature"),
    "a threshold that is no number": ("trees.txt", put(rb"^threshold=[^ \n]+", b"threshold=nan"), "threshold"),
    "a leaf without end": ("trees.txt", put(rb"^leaf_value=[^ \n]+", b"leaf_value=inf"), "leaf_value"),
    "a child that is its parent": ("trees.txt", put(rb"^left_child=[^ \n]+", b"left_child=0"), "left_child"),
    "a leaf that is not there": ("trees.txt", put(rb"^right_child=[^ \n]+", b"right_child=-900"), "left_child"),
    "leaves that nobody counted": ("trees.txt", put(rb"^num_leaves=\d+", b"num_leaves=2000000000"), "num_leaves"),
    "categories": ("trees.txt", put(rb"^decision_type=\d+", b"decision_type=1"), "decision_type"),
    "a million trees, or too many": ("trees.txt", many_trees, "number of trees"),
    "a score card that takes off": ("trees.txt", put(rb'"(?:shows|plain|above)", [^,]+', b'"above", -3'), "score card"),
    "no score card": ("trees.txt", lambda whole: whole.partition(b"\n")[2], "trees.txt"),
    "no trees": ("trees.txt", put(rb"\nTree=0\n.*", b"\n"), "number of trees"),
    "fewer features than the model": ("trees.txt", put(rb"^max_feature_idx=\d+", b"max_feature_idx=4999"), "max_fea"),
    "a chance above one": ("model.json", said("calibration/rate", [0.1, 2.0]), "calibration"),
    "a stake of fortunes": ("model.json", said("stake/factor", 1e300), "stake"),
    "a start without end": ("model.json", said("start", float("inf")), "start"),
    "a list of names that is a number": ("model.json", said("features", 7), "model.json"),
    "a card without figures": ("card.json", said("metrics", {}), "card.json, metrics"),
    "a card that is a list": ("card.json", lambda whole: b"[" * 100_000, "card.json"),
    "a store cut short": ("store.bin", lambda whole: whole[:-80], "store.bin"),
    "a store out of order": ("store.bin", out_of_order, "store.bin, declared"),
}


@pytest.mark.parametrize("case", CRAFTED)
def test_a_model_file_written_by_hand_under_its_right_digest_is_refused_before_use(folder, tmp_path, case):
    name, change, place = CRAFTED[case]
    with pytest.raises(PratiqueError) as caught:
        load(crafted(folder, tmp_path, name, change))
    assert caught.value.code == "model.unsound"
    assert place in caught.value.happened
    assert kept_in(tmp_path)[0][1] == {} or not name.startswith("card")


def test_a_model_signed_anew_without_a_change_is_taken(folder, tmp_path, model):
    taken = load(crafted(folder, tmp_path, "trees.txt", lambda whole: whole))
    assert taken.names == model.names


def test_rows_end_in_the_leaves_in_which_lightgbm_ends_bit_for_bit():
    import lightgbm

    draw = np.random.default_rng(7)
    matrix = draw.normal(0, 3, (700, 9)).astype(np.float32)
    matrix[draw.random(matrix.shape) < 0.15] = 0
    matrix[:, :6][draw.random((700, 6)) < 0.2] = np.nan  # of the others training knows all
    found = np.nan_to_num(matrix).sum(axis=1) + draw.normal(0, 3, 700) > 0
    data = lightgbm.Dataset(matrix, found.astype(float), params={"verbosity": -1})
    trained = lightgbm.train({**CHANCE, "num_leaves": 31, "min_data_in_leaf": 3}, data, num_boost_round=40)
    trees = Trees(trained.model_to_string())
    on_edges = draw.choice(trees.checked.threshold.astype(np.float32), matrix.shape)
    asked = np.where(draw.random(matrix.shape) < 0.3, on_edges, matrix)
    asked[draw.random(matrix.shape) < 0.1] = np.nan
    walked = trained.predict(asked, raw_score=True, num_threads=1)
    assert (struck(trees.checked).summed(asked) == walked).all()
    assert (trees.margin(asked[:5]) == walked[:5]).all()
    assert len(np.unique(walked)) > 500
