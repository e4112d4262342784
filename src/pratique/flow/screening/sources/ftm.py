"""FollowTheMoney entities as JSON lines: what users of OpenSanctions and of its tools hold.

Persons, organisations, vessels and addresses become entries; passports and other papers give their numbers to the
holder, sanctions their programme to the entity. Schemata that name no one are counted in a finding.
Source: followthemoney.tech, "schemata".
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pratique.flow.screening.source import BrokenList, ListFile, LoadedList, text_of
from pratique.flow.screening.sources.dates import country_code, dates_in
from pratique.flow.screening.sources.entries import Entry, loaded
from pratique.vocabulary.findings import Finding
from pratique.vocabulary.listings import FOLLOW_THE_MONEY_KINDS

_NAMES: Final[Mapping[str, str]] = {
    "name": "primary",
    "full": "primary",
    "alias": "strong",
    "previousName": "strong",
    "abbreviation": "weak",
    "weakAlias": "weak",
}
_NUMBERS: Final[Mapping[str, str]] = {
    "imoNumber": "imo",
    "mmsi": "mmsi",
    "passportNumber": "passport",
    "idNumber": "national_id",
    "innCode": "tax",
    "taxNumber": "tax",
    "vatCode": "tax",
    "leiCode": "lei",
    "ogrnCode": "registration",
    "registrationNumber": "registration",
    "dunsCode": "registration",
}
_COUNTRIES: Final = ("country", "nationality", "citizenship", "jurisdiction", "flag", "mainCountry")
_PAPERS: Final[Mapping[str, str]] = {"Passport": "passport", "Identification": "national_id"}
_TOLD_ELSEWHERE: Final = frozenset({"Passport", "Identification", "Sanction"})
_MAX_LINE: Final = 16 * 1024 * 1024

Properties = Mapping[str, Sequence[str]]


class FollowTheMoney:
    """Entities in the FollowTheMoney model."""

    name = "ftm"
    title = "FollowTheMoney entities"
    accepts = "One or more files of JSON lines, one entity a line (entities.ftm.json); gzip is understood."

    def load(self, files: Sequence[ListFile]) -> LoadedList:
        """The entities of all files as one list. Raises :class:`BrokenList` with file and line of what is wrong."""
        entries: dict[str, Entry] = {}
        linked: list[tuple[str, Properties]] = []
        skipped: Counter[str] = Counter()
        for place, identity, schema, properties in (told for file in files for told in _lines(file)):
            if schema in _TOLD_ELSEWHERE:
                linked.append((schema, properties))
            elif schema not in FOLLOW_THE_MONEY_KINDS:
                skipped[schema] += 1
            elif identity in entries:
                raise BrokenList(f"{place}: the entity {identity} stands there for the second time.")
            else:
                entries[identity] = _entry(identity, schema, properties, place)
        for schema, properties in linked:
            _link(entries, schema, properties)
        findings = [
            Finding("lists.schema_skipped", severity="note", params={"schema": schema, "count": count})
            for schema, count in sorted(skipped.items())
        ]
        return loaded(self.name, entries.values(), findings=findings)


def _lines(file: ListFile) -> Iterator[tuple[str, str, str, Properties]]:
    """Place, id, schema and properties of each line."""
    for number, line in enumerate(text_of(file).split("\n"), start=1):
        if not line.strip():
            continue
        place = f"{file.name}, line {number}"
        if len(line) > _MAX_LINE:
            raise BrokenList(f"{place}: one entity of more than {_MAX_LINE // 1_048_576} MiB.")
        try:
            told = json.loads(line)
            if "\\ud" in line or "\\uD" in line:
                json.dumps(told, ensure_ascii=False).encode()  # half a character, which no text can hold, raises here
        except (ValueError, RecursionError) as error:
            raise BrokenList(f"{place}: not a line of JSON ({type(error).__name__}).") from error
        yield place, *_checked(told, place)


def _checked(told: object, place: str) -> tuple[str, str, Properties]:
    """Id, schema and properties of an entity whose form is right."""
    if isinstance(told, dict):
        identity, schema, properties = told.get("id"), told.get("schema"), told.get("properties")
        if isinstance(identity, str) and identity and isinstance(schema, str) and isinstance(properties, dict):
            return identity, schema, {str(name): _texts(values, place) for name, values in properties.items()}
    raise BrokenList(f"{place}: not an entity; expected an object with id, schema and properties.")


def _texts(values: object, place: str) -> list[str]:
    """The values of a property that are text; nested entities have their id taken."""
    if not isinstance(values, list):
        raise BrokenList(f"{place}: the values of a property must be a list.")
    texts = [value.get("id") if isinstance(value, dict) else value for value in values]
    return [text for text in texts if isinstance(text, str)]


def _entry(identity: str, schema: str, properties: Properties, place: str) -> Entry:
    entry = Entry(identity, FOLLOW_THE_MONEY_KINDS[schema])
    for name, quality in _NAMES.items():
        for spelling in properties.get(name, ()):
            first = quality == "primary" and not entry.names
            entry.add_name(spelling, "primary" if first else ("strong" if quality == "primary" else quality))
    if not entry.names:
        raise BrokenList(f"{place}: the entity {identity} ({schema}) has no name.")
    entry.identifiers = [f"{scheme}:{value}" for name, scheme in _NUMBERS.items() for value in properties.get(name, ())]
    entry.countries = [
        code for name in _COUNTRIES for value in properties.get(name, ()) if (code := country_code(value))
    ]
    entry.birth_dates = [date for value in properties.get("birthDate", ()) for date in dates_in(value[:10])]
    entry.addresses = list(properties.get("address", ()))
    entry.programme = ", ".join(properties.get("program", ()) or properties.get("programId", ()))
    entry.remarks = "\n".join([*properties.get("notes", ()), *properties.get("summary", ())])
    return entry


def _link(entries: Mapping[str, Entry], schema: str, properties: Properties) -> None:
    """Gives what a paper or a sanction says to the entity it is about."""
    for identity in (*properties.get("holder", ()), *properties.get("entity", ())):
        entry = entries.get(identity)
        if entry is None:
            continue
        if schema in _PAPERS:
            entry.identifiers.extend(f"{_PAPERS[schema]}:{number}" for number in properties.get("number", ()))
        elif programme := ", ".join(properties.get("program", ()) or properties.get("programId", ())):
            entry.programme = ", ".join(dict.fromkeys(filter(None, (entry.programme, programme))))
