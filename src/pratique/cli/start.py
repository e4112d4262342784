"""Where the program begins: from here on an interrupt ends it with one sentence, also while the rest is being loaded.

It imports nothing but what the interpreter has loaded anyway, so that the time before it is the interpreter's own; but
where a large file is to be assessed, what begins a second process, which loads what screening needs meanwhile.
"""

from __future__ import annotations

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
SCREENING: Final = ("-P", "-m", "pratique.flow.screening.answering")  # -P: never from the folder one stands in


def main() -> None:
    """Loads the command line and hands over to it."""
    signal.signal(signal.SIGINT, _leave)
    second = _begun(sys.argv[1:])
    from pratique.cli.main import main as carry_out

    carry_out(second)


def _begun(words: list[str]) -> Second | None:
    """The process that screens beside this one, where the words ask for much and there is a processor for it."""
    if words[:1] != ["assess"] or _processors() < 2 or not any(_is_large(word) for word in words[1:]):
        return None
    import subprocess

    try:
        return subprocess.Popen(  # noqa: S603 every word is our own
            [sys.executable, *SCREENING], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except OSError:  # it screens in this process then
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
