"""Models on a node: kept in shadow, promoted by a second person, recorded in the journal."""

from __future__ import annotations

from pathlib import Path

import pytest

from learning_needs import needs_lightgbm
from learning_tables import lesson
from nodes import ANNA, BEN, new_node
from pratique.flow.learning.files import keep
from pratique.flow.learning.training import train
from pratique.node import Node
from pratique.node.handlers.journal import ReadJournal
from pratique.node.handlers.models import (
    MODELS,
    KeepModel,
    ListModelCards,
    ListModels,
    PromoteModel,
    RetireModel,
)
from pratique.vocabulary.errors import Category, PratiqueError

pytestmark = needs_lightgbm


@pytest.fixture(scope="module")
def models():
    return train(*lesson(1500)), train(*lesson(1500, seed=4))


def kept(node: Node, folder: Path, model) -> str:
    digest = keep(model, folder / MODELS)
    assert node.execute(KeepModel(digest), actor=ANNA).state == "shadow"
    return digest


def test_a_second_person_puts_a_model_in_force_and_the_journal_says_so(tmp_path, models):
    with new_node(tmp_path / "node") as node:
        digest = kept(node, tmp_path / "node", models[0])
        with pytest.raises(PratiqueError) as caught:
            node.execute(PromoteModel(digest), actor=ANNA)
        assert (caught.value.code, caught.value.category) == ("model.second_person", Category.DENIED)
        assert node.execute(PromoteModel(digest[:10]), actor=BEN).state == "in_force"
        assert {"models.kept", "models.promoted"} <= {entry.entry for entry in node.ask(ReadJournal(), actor=ANNA)}


def test_one_model_is_in_force_at_a_time(tmp_path, models):
    with new_node(tmp_path / "node") as node:
        first, second = (kept(node, tmp_path / "node", model) for model in models)
        node.execute(PromoteModel(first), actor=BEN)
        node.execute(PromoteModel(second), actor=BEN)
        states = {each.digest: each.state for each in node.ask(ListModels(), actor=ANNA)}
        assert states == {first: "retired", second: "in_force"}


def test_a_model_whose_files_changed_is_not_promoted_and_the_last_good_one_stays(tmp_path, models):
    with new_node(tmp_path / "node") as node:
        first, second = (kept(node, tmp_path / "node", model) for model in models)
        node.execute(PromoteModel(first), actor=BEN)
        trees = tmp_path / "node" / MODELS / second / "trees.txt"
        trees.write_text(trees.read_text() + " ")
        with pytest.raises(PratiqueError) as caught:
            node.execute(PromoteModel(second), actor=BEN)
        assert caught.value.code == "model.changed"
        assert [each.digest for each in node.ask(ListModels(), actor=ANNA) if each.state == "in_force"] == [first]


def test_a_model_that_nobody_kept_is_not_promoted(tmp_path, models):
    with new_node(tmp_path / "node") as node:
        digest = keep(models[0], tmp_path / "node" / MODELS)
        with pytest.raises(PratiqueError) as caught:
            node.execute(PromoteModel(digest), actor=BEN)
        assert caught.value.code == "model.not_kept"


def test_a_model_that_is_retired_decides_no_more_and_its_card_is_still_there(tmp_path, models):
    with new_node(tmp_path / "node") as node:
        first, second = (kept(node, tmp_path / "node", model) for model in models)
        node.execute(PromoteModel(first), actor=BEN)
        assert node.execute(RetireModel(first[:12]), actor=BEN).state == "retired"
        with pytest.raises(PratiqueError) as caught:
            node.execute(RetireModel(first), actor=BEN)
        assert (caught.value.code, caught.value.category) == ("model.retired_already", Category.CONFLICT)
        cards = node.ask(ListModelCards(), actor=ANNA)
        assert [each.model.digest for each in cards] == [second, first]
        assert all(each.card and each.card["metrics"]["auc"]["low"] <= 1 for each in cards)
        (tmp_path / "node" / MODELS / second / "card.json").write_text("{}")
        assert [each.card is None for each in node.ask(ListModelCards(), actor=ANNA)] == [True, False]
        (alone,) = node.ask(ListModelCards(first[:9]), actor=ANNA)
        assert alone.model.state == "retired"
        with pytest.raises(PratiqueError) as caught:
            node.ask(ListModelCards("abcdef"), actor=ANNA)
        assert caught.value.category is Category.NOT_FOUND
