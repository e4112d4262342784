"""Generated requests: what they are sent to, as whom, and which checks judge the answers."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis import engine
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished

from api_client import Served
from nodes import ANNA, write_manifest, write_own_list
from pratique.api.once import KEY, NAME
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.lists import LoadList

SEED = 20261005
INVALID = ("api.invalid", "api.unknown_parameter", "api.not_json", "api.key_missing", "api.key_unfit")
# Every check of the tool is on. One answer more than it expects is accepted: the node may refuse a request that fits
# the document (a bill that is not in the run, a draft that is no profile), which is 422 here. That such a refusal is
# the node's, and not one for a form that the document calls good, is the check `called_good_is_not_called_invalid`.
ACCEPTED = ["2xx", "3xx", "401", "403", "404", "409", "422", "429", "5xx"]


@dataclass
class Judged:
    """How many requests were sent to each operation, and what differed from the document."""

    cases: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)


def filled(at: Served, folder: Path) -> None:
    """The node gets a watchlist and two runs, so that what is asked for is there."""
    at.node.execute(LoadList("own", (write_own_list(folder / "own.csv", "NORTHWIND EXPORT 1"),)), actor=ANNA)
    for number in (1, 2):
        path = write_manifest(folder / f"manifest-{number}.csv", bills=6, reference=f"REF{number}")
        at.node.execute(AssessMessages((path,)), actor=ANNA)


def judge(at: Served, *, phases: tuple[str, ...], examples: int, seed: int = SEED, only: str = "") -> Judged:
    """Sends generated requests of the published document to the server and judges every answer."""
    judged = Judged()
    schema = _schema(at, phases, examples, seed)
    for event in engine.from_schema(schema.include(operation_id=only) if only else schema).execute():
        if isinstance(event, ScenarioFinished):
            judged.cases[event.recorder.label] += len(event.recorder.interactions)
            for nodes in event.recorder.checks.values():
                judged.differences += [_told(event.recorder.label, each) for each in nodes if each.failure_info]
        elif isinstance(event, FatalError | NonFatalError):
            judged.differences.append(str(event.info if isinstance(event, NonFatalError) else event.exception))
    return judged


def _schema(at: Served, phases: tuple[str, ...], examples: int, seed: int) -> Any:
    known = ("examples", "coverage", "fuzzing", "stateful")
    config = schemathesis.Config.from_dict(
        {
            "seed": seed,
            "request-timeout": 120,
            "continue-on-failure": True,
            "generation": {"max-examples": examples, "database": "none", "deterministic": True},
            "phases": {name: {"enabled": name in phases} for name in known},
            "checks": {"positive_data_acceptance": {"expected-statuses": ACCEPTED}},
        }
    )
    address = f"{str(at.http.base_url).rstrip('/')}/api/openapi.json"
    schema = schemathesis.openapi.from_url(address, config=config, timeout=300)
    token = at.client().token

    @schema.auth()
    class Token:
        """What the tool sends as the caller, and leaves out where it tries to do without."""

        def get(self, case: schemathesis.Case, context: schemathesis.AuthContext) -> str:
            return token

        def set(self, case: schemathesis.Case, data: str, context: schemathesis.AuthContext) -> None:
            case.headers["Authorization"] = f"Bearer {data}"

    return schema


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case, **how: Any) -> None:
    """Every key that is one is made a new one: that keys are used once cannot be said in a document."""
    given = (case.headers or {}).get(NAME)
    if isinstance(given, str) and re.fullmatch(KEY, given):
        case.headers[NAME] = str(uuid.uuid4())


@schemathesis.check
def called_good_is_not_called_invalid(
    context: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> None:
    """A request that the document calls good is never refused for its form."""
    meta = case.meta
    if meta is None or not meta.generation.mode.is_positive or response.status_code not in (400, 422):
        return
    told = response.json()
    assert told["code"] not in INVALID, f"{told['code']}: {told['errors'] or told['detail']}"


def _told(label: str, node: Any) -> str:
    failure = node.failure_info.failure
    return f"{label}: {node.name}: {failure.title}: {failure.message}\n{node.failure_info.code_sample}"
