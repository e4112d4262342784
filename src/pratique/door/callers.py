"""Who called lately: nonces that must not come twice, also after a restart, and how often each partner may call."""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from pratique.node.folder import FILE_MODE

PER_SECOND: Final = 50.0
BURST: Final = 500.0
MOST_NONCES: Final = 200_000


class Callers:
    """Remembered in memory, and where ``kept`` is given in that file, so that a restart forgets nothing.

    A nonce is written, not synced: killed processes lose none, a power cut may lose those of the last seconds. A
    request counts for at most seven minutes, and what it asks can be done twice unharmed.
    """

    def __init__(
        self,
        *,
        per_second: float = PER_SECOND,
        burst: float = BURST,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
        kept: Path | None = None,
    ) -> None:
        self._per_second = per_second
        self._burst = burst
        self._clock = clock
        self._now = now
        self._lock = threading.Lock()
        self._kept = kept
        self._nonces = _read(kept, now()) if kept is not None else {}
        self._left: dict[str, tuple[float, float]] = {}

    def fresh(self, nonce: str, *, until: float) -> bool:
        """The nonce was not seen before; it is remembered until it is past. Full, nothing is fresh."""
        with self._lock:
            if len(self._nonces) >= MOST_NONCES:
                moment = self._now()
                self._nonces = {each: over for each, over in self._nonces.items() if over > moment}
                _write_anew(self._kept, self._nonces)
            if nonce in self._nonces or len(self._nonces) >= MOST_NONCES:
                return False
            self._nonces[nonce] = until
            _append(self._kept, nonce, until)
            return True

    def admits(self, partner: str) -> bool:
        """The partner has not called too often."""
        with self._lock:
            moment = self._clock()
            left, last = self._left.get(partner, (self._burst, moment))
            left = min(self._burst, left + (moment - last) * self._per_second)
            self._left[partner] = (max(left - 1, 0.0), moment)
            return left >= 1


def _read(kept: Path, moment: float) -> dict[str, float]:
    """The nonces of the file that are not past; a line that a crash tore counts as none. Those that are past go."""
    found: dict[str, float] = {}
    if kept.is_file():
        for line in kept.read_text(encoding="utf-8", errors="replace").split("\n")[-2 * MOST_NONCES :]:
            until, _, nonce = line.partition(" ")
            if until.isascii() and until.isdigit() and nonce and int(until[:12]) > moment:
                found[nonce] = float(until[:12])
    _write_anew(kept, found)
    return found


def _write_anew(kept: Path | None, nonces: Mapping[str, float]) -> None:
    if kept is not None:
        aside = kept.with_name(f".{kept.name}.{os.getpid()}")
        with os.fdopen(os.open(aside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, FILE_MODE), "w", encoding="utf-8") as sink:
            sink.writelines(_line(nonce, until) for nonce, until in nonces.items())
        aside.replace(kept)


def _append(kept: Path | None, nonce: str, until: float) -> None:
    if kept is not None:
        handle = os.open(kept, os.O_CREAT | os.O_APPEND | os.O_WRONLY, FILE_MODE)
        with os.fdopen(handle, "a", encoding="utf-8") as sink:
            sink.write(_line(nonce, until))


def _line(nonce: str, until: float) -> str:
    return f"{math.ceil(until)} {nonce}\n"
