"""Draws the README's picture from what the command line really prints: ``python docs/pictures.py NODE``."""

from __future__ import annotations

import os
import subprocess
import sys
from html import escape
from pathlib import Path

COLUMNS, ROW, CHARACTER = 132, 19, 8.43
PICTURE = Path(__file__).parent / "img" / "queue.svg"
HEAD = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" role="img" aria-label="{label}">
<rect width="100%" height="100%" rx="8" fill="#10161d"/>
<g font-family="ui-monospace, Menlo, Consolas, monospace" font-size="14" fill="#d7dee6" xml:space="preserve">
"""


def main(node: str) -> None:
    """Writes the picture of the first lines of the control list."""
    command = [str(Path(sys.executable).with_name("pratique")), "queue", "--limit", "7", "--node", node]
    environment = {**os.environ, "COLUMNS": str(COLUMNS)}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(svg(["$ pratique queue --limit 7", *run.stdout.splitlines()]), encoding="utf-8")


def svg(lines: list[str]) -> str:
    """The lines as text in a dark frame; ranked lines in white, the rest as printed."""
    lines = [line[: COLUMNS - 1] + "…" if len(line) > COLUMNS else line for line in lines]
    width, height = COLUMNS * CHARACTER + 32, len(lines) * ROW + 32
    drawn = [
        f'<text x="16" y="{16 + ROW * number + 14}"{look(line)}>{escape(line)}</text>'
        for number, line in enumerate(lines)
        if line
    ]
    label = "The ranked control list with its reasons, as printed by pratique queue"
    return HEAD.format(width=width, height=height, label=label) + "\n".join(drawn) + "\n</g></svg>\n"


def look(line: str) -> str:
    """How a line is drawn: the command, a ranked consignment, a reason with its points."""
    if line.startswith("$"):
        return ' fill="#7fb4ff"'
    ranked = line[:5].strip().isdigit()
    return ' fill="#ffffff" font-weight="bold"' if ranked else ""


if __name__ == "__main__":
    main(*sys.argv[1:])
