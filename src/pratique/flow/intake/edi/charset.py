"""Character sets by syntax identifier (ISO 9735 data element 0001), decoded tolerantly and never by a silent guess."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from pratique.flow.intake.edi.syntax import REPLACEMENT

CODECS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "UNOA": "ascii",
        "UNOB": "ascii",
        "UNOC": "iso8859-1",
        "UNOD": "iso8859-2",
        "UNOE": "iso8859-5",
        "UNOF": "iso8859-7",
        "UNOG": "iso8859-3",
        "UNOH": "iso8859-4",
        "UNOI": "iso8859-6",
        "UNOJ": "iso8859-8",
        "UNOK": "iso8859-9",
        "UNOW": "utf-8",
        "UNOY": "utf-8",
    }
)
_UNFIT: Final = re.compile("[\x00\ufdd0-\ufdef]")  # NUL, and the noncharacters that mark released characters


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the codec that gave it, how many bytes it could not decode and how many characters no text may contain."""

    text: str
    codec: str
    undecoded: int = 0
    unfit: int = 0


def decode(raw: bytes, codec: str) -> Decoded:
    """The text of ``raw``, declared to be in ``codec``.

    Bytes that an ASCII sender should not have sent are read as UTF-8 where they are valid UTF-8, else as ISO 8859-1;
    the codec that was used is told. Bytes that a codec cannot decode, NULs and Unicode noncharacters become U+FFFD.
    """
    decoded = _decoded(raw, codec)
    if "\x00" not in decoded.text and (decoded.text.isascii() or _UNFIT.search(decoded.text) is None):
        return decoded
    text, unfit = _UNFIT.subn(REPLACEMENT, decoded.text)
    return Decoded(text, decoded.codec, decoded.undecoded, unfit)


def _decoded(raw: bytes, codec: str) -> Decoded:
    for candidate in (codec, "utf-8", "iso8859-1") if codec == "ascii" else (codec,):
        try:
            return Decoded(raw.decode(candidate), candidate)
        except UnicodeDecodeError:
            continue
    text = raw.decode(codec, "replace")
    return Decoded(text, codec, undecoded=text.count(REPLACEMENT))
