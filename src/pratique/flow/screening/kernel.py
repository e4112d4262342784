"""The inner loop of screening, compiled: which listed names reach the threshold of which declared names.

Everything here works on numbers in arrays; the formula and its constants are those of
:mod:`~pratique.flow.screening.match`, which explains what is found and has the last word. Where a declared word may
answer to several listed ones read together, or the other way round, this loop does not align but asks whether the pair
can reach the threshold at best.

With T the plain score that a name needs, s the similarity of a matched declared word and w its weight, the formula
gives for every hit, with what is left over on either side::

    sum(10 * w * (s - T))  >=  T * (ABSENT * declared left + ABSENT * listed left + CONTRADICTED * the smaller of both)

Words are looked up one after the other, the cheapest first, what is most alike first. What was not found by then does
not answer to the words looked up so far, or less than the similarity reached. So it is known how much it can agree at
best, how much is left over of the declared name, and from that how much a listed name may weigh that can still be a
hit. Heavier ones are passed by; once none may weigh anything, all that can be a hit was found. A listed name of which
few words were marked for the declared name answers to no more words than that, and so may weigh less still.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pratique.flow.compiled import compiled, compiled_apart
from pratique.flow.screening.doubts import (
    ALIKE,
    BY_SOUND,
    ENOUGH_PROOF,
    LIGHT,
    LITTLE_PROOF,
    MORE_UNANSWERED,
    MORE_UNSAID,
    ONE_TELLING,
    ONE_WORD,
    OWN_WORDS,
    SHORT_PROOF,
    SOME_PROOF,
    UNANSWERED,
    UNLIKE,
    UNSAID,
    WHOLLY_ALIKE,
)
from pratique.flow.screening.hashing import Ints
from pratique.flow.screening.kernel_arrays import (
    Asked,
    Bytes,
    Flags,
    Listed,
    Others,
    Places,
    Scratch,
    Small,
)
from pratique.flow.screening.match import (
    ABSENT,
    CONTRADICTED,
    JOINED,
    MAX_INITIALS,
    NUMBERS_DIFFER,
    SCARCE,
    UNSURE,
)
from pratique.flow.screening.normalise import MAX_TOKENS
from pratique.flow.screening.postings import KINDS, MORE_WORDS, NO_WORD, OTHERS
from pratique.flow.screening.similarity import EQUAL, INITIAL, SOUND
from pratique.flow.screening.weights import GENERIC_INFORMATION, INITIAL_WEIGHT, LEAST_INFORMATION
from pratique.flow.screening.word_facts import (
    FACTS,
    FIRST,
    FORM,
    INFORMATION,
    LETTER,
    NUMBER,
    NUMBER_OF_WORD,
    TEXT,
    WEIGHT,
)

BEYOND = 1001
"""What no plain score reaches."""

LIGHTER = (1 << KINDS) - 1
"""What of the facts of a posting is the weight."""

ANY_WEIGHT = 1 << 20
"""More than any name weighs: where it is not known how much of the listed name a word may answer to."""


class Enough(NamedTuple):
    """What a name must reach."""

    weight: int  # of all its words
    has_letter: bool  # one of its words is a single letter


@compiled_apart
def pairs_in_reach(listed: Listed, asked: Asked, room: Scratch) -> Ints:
    """Pairs (declared name << 32 | listed name) that reach the threshold of their kind, or may; each once."""
    found = np.empty(1024, np.int64)
    count = 0
    for name in range(len(asked.first)):
        enough = _prepare(listed, asked, room, name)
        gathered = _gather(listed, asked, room, name)
        reached = _judge(listed, asked, room, (name, gathered), enough)
        for place in range(asked.first[name], asked.first[name] + asked.count[name]):
            _unmark(room.is_marked, asked.near_start, asked.near_word, asked.word[place])
            _unmark(room.is_marked, asked.half_start, asked.half_word, place)
            _unmark(room.is_half, asked.half_start, asked.half_word, place)
        while count + reached > len(found):
            longer = np.empty(2 * len(found), np.int64)
            for at in range(count):
                longer[at] = found[at]
            found = longer
        for at in range(reached):
            found[count + at] = (name << 32) | room.candidates[at] >> 1
        count += reached
    return found[:count]


@compiled
def plain_needed(threshold: int, proof: int) -> int:
    """The plain score from which a score reaches its threshold, given the most that can be proven."""
    return min(threshold * (proof + 1000 * SCARCE) // max(proof, 1), BEYOND)


@compiled
def _sure(similarity: int) -> int:
    return max(0, EQUAL - UNSURE * (EQUAL - similarity))


@compiled_apart
def _prepare(listed: Listed, asked: Asked, room: Scratch, name: int) -> Enough:
    """Marks what the words of a name answer to, and notes what each can do at best."""
    first, count, stamp = asked.first[name], asked.count[name], name + 1
    weight = proof = chained = 0
    has_letter = False
    for at in range(count):
        chained = _mark(listed, asked, room, (at, first + at), (stamp, chained))
        _note_best(listed, asked, room, at, first + at)
        fact = asked.facts[first + at]
        own = fact >> WEIGHT & 255
        has_letter |= fact >> FORM & LETTER != 0
        room.places.initial[at] = min(own, INITIAL_WEIGHT) if fact >> FORM & LETTER or own > INITIAL_WEIGHT else 0
        room.places.is_out[at] = room.places.best[at] == 0
        weight += own
        proof += 1000 * (fact >> INFORMATION & 255)
    plain = plain_needed(asked.thresholds[name], proof)
    for at in range(count):
        room.agreed_initial[at] = 10 * room.places.initial[at] * max(0, INITIAL - plain)
    return Enough(weight, has_letter)


@compiled
def _note_best(listed: Listed, asked: Asked, room: Scratch, at: int, place: int) -> None:
    """Notes the best that any listed word can do for a place, and whether it may answer together with others."""
    word = asked.word[place]
    room.places.has_half[at] = asked.half_start[place + 1] > asked.half_start[place]
    room.places.has_whole[at] = asked.whole_start[word + 1] > asked.whole_start[word]
    best = JOINED if room.places.has_half[at] or room.places.has_whole[at] else 0
    heaviest = 0
    for near in range(asked.near_start[word], asked.near_start[word + 1]):
        best = max(best, asked.near_similarity[near])
        heaviest = max(heaviest, listed.word_facts[asked.near_word[near]] >> WEIGHT & 255)
    for half in range(asked.half_start[place], asked.half_start[place + 1]):
        heaviest = max(heaviest, listed.word_facts[asked.half_word[half]] >> WEIGHT & 255)
    room.places.best[at] = best
    room.places.heaviest[at] = heaviest


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
        _set(room.is_marked, target)
        if near >= end:
            _set(room.is_half, target)
        chained += 1
    for whole in range(asked.whole_start[word], asked.whole_start[word + 1]):
        room.several[asked.whole_name[whole]] = stamp
    return chained


@compiled
def _set(marked: Bytes, word: int) -> None:
    marked[word >> 3] |= np.uint8(1 << (word & 7))


@compiled
def _is_set(marked: Bytes, word: int) -> int:
    return marked[word >> 3] >> (word & 7) & 1


@compiled_apart
def _unmark(is_marked: Bytes, start: Ints, target: Ints, of: int) -> None:
    """Takes back that listed words were marked."""
    for at in range(start[of], start[of + 1]):
        is_marked[target[at] >> 3] = 0


@compiled_apart
def _gather(listed: Listed, asked: Asked, room: Scratch, name: int) -> int:
    """Puts the listed names that must be compared among the candidates, each once; gives how many."""
    of_name = asked.facts[asked.first[name] : asked.first[name] + asked.count[name]]
    needed = asked.thresholds[name], asked.absent_listed[name]
    who = name + 1, asked.kinds[name]
    count = _whole_names(asked, room, name)
    for at in range(_in_order(listed, asked, room, name)):
        here = room.order[at]
        place = asked.first[name] + here
        if _limits(room, of_name, needed, (here, room.places.best[here])) < 0:
            return count
        begin, end = asked.half_start[place], asked.half_start[place + 1]
        count = _all_that_hold(listed, room, asked.half_word[begin:end], (count, *who))
        word = asked.word[place]
        begin, last = asked.near_start[word], asked.near_start[word + 1]
        while begin < last:
            end = _end_of_likeness(asked.near_similarity, begin, last)
            if _limits(room, of_name, needed, (here, asked.near_similarity[begin])) < 0:
                return count
            count = _all_that_hold(listed, room, asked.near_word[begin:end], (count, *who))
            begin = end
        room.places.is_out[here] = True
    if _limits(room, of_name, needed, (room.order[0], room.places.best[0])) < 0:
        return count
    return _everything(listed, room, name)


@compiled
def _end_of_likeness(similarity: Ints, begin: int, last: int) -> int:
    """Where words that are as alike as the first end."""
    end = begin + 1
    while end < last and similarity[end] == similarity[begin]:
        end += 1
    return end


@compiled_apart
def _whole_names(asked: Asked, room: Scratch, name: int) -> int:
    """Puts the listed names in which a word of the name may stand as several among the candidates; gives how many."""
    marked = room.seen, room.several, room.candidates
    count = 0
    for place in range(asked.first[name], asked.first[name] + asked.count[name]):
        word = asked.word[place]
        for whole in range(asked.whole_start[word], asked.whole_start[word + 1]):
            count = _once(marked, np.int64(asked.whole_name[whole]), name + 1, count)
    return count


@compiled_apart
def _limits(room: Scratch, of_name: Ints, needed: tuple[int, int], reached: tuple[int, int]) -> int:
    """Notes the most that a listed name may weigh and be a hit by how many of its other words are marked.

    Gives the last, for ``OTHERS`` and more of them.
    """
    limits = room.limits
    for others in range(OTHERS, -1, -1):
        counted = others if others < OTHERS else MAX_TOKENS
        limits[others] = _heaviest_hit(room.places, of_name, needed, reached, counted)
        if limits[others] < 0:
            limits[:others] = -1
            break
    return limits[OTHERS]


@compiled_apart
def _heaviest_hit(places: Places, of_name: Ints, needed: tuple[int, int], reached: tuple[int, int], others: int) -> int:
    """The most that a listed name may weigh which was not found yet and may be a hit; below 0 where none may.

    ``of_name`` are the facts of its places, ``needed`` the threshold and what absent listed words cost. To the place
    ``reached[0]`` it answers by the similarity ``reached[1]`` at most, and to so many ``others`` that are not out; to
    the rest no better than an initial does.
    """
    gains = places.gains
    agreed_gains, covered_gains, left_gains = gains, gains[MAX_TOKENS:], gains[2 * MAX_TOKENS :]
    proof = left = rest = 0
    for at in range(len(of_name)):
        information = of_name[at] >> INFORMATION & 255
        least = min(information, LEAST_INFORMATION) * _sure(INITIAL)
        best = reached[1] if at == reached[0] else places.best[at]
        most = max(least, information * _sure(best))
        beside = (of_name[at] >> WEIGHT & 255) - places.initial[at]
        if places.is_out[at]:
            proof += least
            left += beside
        elif at == reached[0]:
            proof += most
        else:
            proof += least
            left += beside
            gains[rest], left_gains[rest] = most - least, beside
            rest += 1
    proof += _largest(gains[:rest], others)
    left -= _largest(left_gains[:rest], others)
    plain = max(1, plain_needed(_undoubted(needed[0], left, proof), proof))
    if plain >= BEYOND:
        return -1
    agreed = covered = rest = 0
    for at in range(len(of_name)):
        own, initial = of_name[at] >> WEIGHT & 255, places.initial[at]
        agreed_initial = 10 * initial * max(0, INITIAL - plain)
        if places.is_out[at]:
            agreed += agreed_initial
            covered += initial
            continue
        best = reached[1] if at == reached[0] else places.best[at]
        gained = max(10 * own * max(0, best - plain), agreed_initial)
        heaviest = max(places.heaviest[at], initial)
        if at == reached[0]:
            agreed += gained
            covered += heaviest
        else:
            agreed += agreed_initial
            covered += initial
            agreed_gains[rest], covered_gains[rest] = gained - agreed_initial, heaviest - initial
            rest += 1
    agreed += _largest(agreed_gains[:rest], others)
    covered += _largest(covered_gains[:rest], others)
    spare = agreed // plain - ABSENT * left
    beyond = spare // (needed[1] + CONTRADICTED)
    if beyond >= left:
        beyond = (spare - CONTRADICTED * left) // needed[1]
    return covered + beyond if spare >= 0 else -1


@compiled
def _largest(values: Ints, count: int) -> int:
    """The sum of so many of the values, the largest; puts them in another order."""
    total = 0
    left = len(values)
    if count >= left:
        for at in range(left):
            total += values[at]
        return total
    for _ in range(count):
        largest = 0
        for at in range(left):
            if values[at] > values[largest]:
                largest = at
        total += values[largest]
        left -= 1
        values[largest] = values[left]
    return total


@compiled_apart
def _all_that_hold(listed: Listed, room: Scratch, words: Ints, given: tuple[int, int, int]) -> int:
    """Adds the listed names that hold one of the words and weigh no more than a limit; gives how many there are.

    ``given``: how many candidates there are, the mark of the declared name and the kinds that it is compared with.
    """
    starts, postings, facts = listed.posting_start, listed.postings, listed.posting_facts
    others, name_start, name_words = listed.posting_others, listed.name_start, listed.name_words
    marked, limits = (room.seen, room.several, room.candidates), room.limits
    is_marked, is_half = room.is_marked, room.is_half
    count, stamp, kinds = given
    for at in range(len(words)):
        least = limits[OTHERS] if _is_set(is_half, words[at]) else limits[0]
        for posting in range(starts[words[at]], starts[words[at] + 1]):
            fact = facts[posting]
            weight = fact & LIGHTER
            if weight > limits[OTHERS] or not fact >> KINDS & kinds:
                continue
            other = np.int64(postings[posting])
            if weight > least:
                if others[posting, 0] == MORE_WORDS:
                    row = name_words[name_start[other] : name_start[other + 1]]
                    also = _marked_of_name(row, is_marked, is_half) - 1
                else:
                    also = _marked_beside(others, posting, is_marked, is_half)
                if weight > limits[min(also, OTHERS)]:
                    continue
            count = _once(marked, other, stamp, count)
    return count


@compiled
def _marked_beside(others: Others, posting: int, is_marked: Bytes, is_half: Bytes) -> int:
    """How many of the other words of a name are marked; one that answers to several words counts as many."""
    count = 0
    for at in range(OTHERS):
        word = others[posting, at]
        if word == NO_WORD:
            break
        count += _is_set(is_marked, word) + OTHERS * _is_set(is_half, word)
    return count


@compiled
def _marked_of_name(words: Ints, is_marked: Bytes, is_half: Bytes) -> int:
    """The same of all words of a name."""
    count = 0
    for slot in range(len(words)):
        word = words[slot] & NUMBER_OF_WORD
        count += _is_set(is_marked, word) + OTHERS * _is_set(is_half, word)
    return count


@compiled
def _once(marked: tuple[Small, Small, Ints], other: int, stamp: int, count: int) -> int:
    """Adds a listed name to so many candidates unless it was seen; gives how many there are."""
    seen, several, candidates = marked
    if seen[other] != stamp:
        seen[other] = stamp
        candidates[count] = other << 1 | (several[other] == stamp)
        count += 1
    return count


@compiled_apart
def _everything(listed: Listed, room: Scratch, name: int) -> int:
    for other in range(len(listed.name_kinds)):
        room.candidates[other] = other << 1 | (room.several[other] == name + 1)
    return len(listed.name_kinds)


@compiled_apart
def _in_order(listed: Listed, asked: Asked, room: Scratch, name: int) -> int:
    """Puts the places that listed words answer to in order, those first that say most for the least; gives how many."""
    first = asked.first[name]
    dearness = np.empty(MAX_TOKENS, np.float64)
    useful = 0
    for at in range(asked.count[name]):
        worth = room.places.best[at] * (asked.facts[first + at] >> WEIGHT & 255)
        if worth == 0:
            continue
        dearness[at] = _cost(listed, asked, first + at) / worth
        before = useful
        useful += 1
        while before > 0 and dearness[room.order[before - 1]] > dearness[at]:
            room.order[before] = room.order[before - 1]
            before -= 1
        room.order[before] = at
    return useful


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


@compiled_apart
def _judge(listed: Listed, asked: Asked, room: Scratch, given: tuple[int, int], enough: Enough) -> int:
    """Keeps, among so many candidates of a name, those that reach their threshold or may; gives how many.

    Arrays are taken out of their tuples first: counting references to them for each pair would cost more than the pair.
    """
    name, gathered = given
    words, starts, kinds = listed.name_words, listed.name_start, listed.name_kinds
    marked, keys, candidates = (room.is_marked, room.marks, room.chain), room.keys, room.candidates
    first = asked.first[name]
    places = asked.facts[first : first + asked.count[name]]
    absent, lines, allowed, stamp = asked.absent_listed[name], asked.lines, asked.allowed[name], name + 1
    kept = 0
    for candidate in range(gathered):
        other = candidates[candidate] >> 1
        if not kinds[other] & asked.kinds[name]:
            continue
        begin, end = starts[other], starts[other + 1]
        pairs, half = _alike(words[begin:end], marked, (places, keys), (stamp, enough.has_letter))
        threshold = lines[kinds[other]] - allowed
        weights = enough.weight, listed.name_weights[other], absent
        if half or candidates[candidate] & 1:
            doubt = half, candidates[candidate] & 1 != 0
            hit = _may_be_hit(listed, room, (other, pairs, threshold), (places, weights), doubt)
        else:
            hit = pairs > 0 and _score(words[begin:end], (keys, pairs), places, weights) >= threshold
        if hit:
            candidates[kept] = candidates[candidate]
            kept += 1
    return kept


@compiled
def _alike(
    words: Ints, marked: tuple[Bytes, Ints, Ints], of_name: tuple[Ints, Ints], told: tuple[int, bool]
) -> tuple[int, int]:
    """The pairs of words that are alike, best first, and what the listed words are worth that answer to several.

    That worth is the sum of their weights and, 16 bits on, of their information.
    """
    is_marked, marks, chain = marked
    places, keys = of_name
    stamp, has_letter = told
    pairs = half = 0
    for slot in range(len(words)):
        word, alike, is_half = words[slot] & 0xFFFFFFFF, 0, 0
        fact = words[slot] >> FACTS
        weight = fact >> WEIGHT & 255
        if _is_set(is_marked, word) and marks[word] >> 32 == stamp:
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
def _score(words: Ints, paired: tuple[Ints, int], places: Ints, whole: tuple[int, int, int]) -> int:
    """The score in thousandths: best pairs first, each word used once. See the formula in ``match``."""
    keys, pairs = paired
    weight, weight_listed, absent = whole
    agreed = weights = proof = shared = telling = used = used_listed = initials = 0
    least, is_heard = EQUAL, False
    for pair in range(pairs):
        key = keys[pair]
        similarity, at, slot = key >> 16 & 0xFFFF, 63 - (key >> 8 & 63), 63 - (key >> 1 & 63)
        if used >> at & 1 or used_listed >> slot & 1:
            continue
        own, listed = places[at], words[slot] >> FACTS
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
        information = min(own >> INFORMATION & 255, listed >> INFORMATION & 255)
        proof += information * _sure(similarity)
        shared += information
        telling += information > GENERIC_INFORMATION
        weight -= left
        weight_listed -= right
        least = min(least, similarity)
        is_heard |= similarity == SOUND
    plain = 10 * agreed // max(1, 10 * weights + _charged(weight, weight_listed, absent))
    if _has_number(places, used) and _has_listed_number(words, used_listed):
        plain = plain * NUMBERS_DIFFER // 1000
    told = least, proof, telling
    score = _doubted(plain * proof // (proof + 1000 * SCARCE), (weight, weight_listed), told)
    if weight and weight_listed and shared < min(_most_told(places, used, 0), _most_told(words, used_listed, FACTS)):
        score = score * OWN_WORDS // 1000
    return score * BY_SOUND // 1000 if is_heard else score


@compiled
def _doubted(score: int, left: tuple[int, int], told: tuple[int, int, int]) -> int:
    """What those doubts leave of a score that the weights left over and the pairs tell, in the order of ``doubts``."""
    declared, listed = left
    least, proof, telling = told
    if declared > LIGHT:
        score = score * UNANSWERED // 1000
    if declared > ONE_WORD:
        score = score * MORE_UNANSWERED // 1000
    if declared > LIGHT and telling < 2:
        score = score * ONE_TELLING // 1000
    if listed > LIGHT:
        score = score * UNSAID // 1000
    if listed > ONE_WORD:
        score = score * MORE_UNSAID // 1000
    if least < ALIKE:
        score = score * UNLIKE // 1000
    if proof < ENOUGH_PROOF and (max(declared, listed) > LIGHT or least < WHOLLY_ALIKE):
        score = score * SHORT_PROOF // 1000
    return score * LITTLE_PROOF // 1000 if proof < SOME_PROOF else score


@compiled
def _undoubted(threshold: int, left: int, proof: int) -> int:
    """What a score must be before the doubts that so much left over at least, and so little proof at most, bring."""
    if left > LIGHT:
        threshold = 1000 * threshold // UNANSWERED
    if left > ONE_WORD:
        threshold = 1000 * threshold // MORE_UNANSWERED
    if left > LIGHT and proof < ENOUGH_PROOF:
        threshold = 1000 * threshold // SHORT_PROOF
    return 1000 * threshold // LITTLE_PROOF if proof < SOME_PROOF else threshold


@compiled
def _charged(left: int, left_listed: int, absent: int) -> int:
    """What the weight that is left over on either side costs, in tenths."""
    return ABSENT * left + absent * left_listed + CONTRADICTED * min(left, left_listed)


@compiled
def _most_told(words: Ints, used: int, shift: int) -> int:
    """The most information of a word that is left over; the facts of the words stand so many bits on."""
    most = 0
    for at in range(len(words)):
        if not used >> at & 1:
            most = max(most, words[at] >> shift + INFORMATION & 255)
    return most


@compiled
def _has_number(places: Ints, used: int) -> bool:
    """Whether a number is left over among the declared words."""
    found = False
    for at in range(len(places)):
        found |= not used >> at & 1 and places[at] >> FORM & NUMBER != 0
    return found


@compiled
def _has_listed_number(words: Ints, used: int) -> bool:
    """Whether a number is left over among the listed words."""
    found = False
    for slot in range(len(words)):
        found |= not used >> slot & 1 and words[slot] >> FACTS + FORM & NUMBER != 0
    return found


@compiled_apart
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
        if best[at] or (several and room.places.has_whole[at]):
            proof += information
        elif half and room.places.has_half[at]:
            proof_together += information
        elif initial[at]:
            proof += min(information, LEAST_INFORMATION)
    plain = plain_needed(threshold, 1000 * (proof + min(proof_together, half >> 16)))
    agreed = together = answered = left = 0
    for at in range(len(places)):
        weight = places[at] >> WEIGHT & 255
        gained = 10 * weight * max(0, best[at] - plain)
        if initial[at]:
            gained = max(gained, room.agreed_initial[at])
        if several and room.places.has_whole[at]:
            gained = max(gained, 10 * weight * max(0, JOINED - plain))
            answered = ANY_WEIGHT
        elif half and room.places.has_half[at]:
            together += max(0, 10 * weight * max(0, JOINED - plain) - gained)
        elif not best[at]:
            answered += INITIAL_WEIGHT if initial[at] else 0
            left += weight - (min(weight, INITIAL_WEIGHT) if initial[at] else 0)
        agreed += gained
    agreed += min(together, 10 * (half & 0xFFFF) * max(0, JOINED - plain))
    begin = listed.name_start[other]
    for slot in range(listed.name_start[other + 1] - begin):
        if matched >> slot & 1:
            answered += listed.name_words[begin + slot] >> FACTS + WEIGHT & 255
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
