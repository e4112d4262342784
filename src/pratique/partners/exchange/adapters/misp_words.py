"""What MISP and this product share: tags of the published taxonomies, and tags of our own where there is none.

``tlp`` and ``admiralty-scale`` are MISP taxonomies; ``pratique:…`` tags carry what has no taxonomy.
"""

from __future__ import annotations

import re
from typing import Final

from pratique.partners.exchange.inner import Tlp

FIELD: Final = "pratique:field"
TYPE: Final = "pratique:type"
CATEGORY: Final = "pratique:category"
PERSONAL: Final = "pratique:personal"
HANDLING: Final = "pratique:handling"
CONDITION: Final = "pratique:condition"
RESTRICTION: Final = "pratique:restriction"
SENDER: Final = "pratique:sender"
MESSAGE: Final = "pratique:message"
CREATED: Final = "pratique:created"
SOURCE: Final = "admiralty-scale:source-reliability"
INFORMATION: Final = "admiralty-scale:information-credibility"
TLP_TAG: Final = re.compile(r"tlp:(white|clear|green|amber\+strict|amber|red)", re.IGNORECASE)
_MACHINE_TAG: Final = re.compile(r'([a-z0-9_:\-]+)="([^"]*)"', re.IGNORECASE)


def tlp_tag(tlp: Tlp) -> str:
    """The tag of the ``tlp`` taxonomy."""
    return f"tlp:{tlp.replace('_', '+')}"


def machine_tag(name: str, value: str) -> str:
    """A machine tag; a quotation mark in the value becomes an apostrophe, since tags know no escape."""
    return f'{name}="{value.replace(chr(34), chr(39))}"'


def taken_apart(tag: str) -> tuple[str, str]:
    """Name and value of a machine tag; the tag and nothing for any other."""
    found = _MACHINE_TAG.fullmatch(tag)
    return (found[1].lower(), found[2]) if found else (tag, "")
