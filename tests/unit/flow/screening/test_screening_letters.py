"""Words letter over letter."""

from hypothesis import given
from hypothesis import strategies as st

from pratique.flow.screening.letters import aligned_letters


def drawn(declared: str, listed: str) -> tuple[str, str]:
    letters = aligned_letters(declared, listed)
    return "".join(each.declared or "·" for each in letters), "".join(each.listed or "·" for each in letters)


def test_a_missing_letter_leaves_a_gap_where_it_is_missing() -> None:
    assert drawn("BAHRLAN", "Bahrelan") == ("BAHR·LAN", "Bahrelan")
    assert drawn("HUMIFAK", "HUMIFAQ") == ("HUMIFAK", "HUMIFAQ")
    assert [each.agrees for each in aligned_letters("HUMIFAK", "HUMIFAQ")] == [True] * 6 + [False]


@given(st.text(max_size=20), st.text(max_size=20))
def test_read_down_either_side_the_letters_are_the_words(declared: str, listed: str) -> None:
    letters = aligned_letters(declared, listed)
    assert "".join(each.declared or "" for each in letters) == declared
    assert "".join(each.listed or "" for each in letters) == listed
