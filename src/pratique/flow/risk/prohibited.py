"""What must never decide: a person's race or ethnic origin, religion or belief, political opinion, trade-union
membership, health, sex life or orientation. No such field exists, and a rule that names one is refused by name, also
in other letters, with letters apart, in the plural or with digits for letters.

Words can be avoided by those who want to (half a word, another language): this check is a reminder at the right moment,
the second person who activates a profile is the safeguard. Source: Directive (EU) 2016/681 Art. 6(4); CJEU C-817/19.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

import yaml
from anyascii import anyascii

from pratique.flow.risk.fields import scopes
from pratique.flow.risk.language.errors import RuleError
from pratique.flow.risk.language.syntax import Program
from pratique.flow.risk.language.tokens import Kind, Token, tokens

COUNTRY_FIELDS: Final = frozenset(
    {"consignor_country", "consignee_country", "notify_country", "parties.country", "parties.role_code"}
)
# letters of other scripts that are Latin ones to the eye
LOOK_ALIKE: Final = str.maketrans("аеорсухіѕјԁһкмтвοαειкνρτυ", "aeopcyxisjdhkmtboaeikvptu")
DIGITS_AS_LETTERS: Final = (str.maketrans("0134578@$", "oieastbas"), str.maketrans("01", "ol"))


@dataclass(frozen=True, slots=True)
class Prohibited:
    """The words of one attribute: ``names`` stand alone, ``anywhere`` also inside a text."""

    attribute: str
    names: frozenset[str]
    anywhere: frozenset[str]


def refuse_prohibited(text: str) -> None:
    """Raises :class:`RuleError` at the first name or literal of a rule that denotes a prohibited attribute."""
    known = {name for fields in scopes().values() for name in fields}
    for token in tokens(text):
        if token.kind is Kind.NAME and token.text not in known:
            attribute = attribute_of(token.text, alone=True)
        elif token.kind is Kind.STRING:
            attribute = attribute_of(str(token.value), alone=False)
        else:
            continue
        if attribute is not None:
            raise _refusal(token, attribute)


@lru_cache(10_000)  # rules repeat their words
def attribute_of(text: str, *, alone: bool) -> str | None:
    """The attribute that ``text`` denotes, if any; ``alone``: it is a name, whose parts count by themselves."""
    return next((found for words in _readings(text) if (found := _attribute(words, alone=alone)) is not None), None)


def _attribute(words: str, *, alone: bool) -> str | None:
    for one in prohibited():
        if words in one.names or any(f" {phrase} " in f" {words} " for phrase in one.anywhere):
            return one.attribute
        if alone and not one.names.isdisjoint(words.split(" ")):
            return one.attribute
    return None


def _readings(text: str) -> Iterator[str]:
    """The text as it can be read: by its letters, by what they look like, in the singular, with letters together."""
    lower = text.lower()
    looks = [lower, lower.translate(LOOK_ALIKE), *(lower.translate(digits) for digits in DIGITS_AS_LETTERS)]
    for words in dict.fromkeys(map(_plain, looks)):
        yield words
        yield " ".join(word.removesuffix("s") for word in words.split(" "))
        if " " in words:
            yield words.replace(" ", "")


def country_alone(program: Program) -> bool:
    """The rule looks at nothing but the countries of parties, which no one should be controlled for by itself."""
    named = {field.qualified for field in program.fields}
    return bool(named) and named <= COUNTRY_FIELDS


@cache
def prohibited() -> tuple[Prohibited, ...]:
    """The shipped table of words, in small letters without accents."""
    text = (files("pratique") / "data" / "risk" / "prohibited_attributes.yaml").read_text("utf-8")
    table: Mapping[str, Mapping[str, Iterable[str]]] = yaml.safe_load(text)
    return tuple(
        Prohibited(attribute, frozenset(map(_plain, words["name"])), frozenset(map(_plain, words["anywhere"])))
        for attribute, words in table.items()
    )


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", anyascii(text).lower()).strip()


def _refusal(token: Token, attribute: str) -> RuleError:
    return RuleError("rules.prohibited_attribute", token.line, token.column, found=token.text[:60], attribute=attribute)
