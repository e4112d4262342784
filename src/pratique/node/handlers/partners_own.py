"""What this administration says of itself to partners: its descriptor, version by version, signed with its own keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.errors import refuse
from pratique.node.instants import to_text
from pratique.node.ledger.signing_keys import NodeKeys
from pratique.node.storage import journal
from pratique.node.storage.partners import StoredOwn, add_own_descriptor, own_descriptors
from pratique.node.storage.store import Connection
from pratique.partners.exchange import descriptor as descriptors
from pratique.partners.exchange.descriptor import Descriptor, DescriptorKey, SignedDescriptor, make_key
from pratique.partners.exchange.keys import USES, key_id, signer
from pratique.partners.exchange.wire import record
from pratique.vocabulary.errors import Category

VALID_DAYS: Final = 730
ED25519_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class OwnDescriptor:
    """What is handed to partners, with the fingerprint that is read to them; ``data`` is the file."""

    partner: str
    version: int
    fingerprint: str
    spoken: tuple[str, ...]
    data: bytes
    descriptor: Descriptor


@dataclass(frozen=True, slots=True)
class PublishDescriptor(Command[OwnDescriptor]):
    """Says anew what this administration is to partners, with the keys it has now.

    ``contacts`` are as in a descriptor; ``roots`` are raw public keys of which ``roots_needed`` together revoke the
    node's keys: their private parts are kept by officers, away from any node. A later version keeps what is not given.
    """

    name: str
    country: str
    authority: str
    endpoint: str | None = None
    contacts: tuple[dict[str, Any], ...] = ()
    roots: tuple[bytes, ...] = ()
    roots_needed: int = 0
    days: int = VALID_DAYS
    entry: ClassVar[str] = "partners.own_descriptor_published"


@dataclass(frozen=True, slots=True)
class ShowOwnDescriptor(Query[OwnDescriptor]):
    """What this administration says of itself now."""


def publish_descriptor(command: PublishDescriptor, work: Work) -> Act[OwnDescriptor]:
    """Raises ``NOT_FOUND`` where no keys were made, ``REJECTED`` for what cannot stand in a descriptor.

    ``CONFLICT`` where partners would not believe it: other roots than before, or keys after a revocation, count only
    once the roots have signed them (:mod:`pratique.node.handlers.key_recovery`).
    """
    keys = NodeKeys(work.folder, work.stores)
    if any(len(root) != ED25519_BYTES for root in command.roots):
        raise refuse("partners.no_root")

    def act(connection: Connection) -> Done[OwnDescriptor]:
        before = own_descriptors(connection)
        last = descriptors.read(before[0].data) if before else None
        new = described(command, keys, last, at=work.at)
        _require_believable(new, keys, last)
        return kept(connection, signed_by_own(new, keys, last), work)

    return act


def kept(connection: Connection, data: bytes, work: Work) -> Done[OwnDescriptor]:
    """Keeps a descriptor as what this administration says of itself from now on."""
    found = descriptors.read(data)
    new = found.descriptor
    seq, digest = journal.next_seq(connection), found.digest.hex()
    add_own_descriptor(connection, StoredOwn(new.version, seq, data, digest, to_text(work.at), work.actor.name))
    facts = {"id": new.id, "version": new.version, "descriptor": digest}
    return Done(_shown(found, data), command=facts, outcome={"keys": [key.id for key in new.keys]})


def show_own_descriptor(query: ShowOwnDescriptor, view: View) -> OwnDescriptor:
    """Raises ``NOT_FOUND`` where nothing was said yet."""
    versions = own_descriptors(view.connection)
    if not versions:
        raise refuse("partners.no_identity", Category.NOT_FOUND)
    return _shown(descriptors.read(versions[0].data), versions[0].data)


def said_again(before: Descriptor, *, roots: tuple[bytes, ...] = (), roots_needed: int = 0) -> PublishDescriptor:
    """The same words as before, with the keys of now, and with other roots where some are given."""
    contacts = tuple(each.dump() for each in before.contacts)
    return PublishDescriptor(
        before.name, before.country, before.authority, before.endpoint, contacts, roots, roots_needed
    )


def described(command: PublishDescriptor, keys: NodeKeys, last: SignedDescriptor | None, *, at: datetime) -> Descriptor:
    """The next version of what this administration says of itself, with the keys it has now."""
    begins = at.replace(microsecond=0)
    until = begins + timedelta(days=command.days)
    own_keys = [
        make_key(use, keys.current(use).public_key, valid_from=begins, valid_until=until)
        for use in ("sign", "seal", "log", "witness")
    ]
    roots = [make_key("root", root, valid_from=begins, valid_until=until) for root in command.roots]
    needed = command.roots_needed
    if last is not None and not roots:
        roots, needed = [*last.descriptor.of_use("root")], last.descriptor.roots_needed
    return record(
        Descriptor,
        {
            "v": 1,
            "id": keys.current("sign").owner,
            "name": command.name,
            "country": command.country,
            "authority": command.authority,
            "version": last.descriptor.version + 1 if last else 1,
            "valid_from": begins,
            "valid_until": until,
            "endpoint": command.endpoint,
            "keys": tuple(_keeping_time(key, last) for key in (*own_keys, *roots)),
            "roots_needed": needed,
            "contacts": command.contacts,
            "replaces": last.digest if last else None,
        },
        code="exchange.descriptor_invalid",
        what="descriptor",
    )


def _roots(said: Descriptor) -> tuple[int, frozenset[bytes]]:
    return said.roots_needed, frozenset(key.public for key in said.of_use("root"))


def _keeping_time(key: DescriptorKey, last: SignedDescriptor | None) -> DescriptorKey:
    """A key that was in the version before has been valid since then."""
    known = last.descriptor.key(key.use, key.id) if last else None
    if known is None:
        return key
    return make_key(key.use, key.public, valid_from=known.valid_from, valid_until=key.valid_until)


def signed_by_own(new: Descriptor, keys: NodeKeys, last: SignedDescriptor | None) -> bytes:
    """Signed with the key in use, then with that of the version before, by which partners know that it follows.

    A key whose private half is gone signs no more: then only the roots can say that it follows.
    """
    before = [
        signer(Ed25519PrivateKey.from_private_bytes(keys.private_bytes(key.id)))
        for key in keys.every("sign")
        if last is not None and key.destroyed_at is None and key_id(USES["sign"], key.public_key) == last.signed_by
    ]
    return descriptors.sign(new, signer(keys.signing("sign")), also=tuple(before))


def _require_believable(new: Descriptor, keys: NodeKeys, last: SignedDescriptor | None) -> None:
    if last is None or not last.descriptor.of_use("root"):
        return
    if _roots(new) != _roots(last.descriptor):
        raise refuse("partners.roots_sign", Category.CONFLICT, partner=new.id)
    ended = {key_id(key.algorithm, key.public_key) for key in keys.every("sign") if key.revoked_at is not None}
    if last.signed_by in ended:
        raise refuse("partners.begin_anew", Category.CONFLICT, partner=new.id)


def _shown(found: SignedDescriptor, data: bytes) -> OwnDescriptor:
    said = found.descriptor
    told = descriptors.fingerprint(found.digest), descriptors.spoken(found.digest)
    return OwnDescriptor(said.id, said.version, *told, data, said)
