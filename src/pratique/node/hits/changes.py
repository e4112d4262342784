"""What exactly changed on either side of a pair since somebody answered it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pratique.flow.screening.difference import difference
from pratique.flow.screening.memory import DECLARED
from pratique.node.folder import NodeFolder
from pratique.node.hits.pairs import listed_rows
from pratique.node.storage.dispositions import StoredDisposition

PARTY, ENTRY, TIME = "party", "entry", "time"
FIELDS: Final = ("name", *DECLARED)


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a side (``party``, ``entry``): the values that are gone and those that have come.

    The side ``time`` has the field ``until``: the moment at which the answer stopped to hold.
    """

    side: str
    field: str
    gone: tuple[str, ...]
    come: tuple[str, ...]


def changes_since(
    hit: Mapping[str, Any], then: StoredDisposition, party_now: Mapping[str, Any], folder: NodeFolder
) -> tuple[Change, ...]:
    """What is not as it was when the pair was answered, field by field; empty where everything is.

    ``hit`` is a row of ``hit_facts``, ``party_now`` the declared side as :func:`declared_side` gives it.
    """
    found = [*_of_party(then, party_now)] if then.party_sha256 != hit["party_sha256"] else []
    if then.entry_sha256 != hit["entry_sha256"]:
        found += _of_entry(hit, then, folder)
    return tuple(found)


def declared_side(hit: Mapping[str, Any], party: Mapping[str, Any]) -> dict[str, str]:
    """Everything declared that an answer speaks of: the name or number and the fields of the party that are given."""
    told = {"name": hit["screened_value"], **{name: party.get(name) for name in DECLARED}}
    return {name: str(value) for name, value in told.items() if value}


def _of_party(then: StoredDisposition, now: Mapping[str, Any]) -> Iterator[Change]:
    before: dict[str, str] = json.loads(then.party or "{}")
    for name in FIELDS:
        gone, come = before.get(name), now.get(name)
        if before and gone != come:
            yield Change(PARTY, name, (gone,) if gone else (), (come,) if come else ())


def _of_entry(hit: Mapping[str, Any], then: StoredDisposition, folder: NodeFolder) -> Iterator[Change]:
    before, now = (
        listed_rows(folder, version, [hit["entity_id"]]) for version in (then.list_version, hit["list_version"])
    )
    for row in difference(before, now).drop_nulls("field").iter_rows(named=True):
        yield Change(ENTRY, row["field"], tuple(row["gone"]), tuple(row["come"]))
