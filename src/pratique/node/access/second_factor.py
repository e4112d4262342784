"""The second factor: codes of an authenticator app (RFC 6238), and recovery codes for the day it is lost."""

from __future__ import annotations

import hmac
import re
import secrets
from datetime import datetime
from typing import Final

import pyotp

from pratique.node.access.secrets import secret_digest

STEP_SECONDS: Final = 30
STEPS_AROUND: Final = (0, -1, 1)  # clocks differ, people type slowly
RECOVERY_CODES: Final = 10
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing to misread
_CODE: Final = re.compile(r"[0-9]{6}")
_NOT_IN_CODES: Final = re.compile(r"[^0-9a-z]")
ISSUER: Final = "Pratique"


def new_factor() -> str:
    """The shared secret of a new second factor: 160 random bits in base 32."""
    return pyotp.random_base32()


def factor_address(factor: str, login: str, node: str) -> str:
    """The ``otpauth:`` address that an authenticator app reads as a picture."""
    return pyotp.TOTP(factor).provisioning_uri(name=login, issuer_name=f"{ISSUER} {node}")


def looks_like_app_code(code: str) -> bool:
    """Six digits; anything else can only be a recovery code."""
    return _CODE.fullmatch(code.replace(" ", "")) is not None


def step_of(factor: str, code: str, now: datetime) -> int | None:
    """The step of thirty seconds whose code this is, one step around now; ``None`` where it is none of them.

    The caller notes the step as used: a code works once.
    """
    given = code.replace(" ", "")
    if not looks_like_app_code(code):
        return None
    current = int(now.timestamp()) // STEP_SECONDS
    generator = pyotp.TOTP(factor)
    found = None
    for shift in STEPS_AROUND:
        if hmac.compare_digest(generator.generate_otp(current + shift), given):
            found = current + shift
    return found


def new_recovery_codes() -> list[str]:
    """Ten codes of 118 random bits each, so that a plain digest of them is enough; every one works once."""
    return [
        "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(6)) for _ in range(RECOVERY_CODES)
    ]


def recovery_digest(code: str) -> str:
    """What is stored of a recovery code, however it was typed."""
    return secret_digest(_NOT_IN_CODES.sub("", code.casefold()))
