"""What officers sign together with their root keys: that keys of the node are revoked, and with which it begins anew.

The document passes from hand to hand, or each signs a copy and the copies are laid together; all of it without a node.
In: the descriptor that partners have confirmed, and signers. Out: documents that :mod:`partner` takes in. Nothing here
says that enough have signed but :func:`enough`, by the roots of the descriptor that counted before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from pratique.partners.exchange import jws, strict_json
from pratique.partners.exchange.descriptor import KIND as DESCRIPTOR
from pratique.partners.exchange.descriptor import LARGEST, Descriptor, read
from pratique.partners.exchange.errors import refuse
from pratique.partners.exchange.partner import (
    LARGEST_REVOCATION,
    REVOCATION,
    Revocation,
    revocation,
    root_signers,
)
from pratique.partners.exchange.signatures import SignedTogether, read_together
from pratique.partners.exchange.wire import record
from pratique.vocabulary.errors import PratiqueError

NODE_USES: Final = ("sign", "seal", "log", "witness")
Kind = Literal["revocation", "descriptor"]
TYPES: Final[dict[Kind, str]] = {"revocation": REVOCATION, "descriptor": DESCRIPTOR}


@dataclass(frozen=True, slots=True)
class RootDocument:
    """A document as officers see it before they sign. ``signers`` are the key ids that are said to have signed."""

    kind: Kind
    said: Revocation | Descriptor
    together: SignedTogether
    signers: tuple[str, ...]

    @property
    def about(self) -> str:
        """The administration whose keys it is about."""
        return self.said.partner if isinstance(self.said, Revocation) else self.said.id


def revoke_keys(
    descriptor: Descriptor, keys: Iterable[str], *, at: datetime, because: str, signer: jws.Signer
) -> bytes:
    """A revocation with its first signature; without ``keys`` every key of the node, but no root.

    Its number is the second it was made, so that nobody has to know which came before. Raises ``exchange.not_a_root``,
    ``exchange.key_not_in_descriptor`` and ``exchange.revocation_invalid``.
    """
    require_root(descriptor, signer.id)
    known = {key.id: key for key in descriptor.keys}
    wanted = list(dict.fromkeys(keys)) or [key.id for key in descriptor.keys if key.use in NODE_USES]
    for each in wanted:
        if each not in known:
            raise refuse("exchange.key_not_in_descriptor", partner=descriptor.id, key=each[:64])
    moment = at.replace(microsecond=0)
    said = {
        "v": 1,
        "partner": descriptor.id,
        "number": int(moment.timestamp()),
        "keys": tuple(wanted),
        "since": moment,
        "reason": because,
    }
    made = record(Revocation, said, code="exchange.revocation_invalid", what="revocation")
    return revocation(made, [signer])


def read_document(data: bytes) -> RootDocument:
    """The document, whichever of the two it is. Raises ``exchange.root_document`` for anything else."""
    together = read_together(data, what="document", at_most=2 * LARGEST)
    kind = _kind(together)
    signers = tuple(jws.taken_apart(token, kind=TYPES[kind]).key_id for token in together.tokens)
    said: Revocation | Descriptor
    if kind == "descriptor":
        said = read(data).descriptor
    else:
        plain = strict_json.read(together.payload, what="revocation", at_most=LARGEST_REVOCATION)
        said = record(Revocation, plain, code="exchange.revocation_invalid", what="revocation")
    return RootDocument(kind, said, together, signers)


def with_root(document: RootDocument, signer: jws.Signer) -> bytes:
    """The document with one signature more. Raises ``exchange.signed_already``."""
    if signer.id in document.signers:
        raise refuse("exchange.signed_already", key=signer.id)
    return document.together.with_another(signer, kind=TYPES[document.kind])


def laid_together(documents: Iterable[RootDocument]) -> bytes:
    """Copies that different officers signed, as one document with each signature once.

    Raises ``exchange.other_document`` where they do not say the same to the last byte.
    """
    first, *others = documents
    tokens = dict(zip(first.signers, first.together.tokens, strict=True))
    for other in others:
        if (other.kind, other.together.payload) != (first.kind, first.together.payload):
            raise refuse("exchange.other_document", partner=first.about)
        for signer, token in zip(other.signers, other.together.tokens, strict=True):
            tokens.setdefault(signer, token)
    return SignedTogether(first.together.payload, tuple(tokens.values())).written()


def roots_on(document: RootDocument, descriptor: Descriptor) -> frozenset[str]:
    """The roots of ``descriptor`` whose signature on the document holds."""
    return root_signers(descriptor, document.together.tokens, TYPES[document.kind])


def enough(document: RootDocument, descriptor: Descriptor) -> bool:
    """As many roots of the descriptor that counted before have signed as it asks for."""
    return 0 < descriptor.roots_needed <= len(roots_on(document, descriptor))


def require_root(descriptor: Descriptor, wanted: str) -> None:
    """Raises ``exchange.not_a_root`` for a key that is no root of the descriptor."""
    if descriptor.key("root", wanted) is None:
        raise refuse("exchange.not_a_root", partner=descriptor.id, key=wanted)


def _kind(together: SignedTogether) -> Kind:
    for kind, wanted in TYPES.items():
        try:
            jws.taken_apart(together.tokens[0], kind=wanted)
        except PratiqueError:
            continue
        return kind
    raise refuse("exchange.root_document")
