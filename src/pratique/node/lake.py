"""Frames in the lake: written whole as Parquet, read back where and as far as they are needed."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
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


@dataclass(frozen=True, slots=True)
class FrameAside:
    """A frame that is written and settled, and not yet in place."""

    path: Path
    kept: KeptFile
    rows: int


def keep_frames(
    frames: Mapping[str, pl.DataFrame], files: Files, aside: Mapping[str, FrameAside] | None = None
) -> tuple[dict[str, FrameFacts], list[KeptFile]]:
    """Writes every frame under its digest, with those that were put aside before."""
    written = {**(aside or {}), **frames_aside(frames, files)}
    files.place((each.path, each.kept) for each in written.values())
    facts = {
        name: FrameFacts(path=each.kept.path, sha256=each.kept.sha256, rows=each.rows) for name, each in written.items()
    }
    return facts, [each.kept for each in written.values()]


def frames_aside(frames: Mapping[str, pl.DataFrame], files: Files) -> dict[str, FrameAside]:
    """Writes frames where nobody finds them yet; a command that ends without keeping them leaves none."""

    def write(name: str) -> FrameAside:
        return FrameAside(*files.frame_aside(name, _packed(frames[name])), frames[name].height)

    with ThreadPoolExecutor(max_workers=4) as pool:  # some pack while the disk settles what others wrote
        return dict(zip(frames, pool.map(write, frames), strict=True))


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
