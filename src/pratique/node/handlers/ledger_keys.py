"""The node's key pairs: made once under the administration's name, renewed one by one, carried past a lost machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.errors import refuse
from pratique.node.instants import to_text
from pratique.node.ledger.key_file import read_key_file, write_key_file
from pratique.node.ledger.signing_keys import ALGORITHMS, NodeKeys, PublicKey, fresh_pair, require_owner, sealed_pair
from pratique.node.storage.access_sealed import Sealed, put_sealed
from pratique.node.storage.signing_keys import StoredKey, note_export, put_keys, retire_key, stored_keys
from pratique.node.storage.store import Connection
from pratique.node.stores import Kept
from pratique.vocabulary.errors import Category


@dataclass(frozen=True, slots=True)
class ListKeys(Query[list[PublicKey]]):
    """The public parts of every key pair, retired ones too."""


def list_keys(query: ListKeys, view: View) -> list[PublicKey]:
    """Nothing secret is read."""
    keys = NodeKeys(view.folder, view.stores)
    return [key for name in ALGORITHMS for key in keys.every(name)]


@dataclass(frozen=True, slots=True)
class MakeKeys(Command[list[str]]):
    """Makes the node's key pairs under the name by which partners know the administration (``customs.example``).

    Answers with the ids of those that were made: a name that has a key keeps it.
    """

    owner: str
    entry: ClassVar[str] = "keys.made"
    kept_in: ClassVar[Kept] = "access"


def make_keys(command: MakeKeys, work: Work) -> Act[list[str]]:
    """Raises ``REJECTED`` for a name that cannot stand on signature lines, ``CONFLICT`` where keys have another."""
    require_owner(command.owner)

    def act(connection: Connection) -> Done[list[str]]:
        there = stored_keys(connection)
        if any(key.owner != command.owner for key in there):
            raise refuse("keys.other_owner", Category.CONFLICT, owner=there[0].owner)
        missing = [name for name in ALGORITHMS if name not in {key.name for key in there}]
        made = [_stored(name, 1, command.owner, work) for name in missing]
        put_keys(connection, made)
        return _done(made, command.owner)

    return act


@dataclass(frozen=True, slots=True)
class RotateKey(Command[list[str]]):
    """Puts a new key pair in the place of the one in use; the old one stays, to check and open what is from before."""

    name: str
    entry: ClassVar[str] = "keys.rotated"
    kept_in: ClassVar[Kept] = "access"


def rotate_key(command: RotateKey, work: Work) -> Act[list[str]]:
    """Raises ``REJECTED`` for a name there is not, ``MISCONFIGURED`` where no key was made yet."""
    if command.name not in ALGORITHMS:
        raise refuse("keys.no_such_name", name=command.name[:40], names=", ".join(ALGORITHMS))

    def act(connection: Connection) -> Done[list[str]]:
        there = [key for key in stored_keys(connection) if key.name == command.name]
        if not there:
            raise refuse("keys.none", Category.NOT_FOUND, name=command.name)
        for key in there:
            if key.retired_at is None:
                retire_key(connection, key.id, at=to_text(work.at))
        made = [_stored(command.name, there[-1].number + 1, there[-1].owner, work)]
        put_keys(connection, made)
        return _done(made, there[-1].owner)

    return act


@dataclass(frozen=True, slots=True)
class ExportKeys(Command[list[str]]):
    """Writes every key pair to ``target``, closed by ``passphrase``: for a safe, in case the machine is lost."""

    target: Path
    passphrase: str = field(repr=False)
    entry: ClassVar[str] = "keys.exported"
    kept_in: ClassVar[Kept] = "access"


def export_keys(command: ExportKeys, work: Work) -> Act[list[str]]:
    """The file is on the disk before the journal says so. Raises ``MISCONFIGURED`` where no key was made."""
    pairs = NodeKeys(work.folder, work.stores).pairs()
    if not pairs:
        raise refuse("keys.none", Category.NOT_FOUND, name="log")
    write_key_file(command.target, pairs, passphrase=command.passphrase)
    ids = [pair.id for pair in pairs]

    def act(connection: Connection) -> Done[list[str]]:
        note_export(connection, ids, at=to_text(work.at))
        return Done(ids, command={"keys": ids}, outcome={"keys": ids})

    return act


@dataclass(frozen=True, slots=True)
class ImportKeys(Command[list[str]]):
    """Takes the key pairs of a file of ``ExportKeys`` into a node that was restored without its ``node.key``."""

    source: Path
    passphrase: str = field(repr=False)
    entry: ClassVar[str] = "keys.imported"
    kept_in: ClassVar[Kept] = "access"


def import_keys(command: ImportKeys, work: Work) -> Act[list[str]]:
    """Keys that the node knows are sealed anew, others added, destroyed ones passed over.

    Raises ``CONFLICT`` where one is not the same key.
    """
    pairs = read_key_file(command.source, passphrase=command.passphrase)

    def act(connection: Connection) -> Done[list[str]]:
        there = {key.id: key for key in stored_keys(connection)}
        owner = next(iter(there.values())).owner if there else pairs[0].owner if pairs else ""
        taken = [sealed_pair(pair, folder=work.folder, at=to_text(work.at)) for pair in pairs]
        for key in taken:
            known = there.get(key.id)
            if key.owner != owner or (known is not None and known.public_key != key.public_key):
                raise refuse("keys.not_the_same", Category.CONFLICT, key=key.id)
            if known is None:
                put_keys(connection, [key])
            elif known.destroyed_at is None:  # what was destroyed does not come back out of an old file
                put_sealed(connection, Sealed("signing_key", key.id, key.id, ""), key.private_sealed)
        return _done(taken, owner)

    return act


def _stored(name: str, number: int, owner: str, work: Work) -> StoredKey:
    return sealed_pair(fresh_pair(name, number, owner), folder=work.folder, at=to_text(work.at))


def _done(keys: list[StoredKey], owner: str) -> Done[list[str]]:
    facts = {key.id: key.public_key.hex() for key in keys if key.name != "seal"}
    ids = [key.id for key in keys]
    return Done(ids, command={"owner": owner, "keys": ids, "public": facts}, outcome={"keys": ids})
