"""The slices, one module each, with the names of the node's handlers."""

from __future__ import annotations

from typing import Final

from pratique.api.routes import (
    assessments,
    consignments,
    doctor,
    jobs,
    journal,
    lists,
    locations,
    messages,
    profiles,
    quarantine,
    queue,
    rates,
    runs,
    settings,
    tables,
)

SLICES: Final = (
    messages.SLICE,
    assessments.SLICE,
    jobs.SLICE,
    runs.SLICE,
    queue.SLICE,
    consignments.SLICE,
    quarantine.SLICE,
    lists.SLICE,
    profiles.SLICE,
    rates.SLICE,
    locations.SLICE,
    tables.SLICE,
    settings.SLICE,
    journal.SLICE,
    doctor.SLICE,
)
