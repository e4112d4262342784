"""What keeps access safe over time: backups, the key, the checks of health, nodes from before there were officers."""

from __future__ import annotations

import stat
import tarfile
from pathlib import Path

import pytest
from persons import OFFICE, PASSWORD, ROOT, Clock, access_node, join, seen, sign_in

from nodes import at, new_node
from pratique.node import Node
from pratique.node.access import VISITOR
from pratique.node.access.sealing import opens
from pratique.node.archive.restoring import restore
from pratique.node.handlers.backups import TakeBackup
from pratique.node.handlers.doctor import Doctor
from pratique.node.handlers.invitations import OpenInvitation
from pratique.node.handlers.keys import RenewKey
from pratique.node.handlers.officers import AddOfficer
from pratique.node.handlers.sign_in import SignInByPassword
from pratique.node.storage.access_sealed import every_sealed
from pratique.node.stores import write_key
from pratique.vocabulary.errors import PratiqueError


@pytest.fixture
def clock() -> Clock:
    return Clock()


def faults(node: Node) -> set[str]:
    return {check.name for check in node.ask(Doctor(), actor=ROOT) if check.state == "fail"}


def test_key_and_store_are_their_owners_alone(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node:
        for path in (node.folder.key_file, node.folder.access_database):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_backup_holds_officers_but_neither_key_nor_open_sessions(tmp_path: Path, clock: Clock) -> None:
    archive = tmp_path / "node.tar"
    with access_node(tmp_path / "node", clock) as node:
        person = join(node, clock, "ines")
        node.execute(TakeBackup(archive), actor=ROOT)
        key = node.folder.key_file.read_bytes()
    with tarfile.open(archive) as tar:
        assert {"pratique.db", "access.db", "manifest.json"} <= set(tar.getnames())
        assert "node.key" not in tar.getnames()
    assert key not in archive.read_bytes()
    restore(archive, tmp_path / "restored")
    with Node.open(tmp_path / "restored", clock=clock) as node:
        with pytest.raises(PratiqueError):
            seen(node, person.first)
        assert "node_key" in faults(node)
        with pytest.raises(PratiqueError, match="another key"):
            sign_in(node, clock, person)
        by_recovery = SignInByPassword("ines", PASSWORD, person.recovery_codes[0], OFFICE)
        assert node.execute(by_recovery, actor=VISITOR).login == "ines"
        node.folder.key_file.write_bytes(key)
        assert sign_in(node, clock, person).login == "ines"
        assert faults(node) == set()


def test_node_from_before_there_were_officers_gets_their_store_when_it_is_opened(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node:
        for path in (node.folder.access_database, node.folder.key_file):
            path.unlink()
    with Node.open(tmp_path / "node", clock=at()) as node:
        assert faults(node) == set()


def test_doctor_tells_a_changed_journal_of_access(tmp_path: Path, clock: Clock) -> None:
    with access_node(tmp_path / "node", clock) as node:
        join(node, clock, "ines")
        with node._stores.access.writing() as connection:
            connection.exec_driver_sql("DROP TRIGGER journal_keeps_text")
            connection.exec_driver_sql("UPDATE journal SET actor = 'local:nobody' WHERE seq = 1")
        assert "access_database" in faults(node)


def test_doctor_tells_a_key_that_others_can_read(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node:
        node.folder.key_file.chmod(0o644)
        assert "node_key" in faults(node)


def test_migrations_make_exactly_the_tables_of_the_code(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from pratique.node.storage.access_tables import access_metadata

    with new_node(tmp_path / "node") as node, node._stores.access.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), access_metadata) == []


def test_renewed_key_opens_every_factor_and_the_old_one_none(tmp_path: Path, clock: Clock) -> None:
    with access_node(tmp_path / "node", clock) as node:
        person = join(node, clock, "ines")
        waiting = node.execute(AddOfficer("omar", "Omar", ("targeting",)), actor=ROOT)
        before, old = sealed(node), tmp_path / "old.key"
        old.write_bytes(node.folder.key_file.read_bytes())
        assert node.execute(RenewKey(), actor=ROOT) == 3  # of two officers, and of the invitation that one has accepted
        after = sealed(node)
        assert before.keys() == after.keys()
        assert all(opens(text, key_file=node.folder.key_file, owner=login) for login, text in after.items())
        assert not any(opens(text, key_file=old, owner=login) for login, text in after.items())
        assert not node.folder.next_key_file.exists()
        assert node.folder.key_file.stat().st_mode & 0o077 == 0
        assert sign_in(node, clock, person).login == "ines"
        assert node.ask(OpenInvitation(waiting.invitation), actor=VISITOR).login == "omar"
        assert "node_key" not in faults(node)


def test_renewal_that_is_cut_short_before_it_stands_leaves_the_old_key(tmp_path: Path, clock: Clock) -> None:
    with access_node(tmp_path / "node", clock) as node:
        person = join(node, clock, "ines")
        write_key(node.folder.next_key_file)  # killed before the transaction
    with Node.open(tmp_path / "node", clock=clock) as node:
        assert not node.folder.next_key_file.exists()
        assert sign_in(node, clock, person).login == "ines"


def test_renewal_that_is_cut_short_once_it_stands_is_finished(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with access_node(tmp_path / "node", clock) as node:
        person = join(node, clock, "ines")
        with monkeypatch.context() as killed:
            killed.setattr(Path, "replace", lambda *paths: None)
            node.execute(RenewKey(), actor=ROOT)
        assert node.folder.next_key_file.exists()
    with Node.open(tmp_path / "node", clock=clock) as node:
        assert sign_in(node, clock, person).login == "ines"
        assert not node.folder.next_key_file.exists()


def test_secrets_are_taken_from_the_service_manager_where_it_hands_them_over(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with access_node(tmp_path / "node", clock) as node:
        person = join(node, clock, "ines")
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    (tmp_path / "node" / "node.key").rename(credentials / "pratique.node.key")
    (credentials / "pratique.provider.secret").write_text("secret")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    with Node.open(tmp_path / "node", clock=clock) as node:
        assert not (tmp_path / "node" / "node.key").exists()
        assert node.folder.provider_secret_file.read_text() == "secret"
        assert sign_in(node, clock, person).login == "ines"
        with pytest.raises(PratiqueError) as refused:
            node.execute(RenewKey(), actor=ROOT)
        assert refused.value.code == "access.key_is_given"


def sealed(node: Node) -> dict[str, str]:
    """What is sealed, by whose it is."""
    with node._stores.access.reading() as connection:
        return {each.owner: each.text for each in every_sealed(connection)}
