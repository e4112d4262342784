"""A hand-over to a partner's officer at two desks: card, offer, countersigning, completion; no stranger's card."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk_visits import Browser, Whole, whole_server
from nodes import ANNA
from partner_nodes import administration, introduce, publish
from pratique.node import Actor
from pratique.node.handlers.custody import CollectEvidence, NewItem
from pratique.node.handlers.custody_handover import ShowHandCard
from pratique.node.handlers.ledger_keys import MakeKeys
from pratique.node.handlers.partners_own import ShowOwnDescriptor
from pratique.node.node import wall_clock
from pratique.partners.evidence.items import ItemKind

LOGIN = "tomas.erlund"
OFFICER = Actor(f"officer:{LOGIN}", frozenset({"liaison"}), purpose="mutual_assistance")


def officer(side: Whole) -> tuple[Browser, str]:
    """The officer at that desk, who has said what persons' data is read for."""
    browser, csrf = side.signed_in(LOGIN)
    browser.post("/purpose", data={"csrf": csrf, "purpose": "mutual_assistance", "next": "/"})
    return browser, csrf


@pytest.mark.long
def test_both_hands_sign_at_their_own_desks(tmp_path: Path) -> None:
    photo = tmp_path / "seal.jpg"
    photo.write_bytes(b"\xff\xd8\xff a seal")
    with whole_server(tmp_path / "here") as here, whole_server(tmp_path / "there") as there:
        for side, state in ((here, "xa"), (there, "xb")):
            side.node.execute(MakeKeys(f"{state}-customs"), actor=ANNA)
            publish(side.node, state)
        introduce(here.node, there.node.ask(ShowOwnDescriptor(), actor=ANNA))
        introduce(there.node, here.node.ask(ShowOwnDescriptor(), actor=ANNA))
        new = NewItem("Seal of the box", ItemKind.PHOTOGRAPH, "Port Ilmen", "Camera 7", "Customs Act 31", (photo,))
        item = f"/evidence-items/{here.node.execute(CollectEvidence(new), actor=OFFICER).id}"
        (gives, token), (takes, other) = officer(here), officer(there)
        assert "Card of the partner" in gives.get(item).text

        unknown = administration(tmp_path / "xc", "xc", clock=wall_clock)
        with unknown:
            stranger = unknown.ask(ShowHandCard(), actor=ANNA)
        form = {"csrf": token, "place": "Border post 4"}
        refused = gives.post(f"{item}/offer-by-card", data=form, files={"file": ("card.json", stranger)})
        assert (refused.status_code, "custody.card_not_of_partner" in refused.text) == (422, True)

        card = takes.post("/hand-overs/card", data={"csrf": other}).content
        assert gives.post(f"{item}/offer-by-card", data=form, files={"file": ("c.json", card)}).status_code == 303
        offer = gives.get(f"{item}/offer")
        assert "attachment" in offer.headers["content-disposition"]
        changed = offer.content.replace(b"Border post 4", b"Border post 5")
        for content, status in ((changed, 422), (offer.content, 200)):
            signed = takes.post("/hand-overs/countersign", data={"csrf": other}, files={"file": ("o.json", content)})
            assert signed.status_code == status
        done = gives.post(f"{item}/complete", data={"csrf": token}, files={"file": ("s.json", signed.content)})
        assert done.status_code == 303, done.text[:2000]
        page = gives.get(item).text
        assert "signed by both hands" in page
        assert "xb-customs" in page
        assert "Card of the partner" not in page  # it is no longer in these hands
