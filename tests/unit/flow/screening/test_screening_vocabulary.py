"""The words of a list and their neighbours, against comparing every word with every word."""

from __future__ import annotations

import random

import numpy as np

from pratique.flow.screening.hashing import as_words
from pratique.flow.screening.similarity import likeness
from pratique.flow.screening.variants import are_one_name
from pratique.flow.screening.vocabulary import FEW, build_vocabulary, look_up, neighbours, words_beginning_with

LETTERS = "ABEHL1"
NAMES = ("WILLIAM", "BILL", "MUHAMMAD", "MOHAMED", "MHD", "mhmd", "hsn", "hsyn", "HASSAN", "HUSAYN", "ALHASSAN")


def words(count: int, seed: int) -> list[str]:
    drawn = random.Random(seed)
    drawn_words = {"".join(drawn.choices(LETTERS, k=drawn.randint(1, 11))) for _ in range(count)}
    return sorted(drawn_words.union(drawn.sample(NAMES, 8)))


def test_neighbours_are_exactly_the_words_that_are_alike() -> None:
    listed, declared = words(600, 1), words(200, 2)
    vocabulary = build_vocabulary(listed)
    near = neighbours(vocabulary, as_words(declared))
    found = {
        (declared[left], vocabulary.words[right].decode(), int(similarity))
        for left, right, similarity in zip(near.declared, near.listed, near.similarity, strict=True)
    }
    wanted = {
        (left, right, likeness(left, right, one_name=are_one_name(left, right)).similarity)
        for left in declared
        for right in listed
    }
    assert found == {told for told in wanted if told[2]}


def test_words_beginning_with_a_cut_word_are_all_found() -> None:
    vocabulary = build_vocabulary(["KAR", "KARIM", "KARIMI", "KASIM", "LARIM"])
    found = words_beginning_with(vocabulary, as_words(["KARI"]))
    assert sorted(vocabulary.words[place].decode() for place in found.listed) == ["KARIM", "KARIMI"]


def test_an_empty_vocabulary_has_no_neighbours() -> None:
    assert len(neighbours(build_vocabulary([]), as_words(["KARIM"])).listed) == 0


def test_many_numbers_are_found_as_few_are_one_by_one() -> None:
    drawn = np.random.default_rng(3)
    table = np.sort(drawn.choice(drawn.integers(0, 1 << 63, 300).astype(np.uint64) << np.uint64(1), 500))
    wanted = np.concatenate([table[::3], drawn.integers(0, 1 << 63, 2 * FEW).astype(np.uint64), table[::5]])
    pairs = {(int(at), int(place)) for at, place in zip(*look_up(table, wanted), strict=True)}
    assert pairs == {
        (at, place)
        for at, number in enumerate(wanted.tolist())
        for place, held in enumerate(table.tolist())
        if held == number
    }
    assert not len(look_up(table[:0], wanted)[0])
