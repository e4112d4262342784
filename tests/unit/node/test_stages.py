"""How far long work is: numbers as it tells them, words where they are shown."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import pratique
from pratique.node.stages import Stage, Step, stage_told, with_stage
from pratique.vocabulary.languages import LANGUAGES
from pratique.vocabulary.sentences import known_codes

SOURCE = Path(pratique.__file__).parent
TELLING = {"say", "stage", "tell", "progress"}


def told_in_node() -> Iterator[str]:
    """The stages that commands and queries of the node tell, the assessment with them."""
    for path in [*(SOURCE / "node").rglob("*.py"), SOURCE / "flow/assess.py"]:
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Constant):
                name = ast.unparse(call.func).rpartition(".")[2]
                if name in TELLING or name == "Step" or ast.unparse(call.func) == "looking.step":
                    yield str(call.args[0].value)


def test_a_step_takes_the_place_of_what_its_stage_told_and_of_no_other_stage() -> None:
    stages: tuple[Stage, ...] = ()
    first, second, other = (
        Step("comparing", 0, 2, "run"),
        Step("comparing", 1, 2, "run"),
        Step("weighing", 0, 1, "list"),
    )
    for told in ("indexing", "comparing", first, second, other, "storing"):
        stages = with_stage(stages, told)
    assert stages == ("indexing", second, other, "storing")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "screening names and numbers, ofac: 2000 of 5000 names done"),
        ("fr", "criblage des noms et numéros, ofac : 2000 noms faits sur 5000"),
        ("es", "cribado de nombres y números, ofac: 2000 de 5000 nombres hechos"),
        ("ar", "فحص الأسماء والأرقام، ofac: أُنجز 2000 من 5000 من الأسماء"),
    ],
)
def test_a_step_is_told_in_every_language(language: str, told: str) -> None:
    shown = stage_told(Step("screening", 2000, 5000, "name", "ofac"), language)
    assert "".join(letter for letter in shown if letter not in "\u2068\u2069") == told


def test_a_stage_without_words_is_told_by_its_name() -> None:
    assert stage_told("distilling", "fr") == "distilling"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_stage_of_the_node_has_words(language: str) -> None:
    wanted = {f"stage.{name}" for name in told_in_node()}
    assert {"stage.keeping", "stage.comparing", "stage.records", "stage.facts"} <= wanted
    assert wanted - known_codes(language) == set()
