"""Versions of bills: what a message replaces, changes, cancels or says twice.

In: a normalised manifest and what the node knew before (:class:`History`). Out: one row per consignment with its
version, what it replaces and what changed, the bills that a replacing message no longer has, and findings.
Pure and by columns; it stores nothing and decides nothing. Messages stand in the order in which they speak.

The same number from two senders who are both named and differ is not the same bill. Function codes are those of
EDIFACT 1225: 1 cancel, 2 addition, 3 deletion, 4 change, 5 replace, 9 original.

What came in an earlier run can be the newer word: a message that was issued before the known version, or at an unknown
time an original after its amendment, is superseded. The known version stands, and a finding says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import polars as pl

from pratique.flow.intake.bills import COMPARED, changed_fields, summarise
from pratique.flow.intake.succession import FUNCTIONS
from pratique.flow.intake.told import findings_of
from pratique.vocabulary.frames import Manifest, Schema
from pratique.vocabulary.history import KNOWN_BILL, History

VERSION: Final[Schema] = {
    "consignment": pl.UInt32,
    "sender_id": pl.String,  # of the message; where it names none, of the version before
    "version": pl.Int64,  # 1 for a bill that was not known
    "replaces_consignment_id": pl.String,
    "change": pl.String,  # new, unchanged, changed, cancelled, superseded, duplicate
    "changed_fields": pl.List(pl.String),
    "hours_before_arrival": pl.Int64,  # negative after arrival; null: not known
    "late": pl.Boolean,
}
REMOVED: Final[Schema] = {"message": pl.UInt32, **KNOWN_BILL}
LATE_HOURS: Final = 24
_CANCELS: Final = ("1", "3")
_AMENDS: Final = ("1", "3", "4", "5")
_TURNS: Final = {code: turn for turn, code in enumerate(FUNCTIONS)}
_TAKEN_FROM_ABOVE: Final = ("consignment_id", "functional_reference_id", "cancelled", *COMPARED)
_BILL: Final = "transport_contract_document_id"


@dataclass(frozen=True, slots=True)
class Versions:
    """``frame`` (schema ``VERSION``) follows the manifest's consignments row by row; so does ``bills``, their summary.

    ``removed`` (schema ``REMOVED``) holds the known bills that a message withdrew without naming them; ``findings``
    are to be added to the manifest's.
    """

    frame: pl.DataFrame
    bills: pl.DataFrame
    removed: pl.DataFrame
    findings: pl.DataFrame


def versions(
    manifest: Manifest, *, history: History, consignment_ids: pl.Series, late_hours: int = LATE_HOURS
) -> Versions:
    """What each consignment of the manifest is to the bills that are already known."""
    bills = _bills(manifest, consignment_ids)
    dropped = _dropped(manifest, bills)
    bills = bills.with_columns(pl.col("cancelled") | pl.col("consignment").is_in(dropped["consignment"].implode()))
    before = _with_earlier(bills, history.bills)
    judged = _judged(before).join(_hours(manifest, history.as_of), on="message", how="left", maintain_order="left")
    late = pl.col("change").is_in(["changed", "cancelled"]) & (pl.col("hours_before_arrival") < late_hours)
    judged = judged.with_columns(late.fill_null(False).alias("late"))
    removed = _removed(manifest, bills, history.bills)
    return Versions(
        frame=_with_dropped(judged, dropped).select(pl.col(name).cast(dtype) for name, dtype in VERSION.items()),
        bills=bills,
        removed=removed,
        findings=pl.concat([_bill_findings(judged), _message_findings(manifest, judged, removed, dropped)]),
    )


def known_bills(found: Versions, received_at: datetime) -> pl.DataFrame:
    """What the node remembers of a manifest's bills (schema ``KNOWN_BILL``): the newest version of each.

    Withdrawn bills come as cancelled versions of what was known; bills without a number are not among them.
    """
    bills = found.bills.with_columns(
        found.frame["version"], found.frame["sender_id"], pl.lit(received_at).alias("received_at")
    ).filter(found.frame["change"] != "superseded")
    withdrawn = found.removed.drop("message").with_columns(
        pl.col("version") + 1, cancelled=pl.lit(True), received_at=pl.lit(received_at)
    )
    newest = bills.filter(pl.col(_BILL).is_not_null()).unique([_BILL, "sender_id"], keep="last", maintain_order=True)
    return pl.concat(
        [each.select(pl.col(name).cast(dtype) for name, dtype in KNOWN_BILL.items()) for each in (newest, withdrawn)]
    )


def _bills(manifest: Manifest, consignment_ids: pl.Series) -> pl.DataFrame:
    """The manifest's consignments as known bills would be, with what their message says of them."""
    said = manifest.message.select(
        "message",
        "sender_id",
        "message_id",
        "functional_reference_id",
        "replaces_id",
        "raw_sha256",
        pl.col("issue_datetime").alias("issued_at"),
        pl.col("function_code").alias("message_function"),
    )
    bills = summarise(manifest).with_columns(consignment_ids.alias("consignment_id"))
    bills = bills.join(said, on="message", how="left", maintain_order="left")
    functions = (pl.col("function_code"), pl.col("message_function"))
    return bills.with_columns(
        pl.any_horizontal(each.is_in(_CANCELS) for each in functions).fill_null(False).alias("cancelled"),
        pl.any_horizontal(each.is_in(_AMENDS) for each in functions).fill_null(False).alias("amends"),
        pl.coalesce(functions).alias("said_function"),
    )


def _with_earlier(bills: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Each bill beside its earlier version (``earlier_…``): the one above it in the file, else the one known."""
    base = _known_to(bills, known).rename({name: f"earlier_{name}" for name in KNOWN_BILL if name != _BILL})
    found = bills.join(base, on="consignment", how="left", maintain_order="left").with_columns(
        pl.int_range(pl.len()).over(_BILL, "sender_id").alias("above"),
        (pl.col("earlier_raw_sha256") == pl.col("raw_sha256")).fill_null(False).alias("same_file"),
        pl.col("earlier_consignment_id").alias("known_consignment_id"),
        pl.col("earlier_functional_reference_id").alias("known_reference"),
        pl.col("earlier_cancelled").alias("known_cancelled"),
        pl.int_range(pl.len()).alias("row"),
    )
    again = (pl.col("above") > 0) & pl.col(_BILL).is_not_null()
    row_above = pl.when(again).then(pl.col("row").shift(1).over(_BILL, "sender_id"))
    found = found.with_columns(again.alias("again"), row_above.alias("row_above"))
    return found.with_columns(
        pl.col("place").gather("row_above").alias("above_place"),
        *(
            pl.when("again")
            .then(pl.col(name).gather("row_above"))
            .otherwise(f"earlier_{name}")
            .alias(f"earlier_{name}")
            for name in _TAKEN_FROM_ABOVE
        ),
    )


def _known_to(bills: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """For each bill the known one of that number: of the same sender first, then the newest."""
    pairs = bills.select("consignment", _BILL, pl.col("sender_id").alias("own_sender")).join(known, on=_BILL)
    same = pl.col("own_sender") == pl.col("sender_id")
    return (
        pairs.filter(same.fill_null(True))
        .with_columns(same.is_null().alias("guessed"))
        .sort("consignment", "guessed", "received_at", "consignment_id", descending=[False, False, True, False])
        .unique("consignment", keep="first", maintain_order=True)
        .drop(_BILL, "own_sender", "guessed")
    )


def _judged(bills: pl.DataFrame) -> pl.DataFrame:
    """Each bill with its version, its change and whether a message said that it would amend."""
    superseded = (_is_older() & ~pl.col("same_file")).fill_null(False)
    bills = bills.with_columns(superseded.alias("superseded"))
    earlier = pl.col("earlier_consignment_id").is_not_null() & ~pl.col("same_file") & ~pl.col("superseded")
    answers = (pl.col("replaces_id") == pl.col("earlier_functional_reference_id")).fill_null(False)
    compared = bills.with_columns(
        earlier.alias("earlier"),
        (earlier & ~pl.col("amends") & ~answers).alias("unasked"),
        pl.when(earlier).then(changed_fields()).otherwise(pl.lit([], pl.List(pl.String))).alias("changed_fields"),
    )
    base = pl.col("earlier_version").fill_null(0)
    next_version = pl.when(pl.col(_BILL).is_null()).then(1).otherwise(base + 1 + pl.col("above"))
    return compared.with_columns(
        _change().alias("change"),
        pl.coalesce("sender_id", "earlier_sender_id").alias("sender_id"),
        pl.when(pl.col("same_file") | pl.col("superseded")).then(base).otherwise(next_version).alias("version"),
        pl.when("earlier").then("earlier_consignment_id").alias("replaces_consignment_id"),
    )


def _is_older() -> pl.Expr:
    """The bill was said before the version that is known, by the rules of a single run (``succession``).

    What names the known message as the one it answers follows it. Without times of issue, a bill that was cancelled may
    be declared anew.
    """
    answers = (pl.col("replaces_id") == pl.col("known_reference")).fill_null(False)
    own, known = pl.col("issued_at"), pl.col("earlier_issued_at")
    turn, known_turn = (
        pl.col(name).replace_strict(_TURNS, default=0, return_dtype=pl.Int8).fill_null(0)
        for name in ("said_function", "earlier_said_function")
    )
    said_first = (turn < known_turn) & ~pl.col("known_cancelled").fill_null(False)
    by_time = pl.when(own == known).then(said_first).otherwise(own < known)
    timed = own.is_not_null() & known.is_not_null()
    return pl.col("known_consignment_id").is_not_null() & ~answers & pl.when(timed).then(by_time).otherwise(said_first)


def _change() -> pl.Expr:
    differs = pl.col("changed_fields").list.len() > 0
    return (
        pl.when("same_file")
        .then(pl.lit("duplicate"))
        .when("superseded")
        .then(pl.lit("superseded"))
        .when("cancelled")
        .then(pl.lit("cancelled"))
        .when(~pl.col("earlier"))
        .then(pl.lit("new"))
        .when(differs)
        .then(pl.lit("changed"))
        .when("unasked")
        .then(pl.lit("duplicate"))
        .otherwise(pl.lit("unchanged"))
    )


def _hours(manifest: Manifest, as_of: datetime) -> pl.DataFrame:
    """Whole hours (rounded down) from ``as_of`` to the arrival that each message announces."""
    announced = manifest.transport.filter(pl.col("arrival_datetime").is_not_null())
    at_border = pl.col("stage").is_in(["border", "arrival"]).fill_null(False)
    arrival = pl.col("arrival_datetime").sort_by(~at_border, "arrival_datetime").first()
    hours = (arrival - as_of).dt.total_seconds().floordiv(3600)
    return announced.group_by("message", maintain_order=True).agg(hours.alias("hours_before_arrival"))


def _withdrawing(manifest: Manifest, bills: pl.DataFrame) -> pl.DataFrame:
    """Messages that stand for all of an earlier one, by its reference: replacements, and cancellations of no bill."""
    reference = pl.coalesce("replaces_id", "functional_reference_id")
    empty = ~pl.col("message").is_in(bills["message"].implode())
    withdrawing = (pl.col("function_code") == "5") | ((pl.col("function_code") == "1") & empty)
    return manifest.message.filter(withdrawing).select(
        "message",
        pl.col("sender_id").alias("own_sender"),
        pl.col("raw_sha256").alias("own_sha256"),
        reference.alias("functional_reference_id"),
    )


def _removed(manifest: Manifest, bills: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Known bills of a replaced message that the new one no longer has; all of a cancelled one that names no bills."""
    open_bills = known.filter(~pl.col("cancelled").fill_null(False))
    pairs = _withdrawing(manifest, bills).join(open_bills, on="functional_reference_id", maintain_order="left_right")
    other_sender = (pl.col("own_sender") != pl.col("sender_id")).fill_null(False)
    same_file = (pl.col("own_sha256") == pl.col("raw_sha256")).fill_null(False)
    left = pairs.filter(~other_sender & ~same_file).join(
        bills.select("message", _BILL), on=["message", _BILL], how="anti", maintain_order="left"
    )
    return left.select(pl.col(name).cast(dtype) for name, dtype in REMOVED.items())


def _dropped(manifest: Manifest, bills: pl.DataFrame) -> pl.DataFrame:
    """The same for bills that stand above in this manifest: ``consignment`` beside the ``message`` that drops it."""
    above = bills.select(
        "consignment", "consignment_id", "functional_reference_id", "sender_id", _BILL, above="message"
    )
    pairs = _withdrawing(manifest, bills).join(above, on="functional_reference_id", maintain_order="left_right")
    other_sender = (pl.col("own_sender") != pl.col("sender_id")).fill_null(False)
    left = pairs.filter((pl.col("above") < pl.col("message")) & ~other_sender).join(
        bills.select("message", _BILL), on=["message", _BILL], how="anti", maintain_order="left"
    )
    return left.unique("consignment", keep="first", maintain_order=True).select(
        "message", "consignment", "consignment_id", _BILL
    )


def _with_dropped(judged: pl.DataFrame, dropped: pl.DataFrame) -> pl.DataFrame:
    """Bills that a later message of this manifest dropped are cancelled, whatever they were when they came."""
    gone = pl.col("consignment").is_in(dropped["consignment"].implode())
    return judged.with_columns(change=pl.when(gone).then(pl.lit("cancelled")).otherwise("change"))


def _bill_findings(judged: pl.DataFrame) -> pl.DataFrame:
    bill, version = pl.col(_BILL), pl.col("version")
    fields = pl.col("changed_fields").list.join(", ")
    earlier = pl.when("again").then("above_place").otherwise("earlier_consignment_id")
    changed = judged.filter(pl.col("change") == "changed")
    cancelled = judged.filter(pl.col("change") == "cancelled")
    return pl.concat(
        [
            findings_of(
                changed, "amendment.changed", "warning", params={"bill": bill, "fields": fields, "version": version}
            ),
            findings_of(cancelled, "amendment.cancelled", "warning", params={"bill": bill, "version": version}),
            findings_of(
                judged.filter("superseded"),
                "amendment.superseded",
                "warning",
                params={"bill": bill, "earlier": pl.col("known_consignment_id"), "version": version},
            ),
            findings_of(
                judged.filter("unasked"),
                "amendment.same_bill_twice",
                "warning",
                params={"bill": bill, "earlier": earlier},
            ),
        ]
    )


def _message_findings(
    manifest: Manifest, judged: pl.DataFrame, removed: pl.DataFrame, dropped: pl.DataFrame
) -> pl.DataFrame:
    """One finding for each message that the node has read before, one for each bill that a message withdrew."""
    places = manifest.message.select("message", "place")
    again = judged.filter("same_file").group_by("message", maintain_order=True).agg(pl.len().alias("bills"))
    gone = pl.concat([each.select("message", "consignment_id", _BILL) for each in (removed, dropped)])
    withdrawn = gone.join(places, on="message", how="left", maintain_order="left")
    return pl.concat(
        [
            findings_of(
                again.join(places, on="message", how="left", maintain_order="left"),
                "amendment.same_file",
                "note",
                params=["bills"],
            ),
            findings_of(
                withdrawn,
                "amendment.bill_withdrawn",
                "warning",
                params={"bill": pl.col(_BILL).fill_null("without a number"), "earlier": pl.col("consignment_id")},
            ),
        ]
    )
