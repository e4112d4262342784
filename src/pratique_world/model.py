"""What the world knows of a shipment before it is written in anybody's format. Whole kilograms and US cents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

IMPORT, TRANSIT, TRANSHIPMENT = "23", "24", "28"
EMPTY, FULL, SHARED = "4", "5", "7"


@dataclass(frozen=True, slots=True)
class Trader:
    """A company or a person that trades, or one that only stands in a field (``TO ORDER``)."""

    name: str
    street: str = ""
    city: str = ""
    postcode: str = ""
    country: str = ""
    tax_id: str = ""
    phone: str = ""
    is_person: bool = False


@dataclass(frozen=True, slots=True)
class Goods:
    """A line of goods on a bill."""

    code: str  # HS subheading as declared; empty where the filer gave none
    description: str
    origin: str
    package: str
    packages: int
    gross_kg: int
    net_kg: int
    value_cents: int
    un_number: str = ""
    imdg_class: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A container as it stands under a bill; a shared one stands under several, each time with the same figures."""

    number: str
    size_type: str
    fullness: str
    tare_kg: int
    gross_kg: int  # of the loaded box, as weighed
    seals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Consignment:
    """A bill of lading on one of the ships."""

    vessel: int
    bill: str
    nature: str
    loading: str
    unloading: str
    shipper: Trader
    consignee: Trader
    notify: Trader
    goods: tuple[Goods, ...]
    boxes: tuple[Box, ...]
    freight_cents: int
    first_port: str  # where the goods were put on their first ship
    destination: str  # where they go on to; the port itself for imports
    master: str = ""
    marks: str = ""

    @property
    def gross_kg(self) -> int:
        """Mass of the bill: that of its goods; of an empty box its own."""
        return sum(line.gross_kg for line in self.goods)

    @property
    def packages(self) -> int:
        """Packages of the bill."""
        return sum(line.packages for line in self.goods)

    @property
    def value_cents(self) -> int:
        """Customs value of the bill in US cents."""
        return sum(line.value_cents for line in self.goods)


@dataclass(frozen=True, slots=True)
class Vessel:
    """A ship on its way to the port."""

    name: str
    imo: str
    flag: str
    line: str
    line_code: str  # four letters, also the head of its bill numbers
    voyage: str
    calls: tuple[str, ...]
    departure: datetime
    arrival: datetime


@dataclass(frozen=True, slots=True)
class Totals:
    """What a file says of itself, or what a person gets who counts it."""

    consignments: int
    containers: int
    packages: int
    gross_kg: int
