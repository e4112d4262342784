"""Secrets that people and programs carry: random, shown once, and kept as their SHA-256 only.

256 random bits cannot be guessed, so a slow hash would add nothing; passwords, which people choose, are another matter
(:mod:`pratique.node.access.passwords`).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

SECRET_BYTES: Final = 32
LONGEST_SECRET: Final = 200  # characters of anything that claims to be one
TOKEN_MARK: Final = "pratique_"  # noqa: S105 - so that a token that leaks is recognised by those who look for such leaks


def new_secret() -> str:
    """256 random bits as 43 characters that fit into a cookie or an address."""
    return secrets.token_urlsafe(SECRET_BYTES)


def new_token() -> str:
    """The same, marked as a token of this product."""
    return TOKEN_MARK + new_secret()


def secret_digest(secret: str) -> str:
    """What is stored instead of the secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def csrf_of(secret: str) -> str:
    """The word that forms of a session carry: follows from its secret and does not give it away."""
    return hmac.new(secret.encode(), b"csrf", hashlib.sha256).hexdigest()
