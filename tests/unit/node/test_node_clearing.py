"""Cargo data goes when its time is over: from every file of the node, and nothing else goes."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from nodes import ANNA, NOON, new_node, open_node, write_manifest, write_own_list
from pratique.node import Node
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.clearing import ClearExpired
from pratique.node.handlers.doctor import Doctor
from pratique.node.handlers.lists import LoadList
from pratique.node.handlers.queue import ListQueue
from pratique.node.handlers.runs import ListRuns, ReplayRun, ShowRun
from pratique.vocabulary.errors import PratiqueError

pytestmark = pytest.mark.long

LATER = NOON + timedelta(days=1000)
OVER = NOON + timedelta(days=1826)


def faults(node: Node) -> dict[str, str]:
    return {check.name: check.state for check in node.ask(Doctor(), actor=ANNA) if check.state != "ok"}


def content(folder: Path) -> bytes:
    """Everything that lies in the node's folder, stores and their logs too."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.fixture
def two_runs(tmp_path: Path) -> tuple[str, str]:
    """A run of the first day and one of a thousand days later, in the node of ``tmp_path``."""
    with new_node(tmp_path / "node") as node:
        node.execute(LoadList("own", (write_own_list(tmp_path / "own.csv", "NORTHWIND EXPORT 1"),)), actor=ANNA)
        odd = tmp_path / "odd.edi"
        odd.write_bytes(b"UNB+ nothing of OLDSENDER can be read")
        first = write_manifest(tmp_path / "first.csv", bills=4, reference="OLDREF")
        old = node.execute(AssessMessages((first, odd)), actor=ANNA).run.id
    young = write_manifest(tmp_path / "second.csv", bills=3, reference="NEWREF")
    young.write_text(young.read_text().replace("NORTHWIND EXPORT", "EASTWIND TRADING").replace("BILL", "BOOK"))
    with open_node(tmp_path / "node", moment=LATER) as node:
        return old, node.execute(AssessMessages((young,)), actor=ANNA).run.id


def test_what_is_past_its_time_is_gone_from_every_file_and_the_rest_stays(
    tmp_path: Path, two_runs: tuple[str, str]
) -> None:
    old, young = two_runs
    place = tmp_path / "node"
    assert b"NORTHWIND EXPORT 2" in content(place)
    with open_node(place, moment=OVER) as node:
        gone = node.execute(ClearExpired(), actor=ANNA)
        assert gone.runs == (old,)
        assert gone.rows["consignment"] == 4
        assert {"received", "known_party", "known_bill", "quarantine", "file"} <= gone.rows.keys()
        assert "retention" not in faults(node)
        assert {"runs", "run_rows", "files", "strays", "journal"} & faults(node).keys() == set()
        assert node.ask(ListQueue(run=young), actor=ANNA).rows
        assert node.ask(ReplayRun(young), actor=ANNA).same_output
        assert [run.id for run in node.ask(ListRuns(), actor=ANNA)] == [old, young]
        assert node.ask(ShowRun(old), actor=ANNA).manifest["seed"]
        for question in (ListQueue(run=old), ReplayRun(old)):
            with pytest.raises(PratiqueError) as refused:
                node.ask(question, actor=ANNA)
            assert refused.value.code == "runs.cleared"
        again = node.execute(ClearExpired(), actor=ANNA)
        assert (again.runs, again.files, again.rows) == ((), 0, {})
    left = content(place)
    assert [
        word
        for word in (b"SOUTHGATE IMPORT 3", b"NORTHWIND EXPORT 3", b"BILL0002", b"OLDSENDER", b"OLDREF")
        if word in left
    ] == []
    assert b"EASTWIND TRADING 2" in left


def test_nothing_goes_before_its_time(tmp_path: Path, two_runs: tuple[str, str]) -> None:
    before = content(tmp_path / "node" / "blobs")
    with open_node(tmp_path / "node", moment=NOON + timedelta(days=1825)) as node:
        gone = node.execute(ClearExpired(), actor=ANNA)
    assert (gone.runs, gone.files, gone.rows) == ((), 0, {})
    assert content(tmp_path / "node" / "blobs") == before


def test_a_message_that_a_younger_run_works_on_stays(tmp_path: Path) -> None:
    manifest = write_manifest(tmp_path / "first.csv", bills=4)
    with new_node(tmp_path / "node") as node:
        node.execute(AssessMessages((manifest,)), actor=ANNA)
    with open_node(tmp_path / "node", moment=LATER) as node:
        young = node.execute(AssessMessages((manifest,)), actor=ANNA).run.id
    with open_node(tmp_path / "node", moment=OVER) as node:
        assert len(node.execute(ClearExpired(), actor=ANNA).runs) == 1
        assert node.ask(ReplayRun(young), actor=ANNA).same_output
        assert "files" not in faults(node)


def test_doctor_tells_what_is_kept_past_its_time_and_what_was_only_said_to_be_erased(
    tmp_path: Path, two_runs: tuple[str, str]
) -> None:
    place = tmp_path / "node"
    with open_node(place, moment=NOON + timedelta(days=1831)) as node:
        assert "retention" not in faults(node)  # a timer runs once a week
    with open_node(place, moment=NOON + timedelta(days=1833)) as node:
        assert faults(node)["retention"] == "warn"
        node.execute(ClearExpired(), actor=ANNA)
        assert "retention" not in faults(node)
    with sqlite3.connect(place / "pratique.db") as connection:
        connection.execute(
            "INSERT INTO consignment (id, run_seq, consignment, version, cancelled)"
            " SELECT 'BACK', min(seq), 0, 1, 0 FROM run"
        )
    connection.close()
    with open_node(place, moment=NOON + timedelta(days=1834)) as node:
        assert faults(node)["retention"] == "fail"
