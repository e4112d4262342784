"""The tags of the ASYCUDA World manifest that are read, by segment, and the codes behind them.

Source: the cargo manifest XML message descriptions that UNCTAD published for Barbados, Curaçao, Jamaica, Grenada and
Saint Kitts and Nevis. Leaf names are unique inside a segment, so a segment is read as one flat set.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

TRADERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Exporter": "CZ",
        "Consignee": "CN",
        "Notify": "NI",
        "Carrier": "CA",
        "Shipping_Agent": "AG",
        "FreightForwarder": "FW",
    }
)

_KEY: Final = frozenset({"Customs_office_code", "Voyage_number", "Date_of_departure", "Registration_number"})

READ: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "General_segment": _KEY
        | {
            *("Date_of_arrival", "Time_of_arrival", "Mode_of_transport_code", "Identity_of_transporter"),
            *("Nationality_of_transporter_code", "Registration_number_of_transport_code"),
            *("Place_of_departure_code", "Place_of_destination_code"),
            *("Total_number_of_bols", "Total_number_of_packages", "Total_number_of_containers", "Total_gross_mass"),
            *("Carrier_code", "Carrier_name", "Carrier_address"),
            *("Shipping_Agent_code", "Shipping_Agent_name", "Shipping_Agent_address"),
        },
        "Master_bol": _KEY | {"Reference_number"},
        "Bol_id": frozenset(
            {
                *("Bol_reference", "Line_number", "Bol_nature", "Bol_type_code", "Master_bol_ref_number"),
                *("Unique_carrier_reference", "Previous_document_reference"),
            }
        ),
        "Consolidated_Cargo": frozenset({"Consolidated_Cargo"}),
        "Load_unload_place": frozenset(
            {
                "Port_of_origin_code",
                "Place_of_loading_code",
                "Place_of_unloading_code",
                "Final_destination_country_code",
            }
        ),
        "Final_destination_country": frozenset({"Final_destination_country_code"}),
        "Traders_segment": frozenset(),
        **{name: frozenset({f"{name}_code", f"{name}_name", f"{name}_address"}) for name in TRADERS},
        "ctn_segment": frozenset(
            {
                *("Ctn_reference", "Number_of_packages", "Type_of_container", "Empty_Full", "Status", "Seal_number"),
                *("Marks1", "Marks2", "Marks3", "Empty_weight", "Goods_weight", "Gross_weight"),
            }
        ),
        "Goods_segment": frozenset(
            {
                *("Number_of_packages", "Package_type_code", "Gross_mass", "Shipping_marks", "Goods_description"),
                *("Volume_in_cubic_meters", "Commodity_code", "UN", "IMCO", "Marks_of_seals", "Ctn_item_reference"),
                "Num_of_ctn_for_this_bol",
            }
        ),
        "Value_segment": frozenset(
            {"PC_indicator", "Freight_value", "Freight_currency", "Customs_value", "Customs_currency"}
        ),
        "Location": frozenset({"Location_code"}),
    }
)

CANONICAL: Final[Mapping[str, str]] = MappingProxyType(
    {name.lower(): name for section, leaves in READ.items() for name in (section, *leaves)}
)

DOCUMENT_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        # EDIFACT 1001: bill of lading 705, house 714, master 704; air waybill 740, master 741, house 703
        **dict.fromkeys(("BOL", "BL"), "705"),
        "HBL": "714",
        "MBL": "704",
        **dict.fromkeys(("AWB",), "740"),
        **dict.fromkeys(("HAWB", "HWB"), "703"),
        **dict.fromkeys(("MAWB", "MWB"), "741"),
    }
)
