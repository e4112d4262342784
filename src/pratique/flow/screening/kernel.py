"""The inner loop of screening, compiled: which listed names reach the threshold of which declared names.

Everything here works on numbers in arrays; the formula and its constants are those of
:mod:`~pratique.flow.screening.match`, which explains what is found and has the last word. Where a declared word may
answer to several listed ones read together, or the other way round, this loop does not align but asks whether the pair
can reach the threshold at best.

With T the plain score that a name needs, s the best similarity a declared word finds on the list and w its weight, the
formula gives for every hit, summed over the declared words that are matched::

    sum(10 * w * max(0, s - T) + ABSENT * T * w)  >=  ABSENT * T * sum(w of all declared words)

The summand is the word's *gain*. A word that only an initial answers to gains no more than a word of
``INITIAL_WEIGHT``. So a set of words without which the others cannot gain enough holds at least one matched word of
every hit: a cheap such set is looked up, and every listed name found there is compared.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pratique.flow.screening.compiled import compiled
from pratique.flow.screening.hashing import Ints
from pratique.flow.screening.match import (
    ABSENT,
    CONTRADICTED,
    JOINED,
    MAX_INITIALS,
    NUMBERS_DIFFER,
    SCARCE,
)
from pratique.flow.screening.normalise import MAX_TOKENS
from pratique.flow.screening.similarity import INITIAL
from pratique.flow.screening.weights import INITIAL_WEIGHT, LEAST_INFORMATION
from pratique.flow.screening.word_facts import FIRST, FORM, INFORMATION, LETTER, NUMBER, TEXT, WEIGHT

Flags = npt.NDArray[np.bool_]
Small = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]

BEYOND = 1001
"""What no plain score reaches."""

ANY_WEIGHT = 1 << 20
"""More than any name weighs: where it is not known how much of the listed name a word may answer to."""


class Listed(NamedTuple):
    """The list: names by the words they hold and words by the names; ``*_start`` say where the rows of each begin."""

    posting_start: Ints
    postings: Small
    name_start: Ints
    name_words: Small
    name_weights: Small
    name_kinds: Bytes
    word_facts: Ints


class Asked(NamedTuple):
    """The declared names: places of words name by name, and what each distinct word may answer to."""

    first: Ints  # first place of each name
    count: Ints  # places of each name
    kinds: Bytes  # bits of the kinds that a name is compared with
    thresholds: Ints  # the lowest score that is a hit of any of these kinds, in thousandths
    allowed: Ints  # by how much a name may stay below the line of a kind
    absent_listed: Ints
    word: Ints  # of a place: the number of the distinct declared word
    facts: Ints  # of a place
    near_start: Ints  # of a distinct declared word, in the two that follow
    near_word: Ints
    near_similarity: Ints
    half_start: Ints  # of a place: listed words that answer to it together with other words of its name
    half_word: Ints
    whole_start: Ints  # of a distinct declared word: listed names in which it stands as several words
    whole_name: Ints
    lines: Ints  # for the bits of each set of kinds the lowest score that is a hit


class Scratch(NamedTuple):
    """Room to work in. What is marked carries the number of the declared name (from 1) that marked it."""

    marks: Ints  # of a listed word: mark << 32 | first entry of its chain
    chain: Ints  # similarity << 40 | place << 32 | next entry + 1; similarity 0: with other words of the name only
    seen: Small  # of a listed name
    several: Small  # of a listed name: a declared word may stand in it as several
    candidates: Ints  # listed name << 1 | whether ``several`` is marked
    keys: Ints  # pairs of words that are alike, the best first
    gain: Ints  # of the places of a name, as all that follows
    lost: Ints
    agreed_initial: Ints
    has_half: Flags
    has_whole: Flags
    order: Ints


class Enough(NamedTuple):
    """What a name must reach."""

    weight: int  # of all its words
    spare: int  # what its words may fail to gain before no hit is possible
    by_initials: bool  # initials alone may suffice, so that every listed name is looked at
    has_letter: bool  # one of its words is a single letter


def scratch(words: int, names: int, near: int) -> Scratch:
    """Room for lists of so many words and names, and declared names with at most ``near`` similar words."""
    return Scratch(
        marks=np.zeros(words, np.int64),
        chain=np.zeros(near, np.int64),
        seen=np.zeros(names, np.int32),
        several=np.zeros(names, np.int32),
        candidates=np.zeros(names, np.int64),
        keys=np.zeros(MAX_TOKENS * MAX_TOKENS, np.int64),
        gain=np.zeros(MAX_TOKENS, np.int64),
        lost=np.zeros(MAX_TOKENS, np.int64),
        agreed_initial=np.zeros(MAX_TOKENS, np.int64),
        has_half=np.zeros(MAX_TOKENS, np.bool_),
        has_whole=np.zeros(MAX_TOKENS, np.bool_),
        order=np.zeros(MAX_TOKENS, np.int64),
    )


@compiled
def pairs_in_reach(listed: Listed, asked: Asked, room: Scratch) -> Ints:
    """Pairs (declared name << 32 | listed name) that reach the threshold of their kind, or may; each once."""
    found = np.empty(1024, np.int64)
    count = 0
    for name in range(len(asked.first)):
        enough = _prepare(listed, asked, room, name)
        if enough.spare < 0:
            continue
        gathered = _everything(listed, room, name) if enough.by_initials else _gather(listed, asked, room, name, enough)
        reached = _judge(listed, asked, room, (name, gathered), enough)
        while count + reached > len(found):
            found = np.append(found, np.empty(len(found), np.int64))
        for at in range(reached):
            found[count + at] = (name << 32) | room.candidates[at] >> 1
        count += reached
    return found[:count]


@compiled
def plain_needed(threshold: int, proof: int) -> int:
    """The plain score from which a score reaches its threshold, given the most information that can agree."""
    return min(threshold * (proof + SCARCE) // max(proof, 1), BEYOND)


@compiled
def _prepare(listed: Listed, asked: Asked, room: Scratch, name: int) -> Enough:
    """Marks what the words of a name answer to, and says what the name must reach."""
    first, count, stamp = asked.first[name], asked.count[name], name + 1
    weight = proof = 0
    has_letter = False
    for place in range(first, first + count):
        fact = asked.facts[place]
        weight += fact >> WEIGHT & 255
        proof += fact >> INFORMATION & 255
        has_letter |= fact >> FORM & LETTER != 0
    plain = plain_needed(asked.thresholds[name], proof)
    gain = by_initials = chained = 0
    for at in range(count):
        chained = _mark(listed, asked, room, (at, first + at), (stamp, chained))
        best = _best(asked, room, at, first + at)
        fact = asked.facts[first + at]
        own = fact >> WEIGHT & 255
        may_be_initial = fact >> FORM & LETTER or own > INITIAL_WEIGHT
        initial = min(own, INITIAL_WEIGHT) if may_be_initial else 0
        room.agreed_initial[at] = 10 * initial * max(0, INITIAL - plain)
        from_initial = room.agreed_initial[at] + ABSENT * plain * initial
        agreed = 10 * own * max(0, best - plain) + (ABSENT * plain * own if best else 0)
        room.gain[at] = max(agreed, from_initial)
        room.lost[at] = room.gain[at] - from_initial
        gain += room.gain[at]
        by_initials += from_initial
    charged = ABSENT * plain * weight
    return Enough(weight, gain - charged, by_initials >= charged, has_letter)


@compiled
def _best(asked: Asked, room: Scratch, at: int, place: int) -> int:
    """The best that any listed word can do for a place; notes whether it may answer together with others."""
    word = asked.word[place]
    room.has_half[at] = asked.half_start[place + 1] > asked.half_start[place]
    room.has_whole[at] = asked.whole_start[word + 1] > asked.whole_start[word]
    best = JOINED if room.has_half[at] or room.has_whole[at] else 0
    for near in range(asked.near_start[word], asked.near_start[word + 1]):
        best = max(best, asked.near_similarity[near])
    return best


@compiled
def _mark(listed: Listed, asked: Asked, room: Scratch, which: tuple[int, int], so_far: tuple[int, int]) -> int:
    """Marks the listed words and names that a place answers to; gives how long the chains are by now."""
    at, place = which
    stamp, chained = so_far
    word = asked.word[place]
    begin, end = asked.near_start[word], asked.near_start[word + 1]
    half = asked.half_start[place] - end
    for near in range(begin, end + asked.half_start[place + 1] - asked.half_start[place]):
        target = asked.near_word[near] if near < end else asked.half_word[half + near]
        similarity = asked.near_similarity[near] if near < end else 0
        mark = room.marks[target]
        following = (mark & 0xFFFFFFFF) + 1 if mark >> 32 == stamp else 0
        room.chain[chained] = similarity << 40 | at << 32 | following
        room.marks[target] = stamp << 32 | chained
        chained += 1
    for whole in range(asked.whole_start[word], asked.whole_start[word + 1]):
        room.several[asked.whole_name[whole]] = stamp
    return chained


@compiled
def _gather(listed: Listed, asked: Asked, room: Scratch, name: int, enough: Enough) -> int:
    """Puts the listed names that must be compared among the candidates, each once; gives how many."""
    count, stamp = 0, name + 1
    postings, seen, several, candidates = listed.postings, room.seen, room.several, room.candidates
    for at in range(_look_up(listed, asked, room, name, enough)):
        place = asked.first[name] + room.order[at]
        word = asked.word[place]
        for whole in range(asked.whole_start[word], asked.whole_start[word + 1]):
            count = _once(seen, several, candidates, (count, asked.whole_name[whole], stamp))
        begin, end = asked.near_start[word], asked.near_start[word + 1]
        half = asked.half_start[place] - end
        for near in range(begin, end + asked.half_start[place + 1] - asked.half_start[place]):
            target = asked.near_word[near] if near < end else asked.half_word[half + near]
            for posting in range(listed.posting_start[target], listed.posting_start[target + 1]):
                count = _once(seen, several, candidates, (count, np.int64(postings[posting]), stamp))
    return count


@compiled
def _once(seen: Small, several: Small, candidates: Ints, given: tuple[int, int, int]) -> int:
    """Adds a listed name to so many candidates unless it was seen; gives how many there are."""
    count, other, stamp = given
    if seen[other] != stamp:
        seen[other] = stamp
        candidates[count] = other << 1 | (several[other] == stamp)
        count += 1
    return count


@compiled
def _everything(listed: Listed, room: Scratch, name: int) -> int:
    for other in range(len(listed.name_kinds)):
        room.candidates[other] = other << 1 | (room.several[other] == name + 1)
    return len(listed.name_kinds)


@compiled
def _look_up(listed: Listed, asked: Asked, room: Scratch, name: int, enough: Enough) -> int:
    """Puts the places to look up in order and gives how many: without any of them no hit is possible."""
    first = asked.first[name]
    dearness = np.empty(MAX_TOKENS, np.float64)
    useful = 0
    for at in range(asked.count[name]):
        if room.lost[at] == 0:
            continue
        dearness[at] = _cost(listed, asked, first + at) / room.lost[at]
        before = useful
        useful += 1
        while before > 0 and dearness[room.order[before - 1]] > dearness[at]:
            room.order[before] = room.order[before - 1]
            before -= 1
        room.order[before] = at
    lost = chosen = 0
    while chosen < useful and lost <= enough.spare:
        lost += room.lost[room.order[chosen]]
        chosen += 1
    return chosen


@compiled
def _cost(listed: Listed, asked: Asked, place: int) -> int:
    """How many listed names stand behind a place."""
    word = asked.word[place]
    cost = asked.whole_start[word + 1] - asked.whole_start[word]
    for near in range(asked.near_start[word], asked.near_start[word + 1]):
        target = asked.near_word[near]
        cost += listed.posting_start[target + 1] - listed.posting_start[target]
    for half in range(asked.half_start[place], asked.half_start[place + 1]):
        target = asked.half_word[half]
        cost += listed.posting_start[target + 1] - listed.posting_start[target]
    return cost


@compiled
def _judge(listed: Listed, asked: Asked, room: Scratch, given: tuple[int, int], enough: Enough) -> int:
    """Keeps, among so many candidates of a name, those that reach their threshold or may; gives how many.

    Arrays are taken out of their tuples first: counting references to them for each pair would cost more than the pair.
    """
    name, gathered = given
    words, starts, facts, kinds = listed.name_words, listed.name_start, listed.word_facts, listed.name_kinds
    marks, chain, keys, candidates = room.marks, room.chain, room.keys, room.candidates
    first = asked.first[name]
    places = asked.facts[first : first + asked.count[name]]
    absent, lines, allowed, stamp = asked.absent_listed[name], asked.lines, asked.allowed[name], name + 1
    kept = 0
    for candidate in range(gathered):
        other = candidates[candidate] >> 1
        if not kinds[other] & asked.kinds[name]:
            continue
        begin, end = starts[other], starts[other + 1]
        pairs, half = _alike(words[begin:end], facts, (marks, chain), (places, keys), (stamp, enough.has_letter))
        threshold = lines[kinds[other]] - allowed
        weights = enough.weight, listed.name_weights[other], absent
        if half or candidates[candidate] & 1:
            doubt = half, candidates[candidate] & 1 != 0
            hit = _may_be_hit(listed, room, (other, pairs, threshold), (places, weights), doubt)
        else:
            hit = pairs > 0 and _score(words[begin:end], facts, (keys, pairs), places, weights) >= threshold
        if hit:
            candidates[kept] = candidates[candidate]
            kept += 1
    return kept


@compiled
def _alike(
    words: Small, facts: Ints, marked: tuple[Ints, Ints], of_name: tuple[Ints, Ints], told: tuple[int, bool]
) -> tuple[int, int]:
    """The pairs of words that are alike, best first, and what the listed words are worth that answer to several.

    That worth is the sum of their weights and, 16 bits on, of their information.
    """
    marks, chain = marked
    places, keys = of_name
    stamp, has_letter = told
    pairs = half = 0
    for slot in range(len(words)):
        word, alike, is_half = words[slot], 0, 0
        fact = facts[word]
        weight = fact >> WEIGHT & 255
        if marks[word] >> 32 == stamp:
            entry = (marks[word] & 0xFFFFFFFF) + 1
            while entry:
                link = chain[entry - 1]
                entry = link & 0xFFFFFFFF
                at, similarity = link >> 32 & 255, link >> 40
                if similarity:
                    alike |= 1 << at
                    worth = min(places[at] >> WEIGHT & 255, weight)
                    pairs = _insert(keys, pairs, _key(worth, similarity, at, slot))
                else:
                    is_half = 1
        half += is_half * (weight | (fact >> INFORMATION & 255) << 16)
        form = fact >> FORM & 255
        if form & TEXT and (form & LETTER or has_letter):
            for at in range(len(places)):
                own = places[at]
                initial = (own >> FORM | form) & LETTER and own >> FORM & TEXT and own >> FIRST == fact >> FIRST
                if initial and not alike >> at & 1 and max(weight, own >> WEIGHT & 255) > INITIAL_WEIGHT:
                    worth = min(own >> WEIGHT & 255, weight, INITIAL_WEIGHT)
                    pairs = _insert(keys, pairs, _key(worth, INITIAL, at, slot) | 1)
    return pairs, half


@compiled
def _key(worth: int, similarity: int, at: int, slot: int) -> int:
    """A pair as one number that grows the earlier the pair is aligned; the last bit is set for an initial."""
    return worth * similarity << 32 | similarity << 16 | (63 - at) << 8 | (63 - slot) << 1


@compiled
def _insert(keys: Ints, pairs: int, key: int) -> int:
    """Puts a pair at its place among those found; gives their number."""
    before = pairs
    while before > 0 and keys[before - 1] < key:
        keys[before] = keys[before - 1]
        before -= 1
    keys[before] = key
    return pairs + 1


@compiled
def _score(words: Small, facts: Ints, paired: tuple[Ints, int], places: Ints, whole: tuple[int, int, int]) -> int:
    """The score in thousandths: best pairs first, each word used once. See the formula in ``match``."""
    keys, pairs = paired
    weight, weight_listed, absent = whole
    agreed = weights = proof = used = used_listed = initials = 0
    for pair in range(pairs):
        key = keys[pair]
        similarity, at, slot = key >> 16 & 0xFFFF, 63 - (key >> 8 & 63), 63 - (key >> 1 & 63)
        if used >> at & 1 or used_listed >> slot & 1:
            continue
        own, listed = places[at], facts[words[slot]]
        left, right = own >> WEIGHT & 255, listed >> WEIGHT & 255
        if key & 1:
            initials += 1
            if initials > MAX_INITIALS:
                continue
            left, right = min(left, INITIAL_WEIGHT), min(right, INITIAL_WEIGHT)
        used |= 1 << at
        used_listed |= 1 << slot
        agreed += min(left, right) * similarity
        weights += min(left, right)
        proof += min(own >> INFORMATION & 255, listed >> INFORMATION & 255) * similarity
        weight -= left
        weight_listed -= right
    plain = 10 * agreed // max(1, 10 * weights + _charged(weight, weight_listed, absent))
    if _has_number(places, used) and _has_listed_number(words, facts, used_listed):
        plain = plain * NUMBERS_DIFFER // 1000
    return plain * proof // (proof + 1000 * SCARCE)


@compiled
def _charged(left: int, left_listed: int, absent: int) -> int:
    """What the weight that is left over on either side costs, in tenths."""
    return ABSENT * left + absent * left_listed + CONTRADICTED * min(left, left_listed)


@compiled
def _has_number(places: Ints, used: int) -> bool:
    """Whether a number is left over among the declared words."""
    found = False
    for at in range(len(places)):
        found |= not used >> at & 1 and places[at] >> FORM & NUMBER != 0
    return found


@compiled
def _has_listed_number(words: Small, facts: Ints, used: int) -> bool:
    """Whether a number is left over among the listed words."""
    found = False
    for slot in range(len(words)):
        found |= not used >> slot & 1 and facts[words[slot]] >> FORM & NUMBER != 0
    return found


@compiled
def _may_be_hit(
    listed: Listed,
    room: Scratch,
    pair: tuple[int, int, int],
    own: tuple[Ints, tuple[int, int, int]],
    doubt: tuple[int, bool],
) -> bool:
    """Whether a pair can reach its threshold when every word that may answer together with others does so at best.

    What several declared words gain from listed ones is never more than these are worth.
    """
    other, pairs, threshold = pair
    places, (_, weight_listed, absent) = own
    half, several = doubt
    best, initial, matched = _best_of_places(room.keys, pairs)
    proof = proof_together = 0
    for at in range(len(places)):
        information = places[at] >> INFORMATION & 255
        if best[at] or (several and room.has_whole[at]):
            proof += information
        elif half and room.has_half[at]:
            proof_together += information
        elif initial[at]:
            proof += min(information, LEAST_INFORMATION)
    plain = plain_needed(threshold, proof + min(proof_together, half >> 16))
    agreed = together = answered = left = 0
    for at in range(len(places)):
        weight = places[at] >> WEIGHT & 255
        gained = 10 * weight * max(0, best[at] - plain)
        if initial[at]:
            gained = max(gained, room.agreed_initial[at])
        if several and room.has_whole[at]:
            gained = max(gained, 10 * weight * max(0, JOINED - plain))
            answered = ANY_WEIGHT
        elif half and room.has_half[at]:
            together += max(0, 10 * weight * max(0, JOINED - plain) - gained)
        elif not best[at]:
            answered += INITIAL_WEIGHT if initial[at] else 0
            left += weight - (min(weight, INITIAL_WEIGHT) if initial[at] else 0)
        agreed += gained
    agreed += min(together, 10 * (half & 0xFFFF) * max(0, JOINED - plain))
    begin = listed.name_start[other]
    for slot in range(listed.name_start[other + 1] - begin):
        if matched >> slot & 1:
            answered += listed.word_facts[listed.name_words[begin + slot]] >> WEIGHT & 255
    return agreed >= plain * _charged(left, max(0, weight_listed - answered - (half & 0xFFFF)), absent)


@compiled
def _best_of_places(keys: Ints, pairs: int) -> tuple[Ints, Flags, int]:
    """Per place the best similarity and whether an initial answers; the bits of the listed words that are alike."""
    best = np.zeros(MAX_TOKENS, np.int64)
    initial = np.zeros(MAX_TOKENS, np.bool_)
    matched = 0
    for pair in range(pairs):
        key = keys[pair]
        at = 63 - (key >> 8 & 63)
        if key & 1:
            initial[at] = True
        else:
            matched |= 1 << (63 - (key >> 1 & 63))
            best[at] = max(best[at], key >> 16 & 0xFFFF)
    return best, initial, matched
