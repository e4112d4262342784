"""What kind of file one is that no format knows, by its first bytes: said to the person who sent the wrong one."""

from __future__ import annotations

from typing import Final

_BEGINS: Final = (
    (b"%PDF-", "a PDF document"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"\xd0\xcf\x11\xe0", "a document of an older office program, such as .xls, .doc or .msg"),
    (b"{\\rtf", "an RTF document"),
    (b"\xff\xfe\0\0", "text in UTF-32, which is to be saved as UTF-8 first"),
    (b"\xff\xfe", "text in UTF-16, which is to be saved as UTF-8 first"),
    (b"\xfe\xff", "text in UTF-16, which is to be saved as UTF-8 first"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)
_TEXT_BEGINS: Final = (
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"from:", "an e-mail"),
    (b"received:", "an e-mail"),
    (b"return-path:", "an e-mail"),
)
_BLANK: Final = b"\t\n\f\r"
_BINARY_SHARE: Final = 10  # one byte of so many that no text holds makes it binary


def looks_like(head: bytes) -> str | None:
    """The kind of file in words; ``None`` for text of no kind known here, which is best shown as it is."""
    for magic, kind in _BEGINS:
        if head.startswith(magic):
            return kind
    text = head.lstrip().lower()
    for begin, kind in _TEXT_BEGINS:
        if text.startswith(begin):
            return kind
    if _is_binary(head):
        return "text in UTF-16, which is to be saved as UTF-8 first" if _alternates(head) else "binary data"
    return None


def _is_binary(head: bytes) -> bool:
    odd = sum(byte < ord(" ") and byte not in _BLANK for byte in head)
    return odd * _BINARY_SHARE > len(head)


def _alternates(head: bytes) -> bool:
    """Whether nearly every second byte is none, as in UTF-16 without a mark of its order."""
    pairs = len(head) // 2
    even, odd = head[: 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    return pairs > 0 and 10 * max(even, odd) >= 9 * pairs and min(even, odd) * 10 <= pairs
