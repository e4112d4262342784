"""A hostile partner with files: nothing but what was signed is taken, each attempt is named and leaves nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hostile_partner import Hostile
from nodes import ANNA
from partner_nodes import Clock, two
from pratique.node.exchange.attaching import LARGEST, MOST
from pratique.node.exchange.receiving import Taken
from pratique.node.handlers.attachments import PieceTaken, TakePiece
from pratique.node.handlers.inbox import ReadAttachment, ShowMessage
from pratique.node.handlers.inbox_line import ListNotTaken
from pratique.node.handlers.retractions import DestroyMessage
from pratique.partners.exchange import strict_json
from pratique.partners.exchange.attachments import CHUNK, KEY_BYTES, TAG, chunk_count, sealed_piece
from pratique.partners.exchange.carry import Piece
from pratique.partners.exchange.inner import AttachmentRef
from pratique.partners.exchange.receipt import LARGEST as LARGEST_RECEIPT
from pratique.partners.exchange.signatures import payload_of
from pratique.vocabulary.errors import PratiqueError


@dataclass(frozen=True)
class File:
    """A file as the hostile side has it; what it announces of it can be changed."""

    plain: bytes
    key: bytes = bytes(range(KEY_BYTES))

    @property
    def sealed(self) -> bytes:
        return sealed_piece(self.plain, key=self.key, first=0, of=chunk_count(len(self.plain)))

    def ref(self, **changed: object) -> AttachmentRef:
        told = {
            "name": "photo.jpg",
            "media_type": "image/jpeg",
            "size": len(self.plain),
            "sha256": hashlib.sha256(self.plain).digest(),
            "sealed_sha256": hashlib.sha256(self.sealed).digest(),
            "category": "finding",
            "personal": False,
        }
        return AttachmentRef(**{**told, **changed})  # type: ignore[arg-type]


FIRST = File(hashlib.shake_256(b"first").digest(3 * CHUNK + 9))
SECOND = File(hashlib.shake_256(b"second").digest(3 * CHUNK + 9))
SEALED_CHUNK = CHUNK + TAG


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[Hostile]:
    one, other = two(tmp_path, Clock())
    with one, other:
        yield Hostile(one, other)


def announce(hostile: Hostile, *refs: AttachmentRef, keys: dict[bytes, bytes] | None = None) -> Taken:
    """A message of the hostile side with those files; the stream moves on where it is taken."""
    given = {each.sha256: FIRST.key for each in refs} if keys is None else keys
    sealed = hostile.sealed(change=lambda inner: inner.model_copy(update={"attachments": refs}), keys=given)
    (taken,) = hostile.hand(sealed.data)
    if taken.course == "accepted":
        hostile.number, hostile.head = hostile.number + 1, sealed.hash
    return taken


def announced(hostile: Hostile, *refs: AttachmentRef) -> str:
    """The id of a message with those files, which was taken."""
    taken = announce(hostile, *refs)
    assert taken.course == "accepted"
    assert taken.message is not None
    return taken.message


def put(hostile: Hostile, message: str, ref: AttachmentRef, after: int, data: bytes) -> PieceTaken:
    return hostile.victim.execute(
        TakePiece("xa-customs", Piece(message, ref.sealed_sha256.hex(), after, data)), actor=ANNA
    )


def chunks(file: File, *numbers: int) -> bytes:
    """The sealed chunks of those numbers, from 0, in the order given."""
    return b"".join(file.sealed[each * SEALED_CHUNK : (each + 1) * SEALED_CHUNK] for each in numbers)


def aside(hostile: Hostile) -> list[Path]:
    folder = hostile.victim.folder.root / "arriving"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def broken_for_good(hostile: Hostile, message: str, number: int = 1) -> None:
    """It is named with an alarm, cannot be read, and nothing of it is left."""
    (line,) = hostile.victim.ask(ListNotTaken(most=1), actor=ANNA).lines
    assert (line.code, line.came_from, bool(line.alarm)) == ("exchange.attachment_broken", "xa-customs", True)
    row = hostile.victim.ask(ShowMessage(message), actor=ANNA).attachments[number - 1]
    assert (row.state, row.path, row.key) == ("broken", None, None)
    assert aside(hostile) == []
    with pytest.raises(PratiqueError, match="not here as a whole"):
        hostile.victim.ask(ReadAttachment(message, number), actor=ANNA)


def test_chunks_out_of_order_are_not_taken_and_the_receipt_says_what_is_here(hostile: Hostile) -> None:
    ref = FIRST.ref()
    message = announced(hostile, ref)
    ahead = put(hostile, message, ref, 2, chunks(FIRST, 2, 3))
    assert (ahead.state, ahead.chunks, ahead.code) == ("awaited", 0, None), "a gap is answered with what is here"
    for name, numbers in {
        "a later chunk as the first": (1,),
        "two in the wrong order": (1, 0),
        "twice": (0, 0),
    }.items():
        assert put(hostile, message, ref, 0, chunks(FIRST, *numbers)).code == "exchange.attachment_broken", name
    assert aside(hostile) == [], "a piece counts as a whole or not at all"
    assert put(hostile, message, ref, 0, chunks(FIRST, 0, 1)).chunks == 2
    assert put(hostile, message, ref, 1, chunks(FIRST, 1, 2, 3)).chunks == 2, "and none is taken twice"
    assert put(hostile, message, ref, -1, chunks(FIRST, 0)).chunks == 2
    assert put(hostile, message, ref, 2, chunks(FIRST, 2, 3) + b"more").code == "exchange.attachment_broken"
    last = put(hostile, message, ref, 2, chunks(FIRST, 2, 3))
    assert last.state == "whole"
    assert put(hostile, message, ref, 2, chunks(FIRST, 2, 3)).answer == last.answer, "the receipt is the same"
    assert hostile.victim.ask(ReadAttachment(message, 1), actor=ANNA).path.read_bytes() == FIRST.plain


def test_chunks_of_another_file_break_what_they_are_given_out_as(hostile: Hostile) -> None:
    first, second = FIRST.ref(), SECOND.ref()
    message = announced(hostile, first, second)  # both under one key, so that each chunk of either opens in the other
    assert put(hostile, message, first, 0, chunks(SECOND, 0)).chunks == 1
    assert put(hostile, message, first, 1, chunks(FIRST, 1, 2, 3)).code == "exchange.attachment_broken"
    broken_for_good(hostile, message)
    assert put(hostile, message, first, 0, FIRST.sealed).code == "exchange.attachment_unknown"
    assert put(hostile, message, second, 0, SECOND.sealed).state == "whole", "the other file is none the worse"


@pytest.mark.parametrize("lie", ["sha256", "sealed_sha256"])
def test_file_of_another_digest_than_announced_is_broken_for_good(hostile: Hostile, lie: str) -> None:
    ref = FIRST.ref(**{lie: hashlib.sha256(b"another").digest()})
    message = announced(hostile, ref)
    assert put(hostile, message, ref, 0, FIRST.sealed).code == "exchange.attachment_broken"
    broken_for_good(hostile, message)


def test_what_is_announced_beyond_the_bounds_is_refused_with_its_message(hostile: Hostile) -> None:
    many = tuple(FIRST.ref(sealed_sha256=bytes([number]) * 32) for number in range(MOST + 1))
    both = {each.ref().sha256: each.key for each in (FIRST, SECOND)}
    offered: dict[str, tuple[tuple[AttachmentRef, ...], dict[bytes, bytes] | None]] = {
        "exchange.attachments_oversized": (many, None),
        "exchange.attachment_unsealed": ((FIRST.ref(), SECOND.ref()), {FIRST.ref().sha256: FIRST.key}),
        "exchange.content_invalid": ((FIRST.ref(),), both),
    }
    for code, (refs, keys) in offered.items():
        assert announce(hostile, *refs, keys=keys).code == code
    assert announce(hostile, FIRST.ref(size=LARGEST + 1)).code == "exchange.attachments_oversized"
    assert announce(hostile, FIRST.ref(size=0)).code == "exchange.attachments_oversized"
    assert announce(hostile, FIRST.ref(), FIRST.ref()).code == "exchange.attachment_unsealed"
    announced(hostile)  # and the next honest one is taken


def test_files_that_never_come_stop_at_what_a_partner_may_owe(hostile: Hostile) -> None:
    def owed(number: int) -> tuple[AttachmentRef, ...]:
        ids = (hashlib.sha256(b"%d" % (2 * number + each)).digest() for each in range(2))
        return tuple(FIRST.ref(size=LARGEST, sealed_sha256=each, sha256=each) for each in ids)

    first, *_ = [announced(hostile, *owed(number)) for number in range(4)]
    piece = sealed_piece(FIRST.plain[:CHUNK], key=FIRST.key, first=0, of=chunk_count(LARGEST))
    assert put(hostile, first, owed(0)[0], 0, piece).chunks == 1
    assert announce(hostile, *owed(4)).code == "exchange.attachments_many"
    shown = hostile.victim.ask(ShowMessage(first), actor=ANNA)
    assert [each.state for each in shown.attachments] == ["awaited", "awaited"], "the message itself can be read"
    assert shown.fields
    said = strict_json.read(payload_of(shown.message.receipt), what="receipt", at_most=LARGEST_RECEIPT)
    assert [(each["chunks"], each["whole"]) for each in said["attachments"]] == [(1, False), (0, False)]
    hostile.victim.execute(DestroyMessage(first, "originator_asked"), actor=ANNA)
    assert aside(hostile) == [], "what had come goes with its message"
    announced(hostile, *owed(4))
