"""Small manifests for the tests of risk: one ordinary consignment, and ways to change it or to draw many at random."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from pratique.flow.risk import Facts, gather_facts
from pratique.vocabulary.codes.tables import shipped_tables
from pratique.vocabulary.frames import (
    CONSIGNMENT,
    EQUIPMENT,
    FINDING,
    GOODS_ITEM,
    MESSAGE,
    PARTY,
    TOTALS,
    TRANSPORT,
    Manifest,
    frame,
)
from pratique.vocabulary.history import History, empty_history
from pratique.vocabulary.reasons import ASSESSED_HIT

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
ARRIVAL = AT + timedelta(hours=40)

CONSIGNMENT_ROW: dict[str, Any] = {
    "consignment": 0,
    "message": 0,
    "place": "segment 9",
    "transport_contract_document_id": "BL1",
    "nature_code": "23",
    "house_level": "simple",
    "loading_location": "ESBCN",
    "unloading_location": "DEHAM",
    "place_of_acceptance": "ESBCN",
    "final_destination": "DEHAM",
    "transit_countries": ["ES", "DE"],
    "gross_mass_g": 12_345_000,
    "package_count": 600,
    "freight_charge_minor": 150_000,
    "freight_charge_currency": "USD",
    "customs_value_minor": 9_500_000,
    "customs_value_currency": "USD",
}
GOODS_ROW: dict[str, Any] = {
    "consignment": 0,
    "goods_item": 0,
    "place": "segment 14",
    "description": "Ceramic tiles, glazed",
    "commodity_code": "690721",
    "origin_country": "ES",
    "packaging": [{"type_code": "CT", "quantity": 600, "marks": None}],
    "package_count": 600,
    "gross_mass_g": 12_345_000,
    "net_mass_g": 12_000_000,
    "customs_value_minor": 9_500_000,
    "customs_value_currency": "USD",
    "volume_dm3": 12_000,
}
EQUIPMENT_ROW: dict[str, Any] = {
    "consignment": 0,
    "message": 0,
    "place": "segment 17",
    "equipment_id": "MSKU0000006",
    "equipment_id_valid": True,
    "size_type": "22G1",
    "fullness_code": "5",
    "tare_g": 2_200_000,
    "seal_ids": ["A1001"],
}
PARTY_ROWS: list[dict[str, Any]] = [
    {
        "consignment": 0,
        "message": 0,
        "place": f"segment {11 + number}",
        "role_code": role,
        "name": name,
        "address_line": street,
        "city": city,
        "country": country,
        "communication": [f"TE:{phone}"],
    }
    for number, (role, name, street, city, country, phone) in enumerate(
        [
            ("CZ", "Azulejos Garcia SA", "Calle Mayor 4", "Castellon", "ES", "+34 964 555 001"),
            ("CN", "Fliesenhaus Nord GmbH", "Hafenstr. 12", "Hamburg", "DE", "+49 40 555 010"),
            ("NI", "Fliesenhaus Nord GmbH", "Hafenstr. 12", "Hamburg", "DE", "+49 40 555 010"),
        ]
    )
]


def manifest(
    consignments: list[dict[str, Any]] | None = None,
    goods: list[dict[str, Any]] | None = None,
    equipment: list[dict[str, Any]] | None = None,
    parties: list[dict[str, Any]] | None = None,
    findings: list[dict[str, Any]] | None = None,
    declared: dict[str, Any] | None = None,
    format_name: str = "cuscar",
) -> Manifest:
    """A manifest of one message; rows not given are those of one ordinary consignment, keys not given its values."""
    rows = [CONSIGNMENT_ROW | row for row in (consignments or [{}])]
    return Manifest(
        message=columns(
            MESSAGE,
            [{"message": 0, "message_type": "CUSCAR", "format": format_name, "sender_id": "LINE", "profile": "sea"}],
        ),
        consignments=columns(CONSIGNMENT, rows),
        goods_items=columns(GOODS_ITEM, [GOODS_ROW | row for row in ([{}] if goods is None else goods)]),
        equipment=columns(EQUIPMENT, [EQUIPMENT_ROW | row for row in ([{}] if equipment is None else equipment)]),
        parties=columns(PARTY, PARTY_ROWS if parties is None else parties),
        transport=columns(
            TRANSPORT,
            [{"message": 0, "stage": "border", "mode_code": "1", "journey_id": "V7", "arrival_datetime": ARRIVAL}],
        ),
        declared=columns(TOTALS, [{"message": 0, **(declared or {})}]),
        computed=columns(TOTALS, [{"message": 0, "consignment_count": len(rows)}]),
        findings=columns(FINDING, findings or []),
    )


def columns(schema: Any, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows as a frame of the schema; keys not given are null."""
    return frame(schema, {name: [row.get(name) for row in rows] for name in schema})


def party(role: str, name: str | None, consignment: int = 0, **more: Any) -> dict[str, Any]:
    """One party of the consignment."""
    return {"consignment": consignment, "message": 0, "place": "segment 11", "role_code": role, "name": name, **more}


def facts(
    read: Manifest,
    *,
    hits: list[dict[str, Any]] | None = None,
    versions: pl.DataFrame | None = None,
    history: History | None = None,
    **more: Any,
) -> Facts:
    """The facts of a manifest at ``AT``, with the shipped tables and, unless given, without any past."""
    return gather_facts(
        read,
        hits=columns(ASSESSED_HIT, hits or []),
        versions=versions,
        history=history or empty_history(AT),
        tables=more.pop("tables", shipped_tables()),
        at=AT,
        **more,
    )


def random_manifest(count: int, seed: int) -> Manifest:
    """``count`` consignments with ordinary and odd values, holes among them."""
    draw = random.Random(seed)

    def some(*values: Any) -> Any:
        return draw.choice((*values, None))

    rows, goods, boxes, parties = [], [], [], []
    for number in range(count):
        port = draw.choice(["CNSHA", "ECGYE", "AEJEA", "TRMER", "ESBCN", "somewhere"])
        mass = some(12_345_000, 5_000_000, 40_000_000, 100)
        rows.append(
            {
                "consignment": number,
                "transport_contract_document_id": f"BL{number % (count - 2)}",
                "loading_location": port,
                "gross_mass_g": mass,
                "package_count": some(0, 1, 600),
                "customs_value_minor": some(100, 50_000, 9_500_000),
                "final_destination": some("DEHAM", "PLGDN"),
                "transit_countries": some([port[:2]], ["CN", "SG", "LK", "AE", "EG", "IT", "DE"]),
            }
        )
        for _ in range(draw.randint(0, 3)):
            goods.append(
                {
                    "consignment": number,
                    "goods_item": len(goods),
                    "description": some("General cargo", "Fresh bananas", "Lithium batteries", "Spare parts", "Shoes"),
                    "commodity_code": some("690721", "080390", "850760", "854231", "99", "6403"),
                    "origin_country": some("CN", "EC", "DE", port[:2]),
                    "gross_mass_g": some(mass, 1_000_000),
                    "un_number": some("3480"),
                }
            )
        boxes += [
            {
                "consignment": number,
                "equipment_id": f"ABCU{draw.randint(0, count):07}",
                "equipment_id_valid": some(True, False),
                "size_type": some("22G1", "45R1", "22T0", "4???"),
                "fullness_code": some("4", "5"),
                "seal_ids": some([], [f"S{draw.randint(1, 30)}"], [f"T{box}"]),
            }
            for box in range(draw.randint(0, 2))
        ]
        for role in ("CZ", "CN", "NI"):
            name = some("To order", "Fliesenhaus Nord GmbH", f"Trader {draw.randint(1, 9)}", "Cargo Logistics Ltd")
            street = some("Hafenstr. 12", "P.O. Box 4")
            parties.append(party(role, name, number, address_line=street, city=some("Hamburg"), country=some("DE")))
    return manifest(rows, goods, boxes, parties)
