"""Runs: listed, shown, compared with one another."""

from __future__ import annotations

from typing import Any, Final

from fastapi import Request, Response
from pydantic import BaseModel, Field

from pratique.api.conditional import NOT_MODIFIED, TagHeader, give_tag
from pratique.api.paging import Page, Paged
from pratique.api.routes.jobs import LOCATION, JobShown, job_path, shown_job
from pratique.api.serving import By
from pratique.api.shown import Run, ShortId, shown_run
from pratique.api.slice import Slice
from pratique.api.texts import RunId
from pratique.node.handlers.runs import CompareRuns, ListRuns, ReplayRun, ShowRun

SLICE: Final = Slice("runs")


class RunWithManifest(BaseModel):
    """A run with its manifest."""

    run: Run
    manifest: dict[str, Any] = Field(description="The digests of everything that went in and came out.")


class InputChanged(BaseModel):
    """An input that differs between two runs; null where a run does not have it."""

    name: str
    before: str | None
    after: str | None


class Moved(BaseModel):
    """A decision that differs; null where the bill is not in a run."""

    bill: str | None
    consignment_id: ShortId
    channel_before: str | None
    score_before: int | None
    channel_after: str | None
    score_after: int | None


class Compared(BaseModel):
    """Two runs side by side; `items` are the decisions that moved."""

    before: Run
    after: Run
    inputs: list[InputChanged]
    items: list[Moved]
    next: str | None = Field(description="Path of the next page; null on the last one.")


@SLICE.read("/runs", summary="List runs")
def list_runs(by: By, window: Paged) -> Page[Run]:
    """Every run, oldest first."""
    found = by.ask(ListRuns())
    return window.page(found, key=lambda run: (run.seq,), show=shown_run)


@SLICE.read("/runs/{run_id}", missing=True, summary="Show a run", responses=NOT_MODIFIED)
def show_run(
    by: By, request: Request, response: Response, run_id: RunId, if_none_match: TagHeader = None
) -> RunWithManifest:
    """One run with its manifest. It never changes: the answer has a tag."""
    found = by.ask(ShowRun(run_id))
    give_tag(request, response, found.run.manifest_sha256)
    return RunWithManifest(run=shown_run(found.run), manifest=dict(found.manifest))


@SLICE.write(
    "/runs/{run_id}/replay",
    scope="runs:read",
    status_code=202,
    missing=True,
    summary="Replay a run",
    responses=LOCATION,
)
def replay_run(by: By, request: Request, response: Response, run_id: RunId) -> JobShown:
    """Assesses the kept messages again with the lists, profiles, past, capacity and seed of then, and compares.

    It takes as long as an assessment, so the answer is a job; its `result` has `same_output`, `same_code` and the
    decisions that moved.
    """
    run = by.ask(ShowRun(run_id)).run
    by.serving.node.admit(ReplayRun(run.id), actor=by.actor)
    job = by.serving.jobs.start("replay", actor=by.actor, files=(), run=run.id)
    response.headers["Location"] = job_path(request, job.id)
    return shown_job(job)


@SLICE.read("/runs/{run_id}/compare/{after}", missing=True, summary="Compare two runs")
def compare_runs(by: By, window: Paged, run_id: RunId, after: RunId) -> Compared:
    """Which inputs changed from the first run to the second, and which decisions moved."""
    found = by.ask(CompareRuns(run_id, after))
    page = window.page(
        enumerate(found.moved),
        key=lambda each: (each[0],),
        show=lambda each: Moved.model_validate(each[1], from_attributes=True),
    )
    return Compared(
        before=shown_run(found.before),
        after=shown_run(found.after),
        inputs=[InputChanged.model_validate(each, from_attributes=True) for each in found.inputs],
        items=page.items,
        next=page.next,
    )
