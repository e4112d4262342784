"""Rules about goods items, their masses, packages and means of transport."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from pratique.flow.intake.formats.ens_rules.values import (
    BULK,
    UNPACKED,
    border_mode,
    circumstance,
    has_leading_zero,
    items,
    mentions_negotiable_bill,
    number,
    packages,
)
from pratique.flow.intake.xml import Branch

_NO_LEADING_ZERO: Final = re.compile(r"[+-]*([1-9.][0-9.]*|0(\.[0-9]*)?)")
_POINT_BETWEEN_DIGITS: Final = re.compile(r"[+-]?([^.\s]*|[0-9]+\.[0-9]+)")


def rule_8207(ens: Branch) -> Iterator[str]:
    """A goods item has a description or a commodity code (C585)."""
    for item in items(ens):
        if not item.has("GooDesGDS23") and not item.has("COMCODGODITM"):
            yield item.place


def rule_8687(ens: Branch) -> Iterator[str]:
    """The place of unloading is given in the header or in each goods item, unless the circumstance is E (C579)."""
    header = ens.child("HEAHEA")
    for item in items(ens):
        covered = header is not None and header.has("PlaUnlGOOITE334")
        if not item.has("PlaUnlGOOITE333") and not covered and circumstance(ens) != "E":
            yield item.place


def rule_8199(ens: Branch) -> Iterator[str]:
    """Each goods item names its means of transport where the header has no identity, except by air (C019)."""
    header = ens.child("HEAHEA")
    for item in items(ens):
        covered = (header is not None and header.has("IdeOfMeaOfTraCroHEA85")) or border_mode(ens) == 4
        if not item.has("IDEMEATRAGI970") and not covered:
            yield item.place


def rule_8622(ens: Branch) -> Iterator[str]:
    """A goods item under a negotiable bill (special mention 10600) has a notify party, here or in the header (C584)."""
    for item in items(ens):
        if mentions_negotiable_bill(item) and not item.has("PRTNOT640") and not ens.has("NOTPAR670"):
            yield item.place


def rule_8623(ens: Branch) -> Iterator[str]:
    """A goods item without special mention 10600 has a consignee, here or in the header (C584)."""
    for item in items(ens):
        if not mentions_negotiable_bill(item) and not item.has("TRACONCE2") and not ens.has("TRACONCE1"):
            yield item.place


def rule_8612(ens: Branch) -> Iterator[str]:
    """A goods item names at most 999 means of transport at the border."""
    for item in items(ens):
        if len(item.children("IDEMEATRAGI970")) > 999:
            yield item.place


def rule_8103(ens: Branch) -> Iterator[str]:
    """A gross mass is given in each goods item where there is no total, except with specific circumstance E (C592)."""
    header = ens.child("HEAHEA")
    for item in items(ens):
        covered = circumstance(ens) == "E" or (header is not None and header.has("TotGroMasHEA307"))
        if not item.has("GroMasGDS46") and not covered:
            yield item.place


def rule_8104(ens: Branch) -> Iterator[str]:
    """The place of loading is given in the header or in each goods item (C574)."""
    header = ens.child("HEAHEA")
    for item in items(ens):
        if not item.has("PlaLoaGOOITE333") and not (header is not None and header.has("PlaLoaGOOITE334")):
            yield item.place


def rule_8170(ens: Branch) -> Iterator[str]:
    """A goods item has a document or a commercial reference where the header has no commercial reference (C567)."""
    header = ens.child("HEAHEA")
    for item in items(ens):
        covered = header is not None and header.has("ComRefNumHEA")
        if not item.has("PRODOCDC2") and not item.has("ComRefNumGIM1") and not covered:
            yield item.place


def rule_8678(ens: Branch) -> Iterator[str]:
    """The item number has no leading zero."""
    for item in items(ens):
        yield from (field.place for field in item.children("IteNumGDS7") if has_leading_zero(field))


def rule_8674(ens: Branch) -> Iterator[str]:
    """A mass has no leading zero."""
    yield from (mass.place for mass in _masses(ens) if not _NO_LEADING_ZERO.fullmatch(mass.own_text or ""))


def rule_8675(ens: Branch) -> Iterator[str]:
    """A mass has at most 11 digits."""
    for mass in _masses(ens):
        if sum(sign.isdigit() for sign in mass.own_text or "") > 11:
            yield mass.place


def rule_8676(ens: Branch) -> Iterator[str]:
    """A mass has at most 3 decimals."""
    yield from (mass.place for mass in _masses(ens) if len((mass.own_text or "").partition(".")[2]) > 3)


def rule_8677(ens: Branch) -> Iterator[str]:
    """A mass with a decimal point has a digit before and after it."""
    yield from (mass.place for mass in _masses(ens) if not _POINT_BETWEEN_DIGITS.fullmatch(mass.own_text or ""))


def rule_8679(ens: Branch) -> Iterator[str]:
    """The gross mass of a goods item has a decimal point at most: no sign and no other symbol."""
    for item in items(ens):
        for mass in item.children("GroMasGDS46"):
            if set("+-") & set(mass.own_text or ""):
                yield mass.place


def rule_8147(ens: Branch) -> Iterator[str]:
    """The nationality of the means of transport of a goods item is given, except by rail (mode 2) (C020)."""
    for item in items(ens):
        for means in item.children("IDEMEATRAGI970"):
            if not means.has("NatIDEMEATRAGI973") and border_mode(ens) != 2:
                yield means.place


def rule_8198(ens: Branch) -> Iterator[str]:
    """No means of transport is given in a goods item where the header has the identity, nor by air (mode 4) (C019)."""
    header = ens.child("HEAHEA")
    covered = (header is not None and header.has("IdeOfMeaOfTraCroHEA85")) or border_mode(ens) == 4
    for item in items(ens):
        yield from (means.place for means in item.children("IDEMEATRAGI970") if covered)


def rule_8149(ens: Branch) -> Iterator[str]:
    """Bulk (VQ, VG, VL, VY, VR, VS, VO) has no number of packages and no number of pieces (C062)."""
    for package in packages(ens):
        counted = package.has("NumOfPacGS24") or package.has("NumOfPieGS25")
        if package.text("KinOfPacGS23") in BULK and counted:
            yield package.place


def rule_8150(ens: Branch) -> Iterator[str]:
    """Unpacked goods (NE, NF, NG) have a number of pieces and no number of packages (C062)."""
    for package in packages(ens):
        fits = package.has("NumOfPieGS25") and not package.has("NumOfPacGS24")
        if package.text("KinOfPacGS23") in UNPACKED and not fits:
            yield package.place


def rule_8151(ens: Branch) -> Iterator[str]:
    """Packages that are neither bulk nor unpacked have a number of packages and no number of pieces (C062)."""
    for package in packages(ens):
        fits = package.has("NumOfPacGS24") and not package.has("NumOfPieGS25")
        if package.text("KinOfPacGS23") not in BULK | UNPACKED and not fits:
            yield package.place


def rule_8152(ens: Branch) -> Iterator[str]:
    """Packages that are neither bulk nor unpacked have marks, unless there is a specific circumstance (C062)."""
    for package in packages(ens):
        excused = package.text("KinOfPacGS23") in BULK | UNPACKED or circumstance(ens) is not None
        if not excused and not package.has("MarNumOfPacGSL21"):
            yield package.place


def rule_8153(ens: Branch) -> Iterator[str]:
    """Where the number of packages is 0, other packages with the same marks have a number greater than 0 (TR0022)."""
    counted = {
        package.text("MarNumOfPacGSL21")
        for package in packages(ens)
        if (number(package.child("NumOfPacGS24")) or 0) > 0
    } - {None}
    for package in packages(ens):
        if number(package.child("NumOfPacGS24")) == 0 and package.text("MarNumOfPacGSL21") not in counted:
            yield package.place


def rule_8680(ens: Branch) -> Iterator[str]:
    """The number of packages has no leading zero."""
    for package in packages(ens):
        yield from (field.place for field in package.children("NumOfPacGS24") if has_leading_zero(field))


def rule_8681(ens: Branch) -> Iterator[str]:
    """The number of pieces has no leading zero."""
    for package in packages(ens):
        yield from (field.place for field in package.children("NumOfPieGS25") if has_leading_zero(field))


def _masses(ens: Branch) -> Iterator[Branch]:
    yield from ens.children("HEAHEA", "TotGroMasHEA307")
    for item in items(ens):
        yield from item.children("GroMasGDS46")


RULES: Final[tuple[Callable[[Branch], Iterator[str]], ...]] = (
    *(rule_8207, rule_8687, rule_8199, rule_8622, rule_8623, rule_8612, rule_8103, rule_8104, rule_8170),
    *(rule_8678, rule_8674, rule_8675, rule_8676, rule_8677, rule_8679, rule_8147, rule_8198),
    *(rule_8149, rule_8150, rule_8151, rule_8152, rule_8153, rule_8680, rule_8681),
)
