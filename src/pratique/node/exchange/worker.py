"""The exchange worker: delivers what is due, and where this node cannot be called fetches what partners have for it.

It decides nothing: what came back goes to ``SettleDeliveries`` and ``ReceiveEnvelopes``, which check every signature. A
worker that is killed at any point loses nothing: what was not settled is due again, and what was taken in twice gets
the same receipt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pratique.node.access import Actor
from pratique.node.exchange.beside import Files, Sent
from pratique.node.exchange.client import ERROR_TYPE, LARGEST_ANSWER, RECEIPT_TYPE, Answer, LineFault, PartnerLine
from pratique.node.exchange.comparing import Compared
from pratique.node.exchange.fresh import nonce
from pratique.node.exchange.partner_log import shown_in
from pratique.node.exchange.settling import Settled, Tried
from pratique.node.handlers.attachments import FileDue
from pratique.node.handlers.inbox_line import ReceiveEnvelopes, StreamsFrom
from pratique.node.handlers.ledger import ProveConsistency
from pratique.node.handlers.ledger_witness import TakeCosignature
from pratique.node.handlers.outbox import Due, EnvelopesAfter, ListDue, SettleDeliveries
from pratique.node.handlers.partner_calls import SignRequest
from pratique.node.handlers.partners import ListPartners, ShowPartner
from pratique.node.handlers.partners_own import ShowOwnDescriptor
from pratique.node.handlers.reconciliation import OwnOpenings, ReconcileLogs, SizeSeen
from pratique.node.instants import to_text
from pratique.node.node import Node
from pratique.partners.exchange import strict_json
from pratique.partners.ledger.witnessing import WitnessRequest

BATCH: Final = 50
OK: Final = 200
MOST_FETCHED: Final = 20  # times in one round

Dial = Callable[[str, Callable[[str, str, bytes], dict[str, str]]], PartnerLine]


@dataclass(frozen=True, slots=True)
class RoundDone:
    """What a round came to, by partner: envelopes delivered, still waiting, refused, fetched, and the line's fault.

    ``files`` are attachments that are whole now on the other side, or here where they were fetched.
    """

    partner: str
    delivered: int = 0
    waiting: int = 0
    refused: int = 0
    fetched: int = 0
    fault: str | None = None
    files: int = 0


class Exchange:
    """One worker of a node. ``dial`` makes the line to an endpoint.

    ``signs`` is who puts the node's signature on calls, where that is not the actor: no officer may have the node sign
    whatever they like, and the program that calls for an officer may.
    """

    def __init__(self, node: Node, *, actor: Actor, dial: Dial = PartnerLine, signs: Actor | None = None) -> None:
        self._node = node
        self._actor = actor
        self._signs = signs or actor
        self._dial = dial
        self._files = Files(node, actor=actor)

    def round(self) -> list[RoundDone]:
        """Delivers what is due; where this node cannot be called, fetches what partners have for it."""
        done = [self._deliver(due) for due in self._node.ask(ListDue(BATCH), actor=self._actor)]
        done += [self._send_files(partner, endpoint, due) for (partner, endpoint), due in self._files.due().items()]
        own = self._node.ask(ShowOwnDescriptor(), actor=self._actor).descriptor
        if own.endpoint is None:
            done += [self._fetch(partner, endpoint) for partner, endpoint in self._callable()]
        return done

    def reconcile(self, partner: str, *, since: datetime, until: datetime) -> Compared:
        """Lays open to the partner what this node logged of a period, takes in what it did with the proofs of its log,

        compares the two and keeps the report.
        """
        seen = self._node.ask(SizeSeen(partner), actor=self._actor)
        period = {"since": to_text(since), "until": to_text(until), "seen": seen}
        mine = self._node.ask(OwnOpenings(partner, since, until), actor=self._actor)
        with self._line(self._endpoint(partner)) as line:
            answer = line.ask("/openings", strict_json.write({"openings": mine, **period}), "application/json")
        if answer.status != OK:
            raise LineFault("line.refused")
        said = strict_json.read(answer.body, what="answer", at_most=LARGEST_ANSWER)
        theirs = said.get("openings")
        if not isinstance(theirs, list):
            raise LineFault("line.no_door")
        told = ReconcileLogs(partner, since, until, tuple(theirs), shown_in(said, old=seen))
        return self._node.execute(told, actor=self._actor)

    def ask_witness(self, partner: str, *, old: int) -> str:
        """Asks the partner, who saw this log at size ``old``, to cosign the newest checkpoint; keeps what it signs."""
        found = self._node.ask(ProveConsistency(old), actor=self._actor)
        body = bytes(WitnessRequest(old, found.proof, found.checkpoint.note.encode()))
        with self._line(self._endpoint(partner)) as line:
            answer = line.ask("/add-checkpoint", body, "text/plain")
        if answer.status != OK:
            raise LineFault("line.refused")
        taken = TakeCosignature(found.checkpoint.tree_size, answer.body.decode("utf-8", "replace"))
        return self._node.execute(taken, actor=self._actor)

    def _endpoint(self, partner: str) -> str:
        endpoint = self._node.ask(ShowPartner(partner), actor=self._actor).endpoint
        if endpoint is None:
            raise LineFault("line.none")
        return endpoint

    def _deliver(self, due: Due) -> RoundDone:
        """One partner's envelopes in order. What fails stops its stream for this round, and no other stream."""
        assert due.endpoint is not None  # nothing is due where it cannot be called
        settled: list[Settled] = []
        fault: str | None = None
        stopped: set[str] = set()
        at_hand: tuple[str, ...] = ()
        try:
            with self._line(due.endpoint) as line:
                for out in due.envelopes:
                    if out.stream in stopped:
                        continue
                    at_hand = (out.id,)
                    one = self._hand_over(line, due.partner, out.id, out.envelope)
                    if one.fault == "exchange.gap" and one.expected is not None:
                        self._fill(line, due.partner, out.stream, one.expected)
                        one = self._hand_over(line, due.partner, out.id, out.envelope)
                    settled.append(one)
                    if one.state == "waiting":
                        stopped.add(out.stream)
        except LineFault as broken:
            fault = broken.code
            self._settle(due.partner, tuple(Tried(each, fault=fault) for each in at_hand), fault)
        states = [each.state for each in settled]
        return RoundDone(
            due.partner,
            delivered=states.count("delivered") + states.count("expired"),
            waiting=len(due.envelopes) - len(states) + states.count("waiting"),
            refused=states.count("refused"),
            fault=fault,
        )

    def _send_files(self, partner: str, endpoint: str, due: list[FileDue]) -> RoundDone:
        """What goes beside messages that were delivered, to one partner."""
        sent: list[Sent] = []
        fault: str | None = None
        try:
            with self._line(endpoint) as line:
                sent.extend(self._files.send(line, each) for each in due)  # what was sent before a fault stays told
        except LineFault as broken:
            fault = broken.code
            self._settle(partner, (), fault)
        fault = fault or next((each.fault for each in sent if each.fault), None)
        arrived = sum(each.arrived for each in sent)
        return RoundDone(partner, waiting=len(due) - arrived, fault=fault, files=arrived)

    def _hand_over(self, line: PartnerLine, partner: str, message: str, envelope: bytes) -> Settled:
        """One envelope, settled at once, so that a crash repeats one delivery at most."""
        return self._settle(partner, (_tried(message, line.deliver(envelope)),), None)[0]

    def _fill(self, line: PartnerLine, partner: str, stream: str, expected: int) -> None:
        """Sends again what the partner says it lacks: it went back to a backup, say."""
        for envelope in self._node.ask(EnvelopesAfter(partner, stream, expected - 1), actor=self._actor):
            line.deliver(envelope)

    def _fetch(self, partner: str, endpoint: str) -> RoundDone:
        """What the partner has for this node, until there is no more; a receipt for each."""
        fetched = files = 0
        try:
            with self._line(endpoint) as line:
                for stream in line.fetch_streams():
                    fetched += self._fetch_stream(line, partner, stream)
                files = self._files.fetch(line, partner)
        except LineFault as broken:
            return RoundDone(partner, fetched=fetched, fault=broken.code, files=files)
        return RoundDone(partner, fetched=fetched, files=files)

    def _fetch_stream(self, line: PartnerLine, partner: str, stream: str) -> int:
        count = 0
        for _ in range(MOST_FETCHED):
            after = self._node.ask(StreamsFrom(partner), actor=self._actor).get(stream, 0)
            found = line.fetch(stream, after)
            if not found:
                break
            taken = self._node.execute(ReceiveEnvelopes(tuple(found), partner), actor=self._actor)
            line.hand_receipts(
                [
                    (each.message, "error" if each.code else "receipt", each.answer)
                    for each in taken
                    if each.message is not None
                ]
            )
            count += sum(each.course == "accepted" for each in taken)
            if all(each.course == "refused" for each in taken):
                break
        return count

    def _callable(self) -> list[tuple[str, str]]:
        known = self._node.ask(ListPartners(), actor=self._actor)
        return [
            (each.id, each.endpoint)
            for each in known
            if each.version and each.endpoint is not None and not each.standing.stopped
        ]

    def _settle(self, partner: str, tries: tuple[Tried, ...], fault: str | None) -> tuple[Settled, ...]:
        return self._node.execute(SettleDeliveries(partner, tries, fault), actor=self._actor)

    def _sign(self, method: str, uri: str, body: bytes) -> dict[str, str]:
        return self._node.ask(SignRequest(method, uri, body, nonce()), actor=self._signs)

    @contextmanager
    def _line(self, endpoint: str) -> Iterator[PartnerLine]:
        line = self._dial(endpoint, self._sign)
        try:
            yield line
        finally:
            line.close()


def _tried(message: str, answer: Answer) -> Tried:
    """The answer by the kind that it says it is; whether it is the partner's is checked where it is settled."""
    if answer.kind == RECEIPT_TYPE:
        return Tried(message, receipt=answer.body)
    if answer.kind == ERROR_TYPE:
        return Tried(message, error=answer.body)
    return Tried(message, fault="line.no_door")
