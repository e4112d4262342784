"""The hands that sign custody: the officer's key and the agency's, both kept by the node.

An officer's key follows from the agency's signing key and the officer's name (HKDF, RFC 5869), so it needs no place of
its own and is renewed with the agency's. It says that this node held the officer to be signed in, by a second factor
where the act asks for one; it is no proof against the administration itself, which holds both keys.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pratique.node.access import Actor
from pratique.node.ledger.signing_keys import NodeKeys
from pratique.partners.evidence.custody import Hand, signed_bytes

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


def signing_hand(keys: NodeKeys, officer: str) -> SigningHand:
    """The hand of an officer of this agency. Raises ``NOT_FOUND`` where the node has no signing key."""
    current = keys.current("sign")
    private = keys.private_bytes(current.id)
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=INFO + f"{current.owner}\0{officer}".encode())
    officer_key = Ed25519PrivateKey.from_private_bytes(derived.derive(private))
    number = current.id.rpartition("/")[2]
    hand = Hand(
        officer=officer,
        agency=current.owner,
        officer_key=f"{current.owner}/officer/{officer}/{number}",
        officer_public=_text(officer_key.public_key().public_bytes_raw()),
        agency_key=f"{current.owner}/{current.id}",
        agency_public=_text(current.public_key),
    )
    return SigningHand(hand, officer_key, keys.signing("sign"))


def _text(public: bytes) -> str:
    return base64.b64encode(public).decode()
