"""Two words letter over letter: which letters agree, which differ and which only one side has."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Letter:
    """One place of an aligned pair; ``None`` where that side has no letter."""

    declared: str | None
    listed: str | None

    @property
    def agrees(self) -> bool:
        """Both sides have the same letter, whatever its case."""
        return self.declared is not None and self.listed is not None and self.declared.upper() == self.listed.upper()


def aligned_letters(declared: str, listed: str) -> tuple[Letter, ...]:
    """The two words place by place; read down either side they are the words themselves."""
    found: list[Letter] = []
    matcher = SequenceMatcher(None, declared.upper(), listed.upper(), autojunk=False)
    if len(declared.upper()) != len(declared) or len(listed.upper()) != len(listed):
        matcher = SequenceMatcher(None, declared, listed, autojunk=False)  # a letter whose capital is two letters
    for _, start, end, other_start, other_end in matcher.get_opcodes():
        left, right = declared[start:end], listed[other_start:other_end]
        found.extend(Letter(_at(left, at), _at(right, at)) for at in range(max(len(left), len(right))))
    return tuple(found)


def _at(text: str, place: int) -> str | None:
    return text[place] if place < len(text) else None
