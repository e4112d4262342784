"""The published document and the API say the same: generated requests, good and bad, find no difference.

A sample of what ``make soak`` does with thousands of cases (``tests/soak/test_soak_api.py``).
"""

from __future__ import annotations

from pathlib import Path

from api_cases import filled, judge
from api_client import served


def test_generated_requests_find_no_difference(tmp_path: Path) -> None:
    with served(tmp_path / "node") as at:
        filled(at, tmp_path)
        judged = judge(at, phases=("examples", "fuzzing"), examples=2)
    assert judged.differences == []
    assert judged.cases.total() >= 100
