"""A file that carries the node's key pairs past the loss of its machine, closed by a passphrase.

A backup cannot sign, because ``node.key`` is in none; without this file a lost machine would end the node's log and its
name among partners. It belongs into a safe, the passphrase elsewhere.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any, Final

from pratique.node.canonical import canonical
from pratique.node.errors import refuse
from pratique.node.ledger.passphrase_file import NOT_SUCH_A_FILE, closed, opened, read_json, write_new
from pratique.node.ledger.signing_keys import ALGORITHMS, KeyPair, public_part, require_owner
from pratique.vocabulary.errors import PratiqueError

FORMAT: Final = "pratique-keys-2"
MOST_NUMBER: Final = 100_000


def write_key_file(target: Path, pairs: list[KeyPair], *, passphrase: str) -> None:
    """Writes the keys to ``target``, readable by its owner alone.

    Raises ``REJECTED`` for a short passphrase, ``CONFLICT`` where the file exists, ``NOT_FOUND`` without its folder.
    """
    plain = canonical([_told(pair) for pair in pairs]).encode()
    write_new(target, closed({"format": FORMAT}, plain, passphrase=passphrase))


def read_key_file(source: Path, *, passphrase: str) -> list[KeyPair]:
    """The keys in ``source``. Raises ``NOT_FOUND``, or ``REJECTED`` for another file, passphrase or a changed one."""
    try:
        told = read_json(source)
        if told.get("format") != FORMAT:
            raise ValueError("another format")
        return [_pair(each) for each in json.loads(opened(told, passphrase=passphrase))]
    except PratiqueError as error:
        if error.code == "keys.no_file":
            raise
        raise refuse("keys.file_closed", file=source) from error
    except NOT_SUCH_A_FILE as error:
        raise refuse("keys.file_closed", file=source) from error


def _told(pair: KeyPair) -> dict[str, object]:
    private = base64.b64encode(pair.private).decode()
    return {"name": pair.name, "number": pair.number, "owner": pair.owner, "private": private}


def _pair(told: dict[str, Any]) -> KeyPair:
    pair = KeyPair(told["name"], told["number"], told["owner"], base64.b64decode(told["private"], validate=True))
    require_owner(pair.owner)
    if type(pair.number) is not int or not 0 < pair.number < MOST_NUMBER:
        raise ValueError("no number")
    public_part(ALGORITHMS[pair.name], pair.private)  # raises where it is no key of its kind
    return pair
