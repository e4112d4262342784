"""Models of chances and of headings: the list, the card of one, and the steps that a second person takes."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from pratique.desk.visit import Visit
from pratique.node.handlers.models import ListModelCards, PromoteModel, RetireModel

SHARES: Final = (1, 5, 10)
HEADING_MEASURES: Final = ("first", "first_five", "contradicted")


def show_list(visit: Visit) -> Response:
    """Every model of the node, the newest first."""
    return visit.page("models.html", cards=visit.ask(ListModelCards()), words=_states(visit), kinds=_kinds(visit))


def show(visit: Visit) -> Response:
    """The card of one model."""
    shown = visit.ask(ListModelCards(str(visit.request.path_params["model"])))[0]
    return visit.page(
        "model.html",
        it=shown.model,
        card=shown.card,
        words=_states(visit),
        kinds=_kinds(visit),
        measures=_measures(visit),
        stakes={
            "learned": visit.gettext("learned from what finds recovered"),
            "share": visit.gettext("a usual share of the value"),
            "duty": visit.gettext("the duty as declared"),
        },
        limits=[visit.told(code, {}) for code in shown.card["limits"]] if shown.card else [],
        may_promote=visit.may(PromoteModel),
        may_retire=visit.may(RetireModel),
        own=visit.actor.name,
        done=visit.asked("done"),
    )


def promote(visit: Visit) -> Response:
    """Puts a model in force; whoever kept it cannot."""
    done = visit.execute(PromoteModel(str(visit.request.path_params["model"])))
    return visit.go(f"/models/{done.digest}", done="promoted")


def retire(visit: Visit) -> Response:
    """Takes a model out of force, or out of shadow."""
    done = visit.execute(RetireModel(str(visit.request.path_params["model"])))
    return visit.go(f"/models/{done.digest}", done="retired")


def _kinds(visit: Visit) -> dict[str, str]:
    """What models tell."""
    return {"chances": visit.gettext("Chances of a find"), "headings": visit.gettext("Headings of descriptions")}


def _states(visit: Visit) -> dict[str, dict[str, str]]:
    """The states of each kind, in words."""
    both = {"in_force": visit.gettext("In force"), "retired": visit.gettext("Retired")}
    return {
        "chances": both | {"shadow": visit.gettext("In shadow: it scores and decides nothing")},
        "headings": both | {"shadow": visit.gettext("Kept: not in force yet")},
    }


def _measures(visit: Visit) -> dict[str, str]:
    """What the measures of a card are called."""
    word, percent = visit.gettext, visit.figures.percent
    told = {
        "auc": word("A find ranks above what is none (AUC)"),
        "average_precision": word("Average precision"),
        "calibration_error": word("Error of the chance (ECE)"),
    }
    told |= {name: visit.told(f"headings.measure.{name}", {}) for name in HEADING_MEASURES}
    for share in SHARES:
        at = {"share": percent(share / 100)}
        told[f"precision_at_{share}"] = word("Finds among the first %(share)s") % at
        told[f"revenue_at_{share}"] = word("Duty reached by the first %(share)s") % at
    return told
