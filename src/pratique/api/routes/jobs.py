"""Jobs: long work that goes on while the caller does something else."""

from __future__ import annotations

from pathlib import Path as Folder
from typing import Annotated, Any, Final, Literal

from fastapi import Depends, Path, Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field

from pratique.api.caller import purpose_given
from pratique.api.frames import ReadDocument
from pratique.api.paging import Page, Paged
from pratique.api.serving import By, Caller
from pratique.api.shown import Moment, ShortId
from pratique.api.slice import Slice
from pratique.node.errors import refuse
from pratique.node.handlers.messages import ReadMessage
from pratique.node.handlers.quarantine import RereadQuarantined
from pratique.node.jobs import Job
from pratique.node.stages import Step, name_of
from pratique.vocabulary.errors import Category

SLICE: Final = Slice("jobs")
STARTED_WITH: Final = {  # the scope that starts work of a kind follows it and stops it
    "assess": "assessments:write",
    "replay": "runs:read",
    "load_list": "lists:write",
    "read_message": "messages:write",
    "reread_quarantined": "quarantine:write",
}
WHO_STARTS: Final = tuple(STARTED_WITH.values())
READINGS: Final = {"read_message": ReadMessage(Folder()), "reread_quarantined": RereadQuarantined("")}
WHO_READS: Final = tuple(STARTED_WITH[kind] for kind in READINGS)
AT_MOST_SECONDS: Final = 1.0  # a caller waits for small work to be done
LOCATION: Final[dict[int | str, dict[str, Any]]] = {
    202: {"headers": {"Location": {"schema": {"type": "string"}, "description": "Path of the job."}}}
}

JobId = Annotated[str, Path(max_length=64, description="Short id of a job.", examples=["7K3MZQ2V"])]
State = Literal["waiting", "running", "done", "failed", "cancelled"]


class JobFault(BaseModel):
    """Why a job failed, in the words of a problem."""

    code: str
    happened: str
    kept: str
    todo: str


class StepShown(BaseModel):
    """How far a stage is."""

    model_config = ConfigDict(from_attributes=True)

    done: int = Field(description="So many of its units are done.")
    of: int = Field(description="So many there are.")
    unit: Literal["run", "list", "name"] = Field(description="What is counted.")


class JobShown(BaseModel):
    """One piece of long work as it stands."""

    id: ShortId
    kind: str = Field(description="What is done: assess, replay, load_list, read_message, reread_quarantined.")
    actor: str = Field(description="Who asked for it.")
    state: State
    started_at: Moment = Field(description="When it was asked for.")
    files: list[str] = Field(description="Names of the files it works on.")
    stages: list[str] = Field(description="The stages begun so far, in order.")
    step: StepShown | None = Field(description="How far the last of the stages is; null where it does not tell.")
    result: dict[str, Any] | None = Field(
        description=(
            "What came of it, as names and counts. `run` is the short id of a run; `change` is the number of what a "
            "list changed; of a reading `GET /jobs/{job_id}/document` has the whole."
        )
    )
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


@SLICE.read(
    "/jobs/{job_id}/document",
    scope=WHO_READS,
    missing=True,
    summary="Show what was read",
    response_model=ReadDocument,
    dependencies=[Depends(purpose_given)],
)
def show_document(by: By, job_id: JobId) -> Response:
    """The reading of a message, whole, as `pratique read --json` prints it; for as long as the job is remembered.

    Documents beyond 2 GiB together go before, the oldest first; the message is then read again.
    """
    job = _own(job_id, by)
    if job.kind not in READINGS:
        raise refuse("jobs.no_document", Category.NOT_FOUND, job=job_id)
    by.serving.node.admit(READINGS[job.kind], actor=by.actor)
    return FileResponse(by.serving.jobs.document(job.id), media_type="application/json")


@SLICE.write("/jobs/{job_id}/cancel", scope=WHO_STARTS, missing=True, summary="Cancel a job")
def cancel_job(by: By, job_id: JobId) -> JobShown:
    """Stops it; what it had not finished leaves nothing behind. A job that has ended cannot be cancelled."""
    return shown_job(by.serving.jobs.cancel(_own(job_id, by).id))


def shown_job(job: Job) -> JobShown:
    """The job in the published form."""
    error = None if job.error is None else JobFault.model_validate(dict(job.error))
    last = job.stages[-1] if job.stages else None
    made = {
        "error": error,
        "files": list(job.files),
        "stages": [name_of(stage) for stage in job.stages],
        "step": StepShown.model_validate(last) if isinstance(last, Step) else None,
    }
    plain = {name: getattr(job, name) for name in JobShown.model_fields if name not in made}
    return JobShown.model_validate(plain | made)


def begun(request: Request, response: Response, by: Caller, job: Job) -> JobShown:
    """The job that was just put in line, with its path in the answer; done already where it is small."""
    response.headers["Location"] = job_path(request, job.id)
    return shown_job(by.serving.jobs.wait(job.id, seconds=AT_MOST_SECONDS))


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
    scopes = by.actor.scopes
    return job.actor == by.actor.name and (scopes is None or STARTED_WITH[job.kind] in scopes)
