"""A model as plain files under its digest: text, numbers and the card; nothing in them is ever run.

A folder of models holds one folder a model (of chances or of headings), named by the SHA-256 of its manifest, which has
the SHA-256 of every other file, and ``newest``, the name of the one of chances kept last. A model is written beside and
swapped in at the end: whoever kills the training half-way leaves the last good model as it was. A file that is not what
was kept is refused, and so is one that holds what no training wrote, whatever its digest
(:mod:`~pratique.flow.learning.sound`).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np

from pratique.flow.learning import sound
from pratique.flow.learning.calibration import calibrated
from pratique.flow.learning.card import as_markdown
from pratique.flow.learning.engines import engine_called
from pratique.flow.learning.errors import refuse
from pratique.flow.learning.model import Model
from pratique.flow.learning.packed import Unsound
from pratique.flow.learning.stake import Stake
from pratique.flow.learning.store_bytes import store_of, stored
from pratique.vocabulary.errors import Category

MANIFEST: Final = "manifest.json"
NEWEST: Final = "newest"
CHANCES: Final = "chances"
HEADINGS: Final = "headings"
_PART: Final = ".part-"
_FORMAT: Final = 5
Part = TypeVar("Part")


def keep(model: Model, folder: Path) -> str:
    """Write the model into a folder of models; gives its digest."""
    digest = kept_as(_contents(model), folder, told=lambda digest: as_markdown(model.card, digest))
    pointer = folder / f"{NEWEST}.part"
    _settled(pointer, f"{digest}\n".encode())
    pointer.replace(folder / NEWEST)
    return digest


def kept_as(files: Mapping[str, bytes], folder: Path, *, told: Callable[[str], str], kind: str = CHANCES) -> str:
    """Writes files under the digest of their manifest, which it gives; ``told`` is the card for people."""
    described = {"format": _FORMAT, "files": {name: _sha256(text) for name, text in sorted(files.items())}}
    manifest = as_json(described if kind == CHANCES else described | {"kind": kind})
    digest = _sha256(manifest)
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / digest).exists():
        for left in folder.glob(f"{_PART}*"):
            shutil.rmtree(left, ignore_errors=True)
        part = Path(tempfile.mkdtemp(prefix=_PART, dir=folder))
        try:
            for name, text in {**files, "card.md": told(digest).encode(), MANIFEST: manifest}.items():
                _settled(part / name, text)
            part.chmod(0o755)
            part.rename(folder / digest)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return digest


def load(folder: Path, digest: str | None = None) -> Model:
    """The model in a folder: that of a model itself, or the newest (or the one named) in a folder of models.

    Raises ``model.not_there``, ``model.changed`` and ``model.unsound``.
    """
    place, files = checked_files(folder, digest, kind=CHANCES)
    try:
        with np.errstate(over="ignore"):
            return sound.checked(_model_of(files))
    except Unsound as error:
        raise refuse("model.unsound", Category.BROKEN, file=str(place), place=error.place) from error
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise refuse("model.unsound", Category.BROKEN, file=str(place), place="model.json") from error


def checked_files(folder: Path, digest: str | None, *, kind: str) -> tuple[Path, Mapping[str, bytes]]:
    """Where a model of a kind lies, and its files. Raises ``model.not_there``, ``model.changed`` and
    ``model.other_kind``.
    """
    place = _place(folder, digest)
    files = _checked(place, expected=digest if digest and len(digest) == 64 else None)
    if (found := kind_of(place)) != kind:
        raise refuse("model.other_kind", digest=place.name[:12], found=found, wanted=kind)
    return place, files


def kind_in(folder: Path, digest: str) -> str:
    """What the model of that digest tells: chances of a find, or headings. Raises ``model.not_there``."""
    return kind_of(_place(folder, digest))


def kind_of(place: Path) -> str:
    """The kind that a manifest names; those of chances name none."""
    try:
        return str(json.loads((place / MANIFEST).read_bytes()).get("kind", CHANCES))
    except (ValueError, AttributeError):
        return CHANCES  # whoever reads its files is told what is wrong with them


def _model_of(files: Mapping[str, bytes]) -> Model:
    described = json.loads(files["model.json"])
    stake = described["stake"]
    engine = engine_called(described["engine"])
    return Model(
        names=tuple(described["features"]),
        columns=tuple(described["columns"]),
        trees=_told("trees.txt", files, lambda text: engine.restore(text.decode("ascii"))),
        calibration=calibrated(described["calibration"]),
        stake=Stake(stake["name"], stake["factor"]),
        usual=np.array(described["usual"], dtype=np.float64).astype(np.float32),
        start=described["start"],
        store=_told("store.bin", files, store_of),
        card=_told("card.json", files, json.loads),
        engine=described["engine"],
    )


def _told(name: str, files: Mapping[str, bytes], made: Callable[[bytes], Part]) -> Part:
    """What is made of a file; whatever goes wrong with its bytes is told as being in it."""
    try:
        return made(files[name])
    except Unsound as error:
        raise Unsound(f"{name}, {error.place}") from error
    except (KeyError, TypeError, ValueError, IndexError, RecursionError) as error:
        raise Unsound(name) from error


def digest_in(folder: Path, digest: str | None = None) -> str:
    """The digest of the model that ``load`` would take."""
    manifest = _place(folder, digest) / MANIFEST
    return _sha256(manifest.read_bytes())


def kept_in(folder: Path) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    """The digest and the card of each model in a folder of models, by digest.

    One that was changed, that no training wrote, or that another version of the program kept, has an empty card.
    """
    told: list[tuple[str, Mapping[str, Any]]] = []
    for place in sorted(folder.glob("*/" + MANIFEST)):
        try:
            files = _checked(place.parent, expected=place.parent.name)
            card = _told("card.json", files, json.loads)
            told.append((place.parent.name, _card_checks(kind_of(place.parent))(card)))
        except Unsound:
            told.append((place.parent.name, {}))
        except Exception as error:
            if getattr(error, "code", "") not in ("model.changed", "model.other_form"):
                raise
            told.append((place.parent.name, {}))
    return tuple(told)


def _card_checks(kind: str) -> Callable[[Any], Mapping[str, Any]]:
    if kind != HEADINGS:
        return sound.card_of
    from pratique.flow.learning.headings_card import headings_card

    return headings_card


def _contents(model: Model) -> dict[str, bytes]:
    described = {
        "engine": model.engine,
        "features": list(model.names),
        "columns": list(model.columns),
        "calibration": model.calibration.document(),
        "stake": model.stake.document(),
        "usual": [None if value != value else value for value in model.usual.tolist()],
        "start": model.start,
        "store": model.store.digest(),
    }
    return {
        "model.json": as_json(described),
        "trees.txt": model.trees.text.encode(),
        "store.bin": stored(model.store),
        "card.json": as_json(model.card),
    }


def _place(folder: Path, digest: str | None) -> Path:
    if (folder / MANIFEST).is_file():
        return folder
    if digest is None:
        pointer = folder / NEWEST
        if not pointer.is_file():
            raise refuse("model.not_there", Category.NOT_FOUND, folder=str(folder))
        digest = pointer.read_text("utf-8").strip()
    if not digest or not set(digest) <= set("0123456789abcdef"):
        raise refuse("model.not_there", Category.NOT_FOUND, folder=f"{folder}: {digest[:20]}")
    found = [place.parent for place in folder.glob(f"{digest}*/{MANIFEST}")]
    if len(found) != 1:
        raise refuse("model.not_there", Category.NOT_FOUND, folder=f"{folder}/{digest[:20]}")
    return found[0]


def _checked(place: Path, *, expected: str | None) -> dict[str, bytes]:
    """The files of a model, each with the digest that the manifest has; the folder's name is that of the manifest."""
    manifest = (place / MANIFEST).read_bytes()
    named = place.name if len(place.name) == 64 else None
    if any(name is not None and name != _sha256(manifest) for name in (expected, named)):
        raise refuse("model.changed", Category.BROKEN, file=str(place), name=MANIFEST)
    try:
        told = json.loads(manifest)
        wanted, form = dict(told["files"]), told["format"]
    except (ValueError, KeyError, TypeError) as error:
        raise refuse("model.changed", Category.BROKEN, file=str(place), name=MANIFEST) from error
    if form != _FORMAT:
        raise refuse("model.other_form", Category.BROKEN, file=str(place), found=str(form)[:20], wanted=_FORMAT)
    files = {}
    for name, digest in wanted.items():
        file = place / Path(name).name
        text = file.read_bytes() if file.is_file() else b""
        if _sha256(text) != digest:
            raise refuse("model.changed", Category.BROKEN, file=str(place), name=name)
        files[name] = text
    return files


def _settled(path: Path, text: bytes) -> None:
    with path.open("wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def as_json(document: Mapping[str, Any]) -> bytes:
    """A document as the same bytes every time."""
    return (json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _sha256(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
