"""The gate: instruments clause by clause, and whether one of them permits a disclosure.

In come an instrument (YAML, hostile until its examples are decided as they say) and the facts of one disclosure; out
comes a decision with its articles, its duties and a record that replays to the same bytes. The way through:
:func:`load_instrument`, :func:`gate_of` with what is :func:`always forbidden <shipped_law>`, :func:`redact` for a
message with fields (it decides) or :func:`decide`, :func:`explain` for a refusal, :func:`inherited_caveat` at the
other end.
It knows no content of a message, no partner register, no store; it never permits what no named clause permits.
"""

from pratique.partners.agreements.decide import Cited, Decision, Gate, Met, Verdict, decide, gate_of
from pratique.partners.agreements.duties import Duties
from pratique.partners.agreements.errors import AgreementError, FactsError
from pratique.partners.agreements.examples import (
    load_instrument,
    shipped_instruments,
    shipped_law,
    shipped_text,
)
from pratique.partners.agreements.explain import (
    Explanation,
    NearMiss,
    WayOut,
    explain,
    permitting,
    ways_for_withheld,
)
from pratique.partners.agreements.facts import Caveat, Consent, Facts, Onward, Request
from pratique.partners.agreements.facts_data import facts_data, facts_from
from pratique.partners.agreements.model import (
    Clause,
    ClauseKind,
    Instrument,
    InstrumentKind,
    Party,
    PartyStatus,
)
from pratique.partners.agreements.onward import Use, UseFault, decide_onward, inherited_caveat, passed_on, use_faults
from pratique.partners.agreements.redact import Disclosure, Field, Why, Withheld, facts_of, redact
from pratique.partners.agreements.replay import Replayed, replay
from pratique.partners.agreements.telling import Told, told, told_duties, told_way, told_withheld, worded
from pratique.partners.agreements.words import Said, in_language, said

__all__ = [
    "AgreementError",
    "Caveat",
    "Cited",
    "Clause",
    "ClauseKind",
    "Consent",
    "Decision",
    "Disclosure",
    "Duties",
    "Explanation",
    "Facts",
    "FactsError",
    "Field",
    "Gate",
    "Instrument",
    "InstrumentKind",
    "Met",
    "NearMiss",
    "Onward",
    "Party",
    "PartyStatus",
    "Replayed",
    "Request",
    "Said",
    "Told",
    "Use",
    "UseFault",
    "Verdict",
    "WayOut",
    "Why",
    "Withheld",
    "decide",
    "decide_onward",
    "explain",
    "facts_data",
    "facts_from",
    "facts_of",
    "gate_of",
    "in_language",
    "inherited_caveat",
    "load_instrument",
    "passed_on",
    "permitting",
    "redact",
    "replay",
    "said",
    "shipped_instruments",
    "shipped_law",
    "shipped_text",
    "told",
    "told_duties",
    "told_way",
    "told_withheld",
    "use_faults",
    "ways_for_withheld",
    "worded",
]
