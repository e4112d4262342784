"""The node's keys after they fell into wrong hands: revoked by the officers' roots, and begun anew under them.

The roots themselves are never here: officers sign with them elsewhere (``pratique roots``), and what they signed comes
in as a file. To take a revocation in destroys the private halves at once: this node cannot sign with them either. The
keys lie in one store and what is disclosed in the other, so the act is written in both, one behind the other; cut short
between the two, it is finished by taking the same revocation in again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Final

from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.carrying_out import carry_out
from pratique.node.errors import refuse
from pratique.node.handlers.partners_own import OwnDescriptor, described, kept, said_again, signed_by_own
from pratique.node.instants import to_text
from pratique.node.ledger.signing_keys import ALGORITHMS, NodeKeys, fresh_pair, sealed_pair
from pratique.node.storage.partners import own_descriptors
from pratique.node.storage.signing_keys import (
    StoredKey,
    destroy_key,
    put_keys,
    retire_key,
    revoke_key,
    stored_keys,
)
from pratique.node.storage.store import Connection
from pratique.node.stores import Kept
from pratique.partners.exchange.descriptor import Descriptor, SignedDescriptor, read
from pratique.partners.exchange.keys import key_id
from pratique.partners.exchange.partner import Revocation, confirm, revoked
from pratique.partners.exchange.root_signing import RootDocument, enough, read_document, roots_on
from pratique.vocabulary.errors import Category

LEAP: Final = 100  # versions: whoever stole a key may have made some of the next ones
STILL_OPENS: Final = "seal"  # what was sealed for it is on its way, and only with it can be read


@dataclass(frozen=True, slots=True)
class KeysRevoked:
    """Own key pairs by name and number: revoked, of which destroyed, and made in their place."""

    revoked: tuple[str, ...]
    destroyed: tuple[str, ...]
    made: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RevokeOwnKeys(Command[KeysRevoked]):
    """Takes in that this node's keys are revoked, signed by its roots, and makes new ones in their place.

    Private halves are destroyed at once, but that of the seal key: what partners sealed for it is still on its way. It
    carries out ``NoteOwnRevocation`` behind itself.
    """

    data: bytes
    entry: ClassVar[str] = "keys.revoked"
    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class NoteOwnRevocation(Command[int]):
    """Says in the journal beside the exchange that own keys were revoked; gives the number of the revocation.

    ``RevokeOwnKeys`` carries it out. Every process of the node that recalls keys for disclosures looks them up anew
    from this entry on.
    """

    data: bytes
    entry: ClassVar[str] = "partners.own_keys_revoked"


@dataclass(frozen=True, slots=True)
class DraftDescriptor(Query[bytes]):
    """The next descriptor with the keys of now, for the roots to sign: after a revocation, or with other ``roots``.

    ``roots`` are raw public keys of which ``roots_needed`` sign together; none keeps those of before.
    """

    roots: tuple[bytes, ...] = ()
    roots_needed: int = 0


@dataclass(frozen=True, slots=True)
class AdoptDescriptor(Command[OwnDescriptor]):
    """Takes a drafted descriptor that the roots have signed as what this administration says of itself from now on."""

    data: bytes
    entry: ClassVar[str] = "partners.own_descriptor_adopted"


def revoke_own_keys(command: RevokeOwnKeys, work: Work) -> Act[KeysRevoked]:
    """Raises ``REJECTED`` for what the roots did not sign, ``CONFLICT`` where none of the keys is in use any more."""
    document = read_document(command.data)
    with work.stores.main.reading() as main:
        last = _last(main)
    _require_enough(document, last.descriptor)
    revoked(confirm(last, last.digest), command.data)  # and about whom it is
    named = set(document.said.keys) if isinstance(document.said, Revocation) else set()
    note = NoteOwnRevocation(command.data)
    noted = partial(carry_out, note, work, act=note_own_revocation(note, work))

    def act(connection: Connection) -> Done[KeysRevoked]:
        meant = [
            key
            for key in stored_keys(connection)
            if key_id(key.algorithm, key.public_key) in named and key.revoked_at is None
        ]
        facts = {"partner": last.descriptor.id, "sha256": hashlib.sha256(command.data).hexdigest()}
        if not meant:  # an earlier try may have been cut short before the other store heard of it
            already = refuse("keys.revoked_already", Category.CONFLICT, partner=last.descriptor.id)
            return Done(None, command=facts, outcome={"revoked": []}, refusal=already, after=noted)
        at = to_text(work.at)
        for key in meant:
            _end(connection, key, at=at)
        made = [_successor(connection, key, work, at=at) for key in meant if key.retired_at is None]
        put_keys(connection, made)
        result = KeysRevoked(
            tuple(key.id for key in meant),
            tuple(key.id for key in meant if key.name != STILL_OPENS),
            tuple(key.id for key in made),
        )
        public = {key.id: key.public_key.hex() for key in made if key.name != STILL_OPENS}
        told = {"revoked": list(result.revoked), "made": public}
        return Done(result, command=facts, outcome=told, after=noted)

    return act


def note_own_revocation(command: NoteOwnRevocation, work: Work) -> Act[int]:
    """Raises ``REJECTED`` for what the roots did not sign."""
    document = read_document(command.data)

    def act(connection: Connection) -> Done[int]:
        said, last = document.said, _last(connection)
        _require_enough(document, last.descriptor)
        if not isinstance(said, Revocation):
            raise refuse("exchange.root_document")
        facts = {"partner": said.partner, "number": said.number, "keys": list(said.keys)}
        return Done(said.number, command=facts, outcome={"sha256": hashlib.sha256(command.data).hexdigest()})

    return act


def draft_descriptor(query: DraftDescriptor, view: View) -> bytes:
    """Counts for nothing before the roots of the version before have signed it. Raises ``NOT_FOUND`` without one."""
    last = _last(view.connection)
    keys = NodeKeys(view.folder, view.stores)
    again = said_again(last.descriptor, roots=query.roots, roots_needed=query.roots_needed)
    new = described(again, keys, last, at=view.at)
    if _begins_anew(keys, last):
        new = _with_version(new, (last.descriptor.version // LEAP + 1) * LEAP)
    return signed_by_own(new, keys, last)


def adopt_descriptor(command: AdoptDescriptor, work: Work) -> Act[OwnDescriptor]:
    """Raises ``REJECTED`` for another administration's, for keys that are not this node's, or too few roots."""
    document = read_document(command.data)
    keys = NodeKeys(work.folder, work.stores)

    def act(connection: Connection) -> Done[OwnDescriptor]:
        _require_adoptable(document, keys, _last(connection))
        return kept(connection, command.data, work)

    return act


def _with_version(new: Descriptor, version: int) -> Descriptor:
    """The same under a later number, which leaves room for those that a thief may have made."""
    return new.model_copy(update={"version": version})


def _last(connection: Connection) -> SignedDescriptor:
    versions = own_descriptors(connection)
    if not versions:
        raise refuse("partners.no_identity", Category.NOT_FOUND)
    return read(versions[0].data)


def _end(connection: Connection, key: StoredKey, *, at: str) -> None:
    revoke_key(connection, key.id, at=at)
    if key.retired_at is None:
        retire_key(connection, key.id, at=at)
    if key.name != STILL_OPENS:
        destroy_key(connection, key.id, at=at)


def _successor(connection: Connection, key: StoredKey, work: Work, *, at: str) -> StoredKey:
    number = 1 + max(each.number for each in stored_keys(connection) if each.name == key.name)
    return sealed_pair(fresh_pair(key.name, number, key.owner), folder=work.folder, at=at)


def _begins_anew(keys: NodeKeys, last: SignedDescriptor) -> bool:
    ended = {
        key_id(key.algorithm, key.public_key)
        for name in ALGORITHMS
        for key in keys.every(name)
        if key.revoked_at is not None
    }
    return any(key.id in ended for key in last.descriptor.keys)


def _require_adoptable(document: RootDocument, keys: NodeKeys, last: SignedDescriptor) -> None:
    said, before = document.said, last.descriptor
    if not isinstance(said, Descriptor) or said.id != before.id:
        raise refuse("partners.not_adoptable", partner=document.about, why="it is not this administration's descriptor")
    if said.version <= before.version:
        raise refuse("partners.not_adoptable", partner=said.id, why=f"version {before.version} is in force already")
    own = {key_id(key.algorithm, key.public_key) for key in map(keys.current, ALGORITHMS)}
    if own != {key.id for key in said.keys if key.use != "root"}:
        raise refuse("partners.not_adoptable", partner=said.id, why="its keys are not those this node has now")
    if before.of_use("root"):
        _require_enough(document, before)


def _require_enough(document: RootDocument, before: Descriptor) -> None:
    if not before.of_use("root"):
        raise refuse("roots.none_named", Category.CONFLICT, partner=before.id)
    if not enough(document, before):
        raise refuse("roots.too_few", signed=len(roots_on(document, before)), needed=before.roots_needed)
