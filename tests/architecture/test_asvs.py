"""The walk through ASVS says what is so: every number once, tests and files that exist, counts that are right."""

from __future__ import annotations

import ast
import csv
import os
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WALK = ROOT / "docs" / "security" / "asvs.md"
STANDARD = Path(os.environ.get("ASVS_CSV") or ROOT.parent / "shared" / "data" / "asvs" / "asvs_5.0.0_en.csv")
VERDICTS = ("holds", "does not apply", "falls short")
LINE = re.compile(r"\| (\d+\.\d+\.\d+) \| ([12]) \| \**([a-z ]+?)\** \| (.+?) \| (.*) \|")
EVIDENCE = re.compile(r"`((?:src|tests|docs|\.ci)/[^`]+|[A-Za-z.-]+\.(?:md|lock|toml))`")
REASON_WORDS = 2


@dataclass(frozen=True)
class Walked:
    """One line of the walk."""

    number: str
    level: str
    verdict: str
    asked: str
    by: str

    @property
    def evidence(self) -> list[str]:
        """The tests and files that it names."""
        return EVIDENCE.findall(self.by)


@cache
def walked() -> tuple[Walked, ...]:
    return tuple(Walked(*found) for found in LINE.findall(WALK.read_text()))


@cache
def names_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text())
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def exists(evidence: str) -> bool:
    path, _, name = evidence.partition("::")
    return (ROOT / path).exists() and (not name or (name.startswith("test_") and name in names_in(path)))


def test_every_row_of_the_page_is_a_line() -> None:
    rows = [line for line in WALK.read_text().splitlines() if re.match(r"\| \d", line)]
    assert len(rows) == len(walked()) > 200
    assert {each.verdict for each in walked()} == set(VERDICTS)


def test_every_number_of_levels_1_and_2_is_there_once_with_its_level() -> None:
    if not STANDARD.is_file():
        pytest.skip(f"the list of the standard is not at hand: {STANDARD} (ASVS_CSV names another place)")
    with STANDARD.open(encoding="utf-8", newline="") as source:
        wanted = [(row["req_id"].removeprefix("V"), row["L"]) for row in csv.DictReader(source) if row["L"] in "12"]
    assert [(each.number, each.level) for each in walked()] == wanted


def test_every_test_and_file_that_is_named_exists() -> None:
    assert [f"{each.number}: {named}" for each in walked() for named in each.evidence if not exists(named)] == []


def test_what_holds_names_its_test_or_file_and_what_does_not_says_why() -> None:
    bare = []
    for each in walked():
        reason = EVIDENCE.sub("", each.by).strip()
        good = {
            "holds": bool(each.evidence),
            "does not apply": len(reason.split()) >= REASON_WORDS or reason == "Python.",
            "falls short": "Cure: " in reason,
        }
        if not good[each.verdict]:
            bare.append(each.number)
    assert bare == []


def test_counts_of_the_page_are_those_of_its_lines() -> None:
    count = Counter((each.verdict, each.level) for each in walked())
    for verdict in VERDICTS:
        one, two = count[verdict, "1"], count[verdict, "2"]
        assert f"| {verdict} | {one} | {two} | {one + two} |" in WALK.read_text()
    levels = Counter(each.level for each in walked())
    assert f"| all | {levels['1']} | {levels['2']} | {len(walked())} |" in WALK.read_text()


def test_the_inventory_names_the_bounds_of_the_code() -> None:
    from pratique.node.access.second_factor import RECOVERY_CODES
    from pratique.server.heads import LARGEST_BYTES, SLOWEST_SECONDS
    from pratique.server.limits import Bounds

    text = (ROOT / "docs" / "security" / "inventory.md").read_text()
    bounds = Bounds()
    assert f"{bounds.per_second:.0f} a second, {bounds.burst:.0f} at once" in text
    assert f"{LARGEST_BYTES // 1024} KiB; {SLOWEST_SECONDS:.0f} seconds" in text
    photo = f"{bounds.photo // 1024**2} MiB"
    assert f"{bounds.form // 1024**2} MiB; 256 KiB; {bounds.body // 1024**3} GiB (`upload_mib`); {photo}" in text
    assert f"{bounds.at_once} requests, {bounds.uploads_at_once} uploads, {bounds.costly_at_once} costly" in text
    assert f"{bounds.live_at_once} live pages" in text
    assert RECOVERY_CODES == 10


def test_files_that_the_threat_model_names_exist() -> None:
    text = (ROOT / "docs" / "security" / "threat-model.md").read_text()
    named = re.findall(r"`((?:node|desk|server|api|cli|flow|data)/[^`]+)`", text)
    assert len(named) > 15
    assert [path for path in named if not (ROOT / "src" / "pratique" / path).exists()] == []
