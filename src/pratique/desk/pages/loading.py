"""Loading a manifest: files come in, and the jobs that assess them are seen and can be stopped."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from pratique.desk.uploads import handed_in
from pratique.desk.visit import Visit
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.jobs import Job
from pratique.node.stages import stage_told

STAGES: Final = ("keeping", "reading", "checking", "versions", "screening", "facts", "scoring", "selection", "storing")


def load(visit: Visit) -> Response:
    """One job for all the files of the form: they share one capacity."""
    # refused before a file is kept, not when the job gets that far
    visit.desk.node.admit(AssessMessages(()), actor=visit.actor)
    visit.desk.jobs.start("assess", actor=visit.actor, files=handed_in(visit))
    return jobs(visit) if visit.partial else visit.go("/")


def jobs(visit: Visit) -> Response:
    """The jobs under way and those that ended lately."""
    return visit.part("arrivals.html", "jobs", **told(visit))


def told(visit: Visit) -> dict[str, Any]:
    """The jobs as the board of arrivals tells them."""
    return {"jobs": _shown(visit), "stages": STAGES, "stage_now": lambda job: stage_now(job, visit.language)}


def stage_now(job: Job, language: str) -> str:
    """What is being done now, and how far it is."""
    return stage_told(job.stages[-1] if job.stages else "waiting", language)


def _shown(visit: Visit) -> list[Job]:
    """Those not ended, and the last two that did."""
    every = [job for job in visit.desk.jobs.all() if job.kind == "assess"]
    under_way = [job for job in every if not job.ended]
    return [*under_way, *[job for job in every if job.ended][:2]]
