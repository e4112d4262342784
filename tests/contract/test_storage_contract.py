"""What every transactional store must do. A store is added by its URL: ``PRATIQUE_TEST_STORES``, blanks between."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from pratique.node.files import KeptFile
from pratique.node.storage import history, journal, kept_files, profiles, quarantined, runs, settings, versions
from pratique.node.storage.migrate import require_current, upgrade
from pratique.node.storage.quarantined import QuarantinedPart
from pratique.node.storage.store import Store, sqlite_url
from pratique.node.storage.tables import PURPOSE, RETENTION_CLASS, REVISION, metadata
from pratique.vocabulary import frames
from pratique.vocabulary.errors import Category, PratiqueError

NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
MOMENT = "2026-10-05T12:00:00.000000Z"
OTHERS = os.environ.get("PRATIQUE_TEST_STORES", "").split()


@pytest.fixture(params=["sqlite", *OTHERS])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store with the tables of now and nothing in them."""
    url = sqlite_url(tmp_path / "store.db") if request.param == "sqlite" else make_url(request.param)
    opened = Store(url)
    upgrade(opened)
    yield opened
    with opened.writing() as connection:
        metadata.drop_all(connection)
        connection.exec_driver_sql("DROP TABLE alembic_version")
    opened.close()


def part(number: int = 1) -> QuarantinedPart:
    return QuarantinedPart(
        f"PART000{number}", "ab" * 32, "m.edi", "edi.x", "error", "segment 3", "{}", 10, 5, "UNH+1", None, MOMENT
    )


def receive(store: Store) -> None:
    raw = KeptFile("blobs/ab/" + "ab" * 31, "ab" * 32, 10, "raw")
    with store.writing() as connection:
        kept_files.name_files(connection, [raw], at=NOON)
        kept_files.note_received(connection, raw, file_name="m.edi", at=NOON, by="local:anna")


def test_migrations_from_nothing_make_exactly_the_tables_of_the_code(store: Store) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert set(inspect(connection).get_table_names()) == {*metadata.tables, "alembic_version"}
    assert store.revision() == REVISION


def test_revision_of_the_code_is_the_newest_migration() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    from pratique.node.storage.migrate import SCRIPTS

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


def test_upgrade_of_a_current_store_changes_nothing(store: Store) -> None:
    with store.writing() as connection:
        settings.put_fact(connection, "node_id", "X")
    require_current(store)
    upgrade(store)
    with store.reading() as connection:
        assert settings.facts(connection) == {"node_id": "X"}


def test_store_without_tables_is_refused(tmp_path: Path) -> None:
    empty = Store(sqlite_url(tmp_path / "empty.db"))
    with pytest.raises(PratiqueError) as refused:
        require_current(empty)
    assert refused.value.category is Category.MISCONFIGURED
    empty.close()


def test_file_that_is_no_database_is_broken_in_words_for_people(tmp_path: Path) -> None:
    (tmp_path / "store.db").write_bytes(b"this is a letter, not a database" * 100)
    letter = Store(sqlite_url(tmp_path / "store.db"))
    with pytest.raises(PratiqueError) as refused:
        letter.revision()
    assert refused.value.category is Category.BROKEN
    letter.close()


def test_transaction_that_fails_leaves_nothing(store: Store) -> None:
    def half_a_command() -> None:
        with store.writing() as connection:
            settings.put_fact(connection, "half", "done")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_a_command()
    with store.reading() as connection:
        assert settings.facts(connection) == {}


def test_reader_sees_the_store_as_of_its_first_look(store: Store) -> None:
    with store.reading() as before:
        assert settings.changed_settings(before) == {}
        with store.writing() as connection:
            settings.put_setting(connection, "high_line", "70", at=NOON, by="local:anna")
        assert settings.changed_settings(before) == {}
    with store.reading() as after:
        assert settings.changed_settings(after) == {"high_line": "70"}


def test_journal_chains_its_entries_and_refuses_changes(store: Store) -> None:
    for number in range(3):
        with store.writing() as connection:
            journal.append(connection, at=NOON, actor="local:anna", entry="x.done", command={"n": number}, outcome={})
    with store.reading() as connection:
        entries = list(journal.entries(connection))
        assert [entry.seq for entry in entries] == [1, 2, 3]
        assert [entry.previous_sha256 for entry in entries[1:]] == [entry.own_sha256 for entry in entries[:-1]]
        assert journal.first_fault(connection) is None
        assert journal.newest(connection, 2) == entries[1:]
        assert list(journal.entries(connection, after=1, limit=1)) == entries[1:2]
    for statement in ("DELETE FROM journal", "UPDATE journal SET actor = 'x'"):
        with pytest.raises((PratiqueError, DBAPIError)), store.writing() as connection:
            connection.exec_driver_sql(statement)


def test_files_count_once_they_are_named(store: Store) -> None:
    receive(store)
    with store.reading() as connection:
        (named,) = kept_files.named_files(connection)
        assert kept_files.unnamed(connection, [named.path, "lake/none", "blobs/none"]) == ["blobs/none", "lake/none"]
        assert kept_files.received_at(connection, named.sha256) == MOMENT
        assert kept_files.received_at(connection, "none") is None


def test_newest_version_of_each_list_is_in_force(store: Store) -> None:
    with store.writing() as connection:
        for list_id, digest in (("ofac", "1"), ("un", "2"), ("ofac", "3")):
            versions.add_list(
                connection, list_id=list_id, source=list_id, digest=digest, list_date=None, counts={}, inputs=[],
                at=NOON, by="local:anna",
            )  # fmt: skip
    with store.reading() as connection:
        assert [each.digest for each in versions.lists_in_force(connection)] == ["3", "2"]
        assert [each.seq for each in versions.all_lists(connection)] == [1, 2, 3]


def test_profile_goes_from_draft_to_active_to_retired(store: Store) -> None:
    with store.writing() as connection:
        for version in (1, 2):
            profiles.add_draft(
                connection, profile_id="p", version=version, text="t", sha256="s", author="local:anna", at=NOON
            )
        profiles.activate(connection, "p", 1, at=NOON, by="local:ben")
        profiles.activate(connection, "p", 2, at=NOON, by="local:ben")
    with store.reading() as connection:
        assert [each.state for each in profiles.stored_profiles(connection, "p")] == ["retired", "active"]
        assert profiles.newest_version(connection, "p") == 2
        assert profiles.newest_version(connection, "q") == 0


def test_part_that_is_read_is_closed_and_open_again_when_it_fails_again(store: Store) -> None:
    receive(store)
    with store.writing() as connection:
        quarantined.add_parts(connection, [part(1), part(2)])
        assert quarantined.close_parts(connection, "ab" * 32, still=["PART0002"], at=NOON) == 1
        assert [each.id for each in quarantined.open_parts(connection)] == ["PART0002"]
        quarantined.add_parts(connection, [part(1)])
        assert len(quarantined.open_parts(connection)) == 2
        assert quarantined.part(connection, "PART0009") is None


def test_past_is_found_by_any_number_of_keys_and_the_newest_stays(store: Store) -> None:
    count = 40_000  # more keys than any driver takes as parameters
    with store.writing() as connection:
        for _ in range(2):
            rows = [(f"PARTY {number}", MOMENT, MOMENT, 1) for number in range(count)]
            history.remember_parties(connection, rows)
        found = history.parties_known(connection, (f"PARTY {number}" for number in range(0, 2 * count, 2)))
        history.remember_boxes(connection, [("CSQU3054383", "A", "B1", "V1", None, MOMENT)])
        history.remember_boxes(connection, [("CSQU3054383", "C", "B2", "V2", None, MOMENT)])
        (box,) = history.boxes_known(connection, ["CSQU3054383", "CSQU3054383", "NONE"])
        history.remember_routes(connection, [("CNSHA", "KEMBA", 2)])
        history.remember_routes(connection, [("CNSHA", "KEMBA", 3)])
        assert history.routes_known(connection) == [("CNSHA", "KEMBA", 5)]
    assert len(found) == count // 2
    assert {row[3] for row in found} == {2}
    assert box[1:4] == ("C", "B2", "V2")


def test_bill_is_found_by_its_number_and_by_the_reference_of_its_message(store: Store) -> None:
    def bill(number: str, sender: str, reference: str) -> tuple[object, ...]:
        values = {"transport_contract_document_id": number, "sender_id": sender, "functional_reference_id": reference}
        values |= {"consignment_id": number + sender, "received_at": MOMENT}
        whole: dict[str, object] = {**dict.fromkeys(history.BILL_COLUMNS), "version": 1, "cancelled": 0, **values}
        return tuple(whole[name] for name in history.BILL_COLUMNS)

    with store.writing() as connection:
        history.remember_bills(connection, [bill("B1", "", "R1"), bill("B1", "LINE", "R2"), bill("B2", "LINE", "R2")])
        by_number = history.bills_known(connection, ["B1"])
        by_both = history.bills_known(connection, ["B1"], references=["R2"])
    assert [row[:2] for row in by_number] == [("B1", ""), ("B1", "LINE")]
    assert [row[:2] for row in by_both] == [("B1", ""), ("B1", "LINE"), ("B2", "LINE")]


def test_reference_leads_to_the_newest_run_and_the_newest_version_first(store: Store) -> None:
    with store.writing() as connection:
        rows = [
            ("AAAA0001", 1, 0, "B1", None, 1, 0),
            ("AAAA0002", 2, 0, "B1", None, 2, 0),
            ("AAAA0001", 3, 4, "B1", None, 1, 0),
        ]
        runs.add_rows(connection, "consignment", rows)
        by_bill, by_id = runs.consignments_called(connection, "B1"), runs.consignments_called(connection, "aaaa0001")
    assert [(each.id, each.run_seq) for each in by_bill] == [("AAAA0001", 3), ("AAAA0002", 2), ("AAAA0001", 1)]
    assert [each.run_seq for each in by_id] == [3, 1]


def test_person_data_stands_beside_its_purpose_and_retention_class(store: Store) -> None:
    assert (PURPOSE, RETENTION_CLASS) == (frames.PURPOSE, frames.RETENTION_CLASS)
    with store.writing() as connection:
        history.remember_parties(connection, [("ANNA", MOMENT, MOMENT, 1)])
        row = connection.exec_driver_sql("SELECT purpose, retention_class FROM known_party").one()
    assert tuple(row) == (PURPOSE, RETENTION_CLASS)
