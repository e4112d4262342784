"""``multipart/form-data``, read as it streams in: files to disk, the few fields beside them bounded."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from pratique.api.problems import Refused
from pratique.api.uploads import Bounds, Incoming, Place, Upload

FILE: Final = "file"
LONGEST_FIELD: Final = 1024 * 1024  # bytes
LONGEST_HEADER: Final = 4096
MOST_HEADERS: Final = 8


class MultipartSink:
    """Takes the parts ``file`` and the known fields; anything else is refused, not dropped."""

    def __init__(self, boundary: bytes, upload: Upload, place: Place, bounds: Bounds) -> None:
        self._upload = upload
        self._place = place
        self._bounds = bounds
        self._known = (FILE, *bounds.fields)
        self._headers: dict[bytes, bytes] = {}
        self._name, self._value = bytearray(), bytearray()
        self._file: Incoming | None = None
        self._field: tuple[str, bytearray] | None = None
        self._ended = False
        if not boundary:
            raise Refused(HTTPStatus.BAD_REQUEST, "api.not_multipart")
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._headers.clear,
                    "on_header_field": lambda data, start, end: self._name.extend(data[start:end]),
                    "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
                    "on_header_end": self._header_ended,
                    "on_headers_finished": self._part_begins,
                    "on_part_data": self._part_goes_on,
                    "on_part_end": self._part_ended,
                    "on_end": self._all_ended,
                },
                max_header_count=MOST_HEADERS,
                max_header_size=LONGEST_HEADER,
            )
        except FormParserError as error:
            raise _broken() from error

    def feed(self, piece: bytes) -> None:
        """See :class:`~pratique.api.uploads.Sink`."""
        try:
            self._parser.write(piece)
        except FormParserError as error:
            raise _broken() from error

    def finish(self) -> None:
        """See :class:`~pratique.api.uploads.Sink`."""
        if not self._ended:
            raise _broken()
        if not self._upload.files:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "api.no_file")

    def abandon(self) -> None:
        """See :class:`~pratique.api.uploads.Sink`."""
        if self._file is not None:
            self._file.close()

    def _header_ended(self) -> None:
        self._headers[bytes(self._name).lower()] = bytes(self._value)
        self._name.clear()
        self._value.clear()

    def _part_begins(self) -> None:
        kind, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        name = options.get(b"name", b"").decode("utf-8", "replace")
        if kind != b"form-data" or name not in self._known or name in self._upload.fields:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "api.unknown_part", known=", ".join(self._known))
        if name != FILE:
            self._field = (name, bytearray())
            return
        if b"filename" not in options:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "api.no_file")
        if len(self._upload.files) >= self._bounds.most_files:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "api.too_many_files", most=self._bounds.most_files)
        self._file = Incoming(self._upload, self._place, options.get(b"filename", b"").decode("utf-8", "replace"))

    def _part_goes_on(self, data: bytes, start: int, end: int) -> None:
        if self._file is not None:
            self._file.write(data[start:end])
        elif self._field is not None:
            self._field[1].extend(data[start:end])
            if len(self._field[1]) > LONGEST_FIELD:
                raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "api.body_too_large", most=LONGEST_FIELD)

    def _part_ended(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        elif self._field is not None:
            name, value = self._field
            self._upload.fields[name] = _text(bytes(value))
            self._field = None

    def _all_ended(self) -> None:
        self._ended = True


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(HTTPStatus.BAD_REQUEST, "api.not_multipart") from error


def _broken() -> Refused:
    return Refused(HTTPStatus.BAD_REQUEST, "api.not_multipart")
