"""What every message format keeps to, whoever wrote it: the suite runs over all that are installed."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import replace

import polars as pl
import pytest
from openpyxl import Workbook

from pratique.flow.intake.document import document
from pratique.flow.intake.format import HEAD_BYTES, ReadContext, Reading, Unreadable
from pratique.flow.intake.read import read
from pratique.flow.intake.registry import detect, format_named, format_names
from pratique.flow.intake.sender_profiles import shipped_sender_profiles
from pratique.vocabulary.codes.tables import shipped_tables
from pratique.vocabulary.errors import PratiqueError
from pratique.vocabulary.frames import PURPOSE, RETENTION_CLASS, Manifest

pytestmark = pytest.mark.long

CONTEXT = ReadContext("sample", "0" * 64)
MUTATIONS = 60
BUILT_IN = ("awmds", "cuscar", "ens", "table", "wco_declaration")

CUSCAR = (
    "UNB+UNOA:2+CARRIER+CUSTOMS+260301:1200+1'UNH+1+CUSCAR:D:95B:UN'BGM+785+REF1+9'DTM+137:202603011200:203'"
    "TDT+20+12W+1++CARR:172:20+++9074729:146::EVER SO'LOC+60+NLRTM'DTM+132:202603040600:203'CNI+1'RFF+BM:BILL1'"
    "CNT+7:100:KGM'LOC+9+CNSHA'LOC+11+NLRTM'GIS+23'NAD+CZ+++ACME LTD+1 LONG STREET+SHANGHAI+++CN'"
    "NAD+CN+++BETA BV+2 QUAY+ROTTERDAM+++NL'GID+1+10:CT'FTX+AAA+++SHOES'MEA+AAE+G+KGM:100'SGP+MSKU1234565'"
    "EQD+CN+MSKU1234565+22G1:102:5++3+5'SEL+S1+CA'UNT+23+1'UNZ+1+1'"
)
AWMDS = """<?xml version="1.0" encoding="UTF-8"?>
<Awmds><General_segment><General_segment_id><Customs_office_code>BBBRI</Customs_office_code>
<Voyage_number>12W</Voyage_number><Date_of_departure>2026-03-01</Date_of_departure>
<Date_of_arrival>2026-03-04</Date_of_arrival></General_segment_id><Totals_segment><Total_number_of_bols>1</Total_number_of_bols>
</Totals_segment></General_segment><Bol_segment><Bol_id><Bol_reference>BILL1</Bol_reference><Line_number>1</Line_number>
<Bol_nature>23</Bol_nature></Bol_id><Traders_segment><Exporter><Exporter_name>ACME LTD</Exporter_name></Exporter>
<Consignee><Consignee_name>BETA BV</Consignee_name></Consignee></Traders_segment><ctn_segment>
<Ctn_reference>MSKU1234565</Ctn_reference><Number_of_packages>10</Number_of_packages><Type_of_container>22G1</Type_of_container>
<Empty_Full>5</Empty_Full></ctn_segment><Goods_segment><Number_of_packages>10</Number_of_packages>
<Package_type_code>CT</Package_type_code><Gross_mass>100</Gross_mass><Goods_description>SHOES</Goods_description>
</Goods_segment></Bol_segment></Awmds>"""
ENS = """<?xml version="1.0" encoding="UTF-8"?>
<ie:CC315A xmlns:ie="http://ics.dgtaxud.ec/CC315A"><MesSenMES3>GB123</MesSenMES3><MesRecMES6>NL</MesRecMES6>
<DatOfPreMES9>260301</DatOfPreMES9><TimOfPreMES10>1200</TimOfPreMES10><MesIdeMES19>M1</MesIdeMES19>
<MesTypMES20>CC315A</MesTypMES20><HEAHEA><RefNumHEA4>LRN1</RefNumHEA4><TraModAtBorHEA76>1</TraModAtBorHEA76>
<TotGroMasHEA307>100.000</TotGroMasHEA307><DecDatTimHEA114>202603011200</DecDatTimHEA114></HEAHEA>
<TRACONCO1><NamCO17>ACME LTD</NamCO17><CouCO125>CN</CouCO125></TRACONCO1><GOOITEGDS><IteNumGDS7>1</IteNumGDS7>
<GooDesGDS23>SHOES</GooDesGDS23><GroMasGDS46>100.000</GroMasGDS46><CONNR2><ConNumNR21>MSKU1234565</ConNumNR21></CONNR2>
<PACGS2><KinOfPacGS23>CT</KinOfPacGS23><NumOfPacGS24>10</NumOfPacGS24></PACGS2></GOOITEGDS>
<PERLODSUMDEC><TINPLD1>GB123</TINPLD1></PERLODSUMDEC></ie:CC315A>"""
WCO = """<?xml version="1.0" encoding="UTF-8"?>
<MetaData xmlns="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"><WCODataModelVersionCode>3.6</WCODataModelVersionCode>
<WCOTypeName>DEC</WCOTypeName><Declaration xmlns="urn:wco:datamodel:WCO:DEC-DMS:2"><FunctionCode>9</FunctionCode>
<FunctionalReferenceID>LRN1</FunctionalReferenceID><TypeCode>IMA</TypeCode><GoodsItemQuantity>1</GoodsItemQuantity>
<Declarant><ID>GB123</ID></Declarant><GoodsShipment><Consignment><TransportEquipment><ID>MSKU1234565</ID>
</TransportEquipment></Consignment><Importer><Name>BETA BV</Name></Importer><GovernmentAgencyGoodsItem>
<SequenceNumeric>1</SequenceNumeric><Commodity><Description>SHOES</Description><GoodsMeasure>
<GrossMassMeasure unitCode="KGM">100</GrossMassMeasure></GoodsMeasure></Commodity><Packaging>
<QuantityQuantity>10</QuantityQuantity><TypeCode>CT</TypeCode></Packaging></GovernmentAgencyGoodsItem></GoodsShipment></Declaration></MetaData>"""
CSV = (
    "bill_number,container_number,shipper_name,consignee_name,description,packages,package_type,gross_weight_kg,eta\n"
    'BILL1,MSKU1234565,ACME LTD,BETA BV,"SHOES, new",10,CT,100.5,2026-03-04T06:00Z\n'
    "BILL1,MSKU1234566,ACME LTD,BETA BV,HATS,5,CT,50,2026-03-04T06:00Z\n"
)


def xlsx() -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in CSV.splitlines():
        book.active.append(row.replace('"SHOES, new"', "SHOES").split(","))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


SAMPLES: dict[str, Callable[[], bytes]] = {
    "cuscar": lambda: CUSCAR.encode(),
    "awmds": lambda: AWMDS.encode(),
    "ens": lambda: ENS.encode(),
    "wco_declaration": lambda: WCO.encode(),
    "table": lambda: CSV.encode(),
    "table (workbook)": xlsx,
}


def read_as(name: str, raw: bytes) -> Reading:
    return read(
        io.BytesIO(raw),
        context=replace(CONTEXT, format_name=name.partition(" ")[0]),
        tables=shipped_tables(),
        profiles=shipped_sender_profiles(),
    )


def mutated(raw: bytes, seed: int) -> bytes:
    """One to four random changes: bytes turned, cut, doubled, moved or put in."""
    chance = random.Random(seed)
    changed = bytearray(raw)
    for _ in range(chance.randint(1, 4)):
        at, length = chance.randrange(len(changed) + 1), chance.randrange(1, 40)
        match chance.randrange(6):
            case 0 if at < len(changed):
                changed[at] = chance.randrange(256)
            case 1:
                del changed[at : at + length]
            case 2:
                changed[at:at] = changed[at : at + length]
            case 3:
                changed[at:at] = chance.choice(
                    [b"'", b"+", b"<", b"</x>", b"&amp;", b"&x;", b"\x00", b"\xff", b'"', b"\n"]
                )
            case 4:
                changed[at:at] = chance.randbytes(length)
            case _:
                del changed[at:]
    return bytes(changed)


@pytest.fixture(params=format_names())
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_every_built_in_format_is_installed_and_has_a_sample_here() -> None:
    assert set(format_names()) >= set(BUILT_IN)
    assert {sample.partition(" ")[0] for sample in SAMPLES} == set(BUILT_IN)


def test_format_is_named_as_its_entry_point(name: str) -> None:
    assert format_named(name).name == name


@pytest.mark.parametrize("sample", SAMPLES)
def test_sample_is_recognised_by_its_content_alone(sample: str) -> None:
    assert detect(SAMPLES[sample]()[:HEAD_BYTES], "x").name == sample.partition(" ")[0]


@pytest.mark.parametrize("seed", range(5))
def test_random_bytes_are_nobodys_message(name: str, seed: int) -> None:
    garbage = random.Random(seed).randbytes(4_096)
    assert 0 <= format_named(name).detect(garbage, "x") <= 20
    with pytest.raises(Unreadable) as refused:
        read_as(name, garbage)
    assert refused.value.todo or refused.value.place or refused.value.happened


@pytest.mark.parametrize("raw", [b"", b" ", b"\n\n", b"\x00" * 64, b"\xef\xbb\xbf", b"\xff\xfe"])
def test_empty_file_is_refused(name: str, raw: bytes) -> None:
    assert format_named(name).detect(raw, "x") <= 20
    with pytest.raises(Unreadable):
        format_named(name).read(io.BytesIO(raw), context=CONTEXT)


def test_message_of_another_format_is_refused_not_misread(name: str) -> None:
    for sample, make in SAMPLES.items():
        if sample.partition(" ")[0] != name:
            with pytest.raises(Unreadable):
                read_as(name, make())


@pytest.mark.parametrize("sample", SAMPLES)
def test_sample_reads_to_frames_whose_rows_point_to_each_other_and_to_the_file(sample: str) -> None:
    manifest = read_as(sample, SAMPLES[sample]()).manifest
    assert manifest.consignments.height == 1
    assert manifest.goods_items.height >= 1
    assert manifest.parties.height >= 1
    assert manifest.message["format"].unique().to_list() == [sample.partition(" ")[0]]
    assert manifest.message["raw_sha256"].unique().to_list() == [CONTEXT.raw_sha256]
    hold(manifest)


@pytest.mark.parametrize("sample", SAMPLES)
def test_sample_reads_to_the_same_frames_every_time(sample: str) -> None:
    raw = SAMPLES[sample]()
    assert document(read_as(sample, raw)) == document(read_as(sample, raw))


@pytest.mark.parametrize("sample", SAMPLES)
def test_broken_message_is_read_in_part_or_refused_but_never_fails(sample: str) -> None:
    raw = SAMPLES[sample]()
    readings = [reading for seed in range(MUTATIONS) for reading in attempt(sample, mutated(raw, seed))]
    for reading in readings:
        hold(reading.manifest)
        for part in reading.quarantined:
            assert part.reason.rule
            assert len(part.excerpt) < 100_000


def attempt(sample: str, raw: bytes) -> list[Reading]:
    """The reading; none where the file was refused. Any other exception is the fault that is looked for."""
    try:
        return [read_as(sample, raw)]
    except PratiqueError:
        return []


def hold(manifest: Manifest) -> None:
    """What must be true of everything that was read, broken or not."""
    assert manifest.message.height > 0
    assert manifest.message["message"].to_list() == list(range(manifest.message.height))
    assert manifest.consignments["consignment"].to_list() == list(range(manifest.consignments.height))
    assert manifest.goods_items["goods_item"].is_unique().all()
    assert manifest.consignments["message"].is_in(manifest.message["message"].implode()).all()
    assert manifest.consignments["place"].is_unique().all()
    for rows in (manifest.message, manifest.consignments, manifest.goods_items, manifest.equipment, manifest.parties):
        assert rows["place"].null_count() == 0
    for rows in (manifest.goods_items, manifest.equipment, manifest.parties):
        assert rows["consignment"].drop_nulls().is_in(manifest.consignments["consignment"].implode()).all()
    assert manifest.parties.filter(
        (pl.col("purpose") == PURPOSE) & (pl.col("retention_class") == RETENTION_CLASS)
    ).height == (manifest.parties.height)
    assert manifest.findings["severity"].is_in(["note", "warning", "error"]).all()
    for column in ("gross_mass_g", "package_count"):
        assert (manifest.consignments[column].drop_nulls() >= 0).all()
