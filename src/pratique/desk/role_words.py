"""What the roles of officers are called on a page; the table of access knows them by their codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping


def role_words(word: Callable[[str], str]) -> Mapping[str, str]:
    """The name of each role by its code."""
    return {
        "targeting": word("Targeting officer"),
        "inspection": word("Inspection officer"),
        "analyst": word("Intelligence analyst"),
        "liaison": word("Liaison officer"),
        "port_security": word("Port facility security officer"),
        "data_protection": word("Data protection officer"),
        "trader_desk": word("Trader desk"),
        "training": word("Trainer"),
        "manager": word("Manager"),
        "integrator": word("Integrator"),
    }
