"""Exchange rates: a dated table, the newest in force."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from pratique.api.problems import Refused
from pratique.api.routes.tables import TableLoaded, shown_load
from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.node.handlers.rates import LoadRates

SLICE: Final = Slice("rates")


@SLICE.write("/rates", takes="load", summary="Load exchange rates")
def load_rates(by: By) -> TableLoaded:
    """One dated table of rates to the node's base currency; one of which no row can be used changes nothing."""
    if len(by.files.files) != 1:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "api.one_file")
    return shown_load(by.execute(LoadRates(by.files.files[0])))
