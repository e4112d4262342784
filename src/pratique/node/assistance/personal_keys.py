"""An officer's own key for custody: made by the officer, closed by a passphrase that the node never keeps.

The node holds the closed file, and can sign nothing with it unless the officer types the passphrase for this very act.
"""

from __future__ import annotations

import json
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pratique.node.errors import refuse
from pratique.node.ledger.passphrase_file import NOT_SUCH_A_FILE, closed, opened
from pratique.node.storage.personal_keys import StoredPersonalKey
from pratique.vocabulary.errors import Category

FORMAT: Final = "pratique-officer-key-1"


def fresh_personal_key(officer: str, *, passphrase: str, at: str) -> StoredPersonalKey:
    """A new key of that officer. Raises ``REJECTED`` for a short passphrase."""
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    head = {"format": FORMAT, "officer": officer, "public_key": public.hex()}
    content = closed(head, private.private_bytes_raw(), passphrase=passphrase)
    return StoredPersonalKey(officer, public, content.decode(), at)


def opened_personal_key(stored: StoredPersonalKey, *, passphrase: str) -> Ed25519PrivateKey:
    """What signs for the officer. Raises ``REJECTED`` for no passphrase, or another than the right one."""
    if not passphrase:
        raise refuse("custody.passphrase_needed", officer=stored.officer)
    try:
        told = json.loads(stored.closed)
        private = Ed25519PrivateKey.from_private_bytes(opened(told, passphrase=passphrase))
        if (told["officer"], private.public_key().public_bytes_raw()) != (stored.officer, stored.public_key):
            raise ValueError("another officer's key")
    except NOT_SUCH_A_FILE as error:
        raise refuse("custody.passphrase_wrong", Category.REJECTED, officer=stored.officer) from error
    return private
