"""A mix file is read with care: what it says is used, and what it cannot say is refused with its place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pratique_world.years import SHIPPED, MixError, mix_of, read_mix, shipped
from pratique_world.years.mix import day_number

WHOLE = """
mechanisms:
  undervaluation: {share: 3, start: 10%, end: 90%}
  splitting: {share: 1, start: 50}
drift:
  - {event: wave, mechanism: undervaluation, start: 20%, end: 30%, factor: 5}
  - {event: tariff, start: 40, chapters: ["64"], factor: 0}
"""


def test_shares_days_and_waves_are_what_the_file_says() -> None:
    mix = mix_of(WHOLE)
    assert mix.shares() == {"undervaluation": 0.75, "splitting": 0.25}
    level = mix.intensity("undervaluation", 100)
    assert np.unique(level).tolist() == [0, 1, 5]
    assert np.flatnonzero(level).tolist() == list(range(10, 90))
    assert np.flatnonzero(level == 5).tolist() == list(range(20, 30))
    assert np.flatnonzero(mix.intensity("splitting", 100)).tolist() == list(range(50, 100))
    assert (day_number("12.5%", 800), day_number(30, 20)) == (100, 20)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_mix_comes_back_from_its_description(name: str) -> None:
    import json

    mix = shipped(name)
    assert mix_of(json.dumps(mix.described())) == mix


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the file: must be fields"),
        ("- 1", "the file: must be fields"),
        ("mechanisms: {}", "at least one needs a share above 0"),
        ("mechanisms: {undervaluation: {share: 0}}", "at least one needs a share above 0"),
        ("mechanisms: {smuggling: {share: 1}}", "'smuggling' is not known"),
        ("mechanisms: {splitting: 3}", "mechanisms.splitting: must be fields"),
        ("mechanisms: {splitting: {}}", "mechanisms.splitting.share: must be a number"),
        ("mechanisms: {splitting: {share: -1}}", "mechanisms.splitting.share: must be a number from 0"),
        ("mechanisms: {splitting: {share: .nan}}", "mechanisms.splitting.share: must be a number"),
        ("mechanisms: {splitting: {share: true}}", "mechanisms.splitting.share: must be a number"),
        ("mechanisms: {splitting: {share: 1, start: -4}}", "mechanisms.splitting.start: must be a day"),
        ("mechanisms: {splitting: {share: 1, start: 120%}}", "mechanisms.splitting.start: must be a day"),
        ("mechanisms: {splitting: {share: 1, start: 60%, end: 50%}}", "not after its start"),
        ("mechanisms: {splitting: {share: 1, from: 3}}", "'from' is not known"),
        ("mechanisms: {splitting: {share: 1}}\ndrift: 3", "drift: must be a list"),
        ("mechanisms: {splitting: {share: 1}}\ndrift: [{event: flood}]", "drift\\[0\\].event: must be one of wave"),
        (
            "mechanisms: {splitting: {share: 1}}\ndrift: [{event: wave, start: 3}]",
            "drift\\[0\\]: (factor|mechanism) is",
        ),
        (
            "mechanisms: {splitting: {share: 1}}\ndrift: [{event: wave, start: 3, factor: 2, mechanism: dual_use}]",
            "drift\\[0\\].mechanism: must be one of those under mechanisms",
        ),
        (
            "mechanisms: {splitting: {share: 1}}\ndrift: [{event: routes, start: 3, mechanism: splitting}]",
            "routes can only be for rip_on_rip_off",
        ),
        (
            "mechanisms: {splitting: {share: 1}}\ndrift: [{event: tariff, start: 3, factor: 2, chapters: [64]}]",
            "HS chapters of two digits in quotes",
        ),
        (
            "mechanisms: {splitting: {share: 1}}\ndrift: [{event: tariff, start: 3, factor: 2, chapters: [], end: 9}]",
            "end means nothing for tariff",
        ),
        ("mechanisms: {splitting: {share: 1}", "neither YAML nor JSON"),
        ("a: &a [1]\nb: *a", "repeats parts by reference"),
        ("[" * 5000, "neither YAML nor JSON"),
        ("#" * 100_001, "longer than 100,000"),
        ("mechanisms: !!python/object:os.system {}", "neither YAML nor JSON"),
    ],
)
def test_a_mix_that_cannot_be_used_is_refused_with_its_place(text: str, told: str) -> None:
    with pytest.raises(MixError, match=told):
        mix_of(text)


def test_a_mix_is_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "mix.yaml").write_text(WHOLE, encoding="utf-8")
    assert read_mix(tmp_path / "mix.yaml") == mix_of(WHOLE)
    (tmp_path / "mix.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(MixError, match="no text in UTF-8"):
        read_mix(tmp_path / "mix.yaml")
