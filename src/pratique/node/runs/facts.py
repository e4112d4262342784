"""The facts of a stored run as its rules saw them, out of its own frames and the past it was decided with."""

from __future__ import annotations

from pratique.flow.assess import with_headings
from pratique.flow.risk import gather_facts
from pratique.flow.risk.facts import Facts
from pratique.flow.screening.memory import loud
from pratique.node.instants import from_text
from pratique.node.learning.speakers import headings_then
from pratique.node.runs.at_hand import RunAtHand
from pratique.node.runs.code_tables import tables_with
from pratique.node.runs.in_force import in_force_then
from pratique.node.runs.known import past_then
from pratique.node.storage.store import Connection
from pratique.vocabulary.frames import SCHEMAS, Manifest


def facts_of_run(at_hand: RunAtHand, connection: Connection) -> Facts:
    """What a rule may name, for every consignment of the run. Raises ``BROKEN`` where something it needs is gone."""
    frames, manifest = at_hand.frames, at_hand.manifest
    given = in_force_then(connection, manifest)
    at = from_text(manifest["at"])
    history = past_then(manifest, frames.__getitem__)
    read = Manifest(**{name: frames[name].select(list(schema)) for name, schema in SCHEMAS.items()})
    tables = tables_with(given.tables, at_hand.folder)
    hits = loud(frames["hits"])
    facts = gather_facts(read, hits=hits, versions=frames["versions"], history=history, tables=tables, at=at)
    return with_headings(facts, headings_then(at_hand.folder, manifest))
