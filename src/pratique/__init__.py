"""The node a customs administration runs: advance data in, explained control decisions out."""

from __future__ import annotations


def __getattr__(name: str) -> str:
    """``__version__``, looked up when somebody asks: the look-up costs more than the rest of the import."""
    if name != "__version__":
        raise AttributeError(name)
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("pratique")
    except PackageNotFoundError:  # a source tree that was never installed
        return "0.0.0+source"
