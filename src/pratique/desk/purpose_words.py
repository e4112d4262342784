"""What the purposes of reading person data are called on a page; the table of purposes knows them by their codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pratique.node.access.purposes import Purpose, purposes


def purpose_words(word: Callable[[str], str]) -> Mapping[str, str]:
    """The name of each purpose by its code."""
    return {
        "cargo_risk_analysis": word("Risk analysis of advance cargo data"),
        "customs_control": word("Carrying out a customs control that was decided"),
        "mutual_assistance": word("Answering or making a request for mutual assistance"),
        "rule_quality": word("Testing and correcting risk profiles"),
        "trader_service": word("Answering a trader about their own consignments"),
        "port_facility_security": word("Security of the port facility"),
        "supervision": word("Supervision of data protection"),
        "break_glass_review": word("Review of a right that was taken in an emergency"),
        "operation": word("Running the node itself"),
    }


def open_to(roles: frozenset[str]) -> list[Purpose]:
    """The purposes that somebody in these roles can declare."""
    return [each for each in purposes() if each.roles & roles]
