"""What this administration is to its partners: its descriptor in force, and the private keys behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey

from pratique.node.errors import refuse
from pratique.node.folder import NodeFolder
from pratique.node.ledger.signing_keys import NodeKeys
from pratique.node.storage.partners import own_descriptors
from pratique.node.storage.store import Connection
from pratique.node.stores import Stores
from pratique.partners.exchange.descriptor import Descriptor, SignedDescriptor, read
from pratique.partners.exchange.jws import KeyInMemory
from pratique.partners.exchange.keys import USES, key_id, signer
from pratique.vocabulary.errors import Category


@dataclass(frozen=True, slots=True)
class Own:
    """The own descriptor with what signs for it and opens what was sealed for it (a ``Recipient`` of envelopes)."""

    descriptor: Descriptor
    digest: bytes
    signer: KeyInMemory = field(repr=False)
    keys: NodeKeys = field(repr=False)

    @property
    def id(self) -> str:
        """The name by which partners know this administration."""
        return self.descriptor.id

    def opening(self, wanted: str) -> MLKEM768X25519PrivateKey | None:
        """The private key of that id, retired ones too: what was sealed before a rotation still arrives."""
        for key in self.keys.every("seal"):
            if key_id(key.algorithm, key.public_key) == wanted:
                return self.keys.opening(key.id)
        return None


def own(folder: NodeFolder, stores: Stores, connection: Connection) -> Own:
    """Who this node is. Raises ``NOT_FOUND`` before it said anything of itself, ``MISCONFIGURED`` without its key."""
    versions = own_descriptors(connection)
    if not versions:
        raise refuse("partners.no_identity", Category.NOT_FOUND)
    found = read_own(versions[0].data)
    keys = NodeKeys(folder, stores)
    return Own(found.descriptor, found.digest, signing_as(keys, found.descriptor), keys)


def signing_as(keys: NodeKeys, descriptor: Descriptor) -> KeyInMemory:
    """What signs under the newest key of the descriptor. Raises ``MISCONFIGURED`` where the node has not that key."""
    newest = max(descriptor.of_use("sign"), key=lambda key: key.valid_from)
    for key in keys.every("sign"):
        if key_id(USES["sign"], key.public_key) == newest.id:
            return signer(Ed25519PrivateKey.from_private_bytes(keys.private_bytes(key.id)))
    raise refuse("partners.key_not_here", Category.MISCONFIGURED, key=newest.id)


@lru_cache(maxsize=16)
def read_own(data: bytes) -> SignedDescriptor:
    """What a stored version says: of equal bytes always the same, and checking its signatures takes its time."""
    return read(data)
