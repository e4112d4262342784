"""Following one piece of long work: how far it is, and then on to what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from starlette.responses import Response

from pratique.desk.pages import loading
from pratique.desk.visit import Visit
from pratique.node.acts import Command
from pratique.node.errors import refuse
from pratique.node.exchange.partner_log import ShownLog
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.ledger_verify import VerifyLedger
from pratique.node.handlers.lists import LoadList
from pratique.node.handlers.quarantine import RereadQuarantined
from pratique.node.handlers.reconciliation import ReconcileLogs
from pratique.node.jobs import Job
from pratique.node.jobs.job import CANCELLED, DONE
from pratique.vocabulary.errors import Category

NO_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)
AT_MOST_SECONDS: Final = 1.0  # an officer who hands in something small sees what came of it at once
ADMITTED: Final[Mapping[str, Command[Any]]] = {  # who may give the command may follow the work and stop it
    "assess": AssessMessages(()),
    "load_list": LoadList("", ()),
    "reread_quarantined": RereadQuarantined(""),
    "verify_ledger": VerifyLedger(),
    "reconcile": ReconcileLogs("", NO_TIME, NO_TIME, (), ShownLog()),
}
BACK: Final[Mapping[str, str]] = {
    "assess": "/",
    "load_list": "/lists",
    "reread_quarantined": "/quarantine",
    "verify_ledger": "/ledger",
    "reconcile": "/partners",
}


def begun(visit: Visit, job: Job) -> Response:
    """On to what came of work just put in line where it is done within a second, else to where it can be followed."""
    job = visit.desk.jobs.wait(job.id, seconds=AT_MOST_SECONDS)
    return _outcome(visit, job) if job.ended else visit.go(f"/jobs/{job.id}")


def show(visit: Visit) -> Response:
    """How far the work is; once it is done, on to what came of it, and why where it failed."""
    job = _job(visit)
    if job.ended:
        return _outcome(visit, job)
    values = _told(visit, job)
    return (
        visit.part("following.html", "job_told", **values) if visit.partial else visit.page("following.html", **values)
    )


def cancel(visit: Visit) -> Response:
    """Stops the work; nothing of it is kept but a raw file that was already received."""
    job = visit.desk.jobs.cancel(_job(visit).id)
    if job.kind != "assess":
        return visit.go(f"/jobs/{job.id}")
    return loading.jobs(visit) if visit.partial else visit.go("/")


def _job(visit: Visit) -> Job:
    """The job of the address, for whoever may give its command. Raises ``NOT_FOUND``, ``DENIED``."""
    job = visit.desk.jobs.show(visit.request.path_params["job"])
    if job.kind not in ADMITTED:
        raise refuse("jobs.not_found", Category.NOT_FOUND, job=job.id)
    visit.desk.node.admit(ADMITTED[job.kind], actor=visit.actor)
    return job


def _outcome(visit: Visit, job: Job) -> Response:
    """Raises what the work was refused with, for the page that says where and what to do."""
    if job.state == DONE and job.result is not None:
        path, query = _result(job, job.result)
        return visit.go(path, **query)
    if visit.partial:
        return visit.go(f"/jobs/{job.id}")  # as a whole page
    if job.error is not None:
        raise visit.job_error(job.error)
    return visit.page("following.html", **_told(visit, job))


def _result(job: Job, result: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """Where it is seen what came of the work."""
    if job.kind == "load_list":
        return f"/lists/changes/{result['change']}", {"loaded": job.id}
    if job.kind == "reread_quarantined":
        return "/quarantine", {"reread": str(result["closed"])}
    if job.kind == "verify_ledger":
        return "/ledger", {}
    if job.kind == "reconcile":
        return f"/comparisons/{result['report']}", {}
    return f"/queue/{result['run']}", {}


def _told(visit: Visit, job: Job) -> dict[str, Any]:
    heads = {
        "assess": visit.gettext("Assessing"),
        "load_list": visit.gettext("Loading a list"),
        "reread_quarantined": visit.gettext("Reading again"),
        "verify_ledger": visit.gettext("Checking the ledger"),
        "reconcile": visit.gettext("Comparing logs with a partner"),
    }
    return {
        "job": job,
        "head": heads[job.kind],
        "back": BACK[job.kind],
        "stopped": job.state == CANCELLED,
        "stage": loading.stage_now(job, visit.language),
    }
