"""Figures beside their peers, importers that hang together, and consignments that were split."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from pratique.flow.risk import Facts
from pratique.flow.risk.facts.peers import LARGEST, LEAST_PEERS, beside_peers
from pratique.vocabulary.codes.tables import shipped_tables
from pratique.vocabulary.rates import parse_rates
from risk_manifests import PARTY_ROWS, facts, manifest, party

SHIPPER, CONSIGNEE, _ = PARTY_ROWS


def items(*rows: dict[str, Any], **more: Any) -> Facts:
    """One bill per goods item."""
    ids = range(len(rows))
    return facts(
        manifest(
            [{"consignment": n, "transport_contract_document_id": f"BL{n}"} for n in ids],
            [{"consignment": n, "goods_item": n, **row} for n, row in enumerate(rows)],
        ),
        **more,
    )


def test_the_median_is_the_lower_middle_and_the_ratio_is_rounded_down() -> None:
    rows = pl.DataFrame({"kind": ["a"] * 10, "figure": [7, 10, 20, 30, 40, 50, 60, 70, 80, 90]})
    told = beside_peers(rows, "figure", [["kind"]], stem="x")
    assert told["x_peer_median"].unique().to_list() == [40]
    assert told["x_peer_ratio_permille"][0] == 175
    assert told["x_peer_count"].unique().to_list() == [9]


def test_a_group_that_varies_much_has_few_steps_and_a_tight_one_many() -> None:
    tight = pl.DataFrame({"kind": ["a"] * 10, "figure": [100] * 9 + [40]})
    loose = pl.DataFrame({"kind": ["a"] * 10, "figure": [10, 20, 40, 80, 100, 200, 400, 800, 1600, 40]})
    told = [beside_peers(rows, "figure", [["kind"]], stem="x")["x_peer_steps"][9] for rows in (tight, loose)]
    assert told == [9, 0]


def test_the_finest_group_with_enough_peers_counts() -> None:
    few = [{"commodity_code": "690722"}] * LEAST_PEERS
    enough = [{"commodity_code": "690721"}] * (LEAST_PEERS + 1)
    told = items(*few, *enough).goods["value_peer_group"].to_list()
    assert told == ["6907, USD"] * LEAST_PEERS + ["690721, USD"] * (LEAST_PEERS + 1)
    assert items(*few).goods["value_peer_ratio_permille"].to_list() == [None] * LEAST_PEERS


def test_currencies_are_not_mixed_without_rates_and_are_with_them() -> None:
    rows = [{}] * 9 + [{"customs_value_currency": "EUR"}]
    assert items(*rows).goods["value_peer_count"].to_list() == [8] * 9 + [None]
    rated = replace(shipped_tables(), rates=parse_rates(b"currency,date,rate\nUSD,2026-01-01,0.5\n", base="EUR"))
    told = items(*rows, tables=rated).goods
    assert (told["value_peer_count"].to_list(), told["value_peer_ratio_permille"][9]) == ([9] * 10, 2000)


def test_the_bill_lends_its_figures_to_its_only_item() -> None:
    bare = {"customs_value_minor": None, "customs_value_currency": None, "gross_mass_g": None, "net_mass_g": None}
    told = items({}, bare).goods
    assert told["unit_value_minor"].to_list() == [791, 769]
    two = facts(manifest(goods=[bare, {**bare, "goods_item": 1}])).goods
    assert two["unit_value_minor"].to_list() == [None, None]


@pytest.mark.parametrize("figure", [0, -5, LARGEST + 1, None])
def test_a_figure_that_cannot_be_compared_is_left_out(figure: int | None) -> None:
    rows = pl.DataFrame(
        {"kind": ["a"] * 10, "figure": [5] * 9 + [figure]}, schema={"kind": pl.String, "figure": pl.Int64}
    )
    told = beside_peers(rows, "figure", [["kind"]], stem="x")
    assert told["x_peer_count"].to_list() == [8] * 9 + [None]


def test_cheap_goods_keep_their_ratio() -> None:
    rows = [{"customs_value_minor": 50_000}] * 9 + [{"customs_value_minor": 60_000}]
    assert items(*rows).goods["value_peer_ratio_permille"][9] == 1200


def importers(*names: str, headings: list[str] | None = None, **shared: Any) -> pl.DataFrame:
    ids = range(len(names))
    return facts(
        manifest(
            [{"consignment": n} for n in ids],
            [{"consignment": n, "goods_item": n, "commodity_code": (headings or ["690721"] * 9)[n]} for n in ids],
            parties=[party("CN", name, n, **shared) for n, name in enumerate(names)],
        )
    ).consignment.select("linked_names", "linked_by", "linked_same_goods")


@pytest.mark.parametrize(
    ("shared", "by"),
    [
        ({"address_line": "Weg 1", "city": "Kiel"}, "address"),
        ({"communication": ["TE:+49 40 555 0100"]}, "telephone"),
        ({"party_id": "DE123"}, "number"),
    ],
)
def test_importers_are_linked_by_what_few_of_them_share(shared: dict[str, Any], by: str) -> None:
    told = importers("Alpha GmbH", "Beta GmbH", headings=["690721", "690722"], **shared)
    assert told.row(0) == (["BETA GMBH"], [by], 1)
    assert importers("Alpha GmbH", "Beta GmbH", headings=["690721", "850440"], **shared).row(0)[2] == 0


def test_what_many_share_and_what_one_firm_writes_in_two_ways_links_nobody() -> None:
    firms = ["Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta"]
    assert importers(*firms, party_id="X")["linked_names"].null_count() == 6
    assert importers(*firms[:5], party_id="X")["linked_names"].list.len().to_list() == [4] * 5
    assert importers("Alpha GmbH", "Alpha Gmbh Kiel", party_id="X")["linked_names"].null_count() == 2
    assert importers("Alpha GmbH", "Nord Spedition", party_id="X")["linked_names"].null_count() == 2


def test_a_split_needs_the_same_two_parties_the_same_heading_and_the_same_journey() -> None:
    def counts(*consignors: str) -> list[Any]:
        ids = range(len(consignors))
        rows = manifest(
            [{"consignment": n, "transport_contract_document_id": f"BL{n}", "gross_mass_g": 100 + n} for n in ids],
            [{"consignment": n, "goods_item": n} for n in ids],
            parties=[each for n in ids for each in (party("CZ", consignors[n], n), {**CONSIGNEE, "consignment": n})],
        )
        return facts(rows).consignment.select("split_bill_count", "split_mass_g", "split_largest_mass_g").rows()

    assert counts("A", "A", "A") == [(3, 303, 102)] * 3
    assert counts("A", "A", "B") == [(2, 201, 101), (2, 201, 101), (1, 102, 102)]


def test_routes_of_concern_are_known_by_country_and_only_for_the_journey_of_the_goods() -> None:
    told = facts(manifest([{"loading_location": "ECGYE"}, {"consignment": 1}])).consignment["route_concerns"].to_list()
    assert told == [["cocaine"], []]
