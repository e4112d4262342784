"""Names in the form in which they are compared: one tuple of words in Latin letters, without what names no one.

The order of the words is kept, but comparing does not depend on it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pratique.flow.screening.compounds import is_first_part, joined_compounds
from pratique.flow.screening.hashing import MAX_TOKEN
from pratique.flow.screening.rarity import is_known_name
from pratique.flow.screening.runs import run_of
from pratique.flow.screening.scripts import in_compared_letters
from pratique.flow.screening.words import (
    address_words,
    corrected,
    first_words_of_no_names,
    generic_words,
    legal_forms,
    legal_phrases,
    no_names,
    particles,
    titles,
    trade_words,
    unabbreviated,
)
from pratique.vocabulary.errors import PratiqueError
from pratique.vocabulary.listings import FOLLOW_THE_MONEY_KINDS

MAX_CHARACTERS: Final = 250
"""What stands beyond is not compared; the reasons of a hit say so. The longest name on the public lists has 222."""

MAX_TOKENS: Final = 24
_CACHED: Final = 1 << 16

SHORTEST_ACRONYM: Final = 4

_HAVE_ACRONYMS: Final = frozenset({"organisation", "party"})
_HAVE_INITIALS: Final = frozenset({"person"})
"""Single letters in them stand for names each; elsewhere for one word together."""

_HAVE_ADDRESSES: Final = frozenset({"person", "organisation", "party"})
"""Behind them an address may stand in the same field."""

_HAVE_RUNS: Final = frozenset({"person", "organisation", "party", "vessel"})

FIELD_LENGTHS: Final = frozenset({34, 35, 69, 70})
"""Names of this length may have been cut at a 35 or 70 character field (UN/EDIFACT C080, IATA); 34 where the cut
fell behind a blank."""

_INITIALS_TOGETHER: Final = re.compile(r"(?<!\w)[^\W\d_](?:\.\s*|\s+)[^\W\d_](?!\w)")
"""Two letters that stand alone, side by side."""

_BETWEEN_WORDS: Final = {
    **{code: " " for code in range(128) if not chr(code).isalnum()},
    ord("'"): None,
    ord("`"): None,
    ord("&"): " AND ",
}
"""What of the compared letters stands between words, or makes none."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name to be compared.

    ``cut``: the last word may be the beginning of a longer one; ``capped``: too long; ``acronyms``: what an
    organisation may be called by its first letters; ``run``: the whole with its blanks, nothing dropped or folded;
    ``address``: words behind the name that were taken for an address and are not compared.
    """

    tokens: tuple[str, ...]
    cut: bool = False
    capped: bool = False
    acronyms: tuple[str, ...] = ()
    run: str = ""
    address: str = ""

    @property
    def runs(self) -> tuple[str, ...]:
        """The name with its blanks: whole, and as its words are compared."""
        if not self.run:
            return ()
        plain = run_of(self.tokens)
        return (self.run, plain) if plain and plain != self.run else (self.run,)


def kind_of(text: str | None) -> str:
    """The kind that a kind or a FollowTheMoney schema name means; ``party`` where nothing is said.

    Raises :class:`PratiqueError` (``screening.kind_unknown``) for a word that is neither.
    """
    if not text:
        return "party"
    kind = FOLLOW_THE_MONEY_KINDS.get(text, text.lower())
    if kind not in _STEPS:
        raise PratiqueError(
            "screening.kind_unknown",
            f"{text[:40]!r} is no kind of name.",
            todo=f"Kinds are {', '.join(_STEPS)} and the names of FollowTheMoney schemata.",
        )
    return kind


def normalise(name: str, kind: str, *, without_address: bool = False) -> Name:
    """The words of ``name`` as they are compared; no words where it names no one (TO ORDER, punctuation only).

    ``without_address``: of a name with an address behind it only what stands before that.
    """
    told = name[: 4 * MAX_CHARACTERS].strip()
    cut = len(told) in FIELD_LENGTHS
    text = in_compared_letters(told)
    capped = len(name) > 4 * MAX_CHARACTERS or len(text) > MAX_CHARACTERS
    in_words = _words if kind in _HAVE_INITIALS else _words_joined
    words = in_words(text[:MAX_CHARACTERS])
    capped = capped or len(words) > MAX_TOKENS
    words = _without_no_name(words[:MAX_TOKENS])
    address: list[str] = []
    if without_address and (end := _end_of_name(words)) < len(words):
        words, address, cut = words[:end], words[end:], False
    spoken = _turned(text, words, in_words) if kind in _HAVE_RUNS else words
    run = run_of(spoken) if kind in _HAVE_RUNS else ""
    if words and is_first_part(words[-1]):  # RASHID BALUCH, Abdul
        words = spoken
    for step in _STEPS[kind]:
        words = step(words)
    tokens = tuple(words if max(map(len, words), default=0) <= MAX_TOKEN else [word[:MAX_TOKEN] for word in words])
    return Name(
        tokens,
        cut,
        capped,
        acronyms_of(tokens) if kind in _HAVE_ACRONYMS else (),
        run if tokens else "",
        " ".join(address),
    )


def readings(name: str, kind: str) -> tuple[tuple[str, Name], ...]:
    """What a declared name may be, as kind and name: what its kind says, and what else it may be read as.

    ``J A RUEDA`` of a party is the word ``JA`` where companies are compared, as in ``S A``, and two initials where
    persons are. What bears the mark of a company (a legal form, TRADING) is read as a company alone. A name with an
    address behind it is read whole and without that, so that nobody can hide a name in an address.
    """
    own = (kind, normalise(name, kind))
    if not own[1].tokens:
        return (own,)
    told = [own]
    if kind in _HAVE_ADDRESSES and any(map(str.isdigit, name)):
        bare = normalise(name, kind, without_address=True)
        told += [(kind, bare)] if bare.address and bare.tokens else []
    if kind == "party" and _INITIALS_TOGETHER.search(name):
        told += _as_person(name)
    return tuple(told)


def _as_person(name: str) -> list[tuple[str, Name]]:
    """The party as a person with initials, unless it bears the mark of a company or is of initials alone."""
    words = _words_joined(in_compared_letters(name[: 4 * MAX_CHARACTERS])[:MAX_CHARACTERS])
    marks = legal_forms("any") | legal_forms("end") | generic_words()
    person = normalise(name, "person")
    if not marks.isdisjoint(words) or all(len(word) == 1 for word in person.tokens):
        return []
    return [("person", person)]


def _turned(text: str, words: list[str], in_words: Callable[[str], list[str]]) -> list[str]:
    """The words of ``SURNAME, Given`` in the order in which they are spoken; other names as they are."""
    before, _, behind = text.partition(",")
    if not behind.strip():
        return words
    count = len(in_words(before))
    return [*words[count:], *words[:count]] if count < len(words) else words


def acronyms_of(words: Sequence[str]) -> tuple[str, ...]:
    """The first letters of the words, with the small words among them and without, where that makes a word."""
    letters = "".join(word[0] for word in words)
    large = "".join(word[0] for word in words if word not in particles())
    found = dict.fromkeys(acronym for acronym in (letters, large) if len(acronym) >= SHORTEST_ACRONYM)
    return tuple(acronym for acronym in found if acronym.isalpha() and acronym.isupper())


def _words(text: str) -> list[str]:
    """Words of letters and digits."""
    return text.translate(_BETWEEN_WORDS).split()


def _words_joined(text: str) -> list[str]:
    """The same where neighbouring single letters become one word (``S.A.`` and ``S A`` are ``SA``)."""
    found = _words(text)
    if all(len(word) > 1 for word in found):
        return found
    joined: list[str] = []
    letters = ""
    for word in (*found, ""):
        if len(word) == 1 and word.isalpha():
            letters += word
            continue
        if letters:
            joined.append(letters)
            letters = ""
        if word:
            joined.append(word)
    return joined


def _without_no_name(words: list[str]) -> list[str]:
    """What remains of the field when phrases that name no one are taken away."""
    while words and words[0] in first_words_of_no_names():
        if tuple(words) in no_names("whole"):
            return []
        longest = max(
            (len(phrase) for phrase in no_names("before") if tuple(words[: len(phrase)]) == phrase), default=0
        )
        if longest == 0:
            return words
        words = words[longest:]
    return words


def _end_of_name(words: list[str]) -> int:
    """Where an address begins that stands behind the name in the same field (``X LTD NO 12 RUE DU PORT``), or the end.

    It begins with a word of addresses, behind a legal form also with a number, and holds a number.
    """
    openers, forms = address_words(), legal_forms("any") | legal_forms("end")
    last_number = next((at for at in range(len(words) - 1, 0, -1) if words[at][0].isdigit()), 0)
    for at in range(1, last_number + 1):
        behind_form = words[at - 1] in forms
        is_opener = words[at] in openers and (at > 1 or behind_form)
        is_number = words[at][0].isdigit() or (words[at] == "NO" and words[at + 1][0].isdigit())
        if is_opener or (behind_form and is_number and at + 3 <= len(words)):
            return at
    return len(words)


def _fold_trade_words(words: list[str]) -> list[str]:
    folded = trade_words()
    return words if folded.keys().isdisjoint(words) else [folded.get(word, word) for word in words]


def _unabbreviated(words: list[str]) -> list[str]:
    """Company words in full: PETROCHEM, DVLPMT; without a slip (TRADNG) where another word tells the firm."""
    full = list(map(_in_full, words))
    right = list(map(_without_slip, full))
    return right if right != full and not _says_little(right) else full


@lru_cache(_CACHED)
def _in_full(word: str) -> str:
    return word if is_known_name(word) else unabbreviated(word)


@lru_cache(_CACHED)
def _without_slip(word: str) -> str:
    return word if is_known_name(word) else corrected(word)


def _says_little(words: list[str]) -> bool:
    """Whether every word is one of many companies, or a legal form."""
    return all(word in generic_words() or word in legal_forms("any") or word in legal_forms("end") for word in words)


def _drop_legal_phrases(words: list[str]) -> list[str]:
    """The words without legal forms of several words; a name of nothing else stays as it is."""
    phrases = legal_phrases()
    if phrases.keys().isdisjoint(words):
        return words
    kept: list[str] = []
    at = 0
    while at < len(words):
        fitting = (phrase for phrase in phrases.get(words[at], ()) if tuple(words[at : at + len(phrase)]) == phrase)
        longest = max(map(len, fitting), default=0)
        if not longest:
            kept.append(words[at])
        at += longest or 1
    return kept or words


def _drop_legal_forms(words: list[str]) -> list[str]:
    """The words without legal forms; a name of legal forms alone stays as it is."""
    anywhere, at_ends = legal_forms("any"), legal_forms("end")
    kept = words if anywhere.isdisjoint(words) else [word for word in words if word not in anywhere]
    first, last = 0, len(kept)
    while last - first > 1 and kept[last - 1] in at_ends:
        last -= 1
    while last - first > 1 and kept[first] in at_ends:
        first += 1
    return kept[first:last] or words


def _drop_titles(words: list[str]) -> list[str]:
    return _drop_leading(words, titles("person"))


def _drop_vessel_prefix(words: list[str]) -> list[str]:
    return _drop_leading(words, titles("vessel"))


def _drop_leading(words: list[str], droppable: frozenset[str]) -> list[str]:
    first = 0
    while first < len(words) - 1 and words[first] in droppable:
        first += 1
    return list(words[first:]) if first else words


_ORGANISATION: Final = (_drop_legal_phrases, _fold_trade_words, _unabbreviated, _drop_legal_forms, joined_compounds)
_STEPS: Final[Mapping[str, Sequence[Callable[[list[str]], list[str]]]]] = {
    "person": (_drop_titles, joined_compounds),
    "organisation": _ORGANISATION,
    "party": (_drop_titles, *_ORGANISATION),
    "vessel": (_drop_vessel_prefix,),
    "address": (),
    "document": (),
    "equipment": (),
    "other": (),
}
