"""Files under their digest: placed whole, named or swept."""

import hashlib
import io
import os
import time
from pathlib import Path

import pytest

from nodes import new_node, open_node
from pratique.node.files import Files, files_in_place, leftovers, remove_aside
from pratique.node.folder import NodeFolder
from pratique.node.runs.incoming import open_regular, plain_name
from pratique.vocabulary.errors import PratiqueError


@pytest.fixture
def folder(tmp_path: Path) -> NodeFolder:
    place = NodeFolder(tmp_path / "node")
    place.make()
    return place


def test_raw_file_lies_under_its_sha256_and_twice_the_same_is_one_file(folder: NodeFolder) -> None:
    files = Files(folder, token="t1", day="2026-10-05")
    content = b"UNB+UNOA:2'" * 1000
    kept = [files.keep_raw(io.BytesIO(content)) for _ in range(2)]
    sha256 = hashlib.sha256(content).hexdigest()
    assert kept[0] == kept[1]
    assert kept[0].path == f"blobs/{sha256[:2]}/{sha256[2:]}"
    assert folder.path(kept[0].path).read_bytes() == content
    files.done()
    assert list(folder.unfinished.iterdir()) == []


def test_damaged_file_in_place_is_put_right_when_the_same_bytes_come_again(folder: NodeFolder) -> None:
    files = Files(folder, token="t1", day="2026-10-05")
    kept = files.keep_raw(io.BytesIO(b"abc"))
    folder.path(kept.path).write_bytes(b"abd")
    files.keep_raw(io.BytesIO(b"abc"))
    assert folder.path(kept.path).read_bytes() == b"abc"


def test_file_swept_before_it_is_named_stops_the_command(folder: NodeFolder) -> None:
    files = Files(folder, token="t1", day="2026-10-05")
    kept = files.keep_raw(io.BytesIO(b"abc"))
    folder.path(kept.path).unlink()
    with pytest.raises(PratiqueError) as refused:
        files.recheck([kept])
    assert refused.value.code == "node.file_swept"


def test_leftovers_of_a_dead_command_are_swept_on_opening_once_they_are_old(tmp_path: Path) -> None:
    new_node(tmp_path / "node").close()
    folder = NodeFolder(tmp_path / "node")
    kept = Files(folder, token="dead", day="2026-10-05").keep_raw(io.BytesIO(b"half a command"))
    (folder.unfinished / "dead-frame-0-1").write_bytes(b"half a file")
    open_node(tmp_path / "node").close()
    assert folder.path(kept.path).exists()
    long_ago = time.time() - 7200
    for path in (folder.path(kept.path), *folder.unfinished.iterdir()):
        os.utime(path, (long_ago, long_ago))
    open_node(tmp_path / "node").close()
    assert list(files_in_place(folder)) == []
    assert list(folder.unfinished.iterdir()) == []


def test_note_stays_while_a_file_it_speaks_of_is_young(folder: NodeFolder) -> None:
    Files(folder, token="dead", day="2026-10-05").keep_raw(io.BytesIO(b"touched again"))
    for note in folder.unfinished.iterdir():
        os.utime(note, (1, 1))
    assert leftovers(folder, now=time.time()) == ([], [])


def test_sweeping_never_leaves_the_node(folder: NodeFolder, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("mine")
    (folder.unfinished / "evil.intents").write_text("../outside.txt\n")
    aside, intended = leftovers(folder, now=time.time() + 9999)
    from pratique.node.files import remove_files

    assert remove_files(folder, intended) == 0
    assert remove_files(folder, ["blobs/../../outside.txt"]) == 0
    assert remove_aside(aside) == 1
    assert outside.read_text() == "mine"


def test_pipe_folder_and_missing_file_are_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, code in (
        (tmp_path / "pipe", "node.no_regular_file"),
        (tmp_path, "node.no_regular_file"),
        (tmp_path / "none", "node.file_not_readable"),
    ):
        with pytest.raises(PratiqueError) as refused:
            open_regular(path)
        assert refused.value.code == code


def test_path_in_a_file_name_is_dropped_and_control_characters_are_shown_as_unknown() -> None:
    assert plain_name(Path("../../etc/passwd")) == "passwd"
    assert plain_name(Path("a\x1b[31m.edi")) == "a\ufffd[31m.edi"
    assert len(plain_name(Path("x" * 255))) == 200
