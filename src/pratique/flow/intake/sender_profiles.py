"""Sender profiles: what one sender means by a field that others use differently, as data.

Two carriers to one customs office write ``40`` and ``42G1`` for the same box, and the weight beside it is the tare for
one and the goods for the other. A profile says which, and for whom it holds. The most specific profile that fits a
message is applied (the one with most criteria; of equals the first given); where none fits the message has the profile
``unknown`` and is read by the letter of its format.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

import polars as pl
import yaml

from pratique.vocabulary.codes import container_size
from pratique.vocabulary.errors import Category, PratiqueError
from pratique.vocabulary.frames import Manifest

UNKNOWN: Final = "unknown"
LARGEST_PROFILE: Final = 64 * 1024
MOST_BRACKETS: Final = 200  # a parser of YAML takes quadratic time over brackets that nest

CRITERIA: Final = (
    "format",
    "format_version",
    "message_type",
    "sender_id",
    "receiver_id",
    "office",  # the customs office declared to
    "carrier",  # id of the operator of the means of transport
    "mode",  # UNECE Rec 19: 1 sea, 2 rail, 3 road, 4 air
)
MASS_UNITS: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {"KGM": (1, 1), "GRM": (1, 1_000), "TNE": (1_000, 1), "LBR": (45_359_237, 100_000_000)}
)
_CHOICES: Final[Mapping[str, tuple[object, ...]]] = MappingProxyType(
    {
        "tare_is": ("tare", "goods"),
        "weight_unit": tuple(MASS_UNITS),
        "zero_packages": ("none", "not_stated"),
        "equipment_is_container": (True, False),
    }
)
_KEYS: Final = frozenset({"id", "title", "matches", "container_types", *_CHOICES})


@dataclass(frozen=True, slots=True)
class SenderProfile:
    """How to read one kind of sender.

    ``matches`` gives for each criterion the values that fit; a value that ends in ``*`` fits whatever begins so.
    ``container_types`` maps the sender's type codes to ISO 6346 (``?`` for what they leave open). ``weight_unit`` is
    the unit the sender writes where the format itself names none and the reader took kilograms. ``zero_packages`` says
    whether 0 packages on a bill without equipment (RoRo, bulk) means none or that the count was not stated.
    """

    id: str
    title: str
    matches: Mapping[str, tuple[str, ...]]
    container_types: Mapping[str, str] = field(default_factory=dict)
    tare_is: str = "tare"
    weight_unit: str = "KGM"
    zero_packages: str = "none"
    equipment_is_container: bool = True

    def fits(self, facts: Mapping[str, frozenset[str]]) -> bool:
        """Every criterion has one of the message's values."""
        return all(
            any(_fits(pattern, value) for pattern in patterns for value in facts[criterion])
            for criterion, patterns in self.matches.items()
        )


@cache
def shipped_sender_profiles() -> tuple[SenderProfile, ...]:
    """The profiles that come with the package, in order of their file names."""
    folder = files("pratique") / "data" / "sender_profiles"
    found = sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name)
    return tuple(parse_sender_profile(file.read_text(encoding="utf-8")) for file in found)


def parse_sender_profile(text: str) -> SenderProfile:
    """A profile out of its YAML text; raises ``PratiqueError`` that names the place where it is not one."""
    if len(text) > LARGEST_PROFILE:
        raise _faulty("the text is larger than 64 KiB")
    if text.count("[") + text.count("{") > MOST_BRACKETS:
        raise _faulty(f"it has more than {MOST_BRACKETS} opening brackets")
    try:
        given = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _faulty(f"it is no YAML: {str(error)[:200]}") from error
    if not isinstance(given, dict):
        raise _faulty("it must be a mapping with the keys id, title and matches")
    return _profile(given)


def choose_profiles(manifest: Manifest, profiles: Sequence[SenderProfile]) -> list[SenderProfile | None]:
    """The profile of each message, in the order of the message frame; ``None`` where none fits."""
    ordered = sorted(profiles, key=lambda profile: -len(profile.matches))  # stable: of equals the first given
    carriers, modes = _by_message(manifest.transport, "operator_id"), _by_message(manifest.transport, "mode_code")
    chosen: dict[tuple[frozenset[str], ...], SenderProfile | None] = {}
    answer = []
    for row in manifest.message.iter_rows(named=True):
        facts = _facts(row, carriers.get(row["message"], ()), modes.get(row["message"], ()))
        key = tuple(facts.values())
        if key not in chosen:
            chosen[key] = next((profile for profile in ordered if profile.fits(facts)), None)
        answer.append(chosen[key])
    return answer


def _facts(row: Mapping[str, Any], carriers: Iterable[str], modes: Iterable[str]) -> dict[str, frozenset[str]]:
    columns = {name: name for name in CRITERIA[:5]} | {"office": "declaration_office_id"}
    facts = {name: frozenset([row[column]]) - {None} for name, column in columns.items()}
    return facts | {"carrier": frozenset(carriers), "mode": frozenset(modes)}


def _by_message(transport: pl.DataFrame, column: str) -> dict[int, list[str]]:
    grouped = transport.drop_nulls(column).group_by("message").agg(pl.col(column).unique())
    return dict(zip(grouped["message"], grouped[column].to_list(), strict=True))


def _fits(pattern: str, value: str) -> bool:
    if pattern.endswith("*"):
        return value.upper().startswith(pattern[:-1].upper())
    return value.upper() == pattern.upper()


def _profile(given: Mapping[object, object]) -> SenderProfile:
    unknown = sorted(str(key) for key in given if key not in _KEYS)
    if unknown:
        raise _faulty(f"no such key: {', '.join(unknown)}; expected {', '.join(sorted(_KEYS))}")
    for name in ("id", "title"):
        if not isinstance(given.get(name), str) or not given[name]:
            raise _faulty(f"{name} must be a text")
    if given["id"] == UNKNOWN:
        raise _faulty(f"the id {UNKNOWN!r} is kept for messages that no profile fits")
    return SenderProfile(
        id=str(given["id"]),
        title=str(given["title"]),
        matches=_matches(given.get("matches")),
        container_types=_container_types(given.get("container_types", {})),
        **{name: _choice(name, given[name], choices) for name, choices in _CHOICES.items() if name in given},
    )


def _matches(given: object) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(given, dict) or not given:
        raise _faulty(f"matches must give at least one of {', '.join(CRITERIA)}")
    answer = {}
    for criterion, values in given.items():
        if criterion not in CRITERIA:
            raise _faulty(f"matches.{criterion}: no such criterion; expected one of {', '.join(CRITERIA)}")
        listed = values if isinstance(values, list) else [values]
        if not listed or not all(isinstance(value, str) and value for value in listed):
            raise _faulty(f"matches.{criterion} must be a text or a list of texts (put numbers in quotation marks)")
        answer[criterion] = tuple(listed)
    return MappingProxyType(answer)


def _container_types(given: object) -> Mapping[str, str]:
    if not isinstance(given, dict):
        raise _faulty("container_types must map the sender's codes to ISO 6346 size and type codes")
    for code, size_type in given.items():
        if not isinstance(code, str) or not isinstance(size_type, str) or not container_size.is_known(size_type):
            raise _faulty(f"container_types: {code!r} to {size_type!r} is no ISO 6346 size and type code in quotes")
    return MappingProxyType({code.upper(): size_type for code, size_type in given.items()})


def _choice(name: str, given: object, choices: tuple[object, ...]) -> Any:
    if given not in choices:
        raise _faulty(f"{name} must be one of {', '.join(str(choice).lower() for choice in choices)}, not {given!r}")
    return given


def _faulty(why: str) -> PratiqueError:
    return PratiqueError(
        "profile.faulty",
        f"The sender profile cannot be used: {why}.",
        category=Category.REJECTED,
        kept="The profiles in force stay in force.",
        todo="Correct the profile and load it again.",
    )
