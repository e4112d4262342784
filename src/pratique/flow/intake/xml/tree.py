"""One small tree, read by local names, that remembers what was not read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

Element = etree._Element

_SCHEMA_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"


class Branch:
    """An element with its place; names are local names, texts are stripped, empty text counts as none.

    What was asked for counts as read: :meth:`unread` names everything else that holds a value.
    """

    __slots__ = ("_attributes_read", "_children", "_read", "element", "name", "place")

    def __init__(self, element: Element, place: str) -> None:
        self.element = element
        self.name = _local(element)
        self.place = place
        self._read = False
        self._attributes_read: set[str] = set()
        self._children: dict[str, list[Branch]] = {}
        for child in element:
            of_name = self._children.setdefault(_local(child), [])
            step = f"{child.prefix}:{_local(child)}" if child.prefix else _local(child)
            of_name.append(Branch(child, f"{place}/{step}[{len(of_name) + 1}]"))

    def __iter__(self) -> Iterator[Branch]:
        for branches in self._children.values():
            yield from branches

    def has(self, name: str) -> bool:
        """Whether there is such a child, empty or not."""
        return name in self._children

    def child(self, *names: str) -> Branch | None:
        """The first child of that name, or what a path of names leads to."""
        branch = self
        for name in names:
            found = branch._children.get(name)
            if not found:
                return None
            branch = found[0]
            branch._read = True
        return branch

    def children(self, *names: str) -> list[Branch]:
        """All children of that name (below the first of each name before it)."""
        parent = self.child(*names[:-1])
        found = parent._children.get(names[-1], []) if parent is not None else []
        for branch in found:
            branch._read = True
        return found

    def text(self, *names: str) -> str | None:
        """The text at the end of a path of names; of this element itself where no name is given."""
        branch = self.child(*names)
        return branch.own_text if branch is not None else None

    @property
    def own_text(self) -> str | None:
        """The text of this element, stripped; ``None`` where it is empty."""
        return (self.element.text or "").strip() or None

    def attribute(self, name: str) -> str | None:
        """An attribute's value, stripped; ``None`` where it is missing or empty."""
        self._attributes_read.add(name)
        return (self.element.get(name) or "").strip() or None

    def unread(self) -> Counter[str]:
        """The local names of elements and attributes that hold a value nobody asked for, with their number."""
        counted: Counter[str] = Counter()
        for branch in self:
            if not branch._read and branch.own_text:
                counted[branch.name] += 1
            counted += branch.unread()
        for name in self.element.keys():  # noqa: SIM118
            if name not in self._attributes_read and not name.startswith(_SCHEMA_INSTANCE):
                counted[f"{self.name}@{name.rpartition('}')[2]}"] += 1
        return counted


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
