"""The person, or the program of a partner, who gives a command or asks a question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pratique.node.errors import refuse
from pratique.vocabulary.errors import Category

LOCAL: Final = "local:"
OFFICER: Final = "officer:"
PARTNER: Final = "partner:"
LONGEST_NAME: Final = 120


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts; ``name`` is what the journal shows (``local:root``, ``officer:ines.valmar``).

    ``purpose`` is the code of the purpose for which person data may be read, ``scopes`` what an API token is limited to
    (``None`` is no limit), ``strong_until`` the moment (UTC) to which a second factor given lately counts,
    ``whole_until`` that to which a whole sign-in does, and ``break_glass`` the right taken beyond the table, as
    ``ID:Request``.
    """

    name: str
    roles: frozenset[str] = frozenset()
    office: str | None = None
    purpose: str | None = None
    scopes: frozenset[str] | None = None
    strong_until: datetime | None = None
    whole_until: datetime | None = None
    break_glass: str | None = None

    def __post_init__(self) -> None:
        if not self.name.removeprefix(LOCAL) or len(self.name) > LONGEST_NAME or not self.name.isprintable():
            raise refuse("access.no_actor", Category.DENIED)

    @property
    def is_local(self) -> bool:
        """Who opens the folder is the operator of the node."""
        return self.name.startswith(LOCAL)

    @property
    def login(self) -> str | None:
        """The login of an officer; ``None`` for anybody else."""
        return self.name.removeprefix(OFFICER) if self.name.startswith(OFFICER) else None

    @property
    def is_partner(self) -> bool:
        """The program of a partner administration, whose request was signed with a key that is confirmed."""
        return self.name.startswith(PARTNER)


VISITOR: Final = Actor("visitor")  # somebody who has not signed in


def local_operator(login: str) -> Actor:
    """The person at the keyboard of the node itself, known by the login of the operating system."""
    return Actor(LOCAL + login.strip())


def partner_program(partner_id: str) -> Actor:
    """The program of that partner, at the partner's door."""
    return Actor(PARTNER + partner_id)
