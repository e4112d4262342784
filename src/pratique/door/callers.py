"""Who called lately: nonces that must not come twice, and how often each partner may call."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

PER_SECOND: Final = 50.0
BURST: Final = 500.0
MOST_NONCES: Final = 200_000


class Callers:
    """Remembered in memory: a request counts for at most seven minutes, and what it asks can be done twice unharmed."""

    def __init__(
        self,
        *,
        per_second: float = PER_SECOND,
        burst: float = BURST,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._per_second = per_second
        self._burst = burst
        self._clock = clock
        self._now = now
        self._lock = threading.Lock()
        self._nonces: dict[str, float] = {}
        self._left: dict[str, tuple[float, float]] = {}

    def fresh(self, nonce: str, *, until: float) -> bool:
        """The nonce was not seen before; it is remembered until it is past. Full, nothing is fresh."""
        with self._lock:
            if len(self._nonces) >= MOST_NONCES:
                moment = self._now()
                self._nonces = {each: over for each, over in self._nonces.items() if over > moment}
            if nonce in self._nonces or len(self._nonces) >= MOST_NONCES:
                return False
            self._nonces[nonce] = until
            return True

    def admits(self, partner: str) -> bool:
        """The partner has not called too often."""
        with self._lock:
            moment = self._clock()
            left, last = self._left.get(partner, (self._burst, moment))
            left = min(self._burst, left + (moment - last) * self._per_second)
            self._left[partner] = (max(left - 1, 0.0), moment)
            return left >= 1
