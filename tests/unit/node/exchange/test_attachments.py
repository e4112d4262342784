"""Attachments travel beside their message: whole or not at all, decided on like fields, erased with the message."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nodes import ANNA
from partner_lines import served
from partner_nodes import Clock, alert, endpoint_of, two
from pratique.node import Node
from pratique.node.assistance.bundle_folder import opened_folder
from pratique.node.exchange.attaching import Attaching
from pratique.node.exchange.disclosing import Disclosed
from pratique.node.exchange.worker import Exchange
from pratique.node.handlers.attachments import KeepForSharing, PieceFor, TakePiece
from pratique.node.handlers.carrying import CarryIn, CarryOut
from pratique.node.handlers.disclosures import Disclose, PreviewShare, ShowDisclosure
from pratique.node.handlers.inbox import ReadAttachment, ShowMessage
from pratique.node.handlers.inbox_line import ListNotTaken, ReceiveEnvelopes
from pratique.node.handlers.retractions import DestroyMessage
from pratique.partners.exchange.attachments import CHUNK, LARGEST_PIECE, sealed_piece
from pratique.partners.exchange.carry import Piece
from pratique.vocabulary.errors import PratiqueError

LONG = hashlib.shake_256(b"photo").digest(2 * 1024 * 1024 + 77)


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[tuple[Node, Node]]:
    one, other = two(tmp_path, Clock())
    with one, other:
        yield one, other


def kept(node: Node, folder: Path, content: bytes, name: str = "gate log.csv") -> str:
    """The SHA-256 of a file that an officer kept for sharing."""
    file = folder / "given"
    file.write_bytes(content)
    return node.execute(KeepForSharing(file, name), actor=ANNA).sha256


def sent(node: Node, *shas: str, to: str = "xb-customs", category: str = "finding") -> Disclosed:
    """An alert with those files, which show no person."""
    files = tuple(Attaching(each, category, personal=False) for each in shas)
    return node.execute(Disclose(replace(alert(to), attachments=files)), actor=ANNA)


def handed(one: Node, other: Node, done: Disclosed) -> tuple[str, str]:
    """The message delivered without its file; its id, and what the file is called on the line."""
    message = str(done.message)
    shown = one.ask(ShowDisclosure(message), actor=ANNA)
    assert shown.out is not None
    (taken,) = other.execute(ReceiveEnvelopes((shown.out.envelope,), "xa-customs"), actor=ANNA)
    assert taken.course == "accepted"
    return message, shown.attachments[0].sealed_sha256


def read(node: Node, message: str, number: int = 1) -> bytes:
    return node.ask(ReadAttachment(message, number), actor=ANNA).path.read_bytes()


def test_files_follow_their_message_over_the_line_and_the_receipt_says_so(
    nodes: tuple[Node, Node], tmp_path: Path
) -> None:
    one, other = nodes
    done = sent(one, kept(one, tmp_path, LONG, "../../photo.jpg"), kept(one, tmp_path, b"a,b\n"))
    with served(other, endpoint_of(tmp_path)):
        rounds = Exchange(one, actor=ANNA).round()
    assert sum(each.files for each in rounds) == 2
    message = str(done.message)
    came = other.ask(ShowMessage(message), actor=ANNA).attachments
    assert [(each.name, each.state) for each in came] == [("photo.jpg", "whole"), ("gate log.csv", "whole")]
    assert read(other, message) == LONG
    assert read(other, message, 2) == b"a,b\n"
    assert {each.state for each in one.ask(ShowDisclosure(message), actor=ANNA).attachments} == {"arrived"}
    assert list((other.folder.root / "arriving").iterdir()) == []


def test_sending_goes_on_behind_what_arrived_before_the_line_broke(nodes: tuple[Node, Node], tmp_path: Path) -> None:
    one, other = nodes
    message, sealed = handed(one, other, sent(one, kept(one, tmp_path, LONG)))
    first = one.ask(PieceFor("xb-customs", message, sealed, 0), actor=ANNA)
    taken = other.execute(TakePiece("xa-customs", first), actor=ANNA)
    assert (taken.state, taken.chunks) == ("awaited", 16)
    with pytest.raises(PratiqueError, match="not here as a whole"):
        other.ask(ReadAttachment(message, 1), actor=ANNA)
    aside = other.folder.root / "arriving" / f"{message}-1"
    aside.write_bytes(aside.read_bytes() + b"written before the crash, never committed" * 3000)
    assert other.execute(TakePiece("xa-customs", first), actor=ANNA).chunks == 16, "the same again changes nothing"
    with served(other, endpoint_of(tmp_path)):
        Exchange(one, actor=ANNA).round()
    assert read(other, message) == LONG


def test_file_that_the_clause_does_not_cover_stays_with_its_article(nodes: tuple[Node, Node], tmp_path: Path) -> None:
    one, _ = nodes
    share = replace(alert(), attachments=(Attaching(kept(one, tmp_path, b"face"), "biometric"),))
    seen = one.ask(PreviewShare(share), actor=ANNA)
    done = one.execute(Disclose(share), actor=ANNA)
    assert done.message is not None
    assert ("attachment-1", False) in [(each.field, each.sent) for each in done.attachments]
    assert next(each.article for each in done.withheld if each.field == "attachment-1")
    assert seen.withheld == done.withheld
    assert one.ask(ShowDisclosure(done.message), actor=ANNA).attachments == ()


def test_bytes_that_were_not_announced_are_named_and_not_taken(nodes: tuple[Node, Node], tmp_path: Path) -> None:
    one, other = nodes
    message, sealed = handed(one, other, sent(one, kept(one, tmp_path, LONG)))
    (row,) = one.ask(ShowDisclosure(message), actor=ANNA).attachments
    assert row.key is not None
    good = one.ask(PieceFor("xb-customs", message, sealed, 0), actor=ANNA)
    short = sealed_piece(b"x" * 100, key=row.key, first=0, of=33)
    offered = {
        "wrong bytes": Piece(message, sealed, 0, bytes(len(good.data))),
        "more bytes than a piece": Piece(message, sealed, 0, bytes(LARGEST_PIECE + 1)),
        "a short chunk in the middle": Piece(message, sealed, 0, short),
        "another file": Piece(message, "0" * 64, 0, good.data),
        "a file of no message": Piece(message.replace(message[0], "f"), sealed, 0, good.data),
    }
    for name, piece in offered.items():
        taken = other.execute(TakePiece("xa-customs", piece), actor=ANNA)
        assert taken.state == "refused", name
    assert other.execute(TakePiece("xc-customs", good), actor=ANNA).state == "refused", "somebody else's file"
    codes = [each.code for each in other.ask(ListNotTaken(), actor=ANNA).lines]
    assert codes.count("exchange.attachment_broken") == 2
    assert codes.count("exchange.attachment_unknown") == 3
    assert other.execute(TakePiece("xa-customs", good), actor=ANNA).chunks == 16, "and the honest piece is taken"


def test_file_that_is_longer_than_it_was_signed_is_broken_for_good(nodes: tuple[Node, Node], tmp_path: Path) -> None:
    one, other = nodes
    message, sealed = handed(one, other, sent(one, kept(one, tmp_path, b"small")))
    (row,) = one.ask(ShowDisclosure(message), actor=ANNA).attachments
    assert row.key is not None
    bomb = Piece(message, sealed, 0, sealed_piece(bytes(CHUNK), key=row.key, first=0, of=1))
    assert other.execute(TakePiece("xa-customs", bomb), actor=ANNA).code == "exchange.attachment_broken"
    good = one.ask(PieceFor("xb-customs", message, sealed, 0), actor=ANNA)
    assert other.execute(TakePiece("xa-customs", good), actor=ANNA).code == "exchange.attachment_unknown"
    assert [each.state for each in other.ask(ShowMessage(message), actor=ANNA).attachments] == ["broken"]
    assert list((other.folder.root / "arriving").iterdir()) == []


def test_partner_that_calls_fetches_the_files_too(nodes: tuple[Node, Node], tmp_path: Path) -> None:
    one, other = nodes
    message = str(sent(other, kept(other, tmp_path, LONG), to="xa-customs").message)
    with served(other, endpoint_of(tmp_path)):
        (done,) = Exchange(one, actor=ANNA).round()
    assert (done.fetched, done.files, done.fault) == (1, 1, None)
    assert read(one, message) == LONG
    assert [each.state for each in other.ask(ShowDisclosure(message), actor=ANNA).attachments] == ["arrived"]


def test_files_are_carried_by_hand_behind_their_message(nodes: tuple[Node, Node], tmp_path: Path) -> None:
    one, other = nodes
    message = str(sent(one, kept(one, tmp_path, LONG)).message)
    there = one.ask(CarryOut("xb-customs"), actor=ANNA)
    assert other.execute(CarryIn(there), actor=ANNA).files == {"awaited": 2, "whole": 1}
    assert other.execute(CarryIn(there), actor=ANNA).files == {"whole": 3}, "the file can come twice"
    assert read(other, message) == LONG
    one.execute(CarryIn(other.ask(CarryOut("xa-customs"), actor=ANNA)), actor=ANNA)
    assert [each.state for each in one.ask(ShowDisclosure(message), actor=ANNA).attachments] == ["arrived"]
    with pytest.raises(PratiqueError, match="Nothing waits"):
        one.ask(CarryOut("xb-customs"), actor=ANNA)


def test_files_are_erased_with_their_message_and_what_else_names_them_keeps_them(
    nodes: tuple[Node, Node], tmp_path: Path
) -> None:
    one, other = nodes
    sha = kept(one, tmp_path, b"shared twice")
    messages = [str(sent(one, sha).message) for _ in range(2)]
    other.execute(CarryIn(one.ask(CarryOut("xb-customs"), actor=ANNA)), actor=ANNA)
    path = other.ask(ReadAttachment(messages[0], 1), actor=ANNA).path
    other.execute(DestroyMessage(messages[0], "originator_asked"), actor=ANNA)
    assert path.is_file(), "the second message still has it"
    other.execute(DestroyMessage(messages[1], "originator_asked"), actor=ANNA)
    assert not path.exists()
    (gone,) = other.ask(ShowMessage(messages[0]), actor=ANNA).attachments
    assert (gone.state, gone.name, gone.key, gone.path) == ("erased", "", None, None)


def test_bundle_as_one_file_is_never_decompressed(tmp_path: Path) -> None:
    def made(name: str, content: bytes = b"x" * 100_000, how: int = zipfile.ZIP_STORED) -> Path:
        file = tmp_path / f"{how}-{len(name)}.zip"
        with zipfile.ZipFile(file, "w", how) as archive:
            archive.writestr(name, content)
        return file

    with opened_folder(made("items/1/log.csv"), aside=tmp_path / "aside") as folder:
        assert (folder / "items/1/log.csv").read_bytes() == b"x" * 100_000
    assert list((tmp_path / "aside").iterdir()) == [], "gone afterwards"
    (tmp_path / "no.zip").write_bytes(b"PK no zip at all")
    hostile = [made("bomb", how=zipfile.ZIP_DEFLATED), made("../out"), made("/etc/out"), tmp_path / "no.zip"]
    for file in hostile:
        with pytest.raises(PratiqueError) as refused, opened_folder(file, aside=tmp_path / "aside"):
            pass
        assert refused.value.code == "custody.no_stored_zip", file.name
