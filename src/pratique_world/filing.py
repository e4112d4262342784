"""What filers give of what a format has room for: values, codes and origins stand on some bills only.

Which bills they are follows from the last digit of the bill's number, so that an amendment and a second copy give what
the first message gave.
"""

from __future__ import annotations

from typing import Final

from pratique_world.model import IMPORT, Consignment

CUSCAR, AWMDS, TABLE = "cuscar", "awmds", "table"
FORMS: Final = (CUSCAR, AWMDS, TABLE)
"""The formats, in the order of the ships of the sample port that send them."""

_VALUED = "1345679"
_WITH_ORIGIN = "02356"
_CODE_IN_FIELD, _CODE_IN_TEXT = "012345", "67"


def form_of(bill: Consignment) -> str:
    """The format in which the bill's ship sends its manifest to the sample port."""
    return FORMS[bill.vessel]


def gives_value(bill: Consignment, form: str) -> bool:
    """Says whether the customs value stands on the bill: in CUSCAR on seven import bills of ten, else on all."""
    if form == CUSCAR and (bill.nature != IMPORT or bill.bill[-1] not in _VALUED):
        return False
    return bill.value_cents > 0


def gives_origin(bill: Consignment, form: str) -> bool:
    """Says whether the country of origin stands on the bill: on half of the CUSCAR bills, all of a table, no AWMDS."""
    return form == TABLE or (form == CUSCAR and bill.bill[-1] in _WITH_ORIGIN)


def has_code_field(bill: Consignment, form: str) -> bool:
    """Says whether the HS code, where the filer knows it, stands in the field for it: in AWMDS on six bills of ten."""
    return form != AWMDS or bill.bill[-1] in _CODE_IN_FIELD


def has_code_in_text(bill: Consignment, form: str) -> bool:
    """Says whether the filer writes the HS code into the text instead: in AWMDS on two bills of ten."""
    return form == AWMDS and bill.bill[-1] in _CODE_IN_TEXT


def gives_code(bill: Consignment, form: str) -> bool:
    """Says whether the HS code of the first line stands anywhere on the bill."""
    return bool(bill.goods[0].code) and (has_code_field(bill, form) or has_code_in_text(bill, form))
