"""Settings: names, bounds, effect."""

from pathlib import Path

import pytest

from nodes import ANNA, new_node
from pratique.node.handlers.settings import ChangeSetting, ListSettings
from pratique.node.settings import SETTINGS, Settings, checked, checked_capacity
from pratique.vocabulary.errors import PratiqueError


def test_every_default_is_within_its_own_bounds() -> None:
    assert [name for name, setting in SETTINGS.items() if not setting.accepts(setting.default)] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("high_line", "0"),
        ("high_line", "6.5"),
        ("high_line", "٦٠"),
        ("random_share_permille", "1001"),
        ("random_with_model_permille", "19"),
        ("capacity.open", "-1"),
        ("base_currency", "euro"),
        ("list_due_days.ofac", "0"),
        ("language", "../en"),
    ],
)
def test_value_out_of_bounds_is_refused_and_says_what_is_expected(name: str, value: str) -> None:
    with pytest.raises(PratiqueError) as refused:
        checked(name, value)
    assert refused.value.code == "settings.unfit"


@pytest.mark.parametrize("name", ["colour", "list_due_days.", "list_due_days.../x", "capacity.ships"])
def test_unknown_setting_is_not_found(name: str) -> None:
    with pytest.raises(PratiqueError) as refused:
        checked(name, "1")
    assert refused.value.code == "settings.unknown"


def test_due_days_of_a_list_without_its_own_are_the_default() -> None:
    settings = Settings.of({"list_due_days.ofac": "3"})
    assert (settings.due_days("ofac"), settings.due_days("bis")) == (3, 7)


def test_capacity_given_replaces_only_what_it_names() -> None:
    assert checked_capacity({"open": 1}, Settings.of({})) == {"open": 1, "scan": 60, "documents": 200}
    with pytest.raises(PratiqueError):
        checked_capacity({"dogs": 2}, Settings.of({}))


def test_changed_setting_is_listed_beside_its_default(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node:
        node.execute(ChangeSetting("list_due_days.ofac", "3"), actor=ANNA)
        shown = {setting.name: setting for setting in node.ask(ListSettings(), actor=ANNA)}
    assert (shown["list_due_days.ofac"].value, shown["high_line"].value) == ("3", "60")
