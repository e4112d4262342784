"""A decision told in legal words: lines of codes with parameters, which become sentences in the reader's language.

Whatever stands on a clause that no lawyer compared with the authentic text says so, each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from pratique.partners.agreements.changes import Change
from pratique.partners.agreements.decide import Cited, Decision, Gate, Met, Verdict
from pratique.partners.agreements.duties import Duties
from pratique.partners.agreements.explain import Explanation, NearMiss, WayOut
from pratique.partners.agreements.facts import Facts, Onward
from pratique.partners.agreements.redact import Withheld
from pratique.partners.agreements.terms import CONDITIONS, Shape
from pratique.partners.agreements.words import in_language
from pratique.vocabulary.languages import ENGLISH
from pratique.vocabulary.sentences import coded, sentence

MOST_NEAR = 3
_QUOTED = ("title", "article")


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence as a code with its parameters; ``under`` is 1 where it belongs to the line before it."""

    code: str
    params: Mapping[str, object]
    under: int = 0

    def text(self, language: str = ENGLISH) -> str:
        """The sentence, with titles and articles in its language where somebody translated them."""
        return sentence(self.code, worded(self.params, language), language)


@dataclass(frozen=True, slots=True)
class Act:
    """A duty that somebody has to do, or a word of a vocabulary that is a whole sentence."""

    kind: str
    code: str
    under: int = 0

    def text(self, language: str = ENGLISH) -> str:
        """The sentence."""
        return coded(self.kind, self.code, language)


Told: TypeAlias = Line | Act


def told(explanation: Explanation, facts: Facts, *, gate: Gate) -> tuple[Told, ...]:
    """The whole explanation: the verdict, the conditions met, the duties; or what was near and what would do."""
    decision = explanation.decision
    lines: list[Told] = [*_verdict(decision, facts, gate)]
    lines += [_met(each) for each in decision.met]
    if decision.duties is not None:
        lines += told_duties(decision.duties)
    lines += [Line("gate.would_do", {"article": each.article}) for each in explanation.would_do]
    for miss in explanation.near_misses[:MOST_NEAR] if not explanation.would_do else ():
        lines += _near(miss, facts)
    if explanation.way_out is not None:
        lines += told_way(explanation.way_out)
    elif not decision.permitted and not decision.errors and not explanation.would_do:
        lines.append(Line("gate.no_way", {}))
    return (*lines, *_unverified(explanation))


def worded(params: Mapping[str, object], language: str) -> dict[str, object]:
    """The parameters of a sentence, what they quote of an instrument in ``language``."""
    quoted = {name: in_language(str(params[name]), language) for name in _QUOTED if name in params}
    return {**params, **quoted}


def told_duties(duties: Duties) -> tuple[Told, ...]:
    """What binds the recipient, each as a sentence."""
    lines: list[Told] = [Line("gate.duty.marking", {"tlp": duties.tlp})]
    if duties.handling:
        lines.append(Line("gate.duty.handling", {"codes": _words(duties.handling)}))
    if duties.use is not None:
        lines.append(Line("gate.duty.use", {"use": _words(duties.use)}))
    if duties.onward is not Onward.FREE:
        lines.append(Line(f"gate.duty.onward.{duties.onward.value}", {}))
    if duties.evidence_with_consent:
        lines.append(Line("gate.duty.evidence", {}))
    if duties.retain_until is not None:
        lines.append(Line("gate.duty.retain_until", {"day": duties.retain_until.isoformat()}))
    if duties.answer_by is not None:
        lines.append(Line("gate.duty.answer_by", {"day": duties.answer_by.isoformat()}))
    return (*lines, *(Act("duty", each) for each in duties.acts))


def told_way(way: WayOut) -> tuple[Line, ...]:
    """What to do so that the clause permits it, one line for each change."""
    head = Line("gate.way_out", {"article": way.cited.article})
    return (head, *(told_change(each) for each in way.changes))


def told_change(change: Change) -> Line:
    """One thing to do."""
    return Line(f"gate.do.{change.do.value}", {"words": _words(change.words, ordered=False)}, under=1)


def told_withheld(withheld: Withheld) -> Line:
    """Why a field stays here, with the article."""
    return Line(f"gate.withheld.{withheld.why.value}", {"article": withheld.cited.article})


def _verdict(decision: Decision, facts: Facts, gate: Gate) -> Iterable[Line]:
    named = {"article": decision.article, "title": gate.instrument.title, "version": decision.version}
    if decision.verdict is Verdict.PERMITTED:
        yield Line("gate.permitted", named)
    elif decision.verdict is Verdict.REFUSED_ON_ERROR:
        yield Line("gate.error", {"fault": "; ".join(decision.errors)[:200]})
    elif decision.verdict is Verdict.FORBIDDEN:
        for each in decision.determining:
            yield Line("gate.forbidden", {"article": each.article, "title": _title(each, gate)})
    elif not gate.instrument.binding(facts):
        yield Line("gate.not_bound", {"title": gate.instrument.title, "day": facts.at.isoformat()})
    elif not decision.article:
        yield Line("gate.no_clause", {"title": gate.instrument.title, "clause": decision.clause})
    else:
        yield Line("gate.not_permitted", named)


def _title(cited: Cited, gate: Gate) -> str:
    titles = {each.id: each.title for each in (gate.instrument, *gate.always)}
    return titles.get(cited.agreement, cited.agreement)


def _met(met: Met) -> Line:
    return Line("gate.met", {"condition": met.condition, "found": _words(met.found)}, under=1)


def _near(miss: NearMiss, facts: Facts) -> Iterable[Line]:
    yield Line("gate.near", {"article": miss.cited.article})
    yield from (_missed(each, facts) for each in miss.failing)


def _missed(missed: Met, facts: Facts) -> Line:
    """What is short, as narrowly as it can be said."""
    condition, wanted = missed.condition, _words(missed.wanted, ordered=False)
    if CONDITIONS[condition].shape is Shape.WITHIN:
        others = _words(each for each in missed.found if each not in missed.wanted)
        return Line("gate.missed_within", {"condition": condition, "found": others}, under=1)
    if condition == "purpose_as_requested" and facts.request is not None:
        asked = {"request": facts.request.id, "asked": facts.request.purpose}
        return Line("gate.missed_purpose", {"purpose": str(facts.purpose), **asked}, under=1)
    return Line("gate.missed", {"condition": condition, "found": _words(missed.found), "wanted": wanted}, under=1)


def _unverified(explanation: Explanation) -> Iterable[Line]:
    """Each clause that the reader may rely on or be refused by, and that nobody compared with the text."""
    decision = explanation.decision
    seen = [*decision.determining, *explanation.would_do]
    seen += [explanation.way_out.cited] if explanation.way_out else []
    if decision.permitted:
        seen.append(Cited(decision.agreement, decision.clause, decision.article, decision.verified))
    articles = dict.fromkeys(each.article for each in seen if not each.verified and each.article)
    return tuple(Line("gate.unverified", {"article": each}) for each in articles)


def _words(words: Iterable[str], *, ordered: bool = True) -> str:
    listed = [str(each) for each in words]
    return ", ".join(sorted(listed) if ordered else listed) or "nothing"
