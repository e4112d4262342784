"""Blind queries: yes or no to the one who asks, and nothing at all to the one who is asked."""

from datetime import date

import pytest

from exchange_kit import seeded
from pratique.partners.exchange.blind import (
    ORDER,
    PRIME,
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


def test_the_answer_is_that_of_the_plain_function_by_its_definition():
    """x-only arithmetic in plain integers (RFC 7748, 5), instead of the library's multiplication."""
    said = HELD[0]
    question = blinded(said, secret=seeded("plain"))
    (answer,) = evaluated([question.element], key=KEY)
    clamped = int.from_bytes(KEY, "little") & (2**255 - 8) | 2**254
    assert int.from_bytes(answer, "little") == ladder(clamped % 2**255, int.from_bytes(question.element, "little"))


def ladder(scalar, x):
    x2, z2, x3, z3 = 1, 0, x, 1
    for bit in range(254, -1, -1):
        swap = scalar >> bit & 1
        if swap:
            x2, z2, x3, z3 = x3, z3, x2, z2
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        x3, z3 = pow(d * a + c * b, 2, PRIME), x * pow(d * a - c * b, 2, PRIME) % PRIME
        x2, z2 = a * a * b * b % PRIME, (a * a - b * b) * (a * a + 121665 * (a * a - b * b)) % PRIME
        if swap:
            x2, z2, x3, z3 = x3, z3, x2, z2
    return x2 * pow(z2, -1, PRIME) % PRIME


def test_an_element_lies_in_the_large_subgroup_and_on_the_curve_itself():
    for number, said in enumerate(HELD[:10]):
        x = int.from_bytes(blinded(said, secret=seeded(number)).element, "little")
        assert pow(x * (x * (x + 486662) + 1), (PRIME - 1) // 2, PRIME) == 1
        assert ladder(ORDER - 1, x) == x  # (order - 1) P = -P, whose x is the same: P has that order


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
        bytes(32),
        (1).to_bytes(32, "little"),
        (PRIME - 1).to_bytes(32, "little"),
        PRIME.to_bytes(32, "little"),
        (2**255 - 1).to_bytes(32, "little"),
        (325606250916557431795983626356110631294008115727848805560023387167927233504).to_bytes(32, "little"),
        b"short",
    ],
)
def test_points_that_are_none_or_of_small_order_are_refused(element):
    refused("exchange.blind_element", evaluated, [element], key=KEY)


def test_a_point_of_the_twist_is_refused():
    twisted = next(x for x in range(2, 100) if pow(x**3 + 486662 * x * x + x, (PRIME - 1) // 2, PRIME) != 1)
    refused("exchange.blind_element", evaluated, [twisted.to_bytes(32, "little")], key=KEY)


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
