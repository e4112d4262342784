"""The words of the pages: every message is translated, plurals are right, and a page finds its language."""

import ast
import re
from collections.abc import Iterator

import pytest
from babel.messages import Message

from pratique.desk.extraction import DESK, TRANSLATED, extracted, untranslated
from pratique.desk.reading_words import reading_words
from pratique.desk.words import catalogue, chosen_language, direction, translations
from pratique.node.access.policy import shipped_policy

PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%%|\{(\w+)\}")


def strings(message: Message) -> Iterator[str]:
    yield from message.string if isinstance(message.string, tuple | list) else (message.string,)


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_message_of_the_pages_is_missing_empty_or_fuzzy(language):
    assert [message.id for message in untranslated(language, extracted())] == [], "run `make words`"


def test_no_words_stand_inside_an_f_string_where_they_are_not_found():
    for path in DESK.rglob("*.py"):
        for part in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(part, ast.JoinedStr):
                called = {getattr(node.func, "attr", "") for node in ast.walk(part) if isinstance(node, ast.Call)}
                assert not called & {"gettext", "ngettext", "pgettext", "npgettext"}, f"{path}:{part.lineno}"


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_placeholders_of_the_page(language):
    for message in catalogue(language):
        if not message.id:
            continue
        wanted = set(PLACEHOLDER.findall(message.id if isinstance(message.id, str) else message.id[-1]))
        for text in strings(message):
            found = set(PLACEHOLDER.findall(text))
            # a plural form may leave out the number where it says it in words, as the Arabic dual does
            missing = wanted - found
            assert found <= wanted, (message.id, text)
            assert not missing or isinstance(message.id, tuple), (message.id, text)
            assert missing <= {("n", ""), ("num", ""), ("count", "")}, (message.id, text)


@pytest.mark.parametrize("language", TRANSLATED)
def test_markup_is_that_of_the_page(language):
    for message in catalogue(language):
        if message.id:
            wanted = sorted(re.findall(r"<[^>]*>", message.id if isinstance(message.id, str) else message.id[0]))
            assert all(sorted(re.findall(r"<[^>]*>", text)) == wanted for text in strings(message)), message.id


@pytest.mark.parametrize(("language", "forms"), [("fr", [0, 0, 1, 1]), ("es", [1, 0, 1, 1])])
def test_nothing_is_one_in_french_and_many_in_spanish(language, forms):
    assert [translations(language).plural(n) for n in (0, 1, 2, 11)] == forms


def test_arabic_tells_six_kinds_of_many():
    plural = catalogue("ar")
    assert plural.num_plurals == 6
    chosen = translations("ar").plural  # what gettext makes of the formula in the file
    assert [chosen(n) for n in (0, 1, 2, 3, 10, 11, 99, 100, 102, 103, 111)] == [0, 1, 2, 3, 3, 4, 4, 5, 5, 3, 4]


def test_a_language_that_is_not_there_reads_english():
    for language in ("de", "", "../fr", "x" * 500):
        assert translations(language).gettext("less than a minute") == "less than a minute"
    assert translations("fr-CA").gettext("less than a minute") == "moins d’une minute"
    assert translations("en").ngettext("one box", "many boxes", 2) == "many boxes"


@pytest.mark.parametrize(
    ("officer", "accept", "node", "chosen"),
    [
        ("ar", "fr", "es", "ar"),
        (None, "de-CH, fr-CA;q=0.8, es;q=0.9", "ar", "es"),
        (None, "fr;q=0, *;q=0.5", "ar", "ar"),
        (None, "de", "de", "en"),
        ("", None, "es-MX", "es"),
        (None, "fr;q=nan, es;q=x, ar;;, ;q=1, ,", "fr", "fr"),
        (None, "de;q=0.1," * 10_000 + "es", "ar", "ar"),
    ],
)
def test_a_page_speaks_as_the_officer_then_the_browser_then_the_node(officer, accept, node, chosen):
    assert chosen_language(officer=officer, accept=accept, node=node) == chosen


def test_arabic_is_written_from_right_to_left():
    assert [direction(language) for language in ("en", "fr", "es", "ar", "ar-EG")] == [
        "ltr",
        "ltr",
        "ltr",
        "rtl",
        "rtl",
    ]


def test_each_reading_of_persons_that_the_policy_knows_has_its_words():
    shows_persons = {name for name, line in shipped_policy().lines.items() if line.persons is not None}
    assert shows_persons == set(reading_words(str))
