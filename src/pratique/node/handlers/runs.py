"""Runs: listed, shown, replayed to the same hash, compared with one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from pratique.flow.assess import Assessment, assess, output_digest
from pratique.flow.screening.memory import no_answers
from pratique.node.acts import Query, View
from pratique.node.errors import refuse
from pratique.node.lake import known_frame, read_frame
from pratique.node.learning.speakers import speakers_then
from pratique.node.runs.at_hand import require_kept
from pratique.node.runs.code_tables import tables_with
from pratique.node.runs.code_version import code_facts
from pratique.node.runs.in_force import Remembered, in_force_then, inputs_of
from pratique.node.runs.known import past_then
from pratique.node.runs.manifest import CONSIGNMENT_ID, manifest_of
from pratique.node.runs.readings import RawMessage, manifest_of_all, mapping_of, read_kept_as_written
from pratique.node.runs.record import KNOWN_ANSWERS, input_digests
from pratique.node.storage import runs as stored
from pratique.node.storage.runs import StoredRun
from pratique.node.storage.store import Connection
from pratique.vocabulary.errors import Category


@dataclass(frozen=True, slots=True)
class RunShown:
    """A run with its manifest: the digests of everything that went in and came out."""

    run: StoredRun
    manifest: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Moved:
    """A decision that differs: from channel and score to channel and score; ``None`` where the bill is not in a run."""

    bill: str | None
    consignment_id: str
    channel_before: str | None
    score_before: int | None
    channel_after: str | None
    score_after: int | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of a replay: whether output and code are the same, and the decisions that differ."""

    run: StoredRun
    output_sha256: str
    same_output: bool
    same_code: bool
    code_then: Mapping[str, str]
    code_now: Mapping[str, str]
    moved: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class InputChanged:
    """An input that differs between two runs; ``None`` where a run does not have it."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Compared:
    """Two runs side by side: which inputs changed and which decisions moved."""

    before: StoredRun
    after: StoredRun
    inputs: tuple[InputChanged, ...]
    moved: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class ListRuns(Query[list[StoredRun]]):
    """Every run, oldest first."""


@dataclass(frozen=True, slots=True)
class ShowRun(Query[RunShown]):
    """One run by its short id."""

    run_id: str


@dataclass(frozen=True, slots=True)
class ReplayRun(Query[Replayed]):
    """Computes a run again from what it was computed from, and changes nothing."""

    run_id: str


@dataclass(frozen=True, slots=True)
class CompareRuns(Query[Compared]):
    """What is different between two runs, and which decisions moved."""

    before: str
    after: str


def list_runs(query: ListRuns, view: View) -> list[StoredRun]:
    """The order is that of the journal."""
    return stored.runs(view.connection)


def show_run(query: ShowRun, view: View) -> RunShown:
    """Raises ``NOT_FOUND`` where no run has the id."""
    run = named_run(view.connection, query.run_id)
    return RunShown(run, manifest_of(run))


def replay_run(query: ReplayRun, view: View) -> Replayed:
    """The same messages, lists, profiles, tables, settings, past and seed; under other code the result may differ."""
    run = named_run(view.connection, query.run_id)
    require_kept(view.connection, run)
    manifest = manifest_of(run)
    again = _assessed_again(manifest, view)
    output = output_digest(again)
    same = output == run.output_sha256
    now = _decided(again.manifest.consignments, again.consignment_ids, again.decisions, again.scores)
    return Replayed(
        run=run,
        output_sha256=output,
        same_output=same,
        same_code=manifest["code"] == code_facts(),
        code_then=manifest["code"],
        code_now=code_facts(),
        moved=() if same else _moved(decided(run, view), now),
    )


def compare_runs(query: CompareRuns, view: View) -> Compared:
    """Bills are the same where their consignment is; an amended bill is matched by its number."""
    before, after = named_run(view.connection, query.before), named_run(view.connection, query.after)
    for run in (before, after):
        require_kept(view.connection, run)
    old, new = input_digests(manifest_of(before)), input_digests(manifest_of(after))
    inputs = tuple(
        InputChanged(name, old.get(name), new.get(name))
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    )
    return Compared(before, after, inputs, _moved(decided(before, view), decided(after, view)))


def named_run(connection: Connection, run_id: str) -> StoredRun:
    """The run by its short id. Raises ``NOT_FOUND``."""
    run = stored.run_by_id(connection, run_id.upper())
    if run is None:
        raise refuse("runs.not_found", Category.NOT_FOUND, run=run_id)
    return run


def run_frame(run: StoredRun, name: str, view: View) -> pl.DataFrame:
    """A frame of a run, out of the lake."""
    return known_frame(view.folder, manifest_of(run)["frames"][name])


def decided(run: StoredRun, view: View) -> pl.DataFrame:
    """``consignment_id, bill, channel, score`` of every consignment of a run."""
    consignments = run_frame(run, "consignments", view)
    decisions, scores = run_frame(run, "decisions", view), run_frame(run, "scores", view)
    return _decided(consignments, consignments[CONSIGNMENT_ID], decisions, scores)


def _decided(consignments: pl.DataFrame, ids: pl.Series, decisions: pl.DataFrame, scores: pl.DataFrame) -> pl.DataFrame:
    named = consignments.select(
        "consignment", pl.col("transport_contract_document_id").alias("bill"), pl.lit(ids).alias("consignment_id")
    )
    found = decisions.select("consignment", "channel").join(scores.select("consignment", "score"), on="consignment")
    return named.join(found, on="consignment", how="left", maintain_order="left").drop("consignment")


def _moved(before: pl.DataFrame, after: pl.DataFrame) -> tuple[Moved, ...]:
    key = pl.coalesce("bill", "consignment_id")
    old = before.with_columns(key=key).with_columns(turn=pl.int_range(pl.len()).over("key"))
    new = after.with_columns(key=key).with_columns(turn=pl.int_range(pl.len()).over("key"))
    both = old.join(new, on=["key", "turn"], how="full", suffix="_after", coalesce=True).sort("key", "turn")
    differs = pl.col("channel").ne_missing(pl.col("channel_after")) | pl.col("score").ne_missing(pl.col("score_after"))
    return tuple(
        Moved(*row)
        for row in both.filter(differs)
        .select(
            pl.coalesce("bill", "bill_after"),
            pl.coalesce("consignment_id_after", "consignment_id"),
            "channel",
            "score",
            "channel_after",
            "score_after",
        )
        .rows()
    )


def _assessed_again(manifest: Mapping[str, Any], view: View) -> Assessment:
    given = in_force_then(view.connection, manifest)
    tables = tables_with(given.tables, view.folder)
    mapping = mapping_of(manifest["mapping"])
    view.progress("reading")
    raws = [RawMessage(each["name"], each["sha256"]) for each in manifest["messages"] if each["read"]]
    outcomes = [read_kept_as_written(raw, folder=view.folder, mapping=mapping) for raw in raws]
    frames = manifest["frames"]
    history = past_then(manifest, lambda name: read_frame(view.folder, frames[name]))
    answers = read_frame(view.folder, frames[KNOWN_ANSWERS]) if KNOWN_ANSWERS in frames else no_answers()
    inputs = inputs_of(
        given,
        folder=view.folder,
        remembered=Remembered(history, answers, speakers_then(view.connection, view.folder, manifest)),
        capacity=manifest["capacity"],
        seed=manifest["seed"],
        at=manifest["at"],
    )
    return assess(manifest_of_all(outcomes, tables=tables), inputs=inputs, progress=view.progress)
