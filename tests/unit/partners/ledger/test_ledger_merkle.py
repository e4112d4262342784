"""The tree of RFC 6962 against vectors written by others, and against the text of the RFC on small trees."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import pytest

from pratique.partners.ledger.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_holds,
    consistency_proof,
    edge_of,
    inclusion_holds,
    inclusion_proof,
    subtree_holds,
    subtree_root,
)
from pratique.partners.ledger.tiles import TileHashes, tile_root
from pratique_verify.merkle import root_from
from reference.naive_merkle import mth, path, proof, subtree_proof

ROOT = Path(__file__).parents[4]
VECTORS = ROOT.parent / "shared" / "data" / "vectors" / "rfc6962-merkle"

needs_vectors = pytest.mark.skipif(not VECTORS.is_dir(), reason="the vectors of transparency-dev/merkle are not there")


def leaves(count: int) -> list[bytes]:
    return [hashlib.sha256(b"\x00" + number.to_bytes(4, "big")).digest() for number in range(count)]


class InMemory:
    """Complete subtrees over a list of leaves."""

    def __init__(self, of: list[bytes]) -> None:
        self.of = of

    def complete(self, level: int, index: int) -> bytes:
        return tile_root(b"".join(self.of[index << level : (index + 1) << level]))


def decoded(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def holds(kind: str, said: dict) -> bool:  # type: ignore[type-arg]
    told = [decoded(each) for each in said.get("proof") or []]
    if kind.endswith("inclusion"):
        start, size = said.get("start", 0), said.get("treeSize", said.get("end"))
        leaf, root = decoded(said["leafHash"]), decoded(said["root"])
        return inclusion_holds(leaf, said["leafIdx"] - start, size - start, proof=told, root=root)
    older, newer = decoded(said["root1"]), decoded(said["root2"])
    if kind == "consistency":
        return consistency_holds(said["size1"], said["size2"], old_root=older, new_root=newer, proof=told)
    return subtree_holds(said["start"], said["end"], said["size"], subtree=older, root=newer, proof=told)


@needs_vectors
@pytest.mark.parametrize("kind", ["inclusion", "consistency", "subtreeinclusion", "subtreeconsistency"])
def test_every_vector_is_judged_as_its_writers_say(kind: str) -> None:
    files = sorted((VECTORS / kind).rglob("*.json"))
    assert len(files) > 20
    said = {str(file): json.loads(file.read_text()) for file in files}
    assert [name for name, each in said.items() if holds(kind, each) == each["wantErr"]] == []


@needs_vectors
def test_verifier_judges_inclusion_as_its_writers_say() -> None:
    for file in sorted((VECTORS / "inclusion").rglob("*.json")):
        said = json.loads(file.read_text())
        told = [decoded(each) for each in said.get("proof") or []]
        if any(len(each) != 32 for each in (decoded(said["root"]), decoded(said["leafHash"]), *told)):
            continue  # a checkpoint with such a root, or a leaf that is no SHA-256, does not get as far as the tree
        found = root_from(decoded(said["leafHash"]), said["leafIdx"], said["treeSize"], told)
        assert (found == decoded(said["root"])) != said["wantErr"], file


def test_small_trees_are_those_of_the_text_of_the_rfc() -> None:
    every = leaves(45)
    assert Frontier().root() == EMPTY_ROOT == mth([])
    for size in range(1, 45):
        of, hashes = every[:size], InMemory(every[:size])
        tree = Frontier(of)
        assert tree.root() == mth(of) == subtree_root(hashes, 0, size)
        assert Frontier(size=size, edge=edge_of(hashes, size)).root() == tree.root()
        for index in range(size):
            told = inclusion_proof(hashes, index, size)
            assert told == path(index, of)
            assert inclusion_holds(of[index], index, size, proof=told, root=tree.root())
            assert root_from(of[index], index, size, told) == tree.root()
        for old in range(1, size + 1):
            told = consistency_proof(hashes, old, size)
            assert told == proof(old, of)
            assert consistency_holds(old, size, old_root=mth(of[:old]), new_root=tree.root(), proof=told)


def test_subtrees_hold_wherever_they_stand() -> None:
    every = leaves(24)
    for size in range(1, 25):
        for end in range(1, size + 1):
            for start in range(end):
                told = subtree_proof(start, end, every[:size])
                whole = start % (1 << (end - start - 1).bit_length()) == 0
                roots = {"subtree": mth(every[start:end]), "root": mth(every[:size])}
                assert subtree_holds(start, end, size, proof=told, **roots) == whole


def test_tree_goes_on_from_its_edge() -> None:
    every = leaves(600)
    tree = Frontier(every[:300])
    again = Frontier(every[300:], size=300, edge=tree.edge)
    assert again.root() == Frontier(every).root()
    with pytest.raises(ValueError, match="as many subtrees"):
        Frontier(size=3, edge=tree.edge)


def test_proof_that_cannot_be_is_not_made() -> None:
    hashes = InMemory(leaves(8))
    with pytest.raises(ValueError, match="not in the tree"):
        inclusion_proof(hashes, 8, 8)
    for old, new in ((0, 8), (9, 8)):
        with pytest.raises(ValueError, match="not empty"):
            consistency_proof(hashes, old, new)


def test_tile_that_is_too_short_is_refused() -> None:
    hashes = TileHashes(300, lambda tile: b"\x00" * 32)
    with pytest.raises(ValueError, match="fewer hashes"):
        hashes.complete(3, 4)
    with pytest.raises(ValueError, match="no such tile"):
        hashes.complete(0, 600)
