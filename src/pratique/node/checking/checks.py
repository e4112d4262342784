"""The checks of a node's health, one function each."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable
from typing import Final

from pratique.node.access.sealing import unseal
from pratique.node.acts import View
from pratique.node.checking.check import Check, check, judged
from pratique.node.checking.control_records import control_records
from pratique.node.checking.controls import control_rows
from pratique.node.checking.custody import custody
from pratique.node.checking.hits import answers, list_changes
from pratique.node.checking.keys import keys
from pratique.node.checking.retention import retention
from pratique.node.checking.rows import profile_states, run_rows, runs, settings, versions
from pratique.node.checking.rules import rule_rows
from pratique.node.files import file_digest, files_in_place
from pratique.node.head import head_fault
from pratique.node.instants import from_text
from pratique.node.learning.speakers import MODELS
from pratique.node.ledger.health import ledger
from pratique.node.profiles.texts import kept_profile, text_digest
from pratique.node.settings import Settings
from pratique.node.storage import journal
from pratique.node.storage.access_officers import first_sealed
from pratique.node.storage.access_tables import ACCESS_REVISION, access_metadata
from pratique.node.storage.kept_files import named_files, unnamed
from pratique.node.storage.learned_models import learned_models
from pratique.node.storage.profiles import StoredProfile, active_profiles, stored_profiles
from pratique.node.storage.settings import changed_settings
from pratique.node.storage.tables import REVISION, metadata
from pratique.node.storage.versions import lists_in_force, tables_in_force
from pratique.vocabulary.errors import PratiqueError

LITTLE_SPACE: Final = 2 * 1024**3  # bytes
NO_SPACE: Final = 200 * 1024**2


def access(view: View) -> Check:
    """Nobody but the owner can look into the folder."""
    open_to = [path for path in (view.folder.root, view.folder.database) if path.stat().st_mode & stat.S_IRWXO]
    return judged("access", [str(path) for path in open_to], state="warn")


def database(view: View) -> Check:
    """The store passes its own integrity check and has every table."""
    missing = sorted(metadata.tables.keys() - view.store.tables())
    return judged("database", [*view.store.faults(), *(f"table {name} missing" for name in missing)])


def migrations(view: View) -> Check:
    """The tables are those of this code."""
    found = view.store.revision()
    return judged("migrations", [] if found == REVISION else [str(found)], seen=REVISION)


def access_database(view: View) -> Check:
    """The store of officers and sessions is whole, has every table, and its journal is unbroken."""
    store = view.stores.access
    missing = sorted(access_metadata.tables.keys() - store.tables())
    faults = [*store.faults(), *(f"table {name} missing" for name in missing)]
    if store.revision() != ACCESS_REVISION:
        faults.append(f"tables at {store.revision()}")
    with store.reading() as connection:
        fault = journal.first_break(connection)
    return judged("access_database", [*faults, *([f"entry {fault[0]} {fault[1]}"] if fault else [])])


def node_key(view: View) -> Check:
    """Nobody else can read the node's key, and it is the one that second factors were sealed with."""
    with view.stores.access.reading() as connection:
        sealed = first_sealed(connection)
    if view.folder.key_file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return judged("node_key", [view.folder.key_file.name])
    try:
        if sealed:
            unseal(sealed[1], key_file=view.folder.key_file, owner=sealed[0])
    except PratiqueError as error:
        return judged("node_key", [error.code])
    return judged("node_key", [])


def journal_entries(view: View) -> Check:
    """Every journal entry is as it was written, none is missing at the end either, and the store refuses changes."""
    fault = journal.first_fault(view.connection)
    faults = [f"entry {fault[0]} {fault[1]}"] if fault else []
    head = head_fault(view.folder, view.connection)
    faults += [head] if head and not fault else []
    missing = set(journal.GUARDS) - set(journal.guards(view.connection))
    faults += [f"trigger {name} missing" for name in sorted(missing)]
    newest = journal.newest(view.connection, 1)
    seen = f"{newest[0].seq} entries, the newest with the hash {newest[0].own_sha256}" if newest else "0 entries"
    return judged("journal", faults, seen=seen)


def files(view: View) -> Check:
    """Every file that the store names is there with the digest it is named by."""
    named = named_files(view.connection)
    faults = []
    for file in named:
        path = view.folder.path(file.path)
        if not path.is_file():
            faults.append(f"{file.path} missing")
        elif file_digest(path) != file.sha256:
            faults.append(f"{file.path} changed")
    return judged("files", faults, seen=str(len(named)))


def strays(view: View) -> Check:
    """No file lies about that nothing names."""
    return judged("strays", unnamed(view.connection, files_in_place(view.folder)), state="warn")


def space(view: View) -> Check:
    """There is room on the disk."""
    free = shutil.disk_usage(view.folder.root).free
    mib = f"{free // 1024**2:,} MiB"
    if free >= LITTLE_SPACE:
        return judged("space", [], seen=mib)
    return judged("space", [mib], state="fail" if free < NO_SPACE else "warn")


def lists(view: View) -> Check:
    """Watchlists are loaded and none is overdue."""
    from pratique.node.hits.due import overdue_lists

    in_force = lists_in_force(view.connection)
    if not in_force:
        return check("lists", "warn", "doctor.lists.none", {})
    overdue = overdue_lists(in_force, Settings.of(changed_settings(view.connection)), view.at)
    seen = ", ".join(version.list_id for version in in_force)
    return judged("lists", [str(finding.params["list_id"]) for finding in overdue], state="warn", seen=seen)


def list_indexes(view: View) -> Check:
    """The index of each watchlist in force is of the form that this program reads."""
    from pratique.node.hits.older_lists import older_lists

    older = [each.list_id for each in older_lists(view.connection, view.folder)]
    return judged("list_indexes", older, state="warn", seen=f"{len(lists_in_force(view.connection)):,}")


def profiles(view: View) -> Check:
    """Risk profiles are in force."""
    active = active_profiles(view.connection)
    return judged("profiles", [] if active else ["0"], state="warn", seen=str(len(active)))


def profile_texts(view: View) -> Check:
    """Every version of every profile is as it was written, and those in force can be read."""
    kept = stored_profiles(view.connection)
    faults = [f"{each.id} version {each.version}" for each in kept if not _usable(each)]
    return judged("profile_texts", faults, seen=str(len(kept)))


def _usable(kept: StoredProfile) -> bool:
    if kept.state != "active":
        return text_digest(kept.text) == kept.sha256
    try:
        kept_profile(kept)
    except PratiqueError:
        return False
    return True


def models(view: View) -> Check:
    """Every model that speaks or may be promoted lies there as it was kept."""
    kept = [each for each in learned_models(view.connection) if each.state != "retired"]
    if not kept:
        return judged("models", [], seen="0")
    from pratique.flow.learning.files import kept_in

    whole = {digest for digest, card in kept_in(view.folder.path(MODELS)) if card}
    return judged("models", [each.digest[:12] for each in kept if each.digest not in whole], seen=str(len(kept)))


def rates(view: View) -> Check:
    """Exchange rates are loaded."""
    loaded = [version for version in tables_in_force(view.connection) if version.kind == "rates"]
    seen = from_text(loaded[0].loaded_at).date().isoformat() if loaded else ""
    return judged("rates", [] if loaded else ["0"], state="warn", seen=seen)


ALL_CHECKS: Final[tuple[Callable[[View], Check], ...]] = (
    access,
    database,
    migrations,
    access_database,
    node_key,
    keys,
    journal_entries,
    ledger,
    custody,
    runs,
    run_rows,
    settings,
    profile_states,
    versions,
    answers,
    list_changes,
    control_rows,
    control_records,
    retention,
    files,
    strays,
    space,
    lists,
    list_indexes,
    profiles,
    profile_texts,
    rule_rows,
    models,
    rates,
)
