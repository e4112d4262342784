"""The time of the node's key pairs: which are due, and the end of those that have done their work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.instants import to_text
from pratique.node.ledger.key_times import KeyTime, key_times, over
from pratique.node.ledger.signing_keys import NodeKeys
from pratique.node.settings import Settings
from pratique.node.storage.partners import own_descriptors
from pratique.node.storage.settings import changed_settings
from pratique.node.storage.signing_keys import destroy_key
from pratique.node.storage.store import Connection
from pratique.node.stores import Kept
from pratique.partners.exchange.descriptor import Descriptor, read


@dataclass(frozen=True, slots=True)
class ShowKeyTimes(Query[list[KeyTime]]):
    """Every key pair that was not destroyed, with what becomes of it and when; none where no keys were made."""


@dataclass(frozen=True, slots=True)
class DestroyOldKeys(Command[list[str]]):
    """Destroys the private halves of retired key pairs whose work is done; answers with their ids."""

    entry: ClassVar[str] = "keys.destroyed"
    kept_in: ClassVar[Kept] = "access"


def show_key_times(query: ShowKeyTimes, view: View) -> list[KeyTime]:
    """Nothing secret is read."""
    days = Settings.of(changed_settings(view.connection)).number("keys_due_days")
    return key_times(NodeKeys(view.folder, view.stores), _said(view.connection), days=days)


def destroy_old_keys(command: DestroyOldKeys, work: Work) -> Act[list[str]]:
    """The public halves stay: what was signed with them can be checked for good."""
    with work.stores.main.reading() as main:
        said = _said(main)
    times = over(key_times(NodeKeys(work.folder, work.stores), said, days=1), at=work.at)
    ids = [each.key.id for each in times]

    def act(connection: Connection) -> Done[list[str]]:
        for each in ids:
            destroy_key(connection, each, at=to_text(work.at))
        return Done(ids, command={}, outcome={"destroyed": ids})

    return act


def _said(connection: Connection) -> Descriptor | None:
    versions = own_descriptors(connection)
    return read(versions[0].data).descriptor if versions else None
