"""How probable it is that somebody is an offender now: an exact filter over the weeks, one for each mechanism.

An actor (importer, ring, exporter's new name, lane) is inactive, active with one of a few propensities, or was active
and has stopped being so. Every declaration speaks for or against it through the likelihood of its declared fields; a
result of a control speaks with the error rates of officers, from the day on which it is known. Actors are filtered
one by one and mechanism by mechanism; a week's own declarations do not yet count for one another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from pratique_world.years.control import FALSELY_FOUND, MISSED, OTHER_KIND
from pratique_world.years.goods import Flags, Floats, Ints
from pratique_world.years.offenders import ACTIVE_DAYS, ACTIVE_SIGMA, Law

WEEK: Final = 7
LEVELS: Final = 5  # propensities that are told apart
NO_LABEL, NOT_FOUND, THIS_KIND, OTHER_KIND_FOUND = -1, 0, 1, 2


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks about the actors of one mechanism, one place a declaration in order of days.

    ``ratio`` is the likelihood of the declared fields under the mechanism over that under honesty, among all rows;
    ``eligible`` whether an honest row like this could be touched. ``label`` is one of the numbers above;
    ``known`` is the day from which it is known.
    """

    actor: Ints
    day: Ints
    ratio: Floats
    eligible: Flags
    label: Ints
    known: Ints


@dataclass(frozen=True, slots=True)
class Prior:
    """The law of a mechanism in a world: who offends, how often, from how many, and when."""

    law: Law
    active: float  # the share of actors that are active at a time of full intensity
    single: float  # the chance of a single act, for an eligible row at full intensity
    eligible: float  # the share of rows that are eligible
    intensity: Floats  # by day, at most 1


def chances(evidence: Evidence, prior: Prior) -> Floats:
    """For each declaration the chance that it is touched by the mechanism, by its actor's past alone.

    Uses declarations of earlier weeks, and labels known before the declaration's week.
    """
    propensity = _propensities(prior.law)
    weeks = int(evidence.day.max()) // WEEK + 1
    stay = np.exp(-WEEK / (ACTIVE_DAYS * np.exp(ACTIVE_SIGMA**2 / 2)))
    enter = prior.active * (1 - stay) / max(1e-9, 1 - prior.active)
    count = int(evidence.actor.max()) + 1
    state = np.full((count, LEVELS + 1), prior.active / LEVELS)
    state[:, 0] = 1 - prior.active
    found = np.zeros(len(evidence.day))
    labelled = np.flatnonzero(evidence.label >= 0)
    labelled = labelled[np.argsort(evidence.known[labelled], kind="stable")]
    arrives = np.searchsorted(evidence.known[labelled] // WEEK, np.arange(weeks + 1))
    begins = np.searchsorted(evidence.day // WEEK, np.arange(weeks + 1))
    for week in range(weeks):
        rows = np.arange(begins[week], begins[week + 1])
        level = prior.intensity[evidence.day[rows]]
        found[rows] = np.minimum(1.0, state[evidence.actor[rows], 1:] @ propensity + prior.single) * level
        news = labelled[arrives[week] : arrives[week + 1]]
        _learn(state, evidence, rows, _declared(evidence, prior, rows, propensity))
        _learn(state, evidence, news, _labelled(evidence, prior, news, propensity))
        left = state[:, 1:].sum(axis=1) * (1 - stay)
        entered = state[:, 0] * enter
        state[:, 1:] = state[:, 1:] * stay + (entered / LEVELS)[:, None]
        state[:, 0] += left - entered
    return found


def _propensities(law: Law) -> Floats:
    """The middle propensities of as many equally probable parts of the law."""
    drawn = np.sort(np.random.default_rng(0).beta(law.alpha, law.beta, 20_000))
    return np.asarray(drawn.reshape(LEVELS, -1).mean(axis=1), dtype=np.float64)


def _declared(evidence: Evidence, prior: Prior, rows: Ints, propensity: Floats) -> Floats:
    """Log likelihood of the rows' declared fields for an active actor, over that for an inactive one."""
    eligible, ratio = evidence.eligible[rows][:, None], prior.eligible * evidence.ratio[rows][:, None]
    level = prior.intensity[evidence.day[rows]][:, None]
    active, inactive = np.minimum(1.0, level * (propensity + prior.single)), level * prior.single
    told = (1 - active * eligible + active * ratio) / (1 - inactive * eligible + inactive * ratio)
    return np.asarray(np.log(np.maximum(told, 1e-12)), dtype=np.float64)


def _labelled(evidence: Evidence, prior: Prior, rows: Ints, propensity: Floats) -> Floats:
    """What the results of controls add to that, given the declared fields."""
    kind = evidence.label[rows]
    if_false = np.choose(kind, [MISSED, (1 - MISSED) * (1 - OTHER_KIND), (1 - MISSED) * OTHER_KIND])[:, None]
    if_honest = np.choose(kind, [1 - FALSELY_FOUND, FALSELY_FOUND / 8, FALSELY_FOUND])[:, None]
    eligible, ratio = evidence.eligible[rows][:, None], prior.eligible * evidence.ratio[rows][:, None]
    level = prior.intensity[evidence.day[rows]][:, None]
    told = []
    for chance in (np.minimum(1.0, level * (propensity + prior.single)), level * prior.single):
        honest = np.maximum(1 - chance * eligible, 1e-12)
        told.append((honest * if_honest + chance * ratio * if_false) / (honest + chance * ratio))
    elsewhere = (kind == OTHER_KIND_FOUND)[:, None]  # false by another mechanism: says nothing of this one
    return np.asarray(np.where(elsewhere, 0.0, np.log(told[0] / told[1])), dtype=np.float64)


def _learn(state: Floats, evidence: Evidence, rows: Ints, gain: Floats) -> None:
    """Weigh the states of the rows' actors by what the rows say; in place."""
    if not len(rows):
        return
    actors, place = np.unique(evidence.actor[rows], return_inverse=True)
    whole = np.stack([np.bincount(place, column, len(actors)) for column in gain.T], axis=1)
    weight = state[actors] * np.exp(np.concatenate([np.zeros((len(actors), 1)), np.clip(whole, -50, 50)], axis=1))
    state[actors] = weight / weight.sum(axis=1, keepdims=True)
