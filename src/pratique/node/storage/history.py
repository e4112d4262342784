"""What the node knows from earlier runs: parties, boxes and the newest version of every bill."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Table, func, select

from pratique.node.storage.bulk import rows_with_keys, upsert_rows
from pratique.node.storage.tables import known_bill, known_box, known_party, known_route

PART: Final = 10_000
PARTY_COLUMNS: Final = ("party_key", "first_seen", "last_seen", "consignment_count")
BOX_COLUMNS: Final = tuple(column.name for column in known_box.columns)
ROUTE_COLUMNS: Final = ("loading_location", "unloading_location", "bill_count")
BILL_COLUMNS: Final = tuple(
    column.name for column in known_bill.columns if column.name not in ("purpose", "retention_class")
)


def parties_known(connection: Connection, keys: Iterable[str]) -> list[tuple[Any, ...]]:
    """What is known of the parties with those keys, in the order of ``PARTY_COLUMNS``."""
    return _known(connection, known_party, PARTY_COLUMNS, key="party_key", wanted=keys)


def boxes_known(connection: Connection, equipment_ids: Iterable[str]) -> list[tuple[Any, ...]]:
    """What is known of those boxes, in the order of ``BOX_COLUMNS``."""
    return _known(connection, known_box, BOX_COLUMNS, key="equipment_id", wanted=equipment_ids)


def bills_known(
    connection: Connection, bills: Iterable[str], *, references: Iterable[str] = ()
) -> list[tuple[Any, ...]]:
    """The newest version of the bills with those numbers or out of messages with those references, of any sender.

    In the order of ``BILL_COLUMNS``, which begins with the number and the sender.
    """
    numbered = _known(connection, known_bill, BILL_COLUMNS, key="transport_contract_document_id", wanted=bills)
    referred = _known(connection, known_bill, BILL_COLUMNS, key="functional_reference_id", wanted=references)
    found = {row[:2]: row for row in (*numbered, *referred)}
    return [found[key] for key in sorted(found)]


def routes_known(connection: Connection) -> list[tuple[Any, ...]]:
    """Every route with the number of bills that were first seen on it, in the order of ``ROUTE_COLUMNS``."""
    return [tuple(row) for row in connection.execute(select(known_route).order_by(*known_route.primary_key))]


def party_names(connection: Connection) -> Iterator[str]:
    """The key of every party known, which is its name in capitals without punctuation; in order, a part at a time."""
    found = connection.execution_options(yield_per=PART).execute(
        select(known_party.c.party_key).order_by(known_party.c.party_key)
    )
    return (name for (name,) in found)


def _known(
    connection: Connection, table: Table, columns: Sequence[str], *, key: str, wanted: Iterable[str]
) -> list[tuple[Any, ...]]:
    if connection.execute(select(table.c[key]).limit(1)).first() is None:
        return []
    return rows_with_keys(connection, [table.c[name] for name in columns], key=table.c[key], wanted=wanted)


def remember_routes(connection: Connection, rows: list[tuple[Any, ...]]) -> None:
    """Adds routes, or adds to the bills known on them; in the order of ``ROUTE_COLUMNS``."""
    changed = ["bill_count = known_route.bill_count + excluded.bill_count"]
    upsert_rows(connection, known_route, ROUTE_COLUMNS, rows, changed=changed)


def remember_parties(connection: Connection, rows: list[tuple[Any, ...]]) -> None:
    """Adds parties, or adds to what is known of them; in the order of ``PARTY_COLUMNS``."""
    changed = [
        "last_seen = excluded.last_seen",
        "consignment_count = known_party.consignment_count + excluded.consignment_count",
    ]
    upsert_rows(connection, known_party, PARTY_COLUMNS, rows, changed=changed)


def remember_boxes(connection: Connection, rows: list[tuple[Any, ...]]) -> None:
    """Adds boxes, or puts their newest mention in place; in the order of ``BOX_COLUMNS``."""
    upsert_rows(connection, known_box, BOX_COLUMNS, rows, changed=_all_but_key(BOX_COLUMNS, 1))


def remember_bills(connection: Connection, rows: list[tuple[Any, ...]]) -> None:
    """Adds bills, or puts their newest version in place; in the order of ``BILL_COLUMNS``."""
    upsert_rows(connection, known_bill, BILL_COLUMNS, rows, changed=_all_but_key(BILL_COLUMNS, 2))


def counts(connection: Connection) -> dict[str, int]:
    """How many parties, boxes and bills the node knows."""
    tables = (known_party, known_box, known_bill)
    return {each.name: int(connection.execute(select(func.count()).select_from(each)).scalar_one()) for each in tables}


def _all_but_key(columns: Sequence[str], key_width: int) -> list[str]:
    return [f"{name} = excluded.{name}" for name in columns[key_width:]]
