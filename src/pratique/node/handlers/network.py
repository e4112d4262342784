"""Who stands behind a consignment: its parties, others that share a trait with them, and list entries they answer to.

The graph is drawn from the run of the consignment and from the newest other runs; it is small by design, and what is
left out is counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from pratique.node.acts import Query, View
from pratique.node.errors import refuse
from pratique.node.hits.pairs import SUPERSEDED
from pratique.node.hits.party_traits import TRAITS, traits_of
from pratique.node.runs.at_hand import RunAtHand, taken_at_hand
from pratique.node.storage import runs as stored
from pratique.node.storage.runs import StoredConsignment
from pratique.vocabulary.errors import Category

MOST_NODES: Final = 40
MOST_RUNS: Final = 5
COMMON: Final = 25  # a trait that so many other names share says nothing about any of them
MOST_EXAMPLES: Final = 3


@dataclass(frozen=True, slots=True)
class NetworkNode:
    """A node: ``consignment``, ``party`` (named on it), ``other`` (a party of other consignments) or ``entry``.

    ``consignments`` counts those that name the party; ``examples`` are short ids of some of them.
    """

    id: str
    kind: str
    label: str
    role: str | None
    consignments: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NetworkEdge:
    """An edge and its reason: ``role`` (value: CZ, CN …), ``address``, ``communication``, ``number`` or ``hit``."""

    source: str
    target: str
    reason: str
    value: str


@dataclass(frozen=True, slots=True)
class CommonTrait:
    """A trait that too many share to be drawn: whose it is, and how many other names have it."""

    party: str
    reason: str
    names: int


@dataclass(frozen=True, slots=True)
class NetworkShown:
    """The graph around a consignment. ``left_out`` counts nodes beyond the bound, ``runs`` were looked at."""

    consignment_id: str
    run_id: str
    nodes: tuple[NetworkNode, ...]
    edges: tuple[NetworkEdge, ...]
    common: tuple[CommonTrait, ...]
    left_out: int
    runs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShowNetwork(Query[NetworkShown]):
    """The network of a consignment, by its short id or bill number."""

    ref: str


def show_network(query: ShowNetwork, view: View) -> NetworkShown:
    """Raises ``NOT_FOUND`` where nothing has that id or bill number."""
    called = stored.consignments_called(view.connection, query.ref.strip())
    if not called:
        raise refuse("consignments.not_found", Category.NOT_FOUND, ref=query.ref)
    chosen = called[0]
    runs = [
        taken_at_hand(view.connection, view.folder, run)
        for run in stored.runs_around(view.connection, chosen.run_seq, MOST_RUNS)
    ]
    return _graph(chosen, runs, view)


def _graph(chosen: StoredConsignment, runs: list[RunAtHand], view: View) -> NetworkShown:
    here = runs[0]
    traits = pl.concat([traits_of(run.frames).with_columns(run=pl.lit(run.run.id)) for run in runs])
    own = traits.filter((pl.col("consignment_id") == chosen.id) & (pl.col("run") == here.run.id))
    parties = list(_parties(own, traits))
    others, edges, common = _others(own, traits, chosen.id)
    entries, hit_edges = _entries(chosen, here, view, {party.label: party.id for party in parties})
    centre = NetworkNode(chosen.id, "consignment", chosen.bill or chosen.id, None, 1, (chosen.id,))
    nodes = [centre, *parties, *entries, *others]
    kept = {node.id for node in nodes[:MOST_NODES]}
    roles = [NetworkEdge(chosen.id, party.id, "role", party.role or "") for party in parties]
    return NetworkShown(
        consignment_id=chosen.id,
        run_id=here.run.id,
        nodes=tuple(nodes[:MOST_NODES]),
        edges=tuple(each for each in (*roles, *hit_edges, *edges) if {each.source, each.target} <= kept),
        common=tuple(common),
        left_out=max(0, len(nodes) - MOST_NODES),
        runs=tuple(run.run.id for run in runs),
    )


def _parties(own: pl.DataFrame, traits: pl.DataFrame) -> Iterable[NetworkNode]:
    """The parties of the consignment, each name once."""
    for (key,), rows in own.group_by("key", maintain_order=True):
        ids = _consignments(traits.filter(pl.col("key") == key))
        roles = "/".join(rows["role_code"].unique(maintain_order=True).drop_nulls())
        yield NetworkNode(f"party:{key}", "party", rows["name"][0], roles, len(ids), tuple(ids[:MOST_EXAMPLES]))


def _others(
    own: pl.DataFrame, traits: pl.DataFrame, consignment_id: str
) -> tuple[list[NetworkNode], list[NetworkEdge], list[CommonTrait]]:
    """Parties of other names that share an address, a telephone or a number with a party of the consignment."""
    nodes: dict[str, NetworkNode] = {}
    edges: dict[tuple[str, str, str], NetworkEdge] = {}
    common: dict[tuple[str, str], CommonTrait] = {}
    keys = own["key"].unique().implode()
    for row in own.unique(["key", "trait", "value"], maintain_order=True).iter_rows(named=True):
        if row["trait"] not in TRAITS:
            continue
        same = (pl.col("trait") == row["trait"]) & (pl.col("value") == row["value"])
        sharing = traits.filter(same & ~pl.col("key").is_in(keys) & (pl.col("consignment_id") != consignment_id))
        names = sharing["key"].unique(maintain_order=True).to_list()
        if len(names) > COMMON:
            common[row["name"], row["trait"]] = CommonTrait(row["name"], row["trait"], len(names))
            continue
        for key in names:
            rows = traits.filter(pl.col("key") == key)
            ids = _consignments(rows)
            node = NetworkNode(f"party:{key}", "other", rows["name"][0], None, len(ids), tuple(ids[:MOST_EXAMPLES]))
            nodes.setdefault(node.id, node)
            edge = NetworkEdge(f"party:{row['key']}", node.id, row["trait"], row["value"])
            edges.setdefault((edge.source, edge.target, edge.reason), edge)
    return list(nodes.values()), list(edges.values()), list(common.values())


def _entries(
    chosen: StoredConsignment, here: RunAtHand, view: View, parties: dict[str, str]
) -> tuple[list[NetworkNode], list[NetworkEdge]]:
    """The list entries that the consignment's parties, boxes or vessel answer to."""
    hits: list[dict[str, Any]] = []
    if here.has_hits:
        hits = here.hits.filter(~pl.col(SUPERSEDED), consignment=chosen.consignment).to_dicts()
    nodes: dict[str, NetworkNode] = {}
    edges = []
    for hit in hits:
        node = NetworkNode(f"entry:{hit['list_id']}:{hit['entity_id']}", "entry", hit["listed_name"], None, 0, ())
        nodes.setdefault(node.id, node)
        source = parties.get(hit["screened_value"], chosen.id)
        edges.append(NetworkEdge(source, node.id, "hit", f"{hit['score_permille']}"))
    return list(nodes.values()), edges


def _consignments(rows: pl.DataFrame) -> list[str]:
    return rows["consignment_id"].drop_nulls().unique(maintain_order=True).to_list()
