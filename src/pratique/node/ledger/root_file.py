"""Root keys of officers: made and kept away from every node, each in a file that its holder's passphrase closes.

Roots do one thing: so many of them together revoke the node's keys and let it begin anew
(:mod:`pratique.partners.exchange.root_signing`). What stands in the clear (whose it is, its public half, when it was
made) is covered by the seal. The public half alone is a small file that goes to the node.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pratique.node.errors import refuse
from pratique.node.instants import to_text
from pratique.node.ledger.passphrase_file import NOT_SUCH_A_FILE, closed, opened, read_json, write_new
from pratique.partners.exchange.jws import KeyInMemory
from pratique.partners.exchange.keys import ED25519, key_id, signer

FORMAT: Final = "pratique-root-1"
PUBLIC_FORMAT: Final = "pratique-root-public-1"
DOMAIN: Final = b"pratique-root-1\x00"
LONGEST_HOLDER: Final = 100
PUBLIC_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Root:
    """The public half of a root key: ``holder`` is the office that keeps it, not the name of a person."""

    holder: str
    public: bytes
    made_at: str

    @property
    def id(self) -> str:
        """The id by which descriptors and signatures name it."""
        return key_id(ED25519, self.public)

    @property
    def digest(self) -> bytes:
        """What is read aloud when the public half is handed over, as a fingerprint."""
        return hashlib.sha256(DOMAIN + self.public).digest()

    def file(self) -> bytes:
        """The public half as it is handed to the node."""
        return json.dumps({"format": PUBLIC_FORMAT, **_clear(self)}, indent=1, ensure_ascii=False).encode() + b"\n"


def make_root(target: Path, holder: str, *, passphrase: str, at: datetime) -> Root:
    """Makes a root key and writes it to ``target``, which nobody but its owner can read.

    Raises ``REJECTED`` for a holder that cannot be shown or a short passphrase, ``CONFLICT`` where the file exists.
    """
    name = " ".join(holder.split())
    if not name or len(name) > LONGEST_HOLDER or not name.isprintable():
        raise refuse("roots.holder", most=LONGEST_HOLDER)
    private = Ed25519PrivateKey.generate()
    root = Root(name, private.public_key().public_bytes_raw(), to_text(at))
    content = closed({"format": FORMAT, **_clear(root)}, private.private_bytes_raw(), passphrase=passphrase)
    write_new(target, content)
    return root


def read_root(source: Path) -> Root:
    """The public half, out of either file, without a passphrase. Raises ``NOT_FOUND``, ``REJECTED``."""
    try:
        return _root(read_json(source))
    except NOT_SUCH_A_FILE as error:
        raise refuse("roots.no_root", file=source) from error


def open_root(source: Path, *, passphrase: str) -> KeyInMemory:
    """What signs. Raises ``NOT_FOUND``, ``REJECTED`` for the public half, another passphrase or a changed file."""
    try:
        told = read_json(source)
        root = _root(told)
    except NOT_SUCH_A_FILE as error:
        raise refuse("roots.no_root", file=source) from error
    if told["format"] == PUBLIC_FORMAT:
        raise refuse("roots.public_alone", file=source)
    try:
        private = Ed25519PrivateKey.from_private_bytes(opened(told, passphrase=passphrase))
    except NOT_SUCH_A_FILE as error:
        raise refuse("roots.closed", file=source) from error
    if private.public_key().public_bytes_raw() != root.public:
        raise refuse("roots.closed", file=source)
    return signer(private)


def _clear(root: Root) -> dict[str, str]:
    return {"holder": root.holder, "public_key": root.public.hex(), "made_at": root.made_at}


def _root(told: dict[str, Any]) -> Root:
    if told.get("format") not in (FORMAT, PUBLIC_FORMAT):
        raise ValueError("another format")
    public, holder, made_at = bytes.fromhex(told["public_key"]), told["holder"], told["made_at"]
    if len(public) != PUBLIC_BYTES or not isinstance(holder, str) or not isinstance(made_at, str):
        raise ValueError("no root")
    return Root(holder[:LONGEST_HOLDER], public, made_at[:40])
