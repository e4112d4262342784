"""What people answered to list hits: the same, different, cannot tell; remembered for the pair and not only the hit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select, update

from pratique.node.canonical import digest
from pratique.node.storage.bulk import rows_with_keys
from pratique.node.storage.tables import disposition, hit, run


@dataclass(frozen=True, slots=True)
class StoredDisposition:
    """One answer. ``stands`` is 0 while a second person has to agree first.

    ``pair`` is a digest of who is meant on both sides; ``list_version``, ``entry_sha256`` and ``party_sha256`` say what
    exactly was compared, so that a change of any is seen at the next hit of the pair. ``party`` is the declared side
    as it was (canonical JSON), ``until`` the moment from which the pair is asked again (``None``: not by time).
    """

    seq: int
    run_seq: int
    number: int
    pair: str
    answer: str
    stands: int
    reason: str
    note: str
    at: str
    by: str
    list_version: str
    entry_sha256: str
    party_sha256: str
    subject: str = ""
    party_key: str = ""
    list_id: str = ""
    entity_id: str = ""
    party: str = ""
    until: str | None = None
    undone_seq: int | None = None
    undone_at: str | None = None
    undone_by: str | None = None


@dataclass(frozen=True, slots=True)
class StoredHit:
    """One list hit of a run as the store keeps it; ``number`` is its row in the run's frame ``hits``."""

    run_seq: int
    number: int
    consignment_id: str
    subject: str | None
    screened_value: str | None
    list_id: str | None
    listing_id: str | None
    listed_name: str | None
    score_permille: int | None
    basis: str | None


def add_disposition(connection: Connection, added: StoredDisposition) -> None:
    """Adds an answer."""
    connection.execute(insert(disposition).values(**asdict(added)))


def answer_digest(given: StoredDisposition) -> str:
    """SHA-256 (hex) of everything the row said when it was given, by which the journal knows it again."""
    return digest({name: value for name, value in asdict(given).items() if not name.startswith("undone_")})


def disposition_by_seq(connection: Connection, seq: int) -> StoredDisposition | None:
    """The answer that the journal entry of that number gave."""
    found = _dispositions(connection, _wanted().where(disposition.c.seq == seq))
    return found[0] if found else None


def dispositions_of_run(connection: Connection, run_seq: int) -> list[StoredDisposition]:
    """Every answer to a hit of the run, undone ones too, oldest first."""
    return _dispositions(connection, _wanted().where(disposition.c.run_seq == run_seq))


def dispositions_of_pairs(connection: Connection, pairs: Iterable[str]) -> list[StoredDisposition]:
    """Every answer about those pairs, of any run, undone ones too, oldest first."""
    columns = [disposition.c[name] for name in StoredDisposition.__slots__]
    rows = rows_with_keys(connection, columns, key=disposition.c.pair, wanted=pairs)
    return sorted((StoredDisposition(*row) for row in rows), key=lambda each: each.seq)


def dispositions_of_parties(connection: Connection, party_keys: Iterable[str]) -> list[StoredDisposition]:
    """Every answer about a party with one of those keys, of any list, undone ones too, oldest first."""
    if connection.execute(select(disposition.c.seq).limit(1)).first() is None:
        return []
    columns = [disposition.c[name] for name in StoredDisposition.__slots__]
    rows = rows_with_keys(connection, columns, key=disposition.c.party_key, wanted=party_keys)
    return sorted((StoredDisposition(*row) for row in rows), key=lambda each: each.seq)


def all_dispositions(connection: Connection) -> list[StoredDisposition]:
    """Every answer, undone ones too, oldest first."""
    return _dispositions(connection, _wanted())


def undo_disposition(connection: Connection, seq: int, *, by_seq: int, at: str, by: str) -> None:
    """The answer no longer counts; ``by_seq`` is the journal entry that undid it."""
    values = {"undone_seq": by_seq, "undone_at": at, "undone_by": by}
    connection.execute(update(disposition).where(disposition.c.seq == seq).values(**values))


def hit_of(connection: Connection, run_seq: int, number: int) -> StoredHit | None:
    """One hit of a run."""
    columns = [hit.c[name] for name in StoredHit.__slots__]
    row = connection.execute(select(*columns).where(hit.c.run_seq == run_seq, hit.c.number == number)).first()
    return StoredHit(**row._asdict()) if row else None


def runs_with_hits(connection: Connection) -> set[str]:
    """Ids of the runs that have a hit."""
    wanted = select(run.c.id).where(run.c.seq.in_(select(hit.c.run_seq).distinct()))
    return set(connection.execute(wanted).scalars())


def hits_of_entry(connection: Connection, list_id: str, listing_ids: Iterable[str]) -> int:
    """How many hits, in all runs, answered to those spellings of a list."""
    mine = (hit.c.list_id == list_id) & hit.c.listing_id.in_(list(listing_ids))
    return int(connection.execute(select(func.count()).select_from(hit).where(mine)).scalar_one())


def _wanted() -> Select[Any]:
    return select(*(disposition.c[name] for name in StoredDisposition.__slots__)).order_by(disposition.c.seq)


def _dispositions(connection: Connection, wanted: Select[Any]) -> list[StoredDisposition]:
    return [StoredDisposition(**row._asdict()) for row in connection.execute(wanted)]
