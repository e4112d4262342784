"""Every test of this folder needs a browser, and shares what :mod:`visiting` offers."""

from __future__ import annotations

from pathlib import Path

import pytest
from visiting import chromium, sample_port, served, targeting, visit

__all__ = ["chromium", "sample_port", "served", "targeting", "visit"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.server)
