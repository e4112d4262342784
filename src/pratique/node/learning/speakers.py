"""The models that speak in a run: the one in force and the one in shadow, each with the history of the day.

They are made ready before the transaction of the run begins. A model that cannot speak stops nobody's work: the run
goes on with the rules alone, and its warning says why. A replay makes them again, from the digests of its record.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pratique.node.errors import refuse
from pratique.node.files import Files, KeptFile
from pratique.node.folder import NodeFolder
from pratique.node.instants import from_text, to_text
from pratique.node.storage.learned_models import LearnedModel, headings_in_force, speaking
from pratique.node.storage.model_histories import StoredHistory, keep_history
from pratique.node.storage.store import Connection, Store
from pratique.vocabulary.errors import Category, PratiqueError
from pratique.vocabulary.findings import Finding

if TYPE_CHECKING:
    from pratique.flow.assess import Assessment
    from pratique.flow.learning.headings import Headings
    from pratique.flow.learning.model import Model
    from pratique.flow.learning.speaking import Speaker
    from pratique.node.learning.history import History

MODELS: Final = "models"  # below the node's folder
IN_FORCE: Final = "model"
SHADOW: Final = "shadow_model"
HEADINGS: Final = "headings"
MODELS_IN_MEMORY: Final = 2
ENOUGH: Final = 20  # consignments, of which one at least should declare what all others declared


@dataclass(frozen=True)
class Ready:
    """One model that speaks: itself, what a run's record says of it, and the file of a new history, if any."""

    speaker: Speaker
    facts: Mapping[str, Any]
    new: tuple[KeptFile, StoredHistory] | None


@dataclass(frozen=True)
class HeadingsReady:
    """Learned headings in force, and what a run's record says of them."""

    headings: Headings
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Speakers:
    """``in_force``, ``shadow`` and ``headings``; ``None`` where there is none or it cannot speak: ``warnings`` tell."""

    in_force: Ready | None = None
    shadow: Ready | None = None
    headings: HeadingsReady | None = None
    warnings: tuple[Finding, ...] = ()

    @property
    def facts(self) -> dict[str, Any]:
        """What a run's record says of them; nothing of those that are not there."""
        told = {IN_FORCE: self.in_force, SHADOW: self.shadow, HEADINGS: self.headings}
        return {name: dict(ready.facts) for name, ready in told.items() if ready is not None}

    @property
    def given(self) -> dict[str, Any]:
        """Them, as an assessment takes them in."""
        told = {"speaker": self.in_force, "shadow": self.shadow}
        given: dict[str, Any] = {name: ready.speaker for name, ready in told.items() if ready is not None}
        return given if self.headings is None else given | {"headings": self.headings.headings}

    @property
    def new_files(self) -> list[KeptFile]:
        """Files of histories that the run has to name."""
        return [ready.new[0] for ready in (self.in_force, self.shadow) if ready is not None and ready.new]

    def warned_of(self, assessment: Assessment) -> tuple[Finding, ...]:
        """A warning where a run of some size declares nothing of what the model in force was trained with."""
        count = assessment.manifest.consignments.height
        if self.in_force is None or not assessment.undeclared or count < ENOUGH:
            return ()
        digest, columns = self.in_force.speaker.digest[:12], ", ".join(assessment.undeclared)
        params: dict[str, str | int] = {"digest": digest, "count": count, "columns": columns}
        return (Finding("model.columns_silent", severity="warning", params=params),)


SILENT: Final = Speakers()


def speakers_now(store: Store, folder: NodeFolder, files: Files, at: datetime) -> Speakers:
    """The models that speak at a moment; a history of the day that is not there yet is made and put in place."""
    with store.reading() as connection:
        kept, headings = speaking(connection), headings_in_force(connection)
        told = [None if each is None else _made_ready(connection, folder, files, each, at) for each in kept]
    known = None if headings is None else _headings_ready(folder, headings)
    ready = [each if isinstance(each, Ready) else None for each in told]
    warnings = tuple(each for each in (*told, known) if isinstance(each, Finding))
    return Speakers(ready[0], ready[1], known if isinstance(known, HeadingsReady) else None, warnings)


def keep_histories(connection: Connection, speakers: Speakers) -> list[str]:
    """Keeps the new histories, whose files are named by now; gives the paths of those that nothing names any more."""
    gone: list[str] = []
    for ready in (speakers.in_force, speakers.shadow):
        if ready is not None and ready.new is not None:
            gone += keep_history(connection, ready.new[1])
    return gone


def speakers_then(connection: Connection, folder: NodeFolder, manifest: Mapping[str, Any]) -> Speakers:
    """The models that spoke in a run, by the digests of its record.

    Raises ``BROKEN`` where a model is not what it was, or where its history can no longer be made as it was: what it
    was made of has been erased since.
    """
    on = from_text(manifest["at"]).date()
    told = [_again(connection, folder, manifest.get(name), on) for name in (IN_FORCE, SHADOW)]
    headings = headings_then(folder, manifest)
    known = None if headings is None else HeadingsReady(headings, manifest[HEADINGS])
    return Speakers(told[0], told[1], known)


def headings_then(folder: NodeFolder, manifest: Mapping[str, Any]) -> Headings | None:
    """The headings that a run read, by the digest of its record; ``None`` where none were in force.

    Raises ``BROKEN`` where their files are not what they were, or gone.
    """
    facts = manifest.get(HEADINGS)
    if facts is None:
        return None
    try:
        return _headings(folder.root / MODELS, facts["digest"])
    except PratiqueError as fault:
        raise refuse("model.headings_gone", Category.BROKEN, digest=facts["digest"][:12], why=fault.happened) from fault


def _made_ready(
    connection: Connection, folder: NodeFolder, files: Files, kept: LearnedModel, at: datetime
) -> Ready | Finding:
    from pratique.node.learning.history import history_on

    try:
        model = _model(folder, kept.digest)
        history = history_on(connection, folder, digest=kept.digest, model=model, day=at.date())
    except PratiqueError as fault:
        why: dict[str, str | int] = {"digest": kept.digest[:12], "why": fault.happened}
        return Finding("model.cannot_speak", severity="error", params=why)
    if history is None:
        when: dict[str, str | int] = {"digest": kept.digest[:12], "day": at.date().isoformat()}
        return Finding("model.day_before_training", severity="error", params=when)
    new = _keep(files, kept.digest, history, at) if history.is_new else None
    return _ready(kept.digest, kept.number, model, history, new)


def _headings_ready(folder: NodeFolder, kept: LearnedModel) -> HeadingsReady | Finding:
    try:
        known = _headings(folder.root / MODELS, kept.digest)
    except PratiqueError as fault:
        why: dict[str, str | int] = {"digest": kept.digest[:12], "why": fault.happened}
        return Finding("model.cannot_speak", severity="error", params=why)
    return HeadingsReady(known, {"digest": kept.digest, "number": kept.number})


def _again(connection: Connection, folder: NodeFolder, facts: Mapping[str, Any] | None, on: date) -> Ready | None:
    from pratique.node.learning.history import history_on

    if facts is None:
        return None
    model = _model(folder, facts["digest"])
    history = history_on(connection, folder, digest=facts["digest"], model=model, day=on)
    if history is None or history.sha256 != facts["history"]:
        raise refuse("model.history_gone", Category.BROKEN, digest=facts["digest"][:12], day=on.isoformat())
    return _ready(facts["digest"], facts["number"], model, history, None)


def _ready(
    digest: str, number: int, model: Model, history: History, new: tuple[KeptFile, StoredHistory] | None
) -> Ready:
    from pratique.flow.learning.speaking import Speaker

    facts = {"digest": digest, "number": number, "history": history.sha256}
    return Ready(Speaker(digest, number, model, history.store), facts, new)


def _keep(files: Files, digest: str, history: History, at: datetime) -> tuple[KeptFile, StoredHistory]:
    from pratique.flow.learning.store_bytes import stored

    content = stored(history.store)
    path = f"{MODELS}/history/{digest[:12]}-{at.date().isoformat()}-{history.sha256[:12]}.bin"
    kept = files.keep_named(path, io.BytesIO(content), kind="history")
    return kept, StoredHistory(digest, at.date().isoformat(), history.sha256, path, to_text(at))


def _model(folder: NodeFolder, digest: str) -> Model:
    return _loaded(folder.root / MODELS, digest)


@lru_cache(maxsize=MODELS_IN_MEMORY)
def _loaded(place: Path, digest: str) -> Model:
    from pratique.flow.learning.files import load

    return load(place, digest)


@lru_cache(maxsize=MODELS_IN_MEMORY)
def _headings(place: Path, digest: str) -> Headings:
    from pratique.flow.learning.headings_files import load_headings

    return load_headings(place, digest)[0]
