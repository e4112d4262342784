"""One small tree, read by local names, that remembers what was not read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from pratique.flow.intake.xml.elements import Element, local_name, qualified_name

_SCHEMA_INSTANCE: Final = "{http://www.w3.org/2001/XMLSchema-instance}"


class Branch:
    """An element with its place; names are local names, texts are stripped, empty text counts as none.

    What was asked for counts as read: :meth:`unread` names everything else that holds a value.
    """

    __slots__ = ("_attributes_read", "_children", "element", "name", "place", "was_read")

    def __init__(self, element: Element, place: str) -> None:
        self.element = element
        self.name = local_name(element)
        self.place = place
        self.was_read = False
        self._attributes_read: set[str] = set()
        self._children: dict[str, list[Branch]] = {}
        for child in element:
            of_name = self._children.setdefault(local_name(child), [])
            of_name.append(Branch(child, f"{place}/{qualified_name(child)}[{len(of_name) + 1}]"))

    def __iter__(self) -> Iterator[Branch]:
        for branches in self._children.values():
            yield from branches

    def has(self, name: str) -> bool:
        """Whether there is such a child, empty or not."""
        return name in self._children

    def called(self, name: str) -> list[Branch]:
        """The children of that name, without counting them as read."""
        return self._children.get(name, [])

    def child(self, *names: str) -> Branch | None:
        """The first child of that name, or what a path of names leads to."""
        branch = self
        for name in names:
            found = branch.called(name)
            if not found:
                return None
            branch = found[0]
            branch.was_read = True
        return branch

    def children(self, *names: str) -> list[Branch]:
        """All children of that name (below the first of each name before it)."""
        parent = self.child(*names[:-1])
        found = parent.called(names[-1]) if parent is not None else []
        for branch in found:
            branch.was_read = True
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
        """Elements (``parent/name``) and attributes (``name@attribute``) whose value nobody asked for, counted."""
        counted: Counter[str] = Counter()
        for branch in self:
            if not branch.was_read and branch.own_text:
                counted[f"{self.name}/{branch.name}"] += 1
            counted += branch.unread()
        for name in map(str, self.element.keys()):
            if name not in self._attributes_read and not name.startswith(_SCHEMA_INSTANCE):
                counted[f"{self.name}@{name.rpartition('}')[2]}"] += 1
        return counted
