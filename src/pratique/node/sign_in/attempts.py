"""One attempt to sign in: whether it is its turn, and what it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pratique.node.access.secrets import secret_digest
from pratique.node.errors import refuse
from pratique.node.storage.access_sign_in import failures, note_attempt
from pratique.node.storage.store import Connection
from pratique.vocabulary.errors import Category

_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who is tried, and from which address."""

    login: str
    address: str

    def require_turn(self, connection: Connection, *, now: datetime) -> None:
        """Raises ``TOO_OFTEN``, with the seconds to wait, where too many attempts failed before this one."""
        past = failures(connection, login_key=self._key(), address=self.address, now=now)
        seconds = -(-past.wait(now) // _SECOND)
        if seconds > 0:
            raise refuse("sign_in.wait", Category.TOO_OFTEN, seconds=seconds)

    def note(self, connection: Connection, *, succeeded: bool, at: datetime) -> None:
        """Keeps how it went. Only a digest of the login: people type passwords into the wrong field."""
        note_attempt(connection, login_key=self._key(), address=self.address, succeeded=succeeded, at=at)

    def _key(self) -> str:
        return secret_digest(f"login:{self.login.casefold()}")
