"""What reading data about persons is called on a page; policy and log of access know it by the name of the request."""

from __future__ import annotations

from collections.abc import Callable, Mapping


def reading_words(word: Callable[[str], str]) -> Mapping[str, str]:
    """What is done, by the request that does it; every request that the policy says shows persons is among them."""
    return {
        "ReadMessage": word("Read a message without keeping it"),
        "ShowQuarantined": word("See a part in quarantine"),
        "RereadQuarantined": word("Read a part in quarantine again"),
        "ListQueue": word("See the control list"),
        "QueuePage": word("Open the queue of a ship"),
        "Search": word("Search"),
        "ShowConsignment": word("Open a consignment"),
        "ExplainConsignment": word("See why a consignment has its points"),
        "ShowNetwork": word("See the parties around a consignment"),
        "ShowVersions": word("Compare the versions of a message"),
        "ShowPlace": word("See the message as received"),
        "ListHits": word("See the list hits"),
        "ShowHit": word("Open a list hit"),
        "ScreenNames": word("Screen names"),
        "ShowListChange": word("See what changed in a list"),
        "ProjectProfile": word("Try a profile on what is stored"),
        "ListPastDeclarations": word("Read past declarations"),
        "ShowOrder": word("Open a control"),
        "ShowEvidence": word("See the evidence of a control"),
        "ShowDossier": word("Open a seizure dossier"),
        "ListItems": word("See the evidence in custody"),
        "ShowItem": word("Open an item in custody"),
        "ListRequests": word("See the requests for assistance"),
        "ShowRequest": word("Open a request for assistance"),
        "DraftAlert": word("Draft an alert from a consignment"),
        "ShowDisclosure": word("See what was sent to a partner"),
        "ShowMessage": word("Open a message from a partner"),
        "ReadAttachment": word("Open an attachment from a partner"),
        "ShowBlindQuestion": word("Open a blind query"),
    }
