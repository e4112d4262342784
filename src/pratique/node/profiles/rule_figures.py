"""Figures of rules as text that is kept, and back: scorecards, back-tests and grounds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from pratique.flow.controls.effectiveness import Rate
from pratique.flow.controls.rule_life import Ground, Proposed
from pratique.flow.controls.scorecard import Overlap, Scorecard
from pratique.node.canonical import canonical
from pratique.node.profiles.back_testing import BackTest, Effect


def card_text(card: Scorecard) -> str:
    """A scorecard as canonical JSON."""
    return canonical(_plain(asdict(card)))


def card_of(text: str) -> Scorecard:
    """The scorecard that :func:`card_text` wrote."""
    return _card(json.loads(text))


def back_test_text(tested: BackTest) -> str:
    """A back-test as canonical JSON."""
    return canonical(_plain(asdict(tested)))


def back_test_of(text: str) -> BackTest:
    """The back-test that :func:`back_test_text` wrote."""
    told = json.loads(text)
    told |= {name: date.fromisoformat(told[name]) for name in ("since", "until")}
    effect = told["effect"] and Effect(**told["effect"])
    return BackTest(**{**told, "card": _card(told["card"]), "effect": effect})


def grounds_text(grounds: Sequence[Proposed]) -> str:
    """Grounds as canonical JSON."""
    return canonical([{"ground": each.ground.value, "params": dict(each.params)} for each in grounds])


def grounds_of(text: str) -> tuple[Proposed, ...]:
    """The grounds that :func:`grounds_text` wrote."""
    return tuple(Proposed(Ground(each["ground"]), each["params"]) for each in json.loads(text))


def _card(told: dict[str, Any]) -> Scorecard:
    last = told["last_fired"]
    return Scorecard(
        **{
            **told,
            "last_fired": None if last is None else date.fromisoformat(last),
            "finds": Rate(**told["finds"]),
            "drawn": Rate(**told["drawn"]),
            "overlaps": tuple(Overlap(**each) for each in told["overlaps"]),
        }
    )


def _plain(value: Any) -> Any:
    """Days as text; what stands inside too."""
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value
