"""Where tests find the sample data of others, and how they say that it is not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("PRATIQUE_SAMPLES", Path(__file__).parents[2] / "shared" / "data"))


def sample(name: str) -> Path:
    """The sample file or folder of that name; skips the test where it is not at hand."""
    path = ROOT / name
    if not path.exists():
        pytest.skip(f"sample data {name!r} is not at hand; set PRATIQUE_SAMPLES to the folder that holds it")
    return path
