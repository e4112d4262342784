"""The act of disclosing inside a command's transaction: decide, withhold, seal, store, log; or refuse, and log that."""

from __future__ import annotations

from dataclasses import dataclass

from pratique.node.acts import Leaf, Work
from pratique.node.canonical import canonical
from pratique.node.errors import refuse
from pratique.node.exchange.agreements import Place, decision_kept
from pratique.node.exchange.attaching import SealedFile, rows_of, sealed_beside
from pratique.node.exchange.fresh import field_salt, message_id
from pratique.node.exchange.held import openings_bytes
from pratique.node.exchange.own import Own
from pratique.node.exchange.recalled import Recalled, recalled
from pratique.node.exchange.sending import Hands, Logged, PutOut, current_stream, put_out, sealed_next
from pratique.node.exchange.share import Decided, Share, decided, fields_of_share
from pratique.node.exchange.terms import Written, inner_of
from pratique.node.instants import to_text
from pratique.node.storage import journal, outbox
from pratique.node.storage.agreements import keep_decision
from pratique.node.storage.attachments import add_attachments
from pratique.node.storage.outbox import StoredDisclosure, StoredRefusal
from pratique.node.storage.store import Connection
from pratique.partners.agreements import Duties, Explanation, Withheld, explain
from pratique.partners.exchange.envelope import Content, Sealed, SignedContent, sign_content
from pratique.partners.exchange.fields import Opening, committed
from pratique.vocabulary.errors import Category

REFUSED = "exchange.refused"


@dataclass(frozen=True, slots=True)
class About:
    """What a message belongs to: the thread and the message it answers, and what of this node it was made from."""

    thread: str | None = None
    answers: str | None = None
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A field that stayed here, and why: ``why`` is forbidden, not_covered, duty or officer."""

    field: str
    category: str
    why: str
    clause: str
    article: str
    condition: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of a disclosure: by which name the gate speaks of it, what it is called, and whether it goes."""

    field: str
    name: str
    byte_count: int
    category: str
    personal: bool
    sent: bool


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What came of a disclosure. ``message`` is ``None`` where it was refused; ``explanation`` then says why and what

    would do. ``verified``: a lawyer compared the clause with the authentic text.
    """

    message: str | None
    verdict: str
    to: str
    agreement: str
    version: int
    clause: str
    article: str
    verified: bool
    sent: tuple[str, ...]
    withheld: tuple[Kept, ...]
    retain_until: str | None
    onward: str | None
    acts: tuple[str, ...]
    decision_sha256: str
    explanation: Explanation
    attachments: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True)
class ActDone:
    """The result with what goes to the journal and to the log."""

    disclosed: Disclosed
    facts: dict[str, object]
    outcome: dict[str, object]
    leaves: tuple[Leaf, ...]


class Disclosing:
    """One disclosure on its way, step by step: read, decided, written and signed, then sealed, stored and logged.

    Reading needs nothing but the message. What was decided and written counts as long as what was recalled for it
    stands; else it is decided and written anew.
    """

    def __init__(self, share: Share, about: About, work: Work) -> None:
        """Raises ``REJECTED`` for a message that is not what its type says."""
        self._share = share
        self._about = about
        self._work = work
        self._fields = fields_of_share(share)
        self._known: Recalled | None = None
        self._said: Decided | None = None
        self._message: _Written | None = None
        self._sealed: Sealed | None = None

    def decide(self, connection: Connection) -> Decided:
        """The gate's word. Raises as ``decided``, and ``CONFLICT`` where exchange with the partner is stopped."""
        known = recalled(connection, self._work)
        self._known, self._said, self._message, self._sealed = known, None, None, None
        known.ends.clear()
        said = decided(connection, self._share, known, at=self._work.at, fields=self._fields)
        if said.standing.stopped:
            raise refuse("share.stopped", Category.CONFLICT, partner=said.partner.id)
        self._said = said
        return said

    def write(self, connection: Connection) -> None:
        """The message, where it may go: under fresh salts, with its terms signed."""
        if self._said is None or self._known is None:
            return
        duties = self._said.disclosure.decision.duties
        if self._said.disclosure.decision.permitted and duties is not None:
            self._message = _written(self._share, self._about, self._work, self._said, self._known.me, duties)

    def seal(self, connection: Connection) -> None:
        """The envelope, for the place in the stream that it will have where all goes that was sealed before it."""
        known, message = self._known, self._message
        if known is None or message is None or self._said is None:
            return
        hands = Hands(known.me, self._said.partner)
        stream = known.ends.get(hands.partner.id) or current_stream(connection, hands.partner.id, hands.me.id)
        self._sealed = sealed_next(message.signed, stream, hands, at=self._work.at)
        known.ends[hands.partner.id] = stream.after(self._sealed.hash)

    def done(self, connection: Connection) -> ActDone:
        """The disclosure, whole or refused. The decision is kept either way, with every file that decided it."""
        known = recalled(connection, self._work)
        said = self._said
        if said is None or known is not self._known:
            said = self.decide(connection)
            self.write(connection)
        place = Place(known.seq, 1, self._work.at, self._work.actor.name)
        _keep(connection, said, place, known)
        if self._message is None:
            return _refused(connection, self._share, said, self._about, self._work)
        hands = Hands(known.me, said.partner)
        out = put_out(connection, self._message.signed, hands, Logged(place.seq, place.at), before=self._sealed)
        return _stored(connection, self._message, said, out, place)


def disclose_in(connection: Connection, share: Share, about: About, work: Work) -> ActDone:
    """One disclosure as part of another act."""
    one = Disclosing(share, about, work)
    one.decide(connection)
    one.write(connection)
    return one.done(connection)


@dataclass(frozen=True, slots=True)
class _Written:
    """A message that may go, signed, with what it was made from."""

    share: Share
    about: About
    signed: SignedContent
    openings: tuple[Opening, ...]
    files: tuple[SealedFile, ...]


def _written(share: Share, about: About, work: Work, said: Decided, me: Own, duties: Duties) -> _Written:
    openings = committed(said.sent, salt=field_salt)
    identity = message_id(work.at)
    files = sealed_beside(said.sent_beside, work.folder)
    refs = tuple(each.ref for each in files)
    written = Written(identity, work.at, about.thread or identity, about.answers, openings, refs)
    inner = inner_of(share, said, duties, written, me)
    content = Content(inner, openings, {each.ref.sha256: each.key for each in files})
    return _Written(share, about, sign_content(content, signer=me.signer), openings, files)


def _stored(connection: Connection, message: _Written, said: Decided, sealed: PutOut, place: Place) -> ActDone:
    outbox.add_disclosure(connection, _row(message, said, place), sealed.out)
    add_attachments(connection, rows_of(message.files, message.signed.inner, at=place.at))
    result = told(said, message.share, message.signed.inner.id)
    outcome: dict[str, object] = {
        "message": result.message,
        "envelope": sealed.out.sha256.hex(),
        "verdict": result.verdict,
    }
    return ActDone(result, _facts(message.share, said, message.about), outcome, (sealed.leaf,))


def _keep(connection: Connection, said: Decided, place: Place, known: Recalled) -> None:
    """The decision, and the first time the files that decided it."""
    decision = said.disclosure.decision
    if decision.policy_sha256 in known.kept:
        at_entry = place.seq, place.number
        keep_decision(connection, decision, at_entry, recipient=said.partner.id, at=place.at, by=place.by)
        return
    decision_kept(connection, decision, place, gate=said.gate, recipient=said.partner.id)
    known.kept.add(decision.policy_sha256)


def told(said: Decided, share: Share, message: str | None) -> Disclosed:
    """The decision as people read it."""
    decision = said.disclosure.decision
    duties = decision.duties
    left_out = tuple(Kept(name, "", "officer", "", "", "", True) for name in sorted(share.leave_out))
    return Disclosed(
        message=message,
        verdict=decision.verdict.value,
        to=said.partner.id,
        agreement=decision.agreement,
        version=decision.version,
        clause=decision.clause,
        article=decision.article,
        verified=decision.verified,
        sent=tuple(each.name for each in said.disclosure.sent) if decision.permitted else (),
        withheld=(*(_kept(each) for each in said.disclosure.withheld), *left_out),
        retain_until=duties.retain_until.isoformat() if duties and duties.retain_until else None,
        onward=duties.onward.value if duties else None,
        acts=duties.acts if duties else (),
        decision_sha256=decision.sha256,
        explanation=explain(said.disclosure.facts, decision, gate=said.gate),
        attachments=_attached(said),
    )


def _attached(said: Decided) -> tuple[Attached, ...]:
    going = {each.field.name for each in said.sent_beside} if said.disclosure.decision.permitted else set()
    return tuple(
        Attached(
            each.field.name,
            each.file.name,
            each.file.byte_count,
            each.field.category,
            each.field.personal,
            each.field.name in going,
        )
        for each in said.beside
    )


def _row(message: _Written, said: Decided, place: Place) -> StoredDisclosure:
    inner = message.signed.inner
    retain = inner.duties.retain_until
    return StoredDisclosure(
        id=inner.id,
        seq=place.seq,
        partner_id=inner.recipient,
        type=inner.type,
        agreement=inner.agreement.id,
        clause=inner.clauses[0],
        message_purpose=inner.purpose,
        thread=inner.thread or inner.id,
        answers=inner.answers,
        about=message.about.about,
        retention_until=retain.isoformat() if retain else None,
        terms=message.signed.terms.decode(),
        withheld=canonical([each.field.name for each in said.disclosure.withheld]),
        decision_sha256=said.disclosure.decision.sha256,
        openings=openings_bytes(message.openings),
        at=to_text(place.at),
        by=place.by,
    )


def _refused(connection: Connection, share: Share, said: Decided, about: About, work: Work) -> ActDone:
    """Nothing goes; that somebody wanted to, and why not, is kept and logged."""
    decision = said.disclosure.decision
    row = StoredRefusal(
        journal.next_seq(connection),
        said.partner.id,
        share.type,
        decision.agreement,
        decision.clause,
        decision.verdict.value,
        decision.sha256,
        about.about,
        to_text(work.at),
        work.actor.name,
    )
    outbox.add_refused(connection, row)
    record = {
        "v": 1,
        "kind": REFUSED,
        "partner": row.partner_id,
        "type": row.type,
        "decision": row.decision_sha256,
        "verdict": row.verdict,
        "at": row.at,
    }
    leaf = Leaf(REFUSED, canonical(record).encode())
    outcome: dict[str, object] = {"verdict": row.verdict, "decision": row.decision_sha256}
    return ActDone(told(said, share, None), _facts(share, said, about), outcome, (leaf,))


def _facts(share: Share, said: Decided, about: About) -> dict[str, object]:
    """What the journal says: names and codes, nothing of the content."""
    return {
        "to": said.partner.id,
        "type": share.type,
        "agreement": share.agreement,
        "clause": share.clause,
        "purpose": share.circumstances.purpose,
        "sent": [each.name for each in said.disclosure.sent] if said.disclosure.decision.permitted else [],
        "withheld": [each.field.name for each in said.disclosure.withheld],
        "decision": said.disclosure.decision.sha256,
        "about": about.about,
        "answers": about.answers,
    }


def _kept(each: Withheld) -> Kept:
    cited = each.cited
    return Kept(
        each.field.name,
        each.field.category,
        each.why.value,
        f"{cited.agreement}/{cited.clause}",
        cited.article,
        each.condition,
        cited.verified,
    )
