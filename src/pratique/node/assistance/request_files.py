"""Requests as files: the form that an instrument asks for, written out to be filled in, and read back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from pratique.node.errors import refuse
from pratique.node.runs.incoming import open_regular
from pratique.partners.assistance.drafts import LONGEST_TEXT, Draft, draft_of
from pratique.partners.assistance.model import FIELDS, RequestProfile
from pratique.vocabulary.languages import ENGLISH
from pratique.vocabulary.sentences import coded, known_codes, sentence

LARGEST: Final = 512 * 1024
FORM: Final = ("instrument", "language", "types", "items", "reply_by", "as_evidence", "urgent", "written", "sensitive")
FLAGS: Final = {"as_evidence": False, "urgent": False, "written": True, "sensitive": False}
UNKNOWN: Final = "unknown"


def read_request_file(path: Path) -> Draft:
    """The request in a YAML file. Raises ``NOT_FOUND``, ``REJECTED`` with the part that is not as it must be."""
    with open_regular(path) as source:
        data = source.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise refuse("requests.part", part="size")
    try:
        said = yaml.safe_load(data.decode("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise refuse("requests.part", part=" ".join(str(error).split())[:80]) from error
    if not isinstance(said, dict):
        raise refuse("requests.part", part="file")
    return request_from(said)


def request_from(said: Mapping[str, Any]) -> Draft:
    """The request of plain values: contents by their field beside the parts of the form. Raises ``REJECTED``."""
    odd = sorted(str(name) for name in said if name not in (*FORM, *FIELDS, UNKNOWN))
    if odd:
        raise refuse("requests.part", part=odd[0][:80])
    record: dict[str, Any] = {
        "instrument": said.get("instrument"),
        "language": said.get("language"),
        "types": said.get("types") or [],
        "texts": {name: _text(said[name]) for name in FIELDS if name != "items" and said.get(name)},
        "unknown": {str(name): _text(why) for name, why in (said.get(UNKNOWN) or {}).items() if why},
        "items": [each for each in said.get("items") or [] if each],
        "reply_by": str(said["reply_by"]) if said.get("reply_by") else None,
        **{name: said.get(name, usual) for name, usual in FLAGS.items() if name != "sensitive"},
    }
    try:
        return draft_of(record, sensitive=said.get("sensitive") is True)
    except ValueError as error:
        raise refuse("requests.part", part=str(error)[:80]) from error


def request_form(profile: RequestProfile, language: str = ENGLISH) -> str:
    """An empty request under an instrument: each content with its article and what belongs there, as comments."""
    lines = [
        f"# {profile.title}",
        f"instrument: {profile.id}",
        f"language: {profile.languages.always[0] if profile.languages.always else 'en'}",
        f"types: []  # {', '.join(profile.types)}",
    ]
    for content in profile.contents:
        told = [coded("request_field", content.field, language), coded("presence", content.presence.value, language)]
        lines += ["", f"# {', '.join(told)} ({content.article})"]
        hint = f"assistance.fix.{content.field}"
        lines += [f"# {sentence(hint, {}, language)}"] if hint in known_codes() else []
        lines.append("items: []" if content.field == "items" else f'{content.field}: ""')
    lines += ["", "unknown: {}", "reply_by:", *(f"{name}: {str(usual).lower()}" for name, usual in FLAGS.items())]
    return "\n".join(lines) + "\n"


def _text(value: Any) -> str:
    if not isinstance(value, str | int) or isinstance(value, bool) or len(str(value)) > LONGEST_TEXT:
        raise refuse("requests.part", part=str(value)[:40])
    return str(value)
