"""The drill: an archive and the file of keys, taken together, are made a node that signs and opens mail again.

It happens in a folder of its own, which is gone afterwards; the node it came from is not touched. What is proved with
the keys is checked against what partners were told: the public halves in the newest descriptor, the newest checkpoint.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from pratique.node.access import Actor
from pratique.node.archive.restoring import restore
from pratique.node.errors import refuse
from pratique.node.handlers.ledger_keys import ImportKeys
from pratique.node.ledger.log import log_keys
from pratique.node.ledger.signing_keys import ED25519, NodeKeys, hybrid_key
from pratique.node.node import Node
from pratique.node.storage.ledger_order import newest_checkpoint
from pratique.node.storage.partners import own_descriptors
from pratique.node.stores import Stores, open_stores
from pratique.partners.exchange.descriptor import Descriptor, DescriptorKey, read
from pratique.partners.exchange.keys import key_id, sealing_key
from pratique.partners.ledger.notes import parse_note, signed_by
from pratique.vocabulary.errors import Category

SUITE: Final = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
INFO: Final = b"pratique-key-drill-1"


@dataclass(frozen=True, slots=True)
class Proved:
    """What the restored node did with one key: ``signed``, ``opened`` or, for its newest checkpoint, ``checked``."""

    use: str
    key: str
    did: str


def drill(archive: Path, key_file: Path, *, passphrase: str, actor: Actor) -> list[Proved]:
    """Restores the archive aside, takes the keys in, and works with each key that partners know.

    Raises what restoring and taking keys in raise, and ``BROKEN`` with the first thing that the node could not do.
    """
    with tempfile.TemporaryDirectory(prefix="pratique-drill-") as aside:
        folder = Path(aside) / "node"
        restore(archive, folder)
        with Node.open(folder) as node:
            node.execute(ImportKeys(key_file, passphrase), actor=actor)
            place = node.folder
        stores = open_stores(place)
        try:
            keys = NodeKeys(place, stores)
            return list(_proved(keys, stores))
        finally:
            stores.close()


def _proved(keys: NodeKeys, stores: Stores) -> Iterator[Proved]:
    with stores.main.reading() as main:
        versions, newest = own_descriptors(main), newest_checkpoint(main)
    said = read(versions[0].data).descriptor if versions else None
    for key in _told(keys, said):
        yield _signed(keys, key) if key.algorithm == ED25519 else _opened(keys, key)
    if newest is not None:
        note = parse_note(newest.note.encode())
        if not any(signed_by(note, key) for key in log_keys(keys).vkeys):
            raise _failed("the newest checkpoint is signed by none of the log keys")
        yield Proved("log", f"checkpoint of {newest.tree_size} entries", "checked")


def _told(keys: NodeKeys, said: Descriptor | None) -> list[DescriptorKey]:
    """What partners were told; a node that told nobody yet has no key to prove. Raises ``BROKEN``."""
    if said is None or not keys.pairs():
        raise _failed("the archive has no descriptor or no keys: there is nothing that partners could send to")
    return [key for key in said.keys if key.use != "root"]


def _signed(keys: NodeKeys, key: DescriptorKey) -> Proved:
    message = INFO + secrets.token_bytes(32)
    signature = Ed25519PrivateKey.from_private_bytes(_private(keys, key)).sign(message)
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except InvalidSignature as error:
        raise _failed(f"what the {key.use} key signs is not what partners check") from error
    return Proved(key.use, key.id, "signed")


def _opened(keys: NodeKeys, key: DescriptorKey) -> Proved:
    """Sealed as a partner seals, with the public half of the descriptor alone."""
    message = secrets.token_bytes(32)
    sealed = SUITE.encrypt(message, sealing_key(key.public), INFO)
    try:
        found = SUITE.decrypt(sealed, hybrid_key(_private(keys, key)), INFO)
    except (InvalidTag, ValueError) as error:
        raise _failed("what partners seal does not open") from error
    if found != message:
        raise _failed("what partners seal opens to something else")
    return Proved(key.use, key.id, "opened")


def _private(keys: NodeKeys, key: DescriptorKey) -> bytes:
    for own in keys.every(key.use):
        if key_id(own.algorithm, own.public_key) == key.id:
            return keys.private_bytes(own.id)
    raise _failed(f"neither archive nor file has the {key.use} key that partners know ({key.id})")


def _failed(what: str) -> Exception:
    return refuse("keys.drill_failed", Category.BROKEN, what=what)
