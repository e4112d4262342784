"""A decision made again from its record, years later: the same bytes, or something was changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pratique.partners.agreements.canonical import canonical
from pratique.partners.agreements.cedar import ENGINE
from pratique.partners.agreements.decide import RECORD, Decision, decide, gate_of
from pratique.partners.agreements.errors import FactsError
from pratique.partners.agreements.facts_data import facts_from, party_from
from pratique.partners.agreements.load import parse_instrument


@dataclass(frozen=True, slots=True)
class Replayed:
    """What deciding again came to. ``record`` names the engine of then, so that only its result can differ."""

    record: bytes
    same: bool
    engine_then: str
    engine_now: str
    decision: Decision


def replay(record: bytes, text_of: Callable[[str], str]) -> Replayed:
    """Decides again what ``record`` decided; ``text_of`` gives the file of a digest, or raises.

    Raises :class:`FactsError` for bytes that are no record.
    """
    kept = _read(record)
    instruments = [parse_instrument(text_of(str(each))) for each in kept["files"]]
    parties = tuple(party_from(each) for each in kept["parties"])
    gate = gate_of(instruments[0].between(parties), instruments[1:])
    decision = decide(facts_from(kept["facts"]), gate=gate, clause=str(kept["clause"]))
    again = json.loads(decision.record)
    again["engine"] = kept["engine"]
    made = canonical(again)
    return Replayed(made, made == record, str(kept["engine"]), ENGINE, decision)


def _read(record: bytes) -> dict[str, Any]:
    try:
        kept = json.loads(record)
    except (ValueError, RecursionError) as fault:
        raise FactsError("agreements.facts.no_mapping", "record") from fault
    if not isinstance(kept, dict) or kept.get("record") != RECORD or not kept.get("files"):
        raise FactsError("agreements.facts.no_mapping", "record")
    return kept
