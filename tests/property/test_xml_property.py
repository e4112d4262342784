"""Whatever is done to a manifest, it is read, quarantined or refused: never lost, never a crash."""

from __future__ import annotations

import io

from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.flow.intake.format import MessageFormat, ReadContext, Reading, Unreadable
from pratique.flow.intake.formats.awmds import Awmds
from pratique.flow.intake.formats.ens import Ens
from pratique.flow.intake.formats.wco_declaration import WcoDeclaration

CONTEXT = ReadContext("x.xml", "ab" * 32)
BILL = "<Bol_segment><Bol_id><Bol_reference>{}</Bol_reference></Bol_id><Goods_segment>{}</Goods_segment></Bol_segment>"
FAULTS = ["&", "<x>", "<", "</Goods_segment>", "\0", "<![CDATA[", "<!--", "&nbsp;", "<a b=c>"]
SPLICES = [b"&", b"<", b">", b"\0", b"\xff", b"<!DOCTYPE x>", b"<![CDATA[", b"<!--", b'"', b"</Bol_segment>", b"1e9"]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(["", *FAULTS]), min_size=1, max_size=12))
def test_every_bill_is_either_read_or_quarantined_at_its_own_place(faults: list[str]) -> None:
    bills = [BILL.format(f"B{index}", fault) for index, fault in enumerate(faults)]
    text = f"<Awmds><General_segment/>{''.join(bills)}</Awmds>".encode()
    reading = Awmds().read(io.BytesIO(text), context=CONTEXT)
    wanted = [f"B{index}" for index, fault in enumerate(faults) if not fault]
    read = reading.manifest.consignments["transport_contract_document_id"].to_list()
    assert set(wanted) <= set(read)
    places = {f"/Awmds[1]/Bol_segment[{int(str(number)[1:]) + 1}]" for number in read}
    assert set(reading.manifest.consignments["place"]) == places
    set_aside = b"".join(text[part.offset or 0 :][: part.length] for part in reading.quarantined)
    for index, bill in enumerate(bills):
        assert f"B{index}" in read or bill.encode() in set_aside


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from(SPLICES), st.integers(0, 40)), min_size=1, max_size=4))
def test_a_damaged_file_is_read_or_refused_and_breaks_stay_inside_it(damage: list[tuple[float, bytes, int]]) -> None:
    data = bytearray(f"<Awmds><General_segment/>{BILL.format('B1', '<Gross_mass>1</Gross_mass>') * 5}</Awmds>".encode())
    for where, splice, cut in damage:
        at = int(where * len(data))
        data[at : at + cut] = splice
    reading, refused = _read(Awmds(), bytes(data))
    assert (reading is None) != (refused is None)
    if refused is not None:
        assert refused.code.startswith(("intake.", "xml.", "awmds.")), refused.code
        assert refused.happened
    if reading is not None:
        assert reading.manifest.consignments.height <= 5
        assert reading.manifest.consignments.height or reading.quarantined or reading.manifest.message.height
        for part in reading.quarantined:
            assert part.offset is not None
            assert part.length
            assert part.offset + part.length <= len(data)


def test_an_undamaged_file_is_read_whole() -> None:
    text = f"<Awmds><General_segment/>{BILL.format('B1', '<Gross_mass>1</Gross_mass>') * 5}</Awmds>".encode()
    reading, refused = _read(Awmds(), text)
    assert refused is None
    assert reading is not None
    assert (reading.manifest.consignments.height, reading.quarantined) == (5, ())


def _read(kind: MessageFormat, data: bytes) -> tuple[Reading | None, Unreadable | None]:
    """What came of it: a reading or a refusal."""
    try:
        return kind.read(io.BytesIO(data), context=CONTEXT), None
    except Unreadable as refused:
        return None, refused


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=400), st.sampled_from([b"", b"<Awmds>", b"<CC315A>", b"<MetaData>", b"<?xml version='1.0'?>"])
)
def test_any_bytes_are_read_or_refused_by_every_xml_format(noise: bytes, start: bytes) -> None:
    for kind in (Awmds(), Ens(), WcoDeclaration()):
        kind.detect(start + noise, "x")
        reading, refused = _read(kind, start + noise)
        assert refused.code if refused else reading and reading.manifest.message.height
