"""Amended, cancelled, repeated and withdrawn bills."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from pratique.flow.intake.amendments import Versions, known_bills, versions
from pratique.flow.intake.format import ReadContext
from pratique.flow.intake.formats.table import Table
from pratique.vocabulary.frames import CONSIGNMENT, Manifest, frame
from pratique.vocabulary.history import KNOWN_BILL, History, empty_history, known_bills_of_then
from pratique.vocabulary.ids import consignment_ids

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ARRIVAL = "2026-03-04T06:00Z"
HEADINGS = (
    "message_reference,replaces_reference,function,sender,eta,"
    "bill_number,bill_function,container_number,gross_weight_kg,description"
)


def manifest(*rows: str, sha: str = "a") -> tuple[Manifest, pl.Series]:
    """Rows: reference, replaced reference, function, sender, arrival, bill, its function, box, mass, description."""
    text = "\n".join([HEADINGS, *rows]) + "\n"
    read = Table().read(io.BytesIO(text.encode()), context=ReadContext("t.csv", sha * 64)).manifest
    ids = consignment_ids([sha * 64] * read.consignments.height, read.consignments["place"].to_list())
    return read, pl.Series(ids, dtype=pl.String)


def judged(history: History, *rows: str, sha: str = "a") -> Versions:
    read, ids = manifest(*rows, sha=sha)
    return versions(read, history=history, consignment_ids=ids)


def after(history: History, *rows: str, sha: str = "a", hours: int = 1) -> History:
    """The history once the message with these rows was stored, as the node stores it: newest version per bill."""
    read, ids = manifest(*rows, sha=sha)
    found = versions(read, history=history, consignment_ids=ids)
    bills = pl.concat([history.bills, known_bills(found, history.as_of)])
    newest = bills.unique(["transport_contract_document_id", "sender_id"], keep="last", maintain_order=True)
    return replace(history, bills=newest, as_of=history.as_of + timedelta(hours=hours))


def changes(found: Versions) -> list[tuple[str, int]]:
    return found.frame.select("change", "version").rows()


def told(found: Versions) -> list[tuple[str, dict[str, object]]]:
    return [(rule, json.loads(params)) for rule, params in found.findings.select("rule", "params").iter_rows()]


FIRST = (f"R1,,original,S,{ARRIVAL},A,,BOX1,10,shoes", f"R1,,original,S,{ARRIVAL},B,,BOX2,20,hats")


def test_bill_that_is_not_known_is_new_and_says_nothing() -> None:
    found = judged(empty_history(NOON), *FIRST)
    assert changes(found) == [("new", 1), ("new", 1)]
    assert found.frame["replaces_consignment_id"].to_list() == [None, None]
    assert found.findings.is_empty()
    assert found.removed.is_empty()


def test_change_is_the_next_version_with_what_changed_and_how_late() -> None:
    history = replace(after(empty_history(NOON), *FIRST), as_of=datetime(2026, 3, 3, 7, 30, tzinfo=UTC))
    found = judged(
        history,
        f"R2,R1,change,S,{ARRIVAL},A,,BOX9,11,shoes",
        f"R2,R1,change,S,{ARRIVAL},B,,BOX2,20,hats",
        sha="b",
    )
    assert changes(found) == [("changed", 2), ("unchanged", 2)]
    assert found.frame["changed_fields"].to_list() == [["gross_mass_g", "equipment_ids"], []]
    assert found.frame["hours_before_arrival"].to_list() == [22, 22]
    assert found.frame["late"].to_list() == [True, False]
    assert found.frame["replaces_consignment_id"].to_list() == history.bills["consignment_id"].to_list()
    assert told(found) == [("amendment.changed", {"bill": "A", "fields": "gross_mass_g, equipment_ids", "version": 2})]


def test_change_a_day_or_more_before_arrival_is_not_late_and_after_arrival_hours_are_negative() -> None:
    history = after(empty_history(NOON), *FIRST)
    row = f"R2,R1,change,S,{ARRIVAL},A,,BOX1,11,shoes"
    early = judged(replace(history, as_of=datetime(2026, 3, 3, 6, 0, tzinfo=UTC)), row, sha="b")
    assert early.frame.select("hours_before_arrival", "late").rows() == [(24, False)]
    gone = judged(replace(history, as_of=datetime(2026, 3, 4, 6, 30, tzinfo=UTC)), row, sha="b")
    assert gone.frame.select("hours_before_arrival", "late").rows() == [(-1, True)]
    unknown = judged(history, "R2,R1,change,S,,A,,BOX1,11,shoes", sha="b")
    assert unknown.frame.select("hours_before_arrival", "late").rows() == [(None, False)]


def test_cancelling_message_and_cancelled_bill_cancel_the_bill() -> None:
    history = after(empty_history(NOON), *FIRST)
    whole = judged(history, f"R2,R1,cancel,S,{ARRIVAL},A,,BOX1,10,shoes", sha="b")
    assert changes(whole) == [("cancelled", 2)]
    assert told(whole) == [("amendment.cancelled", {"bill": "A", "version": 2})]
    one = judged(
        history,
        f"R2,R1,change,S,{ARRIVAL},A,deletion,BOX1,10,shoes",
        f"R2,R1,change,S,{ARRIVAL},B,change,BOX2,20,hats",
        sha="b",
    )
    assert changes(one) == [("cancelled", 2), ("unchanged", 2)]


def test_cancelling_message_that_names_no_bill_withdraws_all_of_the_earlier_one() -> None:
    history = after(empty_history(NOON), *FIRST)
    read, _ = manifest("R2,R1,cancel,S,,A,,,,", sha="b")
    nothing = replace(
        read,
        consignments=frame(CONSIGNMENT),
        goods_items=read.goods_items.clear(),
        equipment=read.equipment.clear(),
        parties=read.parties.clear(),
    )
    found = versions(nothing, history=history, consignment_ids=pl.Series([], dtype=pl.String))
    assert found.removed["transport_contract_document_id"].to_list() == ["A", "B"]
    stored = known_bills(found, NOON)
    assert stored.select("transport_contract_document_id", "version", "cancelled").rows() == [
        ("A", 2, True),
        ("B", 2, True),
    ]


def test_bills_that_the_replacing_message_no_longer_has_are_withdrawn() -> None:
    history = after(empty_history(NOON), *FIRST)
    found = judged(
        history,
        f"R2,R1,replace,S,{ARRIVAL},A,,BOX1,10,shoes",
        f"R2,R1,replace,S,{ARRIVAL},C,,BOX3,30,gloves",
        sha="b",
    )
    assert changes(found) == [("unchanged", 2), ("new", 1)]
    assert found.removed.select("message", "transport_contract_document_id").rows() == [(0, "B")]
    known = history.bills["consignment_id"].to_list()
    assert told(found) == [("amendment.bill_withdrawn", {"bill": "B", "earlier": known[1]})]


def test_message_that_replaces_under_its_own_reference_withdraws_too() -> None:
    history = after(empty_history(NOON), *FIRST)
    found = judged(history, f"R1,,replace,S,{ARRIVAL},A,,BOX1,10,shoes", sha="b")
    assert found.removed["transport_contract_document_id"].to_list() == ["B"]


def test_replacement_of_another_sender_or_of_a_cancelled_bill_withdraws_nothing() -> None:
    history = after(empty_history(NOON), *FIRST)
    other = judged(history, f"R2,R1,replace,OTHER,{ARRIVAL},A,,BOX1,10,shoes", sha="b")
    assert other.removed.is_empty()
    again = after(history, f"R2,R1,cancel,S,{ARRIVAL},B,,BOX2,20,hats", sha="b")
    replaced = judged(again, f"R3,R2,replace,S,{ARRIVAL},A,,BOX1,10,shoes", sha="c")
    assert replaced.removed.is_empty()


@pytest.mark.parametrize(("mass", "change"), [("10", "duplicate"), ("12", "changed")])
def test_same_bill_in_a_second_original_message_is_said(mass: str, change: str) -> None:
    history = after(empty_history(NOON), *FIRST)
    found = judged(history, f"R7,,original,S,{ARRIVAL},A,,BOX1,{mass},shoes", sha="b")
    assert changes(found) == [(change, 2)]
    assert ("amendment.same_bill_twice", {"bill": "A", "earlier": history.bills["consignment_id"][0]}) in told(found)


def test_same_bill_twice_in_one_file_counts_versions_and_names_the_first_place() -> None:
    read, ids = manifest(
        f"R1,,original,S,{ARRIVAL},A,,BOX1,10,shoes",
        f"R2,,original,S,{ARRIVAL},A,,BOX1,10,shoes",
        f"R3,,change,S,{ARRIVAL},A,,BOX1,13,shoes",
    )
    found = versions(read, history=empty_history(NOON), consignment_ids=ids)
    assert changes(found) == [("new", 1), ("duplicate", 2), ("changed", 3)]
    assert found.frame["replaces_consignment_id"].to_list() == [None, ids[0], ids[1]]
    assert ("amendment.same_bill_twice", {"bill": "A", "earlier": "row 2"}) in told(found)
    stored = known_bills(found, NOON)
    assert stored.select("consignment_id", "version", "gross_mass_g").rows() == [(ids[2], 3, 13_000)]


def test_same_file_twice_changes_nothing_and_is_said_once() -> None:
    history = after(empty_history(NOON), *FIRST)
    found = judged(history, *FIRST)
    assert changes(found) == [("duplicate", 1), ("duplicate", 1)]
    assert told(found) == [("amendment.same_file", {"bills": 2})]
    stored = known_bills(found, NOON)
    assert stored.drop("received_at").equals(history.bills.drop("received_at"))


def test_same_number_of_two_named_senders_is_two_bills_but_an_unnamed_sender_may_be_either() -> None:
    history = after(empty_history(NOON), *FIRST)
    other = judged(history, f"R1,,original,T,{ARRIVAL},A,,BOX1,10,shoes", sha="b")
    assert changes(other) == [("new", 1)]
    unnamed = judged(history, f"R1,,change,,{ARRIVAL},A,,BOX1,12,shoes", sha="b")
    assert changes(unnamed) == [("changed", 2)]
    assert unnamed.frame["sender_id"].to_list() == ["S"]
    both = after(history, f"R1,,original,T,{ARRIVAL},A,,BOX1,99,shoes", sha="b")
    own = judged(both, f"R2,,change,S,{ARRIVAL},A,,BOX1,10,shoes", sha="c")
    assert changes(own) == [("unchanged", 2)]


def test_cancelled_bill_that_comes_again_is_a_change() -> None:
    history = after(empty_history(NOON), *FIRST)
    history = after(history, f"R2,R1,cancel,S,{ARRIVAL},A,,BOX1,10,shoes", sha="b")
    found = judged(history, f"R3,R2,change,S,{ARRIVAL},A,,BOX1,10,shoes", sha="c")
    assert changes(found) == [("changed", 3)]
    assert found.frame["changed_fields"].to_list() == [["cancelled"]]


def test_bills_without_a_number_are_never_versions_of_each_other() -> None:
    read, ids = manifest(f"R1,,original,S,{ARRIVAL},,,BOX1,10,x", f"R1,,original,S,{ARRIVAL},,,BOX2,10,x")
    found = versions(read, history=empty_history(NOON), consignment_ids=ids)
    assert changes(found) == [("new", 1), ("new", 1)]
    stored = known_bills(found, NOON)
    assert stored.is_empty()
    assert stored.schema == pl.Schema(KNOWN_BILL)


AMENDED = f"R2,R1,change,S,{ARRIVAL},A,,BOX1,12,shoes"


def test_an_original_that_comes_in_a_later_run_than_its_amendment_is_superseded_and_told() -> None:
    known = after(empty_history(NOON), AMENDED, sha="b")
    found = judged(known, *FIRST, sha="a")
    assert changes(found) == [("superseded", 1), ("new", 1)]
    assert found.frame["replaces_consignment_id"].to_list() == [None, None]
    (params,) = [params for rule, params in told(found) if rule == "amendment.superseded"]
    assert (params["bill"], params["version"]) == ("A", 1)
    stays = after(known, *FIRST, sha="a").bills.filter(pl.col("transport_contract_document_id") == "A")
    assert stays.select("gross_mass_g", "functional_reference_id").rows() == [(12_000, "R2")]


def test_whatever_the_order_of_the_runs_the_same_version_is_known_in_the_end() -> None:
    forth = after(after(empty_history(NOON), *FIRST, sha="a"), AMENDED, sha="b")
    back = after(after(empty_history(NOON), AMENDED, sha="b"), *FIRST, sha="a")
    said = ("transport_contract_document_id", "functional_reference_id", "gross_mass_g", "cancelled")
    assert forth.bills.select(said).sort(said).rows() == back.bills.select(said).sort(said).rows()


def issued(found: tuple[Manifest, pl.Series], moment: datetime | None) -> tuple[Manifest, pl.Series]:
    read, ids = found
    times = pl.lit(moment, dtype=read.message.schema["issue_datetime"]).alias("issue_datetime")
    return read.replace(message=read.message.with_columns(times)), ids


@pytest.mark.parametrize(
    ("known_at", "own_at", "function", "change"),
    [
        (2, 1, "replace", "superseded"),  # issued before what is known, whatever its function says
        (1, 2, "original", "changed"),  # issued after it, though it calls itself an original
        (1, 1, "original", "superseded"),  # at the same time an original comes before a change
        (1, None, "original", "superseded"),
        (None, 1, "replace", "changed"),
    ],
)
def test_the_time_of_issue_decides_before_the_function(
    known_at: int | None, own_at: int | None, function: str, change: str
) -> None:
    at = {None: None, 1: NOON, 2: NOON + timedelta(hours=1)}
    read, ids = issued(manifest(f"R2,,change,S,{ARRIVAL},A,,BOX1,12,shoes", sha="b"), at[known_at])
    before = versions(read, history=empty_history(NOON), consignment_ids=ids)
    history = replace(empty_history(NOON), bills=known_bills(before, NOON))
    read, ids = issued(manifest(f"R9,,{function},S,{ARRIVAL},A,,BOX1,30,shoes", sha="c"), at[own_at])
    assert versions(read, history=history, consignment_ids=ids).frame["change"].to_list() == [change]


def test_two_older_words_of_one_file_are_both_superseded() -> None:
    known = after(empty_history(NOON), f"R3,R2,replace,S,{ARRIVAL},A,,BOX1,14,shoes", sha="c")
    found = judged(known, f"R1,,original,S,{ARRIVAL},A,,BOX1,10,shoes", AMENDED, sha="a")
    assert changes(found) == [("superseded", 1), ("superseded", 1)]


def test_a_bill_that_was_cancelled_may_be_declared_anew() -> None:
    known = after(after(empty_history(NOON), *FIRST), f"R2,R1,cancel,S,{ARRIVAL},A,,BOX1,10,shoes", sha="b")
    found = judged(known, f"R3,,original,S,{ARRIVAL},A,,BOX1,11,shoes", sha="c")
    assert changes(found) == [("changed", 3)]


def test_what_answers_the_known_message_follows_it() -> None:
    known = after(empty_history(NOON), AMENDED, sha="b")
    found = judged(known, f"R3,R2,original,S,{ARRIVAL},A,,BOX1,13,shoes", sha="c")
    assert changes(found) == [("changed", 2)]


def test_a_version_from_before_this_was_kept_tells_nothing() -> None:
    known = after(empty_history(NOON), AMENDED, sha="b")
    old = replace(known, bills=known_bills_of_then(known.bills.drop("issued_at", "said_function")))
    assert changes(judged(old, *FIRST, sha="a"))[0] == ("changed", 2)
