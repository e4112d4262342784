"""Years of declarations: an economy, ten kinds of wrongdoing on top of it, and what controls find of them.

``write_years`` writes the files, ``build_world`` makes the same frames in memory, ``control.results`` gives the
results of controls that anybody chooses. ``docs/port-world.md`` tells how it is made, mechanism by mechanism.
"""

from pratique_world.years.control import results
from pratique_world.years.mix import SHIPPED, Mix, MixError, mix_of, read_mix, shipped
from pratique_world.years.plan import Plan
from pratique_world.years.policy import first_labels
from pratique_world.years.world import World, build_world
from pratique_world.years.write import YearsSummary, write_years

__all__ = [
    "SHIPPED", "Mix", "MixError", "Plan", "World", "YearsSummary", "build_world", "first_labels", "mix_of", "read_mix",
    "results", "shipped", "write_years",
]  # fmt: skip
