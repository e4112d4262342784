"""Evidence in the story of partners: taken into custody, named in an answer, bundled, checked offline, taken in."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pratique.cli.demo_sides import Side
from pratique.cli.output import say
from pratique.node.assistance.bundle_folder import write_folder, zipped
from pratique.node.handlers.attachments import KeepForSharing
from pratique.node.handlers.custody import CollectEvidence, NewItem, RecordCustody
from pratique.node.handlers.evidence_bundles import MakeBundle, TakeInBundle, TakenBundle
from pratique.node.handlers.ledger_keys import ListKeys
from pratique.partners.evidence.custody import What
from pratique.partners.evidence.items import ItemKind
from pratique_verify.main import HOLDS, main

LOG: Final = "at,gate,box,seal\n2026-09-11T22:14Z,3,MSCU1234566,AB12345\n2026-09-12T01:40Z,3,MSCU1234566,AB12346\n"


@dataclass(frozen=True, slots=True)
class Answered:
    """A request that was answered with an item: its ids on both sides, and the item's."""

    ours: str
    theirs: str
    item: str


def take_into_custody(side: Side, request: str, out: Path) -> str:
    """The gate log of the port, collected and sealed by the officer; answers with the id of the item."""
    log = out / "gate-log.csv"
    log.write_text(LOG, encoding="utf-8")
    new = NewItem("Gate log of the port", ItemKind.DATA, "Port of XA, gate 3", "Gate system", "Customs Act 31", (log,))
    item = side.node.execute(CollectEvidence(new, request=request), actor=side.officer).id
    side.node.execute(RecordCustody(item, What.SEAL, "Port of XA, gate 3", "H441"), actor=side.officer)
    say(f"   XA takes the gate log into custody as {item}: two events, signed by officer and agency.")
    return item


def bundled(side: Side, answered: Answered, out: Path) -> Path:
    """The bundle of the answer, with the key that was exchanged beside it."""
    said = MakeBundle((answered.item,), "Gate log for case 26/1187", "Customs of XB", answered.theirs)
    folder = out / "bundle"
    write_folder(folder, side.node.execute(said, actor=side.officer).parts)
    keys = [
        {"id": f"{key.owner}/{key.id}", "algorithm": "ed25519", "public_key": base64.b64encode(key.public_key).decode()}
        for key in side.node.ask(ListKeys(), actor=side.officer)
        if key.name == "sign"
    ]
    (out / "xa.keys").write_text(json.dumps(keys), encoding="utf-8")
    return folder


def kept_bundle(side: Side, folder: Path, out: Path) -> str:
    """The same bundle as one file, kept to go beside a message; answers with its SHA-256."""
    file = out / "bundle.zip"
    parts = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    file.write_bytes(zipped(parts))
    return side.node.execute(KeepForSharing(file), actor=side.officer).sha256


def verified(folder: Path, out: Path) -> bool:
    """Whether ``pratique-verify`` finds nothing wrong, with the keys and the policy that were exchanged."""
    return main(["--policy", str(out / "xa.policy"), "--keys", str(out / "xa.keys"), str(folder)]) == HOLDS


def tampered(folder: Path) -> None:
    """Changes one digit of the gate log inside a bundle."""
    log = next(folder.glob("items/*/*.csv"))
    log.write_text(log.read_text(encoding="utf-8").replace("AB12346", "AB12345"), encoding="utf-8")


def taken_in(side: Side, answered: Answered, folder: Path) -> TakenBundle:
    """The partner takes the bundle in, for the request that it answers."""
    return side.node.execute(TakeInBundle(folder, answered.ours), actor=side.officer)
