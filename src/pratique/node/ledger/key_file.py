"""A file that carries the node's key pairs past the loss of its machine, closed by a passphrase.

A backup cannot sign, because ``node.key`` is in none; without this file a lost machine would end the node's log and its
name among partners. It is JSON: the parameters of scrypt (RFC 7914), a nonce, and the keys sealed with AES-256-GCM,
which covers the parameters too. It belongs into a safe, the passphrase elsewhere.
"""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from pratique.node.canonical import canonical
from pratique.node.errors import refuse
from pratique.node.folder import FILE_MODE
from pratique.node.ledger.signing_keys import ALGORITHMS, KeyPair, public_part, require_owner
from pratique.vocabulary.errors import Category, PratiqueError

FORMAT: Final = "pratique-keys-1"
COST: Final = {"n": 2**16, "r": 8, "p": 1}  # 64 MiB, about a quarter of a second
SHORTEST_PASSPHRASE: Final = 16  # characters
LARGEST: Final = 1024 * 1024  # bytes
MOST_NUMBER: Final = 100_000


def write_key_file(target: Path, pairs: list[KeyPair], *, passphrase: str) -> None:
    """Writes the keys to ``target``, readable by its owner alone.

    Raises ``REJECTED`` for a short passphrase, ``CONFLICT`` where the file exists, ``NOT_FOUND`` without its folder.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise refuse("keys.short_passphrase", least=SHORTEST_PASSPHRASE)
    salt, nonce = os.urandom(16), os.urandom(12)
    head = {"format": FORMAT, **COST, "salt": salt.hex(), "nonce": nonce.hex()}
    plain = canonical([_told(pair) for pair in pairs]).encode()
    sealed = AESGCM(_derived(passphrase, salt)).encrypt(nonce, plain, canonical(head).encode())
    content = json.dumps({**head, "sealed": base64.b64encode(sealed).decode()}, indent=1).encode() + b"\n"
    try:
        descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE)
    except FileExistsError as error:
        raise refuse("keys.file_exists", Category.CONFLICT, file=target) from error
    except (FileNotFoundError, NotADirectoryError) as error:
        raise refuse("keys.no_folder", Category.NOT_FOUND, folder=target.parent) from error
    with os.fdopen(descriptor, "wb") as sink:
        sink.write(content)
        sink.flush()
        os.fsync(sink.fileno())


def read_key_file(source: Path, *, passphrase: str) -> list[KeyPair]:
    """The keys in ``source``. Raises ``NOT_FOUND``, or ``REJECTED`` for another file, passphrase or a changed one."""
    if not source.is_file():
        raise refuse("keys.no_file", Category.NOT_FOUND, file=source)
    try:
        with source.open("rb") as stream:
            told = json.loads(stream.read(LARGEST + 1))
        sealed = base64.b64decode(told.pop("sealed"), validate=True)
        if told.get("format") != FORMAT or {name: told[name] for name in COST} != COST:
            raise ValueError("another format")  # its cost is never taken from outside
        key = _derived(passphrase, bytes.fromhex(told["salt"]))
        plain = AESGCM(key).decrypt(bytes.fromhex(told["nonce"]), sealed, canonical(told).encode())
        return [_pair(each) for each in json.loads(plain)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, InvalidTag, PratiqueError) as error:
        raise refuse("keys.file_closed", file=source) from error


def _derived(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, **COST).derive(passphrase.encode())


def _told(pair: KeyPair) -> dict[str, object]:
    private = base64.b64encode(pair.private).decode()
    return {"name": pair.name, "number": pair.number, "owner": pair.owner, "private": private}


def _pair(told: dict[str, Any]) -> KeyPair:
    pair = KeyPair(told["name"], told["number"], told["owner"], base64.b64decode(told["private"], validate=True))
    require_owner(pair.owner)
    if type(pair.number) is not int or not 0 < pair.number < MOST_NUMBER:
        raise ValueError("no number")
    public_part(ALGORITHMS[pair.name], pair.private)  # raises where it is no key of its kind
    return pair
