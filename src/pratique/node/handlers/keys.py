"""The node's own key, renewed: everything that was sealed with the old one is sealed with the new, or nothing is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pratique.node.access.sealing import seal, unseal
from pratique.node.acts import Act, Command, Done, Work
from pratique.node.errors import refuse
from pratique.node.folder import given_secret
from pratique.node.storage.access_sealed import every_sealed, put_sealed
from pratique.node.storage.store import Connection
from pratique.node.stores import Kept, write_key
from pratique.vocabulary.errors import Category


@dataclass(frozen=True, slots=True)
class RenewKey(Command[int]):
    """Makes a new key and seals every second factor and private key with it; answers with how many there were.

    The old key is destroyed. Sign-ins that are half way through a passkey or the identity provider begin again.
    """

    entry: ClassVar[str] = "access.key_renewed"
    kept_in: ClassVar[Kept] = "access"


def renew_key(command: RenewKey, work: Work) -> Act[int]:
    """The new key lies beside the old one until the transaction stands; opening the node finishes what was cut short.

    Raises ``CONFLICT`` where the service manager hands the key over, ``MISCONFIGURED`` where the key does not fit.
    """
    old, new = work.folder.key_file, work.folder.next_key_file
    if given_secret("node.key") is not None:
        raise refuse("access.key_is_given", Category.CONFLICT)

    def act(connection: Connection) -> Done[int]:
        write_key(new)
        sealed = every_sealed(connection)
        for each in sealed:
            plain = unseal(each.text, key_file=old, owner=each.owner)
            put_sealed(connection, each, seal(plain, key_file=new, owner=each.owner))
        return Done(len(sealed), command={}, outcome={"sealed": len(sealed)}, after=lambda: new.replace(old))

    return act
