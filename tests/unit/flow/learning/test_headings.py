"""Headings out of descriptions: what is like what was declared, what is too vague, and a file that was changed."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np
import polars as pl
import pytest

from pratique.flow.learning import describing
from pratique.flow.learning.describing import described, likely
from pratique.flow.learning.headings import Headings, learn_headings
from pratique.flow.learning.headings_bytes import digest_of, headings_of, kept
from pratique.flow.learning.wording import words_of
from pratique.vocabulary.errors import PratiqueError

KINDS = {
    "6109": "cotton t-shirts",
    "8471": "laptop computers",
    "8517": "mobile phones",
    "9503": "plastic toys",
    "0302": "fresh salmon",
}
COLOURS = ("red", "blue", "green", "black", "white", "small", "large", "mens", "new", "branded", "boxed", "assorted")


def declared() -> pl.DataFrame:
    """Each kind in twelve wordings, and its plain words a hundred times."""
    rows = [(f"{colour} {words}", code) for code, words in KINDS.items() for colour in COLOURS]
    rows += [(words, code) for code, words in KINDS.items() for _ in range(100)]
    return pl.DataFrame(rows, schema=["description", "heading"], orient="row")


@pytest.fixture(scope="module")
def learned() -> Headings:
    return learn_headings(declared(), vague=pl.Series(["goods", "parts", "gift", "item", "stuff"]), until="2026-01-31")


def said(known: Headings, *asked: tuple[str, str | None]) -> list[dict[str, Any]]:
    """What is said of descriptions under headings."""
    schema = {"description": pl.String, "heading": pl.String}
    return described(known, pl.DataFrame(asked, schema=schema, orient="row")).to_dicts()


def test_words_are_read_without_numbers_and_in_the_singular() -> None:
    assert words_of("12 Boxes, COTTON shirts 3XL (berries)") == ["box", "cotton", "shirt", "xl", "berry"]


def test_other_words_of_the_same_goods_are_plausible_under_their_heading(learned: Headings) -> None:
    shares = learned.shares(["laptop computer yellow", "smoked salmon fresh"])
    assert [learned.codes[each] for each in shares.argmax(axis=1)] == ["8471", "0302"]
    assert np.allclose(shares.sum(axis=1), 1)


def test_what_was_never_declared_is_told_by_the_harmonized_system(learned: Headings) -> None:
    best = learned.shares(["live horses"])[0].argmax()
    assert learned.codes[best] == "0101"


def test_how_often_such_descriptions_stood_under_the_declared_heading(learned: Headings) -> None:
    told = said(learned, ("12 LAPTOP COMPUTERS", "8471"), ("laptop computers", "8517"), ("laptop computers", "9900"))
    assert [each["heading_contradicted"] for each in told] == [False, True, True]
    assert [each["heading_fit"] for each in told] == [1000, 0, 0]
    counts = ("like_count", "like_under_count", "usual_heading", "usual_heading_count")
    assert [tuple(each[name] for name in counts) for each in told] == [(None,) * 4, *[(112, 0, "8471", 112)] * 2]


def test_what_nobody_declared_or_no_heading_is_given_for_is_not_contradicted(learned: Headings) -> None:
    told = said(learned, ("zzz qqq", "8471"), ("laptop computers", None), ("", "8471"))
    assert [(each["heading_fit"], each["heading_contradicted"]) for each in told] == [(None, None)] * 3


def test_the_first_look_leaves_out_nothing_that_the_closer_one_would_find(
    learned: Headings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [(f"{colour} {words}", code) for words in KINDS.values() for colour in COLOURS for code in KINDS]
    quick = said(learned, *asked)
    monkeypatch.setattr(describing, "DOUBTED", 1001)
    assert said(learned, *asked) == quick
    assert sum(each["heading_contradicted"] for each in quick) == len(asked) * 4 // 5


def test_likely_headings_of_a_text_come_with_their_share_and_of_unknown_words_none_do(learned: Headings) -> None:
    (laptops, unknown) = likely(learned, ["new laptop", "zzz qqq"], most=3)
    assert laptops[0][0] == "8471"
    assert laptops[0][1] > 500
    assert len(laptops) <= 3
    assert unknown == []


def test_a_description_like_those_refused_is_vaguer(learned: Headings) -> None:
    told = said(learned, ("gift items", None), ("blue cotton t-shirts", None))
    assert told[0]["vague_permille"] > told[1]["vague_permille"]


def test_what_is_kept_says_the_same_and_a_changed_byte_is_refused(learned: Headings) -> None:
    text = kept(learned)
    again = headings_of(text, "words.headings")
    assert kept(again) == text
    asked = ["white laptop", "gift"]
    assert said(again, *((text, "8471") for text in asked)) == said(learned, *((text, "8471") for text in asked))
    assert len(digest_of(text)) == 64
    for changed in (text[:-1], text[:-1] + bytes([text[-1] ^ 1]), b"", b"no such file\n"):
        with pytest.raises(PratiqueError) as caught:
            headings_of(changed, "words.headings")
        assert caught.value.code == "model.headings_changed"


@pytest.mark.parametrize("part", ["heading/places", "heading/starts", "heading/of", "vague/places"])
def test_a_file_that_points_to_what_is_not_there_is_refused_though_its_digest_is_right(
    learned: Headings, part: str
) -> None:
    head, _, body = kept(learned).partition(b"\n")
    line, _, arrays = body.partition(b"\n")
    at = 0
    for name, kind, shape in json.loads(line)["arrays"]:
        size = int(np.prod(shape)) * np.dtype(kind).itemsize
        if name == part:
            arrays = arrays[: at + size - 4] + (2**31 - 1).to_bytes(4, "little") + arrays[at + size :]
        at += size
    body = line + b"\n" + arrays
    signed = head.rpartition(b" ")[0] + b" " + hashlib.sha256(body).hexdigest().encode() + b"\n" + body
    with pytest.raises(PratiqueError) as caught:
        headings_of(signed, "words.headings")
    assert caught.value.code == "model.headings_changed"


def test_too_little_to_learn_from_is_said() -> None:
    with pytest.raises(PratiqueError) as caught:
        learn_headings(declared().head(20))
    assert caught.value.code == "model.headings_few"
    with pytest.raises(PratiqueError) as caught:
        learn_headings(declared(), vague=pl.Series(["plastic toys"]))
    assert caught.value.code == "model.vague_few"
