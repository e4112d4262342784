"""The tables of controls: orders, what was recorded of them, outcomes, findings, evidence, releases and resources.

Rows are only ever added. What is true now follows from them: the state of an order from its events and from the control
list, the standing outcome from the records that supersede one another, a resource from its newest version.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, UniqueConstraint

from pratique.node.storage.schema import PURPOSE, metadata

CONTROL_RECORD: Final = "control-record"  # results of controls outlast the advance data that led to them


def _recorded() -> tuple[Column[str], Column[str]]:
    return (
        Column("purpose", Text, nullable=False, server_default=PURPOSE),
        Column("retention_class", Text, nullable=False, server_default=CONTROL_RECORD),
    )


control_order = Table(
    "control_order",
    metadata,
    Column("id", Text, primary_key=True),
    Column("seq", Integer, nullable=False),  # of its journal entry; an approval makes many
    Column("run_seq", Integer, nullable=False),
    Column("run_id", Text, nullable=False),
    Column("call_id", Text, nullable=False),
    Column("consignment_id", Text, nullable=False),
    Column("consignment", Integer, nullable=False),  # its number inside the run's frames
    Column("bill", Text),
    Column("control", Text, nullable=False),
    Column("basis", Text, nullable=False),  # selection, officer, referral, second_look
    Column("reason", Text),
    Column("note", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("drawn_at_random", Integer, nullable=False),
    Column("probability_ppm", Integer),  # of this control for this consignment, in millionths
    Column("repeats", Text),  # the order of which this is the second look
    Column("rests_on", Integer, nullable=False),  # the act on the control list that asks for it; 0: the selection
    *_recorded(),
    Index("ix_control_order_run_seq", "run_seq", "consignment"),
    Index("ix_control_order_seq", "seq"),
    Index("ix_control_order_at", "at"),
    Index("ix_control_order_repeats", "repeats"),
)

control_event = Table(
    "control_event",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),  # of its journal entry
    Column("order_id", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("details", Text, nullable=False),  # JSON object
    *_recorded(),
    Index("ix_control_event_order_id", "order_id", "seq"),
    Index("ix_control_event_event", "event", "at"),
)

control_outcome = Table(
    "control_outcome",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),  # of its journal entry
    Column("order_id", Text, nullable=False),
    Column("supersedes", Integer, nullable=False),  # the record that it corrects; 0 where it is the first
    Column("outcome", Text, nullable=False),
    Column("reason", Text),
    Column("note", Text, nullable=False),
    Column("legal_basis", Text, nullable=False),
    Column("duty_recovered_minor", BigInteger),
    Column("duty_currency", Text),
    Column("findings", Text, nullable=False),  # JSON array
    Column("controlled_at", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    *_recorded(),
    UniqueConstraint("order_id", "supersedes"),
)

control_evidence = Table(
    "control_evidence",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),  # of its journal entry
    Column("order_id", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("byte_count", BigInteger, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("step", Text),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    *_recorded(),
    UniqueConstraint("order_id", "sha256"),
)

control_release = Table(
    "control_release",
    metadata,
    Column("run_seq", Integer, primary_key=True),
    Column("consignment", Integer, primary_key=True),
    Column("seq", Integer, nullable=False, unique=True),  # of its journal entry
    Column("consignment_id", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
)

second_look_draw = Table(
    "second_look_draw",
    metadata,
    Column("order_id", Text, primary_key=True),
    Column("seq", Integer, nullable=False),  # of its journal entry
    Column("seed", BigInteger, nullable=False),
    Column("probability_ppm", Integer, nullable=False),
    Column("drawn", Integer, nullable=False),
    Index("ix_second_look_draw_seq", "seq"),
)

resource = Table(
    "resource",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),  # of its journal entry: each is a version
    Column("id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("shifts", Text, nullable=False),  # JSON array
    Column("currency", Text),
    Column("cost_per_control_minor", BigInteger),
    Column("cost_per_hour_minor", BigInteger),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Index("ix_resource_id", "id", "seq"),
)

resource_event = Table(
    "resource_event",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),  # of its journal entry
    Column("resource_id", Text, nullable=False),
    Column("event", Text, nullable=False),  # down, up
    Column("reason", Text),
    Column("note", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Index("ix_resource_event_resource_id", "resource_id", "seq"),
)
