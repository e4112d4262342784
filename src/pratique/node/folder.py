"""Where things lie in a node's folder, and that nobody else can look inside."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pratique.node.errors import refuse
from pratique.vocabulary.errors import Category

FOLDER_MODE: Final = 0o700
FILE_MODE: Final = 0o600
KEPT: Final = ("blobs", "lake", "lists", "models")  # folders whose files the store names
UNFINISHED: Final = "tmp"
CREDENTIAL: Final = "pratique."  # before the name of a secret that the service manager hands over


@dataclass(frozen=True, slots=True)
class NodeFolder:
    """One folder is one node."""

    root: Path

    @property
    def database(self) -> Path:
        """The transactional store."""
        return self.root / "pratique.db"

    @property
    def access_database(self) -> Path:
        """The store of officers, sessions and what was asked, refused and read."""
        return self.root / "access.db"

    @property
    def key_file(self) -> Path:
        """The node's own key, which seals second factors; it is in no backup."""
        return given_secret("node.key") or self.root / "node.key"

    @property
    def next_key_file(self) -> Path:
        """The key that is to take the place of the node's own, while it is renewed."""
        return self.root / "node.key.next"

    @property
    def journal_head(self) -> Path:
        """The note of the newest journal entry."""
        return self.root / "journal.head"

    @property
    def provider_secret_file(self) -> Path:
        """The secret that the identity provider knows the node by, where it gave one; it is in no backup."""
        return given_secret("provider.secret") or self.root / "provider.secret"

    @property
    def unfinished(self) -> Path:
        """Files on their way: nothing in here counts."""
        return self.root / UNFINISHED

    def path(self, name: str) -> Path:
        """The place of a file by the name the store has for it (relative, with ``/``)."""
        return self.root.joinpath(*name.split("/"))

    def exists(self) -> bool:
        """The folder holds a node."""
        return self.database.is_file()

    def require_free(self) -> None:
        """Raises ``CONFLICT`` where the folder is a node already or holds something else."""
        if self.exists():
            raise refuse("node.exists", Category.CONFLICT, folder=self.root)
        if self.root.exists() and (not self.root.is_dir() or any(self.root.iterdir())):
            raise refuse("node.folder_in_use", Category.CONFLICT, folder=self.root)

    def make(self) -> None:
        """The empty folder of a new node."""
        self.root.mkdir(mode=FOLDER_MODE, parents=True)
        for name in (*KEPT, UNFINISHED):
            (self.root / name).mkdir(mode=FOLDER_MODE)
        os.close(os.open(self.database, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE))

    def take(self, aside: NodeFolder) -> None:
        """A folder made aside gets this name. Raises ``CONFLICT`` where somebody took the name meanwhile."""
        try:
            aside.root.rename(self.root)  # replaces an empty folder, and only an empty one
        except OSError as error:
            if self.root.exists():
                raise refuse("node.folder_in_use", Category.CONFLICT, folder=self.root) from error
            raise

    def require(self) -> None:
        """Raises ``NOT_FOUND`` where the folder is no node."""
        if not self.exists():
            raise refuse("node.not_found", Category.NOT_FOUND, folder=self.root)


def given_secret(name: str) -> Path | None:
    """The secret as the service manager hands it over (``LoadCredentialEncrypted=pratique.node.key`` of systemd).

    It is decrypted for this service alone and lies in the folder that ``CREDENTIALS_DIRECTORY`` names; ``None`` where
    there is none, so that the file in the node's folder counts.
    """
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    place = Path(folder) / f"{CREDENTIAL}{name}" if folder else None
    return place if place is not None and place.is_file() else None


def make_folder(folder: Path) -> None:
    """A folder inside the node, with its parents, closed to others."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir(mode=FOLDER_MODE, exist_ok=True)
