"""Names of elements."""

from __future__ import annotations

from lxml.etree import _Element as Element

__all__ = ["Element", "local_name", "qualified_name"]


def local_name(element: Element) -> str:
    """The name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def qualified_name(element: Element) -> str:
    """The name as the file writes it, with its prefix."""
    return f"{element.prefix}:{local_name(element)}" if element.prefix else local_name(element)
