"""Who may act where, and what officers rely on in plain words: two catalogues as data, each value with its article.

Where no rule names authority, act and place, the answer is that none permits it: silence of a table is no power.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

_FOLDER: Final = "agreements/reference/"


class Answer(StrEnum):
    """What a rule answers."""

    MAY = "may"
    ON_CONDITIONS = "on_conditions"
    WITH_CONSENT = "with_consent"
    MAY_NOT = "may_not"
    NO_RULE = "no_rule"


@dataclass(frozen=True, slots=True)
class Rule:
    """Which authorities may do which acts in which places, by which article."""

    id: str
    authorities: tuple[str, ...]
    acts: tuple[str, ...]
    places: tuple[str, ...]
    answer: Answer
    article: str
    says: str
    verified: bool

    def names(self, authority: str, act: str, place: str) -> bool:
        """Whether the rule is about this."""
        return authority in self.authorities and act in self.acts and place in self.places


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """Something that officers rely on: what it lets one do, and where it ends."""

    id: str
    title: str
    article: str
    jurisdiction: str
    says: str
    limits: str
    verified: bool
    since: date | None = None


NOTHING: Final = Rule("", (), (), (), Answer.NO_RULE, "", "", False)


def competence(authority: str, act: str, place: str) -> Rule:
    """The first rule about this; :data:`NOTHING` where there is none."""
    return next((each for each in competence_rules() if each.names(authority, act, place)), NOTHING)


@cache
def competence_rules() -> tuple[Rule, ...]:
    """Every rule, in the order in which they are asked."""
    return tuple(
        Rule(
            id=each["id"],
            authorities=tuple(each["authorities"]),
            acts=tuple(each["acts"]),
            places=tuple(each["places"]),
            answer=Answer(each["answer"]),
            article=each["article"],
            says=each["says"],
            verified=each["verified"],
        )
        for each in _read("competence.yaml")["rules"]
    )


@cache
def legal_bases() -> tuple[LegalBasis, ...]:
    """The catalogue, ordered by id."""
    return tuple(sorted((LegalBasis(**each) for each in _read("legal_bases.yaml")["bases"]), key=lambda each: each.id))


def known(part: str) -> tuple[str, ...]:
    """Every authority, act or place that some rule names (``authorities``, ``acts``, ``places``), in order."""
    return tuple(sorted({word for each in competence_rules() for word in getattr(each, part)}))


def _read(name: str) -> Mapping[str, Any]:
    """A file of the package: trusted, and tried by the tests."""
    text = files("pratique.data").joinpath(_FOLDER + name).read_text(encoding="utf-8")
    found: Mapping[str, Any] = yaml.safe_load(text)
    return found
