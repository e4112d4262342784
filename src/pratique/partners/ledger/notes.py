"""Signed notes and the keys that sign them (C2SP signed-note): text that ends in a newline, then lines of signatures.

A note is read strictly and believed only through :func:`signed_by`, which names the key: whoever reads decides whom to
trust. Ed25519 alone is spoken, in the two kinds that a log needs: plain (0x01) and a witness's cosignature (0x04).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PLAIN: Final = 0x01
COSIGNATURE: Final = 0x04
KINDS: Final = frozenset({PLAIN, COSIGNATURE})
KEY_BYTES: Final = 32
ID_BYTES: Final = 4
MOST_SIGNATURES: Final = 64
LONGEST_NOTE: Final = 64 * 1024  # bytes
DASH: Final = "\N{EM DASH} "


class NoteError(ValueError):
    """A note, key or checkpoint that does not have the form it must have."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name and what it signs; written ``name+hash+key`` it is a *vkey*."""

    name: str
    kind: int
    public_key: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes that signature lines name the key by."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public_key).digest()[:ID_BYTES]

    def __str__(self) -> str:
        material = base64.b64encode(bytes([self.kind]) + self.public_key).decode()
        return f"{self.name}+{self.key_id.hex()}+{material}"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: ``blob`` is what follows the key id."""

    name: str
    key_id: bytes
    blob: bytes

    @property
    def line(self) -> str:
        """The line with its newline."""
        return f"{DASH}{self.name} {base64.b64encode(self.key_id + self.blob).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A note: ``text`` with its last newline, and its signatures in order."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(each.line for each in self.signatures)


def parse_vkey(text: str) -> VerifierKey:
    """The key that the text names. Raises ``NoteError`` for another form, kind or a hash that does not fit."""
    name, _, rest = text.partition("+")
    told_id, _, material = rest.partition("+")
    raw = _base64(material)
    if len(raw) != 1 + KEY_BYTES or raw[0] not in KINDS:
        raise NoteError("no Ed25519 key of a log or witness")
    key = VerifierKey(require_name(name), raw[0], raw[1:])
    if key.key_id.hex() != told_id:
        raise NoteError("the hash in the key is not that of the key")
    return key


def parse_note(content: bytes) -> Note:
    """The note. Raises ``NoteError`` where it is too long, no UTF-8, holds control characters or no signature."""
    if len(content) > LONGEST_NOTE:
        raise NoteError(f"a note of more than {LONGEST_NOTE} bytes")
    try:
        whole = content.decode()
    except UnicodeDecodeError as error:
        raise NoteError("a note that is no UTF-8") from error
    if any(character < " " and character != "\n" for character in whole):
        raise NoteError("a note with control characters")
    split = whole.rfind("\n\n")
    if split < 1 or not whole.endswith("\n"):
        raise NoteError("a note without signatures")
    lines = whole[split + 2 :].split("\n")[:-1]
    if not 0 < len(lines) <= MOST_SIGNATURES:
        raise NoteError("a note without signatures, or with too many")
    return Note(whole[: split + 1], tuple(parse_signature(line) for line in lines))


def parse_signature(line: str) -> Signature:
    """One signature line, with or without its newline. Raises ``NoteError``."""
    name, _, material = line.removesuffix("\n").removeprefix(DASH).partition(" ")
    raw = _base64(material)
    if not line.startswith(DASH) or len(raw) <= ID_BYTES:
        raise NoteError("a signature line of another form")
    return Signature(require_name(name), raw[:ID_BYTES], raw[ID_BYTES:])


def require_name(name: str) -> str:
    """The name of a key. Raises ``NoteError`` where it is empty or holds blanks or a plus."""
    if not name or "+" in name or any(each.isspace() or not each.isprintable() for each in name):
        raise NoteError("a key name is not empty and holds neither blanks nor a plus")
    return name


def sign(text: str, name: str, private: Ed25519PrivateKey) -> Signature:
    """The plain signature of the text."""
    key = VerifierKey(name, PLAIN, private.public_key().public_bytes_raw())
    return Signature(name, key.key_id, private.sign(text.encode()))


def cosign(text: str, name: str, private: Ed25519PrivateKey, *, time: int) -> Signature:
    """A witness's cosignature of a checkpoint's text; ``time`` in seconds since the epoch."""
    key = VerifierKey(name, COSIGNATURE, private.public_key().public_bytes_raw())
    return Signature(name, key.key_id, struct.pack(">Q", time) + private.sign(_cosigned(text, time)))


def cosigned_at(signature: Signature) -> int:
    """The seconds since the epoch that a cosignature states. Raises ``NoteError`` where it is none."""
    if len(signature.blob) != 8 + 64:
        raise NoteError("a signature that is no cosignature")
    return int(struct.unpack(">Q", signature.blob[:8])[0])


def signed_by(note: Note, key: VerifierKey) -> Signature | None:
    """The signature of ``key`` on the note; ``None`` where there is none.

    Raises ``NoteError`` where one that names the key does not hold: such a note is not to be believed at all.
    """
    found = None
    for signature in note.signatures:
        if (signature.name, signature.key_id) == (key.name, key.key_id):
            if not _holds(note.text, signature, key):
                raise NoteError(f"a signature of {key.name} that does not hold")
            found = found or signature
    return found


def _holds(text: str, signature: Signature, key: VerifierKey) -> bool:
    signed, told = text.encode(), signature.blob
    try:
        if key.kind == COSIGNATURE:
            signed, told = _cosigned(text, cosigned_at(signature)), signature.blob[8:]
        Ed25519PublicKey.from_public_bytes(key.public_key).verify(told, signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def _cosigned(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def _base64(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError("what must be base64 is none") from error
    if base64.b64encode(raw).decode() != text:
        raise NoteError("base64 that is written in two ways")
    return raw
