"""Notes, checkpoints, cosignatures, tiles and requests: examples of the specifications, and what must be refused."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pratique.partners.ledger.checkpoints import Checkpoint, parse_checkpoint, read_checkpoint, witnesses_of
from pratique.partners.ledger.commitments import commitment, leaf_hash, opens
from pratique.partners.ledger.notes import (
    COSIGNATURE,
    PLAIN,
    Note,
    NoteError,
    VerifierKey,
    cosign,
    cosigned_at,
    parse_note,
    parse_vkey,
    sign,
    signed_by,
)
from pratique.partners.ledger.proofs import EntryProof, Opening, check_proof, parse_proof
from pratique.partners.ledger.tiles import Tile, bundle_of, entries_of, entries_path, tiles_of
from pratique.partners.ledger.witnessing import Verdict, WitnessRequest, judge, parse_request

SPECIFICATIONS = Path(__file__).parents[5] / "shared" / "data" / "vectors" / "c2sp-tlog-specs"
FOO = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SIGNED = (
    "This is an example message.\n\n\N{EM DASH} example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
LOG, WITNESS = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32), Ed25519PrivateKey.from_private_bytes(b"\x02" * 32)
LOG_KEY = VerifierKey("log.example/log", PLAIN, LOG.public_key().public_bytes_raw())
WITNESS_KEY = VerifierKey("b.example/witness", COSIGNATURE, WITNESS.public_key().public_bytes_raw())


def checkpoint(size: int = 5, root: bytes = b"\x07" * 32) -> Checkpoint:
    return Checkpoint("log.example/log", size, root)


def noted(told: Checkpoint, *, time: int = 1_790_000_000) -> bytes:
    lines = (sign(told.text, LOG_KEY.name, LOG), cosign(told.text, WITNESS_KEY.name, WITNESS, time=time))
    return str(Note(told.text, lines)).encode()


def test_example_of_the_specification_is_signed_by_its_key() -> None:
    note, key = parse_note(SIGNED.encode()), parse_vkey(FOO)
    assert str(key) == FOO
    assert str(note) == SIGNED
    assert signed_by(note, key) is not None
    with pytest.raises(NoteError, match="does not hold"):
        signed_by(parse_note(SIGNED.replace("example message", "other message").encode()), key)


@pytest.mark.skipif(not SPECIFICATIONS.is_dir(), reason="the C2SP specifications are not there")
@pytest.mark.parametrize("name", ["signed-note", "tlog-checkpoint", "tlog-cosignature"])
def test_examples_in_the_specifications_read_and_write_the_same(name: str) -> None:
    text = (SPECIFICATIONS / f"{name}.md").read_text()
    examples = [part.lstrip("\n") for part in text.split("```")[1::2] if "\n\n\N{EM DASH} " in part]
    assert examples
    for example in examples:
        note = parse_note(example.encode())
        assert str(note) == example
        if name != "signed-note":
            found = parse_checkpoint(note.text)
            assert (found.origin, found.size) == ("example.com/behind-the-sofa", 20852163)
    if name == "tlog-cosignature":
        assert cosigned_at(note.signatures[1]) == 1679315147


def test_checkpoint_is_believed_by_its_log_and_its_witnesses_alone() -> None:
    told, note = read_checkpoint(noted(checkpoint()), LOG_KEY)
    assert told == checkpoint()
    assert witnesses_of(note, [WITNESS_KEY]) == {"b.example/witness": 1_790_000_000}
    assert witnesses_of(note, [VerifierKey("c.example/witness", COSIGNATURE, WITNESS_KEY.public_key)]) == {}
    other = VerifierKey("log.example/log", PLAIN, WITNESS.public_key().public_bytes_raw())
    with pytest.raises(NoteError, match="did not sign"):
        read_checkpoint(noted(checkpoint()), other)
    with pytest.raises(NoteError, match="not of other"):
        read_checkpoint(noted(checkpoint()), VerifierKey("other.example/log", PLAIN, LOG_KEY.public_key))


def test_one_key_under_two_names_counts_as_one_witness() -> None:
    twin = VerifierKey("twin.example/witness", COSIGNATURE, WITNESS_KEY.public_key)
    text = checkpoint().text
    lines = tuple(cosign(text, key.name, WITNESS, time=1) for key in (WITNESS_KEY, twin))
    assert len(witnesses_of(Note(text, lines), [WITNESS_KEY, twin])) == 1


def test_time_of_a_cosignature_is_signed() -> None:
    note = parse_note(noted(checkpoint()))
    line = note.signatures[1]
    later = line.__class__(line.name, line.key_id, struct.pack(">Q", 5) + line.blob[8:])
    with pytest.raises(NoteError, match="does not hold"):
        signed_by(Note(note.text, (later,)), WITNESS_KEY)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"text\n",
        b"text\n\n",
        b"text\n\n- name AAAAAAAA\n",
        b"te\x00xt\n\n\xe2\x80\x94 name AAAAAAAA\n",
        b"text\n\n\xe2\x80\x94 na+me AAAAAAAA\n",
        b"text\n\n\xe2\x80\x94 name AAA\n",
        b"text\n\n\xe2\x80\x94 name AAAA\n",
        b"text\n\n\xe2\x80\x94 name AAAAAAAB====\n",
        b"\xff\n\n\xe2\x80\x94 name AAAAAAAA\n",
        b"text\n\n" + b"\xe2\x80\x94 name AAAAAAAA\n" * 65,
        b"x" * 70_000,
    ],
)
def test_note_of_another_form_is_refused(content: bytes) -> None:
    with pytest.raises(NoteError):
        parse_note(content)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        "a\n01\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n",
        "a\n-1\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n",
        "a\n\u0661\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n",
        "a\n9223372036854775808\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n",
        "a\n" + "9" * 5000 + "\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n",
        "a\n1\nBwcH\n",
        "a\n1\nnot base64\n",
        "\n1\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n",
        "a\n1\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n\n",
    ],
)
def test_checkpoint_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        parse_checkpoint(text)


def test_commitment_opens_with_its_salt_and_record_alone() -> None:
    salt, record = b"s" * 32, b"record"
    committed = commitment(salt, record)
    assert opens(committed, salt=salt, record=record)
    assert not opens(committed, salt=b"t" * 32, record=record)
    assert not opens(committed, salt=salt, record=b"other")
    assert not opens(committed, salt=b"", record=record)
    with pytest.raises(ValueError, match="32 bytes"):
        commitment(b"short", record)


def test_proof_file_reads_as_it_was_written_and_holds() -> None:
    opening = Opening(commitment(b"s" * 32, b"record"), b"s" * 32, b"record")
    content = bytes(EntryProof(0, (), noted(checkpoint(1, leaf_hash(opening.commitment))), opening))
    proof = parse_proof(content)
    assert bytes(proof) == content
    assert check_proof(proof, LOG_KEY)[0].size == 1
    erased = EntryProof(0, (), proof.checkpoint, Opening(opening.commitment))
    assert parse_proof(bytes(erased)).opening.record is None
    check_proof(parse_proof(bytes(erased)), LOG_KEY)
    wrong = EntryProof(0, (), proof.checkpoint, Opening(opening.commitment, b"s" * 32, b"other"))
    with pytest.raises(NoteError, match="not that of the commitment"):
        check_proof(wrong, LOG_KEY)
    with pytest.raises(NoteError, match="does not lead"):
        check_proof(EntryProof(0, (b"\x00" * 32,), proof.checkpoint, opening), LOG_KEY)


@pytest.mark.parametrize("content", [b"", b"c2sp.org/tlog-proof@v1\nindex 0\n\n", b"x\ny\nz\n\n", b"\xff\n\n"])
def test_proof_of_another_form_is_refused(content: bytes) -> None:
    with pytest.raises(NoteError):
        parse_proof(content)


def test_tiles_lie_where_the_specification_says() -> None:
    assert Tile(0, 1234067).path == "tile/0/x001/x234/067"
    assert Tile(1, 0, 17).path == "tile/1/000.p/17"
    assert entries_path(1000) == "tile/entries/x001/000"
    assert tiles_of(0) == []
    assert tiles_of(1) == [Tile(0, 0, 1)]
    assert tiles_of(256) == [Tile(0, 0), Tile(1, 0, 1)]
    assert tiles_of(70_000, since=69_990) == [Tile(0, 273, 112)]
    grown = {tile for size in range(1, 600) for tile in tiles_of(size, since=size - 1) if tile.width == 256}
    assert grown == {tile for tile in tiles_of(599) if tile.width == 256}


def test_entries_come_back_out_of_their_bundle() -> None:
    entries = [b"", b"one", b"\xff" * 300]
    assert entries_of(bundle_of(entries)) == entries
    for cut in (1, 3, 200):
        with pytest.raises(ValueError, match="cut short"):
            entries_of(bundle_of(entries)[:-cut])


def test_request_of_a_witness_reads_as_it_was_written() -> None:
    request = WitnessRequest(4, (b"\x01" * 32, b"\x02" * 32), noted(checkpoint()))
    assert parse_request(bytes(request)) == request
    for content in (
        b"",
        b"old x\n\n",
        b"old 01\n\n",
        b"new 1\n\n",
        b"old 1\nnot base64\n\n",
        b"old " + b"9" * 30 + b"\n\n",
    ):
        with pytest.raises(NoteError):
            parse_request(content + b"\n\n")


def test_witness_judges_by_size_root_and_proof() -> None:
    seen = checkpoint(5)
    assert judge(None, checkpoint(9), old=0, proof=()) is Verdict.CONSISTENT
    assert judge(seen, checkpoint(5), old=5, proof=()) is Verdict.CONSISTENT
    assert judge(seen, checkpoint(5, b"\x08" * 32), old=5, proof=()) is Verdict.FORK
    assert judge(seen, checkpoint(4), old=4, proof=()) is Verdict.ROLLBACK
    assert judge(seen, checkpoint(9), old=4, proof=()) is Verdict.OTHER_SIZE
    assert judge(seen, checkpoint(9), old=5, proof=()) is Verdict.NO_PROOF
    assert {each for each in Verdict if each.is_breach} == {Verdict.FORK, Verdict.ROLLBACK, Verdict.NO_PROOF}
