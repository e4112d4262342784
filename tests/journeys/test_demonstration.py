"""The README's first command, run to its end."""

import re
from pathlib import Path

from run import pratique


def test_the_demonstration_prints_list_reasons_gain_and_where_the_spreadsheet_lies(tmp_path: Path) -> None:
    ended = pratique("demo", cwd=tmp_path)
    assert len(re.findall(r"^ +\d+  (?:red|scan|yellow) ", ended.out, flags=re.MULTILINE)) == 15
    assert len(re.findall(r"^ +\+\d+  ", ended.out, flags=re.MULTILINE)) > 15
    gain = re.search(r"all chosen by risk +(\d+) +(\d+) of (\d+) .* ([\d.]+) *$", ended.out, flags=re.MULTILINE)
    assert gain is not None
    assert int(gain[3]) > 40
    assert float(gain[4]) > 2
    assert (tmp_path / "demo" / "control-list.xlsx").stat().st_size > 5_000
    assert "demo/control-list.xlsx" in ended.out


def test_the_demonstration_leaves_alone_what_it_did_not_make(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "mine.txt").write_text("keep")
    pratique("demo", cwd=tmp_path, code=1)
    assert (tmp_path / "demo" / "mine.txt").read_text() == "keep"
