"""Reading on a node: kept first, quarantined where it cannot be read, without making history."""

from pathlib import Path

import pytest

from nodes import ANNA, new_node, write_manifest
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.journal import ReadJournal
from pratique.node.handlers.messages import ReadMessage
from pratique.node.handlers.quarantine import ListQuarantine, RereadQuarantined, ShowQuarantined
from pratique.node.handlers.queue import ListQueue
from pratique.vocabulary.errors import Category, PratiqueError

NONSENSE = b"\x00\x01\x02 neither EDIFACT nor XML nor a table"


def test_reading_keeps_the_file_and_gives_its_frames_but_makes_no_history(tmp_path: Path) -> None:
    path = write_manifest(tmp_path / "manifest.csv", bills=3)
    with new_node(tmp_path / "node") as node:
        read = node.execute(ReadMessage(path), actor=ANNA)
        assert (read.manifest.consignments.height, read.file_name) == (3, "manifest.csv")
        kept = tmp_path / "node" / "blobs" / read.raw_sha256[:2] / read.raw_sha256[2:]
        assert kept.read_bytes() == path.read_bytes()
        with pytest.raises(PratiqueError) as refused:
            node.ask(ListQueue(), actor=ANNA)
        assert refused.value.code == "runs.none_yet"


def test_same_file_read_twice_is_said(tmp_path: Path) -> None:
    path = write_manifest(tmp_path / "manifest.csv", bills=1)
    with new_node(tmp_path / "node") as node:
        first, second = (node.execute(ReadMessage(path), actor=ANNA) for _ in range(2))
    assert "messages.received_before" not in first.manifest.findings["rule"]
    assert "messages.received_before" in second.manifest.findings["rule"]


@pytest.mark.parametrize("command", [ReadMessage, lambda path: AssessMessages((path,))])
def test_file_that_cannot_be_read_is_kept_and_quarantined_and_then_refused(tmp_path: Path, command: object) -> None:
    path = tmp_path / "nonsense.bin"
    path.write_bytes(NONSENSE)
    with new_node(tmp_path / "node") as node:
        with pytest.raises(PratiqueError) as refused:
            node.execute(command(path), actor=ANNA)  # type: ignore[operator]
        assert refused.value.category is Category.REJECTED
        (part,) = node.ask(ListQuarantine(), actor=ANNA)
        assert (part.rule, part.file_name) == ("messages.unreadable", "nonsense.bin")
        assert node.ask(ShowQuarantined(part.id.lower()), actor=ANNA).content == NONSENSE
        assert len(node.ask(ReadJournal(), actor=ANNA)) == 2


def test_readable_files_are_assessed_and_the_unreadable_one_is_told(tmp_path: Path) -> None:
    good = write_manifest(tmp_path / "manifest.csv", bills=3)
    bad = tmp_path / "nonsense.bin"
    bad.write_bytes(NONSENSE)
    with new_node(tmp_path / "node") as node:
        done = node.execute(AssessMessages((good, bad)), actor=ANNA)
        assert done.run.consignment_count == 3
        assert [part.file_name for part in done.quarantined] == ["nonsense.bin"]
        assert len(node.ask(ListQuarantine(), actor=ANNA)) == 1


def test_part_that_can_be_read_now_leaves_quarantine(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("Konnossement,Ware\nB1,SCHRAUBEN\n", encoding="utf-8")
    mapping = {
        "id": "test-de",
        "title": "Test",
        "message_type": "MANIFEST",
        "keys": {"message": [], "consignment": ["Konnossement"], "goods_item": ["Ware"]},
        "required": ["Konnossement", "Ware"],
        "columns": {
            "Konnossement": {"to": "consignment.transport_contract_document_id"},
            "Ware": {"to": "goods_item.description"},
        },
    }
    with new_node(tmp_path / "node") as node:
        with pytest.raises(PratiqueError):
            node.execute(ReadMessage(path), actor=ANNA)
        (part,) = node.ask(ListQuarantine(), actor=ANNA)
        with pytest.raises(PratiqueError):
            node.execute(RereadQuarantined(part.id), actor=ANNA)
        again = node.execute(RereadQuarantined(part.id, mapping), actor=ANNA)
        assert (again.manifest.consignments.height, again.closed) == (1, 1)
        assert node.ask(ListQuarantine(), actor=ANNA) == []


def test_unknown_part_is_not_found(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node, pytest.raises(PratiqueError) as refused:
        node.ask(ShowQuarantined("NOTHING1"), actor=ANNA)
    assert refused.value.category is Category.NOT_FOUND


def test_journal_holds_neither_names_of_persons_nor_what_the_file_says(tmp_path: Path) -> None:
    path = write_manifest(tmp_path / "secret-name.csv", bills=2)
    with new_node(tmp_path / "node") as node:
        node.execute(ReadMessage(path), actor=ANNA)
        node.execute(AssessMessages((path,)), actor=ANNA)
        written = " ".join(entry.command for entry in node.ask(ReadJournal(), actor=ANNA))
    for word in ("NORTHWIND", "MACHINE", "BILL0000", "secret-name"):
        assert word not in written
