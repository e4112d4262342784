"""Sealing: what the node must be able to read again is kept as JWE (A256GCM), under the node's own key.

The key lies in ``node.key`` (mode 0600) and in no backup, so that neither the store nor an archive gives secrets away.
"""

from __future__ import annotations

from pathlib import Path

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from pratique.node.errors import refuse
from pratique.vocabulary.errors import Category


def seal(secret: str, *, key_file: Path, owner: str) -> str:
    """The secret as a text that only this node can read, and only as ``owner``'s."""
    return jwe.encrypt_compact({"alg": "dir", "enc": "A256GCM", "kid": owner}, secret.encode(), _key(key_file))


def unseal(sealed: str, *, key_file: Path, owner: str) -> str:
    """The secret. Raises ``MISCONFIGURED`` where it was sealed with another key, or for somebody else."""
    try:
        found = jwe.decrypt_compact(sealed, _key(key_file), algorithms=["dir", "A256GCM"])
    except (JoseError, ValueError) as error:
        raise refuse("access.other_key", Category.MISCONFIGURED) from error
    if found.plaintext is None or found.headers().get("kid") != owner:
        raise refuse("access.other_key", Category.MISCONFIGURED)
    return found.plaintext.decode()


def _key(key_file: Path) -> OctKey:
    try:
        return OctKey.import_key(key_file.read_bytes())
    except OSError as error:
        raise refuse("access.no_key", Category.MISCONFIGURED, file=key_file.name) from error
