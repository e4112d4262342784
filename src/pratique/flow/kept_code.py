"""Compiled functions called by their kept machine code, without the compiler, which takes 0.4 s to load.

What :mod:`~pratique.flow.keeping_code` wrote, when the program was set up or first used, counts where it is of these
very sources, this processor and this release of the loader, and where the arrays are such as it was compiled for.
Otherwise the function is called as Numba makes it (:mod:`~pratique.flow.compiled`), with the same result.

Arrays are handed to the code as Numba does: nobody to count references (twice), number of items, bytes of an item,
address, shape, strides. What it makes room for itself begins with the head that Numba's own runtime writes: references,
who ends it, for what, address of the rows, bytes, allocator.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pratique.flow.kept_files import FITS, Kept, read

Array = npt.NDArray[Any]

WORDS_OF_ARRAY: Final = 7
"""Words of an array of one dimension."""

MAKES_ROOM: Final = """
declare ptr @malloc(i64)
declare void @free(ptr)
define ptr @NRT_MemInfo_alloc_aligned(i64 %bytes, i32 %align) {
  %whole = add i64 %bytes, 128
  %head = call ptr @malloc(i64 %whole)
  %is_none = icmp eq ptr %head, null
  br i1 %is_none, label %none, label %some
some:
  %begin = ptrtoint ptr %head to i64
  %beyond = add i64 %begin, 127
  %at = and i64 %beyond, -64
  %rows = inttoptr i64 %at to ptr
  %head.rows = getelementptr i8, ptr %head, i64 24
  %head.bytes = getelementptr i8, ptr %head, i64 32
  call void @llvm.memset.p0.i64(ptr %head, i8 0, i64 48, i1 false)
  store i64 1, ptr %head
  store ptr %rows, ptr %head.rows
  store i64 %bytes, ptr %head.bytes
  ret ptr %head
none:
  ret ptr null
}
define void @NRT_MemInfo_call_dtor(ptr %head) {
  call void @free(ptr %head)
  ret void
}
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)
"""
"""What the code asks of Numba's runtime, in the words of LLVM: room for an array, and to give it back."""


def compiled_function(module: str, name: str) -> Callable[..., Any]:
    """The compiled function ``name`` of a module: by its kept code where that fits, else as Numba makes it.

    Where nothing is kept of it, or nothing of these sources, the first call keeps it for the next process.
    """
    if not FITS:
        return _by_numba(module, name)
    kept = _read(module, name)
    if kept is not None and "numba" in sys.modules:  # what has loaded the compiler has nothing to save
        return _by_numba(module, name)

    def call(*given: Any) -> Any:
        form = form_of(given)
        run = _loaded(kept[form]) if kept and form in kept else None
        if run is not None:
            return run(given)
        made = _by_numba(module, name)(*given)
        if kept is None and form:
            _keep(module, name)
        return made

    return call


def form_of(given: Sequence[Any]) -> str:
    """What code is compiled for: the sort and dimensions of each array; nothing where one is not in one piece."""
    told = [
        (f"{one.dtype.str}{one.ndim}" if one.flags.c_contiguous and one.flags.aligned else "")
        if isinstance(one, np.ndarray)
        else type(one).__name__
        for one in _flat(given)
    ]
    return ",".join(told) if all(told) else ""


_read = cache(read)


def _by_numba(module: str, name: str) -> Callable[..., Any]:
    made: Callable[..., Any] = getattr(import_module(module), name)
    return made


@cache
def _keep(module: str, name: str) -> None:
    """Once in a process; where it cannot be kept, the compiler goes on doing the work."""
    from pratique.flow.keeping_code import keep

    with suppress(OSError, ValueError):
        keep(module, name)


@cache
def _loaded(kept: Kept) -> Callable[[Sequence[Any]], Any] | None:
    """The function, ready to be called, which copies what it gives out of the room that it made.

    ``None`` where the code cannot be loaded.
    """
    from llvmlite import binding

    try:
        binding.initialize_native_target()
        binding.initialize_native_asmprinter()
        machine = binding.Target.from_default_triple().create_target_machine(codemodel="jitdefault", jit=True)
        engine = binding.create_mcjit_compiler(binding.parse_assembly(MAKES_ROOM), machine)
        engine.add_object_file(binding.ObjectFileRef.from_data(kept.code))
        engine.finalize_object()
    except RuntimeError:
        return None
    run = ctypes.CFUNCTYPE(ctypes.c_int32)(engine.get_function_address(kept.symbol))
    give_back = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(engine.get_function_address("NRT_MemInfo_call_dtor"))

    def call(given: Sequence[Any], engine: Any = engine) -> Any:  # the code lives as long as its engine
        made = (ctypes.c_int64 * (WORDS_OF_ARRAY * len(kept.gives)))()
        fault = ctypes.c_void_p()
        words = list(_words(given))
        if not run.argtypes:  # the same number of words in every call
            run.argtypes = (ctypes.c_void_p, ctypes.c_void_p, *[ctypes.c_int64] * len(words))
        if run(ctypes.byref(made), ctypes.byref(fault), *words):
            raise RuntimeError(f"{kept.symbol} could not be carried out.")
        arrays = []
        for at, sort in enumerate(kept.gives):
            head, _, items, size, rows = made[WORDS_OF_ARRAY * at : WORDS_OF_ARRAY * at + 5]
            room: Any = (ctypes.c_char * (items * size)).from_address(rows)
            arrays.append(np.frombuffer(room, sort).copy() if items else np.empty(0, sort))
            give_back(head)
        return arrays[0] if len(arrays) == 1 else tuple(arrays)

    return call


def _flat(given: Sequence[Any]) -> Iterator[Any]:
    for one in given:
        if isinstance(one, tuple):
            yield from _flat(one)
        else:
            yield one


def _words(given: Sequence[Any]) -> Iterator[int]:
    for one in _flat(given):
        if isinstance(one, np.ndarray):
            yield from (0, 0, one.size, one.itemsize, one.ctypes.data, *one.shape, *one.strides)
        else:
            yield one
