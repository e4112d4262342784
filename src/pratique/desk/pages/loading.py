"""Loading a manifest: files come in, and the jobs that assess them are seen and can be stopped."""

from __future__ import annotations

import shutil
from typing import Final

from starlette.datastructures import UploadFile
from starlette.responses import Response

from pratique.desk.visit import Visit
from pratique.node.errors import refuse
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.jobs import Job

STAGES: Final = ("keeping", "reading", "versions", "screening", "facts", "scoring", "selection", "storing")


def load(visit: Visit) -> Response:
    """One job for all the files of the form: they share one capacity."""
    _require_may_assess(visit)
    came = [file for file in visit.form.getlist("file") if isinstance(file, UploadFile) and file.filename]
    if not came:
        raise refuse("desk.no_file")
    places = []
    for file in came:
        place = visit.desk.jobs.place(file.filename or "")
        with place.open("wb") as target:
            shutil.copyfileobj(file.file, target)
        places.append(place)
    visit.desk.jobs.start("assess", actor=visit.actor, files=places)
    return jobs(visit) if visit.partial else visit.go("/")


def jobs(visit: Visit) -> Response:
    """The jobs under way and those that ended lately."""
    return visit.part("arrivals.html", "jobs", jobs=shown(visit), stages=STAGES)


def cancel(visit: Visit) -> Response:
    """Stops a job; nothing of it is kept but the raw file that was already received."""
    _require_may_assess(visit)
    visit.desk.jobs.cancel(visit.request.path_params["job"])
    return jobs(visit) if visit.partial else visit.go("/")


def _require_may_assess(visit: Visit) -> None:
    """Refused before a file is kept or a job stopped, not when the job gets that far."""
    visit.desk.node.admit(AssessMessages(()), actor=visit.actor)


def shown(visit: Visit) -> list[Job]:
    """Those not ended, and the last two that did."""
    every = [job for job in visit.desk.jobs.all() if job.kind == "assess"]
    under_way = [job for job in every if not job.ended]
    return [*under_way, *[job for job in every if job.ended][:2]]
