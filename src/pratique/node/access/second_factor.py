"""The second factor: codes of an authenticator app (RFC 6238), and recovery codes for the day it is lost."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import pyotp

from pratique.node.access.secrets import secret_digest

STEP_SECONDS: Final = 30
RECOVERY_CODES: Final = 10
DIGESTS: Final = {"sha256": hashlib.sha256, "sha1": None}  # None is the default of RFC 6238, which pyotp knows itself
SECRET_CHARACTERS: Final = {"sha256": 52, "sha1": 32}  # of base 32: as long as the digest (RFC 6238, 5.1)
MARK: Final = ":"
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing to misread
_CODE: Final = re.compile(r"[0-9]{6}")
_NOT_IN_CODES: Final = re.compile(r"[^0-9a-z]")
ISSUER: Final = "Pratique"


@dataclass(frozen=True, slots=True)
class AppFactor:
    """What an authenticator app and the node share: the secret in base 32, and the digest its codes are made with."""

    secret: str = field(repr=False)
    digest: str

    @classmethod
    def parse(cls, kept: str) -> AppFactor:
        """The factor as it was kept; one from before digests were named has the default of RFC 6238."""
        digest, _, secret = kept.rpartition(MARK)
        return cls(secret, digest or "sha1")

    @property
    def generator(self) -> pyotp.TOTP:
        """What makes its codes."""
        return pyotp.TOTP(self.secret, digest=DIGESTS[self.digest])


def new_factor(digest: str = "sha256") -> str:
    """A new second factor as it is kept (sealed): its digest and a secret of 256 (SHA-1: 160) random bits."""
    secret = pyotp.random_base32(SECRET_CHARACTERS[digest])
    return f"{digest}{MARK}{secret}"


def factor_address(factor: AppFactor, login: str, node: str) -> str:
    """The ``otpauth:`` address that an authenticator app reads as a picture."""
    return factor.generator.provisioning_uri(name=login, issuer_name=f"{ISSUER} {node}")


def looks_like_app_code(code: str) -> bool:
    """Six digits; anything else can only be a recovery code."""
    return _CODE.fullmatch(code.replace(" ", "")) is not None


def step_of(factor: AppFactor, code: str, now: datetime, *, around: int) -> int | None:
    """The step of thirty seconds whose code this is, ``around`` steps around now; ``None`` where it is none of them.

    The caller notes the step as used: a code works once.
    """
    given = code.replace(" ", "")
    if not looks_like_app_code(code):
        return None
    current = int(now.timestamp()) // STEP_SECONDS
    generator, found = factor.generator, None
    for shift in range(-around, around + 1):
        if hmac.compare_digest(generator.generate_otp(current + shift), given):
            found = current + shift
    return found


def new_recovery_codes() -> list[str]:
    """Ten codes of 138 random bits each, so that a plain digest of them is enough; every one works once."""
    return [
        "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(7)) for _ in range(RECOVERY_CODES)
    ]


def recovery_digest(code: str) -> str:
    """What is stored of a recovery code, however it was typed."""
    return secret_digest(_NOT_IN_CODES.sub("", code.casefold()))
