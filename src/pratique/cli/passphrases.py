"""Passphrases of files for a safe: typed without an echo, else out of the environment for a drill or a timer."""

from __future__ import annotations

import os
from typing import Final

import typer

GIVEN_BY: Final = "PRATIQUE_PASSPHRASE"


def passphrase(*, twice: bool, of: str = "Passphrase") -> str:
    """The passphrase; ``twice`` where a file is made with it."""
    given = os.environ.get(GIVEN_BY)
    if given is not None:
        return given
    return str(typer.prompt(of, hide_input=True, confirmation_prompt=twice, err=True))
