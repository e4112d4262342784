"""Assessments: messages in, one run of explained control decisions out; done as a job."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Query, Request, Response

from pratique.api.once import about_to_start
from pratique.api.routes.jobs import LOCATION, JobShown, job_path, shown_job
from pratique.api.routes.messages import mapping_in
from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.flow.selection import parse_slots
from pratique.node.handlers.assessments import AssessMessages

SLICE: Final = Slice("assessments", persons=True)

Capacity = Annotated[
    str,
    Query(
        max_length=200,
        description="The slots of this run that differ from the settings.",
        examples=["open=12,scan=60,documents=200"],
    ),
]
Seed = Annotated[
    int | None, Query(ge=0, le=2**63 - 1, description="Decides the random draw; drawn by the node where none is given.")
]


@SLICE.write(
    "/assessments",
    takes="assess",
    status_code=202,
    summary="Assess messages in one run",
    responses=LOCATION,
)
def assess_messages(
    by: By, request: Request, response: Response, capacity: Capacity = "", seed: Seed = None
) -> JobShown:
    """Takes the messages over and puts their assessment in line; the answer is a job, and its `result` names the run.

    Several files in one form are assessed under one capacity. What cannot be read goes to quarantine; the rest goes on.
    """
    slots, mapping = parse_slots(capacity), mapping_in(by.files)
    by.serving.node.admit(AssessMessages(tuple(by.files.files), slots, mapping, seed), actor=by.actor)
    about_to_start(request, by)
    by.files.taken = True
    job = by.serving.jobs.start(
        "assess", actor=by.actor, files=by.files.files, capacity=slots or None, mapping=mapping, seed=seed
    )
    response.headers["Location"] = job_path(request, job.id)
    return shown_job(job)
