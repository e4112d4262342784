"""The record of a run: which frames are kept, and the manifest that names everything that went in and came out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from pratique.flow.assess import Assessment, MetPast
from pratique.node.canonical import digest
from pratique.node.instants import to_text
from pratique.node.lake import FrameFacts
from pratique.node.learning.speakers import HEADINGS, IN_FORCE, SHADOW
from pratique.node.runs.code_version import code_facts
from pratique.node.runs.in_force import InForce, Remembered, facts_of
from pratique.node.runs.manifest import CONSIGNMENT_ID
from pratique.node.runs.readings import Outcome, mapping_text
from pratique.vocabulary.frames import SCHEMAS
from pratique.vocabulary.history import History

PAST: Final = ("known_parties", "known_boxes", "known_bills", "known_routes")
FORM: Final = "pratique-run-1"
FINDINGS: Final = "findings"  # a hit under no bill is one
KNOWN_ANSWERS: Final = "known_answers"


@dataclass(frozen=True, slots=True)
class RunParts:
    """Everything a run manifest speaks of."""

    given: InForce
    assessment: Assessment
    remembered: Remembered
    outcomes: Sequence[Outcome]
    frames: Mapping[str, FrameFacts]


def frames_before_hits(met: MetPast, remembered: Remembered) -> dict[str, pl.DataFrame]:
    """The frames of a run, by name, that screening and scoring do not change: what was read, the past, the answers."""
    history, manifest = remembered.history, met.manifest
    frames = {name: getattr(manifest, name) for name in SCHEMAS if name != FINDINGS}
    return frames | {
        "consignments": manifest.consignments.with_columns(pl.lit(met.consignment_ids).alias(CONSIGNMENT_ID)),
        "versions": met.versions.frame,
        "known_parties": history.parties,
        "known_boxes": history.boxes,
        "known_bills": history.bills,
        "known_routes": history.routes_in_all,
        KNOWN_ANSWERS: remembered.answers,
    }


def frames_of_decisions(assessment: Assessment) -> dict[str, pl.DataFrame]:
    """All other frames of a run by name: findings, and what was found and decided."""
    learned = {"learned": assessment.learned, "shadow": assessment.shadow}
    return {
        FINDINGS: assessment.manifest.findings,
        "hits": assessment.hits,
        "reasons": assessment.reasons,
        "scores": assessment.scores,
        "decisions": assessment.decisions,
    } | {name: frame for name, frame in learned.items() if frame is not None}


def run_manifest(
    parts: RunParts, *, capacity: Mapping[str, int], seed: int, at: str, mapping: Mapping[str, object] | None
) -> dict[str, Any]:
    """Digests of messages, lists, profiles, tables, settings, capacity, past and code; where the frames lie."""
    assessment = parts.assessment
    return {
        "form": FORM,
        "at": at,
        "messages": [
            {"name": outcome.raw.file_name, "sha256": outcome.raw.sha256, "read": outcome.reading is not None}
            for outcome in parts.outcomes
        ],
        "mapping": mapping_text(mapping),
        **facts_of(parts.given),
        **parts.remembered.speakers.facts,
        "capacity": dict(capacity),
        "known": _known(parts.remembered.history),
        "seed": seed,
        "frames": dict(parts.frames),
        "code": code_facts(),
        "counts": {
            "messages": assessment.manifest.message.height,
            "consignments": assessment.manifest.consignments.height,
            "findings": assessment.manifest.findings.height,
            "hits": assessment.hits.height,
            "reasons": assessment.reasons.height,
        },
    }


def _known(history: History) -> dict[str, Any]:
    """How much was known in all, and since when."""
    facts = {"parties": history.parties_in_all, "bills": history.bills_in_all}
    return facts if history.since is None else facts | {"since": to_text(history.since)}


def input_digests(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Every input of a run by name, as text that differs where the input differs."""
    digests = {f"message {each['sha256'][:12]}": each["name"] for each in manifest["messages"]}
    digests |= {f"list {name}": facts["digest"] for name, facts in manifest["lists"].items()}
    digests |= {f"profile {name}": f"version {facts['version']}" for name, facts in manifest["profiles"].items()}
    digests |= {
        f"profile {name} set aside": f"version {each['version']}"
        for name, each in manifest["profiles_set_aside"].items()
    }
    digests |= {f"table {name}": digest for name, digest in manifest["tables"].items()}
    digests |= {f"setting {name}": value for name, value in manifest["settings"].items()}
    digests |= {f"capacity {name}": str(slots) for name, slots in manifest["capacity"].items()}
    digests |= {f"code {name}": value for name, value in manifest["code"].items()}
    for name in (IN_FORCE, SHADOW):
        if name in manifest:
            digests[name.replace("_", " ")] = manifest[name]["digest"]
            digests[f"history of the {name.replace('_', ' ')}"] = manifest[name]["history"]
    if HEADINGS in manifest:
        digests["headings"] = manifest[HEADINGS]["digest"]
    past = [manifest["known"], *(manifest["frames"][name]["sha256"] for name in PAST)]
    return digests | {
        "seed": str(manifest["seed"]),
        "mapping": manifest["mapping"] or "",
        "moment": manifest["at"],
        "what was known before": digest(past),
        "answers to list hits": manifest["frames"].get(KNOWN_ANSWERS, {}).get("sha256", ""),
    }
