"""What the stages of long work are called on a page; the node tells them by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pratique.node.jobs import Job
from pratique.node.stages import step_of


def stage_words(word: Callable[[str], str]) -> Mapping[str, str]:
    """The words of each stage."""
    return {
        "keeping": word("keeping the file"),
        "reading": word("reading"),
        "checking": word("checking codes and totals"),
        "versions": word("comparing with earlier versions"),
        "screening": word("screening names and numbers"),
        "facts": word("gathering facts"),
        "scoring": word("scoring"),
        "selection": word("selecting"),
        "storing": word("storing"),
        "indexing": word("preparing the names for comparison"),
        "records": word("comparing every record with its leaf"),
        "branches": word("hashing every entry again"),
        "checkpoints": word("checking signatures and witnesses"),
        "copies": word("comparing with copies that lie elsewhere"),
        "comparing": word("comparing with the list in force and what is not yet released"),
        "laying_open": word("laying both logs open and comparing them"),
    }


def stage_told(job: Job, word: Callable[[str], str]) -> str:
    """What is being done now, and how far it is; of a stage that names what it works on, its first word counts."""
    if not job.stages:
        return word("waiting")
    stage, step = job.stages[-1].partition(" ")[0], step_of(job.stages[-1])
    told = stage_words(word).get(stage, stage)
    return told if step is None else f"{told}: {step.number} / {step.total}"
