"""Signed notes, checkpoints and policies: who signed which root, and whether enough witnesses saw it (C2SP)."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from pratique_verify.faults import Fault

LOG_KEY = 1  # a plain Ed25519 signature
WITNESS_KEY = 4  # a cosignature with its time


@dataclass(frozen=True)
class Key:
    """A public key, its name and its kind, and the hash that signature lines name it by."""

    name: str
    kind: int
    public: bytes
    hash: bytes


@dataclass(frozen=True)
class Checkpoint:
    """A signed root: ``lines`` are the signature lines as (name, hash, signature)."""

    text: str
    origin: str
    size: int
    root: bytes
    lines: tuple[tuple[str, bytes, bytes], ...]


@dataclass
class Policy:
    """The logs and witnesses that are trusted; ``quorum`` names the witness or group that has to have signed."""

    logs: list[Key] = field(default_factory=list)
    witnesses: dict[str, Key] = field(default_factory=dict)
    groups: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    quorum: str = "none"
    met: dict[bytes, dict[str, int]] = field(default_factory=dict)  # who saw a checkpoint that was checked before

    def met_by(self, seen: set[str], rule: str | None = None) -> bool:
        """The witnesses that signed are enough."""
        rule = self.quorum if rule is None else rule
        if rule == "none" or rule in seen:
            return True
        if rule not in self.groups:
            return False
        least, names = self.groups[rule]
        return sum(self.met_by(seen, name) for name in names) >= least


def parse_key(text: str, kind: int) -> Key:
    """A key of that kind, written ``name+hash+key``."""
    try:
        name, told, material = text.split("+", 2)
        raw = base64.b64decode(material, validate=True)
    except ValueError as error:
        raise Fault(f"{text[:60]!r} is no key") from error
    expected = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    if len(raw) != 33 or raw[0] != kind or expected.hex() != told:
        raise Fault(f"{text[:60]!r} is no Ed25519 key of a {'log' if kind == LOG_KEY else 'witness'}")
    return Key(name, raw[0], raw[1:], expected)


def parse_checkpoint(content: bytes) -> Checkpoint:
    """The root that a note states, with its signature lines, none of which is believed yet."""
    try:
        text, _, signatures = content.decode().rpartition("\n\n")
        origin, size, root = (text + "\n").split("\n")[:3]
        lines = []
        for line in signatures.rstrip("\n").split("\n"):
            dash, name, material = line.split(" ")
            raw = base64.b64decode(material, validate=True)
            if dash != "\u2014":
                raise Fault("a signature line of another form")
            lines.append((name, raw[:4], raw[4:]))
        digest = base64.b64decode(root, validate=True)
        if len(digest) != 32 or not size.isdigit():
            raise Fault("a checkpoint without size or root")
        return Checkpoint(text + "\n", origin, int(size), digest, tuple(lines))
    except ValueError as error:
        raise Fault("a checkpoint that cannot be read") from error


def signed_by(checkpoint: Checkpoint, key: Key) -> int | None:
    """When the key signed the checkpoint: seconds since the epoch, 0 for a log, which tells no time; ``None``: never.

    Raises ``Fault`` where a signature that names the key does not hold.
    """
    for name, told, signature in checkpoint.lines:
        if (name, told) != (key.name, key.hash):
            continue
        signed, moment = checkpoint.text.encode(), 0
        if key.kind == WITNESS_KEY:
            moment, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            signed = f"cosignature/v1\ntime {moment}\n".encode() + signed
        if not holds(key.public, signature, signed):
            raise Fault(f"the signature of {name} on the checkpoint does not hold")
        return moment
    return None


def holds(public: bytes, signature: bytes, signed: bytes) -> bool:
    """The Ed25519 signature is that of the key on exactly these bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def parse_policy(text: str) -> Policy:
    """A C2SP tlog-policy: lines ``log``, ``witness``, ``group`` and one ``quorum``."""
    policy, quorums = Policy(), 0
    for line in text.split("\n"):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        match words:
            case ["log", key, *_]:
                policy.logs.append(parse_key(key, LOG_KEY))
            case ["witness", name, key, *_] if name not in (*policy.witnesses, *policy.groups, "none"):
                policy.witnesses[name] = parse_key(key, WITNESS_KEY)
            case ["group", name, least, *names] if names and name not in (*policy.witnesses, *policy.groups, "none"):
                policy.groups[name] = _group(policy, least, names)
            case ["quorum", name] if name == "none" or name in policy.witnesses or name in policy.groups:
                policy.quorum, quorums = name, quorums + 1
            case _:
                raise Fault(f"the policy has a line that it cannot have: {line[:80]!r}")
    publics = [key.public for key in policy.witnesses.values()]
    if quorums != 1 or len(set(publics)) != len(publics):
        raise Fault("a policy has one quorum line, and no witness twice")
    return policy


def _group(policy: Policy, least: str, names: list[str]) -> tuple[int, list[str]]:
    known = [*policy.witnesses, *policy.groups]
    used = [name for _, members in policy.groups.values() for name in members]
    wanted = {"any": 1, "all": len(names)}.get(least, int(least) if least.isdigit() else 0)
    if not 1 <= wanted <= len(names) or any(name not in known or name in used for name in names):
        raise Fault(f"the policy has a group that it cannot have: {' '.join(names)[:80]!r}")
    return wanted, names
