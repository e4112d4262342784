"""Second looks: a sample of controls is made again by another officer, and how often the two disagree is counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from pratique.flow.controls.agreement import Agreement, Pair, agreement
from pratique.flow.controls.draw import MILLION, is_drawn
from pratique.flow.controls.outcomes import CONTROLLED, FOUND
from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.controls.order_at_hand import OrderAtHand, orders_at_hand
from pratique.node.controls.ordering import SECOND_LOOK, Stamp, Wanted, order_like
from pratique.node.controls.recording import RECORDED, rows_digest
from pratique.node.errors import refuse
from pratique.node.storage import control_outcomes, journal, orders
from pratique.node.storage.orders import StoredDraw, StoredOrder
from pratique.node.storage.store import Connection
from pratique.vocabulary.errors import Category

WHOLE: Final = 1000


@dataclass(frozen=True, slots=True)
class SecondLooksDrawn:
    """How many controls were in the draw, and the orders that it made; the seed says it again."""

    considered: int
    drawn: int
    seed: int


@dataclass(frozen=True, slots=True)
class SecondLooks:
    """Second looks so far: ordered, open, finished, and how far the two officers agree."""

    ordered: int
    open: int
    finished: int
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class DrawSecondLooks(Command[SecondLooksDrawn]):
    """Draws second looks among finished controls that were in no draw yet and whose consignment is not released.

    Each is drawn on its own with ``share_permille`` chances in a thousand; the chance is stored, drawn or not.
    """

    share_permille: int
    entry: ClassVar[str] = "controls.second_looks_drawn"


@dataclass(frozen=True, slots=True)
class ShowSecondLooks(Query[SecondLooks]):
    """How far two officers who control the same consignment agree."""


def draw_second_looks(command: DrawSecondLooks, work: Work) -> Act[SecondLooksDrawn]:
    """Raises ``REJECTED`` for a share that is none, ``CONFLICT`` where there is nothing to draw from."""
    if not 1 <= command.share_permille <= WHOLE:
        raise refuse("controls.no_share", share=command.share_permille)
    seed, chance = work.randomness(), command.share_permille * (MILLION // WHOLE)

    def act(connection: Connection) -> Done[SecondLooksDrawn]:
        among = _drawable(connection)
        if not among:
            raise refuse("controls.nothing_to_draw", Category.CONFLICT)
        stamp = Stamp(journal.next_seq(connection), work.at, work.actor)
        draws, added = [], []
        for each in among:
            hit = is_drawn(each.order.id, seed=seed, probability_ppm=chance)
            draws.append(StoredDraw(each.order.id, stamp.seq, seed, chance, int(hit)))
            if hit:
                added.append(_again(each.order, stamp))
        orders.add_draws(connection, draws)
        orders.add_orders(connection, added)
        drawn = SecondLooksDrawn(len(draws), len(added), seed)
        facts = {"share_permille": command.share_permille, "seed": seed, RECORDED: rows_digest(*draws, *added)}
        return Done(drawn, command=facts, outcome={"considered": drawn.considered, "drawn": drawn.drawn})

    return act


def show_second_looks(query: ShowSecondLooks, view: View) -> SecondLooks:
    """Pairs count once both officers carried their control out."""
    every = orders_at_hand(view.connection)
    by_id, chances = {each.order.id: each for each in every}, orders.draws(view.connection)
    looks = [each for each in every if each.order.repeats is not None]
    pairs = []
    for look in looks:
        first, second = by_id[str(look.order.repeats)].standing, look.standing
        if first and second and {first.outcome, second.outcome} <= CONTROLLED:
            chance = chances[first.order_id].probability_ppm
            pairs.append(Pair(first.outcome in FOUND, second.outcome in FOUND, chance))
    finished = sum(each.standing is not None for each in looks)
    return SecondLooks(len(looks), sum(each.is_open for each in looks), finished, agreement(pairs))


def _drawable(connection: Connection) -> list[OrderAtHand]:
    known = orders.draws(connection)
    found = []
    for each in orders_at_hand(connection):
        fresh = each.order.repeats is None and each.order.id not in known
        if fresh and each.standing is not None and each.standing.outcome in CONTROLLED:
            found.append(each)
    gone = {
        (seq, number)
        for seq in {each.order.run_seq for each in found}
        for number in control_outcomes.releases(connection, seq)
    }
    return [each for each in found if (each.order.run_seq, each.order.consignment) not in gone]


def _again(first: StoredOrder, stamp: Stamp) -> StoredOrder:
    return order_like(first, Wanted(first.control, SECOND_LOOK, repeats=first.id), stamp)
