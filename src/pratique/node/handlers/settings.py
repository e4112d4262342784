"""Settings: seen and changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.settings import SETTINGS, Settings, checked
from pratique.node.storage.settings import changed_settings, put_setting
from pratique.node.storage.store import Connection


@dataclass(frozen=True, slots=True)
class SettingShown:
    """A setting with its value in force, its default and what it is for."""

    name: str
    value: str
    default: str
    purpose: str


@dataclass(frozen=True, slots=True)
class ChangeSetting(Command[SettingShown]):
    """Gives a setting a value, from the next assessment on."""

    name: str
    value: str
    entry: ClassVar[str] = "settings.changed"


@dataclass(frozen=True, slots=True)
class ListSettings(Query[list[SettingShown]]):
    """Every setting with its value."""


def change_setting(command: ChangeSetting, work: Work) -> Act[SettingShown]:
    """Checks the value against the setting's bounds and stores it."""
    value = checked(command.name, command.value)

    def act(connection: Connection) -> Done[SettingShown]:
        before = Settings.of(changed_settings(connection)).values.get(command.name, "")
        put_setting(connection, command.name, value, at=work.at, by=work.actor.name)
        facts = {"name": command.name, "value": value, "before": before}
        return Done(_shown(command.name, value), command=facts, outcome=facts)

    return act


def list_settings(query: ListSettings, view: View) -> list[SettingShown]:
    """Ordered by name."""
    values = Settings.of(changed_settings(view.connection)).values
    return [_shown(name, value) for name, value in sorted(values.items())]


def _shown(name: str, value: str) -> SettingShown:
    setting = SETTINGS.get(name, SETTINGS["list_due_days.default"])
    return SettingShown(name, value, setting.default, setting.purpose)
