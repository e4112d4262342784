"""The personas of a demonstration, added once, when it is founded."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import ClassVar

import yaml

from pratique.node.acts import Act, Command, Done, Work
from pratique.node.demonstration import require_demonstration
from pratique.node.errors import refuse
from pratique.node.storage import access_officers as stored
from pratique.node.storage.access_officers import Office
from pratique.node.storage.store import Connection
from pratique.node.stores import Kept
from pratique.vocabulary.errors import Category


@dataclass(frozen=True, slots=True)
class AddPersonas(Command[int]):
    """Adds the shipped personas and their office; answers with how many there are."""

    entry: ClassVar[str] = "officers.personas_added"
    kept_in: ClassVar[Kept] = "access"


def add_personas(command: AddPersonas, work: Work) -> Act[int]:
    """Raises ``DENIED`` where the node is no demonstration, ``CONFLICT`` where it has officers."""
    require_demonstration(work.stores)
    content = yaml.safe_load((files("pratique") / "data" / "access" / "personas.yaml").read_text(encoding="utf-8"))
    office = Office(**content["office"] | {"locations": tuple(content["office"]["locations"])})

    def act(connection: Connection) -> Done[int]:
        if stored.officers(connection):
            raise refuse("officers.there_are_some", Category.CONFLICT)
        stored.put_office(connection, office)
        for login, facts in content["officers"].items():
            stored.add_officer(connection, _columns(login, facts, office), at=work.at, by=work.actor.name)
        names = sorted(content["officers"])
        return Done(len(names), command={"personas": names}, outcome={"personas": names})

    return act


def _columns(login: str, facts: dict[str, str], office: Office) -> dict[str, object]:
    return {
        "login": login,
        "display_name": facts["display_name"],
        "roles": [facts["role"]],
        "office": office.code,
        "state": "active",
        "persona": True,
        "language": "",  # none of their own: they read as the browser of whoever plays them asks
        "theme": "system",
        "shortcut_keys": True,
        "declared_interests": [],
    }
