"""What instruments say is there in every language of the desk, and stands only for the sentence that it translates."""

import pytest

from pratique.partners.agreements import (
    Instrument,
    in_language,
    said,
    shipped_instruments,
    shipped_law,
)
from pratique.partners.agreements.competence import competence_rules, legal_bases
from pratique.partners.agreements.telling import Line
from pratique.partners.agreements.words import translations
from pratique.partners.assistance.profiles import shipped_profiles

TRANSLATED = ("fr", "es", "ar")
PLAIN_ARTICLES = ("Art. ", "Section ", "Annex ", "Paragraph ")  # a number of an article needs no translation


def sentences(instrument: Instrument) -> list[str]:
    """All that an instrument tells a reader in words."""
    articles = [each.article for each in instrument.clauses if not each.article.startswith(PLAIN_ARTICLES)]
    told = [text for each in instrument.clauses for text in (each.says, each.limits) if text]
    return [instrument.title, *articles, *told]


def relied_on() -> list[str]:
    """What the two catalogues of reference tell: who may act where, and what officers rely on."""
    rules = [text for each in competence_rules() for text in (each.says, each.article)]
    return rules + [text for each in legal_bases() for text in (each.title, each.article, each.says, each.limits)]


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_clause_and_legal_basis_is_told_in_every_language(language: str) -> None:
    shipped = [text for each in (shipped_law(), *shipped_instruments()) for text in sentences(each)]
    shipped += [each.title for each in shipped_profiles().values()] + relied_on()
    assert [text for text in shipped if text not in translations(language)] == []
    assert set(translations(language)) == set(shipped)  # nothing translates what no instrument says any more
    for english, translation in translations(language).items():
        assert said(english, language).language == language
        assert digits(english) == digits(translation), english
        assert language != "ar" or any("\u0600" <= letter <= "\u06ff" for letter in translation), english


def digits(text: str) -> list[str]:
    """The figures that a sentence names, in order of size: articles, days, years."""
    return sorted(word for word in "".join(each if each.isdigit() else " " for each in text).split())


def test_words_of_ones_own_are_never_replaced() -> None:
    own = "An administration tells what this port wrote."
    assert (said(own, "fr").text, said(own, "fr").language) == (own, "en")
    assert in_language(shipped_law().title, "de") == shipped_law().title


def test_an_explanation_names_the_treaty_in_the_readers_language() -> None:
    named = {"article": "Third-party rule", "title": shipped_law().title}
    told = Line("gate.forbidden", named).text("fr")
    assert told == "Interdit par Règle du tiers (Règles qui se tiennent derrière chaque accord)."
    assert (
        Line("gate.forbidden", named).text()
        == "Forbidden by Third-party rule of Rules that stand behind every agreement."
    )
