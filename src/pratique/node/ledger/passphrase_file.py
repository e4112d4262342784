"""Files that a passphrase closes, for a safe: JSON, with what may be read in the clear and one sealed part.

Argon2id (RFC 9106) makes the key from the passphrase, AES-256-GCM seals and covers everything that stands in the clear.
The cost is that of this program, never what a file says: a file that asks for more or less does not open.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from pratique.node.canonical import canonical
from pratique.node.errors import refuse
from pratique.node.folder import FILE_MODE
from pratique.vocabulary.errors import Category

ITERATIONS: Final = 3
LANES: Final = 4
MEMORY_KIB: Final = 65_536  # these three: RFC 9106, section 4, second recommended option
COST: Final = {"kdf": "argon2id", "memory_kib": MEMORY_KIB, "iterations": ITERATIONS, "lanes": LANES}
SHORTEST_PASSPHRASE: Final = 16  # characters
LARGEST: Final = 1024 * 1024  # bytes
KEY_BYTES: Final = 32
NOT_SUCH_A_FILE: Final = (ValueError, KeyError, TypeError, AttributeError, RecursionError, InvalidTag)
"""What reading a file raises that is another kind of file, was changed, or is closed by another passphrase."""


def require_passphrase(passphrase: str) -> None:
    """Raises ``REJECTED`` for one that is too short to stand alone between a thief and the keys."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise refuse("keys.short_passphrase", least=SHORTEST_PASSPHRASE)


def closed(head: Mapping[str, object], secret: bytes, *, passphrase: str) -> bytes:
    """The file: ``head`` in the clear, ``secret`` sealed. Raises ``REJECTED`` for a short passphrase."""
    require_passphrase(passphrase)
    salt, nonce = os.urandom(16), os.urandom(12)
    clear = {**head, **COST, "salt": salt.hex(), "nonce": nonce.hex()}
    sealed = AESGCM(_derived(passphrase, salt)).encrypt(nonce, secret, canonical(clear).encode())
    return json.dumps({**clear, "sealed": base64.b64encode(sealed).decode()}, indent=1).encode() + b"\n"


def opened(told: Mapping[str, Any], *, passphrase: str) -> bytes:
    """The secret of a file that was read as JSON. Raises one of ``NOT_SUCH_A_FILE``."""
    clear = {name: value for name, value in told.items() if name != "sealed"}
    if {name: clear[name] for name in COST} != COST:
        raise ValueError("another cost")
    key = _derived(passphrase, bytes.fromhex(clear["salt"]))
    sealed = base64.b64decode(told["sealed"], validate=True)
    return AESGCM(key).decrypt(bytes.fromhex(clear["nonce"]), sealed, canonical(clear).encode())


def read_json(source: Path) -> dict[str, Any]:
    """What the file says. Raises ``NOT_FOUND`` for none, one of ``NOT_SUCH_A_FILE`` for what is no JSON object."""
    if not source.is_file():
        raise refuse("keys.no_file", Category.NOT_FOUND, file=source)
    with source.open("rb") as stream:
        told = json.loads(stream.read(LARGEST + 1))
    if not isinstance(told, dict):
        raise ValueError("no object")
    return told


def write_new(target: Path, content: bytes) -> None:
    """Writes the file, readable by its owner alone, and has it on the disk before it returns.

    Raises ``CONFLICT`` where the file exists, ``NOT_FOUND`` without its folder.
    """
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


def _derived(passphrase: str, salt: bytes) -> bytes:
    made = Argon2id(salt=salt, length=KEY_BYTES, iterations=ITERATIONS, lanes=LANES, memory_cost=MEMORY_KIB)
    return made.derive(passphrase.encode())
