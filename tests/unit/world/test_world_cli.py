"""``pratique world`` makes a sample port or years, and says clearly what it cannot make."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from run import pratique

from pratique_world.years import Plan, write_years


def test_years_are_asked_for_by_any_of_their_options(tmp_path: Path) -> None:
    told = pratique(
        "world", "write", "--seed", "4", "--days", "60", "--rows", "2000", "--out", "years", "--json", cwd=tmp_path
    )
    assert json.loads(told.out)["rows"] == 2000
    write_years(tmp_path / "same", Plan(seed=4, days=60, rows=2000))
    for file in (tmp_path / "same").iterdir():
        assert file.read_bytes() == (tmp_path / "years" / file.name).read_bytes()
    assert not (tmp_path / "years" / "port.json").exists()


def test_the_summary_for_people_names_what_was_planted(tmp_path: Path) -> None:
    (tmp_path / "mix.json").write_text('{"mechanisms": {"dual_use": {"share": 1}}}', encoding="utf-8")
    told = pratique("world", "write", "--rows", "1000", "--mix", "mix.json", "--out", "years", cwd=tmp_path)
    assert "1,000 declarations of 1,095 days with seed 1" in told.out
    assert "dual_use" in told.out


def test_a_mix_that_fits_too_few_consignments_is_told(tmp_path: Path) -> None:
    (tmp_path / "mix.yaml").write_text("mechanisms: {dual_use: {share: 1, end: 10}}", encoding="utf-8")
    words = ("--rows", "1000", "--days", "100", "--illicit", "0.3", "--mix", "mix.yaml", "--out", "years")
    told = pratique("world", "write", *words, cwd=tmp_path)
    assert "The mix fits no more: 300 were asked for" in told.out


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--rows", "10"), 65, "rows must be from 1,000 to 10,000,000, not 10"),
        (("--days", "0"), 65, "days must be from 28"),
        (("--illicit", "0.9"), 65, "illicit must be from 0.0 to 0.3, not 0.9"),
        (("--illicit", "nan"), 65, "illicit must be from 0.0 to 0.3, not nan"),
        (("--mix", "none.yaml"), 66, "none.yaml cannot be opened"),
        (("--mix", "wrong.yaml"), 65, "mechanisms.splitting.share: must be a number"),
        (("--rows", "1000", "--out", "wrong.yaml"), 65, "wrong.yaml"),
    ],
)
def test_what_cannot_be_made_is_told_and_nothing_is_written(
    tmp_path: Path, options: tuple[str, ...], code: int, words: str
) -> None:
    (tmp_path / "wrong.yaml").write_text("mechanisms: {splitting: {share: much}}", encoding="utf-8")
    ended = pratique("world", "write", "--out", "years", *options, cwd=tmp_path, code=code)
    assert words in ended.err
    assert not (tmp_path / "years").exists()


def test_the_oracle_asks_for_a_whole_world(tmp_path: Path) -> None:
    assert "world.json cannot be opened" in pratique("world", "oracle", "none", cwd=tmp_path, code=66).err
    write_years(tmp_path / "years", Plan(seed=4, days=60, rows=1000))
    (tmp_path / "years" / "labels.parquet").write_bytes(b"PAR1")
    ended = pratique("world", "oracle", "years", cwd=tmp_path, code=65)
    assert "years does not hold a whole world of years" in ended.err
