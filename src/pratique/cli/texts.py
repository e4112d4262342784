"""Texts that people write in files of their own: profiles and mappings; read whole, or refused with the reason."""

from __future__ import annotations

from pathlib import Path

from pratique.vocabulary.errors import PratiqueError


def text_of(path: Path, *, most_bytes: int) -> str:
    """The text of a file. Raises ``PratiqueError`` where it is no regular file, too long, or no UTF-8."""
    from pratique.node.runs.incoming import open_regular

    with open_regular(path) as source:
        content = source.read(most_bytes + 1)
    if len(content) > most_bytes:
        todo = "Check whether it is the right file."
        raise PratiqueError(
            "input.too_long", f"{path} is longer than the {most_bytes:,} bytes that are read.", todo=todo
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        told = f"{path} is not text in UTF-8: byte {fault.start + 1} begins no character."
        raise PratiqueError("input.not_text", told, todo="Save it as UTF-8.") from fault
