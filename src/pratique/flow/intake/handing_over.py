"""A reading as bytes, to be handed from the process that read the file to the one that asked for it.

It is a line of JSON, ``{"quarantined": [...], "frames": {NAME: N, ...}}``, and for each frame N bytes of an Arrow
stream: values alone, nothing that becomes code.
"""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from typing import Any, BinaryIO

import polars as pl

from pratique.flow.intake.format import Quarantined, Reading
from pratique.vocabulary.findings import Finding
from pratique.vocabulary.frames import SCHEMAS, Manifest


def hand_over(reading: Reading, sink: BinaryIO) -> None:
    """Writes the reading to ``sink``."""
    frames = {name: _packed(getattr(reading.manifest, name)) for name in SCHEMAS}
    sizes = {name: len(content) for name, content in frames.items()}
    told = {"quarantined": [asdict(part) for part in reading.quarantined], "frames": sizes}
    sink.write(json.dumps(told).encode() + b"\n")
    for content in frames.values():
        sink.write(content)


def taken_over(source: BinaryIO) -> Reading:
    """The reading that :func:`hand_over` wrote.

    Raises ``ValueError``, ``TypeError``, ``KeyError`` or ``PolarsError`` where it is not whole or of another form.
    """
    told = json.loads(source.readline())
    frames = {name: pl.read_ipc_stream(source.read(told["frames"][name])) for name in SCHEMAS}
    return Reading(Manifest(**frames), tuple(map(_quarantined, told["quarantined"])))


def _packed(frame: pl.DataFrame) -> memoryview:
    rows = io.BytesIO()
    frame.write_ipc_stream(rows, compression="lz4")  # a sixth to write, carry and read
    return rows.getbuffer()


def _quarantined(told: dict[str, Any]) -> Quarantined:
    return Quarantined(**told | {"reason": Finding(**told["reason"])})
