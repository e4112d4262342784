"""The hands that sign custody: the officer's key and the agency's.

The officer's key is their own where they made one: the node keeps it closed by a passphrase that it does not know,
and the officer types it for each act. Until then it follows from the agency's signing key and the officer's name (HKDF,
RFC 5869), which says that this node held the officer to be signed in, and is no proof against the administration
itself. Each event says which of the two it is (``officer_kind``).
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pratique.node.access import Actor
from pratique.node.acts import View, Work
from pratique.node.assistance.personal_keys import opened_personal_key
from pratique.node.ledger.signing_keys import NodeKeys
from pratique.node.storage.personal_keys import StoredPersonalKey, personal_key
from pratique.partners.evidence.custody import BY_NODE, PERSONAL, Hand, signed_bytes
from pratique.partners.exchange.keys import ED25519, key_id

INFO: Final = b"pratique-custody-officer-1\x00"


@dataclass(frozen=True, slots=True)
class SigningHand:
    """A hand of this agency with what signs for it."""

    hand: Hand
    officer: Ed25519PrivateKey = field(repr=False)
    agency: Ed25519PrivateKey = field(repr=False)

    def sign(self, text: str) -> dict[str, bytes]:
        """Both signatures over an event, by key id."""
        message = signed_bytes(text)
        return {
            self.hand.officer_key: self.officer.sign(message),
            self.hand.agency_key: self.agency.sign(message),
        }


def officer_name(actor: Actor) -> str:
    """What custody calls the officer: the login, or the local operator as the journal has it."""
    return actor.login or actor.name


def own_hand(work: Work | View, passphrase: str) -> SigningHand:
    """The hand of the officer who acts: with their own key where they made one, else with that which the node holds.

    Raises ``NOT_FOUND`` where the node has no signing key, ``REJECTED`` where the passphrase is not that of the key.
    """
    officer = officer_name(work.actor)
    keys, stored = NodeKeys(work.folder, work.stores), _stored(work, officer)
    if stored is None:
        return SigningHand(_held_hand(keys, officer), _held_key(keys, officer), keys.signing("sign"))
    private = opened_personal_key(stored, passphrase=passphrase)
    return SigningHand(_personal_hand(keys, stored), private, keys.signing("sign"))


def hand_of_officer(work: Work, officer: str) -> Hand:
    """The hand of an officer of this agency who is to sign later, as it is now. Raises ``NOT_FOUND``."""
    keys, stored = NodeKeys(work.folder, work.stores), _stored(work, officer)
    return _held_hand(keys, officer) if stored is None else _personal_hand(keys, stored)


def _stored(work: Work | View, officer: str) -> StoredPersonalKey | None:
    with work.stores.access.reading() as access:
        return personal_key(access, officer)


def _personal_hand(keys: NodeKeys, stored: StoredPersonalKey) -> Hand:
    name = f"own-{key_id(ED25519, stored.public_key)[:16]}"
    return _hand(keys, stored.officer, name, stored.public_key, PERSONAL)


def _held_hand(keys: NodeKeys, officer: str) -> Hand:
    public = _held_key(keys, officer).public_key().public_bytes_raw()
    return _hand(keys, officer, keys.current("sign").id.rpartition("/")[2], public, BY_NODE)


def _held_key(keys: NodeKeys, officer: str) -> Ed25519PrivateKey:
    current = keys.current("sign")
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=INFO + f"{current.owner}\0{officer}".encode())
    return Ed25519PrivateKey.from_private_bytes(derived.derive(keys.private_bytes(current.id)))


def _hand(keys: NodeKeys, officer: str, key_name: str, public: bytes, kind: str) -> Hand:
    current = keys.current("sign")
    return Hand(
        officer=officer,
        agency=current.owner,
        officer_key=f"{current.owner}/officer/{officer}/{key_name}",
        officer_public=_text(public),
        agency_key=f"{current.owner}/{current.id}",
        agency_public=_text(current.public_key),
        officer_kind=kind,
    )


def _text(public: bytes) -> str:
    return base64.b64encode(public).decode()
