"""Kept machine code gives what the compiler gives, without it; what does not fit is left to the compiler."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pratique.flow.kept_files import FITS

pytestmark = [pytest.mark.long, pytest.mark.skipif(not FITS, reason="machine code is kept on Linux on x86-64 alone")]

LOOP = """
import numpy as np
from pratique.flow.compiled import compiled_apart

@compiled_apart
def above(table, both, least):
    rows, names = both
    kept = np.empty(len(rows), np.int64)
    marked = np.zeros(len(names), np.bool_)
    count = 0
    for row in range(len(rows)):
        if table[row, 0] + rows[row] > least:
            kept[count] = row
            marked[row] = names[row] == 7
            count += 1
    return kept[:count], marked
"""
GIVEN = """
import numpy as np, sys
TABLE = np.arange(12, dtype=np.int32).reshape(4, 3)
BOTH = np.array([5, -1, 2, -30]), np.array([7, 7, 1, 7], dtype=np.uint8)
def told(given):
    kept, marked = given
    return [kept.tolist(), str(kept.dtype), marked.tolist(), str(marked.dtype)]
"""
KEEP = """
from pratique.flow.keeping_code import keep
import loops.loop
print(json.dumps(told(loops.loop.above(TABLE, BOTH, 3))))
keep("loops.loop", "above")
"""
CALL = """
import loops
from pratique.flow.kept_code import compiled_function
above = compiled_function("loops.loop", "above")
answers = [told(above(TABLE, BOTH, 3)) for _ in range(2)]
without = "numba" not in sys.modules
print(json.dumps([*answers, told(above(TABLE[:, ::2], BOTH, 3)), without, "numba" not in sys.modules]))
"""


def carried_out(folder: Path, script: str) -> list[object]:
    command = [sys.executable, "-c", f"import json\n{GIVEN}\n{script}"]
    told = subprocess.run(
        command, capture_output=True, check=True, text=True, env={**os.environ, "PYTHONPATH": told_path(folder)}
    )
    answer: list[object] = json.loads(told.stdout)
    return answer


def told_path(folder: Path) -> str:
    return os.pathsep.join([str(folder), *sys.path])


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[object]]:
    folder = tmp_path_factory.mktemp("kept")
    (folder / "loops").mkdir()
    (folder / "loops" / "__init__.py").touch()
    (folder / "loops" / "loop.py").write_text(LOOP)
    return folder, carried_out(folder, KEEP)


def test_kept_code_gives_the_same_and_loads_no_compiler_but_for_arrays_of_another_form(
    kept: tuple[Path, list[object]],
) -> None:
    folder, answer = kept
    assert answer == [[0, 2], "int64", [True, False, False, False], "bool"]
    assert carried_out(folder, CALL) == [answer, answer, answer, True, False]


def test_damaged_code_is_left_to_the_compiler_and_kept_anew(kept: tuple[Path, list[object]]) -> None:
    folder, answer = kept
    (file,) = (folder / "loops" / "__pycache__").glob("*.kept")
    whole = file.read_text(encoding="ascii")
    middle = whole.index('"code": "') + 400
    file.write_text(whole[:middle] + ("B" if whole[middle] == "A" else "A") + whole[middle + 1 :], encoding="ascii")
    assert carried_out(folder, CALL) == [answer, answer, answer, False, False]
    assert carried_out(folder, CALL) == [answer, answer, answer, True, False]


def test_code_of_other_sources_is_not_called_and_kept_anew(kept: tuple[Path, list[object]]) -> None:
    folder, _ = kept
    (folder / "loops" / "loop.py").write_text(LOOP.replace("== 7", "!= 7"))
    told = [[0, 2], "int64", [False, False, True, False], "bool"]
    assert carried_out(folder, CALL) == [told, told, told, False, False]
    assert carried_out(folder, CALL) == [told, told, told, True, False]


def test_where_the_bytecode_cannot_be_the_first_use_keeps_it_for_the_user_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    (tmp_path / "loops").mkdir()
    (tmp_path / "loops" / "__init__.py").touch()
    (tmp_path / "loops" / "loop.py").write_text(LOOP)
    (tmp_path / "loops" / "__pycache__").touch()  # no folder can be made there, not even by root
    first, again = carried_out(tmp_path, CALL), carried_out(tmp_path, CALL)
    assert [first[-2], again[-2]] == [False, True]
    assert first[:-2] == again[:-2]
    (file,) = (tmp_path / "caches" / "pratique").glob("*/*.kept")
    file.chmod(0o666)  # others may have written it
    assert carried_out(tmp_path, CALL)[-2:] == [False, False]
    assert file.parent.stat().st_mode & 0o077 == 0
