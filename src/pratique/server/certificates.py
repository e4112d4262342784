"""The certificate that the operator gave: its key must be as strong as what it protects."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from pratique.node.errors import refuse
from pratique.vocabulary.errors import Category

LEAST_RSA_BITS: Final = 3072  # 128 bits of security (NIST SP 800-57 part 1, table 2)
LEAST_EC_BITS: Final = 256


def require_strong_certificate(file: Path) -> None:
    """Raises ``MISCONFIGURED`` where the first certificate of the chain (PEM) cannot be read or has a short key."""
    try:
        key = x509.load_pem_x509_certificate(file.read_bytes()).public_key()
    except (OSError, ValueError) as error:
        raise refuse("serve.no_certificate", Category.MISCONFIGURED, file=file) from error
    bits, least = 0, 0
    if isinstance(key, RSAPublicKey):
        bits, least = key.key_size, LEAST_RSA_BITS
    elif isinstance(key, EllipticCurvePublicKey):
        bits, least = key.key_size, LEAST_EC_BITS
    if bits < least:
        raise refuse("serve.short_key", Category.MISCONFIGURED, bits=bits, least=least)
