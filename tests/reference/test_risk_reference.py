"""The shipped profiles in the slow, obvious way: one record at a time through the interpreter, against the batch."""

from __future__ import annotations

import random
from typing import Any

import polars as pl
import pytest

from pratique.flow.risk import Facts, score, shipped_profiles
from pratique.flow.risk.facts.peers import beside_peers
from pratique.flow.risk.language import answer
from risk_manifests import facts, random_manifest


def records(gathered: Facts) -> list[dict[str, Any]]:
    """One mapping per consignment, with the rows below it under the name of their collection."""
    found = gathered.consignment.to_dicts()
    for name, child in gathered.children.items():
        for record in found:
            record[name] = []
        for row in child.to_dicts():
            found[row["row"]][name].append(row)
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_batch_finds_the_reasons_and_points_that_one_record_at_a_time_gives(seed: int) -> None:
    gathered = facts(random_manifest(250, seed=seed))
    profiles = shipped_profiles()
    expected = [
        (record["consignment"], profile.id, profile.points)
        for record in records(gathered)
        for profile in profiles
        if answer(profile.program, record) is True
    ]
    found = score(gathered, profiles)
    assert found.reasons.select("consignment", "profile_id", "points").rows() == expected
    assert len({profile_id for _, profile_id, _ in expected}) > 25
    slow = {record: sum(points for one, _, points in expected if one == record) for record in range(250)}
    assert dict(found.scores.select("consignment", "score").rows()) == slow


def test_what_is_shared_in_a_run_is_what_counting_by_hand_gives() -> None:
    read = random_manifest(120, seed=9)
    gathered = facts(read)
    boxes = read.equipment.to_dicts()
    for row in gathered.equipment.to_dicts():
        same = [box for box in boxes if box["equipment_id"] == row["equipment_id"]]
        assert row["bill_count"] == len({box["consignment"] for box in same})
        assert row["size_type_count"] == len({box["size_type"] for box in same} - {None})
    bills = read.consignments["transport_contract_document_id"].to_list()
    repeats = gathered.consignment["bill_repeats"].to_list()
    assert repeats == [bills.count(bill) for bill in bills]
    assert max(repeats) > 1


def test_peers_are_what_sorting_by_hand_gives() -> None:
    draw = random.Random(5)
    figures = [draw.choice([None, 0, draw.randint(1, 40), draw.randint(1, 10_000)]) for _ in range(400)]
    kinds = [draw.choice("abc") for _ in figures]
    told = beside_peers(pl.DataFrame({"kind": kinds, "figure": figures}), "figure", [["kind"]], stem="x").to_dicts()
    for kind, figure, row in zip(kinds, figures, told, strict=True):
        if not figure:
            assert row["x_peer_count"] is None
            continue
        group = sorted(each for of, each in zip(kinds, figures, strict=True) if of == kind and each)
        median = group[(len(group) - 1) // 2]
        factors = sorted(max(each * 1000 // median, median * 1000 // each, 1000) for each in group)
        spread, factor = (
            max(factors[(len(group) - 1) // 2], 1100),
            max(figure * 1000 // median, median * 1000 // figure),
        )
        steps, power = 0, 1000
        for _ in range(9):
            power = min(power * spread // 1000, 10**9)
            steps += factor > power
        expected = (len(group) - 1, median, figure * 1000 // median, steps)
        assert tuple(row[f"x_peer_{name}"] for name in ("count", "median", "ratio_permille", "steps")) == expected
