"""What was in force at a moment: lists, profiles, tables, settings; by digest, and as the values stages work with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from pratique.flow.assess import AssessmentInputs
from pratique.flow.screening import Screener
from pratique.flow.selection import Capacity, Knobs
from pratique.node.errors import refuse
from pratique.node.folder import NodeFolder
from pratique.node.hits.list_grades import grades_of
from pratique.node.hits.traffic import TRAFFIC, index_folder, traffic_among, traffic_in_force
from pratique.node.instants import from_text
from pratique.node.learning.exploring import exploring, ways_of
from pratique.node.learning.speakers import SILENT, Speakers
from pratique.node.profiles.texts import SetAside, kept_profile, sorted_out
from pratique.node.runs.beside import AskedBeside, Beside
from pratique.node.runs.code_tables import tables_with
from pratique.node.settings import Settings
from pratique.node.storage import profiles, versions
from pratique.node.storage.profiles import StoredProfile
from pratique.node.storage.settings import changed_settings
from pratique.node.storage.store import Connection
from pratique.node.storage.versions import ListVersion, TableVersion
from pratique.vocabulary.errors import Category
from pratique.vocabulary.history import History


@dataclass(frozen=True, slots=True)
class InForce:
    """The versions that a run works with; ``set_aside`` are profiles in force that it has to do without."""

    lists: Sequence[ListVersion]
    profiles: Sequence[StoredProfile]
    tables: Sequence[TableVersion]
    settings: Settings
    set_aside: Sequence[SetAside] = ()


def in_force_now(connection: Connection) -> InForce:
    """What is in force as of the transaction; a profile that this program cannot read does not stop the others."""
    usable, aside = sorted_out(profiles.active_profiles(connection))
    traffic = traffic_in_force(connection)
    return InForce(
        lists=versions.lists_in_force(connection),
        profiles=usable,
        tables=[each for each in versions.tables_in_force(connection) if each.kind != TRAFFIC or each == traffic],
        settings=exploring(Settings.of(changed_settings(connection)), connection),
        set_aside=aside,
    )


def in_force_then(connection: Connection, manifest: Mapping[str, Any]) -> InForce:
    """What a run says was in force, found again by digest. Raises ``BROKEN`` where a version is gone."""
    lists = {(each.list_id, each.digest): each for each in versions.all_lists(connection)}
    tables = {(each.kind, each.digest): each for each in versions.all_tables(connection)}
    texts = {(each.id, each.version, each.sha256): each for each in profiles.stored_profiles(connection)}
    try:
        return InForce(
            lists=[lists[list_id, facts["digest"]] for list_id, facts in manifest["lists"].items()],
            profiles=[texts[id_, facts["version"], facts["sha256"]] for id_, facts in manifest["profiles"].items()],
            tables=[tables[kind, digest] for kind, digest in manifest["tables"].items()],
            settings=Settings.of(manifest["settings"]),
        )
    except KeyError as error:
        raise refuse("runs.version_gone", Category.BROKEN, version=str(error.args[0])) from error


def facts_of(given: InForce) -> dict[str, Any]:
    """What a run manifest says of it: digests by name."""
    return {
        "lists": {each.list_id: {"digest": each.digest, "list_date": each.list_date} for each in given.lists},
        "profiles": {each.id: {"version": each.version, "sha256": each.sha256} for each in given.profiles},
        "profiles_set_aside": {
            each.kept.id: {"version": each.kept.version, "sha256": each.kept.sha256, "why": each.why}
            for each in given.set_aside
        },
        "tables": {each.kind: each.digest for each in given.tables},
        "settings": given.settings.of_a_run(),
    }


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a run remembers of what came before: the past, the ``answers`` (schema ``KNOWN_ANSWER``) that hold, and what
    models learned from it."""

    history: History
    answers: pl.DataFrame
    speakers: Speakers = field(default=SILENT)


def inputs_of(
    given: InForce, *, folder: NodeFolder, remembered: Remembered, capacity: Mapping[str, int], seed: int, at: str
) -> AssessmentInputs:
    """The values that the stages work with."""
    traffic = traffic_among(given.tables)
    return AssessmentInputs(
        screeners={each.list_id: screener_of(folder, each, traffic) for each in given.lists},
        profiles=[kept_profile(each) for each in given.profiles],
        history=remembered.history,
        answers=remembered.answers,
        grades=grades_of(given.lists, given.settings, folder),
        tables=tables_with(given.tables, folder),
        capacity=capacity_of(given.settings, capacity),
        high_line=given.settings.number("high_line"),
        seed=seed,
        at=from_text(at),
        late_hours=given.settings.number("late_hours"),
        knobs=knobs_of(given.settings),
        **looking_at(given.settings, remembered.speakers.given),
    )


def looking_at(settings: Settings, speakers: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same speakers, of which that in force is less sure of what shows a known way that rises."""
    speaker, ways = speakers.get("speaker"), ways_of(settings)
    return speakers if speaker is None or not ways else {**speakers, "speaker": replace(speaker, rising=ways)}


def capacity_of(settings: Settings, slots: Mapping[str, int]) -> Capacity:
    """The slots of a selection, with the shares of them that are drawn and that explore."""
    shares = ("random_share_permille", "random_with_model_permille", "unsure_share_permille")
    return Capacity(**slots, **{name: settings.number(name) for name in shares})


def knobs_of(settings: Settings) -> Knobs:
    """What counts once a model speaks: finds, money or harm."""
    return Knobs(settings.number("value_money_permille"), settings.number("value_harm_minor"))


def screener_of(folder: NodeFolder, version: ListVersion, traffic: TableVersion | None) -> Screener:
    """The list ready for screening, weighed with that table. Raises ``BROKEN`` where files are gone or not whole."""
    try:
        return Screener.open(index_folder(folder, version.digest, traffic))
    except OSError as error:
        raise refuse("node.file_broken", Category.BROKEN, path=f"lists/{version.digest}") from error


def asked_beside(
    inputs: AssessmentInputs, given: InForce, *, folder: NodeFolder, beside: Beside | None
) -> AssessmentInputs:
    """The same, with lists that are asked in the second process where there is one."""
    if beside is None:
        return inputs
    traffic = traffic_among(given.tables)
    screeners = {
        each.list_id: AskedBeside(inputs.screeners[each.list_id], index_folder(folder, each.digest, traffic), beside)
        for each in given.lists
    }
    return replace(inputs, screeners=screeners)


def index_folders(folder: NodeFolder, connection: Connection) -> list[Path]:
    """Where the lists in force lie, made ready for screening as a run that begins now would have them."""
    traffic = traffic_in_force(connection)
    return [index_folder(folder, each.digest, traffic) for each in versions.lists_in_force(connection)]
