"""Question, answer and what each side keeps between: only the right ones together say yes or no."""

from datetime import timedelta

import pytest

from exchange_kit import DAY, NOW, message_id, seeded
from pratique.partners.exchange import strict_json
from pratique.partners.exchange.blind import write_tokens
from pratique.partners.exchange.blind_files import (
    answer,
    ask,
    make_set,
    read_answer,
    read_identifier,
    read_kept_secrets,
    read_kept_set,
)
from pratique.partners.exchange.messages.registry import received_message
from pratique.vocabulary.errors import PratiqueError

HELD, TOKENS = make_set(
    ["A. Example;1980-02-03", "B. Example; 1990-01-01"], "person", key=seeded("k"), valid_until=NOW + DAY
)
LINES = ["EXAMPLE A;1980-02-03", "A. Example;1980-02-04"]
QUERY, KEPT = ask(LINES, "person", secrets=[seeded(1), seeded(2)])


def refused(code, act, *args, **how):
    with pytest.raises(PratiqueError) as caught:
        act(*args, **how)
    assert caught.value.code == code


def test_the_one_who_asked_reads_who_is_known():
    said = answer(QUERY, HELD, message=message_id(1), now=NOW)
    assert read_answer(said, KEPT, write_tokens(TOKENS)) == ((LINES[0], True), (LINES[1], False))


def test_question_and_answer_are_messages_about_nobody():
    said = answer(QUERY, HELD, message=message_id(1), now=NOW)
    for name, message in (("blind_query/1", QUERY), ("blind_answer/1", said)):
        assert not any(field.personal for field in message.fields())
        assert received_message(name, message.fields()) == message


def test_what_each_side_keeps_can_be_kept_in_a_file():
    assert read_kept_set(strict_json.write(HELD.dump())) == HELD
    assert read_kept_secrets(strict_json.write(KEPT.dump())) == KEPT
    refused("exchange.message_invalid", read_kept_set, strict_json.write(KEPT.dump()))
    refused("exchange.message_invalid", read_kept_secrets, strict_json.write(HELD.dump()))


def test_a_set_of_another_kind_or_past_its_day_answers_nothing():
    containers, _ = make_set(["QZHU4820166"], "container", key=seeded("k"), valid_until=NOW + DAY)
    refused("exchange.blind_kind", answer, QUERY, containers, message=message_id(1), now=NOW)
    refused("exchange.blind_over", answer, QUERY, HELD, message=message_id(1), now=NOW + DAY)
    assert answer(QUERY, HELD, message=message_id(1), now=NOW + DAY - timedelta(seconds=1)).size == 2


def test_an_answer_to_another_question_or_tokens_of_another_set_are_refused():
    said = answer(QUERY, HELD, message=message_id(1), now=NOW)
    fewer = said.model_copy(update={"elements": said.elements[:1]})
    refused("exchange.blind_many", read_answer, fewer, KEPT, write_tokens(TOKENS))
    refused("exchange.blind_set", read_answer, said, KEPT, write_tokens(TOKENS[1:]))
    _, other = ask(LINES, "person", secrets=[seeded(3), seeded(4)])
    assert read_answer(said, other, write_tokens(TOKENS)) == ((LINES[0], False), (LINES[1], False))


def test_no_more_than_a_hundred_are_asked_and_a_person_needs_a_day_of_birth():
    refused("exchange.blind_many", ask, ["x"] * 101, "bill", secrets=[seeded(1)] * 101)
    refused("exchange.blind_many", ask, [], "bill", secrets=[])
    for line in ("A. Example", "A. Example;1980", ";1980-02-03"):
        refused("exchange.blind_identifier", read_identifier, line, "person")
