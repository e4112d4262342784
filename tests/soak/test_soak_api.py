"""Five thousand generated requests, good and bad, alone and in sequences, and no difference from the document."""

from pathlib import Path

import pytest

from api_cases import filled, judge
from api_client import served


@pytest.mark.soak
def test_five_thousand_requests_find_no_difference(tmp_path: Path) -> None:
    with served(tmp_path / "node") as at:
        filled(at, tmp_path)
        judged = judge(at, phases=("examples", "coverage", "fuzzing", "stateful"), examples=80)
    assert judged.differences == []
    assert judged.cases.total() >= 5_000
