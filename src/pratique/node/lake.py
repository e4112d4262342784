"""Frames in the lake: written whole as Parquet, read back where and as far as they are needed."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TypedDict

import polars as pl

from pratique.node.errors import refuse
from pratique.node.files import Files, KeptFile
from pratique.node.folder import NodeFolder
from pratique.vocabulary.errors import Category


class FrameFacts(TypedDict):
    """Where a frame of a run lies."""

    path: str
    sha256: str
    rows: int


def keep_frames(frames: Mapping[str, pl.DataFrame], files: Files) -> tuple[dict[str, FrameFacts], list[KeptFile]]:
    """Writes every frame under its digest."""
    facts: dict[str, FrameFacts] = {}
    kept = []
    for name, frame in frames.items():
        sink = io.BytesIO()
        frame.write_parquet(sink, compression="lz4", statistics=False)
        file = files.keep_frame(name, sink.getvalue())
        facts[name] = FrameFacts(path=file.path, sha256=file.sha256, rows=frame.height)
        kept.append(file)
    return facts, kept


def read_frame(folder: NodeFolder, facts: FrameFacts) -> pl.DataFrame:
    """A frame of a run. Raises ``BROKEN`` where its file is gone or damaged."""
    try:
        return pl.read_parquet(folder.path(facts["path"]))
    except (OSError, pl.exceptions.PolarsError) as error:
        raise refuse("node.file_broken", Category.BROKEN, path=facts["path"]) from error
