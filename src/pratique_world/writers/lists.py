"""The watchlist in the form of an administration's own list, and the truth about the planted wrongdoing."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from pratique.vocabulary.listings import OWN_LIST_HEADINGS
from pratique_world.listed import Listed
from pratique_world.model import Consignment


def watchlist_csv(entries: Iterable[Listed]) -> bytes:
    """The bytes of a watchlist."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(OWN_LIST_HEADINGS)
    for entry in entries:
        writer.writerow(
            (
                entry.entry_id,
                entry.name,
                entry.kind,
                ";".join(entry.aliases),
                entry.country,
                entry.birth_date,
                ";".join(entry.identifiers),
                entry.programme,
                entry.remarks,
            )
        )
    return out.getvalue().encode()


def truth_csv(consignments: Iterable[Consignment], mechanisms: Mapping[str, str]) -> bytes:
    """One row for each distinct bill: ``consignment, illicit, mechanism``."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("consignment", "illicit", "mechanism"))
    for bill in dict.fromkeys(bill.bill for bill in consignments):
        mechanism = mechanisms.get(bill, "")
        writer.writerow((bill, int(bool(mechanism)), mechanism))
    return out.getvalue().encode()
