"""What the page of a hit says of the words that answer to each other."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from pratique.desk.pages.hits import _how_words
from pratique.node.hits.compared import ALIGNED, said_of_words
from pratique.vocabulary.sentences import known_codes


def test_every_way_in_which_words_are_alike_has_words_on_the_page() -> None:
    visit = cast(Any, SimpleNamespace(gettext=lambda text: text))
    ways = {code.removeprefix(ALIGNED) for code in known_codes() if code.startswith(ALIGNED)}
    assert len(ways) > 10
    assert ways <= _how_words(visit).keys()


def test_the_page_tells_how_a_name_was_read_and_what_doubts_leave() -> None:
    told = ["screening.aligned.equal", "screening.doubt.sound", "screening.read_as_address", "screening.common.world"]
    reasons = [{"code": code, "params": {}} for code in told]
    assert [reason["code"] for reason in said_of_words(reasons)] == told[1:]
