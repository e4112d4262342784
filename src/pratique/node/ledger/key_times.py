"""The time of the node's key pairs: when each is due to be renewed, and when a retired one has done its work.

Partners believe the version before for 30 days after a rotation: private halves that sign are of use to nobody after
that. An envelope lives for 90 days at most, and a partner may have sealed one on the last of those 30. Until then a
seal key is kept, and not a day longer: what somebody recorded on the line can then be opened by nobody any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pratique.node.instants import from_text
from pratique.node.ledger.signing_keys import ALGORITHMS, NodeKeys, PublicKey
from pratique.partners.exchange.descriptor import Descriptor
from pratique.partners.exchange.header import LONGEST_LIFE
from pratique.partners.exchange.keys import key_id
from pratique.partners.exchange.partner import OVERLAP

KEPT_AFTER: Final = dict.fromkeys(ALGORITHMS, OVERLAP) | {"seal": OVERLAP + LONGEST_LIFE}


@dataclass(frozen=True, slots=True)
class KeyTime:
    """A key pair that was not destroyed: ``due_at`` of the one in use, ``destroyed_from`` of a retired one.

    ``said``: the newest descriptor names it, so that partners know it. ``exported``: it lies in a file for a safe.
    """

    key: PublicKey
    due_at: datetime | None
    destroyed_from: datetime | None
    said: bool
    exported: bool

    def due(self, at: datetime) -> bool:
        """It is time to put another key pair in its place."""
        return self.due_at is not None and self.due_at <= at


def key_times(keys: NodeKeys, said: Descriptor | None, *, days: int) -> list[KeyTime]:
    """Every key pair that was not destroyed, the newest of each name last; ``days`` is how long one is used."""
    known = {key.id for key in said.keys} if said else set()
    return [
        KeyTime(
            key=key,
            due_at=None if key.retired_at else from_text(key.made_at) + timedelta(days=days),
            destroyed_from=from_text(key.retired_at) + KEPT_AFTER[key.name] if key.retired_at else None,
            said=key_id(key.algorithm, key.public_key) in known,
            exported=key.exported_at is not None,
        )
        for name in ALGORITHMS
        for key in keys.every(name)
        if key.destroyed_at is None
    ]


def over(times: list[KeyTime], *, at: datetime) -> list[KeyTime]:
    """Those whose private half has done its work; one that the newest descriptor names has not."""
    return [each for each in times if each.destroyed_from is not None and each.destroyed_from <= at and not each.said]
