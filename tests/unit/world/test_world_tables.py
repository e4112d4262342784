"""The tables of the world hold together and agree with published code lists."""

from __future__ import annotations

import ast
import csv
import gzip
import io
import json
from pathlib import Path

import pratique_world
from pratique_world.goods import LOOSE
from pratique_world.numbers import container_check_digit
from pratique_world.tables import countries, destinations, gateways, port, services, wares, wares_by_code
from samples import sample


def test_goods_codes_are_subheadings_of_the_harmonized_system() -> None:
    with sample("hs/harmonized-system.csv").open(encoding="utf-8-sig", newline="") as file:
        known = {row["hscode"] for row in csv.DictReader(file)}
    assert [ware.code for ware in wares() if ware.code and ware.code not in known] == []


def test_packages_are_codes_of_recommendation_21() -> None:
    with sample("codes/rec21_packages.csv").open(encoding="utf-8-sig", newline="") as file:
        known = {row["Code"] for row in csv.DictReader(file)}
    assert {ware.package for ware in wares()} <= known


def test_places_are_in_unlocode_as_far_as_the_list_is_at_hand() -> None:
    known: set[str] = set()
    for part in ("codes/unlocode_2023-2_part2.csv.gz", "codes/unlocode_2023-2_part3.csv.gz"):
        text = gzip.decompress(sample(part).read_bytes()).decode("latin-1")
        known |= {row[1] + row[2] for row in csv.reader(io.StringIO(text)) if len(row) > 2}
    covered = {place[:2] for place in known}
    used = {port()[0]} | {place for service in services() for place in (*service.calls, *service.hubs)}
    used |= {place for service in services() for origin in service.origins for place in gateways(origin)}
    used |= {place for nature in ("24", "28") for places in destinations(nature).values() for place in places}
    assert sorted(place for place in used if place[:2] in covered and place not in known) == []


def test_every_country_that_is_used_has_a_culture_of_names() -> None:
    used = {origin for ware in wares() for origin in ware.origins}
    used |= {*destinations("24"), *destinations("28")}
    assert used <= set(countries())


def test_a_lower_heading_is_itself_a_ware_and_never_the_same() -> None:
    lowered = [ware for ware in wares() if ware.lower]
    assert len(lowered) > 15
    assert all(ware.lower in wares_by_code() and ware.lower != ware.code for ware in lowered)


def test_every_service_sells_something_in_boxes_from_each_of_its_countries() -> None:
    for service in services():
        for origin in service.origins:
            assert any(origin in ware.origins and ware.box not in LOOSE for ware in wares()), origin


def test_check_digits_agree_with_the_published_vectors() -> None:
    vectors = json.loads(sample("messages/codes/check_digits.json").read_text())["iso6346_container"]
    whole = [(number, is_right) for number, is_right in vectors if len(number) == 11]
    assert len(whole) > 2
    assert [container_check_digit(n[:10]) == int(n[10]) for n, _ in whole] == [is_right for _, is_right in whole]


def test_the_world_imports_the_vocabulary_of_the_product_and_no_more() -> None:
    root = Path(pratique_world.__file__).parent
    imported = set()
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module)
            elif isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
    ours = {name for name in imported if name.split(".")[0] == "pratique"}
    assert ours
    assert all(name.startswith("pratique.vocabulary") for name in ours)
