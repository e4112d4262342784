"""A stream between two partners: in order, once each, and whoever cheats is named."""

from exchange_kit import administration, first_place, message_id, sealed, seeded
from pratique.partners.exchange.stream import Course, Incoming, Kept, arrive, incoming, outgoing

A, B = administration("xa.example"), administration("xb.example")
EXPIRES = first_place(A.id, B.id).expires


def sent_in_order(many):
    stream = outgoing(sender=A.id, recipient=B.id, stream="main")
    found = []
    for number in range(1, many + 1):
        place = stream.place(descriptor=1, expires=EXPIRES)
        found.append(sealed(A, B, place=place, id=message_id(number)))
        stream = stream.after(found[-1].hash)
    return found


SENT = sent_in_order(4)
START = incoming(sender=A.id, recipient=B.id, stream="main")


def after(many):
    return Incoming(many + 1, SENT[many - 1].hash) if many else START


def test_what_was_sent_in_order_is_accepted_in_order():
    stream = START
    for number, envelope in enumerate(SENT, 1):
        verdict = arrive(stream, envelope.header, envelope.hash, Kept())
        assert (verdict.course, verdict.alarm, verdict.fault(envelope.header)) == (Course.ACCEPTED, False, None)
        stream = verdict.stream
        assert stream.expected == number + 1
    assert stream == after(4)


def test_the_same_bytes_again_change_nothing_even_in_a_stopped_stream():
    for stream in (after(2), Incoming(3, SENT[1].hash, stopped="exchange.fork")):
        verdict = arrive(stream, SENT[0].header, SENT[0].hash, Kept(same_id=SENT[0].hash))
        assert (verdict.course, verdict.alarm, verdict.stream) == (Course.DUPLICATE, False, stream)


def test_the_same_id_with_other_bytes_raises_an_alarm_and_leaves_the_stream():
    verdict = arrive(after(1), SENT[0].header, seeded("other"), Kept(same_id=SENT[0].hash))
    assert (verdict.course, verdict.alarm, verdict.stream) == (Course.CONFLICT, True, after(1))
    assert verdict.fault(SENT[0].header).code == "exchange.conflict"


def test_another_envelope_under_a_number_that_was_taken_stops_the_stream():
    other = sealed(A, B, id=message_id(99))
    verdict = arrive(after(2), other.header, other.hash, Kept(same_number=SENT[0].hash))
    assert (verdict.course, verdict.alarm) == (Course.FORK, True)
    assert verdict.stream == Incoming(3, SENT[1].hash, stopped="exchange.fork")
    later = arrive(verdict.stream, SENT[2].header, SENT[2].hash, Kept())
    assert (later.course, later.alarm, later.stream) == (Course.STOPPED, False, verdict.stream)


def test_a_number_long_past_is_refused_without_its_id():
    for kept in (Kept(), Kept(same_number=SENT[0].hash)):
        verdict = arrive(after(3), SENT[0].header, SENT[0].hash, kept)
        assert (verdict.course, verdict.alarm, verdict.stream) == (Course.REPLAY, False, after(3))


def test_a_gap_is_asked_for_again():
    verdict = arrive(after(1), SENT[3].header, SENT[3].hash, Kept())
    assert (verdict.course, verdict.expected, verdict.alarm, verdict.stream) == (Course.GAP, 2, False, after(1))
    assert verdict.fault(SENT[3].header).params["expected"] == 2


def test_another_predecessor_stops_the_stream():
    place = first_place(A.id, B.id, sequence=2, previous=seeded("elsewhere"))
    other = sealed(A, B, place=place, id=message_id(98))
    verdict = arrive(after(1), other.header, other.hash, Kept())
    assert (verdict.course, verdict.alarm, verdict.stream.stopped) == (Course.BROKEN, True, "exchange.chain_broken")


def test_a_stream_begins_otherwise_for_each_direction_and_name():
    starts = {
        incoming(sender=sender, recipient=recipient, stream=name).head
        for sender, recipient in ((A.id, B.id), (B.id, A.id))
        for name in ("main", "main-2")
    }
    assert len(starts) == 4
