"""In one run the newest word stands, whatever the order in which files were given."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import UTC, datetime

import polars as pl
import pytest

from pratique.flow.assess import identify, standing
from pratique.flow.intake.amendments import Versions, versions
from pratique.flow.intake.format import ReadContext
from pratique.flow.intake.formats.table import Table
from pratique.flow.intake.succession import in_succession
from pratique.vocabulary.frames import Manifest, join_manifests
from pratique.vocabulary.history import empty_history

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HEADINGS = "message_reference,replaces_reference,function,sender,issued,bill_number,container_number,description"


def file(*rows: str) -> Manifest:
    """One file. Rows: reference, replaced reference, function, sender, time of issue, bill, box, description."""
    content = "\n".join([HEADINGS, *rows]).encode()
    return Table().read(io.BytesIO(content), context=ReadContext("t.csv", hashlib.sha256(content).hexdigest())).manifest


def run(*files: Manifest) -> tuple[Manifest, Versions]:
    """The files as one run, in the order in which they speak, and the versions of their bills."""
    manifest = in_succession(join_manifests(files))
    return manifest, versions(manifest, history=empty_history(NOON), consignment_ids=identify(manifest))


def what_stands(*files: Manifest) -> list[str]:
    manifest, found = run(*files)
    goods = manifest.goods_items.filter(pl.col("consignment").is_in(_standing(manifest, found).implode()))
    return sorted(goods["description"])


def _standing(manifest: Manifest, found: Versions) -> pl.Series:
    return manifest.consignments["consignment"].filter(
        standing(manifest.consignments, messages=manifest.message, versions=found.frame)
    )


ORIGINAL = file("R1,,original,S,2026-03-01T08:00Z,A,BOX1,first", "R1,,original,S,2026-03-01T08:00Z,B,BOX2,other")
REPLACING = file("R2,R1,replace,S,2026-03-01T09:00Z,A,BOX1,second", "R2,R1,replace,S,2026-03-01T09:00Z,B,BOX2,same")


def test_replacing_message_given_before_its_original_stands_and_is_told() -> None:
    assert what_stands(ORIGINAL, REPLACING) == what_stands(REPLACING, ORIGINAL) == ["same", "second"]
    manifest, found = run(REPLACING, ORIGINAL)
    assert manifest.message["functional_reference_id"].to_list() == ["R1", "R2"]
    assert found.frame["version"].to_list() == [1, 1, 2, 2]
    [told] = manifest.findings.filter(rule="amendment.given_early").rows(named=True)
    assert (told["message"], told["severity"]) == (1, "note")
    assert json.loads(told["params"]) == {"newer": "R2", "older": "R1"}
    assert run(ORIGINAL, REPLACING)[0].findings.filter(rule="amendment.given_early").is_empty()


def test_every_row_follows_its_message() -> None:
    told, given = run(ORIGINAL, REPLACING)[0], run(REPLACING, ORIGINAL)[0]
    for name in ("message", "consignments", "goods_items", "equipment", "parties", "transport", "declared"):
        assert getattr(told, name).equals(getattr(given, name)), name


def test_what_names_the_message_it_replaces_follows_it_whatever_the_clocks_say() -> None:
    replacing = file("R2,R1,replace,S,2026-03-01T07:00Z,A,BOX1,second")
    assert what_stands(replacing, ORIGINAL) == what_stands(ORIGINAL, replacing) == ["second"]


def test_later_issue_stands_where_no_message_names_the_other() -> None:
    cancelled = file("R2,,cancel,S,2026-03-01T09:00Z,A,BOX1,gone")
    again = file("R3,,original,S,2026-03-01T10:00Z,A,BOX1,again")
    for order in ((ORIGINAL, cancelled, again), (again, cancelled, ORIGINAL), (cancelled, again, ORIGINAL)):
        assert what_stands(*order) == ["again", "other"]


@pytest.mark.parametrize("issued", ["", "2026-03-01T08:00Z"])
def test_function_decides_where_no_time_does(issued: str) -> None:
    first = file(f"R1,,original,S,{issued},A,BOX1,first")
    change = file(f"R2,,change,S,{issued},A,BOX1,changed")
    assert what_stands(change, first) == what_stands(first, change) == ["changed"]


def test_order_given_stands_where_nothing_says_which_is_newer_and_other_senders_are_others() -> None:
    one, two = file("R1,,original,S,,A,BOX1,one"), file("R2,,original,S,,A,BOX1,two")
    assert (what_stands(one, two), what_stands(two, one)) == (["two"], ["one"])
    other = file("R9,R1,replace,T,2026-03-01T07:00Z,A,BOX1,other sender")
    manifest, _ = run(other, ORIGINAL)
    assert manifest.message["sender_id"].to_list() == ["T", "S"]


def test_messages_that_replace_each_other_in_a_ring_are_all_kept() -> None:
    ring = [file(f"R{number},R{(number + 1) % 3},replace,S,,A,BOX1,say {number}") for number in range(3)]
    manifest, _ = run(*ring)
    assert sorted(manifest.message["functional_reference_id"]) == ["R0", "R1", "R2"]


def test_bill_that_the_replacing_message_of_the_same_run_no_longer_has_gets_no_slot() -> None:
    shorter = file("R2,R1,replace,S,2026-03-01T09:00Z,A,BOX1,second")
    for order in ((ORIGINAL, shorter), (shorter, ORIGINAL)):
        _, found = run(*order)
        assert what_stands(*order) == ["second"]
        assert found.frame["change"].to_list() == ["new", "cancelled", "changed"]
        told = found.findings.filter(rule="amendment.bill_withdrawn").row(0, named=True)
        assert (told["message"], json.loads(told["params"])["bill"]) == (1, "B")


def test_bill_that_comes_back_after_its_message_was_replaced_stands() -> None:
    shorter = file("R2,R1,replace,S,2026-03-01T09:00Z,A,BOX1,second")
    added = file("R3,R2,addition,S,2026-03-01T10:00Z,B,BOX2,back")
    assert what_stands(added, shorter, ORIGINAL) == ["back", "second"]
