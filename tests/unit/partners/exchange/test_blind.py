"""Blind queries: yes or no to the one who asks, and nothing at all to the one who is asked."""

from datetime import date

import pytest

from exchange_kit import seeded
from pratique.partners.exchange.blind import (
    batch_size,
    blinded,
    decoy,
    evaluated,
    filled_up,
    identifier,
    is_known,
    read_tokens,
    set_id,
    tokens,
    write_tokens,
)
from pratique.vocabulary.errors import PratiqueError

KEY = seeded("set key")
HELD = [identifier("container", f"QZHU482{number:04}") for number in range(40)]
TOKENS = frozenset(tokens(HELD, key=KEY))


def asked(said, *, secret="secret", key=KEY, held=TOKENS):
    question = blinded(said, secret=seeded(secret))
    (answer,) = evaluated([question.element], key=key)
    return is_known(question, answer, held)


def refused(code, act, *args, **how):
    with pytest.raises(PratiqueError) as caught:
        act(*args, **how)
    assert caught.value.code == code


def test_what_is_held_is_known_and_what_is_not_is_not():
    assert all(asked(said, secret=number) for number, said in enumerate(HELD))
    assert not any(asked(identifier("container", f"QZHU999{number:04}"), secret=number) for number in range(40))


def test_the_same_question_looks_different_each_time_and_different_questions_share_nothing():
    elements = {blinded(said, secret=seeded(number)).element for number in range(20) for said in HELD[:2]}
    assert len(elements) == 40


def test_the_unblinding_undoes_the_blinding_whatever_the_secret():
    answers = set()
    for number in range(30):
        question = blinded(HELD[3], secret=seeded("undo", number))
        (answer,) = evaluated([question.element], key=KEY)
        answers.add(is_known(question, answer, TOKENS))
    assert answers == {True}


def test_tokens_of_another_key_say_nothing():
    assert not asked(HELD[0], key=seeded("other key"))
    assert frozenset(tokens(HELD, key=seeded("other key"))).isdisjoint(TOKENS)


def test_spellings_that_mean_the_same_ask_the_same():
    assert identifier("container", "qzhu 482016-6") == identifier("container", "QZHU4820166")
    assert identifier("company_name", "Müller & Lüdenscheid") == identifier("company_name", "LUDENSCHEID, MULLER")
    assert identifier("company_name", "شركة المثال") != identifier("company_name", "شركة أخرى")
    born = date(1980, 2, 3)
    assert identifier("person", "Example, A.", born_on=born) == identifier("person", "a example", born_on=born)
    assert identifier("person", "A Example", born_on=born) != identifier(
        "person", "A Example", born_on=date(1980, 2, 4)
    )
    assert identifier("container", "QZHU4820166") != identifier("bill", "QZHU4820166")


def test_an_identifier_of_nothing_or_a_person_without_birth_is_refused():
    refused("exchange.blind_identifier", identifier, "container", " - ")
    refused("exchange.blind_identifier", identifier, "person", "A Example")


@pytest.mark.parametrize(
    "element",
    [
        bytes(33),
        b"\x02" + bytes(31) + b"\x01",  # x = 1 is that of no point
        b"\x02" + b"\xff" * 32,
        b"\x04" + bytes(32),
        bytes(1),
        b"\x02" + bytes(31),
        bytes(65),
    ],
)
def test_what_is_no_point_of_the_curve_is_refused(element):
    refused("exchange.blind_element", evaluated, [element], key=KEY)
    question = blinded(HELD[0], secret=seeded("element"))
    refused("exchange.blind_element", is_known, question, element, TOKENS)


def test_the_tokens_travel_as_an_attachment_and_are_the_set_that_was_named():
    ordered = tokens(HELD, key=KEY)
    assert read_tokens(write_tokens(ordered), expected=set_id(ordered)) == TOKENS
    refused("exchange.blind_set", read_tokens, write_tokens(ordered[1:]), expected=set_id(ordered))
    refused("exchange.blind_set", read_tokens, write_tokens(ordered) + b"x", expected=set_id(ordered))


def test_a_ship_is_asked_with_or_without_the_letters_of_its_number():
    assert identifier("vessel", "IMO 9074729") == identifier("vessel", "9074729")


def test_decoys_fill_questions_and_sets_up_and_answer_to_nothing():
    assert [batch_size(count) for count in (1, 10, 11, 100)] == [10, 10, 50, 100]
    refused("exchange.blind_many", batch_size, 101)
    evaluated([decoy(seeded(number)) for number in range(10)], key=KEY)
    fresh = iter(range(1000))
    full = filled_up(tokens(HELD, key=KEY), fresh=lambda count: seeded("fill", next(fresh))[:count])
    assert len(full) == 256
    assert len(filled_up(full, fresh=lambda count: bytes(count))) == 256
    assert all(asked(said, held=frozenset(full)) for said in HELD[:3])
    assert not asked(identifier("container", "QZHU9990000"), held=frozenset(full))
