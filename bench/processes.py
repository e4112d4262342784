"""A command as a whole process: how long it takes by the clock and of processor, and what it has in memory at most."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOOK_EVERY = 0.05  # seconds
PRATIQUE = Path(sys.executable).with_name("pratique")


@dataclass(frozen=True, slots=True)
class Timed:
    """A finished process: seconds by the clock, seconds of processor, its megabytes at the peak, what it printed."""

    wall: float
    cpu: float
    peak_mb: float
    answer: Any


def timed(command: list[str]) -> Timed:
    """Runs a command to its end and accounts for it as the operating system does."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return Timed(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, json.loads(printed))


def peak_megabytes(command: list[str]) -> float:
    """What the process and those that it started have in memory at most, each page once."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    resident = [0]
    with suppress(OSError):
        while process.poll() is None:
            started = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()
            resident.append(sum(_kilobytes(pid) for pid in (process.pid, *map(int, started))))
            time.sleep(LOOK_EVERY)
    if process.wait():
        raise SystemExit(f"{command} ended with {process.returncode}")
    return max(resident) / 1024


def _kilobytes(pid: int) -> int:
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return 0
