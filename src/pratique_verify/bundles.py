"""An evidence bundle: a folder in which nothing is missing, changed or added, with custody signed hand by hand."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pratique_verify.faults import Fault
from pratique_verify.notes import Policy, holds, parse_policy
from pratique_verify.proofs import Proved, check_proof

FIRST = "0" * 64
KINDS = {"personal": "with their own key", "node": "with a key that the administration's node holds"}


@dataclass
class Checked:
    """What a bundle shows. ``custody`` tells each event in one line, ``trusted`` says that keys and policy came from
    outside the bundle, ``faults`` is empty where everything holds."""

    title: str = ""
    files: int = 0
    custody: list[str] = field(default_factory=list)
    proofs: list[Proved] = field(default_factory=list)
    trusted: bool = False
    faults: list[str] = field(default_factory=list)


def check_bundle(folder: Path, policy: Policy | None, keys: dict[str, bytes] | None) -> Checked:
    """Checks every file, then every proof and event, and tells every fault that it finds."""
    checked = Checked(trusted=policy is not None and keys is not None)
    try:
        told = json.loads((folder / "bundle.json").read_bytes())
        if told["format"] != "pratique-bundle-1":
            raise Fault("bundle.json is of another format")
        checked.title = str(told["title"])
        files = {entry["path"]: entry for entry in told["files"]}
        if len(files) != len(told["files"]):
            raise Fault("bundle.json names a file twice")
        checked.files = len(files)
        checked.faults += _file_faults(folder, files)
        if checked.faults:
            return checked  # what the files say counts only once they are those that were handed over
        _check_proofs(folder, told, files, policy, checked)
        known = keys if keys is not None else keys_of(told["keys"])
        _check_custody(told["custody"], known, {entry["sha256"] for entry in files.values()}, checked)
    except Fault as fault:
        checked.faults.append(str(fault))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        checked.faults.append(f"bundle.json cannot be read ({type(error).__name__}: {error})")
    return checked


def keys_of(told: list[dict[str, str]]) -> dict[str, bytes]:
    """Public keys by their id. Raises ``Fault`` for one that is no Ed25519 key, or an id with two keys."""
    found: dict[str, bytes] = {}
    for key in told:
        public = base64.b64decode(key["public_key"], validate=True)
        if key["algorithm"] != "ed25519" or len(public) != 32 or found.get(key["id"], public) != public:
            raise Fault(f"{key['id']} is no single Ed25519 key")
        found[key["id"]] = public
    return found


def _file_faults(folder: Path, files: dict[str, dict[str, Any]]) -> Iterator[str]:
    there = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if not path.is_dir()}
    there.pop("bundle.json", None)
    for name in sorted(there.keys() - files.keys()):
        yield f"{name} is in the folder, but the bundle does not name it"
    for name, entry in files.items():
        path = there.get(name)
        if path is None:
            yield f"{name} is missing"
        elif path.is_symlink() or not path.is_file():
            yield f"{name} is no plain file"
        elif path.stat().st_size != entry["bytes"] or _digest(path) != entry["sha256"]:
            yield f"{name} was changed"


def _check_proofs(
    folder: Path, told: dict[str, Any], files: dict[str, dict[str, Any]], policy: Policy | None, checked: Checked
) -> None:
    if policy is None and told.get("policy") in files:
        policy = parse_policy((folder / told["policy"]).read_text(encoding="utf-8"))
    for name in told["proofs"]:
        if name not in files:
            raise Fault(f"the proof {name} is not among the files")
        try:
            checked.proofs.append(check_proof((folder / name).read_bytes(), policy))
        except (Fault, OSError) as fault:
            checked.faults.append(f"{name}: {fault}")


def _check_custody(events: list[dict[str, Any]], keys: dict[str, bytes], known: set[str], checked: Checked) -> None:
    logged = {proof.record: proof for proof in checked.proofs if proof.record is not None}
    last: dict[str, tuple[int, str]] = {}
    ends: dict[str, str] = {}
    for place, entry in enumerate(events, 1):
        text = str(entry["event"])
        event = json.loads(text)
        ends |= event.get("items", {})
        number, previous = last.get(event["item"], (0, FIRST))
        if event["number"] != number + 1 or event["previous_sha256"] != previous:
            checked.faults.append(f"event {place} does not follow the one before it of {event['item']}")
        last[event["item"]] = (event["number"], hashlib.sha256(text.encode()).hexdigest())
        checked.faults += [
            f"event {place}: {why}" for why in _signature_faults(entry, event["signers"], _officers(event, keys) | keys)
        ]
        checked.faults += [
            f"event {place} is about a file that is not in the bundle ({name[:12]})"
            for name in event.get("files", [])
            if name not in known
        ]
        proof = logged.get(text.encode())
        seen = f"logged as entry {proof.index} of {proof.origin}" if proof else "not logged in a proof of this bundle"
        who = "; ".join(map(_hand, event.get("hands", []))) or ", ".join(event["signers"])
        checked.custody.append(f"{event['at']} {event['item']}: {event['what']}, {who}; {seen}")
    checked.faults += [
        f"the events of {item} do not end where the certificate of the bundle says"
        for item, end in ends.items()
        if last.get(item, (0, FIRST))[1] != end
    ]


def _hand(hand: dict[str, Any]) -> str:
    """Who signed, and who has the officer's key: an act that only the officer can have signed, or one on the word of
    the administration that the officer was signed in."""
    kind = KINDS.get(hand.get("officer_kind", ""), "with a key of which it is not said who holds it")
    return f"{hand['officer']} of {hand['agency']} {kind} ({hand['officer_key']}, {hand['agency_key']})"


def _officers(event: dict[str, Any], keys: dict[str, bytes]) -> dict[str, bytes]:
    """Keys of officers, each named by a known agency in what that agency has to sign as well."""
    return {
        hand["officer_key"]: base64.b64decode(hand["officer_public"], validate=True)
        for hand in event.get("hands", [])
        if hand["agency_key"] in keys and hand["agency_key"] in event["signers"]
    }


def _signature_faults(entry: dict[str, Any], signers: list[str], keys: dict[str, bytes]) -> Iterator[str]:
    signed = b"pratique-custody-1\n" + str(entry["event"]).encode()
    given = {each["key"]: base64.b64decode(each["signature"], validate=True) for each in entry["signatures"]}
    if not signers:
        yield "nobody has to sign it"
    for signer in signers:
        if signer not in keys:
            yield f"the key {signer} is not known"
        elif signer not in given:
            yield f"{signer} did not sign"
        elif not holds(keys[signer], given[signer], signed):
            yield f"the signature of {signer} does not hold"


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
