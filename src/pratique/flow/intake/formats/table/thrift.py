"""The compact protocol of Thrift, as far as Parquet's own notes use it: values by field number, nothing interpreted.

Written by whoever sent the file, so nothing in it is believed: every length is held against the bytes that are there,
and nesting ends at a depth that Parquet never reaches.
"""

from __future__ import annotations

from typing import Any, Final

DEEPEST: Final = 12
MOST_VARINT_BYTES: Final = 10
STOP, TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(13)
_WHOLE: Final = (I16, I32, I64)

Struct = dict[int, Any]


class ThriftBroken(ValueError):
    """The bytes are no Thrift structure."""


class Compact:
    """Reads structures out of ``data``, from ``position`` on."""

    def __init__(self, data: bytes, position: int = 0) -> None:
        self._data = data
        self.position = position

    def struct(self, depth: int = 0) -> Struct:
        """The next structure: its fields by number. Raises ``ThriftBroken``."""
        if depth > DEEPEST:
            raise ThriftBroken("too deep")
        fields: Struct = {}
        number = 0
        while (head := self._byte()) != STOP:
            step, kind = head >> 4, head & 0x0F
            number = number + step if step else self._zigzag()
            fields[number] = kind == TRUE if kind in (TRUE, FALSE) else self._value(kind, depth)
        return fields

    def _value(self, kind: int, depth: int) -> Any:
        if kind in _WHOLE:
            return self._zigzag()
        if kind == BINARY:
            return self._bytes(self._varint())
        if kind in (LIST, SET):
            return self._list(depth)
        if kind == STRUCT:
            return self.struct(depth + 1)
        if kind == DOUBLE:
            return self._bytes(8)
        if kind in (BYTE, TRUE, FALSE):
            return self._byte()
        raise ThriftBroken(f"unknown type {kind}")

    def _list(self, depth: int) -> list[Any]:
        head = self._byte()
        size, kind = head >> 4, head & 0x0F
        count = self._varint() if size == 0x0F else size
        if count > len(self._data) - self.position:
            raise ThriftBroken("a list longer than the file")
        return [self._value(kind, depth + 1) for _ in range(count)]

    def _byte(self) -> int:
        if self.position >= len(self._data):
            raise ThriftBroken("cut off")
        self.position += 1
        return self._data[self.position - 1]

    def _bytes(self, count: int) -> bytes:
        start, self.position = self.position, self.position + count
        if self.position > len(self._data):
            raise ThriftBroken("cut off")
        return self._data[start : self.position]

    def _varint(self) -> int:
        value = 0
        for shift in range(MOST_VARINT_BYTES):
            byte = self._byte()
            value |= (byte & 0x7F) << 7 * shift
            if byte < 0x80:
                return value
        raise ThriftBroken("a number without an end")

    def _zigzag(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)
