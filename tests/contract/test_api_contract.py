"""The published document and the API say the same: generated requests, good and bad, find no difference.

A sample of what ``make soak`` does with thousands of cases (``tests/soak/test_soak_api.py``).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from api_cases import filled, judge
from api_client import served

pytestmark = pytest.mark.server  # a server is started, and asked thousands of times


def test_generated_requests_find_no_difference(tmp_path: Path) -> None:
    with served(tmp_path / "node") as at:
        filled(at, tmp_path)
        judged = judge(at, phases=("examples", "fuzzing"), examples=2)
    assert judged.differences == [], "\n".join(judged.differences)
    assert judged.cases.total() >= 100


def test_checks_find_a_fault_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(query: object, view: object) -> None:
        raise ValueError

    with served(tmp_path / "node") as at:
        monkeypatch.setattr("pratique.node.handlers.settings.list_settings", broken)
        judged = judge(at, phases=("fuzzing",), examples=2, only="list_settings")
    assert any("Server error" in told for told in judged.differences)
