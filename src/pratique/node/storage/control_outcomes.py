"""What controls came to, the evidence kept of them, and which consignments were released."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select

from pratique.node.storage.control_tables import control_evidence, control_order, control_outcome, control_release
from pratique.node.storage.orders import in_pieces


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


def outcomes_of(connection: Connection, ids: Sequence[str] | None) -> list[StoredOutcome]:
    """Every record of these orders, else of every one, oldest first: the last one of an order stands."""
    if ids is None:
        return _outcomes(connection, _wanted())
    some = (_wanted().where(control_outcome.c.order_id.in_(each)) for each in in_pieces(ids))
    return [outcome for wanted in some for outcome in _outcomes(connection, wanted)]


def carried_out(connection: Connection, *, until: str, outcomes: Collection[str]) -> list[tuple[Any, ...]]:
    """The controls whose record that stood at ``until`` has one of these outcomes, second looks aside.

    ``consignment_id, run_id, controlled_at, at, control, outcome, findings, duty_recovered_minor, duty_currency,
    drawn_at_random, probability_ppm``.
    """
    order, record = control_order.c, control_outcome.c
    newest = select(func.max(record.seq)).where(record.at <= until).group_by(record.order_id)
    of_record = (record.controlled_at, record.at, order.control, record.outcome, record.findings)
    wanted = (
        select(order.consignment_id, order.run_id, *of_record, record.duty_recovered_minor, record.duty_currency)
        .add_columns(order.drawn_at_random, order.probability_ppm)
        .join(control_order, order.id == record.order_id)
        .where(record.seq.in_(newest), record.outcome.in_(sorted(outcomes)), order.repeats.is_(None))
    )
    return [tuple(row) for row in connection.execute(wanted)]


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
