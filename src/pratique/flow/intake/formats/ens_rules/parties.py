"""Rules about the parties: which may be given where, and when an identification number replaces name and address."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from pratique.flow.intake.formats.ens_rules.values import (
    border_mode,
    circumstance,
    items,
    mentions_negotiable_bill,
)
from pratique.flow.intake.xml import Branch

DETAILS: Final = ("name", "street", "postcode", "city", "country")


@dataclass(frozen=True, slots=True)
class PartyTags:
    """The tags of one kind of party; the first of five rule numbers that require, and that forbid, its details."""

    title: str
    tag: str
    role_code: str  # EDIFACT 3035
    details: tuple[str, str, str, str, str]  # name, street, postcode, city, country
    language: str
    tin: str
    required_from: int | None
    forbidden_from: int


HEADER_PARTIES: Final = (
    PartyTags(
        "consignor",
        "TRACONCO1",
        "CZ",
        details=("NamCO17", "StrAndNumCO122", "PosCodCO123", "CitCO124", "CouCO125"),
        language="NADLNGCO",
        tin="TINCO159",
        required_from=8120,
        forbidden_from=8626,
    ),
    PartyTags(
        "consignee",
        "TRACONCE1",
        "CN",
        details=("NamCE17", "StrAndNumCE122", "PosCodCE123", "CitCE124", "CouCE125"),
        language="NADLNGCE",
        tin="TINCE159",
        required_from=8125,
        forbidden_from=8631,
    ),
    PartyTags(
        "notify party",
        "NOTPAR670",
        "NI",
        details=("NamNOTPAR672", "StrNumNOTPAR673", "PosCodNOTPAR676", "CitNOTPAR674", "CouCodNOTPAR675"),
        language="NOTPAR670LNG",
        tin="TINNOTPAR671",
        required_from=8130,
        forbidden_from=8636,
    ),
    PartyTags(
        "carrier",
        "TRACARENT601",
        "CA",
        details=(
            "NamTRACARENT604",
            "StrNumTRACARENT607",
            "PstCodTRACARENT606",
            "CtyTRACARENT603",
            "CouCodTRACARENT605",
        ),
        language="TRACARENT601LNG",
        tin="TINTRACARENT602",
        required_from=8159,
        forbidden_from=8666,
    ),
    PartyTags(
        "representative",
        "TRAREP",
        "AG",
        details=("NamTRE1", "StrAndNumTRE1", "PosCodTRE1", "CitTRE1", "CouCodTRE1"),
        language="TRAREPLNG",
        tin="TINTRE1",
        required_from=None,
        forbidden_from=8656,
    ),
    PartyTags(
        "person lodging the declaration",
        "PERLODSUMDEC",
        "DT",
        details=("NamPLD1", "StrAndNumPLD1", "PosCodPLD1", "CitPLD1", "CouCodPLD1"),
        language="PERLODSUMDECLNG",
        tin="TINPLD1",
        required_from=None,
        forbidden_from=8661,
    ),
)

ITEM_PARTIES: Final = (
    PartyTags(
        "goods item consignor",
        "TRACONCO2",
        "CZ",
        details=("NamCO27", "StrAndNumCO222", "PosCodCO223", "CitCO224", "CouCO225"),
        language="NADLNGGTCO",
        tin="TINCO259",
        required_from=8137,
        forbidden_from=8641,
    ),
    PartyTags(
        "goods item consignee",
        "TRACONCE2",
        "CN",
        details=("NamCE27", "StrAndNumCE222", "PosCodCE223", "CitCE224", "CouCE225"),
        language="NADLNGGICE",
        tin="TINCE259",
        required_from=8142,
        forbidden_from=8646,
    ),
    PartyTags(
        "goods item notify party",
        "PRTNOT640",
        "NI",
        details=("NamPRTNOT642", "StrNumPRTNOT646", "PstCodPRTNOT644", "CtyPRTNOT643", "CouCodGINOT647"),
        language="PRTNOT640LNG",
        tin="TINPRTNOT641",
        required_from=8154,
        forbidden_from=8651,
    ),
)

# The published set does not number this detail in the row of five of its kind: it gets a name instead.
_NAMED: Final = {8670: "carrier_country_with_tin"}


def rule_c501(ens: Branch) -> Iterator[tuple[str, str]]:
    """Name, street, postcode, city and country of a party are required where it has no identification number (C501)."""
    for tags, party in _parties(ens):
        if tags.required_from is None or party.has(tags.tin):
            continue
        for step, detail in enumerate(tags.details):
            if not party.has(detail):
                yield str(tags.required_from + step), party.place


def rule_c501_gb(ens: Branch) -> Iterator[tuple[str, str]]:
    """Name, street, postcode, city and country of a party are not given where it has a GB number (C501)."""
    for tags, party in _parties(ens):
        if not _may_replace(party, tags):
            continue
        for step, detail in enumerate(tags.details):
            code = tags.forbidden_from + step
            yield from ((_NAMED.get(code, str(code)), field.place) for field in party.children(detail))


def rule_8119(ens: Branch) -> Iterator[str]:
    """A consignor is given either in the header, for all goods items, or in the goods items (C511)."""
    given = [consignor.place for item in items(ens) for consignor in item.children("TRACONCO2")]
    if given and ens.has("TRACONCO1"):
        yield from (consignor.place for consignor in ens.children("TRACONCO1"))
        yield from given


def rule_8204(ens: Branch) -> Iterator[str]:
    """No consignee is given in the header where a goods item has special mention 10600 (C583)."""
    if any(mentions_negotiable_bill(item) for item in items(ens)):
        yield from (consignee.place for consignee in ens.children("TRACONCE1"))


def rule_8105(ens: Branch) -> Iterator[str]:
    """With specific circumstance E the consignee has an identification number (C562)."""
    for consignee in ens.children("TRACONCE1"):
        if circumstance(ens) == "E" and not consignee.has("TINCE159"):
            yield consignee.place


def rule_8619(ens: Branch) -> Iterator[str]:
    """A notify party is given in the header only where all goods items have special mention 10600 (C583)."""
    if not all(mentions_negotiable_bill(item) for item in items(ens)):
        yield from (party.place for party in ens.children("NOTPAR670"))


def rule_8624(ens: Branch) -> Iterator[str]:
    """A goods item under a negotiable bill (special mention 10600) has no consignee (C584)."""
    for item in items(ens):
        if mentions_negotiable_bill(item):
            yield from (consignee.place for consignee in item.children("TRACONCE2"))


def rule_8625(ens: Branch) -> Iterator[str]:
    """A goods item has no consignee where the header has one (C584)."""
    for item in items(ens):
        if ens.has("TRACONCE1"):
            yield from (consignee.place for consignee in item.children("TRACONCE2"))


def rule_8208(ens: Branch) -> Iterator[str]:
    """With specific circumstance E the consignee of a goods item has an identification number (C562)."""
    for item in items(ens):
        for consignee in item.children("TRACONCE2"):
            if circumstance(ens) == "E" and not consignee.has("TINCE259"):
                yield consignee.place


def rule_8620(ens: Branch) -> Iterator[str]:
    """A goods item has a notify party only where it has special mention 10600 (C584)."""
    for item in items(ens):
        if not mentions_negotiable_bill(item):
            yield from (party.place for party in item.children("PRTNOT640"))


def rule_8621(ens: Branch) -> Iterator[str]:
    """A goods item has no notify party where the header has one (C584)."""
    for item in items(ens):
        if ens.has("NOTPAR670"):
            yield from (party.place for party in item.children("PRTNOT640"))


def rule_8164(ens: Branch) -> Iterator[str]:
    """By mode 1, 4, 8, 10 or 11 the carrier has an identification number (C502)."""
    for carrier in ens.children("TRACARENT601"):
        if border_mode(ens) in {1, 4, 8, 10, 11} and not carrier.has("TINTRACARENT602"):
            yield carrier.place


def rule_8195(ens: Branch) -> Iterator[str]:
    """The carrier is only given where it is not the person who lodges the declaration (R806)."""
    lodging = ens.text("PERLODSUMDEC", "TINPLD1")
    for number in ens.children("TRACARENT601", "TINTRACARENT602"):
        if number.own_text == lodging:
            yield number.place


def rule_language_with_tin(ens: Branch) -> Iterator[str]:
    """The language of name and address is not given where a party has a GB identification number (C501)."""
    for tags, party in _parties(ens):
        if tags.required_from is not None and _may_replace(party, tags):
            yield from (field.place for field in party.children(tags.language))


def _parties(ens: Branch) -> Iterator[tuple[PartyTags, Branch]]:
    for tags in HEADER_PARTIES:
        yield from ((tags, party) for party in ens.children(tags.tag))
    for item in items(ens):
        for tags in ITEM_PARTIES:
            yield from ((tags, party) for party in item.children(tags.tag))


def _may_replace(party: Branch, tags: PartyTags) -> bool:
    """Whether the number makes the details superfluous: any number of a declarant, a GB number of a trader."""
    tin = party.text(tags.tin)
    return tin is not None and (tags.required_from is None or tin.startswith("GB"))


RULES: Final[tuple[Callable[[Branch], Iterator[str]], ...]] = (
    *(rule_8119, rule_8204, rule_8105, rule_8619, rule_8624, rule_8625, rule_8208, rule_8620, rule_8621),
    *(rule_8164, rule_8195, rule_language_with_tin),
)
