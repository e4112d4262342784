"""Witnessing in both directions: partners cosign this node's checkpoints, and this node cosigns theirs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Final

from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.errors import refuse
from pratique.node.instants import to_text
from pratique.node.ledger.log import log_keys
from pratique.node.ledger.proving import policy_text
from pratique.node.ledger.signing_keys import NodeKeys
from pratique.node.storage import journal
from pratique.node.storage.ledger_order import checkpoint_of
from pratique.node.storage.ledger_witnesses import (
    Breach,
    StoredCosignature,
    StoredWitness,
    WatchedLog,
    breaches,
    newest_cosignatures,
    put_breach,
    put_cosignature,
    put_watched,
    put_witness,
    retire_witness,
    watched,
    watched_log,
    witnesses,
)
from pratique.node.storage.store import Connection
from pratique.partners.ledger.checkpoints import Checkpoint, parse_checkpoint, read_checkpoint
from pratique.partners.ledger.notes import (
    COSIGNATURE,
    PLAIN,
    Note,
    NoteError,
    VerifierKey,
    cosign,
    cosigned_at,
    parse_note,
    parse_signature,
    parse_vkey,
    signed_by,
)
from pratique.partners.ledger.witnessing import Verdict, judge, parse_request
from pratique.vocabulary.errors import Category

LONGEST_REASON: Final = 200  # characters


@dataclass(frozen=True, slots=True)
class AddWitness(Command[str]):
    """A partner is to cosign this node's checkpoints: ``vkey`` is its witness key, as exchanged at signing.

    Answers with the name of the key. The same name with a new key takes the place of the old one.
    """

    vkey: str
    entry: ClassVar[str] = "ledger.witness_added"


def add_witness(command: AddWitness, work: Work) -> Act[str]:
    """Raises ``REJECTED`` for a text that is no witness key, and for this node's own."""
    key = _key(command.vkey, COSIGNATURE)
    _require_foreign(key, work)

    def act(connection: Connection) -> Done[str]:
        retire_witness(connection, key.name, at=to_text(work.at))
        put_witness(connection, StoredWitness(key.name, str(key), to_text(work.at), work.actor.name))
        return Done(key.name, command={"vkey": str(key)}, outcome={"witness": key.name})

    return act


@dataclass(frozen=True, slots=True)
class EndWitness(Command[bool]):
    """The partner is asked for no more cosignatures; those it gave stay."""

    name: str
    entry: ClassVar[str] = "ledger.witness_ended"


def end_witness(command: EndWitness, work: Work) -> Act[bool]:
    """Raises ``NOT_FOUND`` where no witness in use has the name."""

    def act(connection: Connection) -> Done[bool]:
        if not retire_witness(connection, command.name, at=to_text(work.at)):
            raise refuse("ledger.no_witness", Category.NOT_FOUND, name=command.name[:120])
        return Done(True, command={"witness": command.name}, outcome={"ended": True})

    return act


@dataclass(frozen=True, slots=True)
class TakeCosignature(Command[str]):
    """Keeps what a witness signed of a checkpoint of this node; answers with the name of the witness.

    ``line`` is a signature line, or several of which one is of a witness of this node.
    """

    tree_size: int
    line: str
    entry: ClassVar[str] = "ledger.cosignature_taken"


def take_cosignature(command: TakeCosignature, work: Work) -> Act[str]:
    """Raises ``NOT_FOUND`` without such a checkpoint, ``REJECTED`` where no witness in use signed exactly that."""

    def act(connection: Connection) -> Done[str]:
        checkpoint = checkpoint_of(connection, command.tree_size)
        if checkpoint is None:
            raise refuse("ledger.no_checkpoint_of_size", Category.NOT_FOUND, size=command.tree_size)
        found = _cosignature(command.line, checkpoint.note, witnesses(connection))
        kept = StoredCosignature(command.tree_size, found[0], found[1], found[2])
        put_cosignature(connection, kept)
        facts = {"size": command.tree_size, "witness": kept.witness, "at": kept.cosigned_at}
        return Done(kept.witness, command=facts, outcome={"line": kept.line})

    return act


@dataclass(frozen=True, slots=True)
class WatchLog(Command[str]):
    """This node is to witness a partner's log: ``vkey`` is its log key, as exchanged at signing.

    Answers with the origin of the log. What was seen of the log stays when its key changes. Only ``anew_because`` makes
    this node forget it: where the partner explained why the log had to begin again, such as from an older backup.
    """

    vkey: str
    anew_because: str = ""
    entry: ClassVar[str] = "ledger.log_watched"


def watch_log(command: WatchLog, work: Work) -> Act[str]:
    """Raises ``REJECTED`` for a text that is no key of a log, for this node's own, and for too long a reason."""
    key = _key(command.vkey, PLAIN)
    _require_foreign(key, work)
    if len(command.anew_because) > LONGEST_REASON or not command.anew_because.isprintable():
        raise refuse("ledger.no_reason", most=LONGEST_REASON)

    def act(connection: Connection) -> Done[str]:
        known = watched_log(connection, key.name)
        new = WatchedLog(key.name, str(key), 0, None, None, None, to_text(work.at), work.actor.name)
        if known is not None and not command.anew_because:
            new = replace(known, vkey=str(key))
        elif known is not None:
            seen = Breach(journal.next_seq(connection), key.name, "begun_anew", known.note or "", "", to_text(work.at))
            put_breach(connection, seen)
        put_watched(connection, new)
        facts = {"vkey": str(key), "anew_because": command.anew_because}
        return Done(key.name, command=facts, outcome={"origin": key.name, "size": new.tree_size})

    return act


@dataclass(frozen=True, slots=True)
class CosignCheckpoint(Command[str]):
    """Cosigns a partner's checkpoint that only appended to the one seen last; answers with the signature line.

    ``checkpoint`` is the signed note, ``proof`` the hashes that lead from the tree of ``old`` leaves to it. A fork, a
    rollback or a proof that does not lead there is refused, and both notes are kept as evidence.
    """

    checkpoint: bytes
    proof: tuple[bytes, ...] = ()
    old: int = 0
    entry: ClassVar[str] = "ledger.cosigned"

    @classmethod
    def of_request(cls, content: bytes) -> CosignCheckpoint:
        """As a partner's node asks for it (C2SP tlog-witness). Raises ``REJECTED`` for another form."""
        try:
            asked = parse_request(content)
        except NoteError as error:
            raise refuse("ledger.no_note", why=str(error)) from error
        return cls(asked.checkpoint, asked.proof, asked.old)


def cosign_checkpoint(command: CosignCheckpoint, work: Work) -> Act[str]:
    """Raises ``NOT_FOUND`` for a log that this node does not witness, ``REJECTED`` for a note that it did not sign,

    ``CONFLICT`` where the proof starts from another size than the one seen, ``BROKEN`` for a breach.
    """
    origin = _origin(command.checkpoint)
    keys = NodeKeys(work.folder, work.stores)
    name, private = keys.current("witness").key_name, keys.signing("witness")

    def act(connection: Connection) -> Done[str]:
        log = watched_log(connection, origin)
        if log is None:
            raise refuse("ledger.not_watched", Category.NOT_FOUND, origin=origin)
        told, note = _signed(command.checkpoint, log)
        verdict = judge(_seen(log), told, old=command.old, proof=command.proof)
        if verdict is Verdict.OTHER_SIZE:
            raise refuse("ledger.other_size", Category.CONFLICT, seen=log.tree_size, old=command.old)
        facts: dict[str, object] = {"origin": origin, "size": told.size, "root": told.root.hex()}
        if verdict.is_breach:
            return _breached(connection, log, command.checkpoint.decode(), verdict, facts, work)
        seen_at = to_text(work.at)
        put_watched(connection, replace(log, tree_size=told.size, root=told.root, note=str(note), seen_at=seen_at))
        line = cosign(note.text, name, private, time=int(work.at.timestamp())).line
        return Done(line, command=facts, outcome={"line": line})

    return act


def _breached(
    connection: Connection, log: WatchedLog, told: str, verdict: Verdict, facts: dict[str, object], work: Work
) -> Done[str]:
    put_breach(
        connection,
        Breach(journal.next_seq(connection), log.origin, verdict.value, log.note or "", told, to_text(work.at)),
    )
    refused = refuse(
        f"ledger.{verdict.value}", Category.BROKEN, origin=log.origin, seen=log.tree_size, told=facts["size"]
    )
    return Done(None, command=facts | {"breach": verdict.value}, outcome=facts, refusal=refused)


@dataclass(frozen=True, slots=True)
class WitnessState:
    """A witness of this node: its key, and the largest checkpoint that it cosigned (seconds since the epoch)."""

    name: str
    vkey: str
    tree_size: int | None
    cosigned_at: int | None


@dataclass(frozen=True, slots=True)
class Witnessing:
    """Who witnesses this node, which logs it witnesses, and every breach it has evidence of."""

    own_key: str
    log_key: str
    witnesses: tuple[WitnessState, ...]
    watched: tuple[WatchedLog, ...]
    breaches: tuple[Breach, ...]


@dataclass(frozen=True, slots=True)
class ShowWitnessing(Query[Witnessing]):
    """The witnesses of this node, the logs that it watches, and the keys to hand to partners (``vkey``)."""


def show_witnessing(query: ShowWitnessing, view: View) -> Witnessing:
    """Raises ``MISCONFIGURED`` where the node has no keys yet."""
    keys = NodeKeys(view.folder, view.stores)
    witness = keys.current("witness")
    newest = newest_cosignatures(view.connection)
    states = []
    for each in witnesses(view.connection):
        signed = newest.get(each.name)
        states.append(
            WitnessState(
                each.name, each.vkey, signed.tree_size if signed else None, signed.cosigned_at if signed else None
            )
        )
    return Witnessing(
        own_key=str(VerifierKey(witness.key_name, COSIGNATURE, witness.public_key)),
        log_key=str(log_keys(keys).vkeys[-1]),
        witnesses=tuple(states),
        watched=tuple(watched(view.connection)),
        breaches=tuple(breaches(view.connection)),
    )


@dataclass(frozen=True, slots=True)
class ShowLogPolicy(Query[str]):
    """By which logs, witnesses and quorum the proofs of this node are to be checked, as a C2SP tlog-policy."""


def show_log_policy(query: ShowLogPolicy, view: View) -> str:
    """Raises ``NOT_FOUND`` where the node has no keys yet."""
    return policy_text(view)


def _key(text: str, kind: int) -> VerifierKey:
    try:
        key = parse_vkey(text.strip())
    except NoteError as error:
        raise refuse("ledger.no_key", why=str(error)) from error
    if key.kind != kind:
        raise refuse("ledger.other_kind_of_key")
    return key


def _require_foreign(key: VerifierKey, work: Work) -> None:
    own = NodeKeys(work.folder, work.stores)
    if any(key.public_key == mine.public_key for name in ("log", "witness") for mine in own.every(name)):
        raise refuse("ledger.own_key")


def _origin(checkpoint: bytes) -> str:
    try:
        return parse_checkpoint(parse_note(checkpoint).text).origin
    except NoteError as error:
        raise refuse("ledger.no_note", why=str(error)) from error


def _signed(checkpoint: bytes, log: WatchedLog) -> tuple[Checkpoint, Note]:
    try:
        return read_checkpoint(checkpoint, parse_vkey(log.vkey))
    except NoteError as error:
        raise refuse("ledger.no_note", why=str(error)) from error


def _seen(log: WatchedLog) -> Checkpoint | None:
    return Checkpoint(log.origin, log.tree_size, log.root) if log.root is not None else None


def _cosignature(lines: str, note: str, known: list[StoredWitness]) -> tuple[str, str, int]:
    """Name, line and moment of the cosignature that one of the witnesses gave."""
    try:
        told = parse_note(note.encode())
        text = told.text + "\n" + "".join(parse_signature(line).line for line in lines.strip("\n").split("\n"))
        cosigned = parse_note(text.encode())
        for witness in known:
            found = signed_by(cosigned, parse_vkey(witness.vkey))
            if found is not None:
                return witness.name, found.line, cosigned_at(found)
    except NoteError as error:
        raise refuse("ledger.no_note", why=str(error)) from error
    raise refuse("ledger.no_cosignature")
