"""Passkeys (WebAuthn Level 3): what a browser is asked and whether its answer holds.

The person is verified by the device every time (PIN, finger, face), so a passkey is two factors by itself. The origin
and the relying party are settings of the node: an answer made for another site never fits.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

CHALLENGE_BYTES: Final = 32
LONGEST_ANSWER: Final = 32_768  # characters
_FAULTS: Final = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True)
class Site:
    """The site that passkeys are bound to: its origin, and the domain as relying party."""

    origin: str

    @property
    def relying_party(self) -> str:
        """The host of the origin."""
        return urlsplit(self.origin).hostname or ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the browser is asked: the challenge (base64url), and the options as JSON for ``navigator.credentials``."""

    challenge: str
    options: str


@dataclass(frozen=True, slots=True)
class Registered:
    """A passkey that was made: its credential id (base64url), public key (COSE) and first sign count."""

    credential_id: str
    public_key: bytes
    sign_count: int


def ask_to_register(site: Site, *, login: str, display_name: str, known: Iterable[str]) -> Asked:
    """Asks for a new passkey that can be found without a login; devices in ``known`` have one already."""
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    options = webauthn.generate_registration_options(
        rp_id=site.relying_party,
        rp_name="Pratique",
        user_id=hashlib.sha256(f"{site.relying_party}:{login}".encode()).digest(),
        user_name=login,
        user_display_name=display_name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in known],
    )
    return Asked(bytes_to_base64url(challenge), webauthn.options_to_json(options))


def ask_to_sign(site: Site, *, known: Iterable[str] = ()) -> Asked:
    """Asks for a signature of any passkey of this site, or of one of those in ``known``."""
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    options = webauthn.generate_authentication_options(
        rp_id=site.relying_party,
        challenge=challenge,
        allow_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in known],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return Asked(bytes_to_base64url(challenge), webauthn.options_to_json(options))


def registered(site: Site, *, challenge: str, answer: str) -> Registered | None:
    """The passkey in the answer; ``None`` where the answer does not hold."""
    try:
        verified = webauthn.verify_registration_response(
            credential=_short(answer),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.relying_party,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except _FAULTS:
        return None
    return Registered(bytes_to_base64url(verified.credential_id), verified.credential_public_key, verified.sign_count)


def named_in(answer: str) -> str | None:
    """The credential id that an answer claims to be signed by; ``None`` where it can be no answer."""
    try:
        return bytes_to_base64url(webauthn.helpers.parse_authentication_credential_json(_short(answer)).raw_id)
    except _FAULTS:
        return None


def signed(site: Site, *, challenge: str, answer: str, public_key: bytes, sign_count: int) -> int | None:
    """The new sign count; ``None`` where the answer does not hold, or the count shows that the passkey was copied."""
    try:
        verified = webauthn.verify_authentication_response(
            credential=_short(answer),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.relying_party,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except _FAULTS:
        return None
    return verified.new_sign_count


def _short(answer: str) -> str:
    if len(answer) > LONGEST_ANSWER:
        raise ValueError("an answer of no browser")
    return answer
