"""The kinds of long work: which command or query each gives to the node, and what it tells of the outcome.

A result is JSON: counts and names by which the rest is found. What is larger is a document in the folder of the job.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from pratique.flow.intake.document import document
from pratique.flow.intake.format import Reading
from pratique.flow.screening import ListFile, Screener
from pratique.node import Actor, Node, local_operator
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.ledger_verify import VerifyLedger
from pratique.node.handlers.lists import LoadList
from pratique.node.handlers.messages import MessageRead, ReadMessage
from pratique.node.handlers.quarantine import RereadQuarantined
from pratique.node.handlers.reconciliations import ListReconciliations
from pratique.node.handlers.runs import ReplayRun
from pratique.node.instants import from_text
from pratique.node.jobs.job import DOCUMENT
from pratique.node.plugins import list_source
from pratique.node.stages import Stage, Step
from pratique.vocabulary.findings import Finding

REHEARSED: Final = b"""\
id,name,kind,aliases,country,birth_date,identifiers,programme,remarks
1,NORTHWIND EXPORT,organisation,,,,,,
"""
MOST_TOLD: Final = 1000  # decisions or findings that a result names

Say = Callable[[Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Given:
    """One job: the folder with its files, what is to be done with them, and who asks for it."""

    folder: Path
    files: tuple[Path, ...]
    what: Mapping[str, Any]
    actor: Actor
    say: Say

    def stage(self, stage: Stage) -> None:
        """The next stage has begun, or has come further."""
        self.say({"stage": asdict(stage) if isinstance(stage, Step) else stage})


def rehearse() -> None:
    """Makes one invented name ready for screening, which loads tables and compiled parts before there is work."""
    Screener.build(list_source("own").plugin.load([ListFile("own.csv", REHEARSED)]).listings)


def _assess(node: Node, job: Given) -> dict[str, Any]:
    what = job.what
    command = AssessMessages(
        job.files, capacity=what.get("capacity"), mapping=what.get("mapping"), seed=what.get("seed")
    )
    found = node.execute(command, actor=job.actor, progress=job.stage)
    return {
        "run": found.run.id,
        "consignments": found.run.consignment_count,
        "hits": found.run.hit_count,
        "chosen": found.run.chosen_count,
        "quarantined": len(found.quarantined),
        "warnings": [{"rule": each.rule, "params": dict(each.params)} for each in found.warnings],
    }


def _replay(node: Node, job: Given) -> dict[str, Any]:
    job.stage("replaying")
    found = node.ask(ReplayRun(job.what["run"]), actor=job.actor)
    return {
        "run": found.run.id,
        "output_sha256": found.output_sha256,
        "same_output": found.same_output,
        "same_code": found.same_code,
        "moved": [asdict(each) for each in found.moved[:MOST_TOLD]],
        "moved_count": len(found.moved),
    }


def _load_list(node: Node, job: Given) -> dict[str, Any]:
    command = LoadList(job.what["source"], job.files, job.what.get("list_id"))
    found = node.execute(command, actor=job.actor, progress=job.stage)
    return {
        "list_id": found.version.list_id,
        "version": found.version.digest,
        "rows": json.loads(found.version.counts)["rows"],
        "change": found.change.seq,
        "raised": found.change.raised_count,
        "findings": _told(found.findings),
    }


def _read_message(node: Node, job: Given) -> dict[str, Any]:
    (path,) = job.files
    found = node.execute(ReadMessage(path, job.what.get("mapping")), actor=job.actor, progress=job.stage)
    return _read(found, job)


def _reread_quarantined(node: Node, job: Given) -> dict[str, Any]:
    job.stage("reading")
    found = node.execute(RereadQuarantined(job.what["part"], job.what.get("mapping")), actor=job.actor)
    return _read(found, job)


def _verify_ledger(node: Node, job: Given) -> dict[str, Any]:
    verdict = node.execute(VerifyLedger(), actor=job.actor, progress=job.stage)
    return {"entries": verdict.size, "faults": verdict.fault_count}


def _reconcile(node: Node, job: Given) -> dict[str, Any]:
    """The officer compares; the call itself is signed by the node, which no officer may have sign anything."""
    from pratique.node.exchange.worker import Exchange  # no other work calls anybody: none waits for this to load

    job.stage("laying_open")
    partner, since, until = job.what["partner"], from_text(job.what["since"]), from_text(job.what["until"])
    exchange = Exchange(node, actor=job.actor, signs=local_operator("exchange"))
    found = exchange.reconcile(partner, since=since, until=until)
    lines = node.ask(ListReconciliations(), actor=job.actor)
    report = next(each.newest for each in lines if each.partner == partner and each.newest is not None)
    return {"report": report.seq, "agrees": found.agrees}


def _read(found: MessageRead, job: Given) -> dict[str, Any]:
    """The reading becomes the document of the job, as ``pratique read --json`` prints it."""
    with (job.folder / DOCUMENT).open("w", encoding="utf-8") as target:
        json.dump(document(Reading(found.manifest), file_name=found.file_name), target)
    return {
        "raw_sha256": found.raw_sha256,
        "file_name": found.file_name,
        "consignments": found.manifest.consignments.height,
        "findings": found.manifest.findings.height,
        "quarantined": len(found.quarantined),
        "closed": found.closed,
    }


def _told(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings that belong to the whole of what came in."""
    rows = [
        {"rule": each.rule, "severity": each.severity, "place": each.place, "params": dict(each.params)}
        for each in findings
    ]
    return rows[:MOST_TOLD]


KINDS: Final = {
    "assess": _assess,
    "replay": _replay,
    "load_list": _load_list,
    "read_message": _read_message,
    "reread_quarantined": _reread_quarantined,
    "verify_ledger": _verify_ledger,
    "reconcile": _reconcile,
}
