"""Officers' own keys for custody: each officer makes one, and types its passphrase for every act that it signs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.assistance.custody_hands import officer_name
from pratique.node.assistance.personal_keys import fresh_personal_key
from pratique.node.instants import to_text
from pratique.node.storage.personal_keys import personal_key, put_personal_key
from pratique.node.storage.store import Connection
from pratique.node.stores import Kept
from pratique.partners.exchange.keys import ED25519, key_id


@dataclass(frozen=True, slots=True)
class PersonalKey:
    """The own key of the officer who asks: its id and when it was made."""

    id: str
    made_at: str


@dataclass(frozen=True, slots=True)
class ShowPersonalKey(Query[PersonalKey | None]):
    """The own key of the officer who asks; ``None`` where none was made."""

    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class MakePersonalKey(Command[PersonalKey]):
    """Makes the officer's own key, or another in its place: from now on no custody is signed for them without it."""

    passphrase: str = field(repr=False)
    entry: ClassVar[str] = "evidence.personal_key_made"
    kept_in: ClassVar[Kept] = "access"


def show_personal_key(query: ShowPersonalKey, view: View) -> PersonalKey | None:
    """Nothing secret is read."""
    found = personal_key(view.connection, officer_name(view.actor))
    return PersonalKey(key_id(ED25519, found.public_key), found.made_at) if found else None


def make_personal_key(command: MakePersonalKey, work: Work) -> Act[PersonalKey]:
    """Raises ``REJECTED`` for a short passphrase. What the key before it signed can be checked for good."""
    made = fresh_personal_key(officer_name(work.actor), passphrase=command.passphrase, at=to_text(work.at))

    def act(connection: Connection) -> Done[PersonalKey]:
        put_personal_key(connection, made)
        shown = PersonalKey(key_id(ED25519, made.public_key), made.made_at)
        facts: dict[str, object] = {"officer": made.officer, "public": made.public_key.hex()}
        return Done(shown, command=facts, outcome={"key": shown.id})

    return act
