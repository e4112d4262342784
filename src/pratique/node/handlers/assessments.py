"""Assessments: messages in, one run of explained control decisions out, stored whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar, Final

from pratique.flow.assess import Assessment, MetPast, assess
from pratique.flow.screening import Mentioned
from pratique.node.acts import Act, Command, Done, Work
from pratique.node.errors import refuse
from pratique.node.files import KeptFile, remove_files
from pratique.node.handlers.messages import store_parts
from pratique.node.hits.due import overdue_lists
from pratique.node.hits.known_answers import known_answers
from pratique.node.instants import to_text
from pratique.node.lake import FrameAside, frames_aside, keep_frames
from pratique.node.learning.speakers import Speakers, keep_histories, speakers_now
from pratique.node.profiles.texts import ended_warnings, set_aside_warnings
from pratique.node.runs.ahead import compare_ahead, load_ahead, make_screening_ready, screen_ahead
from pratique.node.runs.code_tables import tables_with
from pratique.node.runs.in_force import InForce, Remembered, asked_beside, in_force_now, inputs_of
from pratique.node.runs.incoming import each_once, keep_all
from pratique.node.runs.known import known_past
from pratique.node.runs.readings import Outcome, RawMessage, manifest_of_all, read_kept_as_written
from pratique.node.runs.record import RunParts, frames_before_hits, frames_of_decisions, run_manifest
from pratique.node.runs.store import add_to_past, journal_outcome, store_run, tell_run
from pratique.node.settings import checked_capacity
from pratique.node.storage import journal
from pratique.node.storage.kept_files import name_files, note_received
from pratique.node.storage.quarantined import QuarantinedPart
from pratique.node.storage.runs import StoredRun
from pratique.node.storage.store import Connection
from pratique.node.storage.versions import tables_in_force
from pratique.vocabulary.findings import Finding
from pratique.vocabulary.frames import Manifest

LARGEST_SEED: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class MessagesAssessed:
    """A run, what it worked on, and what people must be told beside it.

    ``quarantined`` are parts (or whole files) that could not be read and so were not assessed; ``warnings`` say which
    profiles were set aside, which models cannot speak, which watchlists are overdue and which files were given twice.
    """

    run: StoredRun
    assessment: Assessment
    quarantined: tuple[QuarantinedPart, ...]
    warnings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class AssessMessages(Command[MessagesAssessed]):
    """Assesses one or more messages in one run under one capacity.

    ``capacity`` names the slots that differ from the settings, ``mapping`` is the column mapping of tables, ``seed``
    (0 to 2**63 - 1) decides the random draw; the node draws one where none is given.
    """

    paths: tuple[Path, ...]
    capacity: Mapping[str, int] | None = None
    mapping: Mapping[str, object] | None = None
    seed: int | None = None
    entry: ClassVar[str] = "messages.assessed"


@dataclass(frozen=True, slots=True)
class _Read:
    """What the command has before its transaction begins; ``kept`` holds repeated files too, ``outcomes`` do not."""

    kept: list[tuple[str, KeptFile]]
    repeated: tuple[Finding, ...]
    outcomes: list[Outcome]
    manifest: Manifest
    mentioned: Mentioned
    seed: int
    speakers: Speakers


def assess_messages(command: AssessMessages, work: Work) -> Act[MessagesAssessed]:
    """Files are kept and read first; the past, the lists and the profiles are those of the transaction itself."""
    seed = work.randomness() if command.seed is None else command.seed
    if not 0 <= seed <= LARGEST_SEED:
        raise refuse("runs.bad_seed", seed=seed)
    work.say("keeping")
    kept = keep_all(command.paths, work.files)
    work.say("reading")
    with work.store.reading() as connection:
        tables = tables_with(tables_in_force(connection), work.folder)
    distinct, repeated = each_once(kept)
    raws = [RawMessage(name, file.sha256) for name, file in distinct]
    with ThreadPoolExecutor(max_workers=1) as beside:
        speakers = beside.submit(speakers_now, work.store, work.folder, work.files, work.at)
        beside.submit(load_ahead, work.store)
        if work.beside is None:
            make_screening_ready(work.folder, work.store)
        outcomes = [
            read_kept_as_written(raw, folder=work.folder, mapping=command.mapping, beside=work.beside) for raw in raws
        ]
        compare_ahead(work.folder, work.store, work.beside)
        work.say("checking")
        manifest = manifest_of_all(outcomes, tables=tables)
        mentioned = Mentioned.of(manifest)
        screen_ahead(mentioned, folder=work.folder, store=work.store, beside=work.beside)
    read = _Read(kept, repeated, outcomes, manifest, mentioned, seed, speakers.result())
    if all(outcome.reading is None for outcome in outcomes):
        return _only_quarantine(command, read, work)

    def act(connection: Connection) -> Done[MessagesAssessed]:
        return _run(connection, command, read, work)

    return act


def _run(connection: Connection, command: AssessMessages, read: _Read, work: Work) -> Done[MessagesAssessed]:
    given = in_force_now(connection)
    capacity = checked_capacity(command.capacity or {}, given.settings)
    remembered = _remembered(connection, read, given, work)
    inputs = inputs_of(
        given, folder=work.folder, remembered=remembered, capacity=capacity, seed=read.seed, at=to_text(work.at)
    )
    inputs = asked_beside(inputs, given, folder=work.folder, beside=work.beside)
    aside: dict[str, FrameAside] = {}

    def meanwhile(met: MetPast) -> None:
        add_to_past(connection, met, history=remembered.history, at=work.at)
        aside.update(frames_aside(frames_before_hits(met, remembered), work.files))

    assessment = assess(
        read.manifest, inputs=inputs, progress=work.progress, meanwhile=meanwhile, mentioned=read.mentioned
    )
    if work.beside is not None:
        work.beside.let_go()
    work.say("storing")
    with ThreadPoolExecutor(max_workers=1) as beside:
        keeping = beside.submit(keep_frames, frames_of_decisions(assessment), work.files, aside)
        left = tell_run(assessment, seq=journal.next_seq(connection), at=work.at)
        frames, files = keeping.result()
    files += read.speakers.new_files
    parts = _keep_messages(connection, command, read, frames=files, work=work)
    told = run_manifest(
        RunParts(given, assessment, remembered, read.outcomes, frames),
        capacity=capacity,
        seed=read.seed,
        at=to_text(work.at),
        mapping=command.mapping,
    )
    run, rows = store_run(connection, left, manifest=told, actor=work.actor.name)
    old = keep_histories(connection, read.speakers)
    warnings = (
        *set_aside_warnings(given.set_aside),
        *read.speakers.warnings,
        *read.speakers.warned_of(assessment),
        *ended_warnings(given.profiles, work.at),
        *read.repeated,
        *overdue_lists(given.lists, given.settings, work.at),
    )
    raws = [file.sha256 for _, file in read.kept]
    facts = {"run": run.id, "messages": raws, "manifest": run.manifest_sha256, "rows": rows}
    result = MessagesAssessed(run, assessment, tuple(parts), warnings)
    after = partial(remove_files, work.folder, old) if old else None
    return Done(result, command=facts, outcome=journal_outcome(run), after=after)


def _remembered(connection: Connection, read: _Read, given: InForce, work: Work) -> Remembered:
    """The past of what the messages name, and the answers about it that hold now."""
    return Remembered(
        history=known_past(connection, read.manifest, work.at),
        answers=known_answers(connection, work.folder, read.mentioned, lists=given.lists, at=work.at),
        speakers=read.speakers,
    )


def _keep_messages(
    connection: Connection, command: AssessMessages, read: _Read, *, frames: list[KeptFile], work: Work
) -> list[QuarantinedPart]:
    """Names the files, notes the messages and quarantines what could not be read; gives those parts."""
    files = [*(file for _, file in read.kept), *frames]
    work.files.recheck(files)
    name_files(connection, files, at=work.at)
    parts: list[QuarantinedPart] = []
    for name, file in read.kept:
        note_received(connection, file, file_name=name, at=work.at, by=work.actor.name)
    for outcome in read.outcomes:
        parts.extend(store_parts(connection, outcome, mapping=command.mapping, work=work)[0])
    return parts


def _only_quarantine(command: AssessMessages, read: _Read, work: Work) -> Act[MessagesAssessed]:
    """Nothing could be read: the files are kept and quarantined, and the first refusal is what people meet."""
    refusal = next(outcome.refusal for outcome in read.outcomes if outcome.refusal)

    def act(connection: Connection) -> Done[MessagesAssessed]:
        parts = _keep_messages(connection, command, read, frames=[], work=work)
        facts = {"messages": [file.sha256 for _, file in read.kept], "quarantined": len(parts)}
        return Done(None, command=facts, outcome={"refused": refusal.code}, refusal=refusal)

    return act
