"""Sealing: what the node must be able to read again is kept as JWE (A256GCM), under the node's own key.

The key lies in ``node.key`` (mode 0600) and in no backup, so that neither the store nor an archive gives secrets away.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from pratique.node.access.secrets import secret_digest
from pratique.node.errors import refuse
from pratique.vocabulary.errors import Category, PratiqueError

LONGEST_STATE: Final = 8192  # characters


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


def opens(sealed: str, *, key_file: Path, owner: str) -> bool:
    """The key opens that text."""
    try:
        unseal(sealed, key_file=key_file, owner=owner)
    except PratiqueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class State:
    """What a browser brings back for the node: its content, until when it counts, the digest it is used up by."""

    content: Mapping[str, str]
    until: datetime
    digest: str


def seal_state(content: Mapping[str, str], *, kind: str, until: datetime, key_file: Path) -> str:
    """A state as a text that only this node can read, for what begins and ends in a browser; nothing is kept of it."""
    told = json.dumps({"content": dict(content), "until": int(until.timestamp())})
    return seal(told, key_file=key_file, owner=f"state:{kind}")


def open_state(sealed: str, *, kind: str, now: datetime, key_file: Path) -> State:
    """The state. Raises ``SIGNED_OUT`` where it is none of this node and kind, or its time is over."""
    try:
        if len(sealed) > LONGEST_STATE:
            raise ValueError(sealed[:0])
        told = json.loads(unseal(sealed, key_file=key_file, owner=f"state:{kind}"))
    except (PratiqueError, ValueError) as error:
        raise refuse("sign_in.state_over", Category.SIGNED_OUT) from error
    until = datetime.fromtimestamp(told["until"], UTC)
    if until <= now:
        raise refuse("sign_in.state_over", Category.SIGNED_OUT)
    return State(told["content"], until, secret_digest(sealed))


def _key(key_file: Path) -> OctKey:
    try:
        return OctKey.import_key(key_file.read_bytes())
    except OSError as error:
        raise refuse("access.no_key", Category.MISCONFIGURED, file=key_file.name) from error
