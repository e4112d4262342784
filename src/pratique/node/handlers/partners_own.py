"""What this administration says of itself to partners: its descriptor, version by version, signed with its own keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
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
from pratique.partners.exchange.jws import KeyInMemory
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
    """Raises ``NOT_FOUND`` where no keys were made, ``REJECTED`` for what cannot stand in a descriptor."""
    keys = NodeKeys(work.folder, work.stores)
    if any(len(root) != ED25519_BYTES for root in command.roots):
        raise refuse("partners.no_root")

    def act(connection: Connection) -> Done[OwnDescriptor]:
        before = own_descriptors(connection)
        last = descriptors.read(before[0].data) if before else None
        new = _said(command, keys, last, work)
        signers = _signers(keys, last)
        data = descriptors.sign(new, signers[0], also=tuple(signers[1:]))
        found = descriptors.read(data)
        row = StoredOwn(
            new.version,
            journal.next_seq(connection),
            data,
            found.digest.hex(),
            to_text(work.at),
            work.actor.name,
        )
        add_own_descriptor(connection, row)
        facts = {"id": new.id, "version": new.version, "descriptor": row.sha256}
        return Done(_shown(found, data), command=facts, outcome={"keys": [key.id for key in new.keys]})

    return act


def show_own_descriptor(query: ShowOwnDescriptor, view: View) -> OwnDescriptor:
    """Raises ``NOT_FOUND`` where nothing was said yet."""
    versions = own_descriptors(view.connection)
    if not versions:
        raise refuse("partners.no_identity", Category.NOT_FOUND)
    return _shown(descriptors.read(versions[0].data), versions[0].data)


def _said(command: PublishDescriptor, keys: NodeKeys, last: SignedDescriptor | None, work: Work) -> Descriptor:
    begins = work.at.replace(microsecond=0)
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


def _keeping_time(key: DescriptorKey, last: SignedDescriptor | None) -> DescriptorKey:
    """A key that was in the version before has been valid since then."""
    known = last.descriptor.key(key.use, key.id) if last else None
    if known is None:
        return key
    return make_key(key.use, key.public, valid_from=known.valid_from, valid_until=key.valid_until)


def _signers(keys: NodeKeys, last: SignedDescriptor | None) -> list[KeyInMemory]:
    """The key in use, then the one that the version before was signed with, by which partners know it follows."""
    before = [
        signer(Ed25519PrivateKey.from_private_bytes(keys.private_bytes(key.id)))
        for key in keys.every("sign")
        if last is not None and key_id(USES["sign"], key.public_key) == last.signed_by
    ]
    return [signer(keys.signing("sign")), *before]


def _shown(found: SignedDescriptor, data: bytes) -> OwnDescriptor:
    said = found.descriptor
    told = descriptors.fingerprint(found.digest), descriptors.spoken(found.digest)
    return OwnDescriptor(said.id, said.version, *told, data, said)
