"""Backup and restore: the whole node in one archive, and nothing from an archive that is not one."""

import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from nodes import ANNA, new_node, open_node, write_manifest, write_own_list
from pratique.node.archive.restoring import restore
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.backups import TakeBackup
from pratique.node.handlers.doctor import Doctor
from pratique.node.handlers.journal import ReadJournal
from pratique.node.handlers.lists import LoadList
from pratique.node.handlers.runs import ReplayRun
from pratique.vocabulary.errors import Category, PratiqueError


@pytest.mark.parametrize("name", ["backup.tar", "backup.tar.gz"])
def test_restored_node_is_whole_and_replays_to_the_same_hash(tmp_path: Path, name: str) -> None:
    with new_node(tmp_path / "node") as node:
        node.execute(LoadList("own", (write_own_list(tmp_path / "own.csv", "EASTBANK"),)), actor=ANNA)
        run = node.execute(AssessMessages((write_manifest(tmp_path / "m.csv"),)), actor=ANNA).run
        taken = node.execute(TakeBackup(tmp_path / name), actor=ANNA)
    assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == taken.sha256
    restore(tmp_path / name, tmp_path / "again")
    with open_node(tmp_path / "again") as node:
        assert {check.state for check in node.ask(Doctor(), actor=ANNA) if check.name != "rates"} == {"ok"}
        assert node.ask(ReplayRun(run.id), actor=ANNA).same_output
        assert len(node.ask(ReadJournal(), actor=ANNA)) == 3  # the backup's own entry came after it
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == ["again", "node"]


def test_backup_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "letter.tar").write_text("mine")
    with new_node(tmp_path / "node") as node:
        for target, category in (
            (tmp_path / "letter.tar", Category.CONFLICT),
            (tmp_path / "none" / "b.tar", Category.NOT_FOUND),
        ):
            with pytest.raises(PratiqueError) as refused:
                node.execute(TakeBackup(target), actor=ANNA)
            assert refused.value.category is category
    assert (tmp_path / "letter.tar").read_text() == "mine"


def test_backup_of_a_damaged_node_is_refused(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node:
        node.execute(AssessMessages((write_manifest(tmp_path / "m.csv"),)), actor=ANNA)
        next(path for path in (tmp_path / "node" / "blobs").rglob("*") if path.is_file()).write_bytes(b"other")
        with pytest.raises(PratiqueError) as refused:
            node.execute(TakeBackup(tmp_path / "b.tar"), actor=ANNA)
    assert refused.value.category is Category.BROKEN
    assert [path.name for path in tmp_path.iterdir() if "b.tar" in path.name] == []


def test_restore_leaves_a_folder_in_use_alone(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node:
        node.execute(TakeBackup(tmp_path / "b.tar"), actor=ANNA)
    with pytest.raises(PratiqueError) as refused:
        restore(tmp_path / "b.tar", tmp_path / "node")
    assert refused.value.category is Category.CONFLICT


def archive(
    path: Path, files: dict[str, bytes], *, manifest: Any = None, extra: list[tarfile.TarInfo] | None = None
) -> Path:
    """A tar with a manifest that speaks truly of ``files`` unless another one is given."""
    listed = {name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)} for name, data in files.items()}
    told = manifest if manifest is not None else {"format": "pratique-backup-1", "files": listed}
    with tarfile.open(path, "w") as tar:
        for name, data in {"manifest.json": json.dumps(told).encode(), **files}.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
        for entry in extra or []:
            tar.addfile(entry)
    return path


def link(name: str, target: str) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = tarfile.SYMTYPE, target
    return entry


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "/evil",
        "lake/../../evil",
        "blobs/..",
        "tmp/evil",
        "settings.yaml",
        "lake/a b",
        "lake//x",
        "./pratique.db",
    ],
)
def test_archive_that_would_write_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    evil = archive(tmp_path / "evil.tar", {"pratique.db": b"x", name: b"evil"})
    with pytest.raises(PratiqueError) as refused:
        restore(evil, tmp_path / "node")
    assert refused.value.code == "backup.broken"
    assert [path.name for path in tmp_path.iterdir()] == ["evil.tar"]


@pytest.mark.parametrize(
    "manifest",
    [
        [],
        {"format": "pratique-backup-1", "files": {}},
        {"format": "other", "files": {"pratique.db": {"sha256": "0" * 64, "bytes": 1}}},
        {"format": "pratique-backup-1", "files": {"pratique.db": {"sha256": "0" * 64, "bytes": 1}}},
        {"format": "pratique-backup-1", "files": {"pratique.db": {"sha256": "0" * 64, "bytes": 2}}},
        {"format": "pratique-backup-1", "files": {"pratique.db": {"sha256": "0" * 64, "bytes": 2**60}}},
        {"format": "pratique-backup-1", "files": {"pratique.db": {"sha256": "0" * 64, "bytes": "many"}}},
        {"format": "pratique-backup-1", "files": {"pratique.db": {"sha256": "0" * 64, "bytes": float("inf")}}},
    ],
)
def test_archive_that_is_not_what_its_manifest_says_is_refused(tmp_path: Path, manifest: Any) -> None:
    evil = archive(tmp_path / "evil.tar", {"pratique.db": b"x"}, manifest=manifest)
    with pytest.raises(PratiqueError) as refused:
        restore(evil, tmp_path / "node")
    assert refused.value.code == "backup.broken"
    assert not (tmp_path / "node").exists()


def test_archive_with_a_link_or_a_file_too_many_or_too_few_is_refused(tmp_path: Path) -> None:
    listed = {"pratique.db": {"sha256": hashlib.sha256(b"x").hexdigest(), "bytes": 1}}
    linked = {"format": "pratique-backup-1", "files": listed | {"lake/x": {"sha256": "0" * 64, "bytes": 0}}}
    for number, evil in enumerate(
        [
            archive(tmp_path / "1.tar", {"pratique.db": b"x"}, manifest=linked, extra=[link("lake/x", "/etc/passwd")]),
            archive(tmp_path / "2.tar", {"pratique.db": b"x"}, extra=[tarfile.TarInfo("lake/y")]),
            archive(tmp_path / "3.tar", {"pratique.db": b"x"}, manifest=linked),
        ]
    ):
        with pytest.raises(PratiqueError) as refused:
            restore(evil, tmp_path / f"node{number}")
        assert refused.value.code == "backup.broken"


@pytest.mark.parametrize("content", [b"", b"no tar at all", b"\x1f\x8b\x08\x00cut"])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.tar").write_bytes(content)
    with pytest.raises(PratiqueError) as refused:
        restore(tmp_path / "b.tar", tmp_path / "node")
    assert refused.value.code == "backup.broken"


def test_archive_cut_short_is_refused(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node:
        node.execute(AssessMessages((write_manifest(tmp_path / "m.csv"),)), actor=ANNA)
        node.execute(TakeBackup(tmp_path / "b.tar.gz"), actor=ANNA)
    content = (tmp_path / "b.tar.gz").read_bytes()
    (tmp_path / "cut.tar.gz").write_bytes(content[: len(content) // 2])
    with pytest.raises(PratiqueError) as refused:
        restore(tmp_path / "cut.tar.gz", tmp_path / "again")
    assert refused.value.code == "backup.broken"
    assert not (tmp_path / "again").exists()


def test_missing_archive_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(PratiqueError) as refused:
        restore(tmp_path / "none.tar", tmp_path / "node")
    assert refused.value.category is Category.NOT_FOUND
