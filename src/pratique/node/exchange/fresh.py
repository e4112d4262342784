"""What must be new and unforeseeable each time: ids of messages, salts, nonces."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime

from pratique.partners.exchange.fields import SALT_BYTES


def message_id(at: datetime) -> str:
    """A UUID of version 7 (RFC 9562, 5.7): milliseconds of the moment, then 74 random bits."""
    milliseconds = int(at.timestamp() * 1000)
    number = (milliseconds << 80) | secrets.randbits(80)
    number = (number & ~(0xF << 76)) | (0x7 << 76)
    number = (number & ~(0x3 << 62)) | (0x2 << 62)
    return str(uuid.UUID(int=number))


def field_salt() -> bytes:
    """The salt of a field's commitment."""
    return secrets.token_bytes(SALT_BYTES)


def nonce() -> str:
    """What makes a signed request one of its kind."""
    return secrets.token_urlsafe(18)


def random_bytes(count: int) -> bytes:
    """Keys, blinding secrets and decoys."""
    return secrets.token_bytes(count)
