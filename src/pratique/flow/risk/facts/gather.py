"""All facts of a run in one value, with exactly the fields of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import polars as pl

from pratique.flow.risk.facts import consignments as wide
from pratique.flow.risk.facts.equipment import equipment_facts
from pratique.flow.risk.facts.goods import goods_facts
from pratique.flow.risk.facts.links import link_facts
from pratique.flow.risk.facts.nomenclature import chapter_weights, codes_of_parts
from pratique.flow.risk.facts.parties import party_facts
from pratique.flow.risk.facts.peers import freight_peers
from pratique.flow.risk.facts.reference import Reference, shipped_reference
from pratique.flow.risk.fields import scopes
from pratique.flow.risk.language.syntax import CONSIGNMENT
from pratique.flow.risk.language.types import POLARS
from pratique.vocabulary.codes.tables import CodeTables
from pratique.vocabulary.described import DESCRIBED
from pratique.vocabulary.frames import Manifest, frame
from pratique.vocabulary.grades import LOW_INFORMATION, LOW_SOURCES
from pratique.vocabulary.history import History
from pratique.vocabulary.reasons import ASSESSED_HIT, as_assessed

_PAIR: Final = ("description", "heading")
_DESCRIBED: Final = {name: dtype for name, dtype in DESCRIBED.items() if name not in _PAIR}


@dataclass(frozen=True, slots=True)
class Facts:
    """One row per consignment and the rows below it.

    ``consignment`` has ``consignment, place`` and the consignment's fields; the other frames ``consignment, row`` (the
    position of its consignment), ``place`` and their own fields, sorted by ``row`` and otherwise in the order read.
    """

    consignment: pl.DataFrame
    goods: pl.DataFrame
    equipment: pl.DataFrame
    parties: pl.DataFrame
    hits: pl.DataFrame
    findings: pl.DataFrame

    @property
    def children(self) -> Mapping[str, pl.DataFrame]:
        """The frames below by the name that rules use."""
        return {name: getattr(self, name) for name in scopes() if name != CONSIGNMENT}


def gather_facts(
    manifest: Manifest,
    *,
    hits: pl.DataFrame,
    versions: pl.DataFrame | None,
    history: History,
    tables: CodeTables,
    at: datetime,
    reference: Reference | None = None,
) -> Facts:
    """The facts about every consignment of ``manifest``, in its order, with those of the ``hits`` of screening."""
    bare = facts_without_hits(manifest, versions=versions, history=history, tables=tables, at=at, reference=reference)
    return with_hits(bare, hits)


def facts_without_hits(
    manifest: Manifest,
    *,
    versions: pl.DataFrame | None,
    history: History,
    tables: CodeTables,
    at: datetime,
    reference: Reference | None = None,
) -> Facts:
    """The facts about every consignment of ``manifest``, in its order, but those of hits, which no other fact needs.

    What earlier declarations say of descriptions is not known either: :func:`with_described` adds it.

    ``versions`` says what is new or changed (None: all are new); ``at`` is the moment
    of the assessment, whose exchange rates count; ``reference`` are the risk tables (None: those shipped).
    """
    reference = reference or shipped_reference()
    rows = wide.base_rows(manifest)
    keys = rows.select("consignment", "row")
    goods = goods_facts(manifest.goods_items, rows, tables=tables, reference=reference, on=at.date())
    goods = goods.with_columns(pl.lit(None, dtype=dtype).alias(name) for name, dtype in _DESCRIBED.items())
    parties = party_facts(manifest.parties, keys, history=history, reference=reference)
    chapters = goods.select("consignment", "chapter").drop_nulls().unique()
    equipment = equipment_facts(
        manifest.equipment,
        rows.with_columns(bill=pl.col("transport_contract_document_id")),
        chapters=chapters,
        history=history,
    )
    rows = wide.with_amounts(rows, goods, tables=tables, on=at.date())
    rows = wide.with_parties(rows, parties)
    rows = wide.with_equipment(rows, equipment)
    rows = wide.with_versions(rows, versions)
    rows = wide.with_repeats(rows)
    rows = wide.with_splits(rows, goods)
    rows = rows.hstack(freight_peers(rows))
    rows = rows.join(link_facts(parties, goods), on="consignment", how="left", maintain_order="left")
    rows = wide.with_routes(rows, goods, history=history, reference=reference)
    rows = wide.with_quality(rows, manifest)
    return Facts(
        consignment=rows.select("consignment", "place", *_fields(CONSIGNMENT)),
        goods=_child("goods", goods),
        equipment=_child("equipment", equipment),
        parties=_child("parties", parties),
        hits=_hits(frame(ASSESSED_HIT), keys),
        findings=_child("findings", manifest.findings.join(keys, on="consignment", maintain_order="left")),
    )


def load_shipped_tables() -> None:
    """Has in memory what facts are made with, whatever the manifest, so that they need not wait for it."""
    shipped_reference()
    chapter_weights()
    codes_of_parts()


def with_hits(facts: Facts, hits: pl.DataFrame) -> Facts:
    """The facts with those of the hits of screening (schema ``ASSESSED_HIT``)."""
    keys = facts.consignment.select("consignment").with_row_index("row")
    return replace(facts, hits=_hits(hits, keys))


def bare_consignments(consignments: pl.DataFrame) -> Facts:
    """Facts of consignments (``consignment, place``) for rules that look at hits alone: nothing else is known."""
    nothing = pl.DataFrame()
    keys = consignments.select("consignment", "place")
    return Facts(keys, goods=nothing, equipment=nothing, parties=nothing, hits=nothing, findings=nothing)


def with_described(facts: Facts, described: pl.DataFrame) -> Facts:
    """The facts with what was learned of descriptions under their headings (schema ``DESCRIBED``)."""
    bare = facts.goods.drop(_DESCRIBED)
    told = bare.join(described, on=_PAIR, how="left", nulls_equal=True, maintain_order="left")
    return replace(facts, goods=told.select(facts.goods.columns))


def _hits(hits: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    return _child("hits", _graded(as_assessed(hits)).join(keys, on="consignment", maintain_order="left"))


def _graded(hits: pl.DataFrame) -> pl.DataFrame:
    low = pl.col("source_grade").is_in(LOW_SOURCES) | pl.col("information_grade").is_in(LOW_INFORMATION)
    return hits.with_columns(is_low_grade=low.fill_null(value=False))


def _child(scope: str, rows: pl.DataFrame) -> pl.DataFrame:
    told = rows.select("consignment", "row", "place", *_fields(scope))
    return told if told["row"].is_sorted() else told.sort("row", maintain_order=True)


def _fields(scope: str) -> list[pl.Expr]:
    return [pl.col(name).cast(POLARS[kind]) for name, kind in scopes()[scope].items()]
