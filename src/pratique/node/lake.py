"""Frames in the lake: written whole as Parquet, read back where and as far as they are needed."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypedDict

import polars as pl

from pratique.node.errors import refuse
from pratique.node.files import Files, KeptFile
from pratique.node.folder import NodeFolder
from pratique.node.frame_cache import FRAMES
from pratique.vocabulary.errors import Category


class FrameFacts(TypedDict):
    """Where a frame of a run lies."""

    path: str
    sha256: str
    rows: int


def keep_frames(frames: Mapping[str, pl.DataFrame], files: Files) -> tuple[dict[str, FrameFacts], list[KeptFile]]:
    """Writes every frame under its digest."""
    with ThreadPoolExecutor(max_workers=4) as pool:  # some pack while the disk settles what others wrote
        aside = list(pool.map(lambda named: files.frame_aside(named[0], _packed(named[1])), frames.items()))
    files.place(aside)
    kept = [file for _, file in aside]
    facts = {
        name: FrameFacts(path=file.path, sha256=file.sha256, rows=frame.height)
        for (name, frame), file in zip(frames.items(), kept, strict=True)
    }
    return facts, kept


def _packed(frame: pl.DataFrame) -> bytes:
    sink = io.BytesIO()
    frame.write_parquet(sink, compression="lz4", statistics=False)
    return sink.getvalue()


def read_frame(folder: NodeFolder, facts: FrameFacts) -> pl.DataFrame:
    """A frame of a run. Raises ``BROKEN`` where its file is gone or damaged."""
    try:
        return pl.read_parquet(folder.path(facts["path"]))
    except (OSError, pl.exceptions.PolarsError) as error:
        raise refuse("node.file_broken", Category.BROKEN, path=facts["path"]) from error


def known_frame(folder: NodeFolder, facts: FrameFacts) -> pl.DataFrame:
    """The same, kept in memory under its digest. Raises ``BROKEN`` also where the bytes are not those of the digest."""
    return FRAMES.get(facts["sha256"], lambda: _checked_frame(folder, facts))


def _checked_frame(folder: NodeFolder, facts: FrameFacts) -> pl.DataFrame:
    try:
        content = folder.path(facts["path"]).read_bytes()
        if hashlib.sha256(content).hexdigest() != facts["sha256"]:
            raise refuse("node.file_broken", Category.BROKEN, path=facts["path"])
        return pl.read_parquet(content)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise refuse("node.file_broken", Category.BROKEN, path=facts["path"]) from error
