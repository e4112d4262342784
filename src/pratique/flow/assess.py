"""The whole way through, one function: a manifest in, hits, reasons, scores and control decisions out.

In: a ``Manifest`` and everything a decision may depend on, as values. Out: frames of one row per consignment, hit or
reason. It knows no clock, no database and no network; the same inputs give the same bytes with any number of threads.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

import polars as pl

from pratique.flow.intake.amendments import Versions, versions
from pratique.flow.intake.succession import in_succession
from pratique.flow.risk import (
    Facts,
    Fired,
    RiskProfile,
    by_id,
    facts_without_hits,
    fired,
    in_force,
    summed,
    with_described,
    with_hits,
    with_reasons,
)
from pratique.flow.screening import Answering, Mentioned, screen_manifest
from pratique.flow.screening.grading import no_grades, with_grades
from pratique.flow.screening.memory import loud, no_answers, with_memory
from pratique.flow.selection import Capacity, Knobs, select, value_of
from pratique.vocabulary.codes.tables import CodeTables
from pratique.vocabulary.frames import FINDING, Manifest, frame
from pratique.vocabulary.history import History
from pratique.vocabulary.ids import consignment_ids

if TYPE_CHECKING:
    from pratique.flow.learning.headings import Headings
    from pratique.flow.learning.speaking import Said, Speaker

GONE: Final = ("cancelled", "superseded")  # changes after which a consignment stands no more


@dataclass(frozen=True, slots=True)
class AssessmentInputs:
    """Everything besides the messages that an assessment depends on.

    ``answers`` (schema ``KNOWN_ANSWER``) are those that keep a hit quiet; ``grades`` (schema ``GRADE``) are those of
    lists and entries. ``speaker`` is the model in force with its history; one in ``shadow`` speaks and counts nothing.
    ``headings`` are those that were learned and are in force.
    """

    screeners: Mapping[str, Answering]
    profiles: Sequence[RiskProfile]
    history: History
    tables: CodeTables
    capacity: Capacity
    high_line: int
    seed: int
    at: datetime
    late_hours: int = 24
    answers: pl.DataFrame = field(default_factory=no_answers)
    grades: pl.DataFrame = field(default_factory=no_grades)
    speaker: Speaker | None = None
    shadow: Speaker | None = None
    headings: Headings | None = None
    knobs: Knobs = field(default_factory=Knobs)


@dataclass(frozen=True, slots=True)
class MetPast:
    """A manifest in succession, whose bills were compared with what is known: nothing is screened or scored yet."""

    manifest: Manifest
    consignment_ids: pl.Series
    versions: Versions


@dataclass(frozen=True, slots=True)
class Assessment:
    """What an assessment found and decided; frames refer to consignments by their number in ``manifest``.

    ``hits`` (schema ``ASSESSED_HIT``) has those that stay quiet too (``quiet_by`` is the number of the answer); they
    added no points. ``learned`` and ``shadow`` (schema ``LEARNED``) are what models said; ``None`` where none spoke.
    ``undeclared`` are columns that the model in force was trained with and that nobody declares here.
    """

    manifest: Manifest
    consignment_ids: pl.Series
    versions: Versions
    hits: pl.DataFrame
    reasons: pl.DataFrame
    scores: pl.DataFrame
    decisions: pl.DataFrame
    learned: pl.DataFrame | None = None
    shadow: pl.DataFrame | None = None
    undeclared: tuple[str, ...] = ()


def assess(
    manifest: Manifest,
    *,
    inputs: AssessmentInputs,
    progress: Callable[[str], None] | None = None,
    meanwhile: Callable[[MetPast], None] | None = None,
    mentioned: Mentioned | None = None,
) -> Assessment:
    """Puts messages in succession, compares with what is known, screens, scores and selects.

    ``progress`` hears each stage as it starts; ``meanwhile`` is called while facts are gathered beside;
    ``mentioned`` is what the manifest gives to screen, where that was found before.
    """
    tell = progress or (lambda stage: None)
    tell("versions")
    manifest = in_succession(manifest)
    ids = identify(manifest)
    known = versions(manifest, history=inputs.history, consignment_ids=ids, late_hours=inputs.late_hours)
    manifest = manifest.replace(findings=pl.concat([manifest.findings, known.findings]))
    tell("screening")
    with ThreadPoolExecutor(max_workers=1) as beside:  # what facts are made of leaves a processor free
        weighed = beside.submit(_weighed_without_hits, manifest, known.frame, inputs)
        learnt = beside.submit(_spoken, manifest, ids, known.frame, inputs)
        if meanwhile is not None:
            meanwhile(MetPast(manifest, ids, known))
        found = screen_manifest(manifest, inputs.screeners, ahead=mentioned)
    hits = found.filter(pl.col("consignment").is_not_null())
    hits = with_memory(with_grades(hits, inputs.grades), parties=manifest.parties, answers=inputs.answers)
    uncovered = found.filter(pl.col("consignment").is_null())
    manifest = manifest.replace(findings=pl.concat([manifest.findings, under_no_bill(uncovered)]))
    tell("facts")
    facts, found_already = weighed.result()
    facts = with_hits(facts, loud(hits))
    tell("scoring")
    scored = summed(facts, [*found_already, *fired(facts, _profiles(inputs, of_hits=True))])
    spoke, shadow = learnt.result()
    if spoke is not None:
        scored = with_reasons(scored, spoke.reasons)
    tell("selection")
    decisions = select(
        scored.scores,
        eligible=standing(manifest.consignments, messages=manifest.message, versions=known.frame),
        capacity=inputs.capacity,
        high_line=inputs.high_line,
        seed=inputs.seed,
        value=None if spoke is None else value_of(spoke.learned, scored.scores, inputs.knobs),
    )
    decided = Assessment(manifest, ids, known, hits, scored.reasons, scored.scores, decisions)
    return _with_said(decided, spoke, shadow)


def _weighed_without_hits(
    manifest: Manifest, versions: pl.DataFrame, inputs: AssessmentInputs
) -> tuple[Facts, list[Fired]]:
    """The facts but those of hits, and what profiles that ask for no hits find in them."""
    facts = facts_without_hits(manifest, versions=versions, history=inputs.history, tables=inputs.tables, at=inputs.at)
    facts = with_headings(facts, inputs.headings)
    return facts, fired(facts, _profiles(inputs, of_hits=False))


def _profiles(inputs: AssessmentInputs, *, of_hits: bool) -> list[RiskProfile]:
    """Those in force that ask for hits, or those that do not. Raises ``ValueError`` where two share an id."""
    return [each for each in by_id(in_force(inputs.profiles, inputs.at)) if each.asks_for_hits == of_hits]


def with_headings(facts: Facts, headings: Headings | None) -> Facts:
    """The facts with what learned headings say of descriptions; the same where none are in force."""
    if headings is None:
        return facts
    from pratique.flow.learning.describing import described

    return with_described(facts, described(headings, facts.goods))


def _spoken(
    manifest: Manifest, ids: pl.Series, versions: pl.DataFrame, inputs: AssessmentInputs
) -> tuple[Said | None, Said | None]:
    """What the model in force says of the consignments, and the one in shadow; whoever has none loads nothing."""
    if inputs.speaker is None and inputs.shadow is None:
        return None, None
    from pratique.flow.learning.speaking import said

    names = ("message", "consignments", "goods_items", "equipment", "parties")
    frames = {name: getattr(manifest, name) for name in names} | {"versions": versions}
    on = inputs.at.date()
    spoke = None if inputs.speaker is None else said(inputs.speaker, frames, ids=ids, on=on)
    shadow = None if inputs.shadow is None else said(inputs.shadow, frames, ids=ids, on=on, with_reasons=False)
    return spoke, shadow


def _with_said(decided: Assessment, spoke: Said | None, shadow: Said | None) -> Assessment:
    if shadow is not None:
        decided = replace(decided, shadow=shadow.learned)
    return decided if spoke is None else replace(decided, learned=spoke.learned, undeclared=spoke.undeclared)


def identify(manifest: Manifest) -> pl.Series:
    """The short id of each consignment, from the digest of its file and its place there."""
    placed = manifest.consignments.select("message", "place").join(
        manifest.message.select("message", "raw_sha256"), on="message", how="left", maintain_order="left"
    )
    return pl.Series("consignment_id", consignment_ids(placed["raw_sha256"], placed["place"]))


def under_no_bill(hits: pl.DataFrame) -> pl.DataFrame:
    """A finding (error) for each hit on a box that stands under no bill, so that no decision can cover it."""
    params = pl.struct("list_id", "listed_name", pl.col("programme").fill_null(""), value="screened_value")
    told = hits.select("place", params=params.struct.json_encode())
    rule, severity = "assess.listed_box_under_no_bill", "error"
    columns = {"rule": [rule] * told.height, "severity": [severity] * told.height}
    return frame(FINDING, {**columns, "place": told["place"], "params": told["params"]})


def standing(consignments: pl.DataFrame, *, messages: pl.DataFrame, versions: pl.DataFrame) -> pl.Series:
    """Which consignments stand: not cancelled or superseded, and no later one has the same bill of the same sender."""
    bill, sender = "transport_contract_document_id", "sender_id"
    rows = consignments.join(messages.select("message", sender), on="message", how="left", maintain_order="left")
    last = pl.col("consignment") == pl.col("consignment").last().over(bill, sender)
    return rows.select((pl.col(bill).is_null() | last).alias("stands"))["stands"] & ~versions["change"].is_in(GONE)


def output_digest(assessment: Assessment) -> str:
    """SHA-256 over hits, reasons, scores, decisions and what models said.

    It is taken of text, so that it does not depend on a file format.
    """
    digest = hashlib.sha256("\n".join(assessment.consignment_ids).encode())
    learned = [rows for rows in (assessment.learned, assessment.shadow) if rows is not None]
    for rows in (assessment.hits, assessment.reasons, assessment.scores, assessment.decisions, *learned):
        text = io.BytesIO()
        rows.write_csv(text, null_value="\\N")
        digest.update(text.getbuffer())
    return digest.hexdigest()
