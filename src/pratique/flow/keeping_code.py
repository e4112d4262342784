"""Keeps the machine code of compiled functions, which :mod:`~pratique.flow.kept_code` calls without the compiler."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any, Final

import numba
from llvmlite import binding
from numba.core import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler_lock import global_compiler_lock
from numba.np import numpy_support

from pratique.flow.kept_files import FITS, place_for, write

SUPPLIED: Final = frozenset({"NRT_MemInfo_alloc_aligned", "NRT_MemInfo_call_dtor", "memset", "memcpy", "memmove"})
"""What kept code may ask of others: the runtime that is kept beside it, and the C library."""


def keep(module: str, name: str) -> None:
    """Writes the code of a compiled function for each form of arguments that it was called with in this process.

    Raises ``OSError`` where there is no place to keep it. A form that cannot be kept is left out and not tried again,
    and ``ValueError`` says why: what the code would ask for, and nobody supplies.
    """
    if not FITS:
        return
    place_for(module, name)  # compiling takes seconds: not for nothing
    function = getattr(import_module(module), name)
    kept, left_out = {}, []
    for made in list(function.overloads.values()):
        try:
            takes = ",".join(_sort(one) for one in _flat(made.signature.args))
            kept[takes] = _kept(function.py_func, made.signature)
        except ValueError as fault:
            left_out.append(str(fault))
    write(module, name, kept)
    if left_out:
        raise ValueError(f"{name}: {' '.join(left_out)}")


def _kept(function: Any, signature: Any) -> Mapping[str, Any]:
    """As it is written of one form. Raises ``ValueError`` where the code asks for more than is supplied."""
    code, symbol = _compiled_alone(function, signature.args)
    if asked := _asked_of_others(code) - SUPPLIED:
        raise ValueError(f"It asks for {sorted(asked)}.")
    gives = [_row(one) for one in _flat([signature.return_type])]
    return {"symbol": symbol, "gives": gives, "code": base64.b64encode(code).decode()}


def _compiled_alone(function: Any, takes: Sequence[Any]) -> tuple[bytes, str]:
    """The object with nothing that speaks to Python, and the function's name in it."""
    compiler: Any = numba
    library: Any = JITCodeLibrary  # keeps no object unless it is told to before it ends
    alone = compiler.njit(nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)(function)
    with global_compiler_lock:  # another thread may be keeping too
        ended = library.finalize

        def end_keeping(self: Any) -> None:
            self.enable_object_caching()
            ended(self)

        library.finalize = end_keeping
        try:
            alone.compile(tuple(takes))
        finally:
            library.finalize = ended
    (made,) = alone.overloads.values()
    return made.library._get_compiled_object(), made.fndesc.mangled_name  # noqa: SLF001 there is no other way to it


def _flat(sorts: Sequence[Any]) -> Iterator[Any]:
    for one in sorts:
        parts = getattr(one, "types", None)  # of a tuple
        yield from [one] if parts is None else _flat(parts)


def _sort(told: Any) -> str:
    """As :func:`~pratique.flow.kept_code.form_of` tells it. Raises ``ValueError`` for what is never handed over."""
    if isinstance(told, types.Array) and told.layout == "C":
        return f"{numpy_support.as_dtype(told.dtype).str}{told.ndim}"
    if told == types.int64:
        return "int"
    raise ValueError(f"{told} is not handed over.")


def _row(told: Any) -> str:
    """The sort of an array that is given back. Raises ``ValueError`` where it is none of one dimension."""
    if isinstance(told, types.Array) and (told.ndim, told.layout) == (1, "C"):
        return str(numpy_support.as_dtype(told.dtype).str)
    raise ValueError(f"{told} is not given back.")


def _asked_of_others(code: bytes) -> set[str]:
    """The names that an object file (ELF of 64 bits) leaves to be found elsewhere."""
    parts = {part.name(): part.data() for part in binding.ObjectFileRef.from_data(code).sections()}
    entries, names = parts[b".symtab"], parts[b".strtab"]
    asked = set()
    for at in range(0, len(entries), 24):  # each: place of the name (4), sort (2), section (2), address, size
        name = int.from_bytes(entries[at : at + 4], "little")
        if name and not int.from_bytes(entries[at + 6 : at + 8], "little"):
            asked.add(names[name : names.index(b"\0", name)].decode())
    return asked
