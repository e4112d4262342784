"""Bundles: nothing missing, changed or added, custody signed hand by hand, and proofs that lead to a trusted log."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger_nodes import keyed
from nodes import ANNA
from pratique.node.handlers.ledger import MakeCheckpoint, ProveEntry
from pratique.node.handlers.ledger_witness import ShowLogPolicy
from pratique_verify.bundles import Checked, check_bundle, keys_of
from pratique_verify.main import main
from pratique_verify.notes import parse_policy

KEYS = {
    name: Ed25519PrivateKey.from_private_bytes(name.encode().ljust(32, b"x"))
    for name in ("a/officer", "a/sign", "b/sign")
}


def signed(event: dict[str, Any]) -> dict[str, Any]:
    text = json.dumps(event, sort_keys=True)
    by = [(name, KEYS[name].sign(b"pratique-custody-1\n" + text.encode())) for name in event["signers"]]
    return {
        "event": text,
        "signatures": [{"key": name, "signature": base64.b64encode(told).decode()} for name, told in by],
    }


def custody(photo: str) -> list[dict[str, Any]]:
    first = {"item": "item-1", "number": 1, "previous_sha256": "0" * 64, "what": "collect", "files": [photo]}
    first |= {"at": "2026-11-28T10:00:00Z", "signers": ["a/officer", "a/sign"]}
    one = signed(first)
    second = {"item": "item-1", "number": 2, "what": "hand_over", "at": "2026-11-28T11:00:00Z"}
    second |= {"previous_sha256": hashlib.sha256(one["event"].encode()).hexdigest(), "signers": ["a/sign", "b/sign"]}
    return [one, signed(second)]


def write(folder: Path, told: dict[str, Any]) -> None:
    (folder / "bundle.json").write_text(json.dumps(told))


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A sound bundle with one item, its custody and the proof of an entry."""
    folder = tmp_path / "bundle"
    (folder / "items").mkdir(parents=True)
    (folder / "items" / "photo.jpg").write_bytes(b"\xff\xd8 photo")
    with keyed(tmp_path / "node") as node:
        node.execute(MakeCheckpoint(), actor=ANNA)
        (folder / "entry.tlog-proof").write_bytes(node.ask(ProveEntry(0), actor=ANNA).file)
        (folder / "policy.txt").write_text(node.ask(ShowLogPolicy(), actor=ANNA))
    files = [
        {"path": path.relative_to(folder).as_posix(), "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        | {"bytes": path.stat().st_size}
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    photo = next(each["sha256"] for each in files if each["path"] == "items/photo.jpg")
    keys = [
        {
            "id": name,
            "algorithm": "ed25519",
            "public_key": base64.b64encode(key.public_key().public_bytes_raw()).decode(),
        }
        for name, key in KEYS.items()
    ]
    told = {
        "format": "pratique-bundle-1",
        "title": "Seizure 2026-114",
        "made_at": "2026-11-28T12:00:00Z",
        "files": files,
    }
    told |= {"keys": keys, "custody": custody(photo), "proofs": ["entry.tlog-proof"], "policy": "policy.txt"}
    write(folder, told)
    return folder


def checked(folder: Path) -> Checked:
    return check_bundle(folder, None, None)


def test_sound_bundle_holds_and_is_told(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(bundle)]) == 0
    told = capsys.readouterr().out
    assert "Seizure 2026-114 (3 files, 2 custody events)" in told
    assert "item-1: hand_over, a/sign, b/sign" in told
    assert "entry 0 of 2 in customs.example/log" in told
    assert "Keys and policy are those of the bundle" in told


def test_keys_and_policy_from_outside_are_trusted(bundle: Path, tmp_path: Path) -> None:
    told = json.loads((bundle / "bundle.json").read_text())
    (tmp_path / "keys.json").write_text(json.dumps(told["keys"]))
    outside = ["--keys", str(tmp_path / "keys.json"), "--policy", str(bundle / "policy.txt")]
    assert main([str(bundle), *outside]) == 0
    policy = parse_policy((bundle / "policy.txt").read_text())
    assert check_bundle(bundle, policy, keys_of(told["keys"])).trusted
    fewer = check_bundle(bundle, policy, keys_of(told["keys"][:2]))
    assert fewer.faults == ["event 2: the key b/sign is not known"]


def edit(told: dict[str, Any], place: int, **said: Any) -> None:
    """Changes what an event says, and leaves its signatures as they are."""
    told["custody"][place]["event"] = json.dumps(json.loads(told["custody"][place]["event"]) | said, sort_keys=True)


DAMAGE: dict[str, tuple[Callable[[Path, dict[str, Any]], object], str]] = {
    "file changed": (
        lambda folder, _: (folder / "items/photo.jpg").write_bytes(b"\xff\xd8 other"),
        "photo.jpg was changed",
    ),
    "file gone": (lambda folder, _: (folder / "items/photo.jpg").unlink(), "photo.jpg is missing"),
    "file added": (lambda folder, _: (folder / "extra").write_text("x"), "extra is in the folder"),
    "link": (lambda folder, _: (folder / "link").symlink_to("/etc/passwd"), "link is in the folder"),
    "named twice": (lambda _, told: told["files"].append(told["files"][0]), "names a file twice"),
    "event changed": (lambda _, told: edit(told, 0, what="seal"), "signature of a/officer does not hold"),
    "event gone": (lambda _, told: told["custody"].pop(0), "event 1 does not follow"),
    "events exchanged": (lambda _, told: told["custody"].reverse(), "does not follow"),
    "hand missing": (lambda _, told: told["custody"][1]["signatures"].pop(), "b/sign did not sign"),
    "nobody signs": (lambda _, told: edit(told, 1, signers=[]), "nobody has to sign it"),
    "file unknown": (lambda _, told: edit(told, 0, files=["0" * 64]), "a file that is not in the bundle"),
    "proof unnamed": (lambda _, told: told["proofs"].append("none"), "proof none is not among the files"),
    "other format": (lambda _, told: told.update(format="x"), "another format"),
    "other key": (lambda _, told: told["keys"][0].update(public_key="AAAA"), "no single Ed25519 key"),
    "part missing": (lambda _, told: told.pop("custody"), "cannot be read"),
    "part of another kind": (lambda _, told: told.update(files=3), "cannot be read"),
    "item of another kind": (lambda _, told: edit(told, 0, item=[1]), "cannot be read"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_found_and_named(bundle: Path, damage: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads((bundle / "bundle.json").read_text())
    harm, said = DAMAGE[damage]
    harm(bundle, told)
    write(bundle, told)
    assert any(said in fault for fault in checked(bundle).faults), checked(bundle).faults
    assert main([str(bundle)]) == 1
    assert "DOES NOT HOLD" in capsys.readouterr().out


def test_event_whose_text_was_logged_is_told_so(bundle: Path) -> None:
    found = checked(bundle)
    assert all("not logged in a proof" in line for line in found.custody)
    told = json.loads((bundle / "bundle.json").read_text())
    record = found.proofs[0].record
    assert record is not None
    told["custody"] = [{"event": record.decode(), "signatures": []}]
    write(bundle, told)
    assert "cannot be read" in checked(bundle).faults[0]  # a journal entry is no event, whoever logged it


@pytest.mark.parametrize("content", ["", "[", "[]", "{}", "[" * 50_000, "null", '{"format": 1}'])
def test_rubbish_is_no_bundle(tmp_path: Path, content: str) -> None:
    (tmp_path / "bundle.json").write_text(content)
    assert checked(tmp_path).faults
    assert main([str(tmp_path)]) == 1


def test_title_cannot_write_lines_of_its_own(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads((bundle / "bundle.json").read_text())
    told["title"] = "x\nHOLDS  everything\x1b[2J"
    write(bundle, told)
    main([str(bundle)])
    lines = capsys.readouterr().out.split("\n")
    assert not any(line.startswith("HOLDS  everything") for line in lines)
    assert "\x1b" not in "".join(lines)
