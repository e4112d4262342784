"""Files beside messages over the API: offered by digest, listed with their state, read once they are whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from api_client import Client, Served, join, served
from nodes import ANNA, at
from partner_nodes import AGREEMENT, administration, agree, alert, introduce
from pratique.node import Node
from pratique.node.exchange.attaching import Attaching
from pratique.node.handlers.attachments import KeepForSharing, PieceFor, TakePiece
from pratique.node.handlers.disclosures import Disclose, ShowDisclosure
from pratique.node.handlers.inbox_line import ReceiveEnvelopes
from pratique.node.handlers.ledger_keys import MakeKeys
from pratique.node.handlers.partners_own import PublishDescriptor, ShowOwnDescriptor

LOG = b"at,gate,seal\n22:14,3,AB12345\n"


@pytest.fixture(scope="module")
def came(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, str, str]]:
    """A node to which a partner sent an alert with a file; the message, and the digest of a file that it kept."""
    folder = tmp_path_factory.mktemp("beside")
    with served(folder / "xa") as found, administration(folder / "xb", "xb", clock=at()) as other:
        node = found.node
        node.execute(MakeKeys("xa-customs"), actor=ANNA)
        own = node.execute(PublishDescriptor("Customs of XA", "XA", "customs", None), actor=ANNA)
        introduce(node, other.ask(ShowOwnDescriptor(), actor=ANNA))
        introduce(other, own)
        for each in (node, other):
            agree(each, "xa", "xb")
        join(node, "leo", ("liaison",))
        file = folder / "gate log.csv"
        file.write_bytes(LOG)
        message = _delivered(other, node, file)
        file.write_bytes(LOG * 2)
        yield found, message, node.execute(KeepForSharing(file), actor=ANNA).sha256


def _delivered(other: Node, node: Node, file: Path) -> str:
    kept = other.execute(KeepForSharing(file), actor=ANNA)
    share = replace(alert("xa-customs"), attachments=(Attaching(kept.sha256, "finding", personal=False),))
    message = str(other.execute(Disclose(share), actor=ANNA).message)
    shown = other.ask(ShowDisclosure(message), actor=ANNA)
    assert shown.out is not None
    (taken,) = node.execute(ReceiveEnvelopes((shown.out.envelope,), "xb-customs"), actor=ANNA)
    assert taken.course == "accepted"
    piece = other.ask(PieceFor("xa-customs", message, shown.attachments[0].sealed_sha256, 0), actor=ANNA)
    node.execute(TakePiece("xb-customs", piece), actor=ANNA)
    return message


def test_file_that_came_is_listed_and_read(came: tuple[Served, str, str]) -> None:
    client = _client(came[0])
    (listed,) = client.get(f"/inbox/{came[1]}").json()["attachments"]
    assert (listed["name"], listed["state"], listed["byte_count"]) == ("gate log.csv", "whole", len(LOG))
    assert "key" not in listed
    assert client.get(f"/inbox/{came[1]}/attachments/1").content == LOG
    missing = client.get(f"/inbox/{came[1]}/attachments/2")
    assert (missing.status_code, missing.json()["code"]) == (404, "attach.none")


def test_file_that_is_kept_goes_by_its_digest_and_logs_are_due(came: tuple[Served, str, str]) -> None:
    client = _client(came[0])
    said = alert()
    share = {"to": said.to, "type": said.type, "fields": said.fields, "agreement": AGREEMENT, "clause": said.clause}
    share |= {"under": {"purpose": "prevention"}, "attachments": [{"sha256": came[2], "category": "biometric"}]}
    seen = client.post("/disclosures/preview", json=share).json()
    assert [(each["field"], each["sent"]) for each in seen["attachments"]] == [("attachment-1", False)]
    assert "attachment-1" in {each["field"] for each in seen["withheld"]}
    for sha256, code in (("0" * 64, "attach.not_kept"), (hashlib.sha256(LOG).hexdigest(), "attach.of_partner")):
        share["attachments"] = [{"sha256": sha256}]
        assert client.post("/disclosures/preview", json=share).json()["code"] == code
    (line,) = client.get("/reconciliations").json()
    assert (line["partner"], line["report"], line["due"]) == ("xb-customs", None, True)
    assert client.get("/reconciliations/1").status_code == 404


def _client(found: Served) -> Client:
    return found.client("inbox:read", "disclosures:read", "reconciliations:read", login="leo")
