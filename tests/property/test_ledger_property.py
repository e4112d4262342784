"""The tree and its proofs on random sizes and random damage, against the text of RFC 6962."""

from __future__ import annotations

import hashlib

from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.partners.ledger.merkle import (
    Frontier,
    consistency_holds,
    consistency_proof,
    edge_of,
    inclusion_holds,
    inclusion_proof,
)
from pratique.partners.ledger.tiles import Tile, TileHashes, tile_root, tiles_of
from pratique_verify.merkle import root_from
from reference.naive_merkle import mth, path, proof

EVERY = [hashlib.sha256(number.to_bytes(4, "big")).digest() for number in range(70_000)]
SIZES = st.integers(1, 1200) | st.sampled_from([255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 70_000])
HASH = st.binary(min_size=32, max_size=32)


def tiled(size: int) -> TileHashes:
    """The log of that size, as its tiles hold it."""
    files: dict[str, bytes] = {}
    for tile in tiles_of(size):
        first = tile.number * 256
        if tile.level == 0:
            files[tile.path] = b"".join(EVERY[first : first + tile.width])
        else:
            below = (files[Tile(tile.level - 1, number).path] for number in range(first, first + tile.width))
            files[tile.path] = b"".join(tile_root(each) for each in below)
    return TileHashes(size, lambda tile: files[tile.path])


@settings(deadline=None, max_examples=12)
@given(SIZES, st.data())
def test_tiles_give_the_proofs_of_the_rfc(size: int, data: st.DataObject) -> None:
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    hashes, of = tiled(size), EVERY[:size]
    root = mth(of)
    assert Frontier(size=size, edge=edge_of(hashes, size)).root() == root
    told = inclusion_proof(hashes, index, size)
    assert told == path(index, of)
    assert inclusion_holds(of[index], index, size, proof=told, root=root)
    assert root_from(of[index], index, size, told) == root
    grown = consistency_proof(hashes, old, size)
    assert grown == proof(old, of)
    assert consistency_holds(old, size, old_root=mth(of[:old]), new_root=root, proof=grown)


@settings(deadline=None)
@given(st.integers(2, 300), st.data())
def test_no_other_leaf_place_or_path_holds(size: int, data: st.DataObject) -> None:
    of = EVERY[:size]
    root, index = mth(of), data.draw(st.integers(0, size - 1))
    told = path(index, of)
    other = data.draw(st.integers(0, size + 5).filter(lambda each: each != index))
    assert not inclusion_holds(of[index], other, size, proof=told, root=root)
    assert not inclusion_holds(data.draw(HASH), index, size, proof=told, root=root)
    for changed in (told[:-1], [*told, data.draw(HASH)], told[::-1] if told != told[::-1] else told[:-1]):
        assert not inclusion_holds(of[index], index, size, proof=changed, root=root)
        assert root_from(of[index], index, size, changed) != root


@settings(deadline=None)
@given(st.integers(2, 300), st.data())
def test_no_history_but_the_own_is_consistent(size: int, data: st.DataObject) -> None:
    old, place = data.draw(st.integers(1, size - 1)), data.draw(st.integers(0, size - 1))
    of = EVERY[:size]
    changed = [*of[:place], EVERY[60_000], *of[place + 1 :]]
    told = proof(old, changed)
    found = consistency_holds(old, size, old_root=mth(of[:old]), new_root=mth(changed), proof=told)
    assert found == (place >= old)  # only what came later may be anything
