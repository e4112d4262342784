"""How far long work is, as it tells it."""

import pytest

from pratique.node.stages import Step, step_of, with_stage


@pytest.mark.parametrize(
    ("told", "step"),
    [
        ("comparing run 3 of 250", Step("comparing run", 3, 250)),
        ("screening own 0 of 10", Step("screening own", 0, 10)),
        ("comparing", None),
        ("back-test of 3", None),
    ],
)
def test_a_stage_may_tell_the_step_that_it_is_at(told: str, step: Step | None) -> None:
    assert step_of(told) == step


def test_a_step_takes_the_place_of_the_one_before_it_and_of_no_other_stage() -> None:
    stages: tuple[str, ...] = ()
    for told in ("comparing", "comparing run 1 of 2", "comparing run 2 of 2", "weighing list 1 of 2", "storing"):
        stages = with_stage(stages, told)
    assert stages == ("comparing", "comparing run 2 of 2", "weighing list 1 of 2", "storing")
