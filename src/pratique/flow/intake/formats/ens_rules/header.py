"""Rules about the declaration as a whole and its header."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from pratique.flow.intake.formats.ens_rules.values import (
    border_mode,
    circumstance,
    has_leading_zero,
    items,
    number,
)
from pratique.flow.intake.xml import Branch

_SHIP_NUMBER: Final = re.compile(r"[0-9]{7,8}")
_FLIGHT: Final = re.compile(r"[a-zA-Z0-9]{3}[0-9]{1,4}[a-zA-Z]?|[a-zA-Z0-9]{1,3}[0-9][a-zA-Z]?")
_TRANSFER: Final = re.compile(r"XFER[a-zA-Z0-9]+([:-][a-zA-Z0-9]+)?")


def rule_8193(ens: Branch) -> Iterator[str]:
    """Consignors of goods items are only used where there are at least two of them and they differ (C511)."""
    given = [consignor for item in items(ens) for consignor in item.children("TRACONCO2")]
    told = {tuple(sorted((field.name, field.own_text) for field in consignor)) for consignor in given}
    if given and len(told) < 2:
        yield ens.place


def rule_8102(ens: Branch) -> Iterator[str]:
    """Goods items are numbered 1, 2, 3 and so on without a gap (R007)."""
    told = [number(item.child("IteNumGDS7")) for item in items(ens)]
    if told != list(range(1, len(told) + 1)):
        yield ens.place


def rule_8611(ens: Branch) -> Iterator[str]:
    """There are at most 999 goods items."""
    if len(items(ens)) > 999:
        yield ens.place


def rule_8688(ens: Branch) -> Iterator[str]:
    """Packages are given for at least one goods item."""
    if not any(item.has("PACGS2") for item in items(ens)):
        yield ens.place


def rule_8617(ens: Branch) -> Iterator[str]:
    """There are at most 9,999 seals."""
    if len(ens.children("SEAID529")) > 9999:
        yield ens.place


def rule_8684(ens: Branch) -> Iterator[str]:
    """The itinerary names at least two countries (C570)."""
    if len(ens.children("ITI")) < 2:
        yield ens.place


def rule_8107(ens: Branch) -> Iterator[str]:
    """By sea or inland waterway (mode 1 or 8) the identity of the means of transport is given in the header (C017)."""
    for header in ens.children("HEAHEA"):
        if border_mode(ens) in {1, 8} and not header.has("IdeOfMeaOfTraCroHEA85"):
            yield header.place


def rule_8111(ens: Branch) -> Iterator[str]:
    """With specific circumstance C the mode at the border is not 1, 2, 4, 8, 10 or 11 (C529)."""
    for header in ens.children("HEAHEA"):
        if circumstance(ens) == "C" and border_mode(ens) in {1, 2, 4, 8, 10, 11}:
            yield header.place


def rule_8112(ens: Branch) -> Iterator[str]:
    """With specific circumstance D the mode at the border is not 1, 3, 4, 8, 10 or 11 (C529)."""
    for header in ens.children("HEAHEA"):
        if circumstance(ens) == "D" and border_mode(ens) in {1, 3, 4, 8, 10, 11}:
            yield header.place


def rule_8689(ens: Branch) -> Iterator[str]:
    """The mode of transport at the border is 1, 2, 3, 4, 8, 10 or 11."""
    for header in ens.children("HEAHEA"):
        if border_mode(ens) not in {1, 2, 3, 4, 8, 10, 11}:
            yield header.place


def rule_8690(ens: Branch) -> Iterator[str]:
    """The mode of transport at the border has no leading zero."""
    yield from _leading_zero(ens, "TraModAtBorHEA76")


def rule_8113(ens: Branch) -> Iterator[str]:
    """By air (mode 4) the identity of the means of transport is not given in the header (C017)."""
    for header in ens.children("HEAHEA"):
        if border_mode(ens) == 4 and header.has("IdeOfMeaOfTraCroHEA85"):
            yield header.place


def rule_8114(ens: Branch) -> Iterator[str]:
    """By sea or inland waterway (mode 1 or 8) a ship is identified by 7 digits (IMO) or 8 digits (ENI) (C514)."""
    if border_mode(ens) not in {1, 8}:
        return
    for header in ens.children("HEAHEA"):
        identity = header.text("IdeOfMeaOfTraCroHEA85")
        if identity is not None and not _SHIP_NUMBER.fullmatch(identity):
            yield header.place
    for item in items(ens):
        for means in item.children("IDEMEATRAGI970"):
            for given in means.children("IdeMeaTraGIMEATRA971"):
                if not _SHIP_NUMBER.fullmatch(given.own_text or ""):
                    yield given.place


def rule_8115(ens: Branch) -> Iterator[str]:
    """The nationality of the means of transport is only given by mode 3, 10 or 11 with its identity (C024)."""
    for header in ens.children("HEAHEA"):
        fits = border_mode(ens) in {3, 10, 11} and header.has("IdeOfMeaOfTraCroHEA85")
        if header.has("NatOfMeaOfTraCroHEA87") and not fits:
            yield header.place


def rule_8206(ens: Branch) -> Iterator[str]:
    """The total number of items is the number of goods items in the message."""
    for header in ens.children("HEAHEA"):
        total = number(header.child("TotNumOfIteHEA305"))
        if total is not None and total != len(items(ens)):
            yield header.place


def rule_8671(ens: Branch) -> Iterator[str]:
    """The total number of items has no leading zero."""
    yield from _leading_zero(ens, "TotNumOfIteHEA305")


def rule_8672(ens: Branch) -> Iterator[str]:
    """The total number of packages has no leading zero."""
    yield from _leading_zero(ens, "TotNumOfPacHEA306")


def rule_8673(ens: Branch) -> Iterator[str]:
    """The total gross mass has a decimal point at most: no sign and no other symbol."""
    for header in ens.children("HEAHEA"):
        if set("+-") & set(header.text("TotGroMasHEA307") or ""):
            yield header.place


def rule_8686(ens: Branch) -> Iterator[str]:
    """The total gross mass is not less than the gross masses of the goods items together (TR0812)."""
    texts = [item.text("GroMasGDS46") or "" for item in items(ens)]
    masses = [number(item.child("GroMasGDS46")) for item in items(ens)]
    for header in ens.children("HEAHEA"):
        total = number(header.child("TotGroMasHEA307"))
        if total is None or any("+" in text for text in (header.text("TotGroMasHEA307") or "", *texts)):
            continue
        if total < sum(mass for mass in masses if mass is not None):
            yield header.place


def rule_8118(ens: Branch) -> Iterator[str]:
    """By air (mode 4) the conveyance reference is the flight number: airline, number, at most one letter (TR0518)."""
    for header in ens.children("HEAHEA"):
        if border_mode(ens) == 4 and not _FLIGHT.fullmatch(header.text("ConRefNumHEA") or ""):
            yield header.place


def rule_8685(ens: Branch) -> Iterator[str]:
    """By sea (mode 1) a reference that begins with XFER goes on in letters and digits, with one : or - (TR0519)."""
    for header in ens.children("HEAHEA"):
        reference = header.text("ConRefNumHEA") or ""
        if border_mode(ens) == 1 and reference.startswith("XFER") and not _TRANSFER.fullmatch(reference):
            yield header.place


def rule_8691(ens: Branch) -> Iterator[str]:
    """The specific circumstance indicator is C, D or E."""
    for header in ens.children("HEAHEA"):
        if circumstance(ens) not in {None, "C", "D", "E"}:
            yield header.place


def rule_8616(ens: Branch) -> Iterator[str]:
    """The office of lodgement is only given where it is not the office of first entry."""
    first = ens.text("CUSOFFFENT730", "RefNumCUSOFFFENT731")
    for office in ens.children("CUSOFFLON", "RefNumCOL1"):
        if office.own_text == first:
            yield office.place


def _leading_zero(ens: Branch, name: str) -> Iterator[str]:
    for header in ens.children("HEAHEA"):
        field = header.child(name)
        if field is not None and has_leading_zero(field):
            yield header.place


RULES: Final[tuple[Callable[[Branch], Iterator[str]], ...]] = (
    *(rule_8193, rule_8102, rule_8611, rule_8688, rule_8617, rule_8684),
    *(rule_8107, rule_8111, rule_8112, rule_8689, rule_8690, rule_8113, rule_8114, rule_8115),
    *(rule_8206, rule_8671, rule_8672, rule_8673, rule_8686, rule_8118, rule_8685, rule_8691, rule_8616),
)
