"""The published rules: every rule case against the errors that its control file lists, and each rule by its number."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree
from tests.samples import ROOT, sample

from pratique.flow.intake.format import ReadContext, Reading
from pratique.flow.intake.formats.ens import Ens
from pratique.flow.intake.formats.ens_rules import RULES
from pratique.flow.intake.formats.ens_rules.parties import HEADER_PARTIES, ITEM_PARTIES
from pratique.flow.intake.formats.ens_rules.structure import FORMS
from pratique.vocabulary.sentences import known_codes, sentence

CASES = sorted(path.stem for path in (ROOT / "messages/ens-ics-rule-cases").glob("*.ctl")) or ["none at hand"]

# What the four control files mean that name a fault of the structure in words only.
STRUCTURE = {
    "CITPLD1.0.0": ("ens.element_missing", "/ie:CC315A[1]/PERLODSUMDEC"),
    "E_ENS_DAT_MESSAGE.5.74": ("ens.element_empty", "/ie:CC315A[1]/GOOITEGDS[2]/TRACONCO2[1]/CitCO224[1]"),
    "REFNUMSUBENR909.3": (
        "ens.office_reference_format",
        "/ie:CC315A[1]/CUSOFFSENT740[1]/RefNumSUBENR909[1]",
    ),
    "TRACONCE1.6.09": ("ens.specific_circumstance_format", "/ie:CC315A[1]/HEAHEA[1]/SpeCirIndHEA1[1]"),
}

# A declaration in which every rule holds; each test changes one thing in it.
WHOLE = """<ie:CC315A xmlns:ie="http://ics.dgtaxud.ec/CC315A">
<MesSenMES3>GBCD1234/1234567890</MesSenMES3><MesRecMES6>GBCD1234</MesRecMES6><DatOfPreMES9>091231</DatOfPreMES9>
<TimOfPreMES10>2359</TimOfPreMES10><MesIdeMES19>M1</MesIdeMES19><MesTypMES20>CC315A</MesTypMES20>
<HEAHEA><RefNumHEA4>L1</RefNumHEA4><TraModAtBorHEA76>3</TraModAtBorHEA76>
<IdeOfMeaOfTraCroHEA85>AB12CDE</IdeOfMeaOfTraCroHEA85><NatOfMeaOfTraCroHEA87>GB</NatOfMeaOfTraCroHEA87>
<TotNumOfIteHEA305>2</TotNumOfIteHEA305><TotNumOfPacHEA306>7</TotNumOfPacHEA306>
<TotGroMasHEA307>15.5</TotGroMasHEA307><ComRefNumHEA>C1</ComRefNumHEA><ConRefNumHEA>V1</ConRefNumHEA>
<PlaLoaGOOITE334>FRCQF</PlaLoaGOOITE334><PlaUnlGOOITE334>GBDVR</PlaUnlGOOITE334>
<DecDatTimHEA114>200912312359</DecDatTimHEA114></HEAHEA>
<TRACONCO1><NamCO17>n</NamCO17><StrAndNumCO122>s</StrAndNumCO122><PosCodCO123>p</PosCodCO123><CitCO124>c</CitCO124>
<CouCO125>FR</CouCO125></TRACONCO1><TRACONCE1><TINCE159>GB1</TINCE159></TRACONCE1>
<GOOITEGDS><IteNumGDS7>1</IteNumGDS7><GooDesGDS23>shoes</GooDesGDS23><GroMasGDS46>5.5</GroMasGDS46>
<PACGS2><KinOfPacGS23>CT</KinOfPacGS23><NumOfPacGS24>7</NumOfPacGS24><MarNumOfPacGSL21>m</MarNumOfPacGSL21></PACGS2>
</GOOITEGDS><GOOITEGDS><IteNumGDS7>2</IteNumGDS7><GooDesGDS23>hats</GooDesGDS23><GroMasGDS46>10</GroMasGDS46>
<PACGS2><KinOfPacGS23>CT</KinOfPacGS23><NumOfPacGS24>0</NumOfPacGS24><MarNumOfPacGSL21>m</MarNumOfPacGSL21></PACGS2>
</GOOITEGDS><ITI><CouOfRouCodITI1>FR</CouOfRouCodITI1></ITI><ITI><CouOfRouCodITI1>GB</CouOfRouCodITI1></ITI>
<CUSOFFLON><RefNumCOL1>GB000011</RefNumCOL1></CUSOFFLON><PERLODSUMDEC><TINPLD1>GB2</TINPLD1></PERLODSUMDEC>
<CUSOFFFENT730><RefNumCUSOFFFENT731>GB000060</RefNumCUSOFFFENT731>
<ExpDatOfArrFIRENT733>200912312359</ExpDatOfArrFIRENT733></CUSOFFFENT730>
<TRACARENT601><TINTRACARENT602>GB3</TINTRACARENT602></TRACARENT601></ie:CC315A>"""

BULK = "<PACGS2><KinOfPacGS23>VQ</KinOfPacGS23></PACGS2>"
NOTIFY = "<NOTPAR670><TINNOTPAR671>GB1</TINNOTPAR671></NOTPAR670>"
ITEM_CONSIGNEE = "<TRACONCE2><TINCE259>GB1</TINCE259></TRACONCE2>"
ITEM_CONSIGNOR = "<TRACONCO2><TINCO259>FR1</TINCO259></TRACONCO2>"
ITEM_NOTIFY = "<PRTNOT640><TINPRTNOT641>GB1</TINPRTNOT641></PRTNOT640>"
MEANS = "<IDEMEATRAGI970><IdeMeaTraGIMEATRA971>X</IdeMeaTraGIMEATRA971></IDEMEATRAGI970>"
NEGOTIABLE = "<SPEMENMT2><AddInfCodMT23>10600</AddInfCodMT23></SPEMENMT2>"
IDENTITY = "<IdeOfMeaOfTraCroHEA85>AB12CDE</IdeOfMeaOfTraCroHEA85>"
NATIONALITY = "<NatOfMeaOfTraCroHEA87>GB</NatOfMeaOfTraCroHEA87>"
CONSIGNEE = "<TRACONCE1><TINCE159>GB1</TINCE159></TRACONCE1>"
HEADER_END = "</HEAHEA>"
FIRST_PACKAGE = "<PACGS2><KinOfPacGS23>CT</KinOfPacGS23><NumOfPacGS24>7</NumOfPacGS24>"


def in_first_item(inner: str) -> tuple[str, str]:
    return "<GooDesGDS23>shoes</GooDesGDS23>", f"<GooDesGDS23>shoes</GooDesGDS23>{inner}"


def field(name: str, old: str, new: str) -> tuple[str, str]:
    return f"<{name}>{old}</{name}>", f"<{name}>{new}</{name}>"


MODE = "TraModAtBorHEA76"
BROKEN = {
    8193: [("<TRACONCO1>", "<x>"), ("</TRACONCO1>", "</x>"), in_first_item(ITEM_CONSIGNOR)],
    8102: [field("IteNumGDS7", "2", "3")],
    8688: [("<PACGS2>", "<x>"), ("</PACGS2>", "</x>")],
    8684: [("<ITI><CouOfRouCodITI1>FR</CouOfRouCodITI1></ITI>", "")],
    8107: [field(MODE, "3", "1"), (IDENTITY, ""), (NATIONALITY, "")],
    8111: [field(MODE, "3", "2"), (HEADER_END, "<SpeCirIndHEA1>C</SpeCirIndHEA1></HEAHEA>")],
    8112: [(HEADER_END, "<SpeCirIndHEA1>D</SpeCirIndHEA1></HEAHEA>")],
    8689: [field(MODE, "3", "9")],
    8690: [field(MODE, "3", "03")],
    8113: [field(MODE, "3", "4")],
    8114: [field(MODE, "3", "8")],
    8115: [field(MODE, "3", "2")],
    8206: [field("TotNumOfIteHEA305", "2", "3")],
    8671: [field("TotNumOfIteHEA305", "2", "02")],
    8672: [field("TotNumOfPacHEA306", "7", "07")],
    8673: [field("TotGroMasHEA307", "15.5", "+15.5")],
    8686: [field("TotGroMasHEA307", "15.5", "15.4")],
    8118: [field(MODE, "3", "4"), field("ConRefNumHEA", "V1", "NOFLIGHT")],
    8685: [field(MODE, "3", "1"), field("ConRefNumHEA", "V1", "XFER 1")],
    8691: [(HEADER_END, "<SpeCirIndHEA1>A</SpeCirIndHEA1></HEAHEA>")],
    8616: [field("RefNumCOL1", "GB000011", "GB000060")],
    8207: [("<GooDesGDS23>hats</GooDesGDS23>", "")],
    8687: [("<PlaUnlGOOITE334>GBDVR</PlaUnlGOOITE334>", "")],
    8199: [(IDENTITY, ""), (NATIONALITY, "")],
    8622: [in_first_item(NEGOTIABLE)],
    8623: [(CONSIGNEE, "")],
    8103: [("<TotGroMasHEA307>15.5</TotGroMasHEA307>", ""), ("<GroMasGDS46>10</GroMasGDS46>", "")],
    8104: [("<PlaLoaGOOITE334>FRCQF</PlaLoaGOOITE334>", "")],
    8170: [("<ComRefNumHEA>C1</ComRefNumHEA>", "")],
    8678: [field("IteNumGDS7", "2", "02")],
    8674: [field("GroMasGDS46", "5.5", "05.5")],
    8675: [field("GroMasGDS46", "5.5", "000000000005.5")],
    8676: [field("GroMasGDS46", "5.5", "5.5000")],
    8677: [field("GroMasGDS46", "5.5", ".5")],
    8679: [field("GroMasGDS46", "5.5", "-5.5")],
    8147: [in_first_item(MEANS)],
    8198: [in_first_item(MEANS)],
    8149: [(FIRST_PACKAGE, FIRST_PACKAGE.replace("CT", "VQ"))],
    8150: [(FIRST_PACKAGE, FIRST_PACKAGE.replace("CT", "NE"))],
    8151: [(FIRST_PACKAGE, FIRST_PACKAGE.replace("NumOfPacGS24", "NumOfPieGS25"))],
    8152: [("<MarNumOfPacGSL21>m</MarNumOfPacGSL21>", "")],
    8153: [(f"{FIRST_PACKAGE}<MarNumOfPacGSL21>m<", f"{FIRST_PACKAGE}<MarNumOfPacGSL21>other<")],
    8680: [field("NumOfPacGS24", "7", "07")],
    8681: [
        (
            FIRST_PACKAGE,
            FIRST_PACKAGE.replace("CT", "NE").replace("NumOfPacGS24", "NumOfPieGS25").replace(">7<", ">07<"),
        )
    ],
    8119: [in_first_item(ITEM_CONSIGNOR)],
    8204: [in_first_item(NEGOTIABLE)],
    8105: [
        (HEADER_END, "<SpeCirIndHEA1>E</SpeCirIndHEA1></HEAHEA>"),
        field("TINCE159", "GB1", "GB1"),
        ("TINCE159", "NamCE17"),
    ],
    8619: [(CONSIGNEE, CONSIGNEE + NOTIFY)],
    8624: [in_first_item(NEGOTIABLE + ITEM_CONSIGNEE)],
    8625: [in_first_item(ITEM_CONSIGNEE)],
    8208: [
        (HEADER_END, "<SpeCirIndHEA1>E</SpeCirIndHEA1></HEAHEA>"),
        in_first_item("<TRACONCE2><NamCE27>n</NamCE27></TRACONCE2>"),
    ],
    8620: [in_first_item(ITEM_NOTIFY)],
    8621: [in_first_item(ITEM_NOTIFY), (CONSIGNEE, CONSIGNEE + NOTIFY)],
    8164: [field(MODE, "3", "10"), ("TINTRACARENT602", "NamTRACARENT604")],
    8195: [field("TINTRACARENT602", "GB3", "GB2")],
    8611: [("<ITI>", "<GOOITEGDS><IteNumGDS7>3</IteNumGDS7></GOOITEGDS>" * 499 + "<ITI>")],
    8612: [in_first_item(MEANS * 1000)],
    8617: [("<CUSOFFFENT730>", "<SEAID529><SeaIdSEAID530>s</SeaIdSEAID530></SEAID529>" * 10_000 + "<CUSOFFFENT730>")],
}


def read(text: str | bytes) -> Reading:
    data = text.encode() if isinstance(text, str) else text
    return Ens().read(io.BytesIO(data), context=ReadContext("ens.xml", "ab" * 32))


def found(reading: Reading) -> Counter[tuple[str, str]]:
    rows = reading.manifest.findings.filter(severity="error").select("rule", "place").rows()
    return Counter((rule, place) for rule, place in rows if rule.startswith("ens."))


def numbered(reading: Reading) -> Counter[tuple[str, str]]:
    return Counter({(rule[4:], place): count for (rule, place), count in found(reading).items() if rule[4:].isdigit()})


def expected(control: Path) -> Counter[tuple[str, str]]:
    told: Counter[tuple[str, str]] = Counter()
    for error in etree.parse(control).getroot():
        values = {child.tag.rpartition("}")[2]: child.text or "" for child in error}
        if "Number" in values:
            told[values["Number"], values["Location"]] += 1
    return told


@pytest.mark.parametrize("case", CASES)
def test_a_rule_case_has_the_very_errors_of_its_control_file(case: str) -> None:
    folder = sample("messages/ens-ics-rule-cases")
    assert numbered(read((folder / f"{case}.xml").read_bytes())) == expected(folder / f"{case}.ctl")


@pytest.mark.parametrize("case", sorted(STRUCTURE))
def test_a_case_of_faulty_structure_is_told_with_its_place(case: str) -> None:
    reading = read(sample(f"messages/ens-ics-rule-cases/{case}.xml").read_bytes())
    assert found(reading) == Counter([STRUCTURE[case]])
    assert "ens.rules_not_checked" in reading.manifest.findings["rule"].to_list()


def test_cases_that_list_no_error_have_no_finding_of_the_rules_at_all() -> None:
    folder = sample("messages/ens-ics-rule-cases")
    silent = [control for control in sorted(folder.glob("*.ctl")) if not len(etree.parse(control).getroot())]
    assert len(silent) == 8
    assert [found(read(control.with_suffix(".xml").read_bytes())) for control in silent] == [Counter()] * 8


def test_the_whole_declaration_breaks_no_rule() -> None:
    assert found(read(WHOLE)) == Counter()


@pytest.mark.parametrize("number", sorted(BROKEN))
def test_a_rule_is_found_by_its_number_where_it_is_broken(number: int) -> None:
    text = WHOLE
    for old, new in BROKEN[number]:
        assert old in text
        text = text.replace(old, new)
    rules = {int(rule) for rule, _ in numbered(read(text))}
    assert number in rules


def test_every_rule_is_broken_by_one_of_these_tests() -> None:
    numbers = {rule.__name__.removeprefix("rule_") for rule in RULES}
    assert {str(number) for number in BROKEN} | {"language_with_tin"} == numbers


@pytest.mark.parametrize("tags", [*HEADER_PARTIES, *ITEM_PARTIES], ids=lambda tags: tags.tag)
def test_c501_requires_the_details_of_a_party_without_a_number_and_forbids_them_with_one(tags: object) -> None:
    party = next(one for one in (*HEADER_PARTIES, *ITEM_PARTIES) if one is tags)
    details = "".join(f"<{name}>FR</{name}>" for name in party.details)
    number = f"<{party.tin}>GB1</{party.tin}>"
    bare, doubled = (_party_numbers(party.tag, inner) for inner in ("", details + number))
    first = party.required_from
    assert bare == ({str(first + step) for step in range(5)} if first else set())
    assert doubled >= {str(party.forbidden_from + step) for step in range(4)}


def _party_numbers(tag: str, inner: str) -> set[str]:
    party = f"<{tag}>{inner}</{tag}>"
    if f"<{tag}>" in WHOLE:
        start, end = WHOLE.index(f"<{tag}>"), WHOLE.index(f"</{tag}>") + len(tag) + 3
        text = WHOLE[:start] + party + WHOLE[end:]
    elif tag in {one.tag for one in HEADER_PARTIES}:
        text = WHOLE.replace("<GOOITEGDS>", f"{party}<GOOITEGDS>", 1)
    else:
        text = WHOLE.replace("<GooDesGDS23>shoes</GooDesGDS23>", f"<GooDesGDS23>shoes</GooDesGDS23>{party}")
    return {
        rule for rule, place in numbered(read(text)) if tag in place and rule not in {"8119", "8625", "8619", "8620"}
    }


def test_a_number_of_another_country_does_not_forbid_name_and_address() -> None:
    text = WHOLE.replace("<CouCO125>FR</CouCO125>", "<CouCO125>FR</CouCO125><TINCO159>FR1</TINCO159>")
    assert found(read(text)) == Counter()


def test_the_language_beside_a_gb_number_is_told_by_name() -> None:
    text = WHOLE.replace("<TINCE159>GB1</TINCE159>", "<NADLNGCE>en</NADLNGCE><TINCE159>GB1</TINCE159>")
    assert found(read(text)) == Counter([("ens.language_with_tin", "/ie:CC315A[1]/TRACONCE1[1]/NADLNGCE[1]")])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_docstring_of_a_rule_is_the_sentence_that_people_read(rule: object) -> None:
    code = f"ens.{getattr(rule, '__name__', '').removeprefix('rule_')}"
    assert sentence(code, {}) == " ".join((rule.__doc__ or "").split())


def test_every_code_has_a_sentence() -> None:
    parties = (*HEADER_PARTIES, *ITEM_PARTIES)
    required = {f"ens.{tags.required_from + step}" for tags in parties if tags.required_from for step in range(5)}
    forbidden = {f"ens.{tags.forbidden_from + step}" for tags in parties for step in range(5)} - {"ens.8670"}
    named = {"ens.carrier_country_with_tin", "ens.element_missing", "ens.element_empty", "ens.rules_not_checked"}
    assert required | forbidden | named | {f"ens.{code}" for code, _ in FORMS.values()} <= known_codes()
