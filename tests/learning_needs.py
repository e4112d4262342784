"""What tests that train need: LightGBM's wheel leaves one library to the system."""

from __future__ import annotations

import ctypes
import sys

import pytest


def loads(library: str) -> bool:
    """Whether the system has a library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


needs_lightgbm = pytest.mark.skipif(
    sys.platform == "linux" and not loads("libgomp.so.1"), reason="LightGBM needs libgomp.so.1 (Debian: libgomp1)"
)
