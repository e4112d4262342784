"""The first level: which elements a declaration must have, that none is empty, and the form of codes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from pratique.flow.intake.formats.ens_rules.parties import HEADER_PARTIES, ITEM_PARTIES
from pratique.flow.intake.xml import Branch
from pratique.vocabulary.findings import Finding

REQUIRED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "": (
            *("MesSenMES3", "MesRecMES6", "DatOfPreMES9", "TimOfPreMES10", "MesIdeMES19", "MesTypMES20"),
            *("HEAHEA", "GOOITEGDS", "PERLODSUMDEC", "CUSOFFFENT730"),
        ),
        "HEAHEA": ("TraModAtBorHEA76",),
        "GOOITEGDS": ("IteNumGDS7",),
        "PRODOCDC2": ("DocTypDC21", "DocRefDC23"),
        "SPEMENMT2": ("AddInfCodMT23",),
        "COMCODGODITM": ("ComNomCMD1",),
        "CONNR2": ("ConNumNR21",),
        "IDEMEATRAGI970": ("IdeMeaTraGIMEATRA971",),
        "PACGS2": ("KinOfPacGS23",),
        "ITI": ("CouOfRouCodITI1",),
        "CUSOFFLON": ("RefNumCOL1",),
        "SEAID529": ("SeaIdSEAID530",),
        "CUSOFFFENT730": ("RefNumCUSOFFFENT731", "ExpDatOfArrFIRENT733"),
        "CUSOFFSENT740": ("RefNumSUBENR909",),
    }
)
HEADER_REQUIRED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"CC315A": ("RefNumHEA4", "DecDatTimHEA114"), "CC313A": ("DocNumHEA5", "DatTimAmeHEA113")}
)
GROUPS: Final = frozenset({*REQUIRED, *(tags.tag for tags in (*HEADER_PARTIES, *ITEM_PARTIES))})

_OFFICE: Final = ("office_reference_format", re.compile(r"[a-zA-Z]{2}[a-zA-Z0-9]{6}"))
_COUNTRY: Final = ("country_format", re.compile(r"[A-Z]{2}"))
_TIME: Final = ("time_format", re.compile(r"[1-9][0-9]{3}[01][0-9][0-3][0-9][0-2][0-9][0-5][0-9]"))

FORMS: Final[Mapping[str, tuple[str, re.Pattern[str]]]] = MappingProxyType(
    {
        **dict.fromkeys(("RefNumCOL1", "RefNumCUSOFFFENT731", "RefNumSUBENR909"), _OFFICE),
        **{tags.details[4]: _COUNTRY for tags in (*HEADER_PARTIES, *ITEM_PARTIES)},
        **dict.fromkeys(("NatOfMeaOfTraCroHEA87", "NatIDEMEATRAGI973", "CouOfRouCodITI1"), _COUNTRY),
        **dict.fromkeys(("DecDatTimHEA114", "DatTimAmeHEA113", "ExpDatOfArrFIRENT733"), _TIME),
        "SpeCirIndHEA1": ("specific_circumstance_format", re.compile(r"[A-Z]")),
        "TraChaMetOfPayHEA1": ("method_of_payment_format", re.compile(r"[A-Z]")),
        "MetOfPayGDI12": ("method_of_payment_format", re.compile(r"[A-Z]")),
        "ComNomCMD1": ("commodity_code_format", re.compile(r"[0-9]{4,8}")),
        "UNDanGooCodGDI1": ("dangerous_goods_format", re.compile(r"[0-9]{4}")),
        "TraModAtBorHEA76": ("number_format", re.compile(r"[0-9]{1,2}")),
        "IteNumGDS7": ("number_format", re.compile(r"[0-9]{1,5}")),
        "TotNumOfIteHEA305": ("number_format", re.compile(r"[0-9]{1,5}")),
        "TotNumOfPacHEA306": ("number_format", re.compile(r"[0-9]{1,7}")),
        "NumOfPacGS24": ("number_format", re.compile(r"[0-9]{1,5}")),
        "NumOfPieGS25": ("number_format", re.compile(r"[0-9]{1,5}")),
        "TotGroMasHEA307": ("number_format", re.compile(r"[+-]?[0-9]*\.?[0-9]*")),
        "GroMasGDS46": ("number_format", re.compile(r"[+-]?[0-9]*\.?[0-9]*")),
    }
)


def structure_faults(ens: Branch) -> Iterator[Finding]:
    """Every missing element, empty element and code of the wrong form, in the order of the message."""
    yield from _missing(ens, REQUIRED[""])
    for branch in ens:
        yield from _faults(branch, message_type=ens.name)


def _faults(branch: Branch, *, message_type: str) -> Iterator[Finding]:
    if branch.name in GROUPS:
        wanted = REQUIRED.get(branch.name, ())
        if branch.name == "HEAHEA":
            wanted = (*wanted, *HEADER_REQUIRED.get(message_type, ()))
        yield from _missing(branch, wanted)
    inside = list(branch)
    for inner in inside:
        yield from _faults(inner, message_type=message_type)
    if inside or branch.name in GROUPS:
        return
    if branch.own_text is None:
        yield Finding("ens.element_empty", branch.place)
    elif (form := FORMS.get(branch.name)) and not form[1].fullmatch(branch.own_text):
        yield Finding(f"ens.{form[0]}", branch.place, params={"text": branch.own_text[:80]})


def _missing(branch: Branch, names: tuple[str, ...]) -> Iterator[Finding]:
    for name in names:
        if not branch.has(name):
            yield Finding("ens.element_missing", f"{branch.place}/{name}", params={"name": name})
