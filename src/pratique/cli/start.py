"""Where the program begins: from here on an interrupt ends it with one sentence, also while the rest is being loaded.

It imports nothing but what the interpreter has loaded anyway, so that the time before it is the interpreter's own.
"""

from __future__ import annotations

import os
import signal
from types import FrameType
from typing import Final

INTERRUPTED: Final = 130  # 128 + SIGINT, as shells count
STOPPED: Final = "Stopped. What was not finished left nothing behind.\n"


def main() -> None:
    """Loads the command line and hands over to it."""
    signal.signal(signal.SIGINT, _leave)
    from pratique.cli.main import main as carry_out

    carry_out()


def _leave(_number: int, _frame: FrameType | None) -> None:
    """Nothing is open yet: what is half loaded may not be asked to end in an orderly way."""
    os.write(2, STOPPED.encode())
    os._exit(INTERRUPTED)
