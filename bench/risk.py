"""``make bench-risk``: facts, points and reasons of 20,000 consignments under all shipped profiles.

Beside it, in the same run, the same rules on the same facts one record at a time through the interpreter (on 500), and
the selection of slots over all scores.
"""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import polars as pl

from pratique.flow.intake.format import ReadContext
from pratique.flow.intake.read import read
from pratique.flow.intake.sender_profiles import shipped_sender_profiles
from pratique.flow.risk import Facts, gather_facts, score, shipped_profiles
from pratique.flow.risk.language import answer
from pratique.flow.selection import Capacity, select
from pratique.vocabulary.codes.tables import shipped_tables
from pratique.vocabulary.frames import Manifest
from pratique.vocabulary.history import empty_history
from pratique.vocabulary.reasons import HIT
from pratique_world import write_manifest

CONSIGNMENTS = 20_000
SLOW_RECORDS = 500
AT = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
T = TypeVar("T")


def main() -> None:
    """Prints every figure; see the module."""
    manifest, profiles = sample(), shipped_profiles()
    facts, gathering = timed(lambda: facts_of(manifest))
    scored, scoring = timed(lambda: score(facts, profiles))
    print(f"facts of {CONSIGNMENTS:,} consignments: {gathering:.2f} s of processor")
    print(f"points and {scored.reasons.height:,} reasons under {len(profiles)} profiles: {scoring:.2f} s")
    few = records(facts, SLOW_RECORDS)
    fired, slow = timed(lambda: sum(answer(profile.program, one) is True for one in few for profile in profiles))
    batch = score_rows(scored.reasons)
    each, ours = slow / SLOW_RECORDS, scoring / CONSIGNMENTS
    print(f"the same rules one record at a time, without reasons: {each / ours:.0f} times that for a consignment")
    print(f"both ways fire equally often on {SLOW_RECORDS} records: {'yes' if fired == batch else 'NO'} ({fired:,})")
    for capacity in (Capacity(), Capacity(open=500, scan=2_000, documents=5_000)):
        show_selection(scored.scores, capacity)


def show_selection(scores: pl.DataFrame, capacity: Capacity) -> None:
    """Prints what giving the slots costs."""
    eligible = pl.repeat(True, scores.height, dtype=pl.Boolean, eager=True)
    _, seconds = timed(lambda: select(scores, eligible=eligible, capacity=capacity, high_line=60, seed=1))
    print(f"selection under {capacity.slots.tolist()} slots: {seconds:.2f} s")


def sample() -> Manifest:
    """A large CUSCAR of the synthetic world, read."""
    with tempfile.TemporaryDirectory(prefix="bench-risk-") as folder:
        path = Path(folder) / "manifest.edi"
        write_manifest(path, consignments=CONSIGNMENTS, seed=1)
        return manifest_in(path)


def manifest_in(path: Path) -> Manifest:
    """What the file says, read."""
    context = ReadContext(path.name, "0" * 64)
    stream = io.BytesIO(path.read_bytes())
    return read(stream, context=context, tables=shipped_tables(), profiles=shipped_sender_profiles()).manifest


def facts_of(manifest: Manifest, *, at: datetime = AT) -> Facts:
    """The facts without hits and without a past."""
    return gather_facts(
        manifest,
        hits=pl.DataFrame(schema=HIT),
        versions=None,
        history=empty_history(at),
        tables=shipped_tables(),
        at=at,
    )


def records(facts: Facts, count: int) -> list[dict[str, Any]]:
    """The first records, each with the rows below it."""
    found = facts.consignment.head(count).to_dicts()
    for name, child in facts.children.items():
        for one in found:
            one[name] = []
        for row in child.filter(pl.col("row") < count).to_dicts():
            found[row["row"]][name].append(row)
    return found


def score_rows(reasons: pl.DataFrame) -> int:
    """How many reasons the first records have."""
    return reasons.filter(pl.col("consignment") < SLOW_RECORDS).height


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What the work gives, and its processor seconds (the second of two runs: tables are loaded by then)."""
    work()
    start = time.process_time()
    result = work()
    return result, time.process_time() - start


if __name__ == "__main__":
    main()
