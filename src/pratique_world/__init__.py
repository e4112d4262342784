"""The synthetic port world: manifests, a watchlist and planted wrongdoing for demonstrations, exercises and measuring.

It knows the words of the field (``pratique.vocabulary``) and nothing of how cargo is scored; what it plants and which
traces that leaves is told in ``docs/sample-port.md``.
"""

from pratique_world.bench import write_manifest, write_watchlist
from pratique_world.port import PortSummary, VesselSummary, write_port

__all__ = ["PortSummary", "VesselSummary", "write_manifest", "write_port", "write_watchlist"]
