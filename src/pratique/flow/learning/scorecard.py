"""A score card: what analysts expect of each known way before anything was found, set right by the finds there are.

Each known way that shows, and each rate of finds above the usual, raises the odds of a find. Ways that tell of the same
kind of wrongdoing bear each other out: their odds multiply. What different kinds raise the odds by is added up, since a
declaration is hardly ever false in two. Rates of finds multiply all. How much is expected beforehand and moved by past
results, the further the more there are, and never below nought. Expected of a way is what Bayes' rule gives where a
fifth of all wrongdoing shows it (own judgement, the same for all ways): the seldomer declarations show it, whether
controlled or not, the more. That needs no find. So a way of which three cases were ever found counts at once, where
trees need some dozen; what the card cannot say, trees learn on top of it (:mod:`~pratique.flow.learning.trees`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from pratique.flow.learning.look import USUAL_RATE
from pratique.flow.learning.packed import Unsound
from pratique.flow.learning.typologies import COMMON, KINDS

Floats = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]

SHOWN_BY: Final = 0.2  # of all wrongdoing, by each way
LEAST_EXPECTED, MOST_EXPECTED = 0.5, 5.0
EXPECTED: Final = {"plain": 1.0, "above": 0.5}
"""Of a way that shows in all its traces, beside what it says anyway, and of a rate of finds: odds rise as its root.

One find raises several of the rates (importer, address, director), so that each can only count for a part.
"""
DOUBT: Final = 0.8  # how far those are off, as a standard deviation
MOST_WEIGHT: Final = 50.0
MOST_SUM: Final = 100.0  # of one kind, as a logarithm of odds
PLAIN_FROM: Final = 0.8
WAYS: Final = "typology."
RATES: Final = (
    "importer.rate", "network.rate", "exporter.rate", "importer_exporter.rate", "address.rate", "director.rate",
    "phone.rate",
)  # fmt: skip


def _shows(values: Floats) -> Floats:
    """How strongly a way shows; a faint trace, of which there are many, counts for little."""
    return np.nan_to_num(values) ** 2


def _plain(values: Floats) -> Floats:
    """Whether it shows in nearly all its traces at once."""
    told: Floats = np.clip((np.nan_to_num(values) - PLAIN_FROM) / (1 - PLAIN_FROM), 0, 1)
    return told


def _above(values: Floats) -> Floats:
    """How far a rate of finds lies above the usual, as the logarithm of its ratio; one below says nothing."""
    return np.log(np.clip(np.nan_to_num(values), USUAL_RATE, 1.0) / USUAL_RATE)


_KINDS: Final[Mapping[str, Callable[[Floats], Floats]]] = {"shows": _shows, "plain": _plain, "above": _above}


OF_ALL: Final = ""
_KIND_OF: Final = {f"{WAYS}{way}": kind for kind, ways in KINDS.items() for way in ways}


class Term(NamedTuple):
    """What one feature (its place) adds: how it is read, how much it weighs, and what it usually adds by that weight.

    ``about`` is the kind of wrongdoing it tells of, or ``OF_ALL`` where it raises the odds of all.
    """

    place: int
    kind: str
    weight: float
    usual: float
    about: str = OF_ALL


@dataclass(frozen=True)
class ScoreCard:
    """The terms, and the sum of a row of which none says anything."""

    start: float
    terms: tuple[Term, ...]

    @property
    def line(self) -> str:
        """The card as one line of JSON."""
        return json.dumps({"start": self.start, "terms": [list(term) for term in self.terms]})

    @property
    def asked(self) -> frozenset[int]:
        """The places of the features it asks for."""
        return frozenset(term.place for term in self.terms)

    def margin(self, matrix: Matrix) -> Floats:
        """The sum of each row."""
        told = np.full(len(matrix), self.start)
        for added in self._added(matrix):
            told += added
        return told

    def contributions(self, matrix: Matrix) -> Floats:
        """What each feature adds to the usual sum, and last that sum, as trees tell it."""
        told = np.zeros((len(matrix), matrix.shape[1] + 1))
        told[:, -1] = self.start + sum(term.weight * term.usual for term in self.terms)
        for term, added in zip(self.terms, self._added(matrix), strict=True):
            told[:, term.place] += added - term.weight * term.usual
        return told

    def _added(self, matrix: Matrix) -> list[Floats]:
        """What each term adds to the sum of each row; what kinds add together is told by how far each raises odds."""
        each = [term.weight * values for term, values in zip(self.terms, self._values(matrix), strict=True)]
        kinds = {term.about for term in self.terms} - {OF_ALL}
        whole = {kind: sum(_of_kind(self.terms, each, kind), np.zeros(len(matrix))) for kind in sorted(kinds)}
        raised = {kind: np.expm1(np.minimum(told, MOST_SUM)) for kind, told in whole.items()}
        of_all = sum(raised.values(), np.zeros(len(matrix)))
        part = _share(np.log1p(of_all), of_all)
        scale = {kind: part * _share(raised[kind], whole[kind]) for kind in whole}
        return [
            added if term.about == OF_ALL else added * scale[term.about]
            for term, added in zip(self.terms, each, strict=True)
        ]

    def _values(self, matrix: Matrix) -> list[Floats]:
        return [_KINDS[term.kind](matrix[:, term.place].astype(np.float64)) for term in self.terms]


def _of_kind(terms: Sequence[Term], each: Sequence[Floats], kind: str) -> list[Floats]:
    return [added for term, added in zip(terms, each, strict=True) if term.about == kind]


def _share(part: Floats, whole: Floats) -> Floats:
    """One through the other, nought where both are."""
    return np.divide(part, whole, out=np.zeros(len(whole)), where=whole > 0)


def fit_card(names: Sequence[str], matrix: Matrix, found: Floats, weight: Floats, everyday: Matrix) -> ScoreCard:
    """The card that is likeliest after these results (penalised logistic regression, by L-BFGS).

    ``everyday``: the same features of declarations as they come, controlled or not, by which ways are seldom or usual.
    """
    from scipy.optimize import minimize

    asked = _asked(names)
    rate = float(np.clip(np.average(found, weights=weight), 1e-4, 1 - 1e-4))
    usual_sum = float(np.log(rate / (1 - rate)))
    if not asked:
        return ScoreCard(usual_sum, ())
    values = np.stack([_KINDS[kind](matrix[:, place].astype(np.float64)) for place, kind in asked], axis=1)
    expected = np.array([_expected(kind, everyday[:, place]) for place, kind in asked])
    begin = np.append(expected, usual_sum - 1)
    about = [_KIND_OF.get(names[place], OF_ALL) for place, _ in asked]
    kinds = sorted(set(about) - {OF_ALL})
    member = np.array([[float(one == kind) for kind in kinds] for one in about]).reshape(len(about), len(kinds))
    of_all = np.array([one == OF_ALL for one in about])

    def loss(told: Floats) -> tuple[float, Floats]:
        odds = np.exp(np.minimum(values @ (told[:-1, None] * member), MOST_SUM))
        raised = 1 + (odds - 1).sum(axis=1)
        margin = values[:, of_all] @ told[:-1][of_all] + np.log(raised) + told[-1]
        off = (told[:-1] - expected) / DOUBT
        wrong = weight * (0.5 * (1 + np.tanh(margin / 2)) - found)
        amount = float((weight * (np.logaddexp(0, margin) - found * margin)).sum() + 0.5 * (off**2).sum())
        moved = np.where(of_all, 1.0, (odds / raised[:, None]) @ member.T)
        return amount, np.append((values * moved).T @ wrong + off / DOUBT, wrong.sum())

    bounds = [(0.0, MOST_WEIGHT)] * len(asked) + [(-MOST_WEIGHT, MOST_WEIGHT)]
    best = minimize(loss, begin, jac=True, method="L-BFGS-B", bounds=bounds).x
    terms = tuple(
        Term(place, kind, round(much, 6), 0.0, one)
        for (place, kind), much, one in zip(asked, best[:-1].tolist(), about, strict=True)
    )
    return _usual(ScoreCard(float(best[-1]), terms), matrix, weight)


def _usual(card: ScoreCard, matrix: Matrix, weight: Floats) -> ScoreCard:
    """The card with what each of its terms usually adds."""
    added = [float(np.average(told, weights=weight)) for told in card._added(matrix)]  # noqa: SLF001
    terms = (
        term._replace(usual=round(mean / term.weight, 6) if term.weight else 0.0)
        for term, mean in zip(card.terms, added, strict=True)
    )
    return ScoreCard(card.start, tuple(terms))


def _expected(kind: str, everyday: Matrix) -> float:
    """What is expected of a term: of a way, how much seldomer all declarations show it than those that are false."""
    if kind != "shows":
        return EXPECTED[kind]
    usual = float(_shows(everyday.astype(np.float64)).mean()) if len(everyday) else 0.0
    return float(np.clip(np.log(SHOWN_BY / max(usual, 1e-9)), LEAST_EXPECTED, MOST_EXPECTED))


def card_of_line(line: str, features: int) -> ScoreCard:
    """The card of a line, for that many features. Raises ``Unsound`` where it is none."""
    try:
        told = json.loads(line)
        card = ScoreCard(float(told["start"]), tuple(Term(*term) for term in told["terms"]))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Unsound("score card") from error
    if not abs(card.start) <= MOST_WEIGHT or not all(_is_sound(term, features) for term in card.terms):
        raise Unsound("score card")
    return card


def _is_sound(term: Term, features: int) -> bool:
    if type(term.place) is not int or not 0 <= term.place < features or term.kind not in tuple(_KINDS):
        return False
    if term.about not in (OF_ALL, *KINDS):
        return False
    figures = (term.weight, term.usual)
    return all(isinstance(each, int | float) and 0 <= each <= MOST_WEIGHT for each in figures)


def _asked(names: Sequence[str]) -> list[tuple[int, str]]:
    told = []
    for place, name in enumerate(names):
        if name.startswith(WAYS) and name.removeprefix(WAYS) not in COMMON:
            told += [(place, "shows"), (place, "plain")]
        elif name in RATES:
            told.append((place, "above"))
    return told
