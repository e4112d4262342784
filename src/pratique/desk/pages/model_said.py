"""What models said of a consignment, and which of its reasons officers dispute, as a page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from pratique.desk.pages.queue_rows import MILLION
from pratique.desk.visit import Visit
from pratique.node.controls.reason_codes import reason_codes
from pratique.node.handlers.consignments import Explained
from pratique.node.handlers.disputes import ACT, DisputeReason


@dataclass(frozen=True, slots=True)
class ModelSaid:
    """What the model in force said in sentences, and how the one in shadow sees it; nothing where none spoke."""

    sentences: tuple[str, ...]
    shadow: str


@dataclass(frozen=True, slots=True)
class DisputeSeen:
    """A dispute that stands on a reason: its words, and the number that takes it back."""

    seq: int
    words: str


def model_said(visit: Visit, explained: Explained) -> ModelSaid | None:
    """``None`` where no model spoke in the run."""
    shadow = _chance(visit, explained.shadow) if explained.shadow else ""
    if not explained.model_spoke:
        return ModelSaid((), shadow) if shadow else None
    if explained.learned is None:
        return ModelSaid((visit.told("model.silent_here", {}),), shadow)
    said = explained.learned
    stake = {"stake_minor": said["stake_minor"], "currency": explained.currency}
    told = [_chance(visit, said), visit.told("model.stake", stake) if said["stake_minor"] else ""]
    return ModelSaid((*filter(None, told), _change(visit, said)), shadow)


def disputes_seen(visit: Visit, explained: Explained) -> dict[str, list[DisputeSeen]]:
    """The disputes that stand on each reason."""
    seen: dict[str, list[DisputeSeen]] = {}
    for each in explained.disputes:
        told = visit.gettext("Disputed by %(who)s: %(reason)s") % {
            "who": each.by,
            "reason": " ".join(filter(None, (visit.reason_words(each.because), each.note))),
        }
        seen.setdefault(each.profile_id, []).append(DisputeSeen(each.seq, told))
    return seen


def dispute_codes(visit: Visit) -> list[tuple[str, str]]:
    """The coded reasons of a dispute, in words; none for who may not dispute."""
    return [(code, visit.reason_words(code)) for code in reason_codes()[ACT]] if visit.may(DisputeReason) else []


def dispute(visit: Visit) -> Response:
    """Says that a reason is wrong."""
    ref = visit.request.path_params["ref"]
    visit.execute(DisputeReason(ref, visit.given("reason"), visit.given("because"), visit.given("note").strip()))
    return visit.go(f"/consignment/{ref}")


def _chance(visit: Visit, said: dict[str, Any]) -> str:
    names = {"chance": "chance_ppm", "low": "low_ppm", "high": "high_ppm"}
    shares = {name: visit.figures.percent(said[column] / MILLION, 1) for name, column in names.items()}
    return visit.told("model.said", shares)


def _change(visit: Visit, said: dict[str, Any]) -> str:
    if not said["points"]:
        return visit.told("model.no_points", {})
    if said["would_change"] is None:
        return visit.told("model.would_keep_points", {})
    return visit.told("model.would_lose_points", {"reason": visit.told(f"{said['would_change']}.name", {})})
