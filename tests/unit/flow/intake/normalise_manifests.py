"""Small manifests for the tests of normalising: only the columns that matter are given."""

import json

from pratique.flow.intake.normalise import normalise
from pratique.flow.intake.sender_profiles import SenderProfile, shipped_sender_profiles
from pratique.vocabulary.codes import CodeTables, shipped_tables
from pratique.vocabulary.frames import SCHEMAS, Manifest, frame


def manifest(**rows: list[dict]) -> Manifest:
    """A manifest of one sea CUSCAR message with one bill, unless ``rows`` say otherwise."""
    given = {
        "message": [{"format": "cuscar"}],
        "consignments": [{}],
        "transport": [{"mode_code": "1"}],
        "declared": [{}],
        **rows,
    }
    return Manifest(**{name: _frame(name, given.get(name, [])) for name in SCHEMAS})


def normalised(
    *, tables: CodeTables | None = None, profiles: tuple[SenderProfile, ...] | None = None, **rows: list[dict]
) -> Manifest:
    chosen = shipped_sender_profiles() if profiles is None else profiles
    return normalise(manifest(**rows), tables=tables or shipped_tables(), profiles=chosen)


def told(read: Manifest, prefix: str = "") -> list[tuple]:
    """Rule, severity, place and parameters of the findings whose rule begins with ``prefix``."""
    return [
        (row["rule"], row["severity"], row["place"], json.loads(row["params"]))
        for row in read.findings.iter_rows(named=True)
        if row["rule"].startswith(prefix)
    ]


def _frame(name: str, rows: list[dict]):
    schema = SCHEMAS[name]
    ids = {"message": {"message": "number"}, "consignments": {"consignment": "number"}}.get(name, {})
    filled = []
    for number, row in enumerate(rows):
        automatic = {"place": f"{name} {number}", "message": 0, "consignment": 0, "goods_item": number}
        if name == "parties":
            del automatic["goods_item"]
        automatic.update(dict.fromkeys(ids, number))
        filled.append({column: row.get(column, automatic.get(column)) for column in schema})
    return frame(schema, {column: [row[column] for row in filled] for column in schema})
