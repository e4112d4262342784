"""What STIX 2.1 and this product share: the markings of TLP 2.0 as OASIS published them, ids of the extension."""

from __future__ import annotations

import hashlib
from types import MappingProxyType
from typing import Any, Final

from pratique.partners.exchange.inner import Tlp

TLP_EXTENSION: Final = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
TLP_MARKINGS: Final = MappingProxyType(
    {
        "clear": "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
        "green": "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
        "amber": "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
        "amber_strict": "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
        "red": "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
    }
)
"""TLP 2.0, the ids of the OASIS common objects."""
OLD_TLP_MARKINGS: Final = MappingProxyType(
    {
        "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9": "clear",
        "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da": "green",
        "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82": "amber",
        "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed": "red",
    }
)
"""TLP 1.0, whose ids STIX 2.1 itself defines (7.2.1.4)."""
TLP_NAMES: Final[MappingProxyType[str, Tlp]] = MappingProxyType(
    {
        "white": "clear",
        "clear": "clear",
        "green": "green",
        "amber": "amber",
        "amber+strict": "amber_strict",
        "red": "red",
    }
)
CONFIDENCE: Final = MappingProxyType({"1": 90, "2": 70, "3": 50, "4": 30, "5": 10})
"""Admiralty credibility as STIX confidence (STIX 2.1, appendix A); 6 cannot be judged and has none."""


def stix_id(kind: str, *parts: str) -> str:
    """An id that follows from ``parts``: the same message gives the same objects."""
    return f"{kind}--{uuid_of(kind, *parts)}"


def uuid_of(*parts: str) -> str:
    """A UUID (in the form of version 4) that follows from ``parts``: 122 bits of their SHA-256."""
    number = int.from_bytes(hashlib.sha256("\x1f".join(("pratique", *parts)).encode()).digest()[:16], "big")
    text = f"{number & ~(0xF << 76 | 0x3 << 62) | 0x4 << 76 | 0x2 << 62:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


EXTENSION: Final = stix_id("extension-definition", "message", "1")
VERSION: Final = "format_version"  # names of one letter are not allowed in STIX
PERSONAL: Final = stix_id("marking-definition", "personal data")


def tlp_marking(tlp: Tlp) -> dict[str, Any]:
    """The marking definition of TLP 2.0 as OASIS published it."""
    name = tlp.replace("_", "+")
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": TLP_MARKINGS[tlp],
        "created": "2022-10-01T00:00:00.000Z",
        "name": f"TLP:{name.upper()}",
        "extensions": {TLP_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": name}},
    }


def tlp_of(marking: dict[str, Any]) -> Tlp | None:
    """The TLP of a marking definition, by its id, its TLP 2.0 extension or its TLP 1.0 definition."""
    for tlp, known in TLP_MARKINGS.items():
        if marking.get("id") == known:
            return TLP_NAMES[tlp.replace("_", "+")]
    old = OLD_TLP_MARKINGS.get(str(marking.get("id")))
    if old is not None:
        return TLP_NAMES[old]
    extensions, definition = marking.get("extensions"), marking.get("definition")
    held = extensions.get(TLP_EXTENSION) if isinstance(extensions, dict) else None
    said = held.get("tlp_2_0") if isinstance(held, dict) else None
    if said is None and isinstance(definition, dict):
        said = definition.get("tlp")
    return TLP_NAMES.get(str(said).lower()) if said is not None else None
