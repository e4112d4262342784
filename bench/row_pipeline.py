"""A fair row-at-a-time pipeline, as one would first write it: the peer of ``bench.assess``.

pydifact splits the message, pydantic checks each consignment, rapidfuzz compares each distinct name with the whole list
once, plain Python checks ten rules, and an ORM stores each row. Nothing in it is made slow on purpose: names are
deduplicated, the list is normalised once, and rows are committed together.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field
from pydifact.segmentcollection import Interchange
from rapidfuzz import fuzz, process
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

THRESHOLD = 85


class Bill(BaseModel):
    """One consignment, checked field by field."""

    number: str = Field(min_length=1, max_length=35)
    consignor: str | None = None
    consignee: str | None = None
    loading: str | None = Field(default=None, pattern=r"^[A-Z]{2}[A-Z0-9]{3}$")
    unloading: str | None = None
    container: str | None = None
    description: str = ""
    packages: int = Field(default=0, ge=0)
    gross_mass_kg: float = Field(default=0, ge=0)


class Base(DeclarativeBase):
    """The mapper's base."""


class Row(Base):
    """What is stored of a consignment."""

    __tablename__ = "consignment"
    number: Mapped[str] = mapped_column(primary_key=True)
    consignee: Mapped[str | None]
    score: Mapped[int]
    hit: Mapped[str | None]


def bills(text: str) -> Iterator[Bill]:
    """The consignments of a CUSCAR, one pydantic model each."""
    fields: dict[str, Any] = {}
    for segment in Interchange.from_str(text).segments:
        tag, elements = segment.tag, segment.elements
        if tag == "CNI" and fields.get("number"):
            yield Bill(**fields)
            fields = {}
        _take(tag, elements, fields)
    if fields.get("number"):
        yield Bill(**fields)


def _take(tag: str, elements: Sequence[Any], fields: dict[str, Any]) -> None:
    if tag == "RFF" and elements[0][0] == "BM":
        fields["number"] = elements[0][1]
    elif tag == "NAD" and elements[0] in ("CZ", "CN"):
        name = next((part for part in elements[2:4] if part), None)
        fields["consignor" if elements[0] == "CZ" else "consignee"] = name[0] if isinstance(name, list) else name
    elif tag == "LOC" and elements[0] in ("9", "11"):
        place = elements[1]
        fields["loading" if elements[0] == "9" else "unloading"] = place[0] if isinstance(place, list) else place
    elif tag == "FTX" and elements[0] == "AAA":
        fields["description"] = str(elements[3])
    elif tag == "PAC":
        fields["packages"] = int(elements[0] or 0)
    elif tag == "MEA" and len(elements) > 2:
        fields["gross_mass_kg"] = float(elements[2][1])
    elif tag == "SGP":
        fields["container"] = elements[0] if isinstance(elements[0], str) else elements[0][0]


def score(bill: Bill) -> int:
    """Ten rules of the usual kind."""
    mass = bill.gross_mass_kg / bill.packages if bill.packages else 0
    rules = (
        (10, len(bill.description) < 10),
        (15, mass > 2_000),
        (5, bill.consignee is None),
        (10, (bill.consignee or "").startswith("TO ORDER")),
        (10, bill.loading is not None and bill.unloading is not None and bill.loading[:2] == bill.unloading[:2]),
        (5, bill.gross_mass_kg % 1_000 == 0),
        (20, "AMMUNITION" in bill.description.upper()),
        (5, bill.container is None),
        (10, bill.packages == 0 and bill.gross_mass_kg > 0),
        (5, bill.consignor == bill.consignee),
    )
    return sum(points for points, holds in rules if holds)


def run(path: Path, names: Sequence[str], store: Path) -> tuple[int, float]:
    """Consignments handled and processor seconds, from the file to the stored rows."""
    listed = [name.upper() for name in names]
    start = time.process_time()
    answers: dict[str, str | None] = {}
    engine = create_engine(f"sqlite:///{store}")
    Base.metadata.create_all(engine)
    count = 0
    with Session(engine) as session:
        for bill in bills(path.read_text(encoding="ascii", errors="replace")):
            for name in filter(None, (bill.consignor, bill.consignee)):
                if name not in answers:
                    found = process.extractOne(
                        name.upper(), listed, scorer=fuzz.token_sort_ratio, score_cutoff=THRESHOLD
                    )
                    answers[name] = found[0] if found else None
            hit = answers.get(bill.consignee or "") or answers.get(bill.consignor or "")
            session.merge(Row(number=bill.number, consignee=bill.consignee, score=score(bill), hit=hit))
            count += 1
        session.commit()
    return count, time.process_time() - start
