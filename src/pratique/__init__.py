"""The node a customs administration runs: advance data in, explained control decisions out."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("pratique")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0.0.0+source"
