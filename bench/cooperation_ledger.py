"""``python -m bench.cooperation_ledger``: the ledger beside the bare hashes and signatures that it cannot do without.

Proof files are those that a node writes, checked by the program that a court gets; appending and checking the whole log
are done on a real node. Figures are per second of one core's time. Beside each stands its bound, measured in the same
run: the SHA-256 and HMAC calls alone. ``--entries 500`` is a small one, which shows that everything runs.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from pratique.node import Node, local_operator
from pratique.node.handlers.ledger import MakeCheckpoint, ProveEntry
from pratique.node.handlers.ledger_keys import MakeKeys
from pratique.node.handlers.ledger_verify import VerifyLedger
from pratique.node.handlers.ledger_witness import ShowLogPolicy
from pratique.node.handlers.settings import ChangeSetting
from pratique.partners.ledger.merkle import Frontier
from pratique_verify.notes import parse_policy
from pratique_verify.proofs import check_proof

ENTRIES: Final = 10_000
PROOFS: Final = 10_000
GROUP: Final = 64
ACTOR: Final = local_operator("bench")


def main() -> None:
    """Prints the figures of one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=ENTRIES)
    entries: int = parser.parse_args().entries
    leaves = [hashlib.sha256(number.to_bytes(8, "big")).digest() for number in range(entries)]
    _print("hashes appended to the tree", entries, _timed(lambda: Frontier(leaves)), _hashes(entries))
    with tempfile.TemporaryDirectory() as folder, Node.create(Path(folder) / "node", actor=ACTOR) as node:
        node.execute(MakeKeys("bench.example"), actor=ACTOR)
        _print(f"commands in groups of {GROUP}, journal entry and leaf each", entries, *_commands(node, entries))
        _print("leaves ordered, signed and written as tiles", entries, _timed(lambda: _sign(node)), _hashes(entries))
        _print_whole(node)
        _print_proofs(node)


def _commands(node: Node, count: int) -> tuple[float, float]:
    """The seconds of so many commands, and of one HMAC and one hash for each."""
    commands = [ChangeSetting("high_line", str(1 + number % 9000)) for number in range(count)]
    start = time.process_time()
    for first in range(0, count, GROUP):
        node.execute_all(commands[first : first + GROUP], actor=ACTOR)
    return time.process_time() - start, _openings(count)


def _sign(node: Node) -> None:
    node.execute(MakeCheckpoint(), actor=ACTOR)


def _print_whole(node: Node) -> None:
    start = time.process_time()
    verdict = node.execute(VerifyLedger(), actor=ACTOR)
    took = time.process_time() - start
    if not verdict.holds:
        raise SystemExit(f"the ledger does not hold: {verdict.faults[0].told}")
    _print("entries checked whole", verdict.size, took, _openings(verdict.size) + _hashes(verdict.size))
    for step in verdict.steps:
        print(f"    {step.name}: {step.count:,} in {step.took_ms / 1000:.2f} s")


def _print_proofs(node: Node) -> None:
    """Proof files of distinct entries, each checked from its bytes to the signed root."""
    size = node.execute(MakeCheckpoint(), actor=ACTOR).tree_size
    some = [node.ask(ProveEntry(number), actor=ACTOR) for number in range(0, size, max(1, size // 500))]
    start = time.process_time()
    for proved in some[:100]:
        node.ask(ProveEntry(proved.number), actor=ACTOR)
    _print("proof files made", 100, time.process_time() - start, 0.0)
    files = [some[number % len(some)].file for number in range(PROOFS)]
    policy = parse_policy(node.ask(ShowLogPolicy(), actor=ACTOR))
    start = time.process_time()
    for file in files:
        check_proof(file, policy)
    took = time.process_time() - start
    height = len(some[0].path)
    _print(f"proof files checked (paths of {height})", PROOFS, took, _openings(PROOFS) + _hashes(PROOFS * height))


def _hashes(count: int) -> float:
    """The time of so many inner nodes."""
    left, right = b"\x00" * 32, b"\x11" * 32

    def hash_all() -> None:
        for _ in range(count):
            hashlib.sha256(b"\x01" + left + right).digest()

    return _timed(hash_all)


def _openings(count: int) -> float:
    """The time of so many commitments with their leaves."""
    salt, record = b"\x22" * 32, b"x" * 430

    def open_all() -> None:
        for _ in range(count):
            hashlib.sha256(b"\x00" + hmac.digest(salt, record, "sha256")).digest()

    return _timed(open_all)


def _timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _print(what: str, count: int, took: float, bound: float) -> None:
    beside = f"; the hashes alone {count / bound:,.0f} a second, {took / bound:.1f} times" if bound else ""
    print(f"{what}: {count:,} in {took:.2f} s of one core, {count / took:,.0f} a second{beside}", flush=True)


if __name__ == "__main__":
    main()
