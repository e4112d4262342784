"""What controls came to, the evidence kept of them, and which consignments were released."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Select, insert, select

from pratique.node.storage.control_tables import control_evidence, control_order, control_outcome, control_release


@dataclass(frozen=True, slots=True)
class StoredOutcome:
    """One record of an outcome. ``supersedes`` is the record that it corrects, 0 where it is the first of its order.

    ``findings`` is a canonical JSON array (see ``flow.controls.outcomes.ControlFinding``).
    """

    seq: int
    order_id: str
    supersedes: int
    outcome: str
    reason: str | None
    note: str
    legal_basis: str
    duty_recovered_minor: int | None
    duty_currency: str | None
    findings: str
    controlled_at: str
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class StoredEvidence:
    """A photo or document of a control, kept under its SHA-256; ``step`` is the step that it belongs to."""

    seq: int
    order_id: str
    sha256: str
    path: str
    media_type: str
    byte_count: int
    file_name: str
    step: str | None
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class StoredRelease:
    """That a consignment of a run was released."""

    run_seq: int
    consignment: int
    seq: int
    consignment_id: str
    at: str
    by: str


def add_outcome(connection: Connection, outcome: StoredOutcome) -> None:
    """Adds a record; the store refuses a second first record of an order and a second correction of one."""
    connection.execute(insert(control_outcome).values(**asdict(outcome)))


def add_evidence(connection: Connection, evidence: StoredEvidence) -> None:
    """Adds a piece of evidence."""
    connection.execute(insert(control_evidence).values(**asdict(evidence)))


def add_release(connection: Connection, release: StoredRelease) -> None:
    """Adds the release of a consignment, of which there can be one."""
    connection.execute(insert(control_release).values(**asdict(release)))


def outcomes_of_order(connection: Connection, order_id: str) -> list[StoredOutcome]:
    """The records of an order, oldest first: the last one stands."""
    return _outcomes(connection, _wanted().where(control_outcome.c.order_id == order_id))


def evidence_of_order(connection: Connection, order_id: str) -> list[StoredEvidence]:
    """The evidence of an order, oldest first."""
    columns = (control_evidence.c[name] for name in StoredEvidence.__slots__)
    rows = connection.execute(
        select(*columns).where(control_evidence.c.order_id == order_id).order_by(control_evidence.c.seq)
    )
    return [StoredEvidence(**row._asdict()) for row in rows]


def releases(connection: Connection, run_seq: int) -> dict[int, StoredRelease]:
    """The releases of a run by the number of the consignment."""
    rows = connection.execute(select(control_release).where(control_release.c.run_seq == run_seq))
    return {row.consignment: StoredRelease(**row._asdict()) for row in rows}


def all_outcomes(connection: Connection, run_seq: int | None = None) -> list[StoredOutcome]:
    """Every record (of one run), oldest first: the last one of an order stands."""
    wanted = _wanted()
    if run_seq is not None:
        of_run = select(control_order.c.id).where(control_order.c.run_seq == run_seq)
        wanted = wanted.where(control_outcome.c.order_id.in_(of_run))
    return _outcomes(connection, wanted)


def concluded(connection: Connection, run_seq: int, consignment: int) -> list[str]:
    """Outcomes that stand on one consignment, second looks aside."""
    of_one = (control_order.c.run_seq == run_seq) & (control_order.c.consignment == consignment)
    mine = select(control_order.c.id).where(of_one, control_order.c.repeats.is_(None))
    found = _outcomes(connection, _wanted().where(control_outcome.c.order_id.in_(mine)))
    return list({each.order_id: each.outcome for each in found}.values())


def _wanted() -> Select[Any]:
    return select(*(control_outcome.c[name] for name in StoredOutcome.__slots__)).order_by(control_outcome.c.seq)


def _outcomes(connection: Connection, wanted: Select[Any]) -> list[StoredOutcome]:
    return [StoredOutcome(**row._asdict()) for row in connection.execute(wanted)]
