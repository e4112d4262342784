"""One proof file: the record, the path to the root, who signed the root, who saw it (C2SP tlog-proof)."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass

from pratique_verify.faults import Fault
from pratique_verify.merkle import commitment, leaf_hash, root_from
from pratique_verify.notes import Checkpoint, Policy, parse_checkpoint, signed_by


@dataclass(frozen=True)
class Proved:
    """What a proof file shows: ``record`` (``None`` once erased) is entry ``index`` of the log ``origin``.

    ``witnesses`` says who saw the root and when (seconds since the epoch), ``trusted`` that a policy was given and met.
    """

    origin: str
    index: int
    size: int
    record: bytes | None
    witnesses: dict[str, int]
    trusted: bool


def check_proof(content: bytes, policy: Policy | None) -> Proved:
    """Checks every step. Raises ``Fault`` with the first that does not hold.

    Without a policy nothing says whose key the log has: then the steps from the record to the root alone are checked.
    """
    extra, index, path, note = _parsed(content)
    checkpoint = parse_checkpoint(note)
    committed, salt, record = extra.get("commitment", b""), extra.get("salt"), extra.get("record")
    if salt is not None and (record is None or len(salt) != 32 or commitment(salt, record) != committed):
        raise Fault("the record is not the one that was logged")
    if root_from(leaf_hash(committed), index, checkpoint.size, path) != checkpoint.root:
        raise Fault(f"entry {index} does not lead to the root of the checkpoint")
    seen: dict[str, int] = {}
    if policy is not None:  # many proofs share a checkpoint, whose signatures are checked once
        seen = policy.met[note] if note in policy.met else policy.met.setdefault(note, _witnesses(checkpoint, policy))
    return Proved(checkpoint.origin, index, checkpoint.size, record if salt else None, seen, policy is not None)


def _witnesses(checkpoint: Checkpoint, policy: Policy) -> dict[str, int]:
    """Who of the policy saw the checkpoint. Raises ``Fault`` where its log did not sign, or the quorum is not met."""
    logs = [key for key in policy.logs if key.name == checkpoint.origin]
    if not any(signed_by(checkpoint, key) is not None for key in logs):
        raise Fault(f"the checkpoint is not signed by a log of the policy ({checkpoint.origin})")
    moments = {name: signed_by(checkpoint, key) for name, key in policy.witnesses.items()}
    seen = {name: moment for name, moment in moments.items() if moment is not None}
    if not policy.met_by(set(seen)):
        raise Fault(f"too few witnesses saw the checkpoint ({', '.join(seen) or 'none'})")
    return seen


def _parsed(content: bytes) -> tuple[dict[str, bytes], int, list[bytes], bytes]:
    head, _, note = content.partition(b"\n\n")
    try:
        first, extra, index, *path = head.decode("ascii").split("\n")
        if first != "c2sp.org/tlog-proof@v1" or not extra.startswith("extra ") or not index.startswith("index "):
            raise Fault("this is no proof file")
        told = json.loads(base64.b64decode(extra[6:], validate=True))
        opening = {name: base64.b64decode(told[name], validate=True) for name in told}
        hashes = [base64.b64decode(line, validate=True) for line in path]
        return opening, int(index[6:]), hashes, note
    except (ValueError, TypeError, RecursionError) as error:
        raise Fault("the proof file cannot be read") from error
