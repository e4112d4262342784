"""What checking the whole ledger came to: what was looked at, how long it took, and each thing that does not hold."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from pratique.node.errors import told
from pratique.vocabulary.sentences import sentence

MOST_TOLD: Final = 100  # faults that are told one by one; all are counted


@dataclass(frozen=True, slots=True)
class LedgerFault:
    """One thing that does not hold: its code, what the sentence is filled with, and the sentence."""

    code: str
    params: Mapping[str, object]
    told: str

    @classmethod
    def of(cls, code: str, params: Mapping[str, object]) -> LedgerFault:
        """The fault with its sentence."""
        return cls(code, params, told(code, params))

    def in_language(self, language: str) -> str:
        """The sentence in another language."""
        return sentence(self.code, self.params, language)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of checking: its name, how many things it looked at, and how long it took in milliseconds."""

    name: str
    count: int
    took_ms: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """The ledger as it was found. ``pending`` leaves are in no checkpoint yet; ``erased`` ones have no opening left.

    ``root`` (hex) is that of all ``size`` entries; ``fault_count`` may be more than the ``faults`` that are told.
    """

    size: int
    root: str
    pending: int
    erased: int
    steps: tuple[Step, ...]
    faults: tuple[LedgerFault, ...]
    fault_count: int

    @property
    def holds(self) -> bool:
        """Nothing was changed, removed or slipped in."""
        return self.fault_count == 0


@dataclass(slots=True)
class Looking:
    """Where the faults and steps of one check are collected; ``progress`` hears the name of each step."""

    progress: Callable[[str], None]
    faults: list[LedgerFault] = field(default_factory=list)
    fault_count: int = 0
    steps: list[Step] = field(default_factory=list)
    count: int = 0

    def fault(self, code: str, **params: object) -> None:
        """Notes that something does not hold."""
        self.fault_count += 1
        if len(self.faults) < MOST_TOLD:
            self.faults.append(LedgerFault.of(f"ledger.{code}", params))

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """One step: ``count`` is what it looked at. One that stumbles over what somebody wrote has found a fault."""
        self.progress(name)
        started, self.count = time.perf_counter(), 0
        try:
            yield
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            self.fault("stumbled", step=name, why=str(error) or type(error).__name__)
        self.steps.append(Step(name, self.count, round((time.perf_counter() - started) * 1000)))
