"""What a run decides does not depend on the order in which its files were given."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from functools import cache

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.flow.assess import identify, standing
from pratique.flow.intake.amendments import known_bills, versions
from pratique.flow.intake.format import ReadContext
from pratique.flow.intake.formats.table import Table
from pratique.flow.intake.succession import in_succession
from pratique.vocabulary.frames import Manifest, join_manifests
from pratique.vocabulary.history import empty_history

pytestmark = pytest.mark.long

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
Told = tuple[str, frozenset[str], int]  # what stands before the bills, the bills, their mass in kilograms
HEADINGS = "message_reference,replaces_reference,function,sender,issued,bill_number,gross_weight_kg,description"


@st.composite
def chains(draw: st.DrawFn) -> list[Told]:
    """Files of two senders; each of a sender is issued later than the one before, and may say which one it replaces."""
    files = []
    for sender in "ST":
        for turn in range(draw(st.integers(0, 4))):
            function = "original" if turn == 0 else draw(st.sampled_from(["original", "change", "replace", "cancel"]))
            replaces = f"{sender}{turn - 1}" if turn and draw(st.booleans()) else ""
            issued = (NOON + timedelta(minutes=turn)).strftime("%Y-%m-%dT%H:%MZ")
            bills = draw(st.sets(st.sampled_from("ABC"), min_size=1))
            files.append((f"{sender}{turn},{replaces},{function},{sender},{issued}", frozenset(bills), 10 + turn))
    return files


@cache
def _file(head: str, bills: frozenset[str], mass: int) -> Manifest:
    text = "\n".join([HEADINGS, *(f"{head},{bill},{mass},shoes" for bill in sorted(bills))]) + "\n"
    sha = f"{int.from_bytes(head.encode()) % 16**64:064x}"
    return Table().read(io.BytesIO(text.encode()), context=ReadContext("t.csv", sha)).manifest


def outcome(files: list[Manifest]) -> tuple[list[object], list[object]]:
    """Which consignments stand in which version, and what the node would remember of the bills."""
    manifest = in_succession(join_manifests(files))
    ids = identify(manifest)
    found = versions(manifest, history=empty_history(NOON), consignment_ids=ids)
    stands = pl.DataFrame(
        {
            "id": ids,
            "version": found.frame["version"],
            "stands": standing(manifest.consignments, messages=manifest.message, versions=found.frame),
        }
    )
    known = known_bills(found, NOON).select(
        "transport_contract_document_id", "sender_id", "consignment_id", "cancelled"
    )
    return sorted(stands.rows()), sorted(known.rows(), key=str)


@settings(deadline=None, max_examples=40)
@given(chains(), st.randoms(use_true_random=False))
def test_the_same_files_in_any_order_leave_the_same_bills_standing(told: list[Told], random: object) -> None:
    files = [_file(*each) for each in told]
    shuffled = list(files)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert outcome(shuffled) == outcome(files)
