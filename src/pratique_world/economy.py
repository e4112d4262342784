"""The invented economy: who sells what to whom. A few traders do much of the trade, most do little, as in life.

The economy depends on the seed alone, not on how much cargo is drawn from it; so a watchlist and a manifest that are
written with the same seed speak of the same people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pratique_world.draw import pick, uniforms, zipf_weights
from pratique_world.goods import traded_wares
from pratique_world.model import IMPORT, TRANSHIPMENT, TRANSIT, Trader
from pratique_world.names import DRAWS, trader
from pratique_world.tables import Ware, destinations, port, services, words

EXPORTERS: Final = 8000
IMPORTERS: Final = {IMPORT: 6500, TRANSIT: 900, TRANSHIPMENT: 1600}
BROKERS: Final = 140
RELATIONS: Final = 30000
_NATURES: Final = ((IMPORT, 0.68), (TRANSIT, 0.08), (TRANSHIPMENT, 0.24))
_EXPORT_SHARE: Final = {"CN": 30, "IN": 16, "AE": 10, "PK": 6, "TR": 6, "EG": 4, "SA": 4, "JP": 4, "DE": 4, "NL": 4}


@dataclass(frozen=True, slots=True)
class Relation:
    """A trade that recurs: an exporter, an importer, the goods, and the price level between them."""

    exporter: Trader
    importer: Trader
    broker: Trader | None
    ware: Ware
    nature: str
    origin: str
    destination: str
    price: float  # place in the ware's price corridor, 0 to 1
    order_bank: str  # bills made out to the order of this bank; empty where the importer is named


@dataclass(frozen=True, slots=True)
class Economy:
    """All relations with their weights, and for each origin and nature the ones that belong to it."""

    relations: tuple[Relation, ...]
    weights: NDArray[np.float64]
    origins: NDArray[np.str_]
    natures: NDArray[np.str_]
    brokers: tuple[Trader, ...]

    def draw(self, rng: np.random.Generator, origins: Sequence[str], nature: str, count: int) -> list[Relation]:
        """So many relations of a nature out of countries of origin, the frequent ones more often."""
        fits = np.flatnonzero(np.isin(self.origins, list(origins)) & (self.natures == nature))
        weights = self.weights[fits] / self.weights[fits].sum()
        return [self.relations[index] for index in rng.choice(fits, size=count, p=weights).tolist()]


def build_economy(rng: np.random.Generator) -> Economy:
    """The economy of a seed."""
    exporters = _exporters(rng)
    importers = {nature: _importers(rng, nature, count) for nature, count in IMPORTERS.items()}
    brokers = tuple(_traders(rng, ["KE"] * BROKERS))
    natures = rng.choice([n for n, _ in _NATURES], size=RELATIONS, p=[p for _, p in _NATURES])
    sellers = rng.choice(len(exporters), size=RELATIONS, p=zipf_weights(len(exporters), exponent=0.75, shift=8))
    buyers = {
        nature: rng.choice(len(pool), size=RELATIONS, p=zipf_weights(len(pool), exponent=0.75, shift=8))
        for nature, pool in importers.items()
    }
    draws = uniforms(rng, RELATIONS, 6)
    relations = tuple(
        _relation(exporters[seller], importers[nature][buyers[nature][row]], brokers, nature, draws[row])
        for row, (seller, nature) in enumerate(zip(sellers.tolist(), natures.tolist(), strict=True))
    )
    return Economy(
        relations=relations,
        weights=zipf_weights(RELATIONS, exponent=0.65, shift=20),
        origins=np.array([relation.origin for relation in relations]),
        natures=natures,
        brokers=brokers,
    )


def _exporters(rng: np.random.Generator) -> list[Trader]:
    origins = sorted({origin for service in services() for origin in service.origins})
    shares = np.array([_EXPORT_SHARE.get(origin, 2) for origin in origins], dtype=np.float64)
    return _traders(rng, rng.choice(origins, size=EXPORTERS, p=shares / shares.sum()).tolist())


def _importers(rng: np.random.Generator, nature: str, count: int) -> list[Trader]:
    if nature == IMPORT:
        return _traders(rng, ["KE"] * count)
    return _traders(rng, rng.choice(sorted(destinations(nature)), size=count).tolist())


def _traders(rng: np.random.Generator, lands: Sequence[str]) -> list[Trader]:
    return [trader(land, draws) for land, draws in zip(lands, uniforms(rng, len(lands), DRAWS), strict=True)]


def _relation(
    exporter: Trader, importer: Trader, brokers: Sequence[Trader], nature: str, draws: Sequence[float]
) -> Relation:
    home = port()[0] if nature == IMPORT else pick(destinations(nature)[importer.country], draws[5])
    return Relation(
        exporter=exporter,
        importer=importer,
        broker=pick(brokers, draws[1]) if draws[2] < 0.45 else None,
        ware=pick(traded_wares(exporter.country), draws[0]),
        nature=nature,
        origin=exporter.country,
        destination=home,
        price=draws[3],
        order_bank=pick(words("banks"), draws[4] * 12) if draws[4] < 1 / 12 else "",
    )
