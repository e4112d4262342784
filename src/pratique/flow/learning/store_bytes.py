"""The profile store as bytes: one line that says which array is where, then the arrays. Nothing in it is ever run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt

from pratique.flow.learning.network import Links
from pratique.flow.learning.peers import Histogram
from pratique.flow.learning.profiles import ProfileStore
from pratique.flow.learning.sums import Sums

Array = npt.NDArray[Any]
Part = TypeVar("Part")
_KINDS: Final = {"u": np.dtype("<u8"), "i": np.dtype("<i8")}


def stored(store: ProfileStore) -> bytes:
    """The store as bytes; the same store gives the same bytes."""
    listed, parts = [], []
    for name, array in _arrays(store):
        kind = "u" if array.dtype == np.uint64 else "i"
        listed.append([name, kind, len(array)])
        parts.append(np.ascontiguousarray(array, dtype=_KINDS[kind]).tobytes())
    return b"".join([json.dumps({"as_of": store.as_of, "arrays": listed}).encode() + b"\n", *parts])


def store_of(text: bytes) -> ProfileStore:
    """The store of those bytes. Raises ``ValueError`` or ``KeyError`` where they are none."""
    line, _, rest = text.partition(b"\n")
    said = json.loads(line)
    arrays: dict[str, Array] = {}
    at = 0
    for name, kind, count in said["arrays"]:
        if type(count) is not int or not 0 <= count <= (len(rest) - at) // 8 or name in arrays:
            raise ValueError(name)
        arrays[name] = np.frombuffer(rest, dtype=_KINDS[kind], count=count, offset=at)
        at += 8 * count
    sums = {kind: _kept(arrays, kind, lambda part: _sums(arrays, part)) for kind in ("declared", "results")}
    figures = _kept(arrays, "figures", lambda part: _histogram(arrays, part))
    importer, shared, day = (arrays[f"links//{name}"] for name in ("importer", "shared", "day"))
    return ProfileStore(said["as_of"], sums["declared"], sums["results"], figures, Links(importer, shared, day))


def _arrays(store: ProfileStore) -> Iterator[tuple[str, Array]]:
    for kind, parts in (("declared", store.declared), ("results", store.results)):
        for key, sums in sorted(parts.items()):
            named = {"at": sums.at, "first": sums.first, "last": sums.last}
            named |= {f"+{name}": values for name, values in sorted(sums.adds.items())}
            yield from ((f"{kind}/{key}/{name}", values) for name, values in named.items())
    for measure, figures in sorted(store.figures.items()):
        for name in ("block", "place", "count"):
            yield f"figures/{measure}/{name}", getattr(figures, name)
    for name in ("importer", "shared", "day"):
        yield f"links//{name}", getattr(store.links, name)


def _kept(arrays: dict[str, Array], kind: str, made: Callable[[str], Part]) -> dict[str, Part]:
    keys = dict.fromkeys(name.split("/")[1] for name in arrays if name.startswith(f"{kind}/"))
    return {key: made(f"{kind}/{key}") for key in keys}


def _sums(arrays: dict[str, Array], part: str) -> Sums:
    adds = {name.rpartition("+")[2]: values for name, values in arrays.items() if name.startswith(f"{part}/+")}
    at, first, last = (arrays[f"{part}/{name}"] for name in ("at", "first", "last"))
    return Sums(at, first, last, adds)


def _histogram(arrays: dict[str, Array], part: str) -> Histogram:
    block, place, count = (arrays[f"{part}/{name}"] for name in ("block", "place", "count"))
    return Histogram(block, place, count)
