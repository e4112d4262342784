"""Which orders are of an officer's own office: those of calls that arrive at its places."""

from __future__ import annotations

from collections.abc import Sequence

from pratique.node.acts import View
from pratique.node.controls.order_at_hand import OrderAtHand
from pratique.node.storage.access_officers import office_by_code
from pratique.node.storage.calls import calls_of_run


def of_own_office(orders: Sequence[OrderAtHand], view: View) -> list[OrderAtHand]:
    """The orders that the asking officer's office carries out.

    Who has no office, or one without places, has them all; and everybody has those of which no message says the place.
    """
    if view.actor.office is None:
        return list(orders)
    with view.stores.access.reading() as connection:
        office = office_by_code(connection, view.actor.office)
    if office is None or not office.locations:
        return list(orders) if office else []
    places = {
        call.id: call.arrival_location
        for seq in {each.order.run_seq for each in orders}
        for call in calls_of_run(view.connection, seq)
    }
    own = {None, *office.locations}
    return [each for each in orders if places.get(each.order.call_id) in own]
