"""Which words the pages hold, taken from the templates and modules of the desk, against what the catalogues translate.

``python -m pratique.desk.extraction`` (``make words``) adds to every catalogue the messages it lacks, takes out those
that no page has any more, and says how many are left to translate. It ends with 1 where some are.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from babel.messages.extract import DEFAULT_KEYWORDS

from pratique.desk.words import catalogue
from pratique.vocabulary.languages import ENGLISH, LANGUAGES

if TYPE_CHECKING:
    from babel.messages import Catalog, Message

DESK: Final = Path(__file__).parent
TRANSLATED: Final = tuple(language for language in LANGUAGES if language != ENGLISH)
_KEYWORDS: Final = DEFAULT_KEYWORDS | {"word": None}
_METHODS: Final = [("templates/**.*", "jinja2"), ("**.py", "python")]
_OPTIONS: Final = {"templates/**.*": {"trimmed": "true", "silent": "false", "newstyle_gettext": "true"}}


def extracted() -> Catalog:
    """Every message of the pages, each with the file it stands in. Raises for a template that cannot be read."""
    from babel.messages import Catalog
    from babel.messages.extract import extract_from_dir

    found = Catalog()
    for file, _line, message, comments, context in extract_from_dir(
        DESK, _METHODS, _OPTIONS, _KEYWORDS, comment_tags=("words:",), strip_comment_tags=True
    ):
        found.add(message, locations=[(file, 0)], auto_comments=comments, context=context)
    return found


def untranslated(language: str, pages: Catalog) -> Iterator[Message]:
    """The messages of the pages that the catalogue of the language lacks, or has empty or fuzzy, in any plural form."""
    translated = catalogue(language)
    for message in pages:
        if message.id:
            given = translated.get(_first(message), message.context)
            if given is None or given.fuzzy or not _whole(given, plural=isinstance(message.id, tuple)):
                yield message


def bring_up_to_date(language: str, pages: Catalog) -> None:
    """Writes the catalogue of the language again: its head as it is, every message of the pages, and no other."""
    from babel.messages.pofile import write_po

    path = DESK / "words" / f"{language}.po"
    head = path.read_text("utf-8").partition("\n\n")[0].rstrip()
    renewed = catalogue(language)
    renewed.update(pages, no_fuzzy_matching=True, update_header_comment=False)
    body = BytesIO()
    write_po(body, renewed, width=120, omit_header=True, ignore_obsolete=True, include_lineno=False, sort_output=True)
    path.write_text(f"{head}\n\n{body.getvalue().decode().strip()}\n", "utf-8")


def main() -> int:
    """Brings every catalogue up to date and reports; 1 where a message is left to translate."""
    pages = extracted()
    left = 0
    for language in TRANSLATED:
        bring_up_to_date(language, pages)
        missing = list(untranslated(language, pages))
        left += len(missing)
        sys.stdout.write(f"{language}: {len(pages)} messages, {len(missing)} left to translate\n")
        sys.stdout.writelines(f"  {_first(message)!r} ({message.locations[0][0]})\n" for message in missing)
    return 1 if left else 0


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _whole(given: Message, *, plural: bool) -> bool:
    forms = given.string if isinstance(given.string, tuple | list) else (given.string,)
    return all(forms) and (isinstance(given.id, tuple | list) == plural)


if __name__ == "__main__":
    raise SystemExit(main())
