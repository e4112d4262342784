"""Learned headings as bytes: a digest, one line that says which array is where, then the arrays. Nothing in it is run.

The file is plain and small enough to send; it holds terms as numbers and no description. One that is not what was kept
is refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pratique.flow.learning.errors import refuse
from pratique.flow.learning.headings import Headings, Vague
from pratique.flow.learning.wording import Vocabulary
from pratique.vocabulary.errors import Category

FORMAT: Final = "pratique headings 1"
_KINDS: Final = ("<u4", "<i4", "<i8", "<f4", "<f8", "<f2")
_MOST_PARTS: Final = 32


def kept(headings: Headings) -> bytes:
    """The headings as bytes; the first line has the SHA-256 of all that follows it."""
    listed, parts = [], []
    for name, array in _arrays(headings):
        listed.append([name, array.dtype.str, list(array.shape)])
        parts.append(np.ascontiguousarray(array).tobytes())
    said = {"codes": list(headings.codes), "until": headings.until, "rows": headings.rows, "arrays": listed}
    if headings.vague is not None:
        said["start"] = headings.vague.start
    body = b"".join([json.dumps(said, sort_keys=True).encode() + b"\n", *parts])
    return f"{FORMAT} {hashlib.sha256(body).hexdigest()}\n".encode() + body


def digest_of(text: bytes) -> str:
    """The digest that the file tells of itself."""
    return text.partition(b"\n")[0].rpartition(b" ")[2].decode("ascii", "replace")


def headings_of(text: bytes, file: str) -> Headings:
    """The headings of those bytes. Raises ``model.headings_changed`` where they are not what was kept."""
    first, _, body = text.partition(b"\n")
    if first.decode("ascii", "replace") != f"{FORMAT} {hashlib.sha256(body).hexdigest()}":
        raise refuse("model.headings_changed", Category.BROKEN, file=file)
    try:
        return _read(body)
    except (ValueError, KeyError, TypeError, IndexError, OverflowError, RecursionError) as error:
        raise refuse("model.headings_changed", Category.BROKEN, file=file) from error


def _read(body: bytes) -> Headings:
    line, _, rest = body.partition(b"\n")
    said = json.loads(line)
    arrays = _listed(said["arrays"][:_MOST_PARTS], rest)
    vague = None
    if "start" in said:
        vague = Vague(*_known(arrays, "vague"), arrays["vague/adds"].astype(np.float32), float(said["start"]))
    words, known = _known(arrays, "heading")
    codes = tuple(str(code) for code in said["codes"])
    _require_places(arrays, known.shape[0], len(codes))
    return Headings(
        codes=codes,
        words=words,
        known=known,
        heading=arrays["heading/of"],
        times=arrays["heading/times"],
        adds=arrays["heading/adds"].astype(np.float32),
        vague=vague,
        until=str(said["until"]),
        rows=int(said["rows"]),
    )


def _arrays(headings: Headings) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    yield from _of("heading", headings.words, headings.known, headings.adds)
    yield "heading/of", headings.heading.astype("<i8")
    yield "heading/times", headings.times.astype("<i8")
    if headings.vague is not None:
        yield from _of("vague", headings.vague.words, headings.vague.known, headings.vague.adds)


def _of(name: str, words: Vocabulary, known: Any, adds: npt.NDArray[Any]) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    told = {
        "terms": words.terms.astype("<u4"), "rarity": words.rarity.astype("<f8"), "values": known.data.astype("<f8"),
        "places": known.indices.astype("<i4"), "starts": known.indptr.astype("<i4"), "adds": adds.astype("<f2"),
    }  # fmt: skip
    yield from ((f"{name}/{part}", array) for part, array in told.items())


def _listed(listed: list[Any], rest: bytes) -> Mapping[str, npt.NDArray[Any]]:
    arrays, at = {}, 0
    for name, kind, shape in listed:
        if kind not in _KINDS:
            raise ValueError(kind)
        count = int(np.prod(shape))
        arrays[name] = np.frombuffer(rest, dtype=kind, count=count, offset=at).reshape(shape)
        at += count * np.dtype(kind).itemsize
    return arrays


def _require_places(arrays: Mapping[str, npt.NDArray[Any]], texts: int, codes: int) -> None:
    """Every known text has its heading, and what it adds to each. Raises ``ValueError``."""
    of, times, adds = (arrays[f"heading/{part}"] for part in ("of", "times", "adds"))
    if of.shape != (texts,) or times.shape != (texts,) or adds.shape != (texts, codes):
        raise ValueError("other numbers of texts")
    if texts and not 0 <= of.min() <= of.max() < codes:
        raise ValueError("a heading that is not there")


def _known(arrays: Mapping[str, npt.NDArray[Any]], name: str) -> tuple[Vocabulary, Any]:
    """Raises ``ValueError`` where a place is none of the words': multiplying would follow it without looking."""
    words = Vocabulary(arrays[f"{name}/terms"], arrays[f"{name}/rarity"])
    parts = tuple(arrays[f"{name}/{part}"] for part in ("values", "places", "starts"))
    known = sparse.csr_array(parts, shape=(len(parts[2]) - 1, len(words.terms)))
    known.check_format(full_check=True)
    if words.rarity.shape != words.terms.shape or len(arrays[f"{name}/adds"]) != known.shape[0]:
        raise ValueError("other numbers of words")
    return words, known
