"""Short ids follow from what they name, and can be read aloud."""

import hashlib

from pratique.vocabulary.ids import ALPHABET, consignment_ids, short_id, short_ids


def by_hand(*parts: str) -> str:
    number = int.from_bytes(hashlib.sha256("\x1f".join(parts).encode()).digest()[:5], "big")
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(35, -5, -5))


def test_an_id_is_the_first_forty_bits_of_the_digest_in_base_32() -> None:
    named = [(str(number), "place") for number in range(300)]
    assert short_ids(named) == [by_hand(*parts) for parts in named]
    assert short_id("run", "1") == by_hand("run", "1")
    assert short_ids([]) == []


def test_the_same_place_of_two_files_is_two_consignments() -> None:
    ids = consignment_ids(["a", "a", "b"], ["segment 1", "segment 2", "segment 1"])
    assert len(set(ids)) == 3
    assert all(set(name) <= set(ALPHABET) and len(name) == 8 for name in ids)


def test_ids_that_meet_are_set_apart_the_same_way_each_time() -> None:
    files, places = ["a", "a", "b", "a"], ["segment 1"] * 4
    ids = consignment_ids(files, places)
    assert len(set(ids)) == 4
    assert ids[0] == by_hand("a", "segment 1")
    assert ids == consignment_ids(files, places)
