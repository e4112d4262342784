"""``make bench-assess``: a 20,000-consignment CUSCAR, from file to ranked, explained, stored list in a fresh process.

Beside it, in the same run: the bound of only splitting the bytes, and a fair row-at-a-time pipeline on 500 rows
(:mod:`bench.row_pipeline`). Times of the job are wall clock and processor time of the whole process and of the second
one that it screens in; their bytecode and the kept code of screening are there already, as setting up leaves them.
Memory is that of both at a time, in a run of its own: whoever looks at it holds them up.
"""

from __future__ import annotations

import compileall
import logging
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pratique
from bench import row_pipeline
from bench.processes import PRATIQUE, Timed, peak_megabytes, timed
from bench.screening import kept
from pratique.node import Node, local_operator
from pratique.node.handlers.lists import LoadList
from pratique_world import write_manifest, write_watchlist

CONSIGNMENTS = 20_000
LISTED = 50_000
PEER_ROWS = 500
RUNS = 5


def main() -> None:
    """Prints every figure; see the module."""
    logging.getLogger("pydifact").setLevel(logging.ERROR)  # it warns of every segment that its directory lacks
    compileall.compile_dir(Path(pratique.__file__).parent, quiet=1)
    subprocess.run([sys.executable, "-m", "pratique.flow.screening.warm"], check=True)
    with tempfile.TemporaryDirectory(prefix="bench-assess-") as folder:
        work = Path(folder)
        manifest, watchlist = work / "manifest.edi", work / "watchlist.csv"
        write_manifest(manifest, consignments=CONSIGNMENTS, seed=1)
        write_watchlist(watchlist, names=LISTED, seed=1)
        indexing = prepare(work / "fresh", watchlist)
        print(f"input: {manifest.stat().st_size / 1e6:.1f} MB CUSCAR, {CONSIGNMENTS:,} consignments; {LISTED:,} names")
        print(f"list loaded and indexed beforehand in {indexing:.1f} s")
        peak_mb = peak_megabytes(on_a_fresh_node(work, manifest))
        runs = [assess(work, manifest) for _ in range(RUNS)]
        job = show_job(runs, peak_mb)
        show_stages(sorted(runs, key=lambda run: run.wall)[RUNS // 2])
        show_replay(work, job.answer["run"])
        show_hits(manifest, watchlist)
        show_bounds(work, manifest, watchlist, job)


def prepare(node: Path, watchlist: Path) -> float:
    """A node with the list in force; gives the seconds that loading the list took."""
    actor = local_operator("bench")
    with Node.create(node, actor=actor) as at:
        start = time.perf_counter()
        at.execute(LoadList("own", (watchlist,)), actor=actor)
        return time.perf_counter() - start


def assess(work: Path, manifest: Path) -> Timed:
    """One run in a fresh process."""
    return timed(on_a_fresh_node(work, manifest))


def on_a_fresh_node(work: Path, manifest: Path) -> list[str]:
    """The command of a run on a fresh copy of the node, so that each meets the same past."""
    node = work / "node"
    shutil.rmtree(node, ignore_errors=True)
    shutil.copytree(work / "fresh", node)
    return [str(PRATIQUE), "assess", str(manifest), "--seed", "1", "--json", "--node", str(node)]


def show_job(runs: list[Timed], peak_mb: float) -> Timed:
    """Prints the job's figures; gives the last run."""
    walls, cpus = [run.wall for run in runs], [run.cpu for run in runs]
    print(
        f"job, {RUNS} fresh processes: wall {min(walls):.2f} / {statistics.median(walls):.2f} / {max(walls):.2f} s "
        f"(min / median / max), processor {statistics.median(cpus):.2f} s, peak memory {peak_mb:.0f} MB"
    )
    print(
        f"target under 3 s: {'met' if statistics.median(walls) < 3 else 'MISSED'}; "
        f"under 1 GB: {'met' if peak_mb < 1000 else 'MISSED'}"
    )
    hashes = {run.answer["output_sha256"] for run in runs}
    print(f"output of all runs the same: {'yes' if len(hashes) == 1 else 'NO'}; hits {runs[-1].answer['hits']:,}")
    return runs[-1]


def show_stages(run: Timed) -> None:
    """The share of each stage of the median run; what is left is starting, opening and printing."""
    stages = dict(run.answer["stages"])
    stages["start, open, print"] = run.wall - sum(stages.values())
    for name, seconds in sorted(stages.items(), key=lambda item: -item[1]):
        print(f"  {name:<20} {seconds:6.3f} s  {seconds / run.wall:5.1%}")


def show_replay(work: Path, run_id: str) -> None:
    """The run again, with one and with two threads."""
    for threads in (1, 2):
        command = [str(PRATIQUE), "replay", run_id, "--threads", str(threads), "--json", "--node", str(work / "node")]
        replayed = timed(command)
        same = replayed.answer["same_output"]
        print(f"replay with {threads} thread(s): {'same hash' if same else 'OTHER HASH'}, {replayed.wall:.2f} s")


def show_hits(manifest: Path, watchlist: Path) -> None:
    """The share of the hits that comparing every name with every listed name would give."""
    found, exhaustive, names = kept.kept_hits(manifest, watchlist)
    share = found / exhaustive if exhaustive else 1.0
    print(f"hits kept of exhaustive comparison: {found:,} of {exhaustive:,} ({share:.2%}), on {names:,} names")


def show_bounds(work: Path, manifest: Path, watchlist: Path, job: Timed) -> None:
    """The job beside the two bounds, as ratios of processor time per consignment."""
    raw = manifest.read_bytes()
    start = time.process_time()
    pieces = sum(len(segment.split(b"+")) for segment in raw.split(b"'"))
    splitting = time.process_time() - start
    print(
        f"bound, only splitting the bytes into {pieces:,} elements: {splitting:.2f} s; "
        f"the whole job takes {job.cpu / splitting:.1f} times that"
    )
    few = work / "few.edi"
    write_manifest(few, consignments=PEER_ROWS, seed=1)
    names = kept.listed_names(watchlist)
    rows, seconds = row_pipeline.run(few, names, work / "rows.db")
    each, ours = seconds / rows, job.cpu / CONSIGNMENTS
    print(
        f"peer, row at a time on {rows:,} rows: {each * 1000:.1f} ms a consignment, ours {ours * 1000:.3f} ms: "
        f"{each / ours:.0f} times less"
    )


if __name__ == "__main__":
    main()
