"""Kept files become readings; a file of which nothing can be read is quarantined whole, and the rest goes on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from pratique.flow.intake.format import Quarantined, ReadContext, Reading, Unreadable
from pratique.flow.intake.read import finished, read_as_written
from pratique.flow.intake.sender_profiles import shipped_sender_profiles
from pratique.node.canonical import canonical
from pratique.node.files import raw_path
from pratique.node.folder import NodeFolder
from pratique.node.instants import to_text
from pratique.node.runs.beside import Beside
from pratique.node.storage.quarantined import QuarantinedPart
from pratique.vocabulary.codes.tables import CodeTables
from pratique.vocabulary.findings import Finding
from pratique.vocabulary.frames import Manifest, join_manifests
from pratique.vocabulary.ids import short_id

LONGEST_EXCERPT: Final = 2_000
UNREADABLE: Final = "messages.unreadable"


@dataclass(frozen=True, slots=True)
class RawMessage:
    """A raw file of the node: its digest and the name it came under."""

    file_name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one raw file: a reading, or the reason why there is none."""

    raw: RawMessage
    reading: Reading | None
    refusal: Unreadable | None = None


def read_kept(
    raw: RawMessage, *, folder: NodeFolder, tables: CodeTables, mapping: Mapping[str, object] | None = None
) -> Outcome:
    """Reads a raw file of the node with the formats there are and the shipped sender profiles."""
    outcome = read_kept_as_written(raw, folder=folder, mapping=mapping)
    if outcome.reading is None:
        return outcome
    return replace(outcome, reading=replace(outcome.reading, manifest=manifest_of_all([outcome], tables=tables)))


def read_kept_as_written(
    raw: RawMessage,
    *,
    folder: NodeFolder,
    mapping: Mapping[str, object] | None = None,
    beside: Beside | None = None,
) -> Outcome:
    """The same, with nothing checked yet; for many files, which :func:`manifest_of_all` finishes in one go.

    What the second process read of these very bytes (``beside``) need not be read again.
    """
    there = None if beside is None or mapping is not None else beside.reading(raw.sha256, raw.file_name)
    if there is not None:
        return Outcome(raw, there)
    context = ReadContext(file_name=raw.file_name, raw_sha256=raw.sha256, mapping=mapping)
    with folder.path(raw_path(raw.sha256)).open("rb") as stream:
        try:
            return Outcome(raw, read_as_written(stream, context=context))
        except Unreadable as refusal:
            return Outcome(raw, None, refusal)


def manifest_of_all(outcomes: Iterable[Outcome], *, tables: CodeTables) -> Manifest:
    """What files say that were read as written, as one manifest: the checks cost the same for one file and for many."""
    joined = join_manifests(outcome.reading.manifest for outcome in outcomes if outcome.reading)
    return finished(joined, tables=tables, profiles=shipped_sender_profiles())


def quarantined_parts(
    outcome: Outcome, *, at: datetime, mapping: Mapping[str, object] | None = None
) -> list[QuarantinedPart]:
    """The parts of the file that could not be read; the file as a whole where nothing could."""
    if outcome.refusal is not None:
        finding = Finding(
            UNREADABLE,
            outcome.refusal.place,
            "error",
            params={"code": outcome.refusal.code, "happened": outcome.refusal.happened},
        )
        return [_part(outcome.raw, Quarantined(finding, None, None, ""), at, mapping)]
    return [_part(outcome.raw, each, at, mapping) for each in (outcome.reading.quarantined if outcome.reading else ())]


def mapping_text(mapping: Mapping[str, object] | None) -> str | None:
    """The mapping as JSON, so that a later reading can use the same one."""
    return None if mapping is None else json.dumps(mapping, ensure_ascii=False, sort_keys=True, default=str)


def mapping_of(text: str | None) -> Mapping[str, object] | None:
    """The mapping that :func:`mapping_text` wrote."""
    if text is None:
        return None
    mapping: Mapping[str, object] = json.loads(text)
    return mapping


def all_quarantined(
    outcomes: Sequence[Outcome], *, at: datetime, mapping: Mapping[str, object] | None = None
) -> list[QuarantinedPart]:
    """The quarantined parts of several files."""
    return [part for outcome in outcomes for part in quarantined_parts(outcome, at=at, mapping=mapping)]


def _part(
    raw: RawMessage, quarantined: Quarantined, at: datetime, mapping: Mapping[str, object] | None
) -> QuarantinedPart:
    finding = quarantined.reason
    return QuarantinedPart(
        id=short_id("quarantine", raw.sha256, finding.rule, finding.place or "", str(quarantined.offset)),
        raw_sha256=raw.sha256,
        file_name=raw.file_name,
        rule=finding.rule,
        severity=finding.severity,
        place=finding.place,
        params=canonical(finding.params),
        byte_offset=quarantined.offset,
        byte_length=quarantined.length,
        excerpt=quarantined.excerpt[:LONGEST_EXCERPT],
        mapping=mapping_text(mapping),
        quarantined_at=to_text(at),
    )
