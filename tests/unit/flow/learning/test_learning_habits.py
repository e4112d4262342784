"""What a trade usually does, what is lost where it does otherwise, and names that are near."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from pratique.flow.learning import habits
from pratique.flow.learning.losses import losses
from pratique.flow.learning.parts import stem, tail
from pratique.flow.learning.stake import DECLARED, SHOWN, fit_stake
from pratique.flow.learning.typologies import lower_heading, renamed, split


def column(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.array(values, dtype=np.float32)


def test_a_row_is_compared_with_the_mean_of_its_own_trade() -> None:
    rows = pl.DataFrame({"duty_rate_ppm": [250_000, 250_000, 0], "value_minor": [1000, 4000, 4000]})
    figures = habits.figures_of_rows(rows)
    added = habits.adds("importer", figures, 3)
    before = {name: np.array([0, values[0], values[:2].sum()]) for name, values in added.items()}
    told = dict(habits.shifts("importer", figures, before))
    assert np.isnan(told["importer.duty_shift"][0])
    assert told["importer.duty_shift"][1:] == pytest.approx([0, -0.25])
    assert told["importer.lot_shift"][1:] == pytest.approx([2, 1], abs=0.01)
    assert set(habits.counts("importer")) == set(added)


def test_what_a_table_does_not_tell_is_no_habit() -> None:
    rows = pl.DataFrame({"value_minor": pl.Series([None, 0, 8], dtype=pl.Int64)})
    figures = habits.figures_of_rows(rows)
    assert "duty" not in figures
    assert figures["lot"].known.tolist() == [0, 0, 1]
    assert habits.adds("importer", figures, 3)["duty_rows"].tolist() == [0, 0, 0]


def test_half_the_price_at_a_quarter_of_duty_loses_a_quarter_of_the_value() -> None:
    known = {
        "said.value_minor": np.log1p(column(100_000, 100_000)),
        "said.duty_rate_ppm": column(250_000, 0),
        "unit_value.away": column(-1, 0),
        "importer_exporter.duty_shift": column(0, -0.25),
    }
    told = {name: np.expm1(values) for name, values in losses(known).items()}
    assert told["loss.price"] == pytest.approx([25_000, 0], rel=1e-3)
    assert told["loss.rate"] == pytest.approx([0, 25_000], rel=1e-3)
    assert told["loss.whole"] == pytest.approx([27_500, 25_000], rel=1e-3)


def test_what_is_lost_is_what_the_way_that_shows_would_lose() -> None:
    known = {
        "said.value_minor": np.log1p(column(*[100_000] * 5)),
        "said.duty_rate_ppm": column(*[0] * 4, 200_000),
        "importer_exporter.duty_shift": column(*[-0.25] * 4, 0),
        "unit_value.away": column(*[-1] * 5),
        "typology.split": column(1, 0, 0, 0, 0),
        "typology.other_goods": column(0, 1, 0, 0, 0),
        "typology.renamed": column(0, 0, 1, 0, 0),
        "typology.misdescribed": column(0, 0, 0, 1, 0),
        "typology.low_value": column(0, 0, 0, 0, 1),
    }
    gaps = [50_000] * 4 + [22_000]  # what is lost as far as no way shows, a tenth as much as one that shows
    told = np.array([25_000, 50_000, 0, 25_000, 20_000]) + 0.1 * np.array(gaps)
    assert np.expm1(losses(known)["loss.whole"]) == pytest.approx(told / 1.1, rel=1e-3)


def test_where_no_rate_is_said_a_tenth_is_assumed() -> None:
    value = np.log1p(column(100_000, 100_000))
    unsaid = losses({"said.value_minor": value, "said.duty_rate_ppm": column(np.nan, 0)})
    assert np.expm1(unsaid["loss.whole"]) == pytest.approx([1000, 0], rel=1e-3)
    assert np.expm1(losses({"said.value_minor": value})["loss.whole"]) == pytest.approx([1000, 1000], rel=1e-3)


def test_nothing_is_said_to_be_lost_where_there_is_no_value() -> None:
    assert losses({"importer.rows": column(1)}) == {}


def test_stakes_add_up_to_what_was_recovered() -> None:
    matrix = np.log1p(np.array([[100.0]] * 10, dtype=np.float32))
    stake = fit_stake((SHOWN,), matrix, np.full(10, 50.0))
    assert stake.expected((SHOWN,), matrix).tolist() == [50] * 10
    assert fit_stake((SHOWN,), matrix[:9], np.full(9, 50.0)).factor == 1
    assert fit_stake((DECLARED,), matrix, None).name == DECLARED


@pytest.mark.parametrize(
    ("one", "other"),
    [("AL KHUFARAHAIRI SHIPPING SAL", "AL HUFARAHAIRI SHIPPING SAL"), ("Mar de Calado S.A.", "MAR-DE CALADO LTDA")],
)
def test_near_names_share_their_beginning_or_their_end(one: str, other: str) -> None:
    names = pl.Series([one, other])
    assert any(same(list(made(names))) for made in (stem, tail))


def same(values: Sequence[str]) -> bool:
    return values[0] == values[1]


def test_a_lower_heading_needs_a_new_heading_and_less_duty() -> None:
    settled = {"importer.rows": column(9, 9, 9), "importer_exporter_hs4.fit": column(0.02, 0.9, 0.02)}
    told = lower_heading({**settled, "importer_exporter.duty_shift": column(-0.2, -0.2, 0)})
    assert told.tolist() == [1, 0, 0]


def test_parts_of_a_purchase_below_the_limit_are_seen() -> None:
    known = {
        "importer.rows": column(9, 9),
        "series.today": column(3, 3),
        "series.today_relieved": column(3, 0),
        "said.relieved": column(1, 0),
    }
    assert split(known).tolist() == [1, 0]


def test_a_new_exporter_with_a_near_name_is_seen() -> None:
    assert renamed({"importer.rows": column(9, 9), "importer_tail.renamed": column(4, 0)}).tolist() == [1, 0]


def test_the_first_day_has_no_habit() -> None:
    from pratique.flow.learning.look import look
    from pratique.flow.learning.looks import NO_RESULTS
    from pratique.flow.learning.profiles import ProfileStore

    day = date(2026, 1, 5)
    rows = pl.DataFrame(
        {
            "consignment": ["1", "2", "3"],
            "lodged_on": [day, day, day + timedelta(days=1)],
            "importer": ["A"] * 3,
            "exporter": ["X"] * 3,
            "hs6": ["401110", "401110", "401120"],
            "value_minor": [200_000] * 3,
            "duty_minor": [50_000, 50_000, 0],
            "duty_rate_ppm": [250_000, 250_000, 0],
        }
    )
    seen = look(rows, NO_RESULTS, ProfileStore())
    assert np.isnan(seen.column("importer_exporter.duty_shift")[:2]).all()
    assert seen.column("importer_exporter.duty_shift")[2] == pytest.approx(-0.25)
