"""The node's own key pairs: what it signs, seals and witnesses with, and how they outlive the machine.

Four names, each with a key pair of its own so that none can be used in the place of another: ``log`` signs checkpoints,
``witness`` cosigns those of partners, ``sign`` signs messages and custody events, ``seal`` opens what is sealed for the
node. Private parts lie in ``access.db``, sealed with ``node.key``, which is in no backup: an archive signs nothing.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey

from pratique.node.access.sealing import seal, unseal
from pratique.node.errors import refuse
from pratique.node.folder import NodeFolder
from pratique.node.storage.signing_keys import StoredKey, stored_keys
from pratique.node.stores import Stores
from pratique.vocabulary.errors import Category, PratiqueError

ED25519: Final = "ed25519"
HYBRID: Final = "mlkem768-x25519"  # for HPKE: seed of ML-KEM-768 (64 bytes), then the X25519 key (32)
ALGORITHMS: Final = {"log": ED25519, "sign": ED25519, "seal": HYBRID, "witness": ED25519}
SEED_BYTES: Final = 64
OWNER: Final = re.compile(r"[a-z0-9]([a-z0-9.\-]{0,98}[a-z0-9])?")

PrivateKey: TypeAlias = Ed25519PrivateKey | MLKEM768X25519PrivateKey


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key pair as others may see it. ``key_name`` is what stands on signature lines (``customs.example/log``)."""

    id: str
    name: str
    owner: str
    algorithm: str
    public_key: bytes
    made_at: str
    retired_at: str | None
    revoked_at: str | None = None
    destroyed_at: str | None = None
    exported_at: str | None = None

    @property
    def key_name(self) -> str:
        """The owner and what the key is for."""
        return f"{self.owner}/{self.name}"


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A key pair in the clear: only in memory, or inside a file that a passphrase closes."""

    name: str
    number: int
    owner: str
    private: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """Name and number: ``log/1``."""
        return f"{self.name}/{self.number}"


class NodeKeys:
    """The key pairs of an open node. Private parts are unsealed once and kept in memory as long as this object."""

    def __init__(self, folder: NodeFolder, stores: Stores) -> None:
        self._folder = folder
        self._private: dict[str, bytes] = {}
        self._opening: dict[str, MLKEM768X25519PrivateKey] = {}
        with stores.access.reading() as connection:
            self._keys = stored_keys(connection)

    def every(self, name: str) -> list[PublicKey]:
        """The keys of that name, oldest first; none where none was made."""
        return [_shown(key) for key in self._keys if key.name == name]

    def current(self, name: str) -> PublicKey:
        """The key in use. Raises ``NOT_FOUND`` where none was made."""
        return _shown(self._current(name))

    def signing(self, name: str) -> Ed25519PrivateKey:
        """The private part of the key in use. Raises ``NOT_FOUND`` for none, ``MISCONFIGURED`` for another node.key."""
        return Ed25519PrivateKey.from_private_bytes(self.private_bytes(self._current(name).id))

    def opening(self, key_id: str | None = None) -> MLKEM768X25519PrivateKey:
        """The key that opens what was sealed for the node: that of the id (an older one too), else the one in use."""
        wanted = key_id or self._current("seal").id
        if wanted not in self._opening:
            self._opening[wanted] = hybrid_key(self.private_bytes(wanted))
        return self._opening[wanted]

    def pairs(self) -> list[KeyPair]:
        """Every key pair in the clear that was not destroyed, retired ones too, to be written under a passphrase."""
        left = [key for key in self._keys if key.destroyed_at is None]
        return [KeyPair(key.name, key.number, key.owner, self.private_bytes(key.id)) for key in left]

    def private_bytes(self, key_id: str) -> bytes:
        """The raw private part of a key.

        Raises ``NOT_FOUND``, ``CONFLICT`` where it was destroyed, ``MISCONFIGURED`` where node.key is not the one.
        """
        if key_id not in self._private:
            key = next((key for key in self._keys if key.id == key_id), None)
            if key is None:
                raise refuse("keys.unknown", Category.NOT_FOUND, key=key_id)
            if key.destroyed_at is not None:
                code = "keys.destroyed" if key.revoked_at is None else "keys.revoked"
                raise refuse(code, Category.CONFLICT, key=key_id, at=key.destroyed_at[:10])
            try:
                plain = unseal(key.private_sealed, key_file=self._folder.key_file, owner=key.id)
            except PratiqueError as error:
                raise refuse("keys.sealed_elsewhere", Category.MISCONFIGURED, key=key_id) from error
            self._private[key_id] = base64.b64decode(plain)
        return self._private[key_id]

    def _current(self, name: str) -> StoredKey:
        found = [key for key in self._keys if key.name == name and key.retired_at is None]
        if not found:
            raise refuse("keys.none", Category.NOT_FOUND, name=name)
        return found[-1]


def fresh_pair(name: str, number: int, owner: str) -> KeyPair:
    """A new key pair of that name. Raises ``REJECTED`` for an owner that cannot stand on signature lines."""
    require_owner(owner)
    return KeyPair(name, number, owner, _fresh(ALGORITHMS[name]))


def sealed_pair(pair: KeyPair, *, folder: NodeFolder, at: str) -> StoredKey:
    """The key pair as it is stored, its private part sealed for this node."""
    algorithm = ALGORITHMS[pair.name]
    text = seal(base64.b64encode(pair.private).decode(), key_file=folder.key_file, owner=pair.id)
    public = public_part(algorithm, pair.private)
    return StoredKey(pair.id, pair.name, pair.number, pair.owner, algorithm, public, text, at)


def require_owner(owner: str) -> None:
    """Raises ``REJECTED`` unless the name can stand on signature lines: lower-case letters, digits, dots, hyphens."""
    if OWNER.fullmatch(owner) is None:
        raise refuse("keys.owner", name=owner[:120])


def public_part(algorithm: str, private: bytes) -> bytes:
    """The raw public key of a raw private one: 32 bytes for Ed25519, 1184 + 32 for the hybrid."""
    if algorithm == ED25519:
        return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    lattice = MLKEM768PrivateKey.from_seed_bytes(private[:SEED_BYTES]).public_key().public_bytes_raw()
    return lattice + X25519PrivateKey.from_private_bytes(private[SEED_BYTES:]).public_key().public_bytes_raw()


def hybrid_key(private: bytes) -> MLKEM768X25519PrivateKey:
    """The key object that HPKE opens with."""
    lattice = MLKEM768PrivateKey.from_seed_bytes(private[:SEED_BYTES])
    return MLKEM768X25519PrivateKey(lattice, X25519PrivateKey.from_private_bytes(private[SEED_BYTES:]))


def _fresh(algorithm: str) -> bytes:
    if algorithm == ED25519:
        return Ed25519PrivateKey.generate().private_bytes_raw()
    return MLKEM768PrivateKey.generate().private_bytes_raw() + X25519PrivateKey.generate().private_bytes_raw()


def _shown(key: StoredKey) -> PublicKey:
    return PublicKey(
        id=key.id,
        name=key.name,
        owner=key.owner,
        algorithm=key.algorithm,
        public_key=key.public_key,
        made_at=key.made_at,
        retired_at=key.retired_at,
        revoked_at=key.revoked_at,
        destroyed_at=key.destroyed_at,
        exported_at=key.exported_at,
    )
