"""A chain of custody: what changed, vanished, moved or was forged is named, with the event where it shows."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from pratique.partners.evidence.certificate import Certificate, certificate_breaks
from pratique.partners.evidence.checking import Chain, follow
from pratique.partners.evidence.custody import (
    Custody,
    CustodyEvent,
    Hand,
    SignedEvent,
    What,
    custody_after,
    event_of,
    fault_of,
    next_event,
    signed_bytes,
)
from pratique.partners.evidence.items import Item, ItemFile, ItemKind

ITEM = "7K3MZQ2V"
FILE = "9f" * 32
KEYS = {name: Ed25519PrivateKey.from_private_bytes(bytes([number] * 32)) for number, name in enumerate(
    ("anna", "ben", "xa", "cora", "xb", "mallory"), 1)}  # fmt: skip


def public(name: str) -> str:
    return base64.b64encode(KEYS[name].public_key().public_bytes_raw()).decode()


def hand(officer: str, agency: str) -> Hand:
    return Hand(officer, agency, f"{agency}/officer/{officer}/1", public(officer), f"{agency}/sign/1", public(agency))


ANNA, BEN, CORA = hand("anna", "xa"), hand("ben", "xa"), hand("cora", "xb")
AGENCIES = {name: {KEYS[name].public_key().public_bytes_raw()} for name in ("xa", "xb")}


def signed(event: CustodyEvent, **by: str) -> SignedEvent:
    """The event signed by all its hands; ``by`` names another key for one of them."""
    text = event.text()
    names = {
        key: name for each in event.hands for key, name in zip(each.keys, (each.officer, each.agency), strict=True)
    }
    return SignedEvent(text, {key: KEYS[by.get(name, name)].sign(signed_bytes(text)) for key, name in names.items()})


def chain() -> list[SignedEvent]:
    """Collected and sealed by Anna, handed to Ben, then to Cora of another agency, who opens it."""
    item = Item(
        ITEM, "Seal", ItemKind.PHOTOGRAPH, (ItemFile("seal.jpg", FILE, 9, "image/jpeg"),), "Camera 7", "", "s. 31"
    )
    steps = [
        (What.COLLECT, (ANNA,), "", item.manifest()),
        (What.SEAL, (ANNA,), "H441", None),
        (What.HAND_OVER, (ANNA, BEN), "H441", None),
        (What.HAND_OVER, (BEN, CORA), "H441", None),
        (What.RECEIVE, (CORA,), "H441", None),
        (What.OPEN, (CORA,), "H441", None),
    ]
    custody, made = Custody(ITEM), []
    for number, (what, hands, seal, manifest) in enumerate(steps, 1):
        at = f"2026-10-{number:02}T08:00:00.000000Z"
        told = CustodyEvent(ITEM, 0, "", what, at, "Port Ilmen", hands, (FILE,), seal=seal, manifest=manifest)
        event = next_event(custody, told)
        assert fault_of(custody, event) is None
        custody = custody_after(custody, event)
        made.append(signed(event))
    return made


def codes(found: Chain) -> list[tuple[int, str]]:
    return [(each.number, each.code) for each in found.breaks]


def test_a_whole_chain_holds_and_says_who_has_the_item() -> None:
    found = follow(ITEM, chain(), agencies=AGENCIES)
    assert found.breaks == ()
    assert (found.custody.holder, found.custody.seal, found.custody.number) == (("cora", "xb"), "", 6)


@given(place=st.integers(0, 5), at=st.integers(0, 10_000), by=st.integers(1, 255))
def test_any_changed_byte_of_any_event_is_named_at_that_event(place: int, at: int, by: int) -> None:
    events = chain()
    data = bytearray(events[place].text.encode())
    data[at % len(data)] ^= by
    events[place] = SignedEvent(
        data.decode("utf-8", "surrogateescape").encode("utf-8", "replace").decode(), events[place].signatures
    )
    found = follow(ITEM, events, agencies=AGENCIES)
    assert found.breaks
    assert min(each.number for each in found.breaks) == place + 1 or found.breaks[0].code == "number"


@given(place=st.integers(0, 5), key=st.integers(0, 3), at=st.integers(0, 63), by=st.integers(1, 255))
def test_any_changed_byte_of_any_signature_is_named(place: int, key: int, at: int, by: int) -> None:
    events = chain()
    names = sorted(events[place].signatures)
    name = names[key % len(names)]
    spoilt = bytearray(events[place].signatures[name])
    spoilt[at] ^= by
    events[place] = SignedEvent(events[place].text, {**events[place].signatures, name: bytes(spoilt)})
    assert set(codes(follow(ITEM, events, agencies=AGENCIES))) == {(place + 1, "signature_wrong")}


@pytest.mark.parametrize("place", range(5))
def test_a_removed_event_is_missed_where_the_next_one_stands(place: int) -> None:
    events = chain()
    del events[place]
    assert (place + 2, "number") in codes(follow(ITEM, events, agencies=AGENCIES))


def test_events_in_another_order_do_not_follow() -> None:
    events = chain()
    events[1], events[2] = events[2], events[1]
    assert codes(follow(ITEM, events, agencies=AGENCIES))[0] == (3, "number")


def test_a_hand_over_with_one_hand_or_a_forged_one_is_named() -> None:
    events = chain()
    event = event_of(events[3].text)
    events[3] = SignedEvent(event.text(), {key: value for key, value in events[3].signatures.items() if "xa" in key})
    assert codes(follow(ITEM, events, agencies=AGENCIES)) == [(4, "signature_missing"), (4, "signature_missing")]
    forged = chain()
    forged[3] = signed(event, cora="mallory")
    assert codes(follow(ITEM, forged, agencies=AGENCIES)) == [(4, "signature_wrong")]


def test_an_agency_that_names_a_key_of_its_own_making_is_not_believed() -> None:
    mallory = replace(CORA, agency_public=public("mallory"))
    events = chain()
    event = replace(event_of(events[3].text), hands=(BEN, mallory))
    events[3] = signed(event, xb="mallory")
    assert (4, "agency_unknown") in codes(follow(ITEM, events, agencies=AGENCIES))


def test_an_event_told_in_another_spelling_is_not_read() -> None:
    events = chain()
    loose = json.dumps(json.loads(events[0].text), indent=1)
    assert codes(follow(ITEM, [SignedEvent(loose, events[0].signatures)])) == [(1, "unreadable")]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda event: replace(event, hands=(BEN,)), "not_holder"),
        (lambda event: replace(event, seal="H442"), "seal_differs"),
        (lambda event: replace(event, what=What.COPY, derived="0RHXBYXV"), "still_sealed"),
        (lambda event: replace(event, what=What.SEAL), "sealed_already"),
        (lambda event: replace(event, what=What.HAND_OVER), "hands"),
        (lambda event: replace(event, what=What.HAND_OVER, hands=(ANNA, ANNA)), "same_hands"),
        (lambda event: replace(event, at="2026-01-01T00:00:00.000000Z"), "before_last"),
        (lambda event: replace(event, files=("00" * 32,)), "foreign_files"),
        (lambda event: replace(event, what=What.COLLECT), "collected_twice"),
    ],
)
def test_what_the_rules_of_custody_forbid_has_a_name(
    change: Callable[[CustodyEvent], CustodyEvent], fault: str
) -> None:
    held = follow(ITEM, chain()[:2]).custody
    good = CustodyEvent(ITEM, 3, "", What.OPEN, "2026-10-09T08:00:00.000000Z", "Lab", (ANNA,), (FILE,), seal="H441")
    assert fault_of(held, good) is None
    assert fault_of(held, change(good)) == fault


def test_nothing_follows_a_destruction() -> None:
    held = follow(ITEM, chain()).custody
    gone = CustodyEvent(ITEM, 7, "", What.DESTROY, "2026-10-09T08:00:00.000000Z", "Kiln", (CORA,), (FILE,))
    assert fault_of(custody_after(held, gone), replace(gone, what=What.OPEN)) == "after_end"


def certified(events: list[SignedEvent], by: str = "anna") -> SignedEvent:
    end = follow(ITEM, events).custody.last_sha256
    text = Certificate("2026-10-09T08:00:00.000000Z", ANNA, "Court", {ITEM: end}, ()).text()
    keys = {ANNA.officer_key: KEYS[by], ANNA.agency_key: KEYS["xa"]}
    return SignedEvent(text, {key: private.sign(signed_bytes(text)) for key, private in keys.items()})


def test_a_chain_cut_at_its_end_is_missed_by_the_certificate() -> None:
    whole = chain()
    paper = certified(whole)
    assert list(certificate_breaks(paper, {ITEM: follow(ITEM, whole)}, agencies=AGENCIES)) == []
    cut = follow(ITEM, whole[:-1], agencies=AGENCIES)
    assert cut.breaks == ()  # the chain itself cannot know
    (found,) = certificate_breaks(paper, {ITEM: cut}, agencies=AGENCIES)
    assert (found.number, found.code) == (5, "end_differs")


def test_a_missing_or_forged_certificate_and_a_missing_item_are_named() -> None:
    whole = chain()
    chains = {ITEM: follow(ITEM, whole)}
    assert [each.code for each in certificate_breaks(None, chains)] == ["no_certificate"]
    assert [each.code for each in certificate_breaks(certified(whole, by="ben"), chains)] == ["signature_wrong"]
    assert [each.code for each in certificate_breaks(certified(whole), {})] == ["item_missing"]
