"""Where the program begins: from here on an interrupt ends it with one sentence, also while the rest is being loaded.

It imports nothing but what the interpreter has loaded anyway, so that the time before it is the interpreter's own; but
where a large file is to be assessed, what begins a second process (:mod:`pratique.cli.second`), by which it is read
meanwhile.
"""

from __future__ import annotations

import gc
import os
import signal
import stat
import sys
from types import FrameType
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    import subprocess

    Second: TypeAlias = subprocess.Popen[bytes]

INTERRUPTED: Final = 130  # 128 + SIGINT, as shells count
STOPPED: Final = "Stopped. What was not finished left nothing behind.\n"
LARGE: Final = 1_000_000  # bytes of a message from which a second process saves more than it costs
SECOND: Final = ("-P", "-m", "pratique.cli.second")  # -P: never from the folder one stands in
COLLECTED_AFTER: Final = 1_000_000  # new objects, of a process that lives for one command and whose rows hold no cycles

# The engine brings its own threads; a second pool for linear algebra, which nothing here needs, only slows the start.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Its allocator keeps freed memory for ten seconds: to give it back at once and ask again costs a page fault per page.
os.environ.setdefault("_RJEM_MALLOC_CONF", "dirty_decay_ms:10000,muzzy_decay_ms:-1")


def main() -> None:
    """Loads the command line and hands over to it."""
    signal.signal(signal.SIGINT, _leave)
    gc.set_threshold(COLLECTED_AFTER)
    second = _begun(sys.argv[1:])
    from pratique.cli.main import main as carry_out

    carry_out(second)


def _begun(words: list[str]) -> Second | None:
    """The process that reads and screens beside this one, where there is a large file and a processor for it."""
    large = [word for word in words[1:] if _is_large(word)] if words[:1] == ["assess"] else []
    if not large or _processors() < 2:
        return None
    import subprocess

    try:
        return subprocess.Popen(  # noqa: S603 every word is our own, but for the file's name, which is one word
            [sys.executable, *SECOND, large[0]],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "POLARS_MAX_THREADS": "1"},  # the other processor is the first one's
        )
    except OSError:  # it reads and screens in this process then
        return None


def _processors() -> int:
    """How many of them this process may use: a container may be bound to one."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _is_large(word: str) -> bool:
    try:
        facts = os.stat(word)  # noqa: PTH116 pathlib is loaded later
    except (OSError, ValueError):
        return False
    return stat.S_ISREG(facts.st_mode) and facts.st_size >= LARGE


def _leave(_number: int, _frame: FrameType | None) -> None:
    """Nothing is open yet: what is half loaded may not be asked to end in an orderly way."""
    os.write(2, STOPPED.encode())
    os._exit(INTERRUPTED)
