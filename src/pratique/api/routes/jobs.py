"""Jobs: long work that goes on while the caller does something else."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import Path, Request
from pydantic import BaseModel, Field

from pratique.api.paging import Page, Paged
from pratique.api.serving import By, Caller
from pratique.api.shown import Moment, ShortId
from pratique.api.slice import Slice
from pratique.node.errors import refuse
from pratique.node.jobs import Job
from pratique.vocabulary.errors import Category

SLICE: Final = Slice("jobs")
WHO_STARTS: Final = "assessments:write"  # who may start work may follow it and stop it

JobId = Annotated[str, Path(max_length=64, description="Short id of a job.", examples=["7K3MZQ2V"])]
State = Literal["waiting", "running", "done", "failed", "cancelled"]


class JobFault(BaseModel):
    """Why a job failed, in the words of a problem."""

    code: str
    happened: str
    kept: str
    todo: str


class JobShown(BaseModel):
    """One piece of long work as it stands."""

    id: ShortId
    kind: str = Field(description="What is done.", examples=["assess"])
    actor: str = Field(description="Who asked for it.")
    state: State
    started_at: Moment = Field(description="When it was asked for.")
    files: list[str] = Field(description="Names of the files it works on.")
    stages: list[str] = Field(description="The stages begun so far, in order.")
    result: dict[str, Any] | None = Field(description="What came of it; `run` is the short id of the run.")
    error: JobFault | None


@SLICE.read("/jobs", scope=WHO_STARTS, summary="List own jobs")
def list_jobs(by: By, window: Paged) -> Page[JobShown]:
    """The jobs that the caller asked for, oldest first; those that ended long ago are no longer among them."""
    own = [job for job in reversed(by.serving.jobs.all()) if _is_own(job, by)]
    return window.page(own, key=lambda job: (job.started_at, job.id), show=shown_job)


@SLICE.read("/jobs/{job_id}", scope=WHO_STARTS, missing=True, summary="Show a job")
def show_job(by: By, job_id: JobId) -> JobShown:
    """How far it is, and in the end what came of it."""
    return shown_job(_own(job_id, by))


@SLICE.write("/jobs/{job_id}/cancel", scope=WHO_STARTS, missing=True, summary="Cancel a job")
def cancel_job(by: By, job_id: JobId) -> JobShown:
    """Stops it; what it had not finished leaves nothing behind. A job that has ended cannot be cancelled."""
    return shown_job(by.serving.jobs.cancel(_own(job_id, by).id))


def shown_job(job: Job) -> JobShown:
    """The job in the published form."""
    error = None if job.error is None else JobFault.model_validate(dict(job.error))
    plain = {name: getattr(job, name) for name in JobShown.model_fields if name != "error"}
    return JobShown.model_validate(plain | {"error": error, "files": list(job.files), "stages": list(job.stages)})


def job_path(request: Request, job_id: str) -> str:
    """The path under which the job is shown."""
    return f"{request.scope.get('root_path', '')}/jobs/{job_id}"


def _own(job_id: str, by: Caller) -> Job:
    """Another's job is not there: its name alone would tell who works on what."""
    job = by.serving.jobs.show(job_id.upper())
    if not _is_own(job, by):
        raise refuse("jobs.not_found", Category.NOT_FOUND, job=job_id)
    return job


def _is_own(job: Job, by: Caller) -> bool:
    return job.actor == by.actor.name
