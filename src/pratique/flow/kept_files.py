"""Where the machine code of compiled functions is kept, and when it counts.

It lies with the bytecode of the module and is trusted as that is; where nobody may write there, in the cache folder of
the user, where it counts only if nobody else can have written it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import platform
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

FITS: Final = sys.platform == "linux" and platform.machine() == "x86_64"
"""Where the words of a call lie as they are written here."""

FOR_OWNER: Final = 0o700
OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True, slots=True)
class Kept:
    """The code of a function for arguments of one form: its name in the object, and the sorts of arrays it gives."""

    symbol: str
    gives: tuple[str, ...]
    code: bytes


def read(module: str, name: str) -> Mapping[str, Kept] | None:
    """By the form of the arguments, what is kept of a function; ``None`` where nothing is, or what does not count."""
    for path in _places(module, name):
        with suppress(OSError, ValueError, KeyError, TypeError):
            told = json.loads(path.read_bytes())
            if told["stamp"] == stamp(module.rpartition(".")[0]) and told["sha256"] == digest_of(told["kept"]):
                return {
                    form: Kept(one["symbol"], tuple(one["gives"]), base64.b64decode(one["code"]))
                    for form, one in told["kept"].items()
                }
    return None


def write(module: str, name: str, kept: Mapping[str, Any]) -> None:
    """Keeps what is told of a function, all or nothing. Raises ``OSError`` where there is no place to keep it."""
    told = json.dumps({"stamp": stamp(module.rpartition(".")[0]), "sha256": digest_of(kept), "kept": kept})
    target = place_for(module, name)
    beside = target.with_suffix(f".{os.getpid()}")
    beside.write_text(told, encoding="ascii")
    beside.replace(target)


def place_for(module: str, name: str) -> Path:
    """Where to keep the code of a function: the first place that may be written to. Raises ``OSError`` without one."""
    for path in _places(module, name):
        with suppress(OSError):
            path.parent.mkdir(mode=FOR_OWNER, parents=True, exist_ok=True)
        if os.access(path.parent, os.W_OK | os.X_OK):
            return path
    raise PermissionError(f"The machine code of {name} can be kept nowhere.")


@cache
def stamp(package: str) -> str:
    """What kept code must be of: the sources of the package, the processor and the release of the loader."""
    import llvmlite
    from llvmlite import binding

    running = hashlib.sha256()
    folder = Path(sys.modules[package].__path__[0])
    for path in sorted([*folder.glob("*.py"), *Path(__file__).parent.glob("kept_*.py")]):
        running.update(path.read_bytes())
    features = sorted(name for name, has in binding.get_host_cpu_features().items() if has)
    told = [llvmlite.__version__, binding.get_host_cpu_name(), *features, running.hexdigest()]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def digest_of(kept: Mapping[str, Any]) -> str:
    """What a file tells of all that it keeps: damaged code would end the process without a word."""
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()


def _places(module: str, name: str) -> Iterator[Path]:
    """With what Python itself keeps of the module; then with what else is kept for this user, where that is safe."""
    package, _, last = module.rpartition(".")
    folder = Path(sys.modules[package].__path__[0])
    file = f"{last}.{name}.{sys.implementation.cache_tag}.kept"
    yield folder / "__pycache__" / file
    caches = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"))  # noqa: PTH111 never raises
    of_user = caches / "pratique" / hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    if caches.is_absolute() and all(_is_own(path) for path in (of_user.parent, of_user, of_user / file)):
        yield of_user / file


def _is_own(path: Path) -> bool:
    """Whether it is the user's alone to write, or not there."""
    with suppress(FileNotFoundError):
        facts = path.lstat()
        return facts.st_uid == os.geteuid() and not facts.st_mode & OTHERS_WRITE and not stat.S_ISLNK(facts.st_mode)
    return True
