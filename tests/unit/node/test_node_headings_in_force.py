"""Learned headings in force: a run says where goods are described as those of another heading, and is replayed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from learning_days import HEADINGS
from nodes import ANNA, BEN, NOON, new_node
from pratique.flow.learning.headings import learn_headings
from pratique.node import Node
from pratique.node.archive.restoring import restore
from pratique.node.handlers.assessments import AssessMessages, MessagesAssessed
from pratique.node.handlers.backups import TakeBackup
from pratique.node.handlers.consignments import ExplainConsignment
from pratique.node.handlers.doctor import Doctor
from pratique.node.handlers.models import KeepModel, ListModelCards, PromoteModel
from pratique.node.handlers.runs import ReplayRun
from pratique.node.learning.headings import keep_learned
from pratique.node.learning.speakers import MODELS, _headings
from pratique.node.runs.manifest import manifest_of
from pratique.node.storage import learned_models
from pratique.vocabulary.errors import Category, PratiqueError

GOODS = {"8471": "laptop computers", "8517": "mobile phones", "9503": "plastic toys", "6403": "leather shoes"}
KINDS = ("red", "blue", "green", "black", "white", "small", "large", "new", "boxed", "fine", "grey", "brown", "plain")
OTHER = "description.other_heading"
pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder of models with headings that a few declarations told, and their digest."""
    models = tmp_path_factory.mktemp("headings") / MODELS
    told = [(f"{kind} {words}", code) for code, words in GOODS.items() for kind in KINDS]
    rows = pl.DataFrame(told, schema=["description", "heading"], orient="row").with_columns(
        consignment=pl.format("D{}", pl.int_range(pl.len())), lodged_on=date(2026, 1, 5)
    )
    learned = learn_headings(rows.select("description", "heading"), until="2026-01-05")
    return models, keep_learned(learned, rows, models)[0]


def in_force(folder: Path, kept: tuple[Path, str]) -> Node:
    """A node with those headings, which Anna kept and Ben put in force."""
    node = new_node(folder)
    models, digest = kept
    (folder / MODELS).mkdir(exist_ok=True)
    (folder / MODELS / digest).mkdir()
    for file in (models / digest).iterdir():
        (folder / MODELS / digest / file.name).write_bytes(file.read_bytes())
    assert node.execute(KeepModel(digest), actor=ANNA).state == "shadow"
    node.execute(PromoteModel(digest), actor=BEN)
    return node


def assessed(node: Node, folder: Path) -> MessagesAssessed:
    """A ship with goods under the usual heading, under another one, and under none."""
    bills = (("B1", "LAPTOP COMPUTERS", "847130"), ("B2", "12 LAPTOP COMPUTERS", "847330"), ("B3", "MOBILE PHONES", ""))
    ends = "10,250,240,9000,EUR,CN,EXPORTER,IMPORTER,CNSHA,KEMBA,LINE,LADY,9074729,1W,KEMBA,2026-12-01T08:00,CNSHA,R1"
    file = folder / "ship.csv"
    file.write_text("\n".join([HEADINGS, *(f"{','.join(bill)},{ends},original" for bill in bills)]) + "\n", "utf-8")
    return node.execute(AssessMessages((file,), seed=1), actor=ANNA)


def test_a_run_says_what_is_described_as_goods_of_another_heading_and_is_replayed(tmp_path, kept):
    with new_node(tmp_path / "bare") as node:
        before = assessed(node, tmp_path)
    assert "headings" not in manifest_of(before.run)
    with in_force(tmp_path / "node", kept) as node:
        done = assessed(node, tmp_path)
        assert OTHER not in before.assessment.reasons["profile_id"]
        (said,) = done.assessment.reasons.filter(profile_id=OTHER).to_dicts()
        bill = done.assessment.manifest.consignments.row(said["consignment"], named=True)
        assert (bill["transport_contract_document_id"], said["points"]) == ("B2", 10)
        assert manifest_of(done.run)["headings"] == {"digest": kept[1], "number": 1}
        assert node.ask(ReplayRun(done.run.id), actor=ANNA).same_output
        (card,) = node.ask(ListModelCards(), actor=ANNA)
        assert (card.model.kind, card.model.state, card.card["descriptions"]) == ("headings", "in_force", 52)


def test_goods_without_a_heading_get_those_that_their_words_speak_for_and_no_points(tmp_path, kept):
    with in_force(tmp_path / "node", kept) as node:
        done = assessed(node, tmp_path)
        (told,) = node.ask(ExplainConsignment("B3"), actor=ANNA).headings
        assert told.headings[0].heading == "8517"
        assert told.headings[0].text.startswith("Telephone")
        assert node.ask(ExplainConsignment("B1"), actor=ANNA).headings == ()
        assert OTHER not in done.assessment.reasons.filter(pl.col("consignment") == 2)["profile_id"]


def test_headings_that_changed_on_disk_stop_nothing_and_a_backup_brings_them_back(tmp_path, kept):
    with in_force(tmp_path / "node", kept) as node:
        first = assessed(node, tmp_path)
        node.execute(TakeBackup(tmp_path / "backup.tar"), actor=ANNA)
        words = tmp_path / "node" / MODELS / kept[1] / "words.headings"
        words.write_bytes(words.read_bytes()[:-1] + b"?")
        _headings.cache_clear()
        done = assessed(node, tmp_path)
        assert [each.rule for each in done.warnings] == ["model.cannot_speak"]
        assert "headings" not in manifest_of(done.run)
        with pytest.raises(PratiqueError) as caught:
            node.ask(ReplayRun(first.run.id), actor=ANNA)
        assert (caught.value.code, caught.value.category) == ("model.headings_gone", Category.BROKEN)
        assert node.ask(ExplainConsignment("B3"), actor=ANNA).headings == ()
        assert "models" in {each.name for each in node.ask(Doctor(), actor=ANNA) if each.state == "fail"}
    restore(tmp_path / "backup.tar", tmp_path / "again")
    with Node.open(tmp_path / "again") as node:
        assert node.ask(ReplayRun(first.run.id), actor=ANNA).same_output


def test_a_model_of_chances_and_one_of_headings_are_in_force_beside_one_another(tmp_path, kept):
    with in_force(tmp_path / "node", kept) as node, node._stores.main.writing() as connection:
        at = NOON
        learned_models.keep(connection, "f" * 64, kind=learned_models.CHANCES, by="anna", at=at)
        learned_models.promote(connection, "f" * 64, by="ben", at=at)
        assert [each.state for each in learned_models.learned_models(connection)] == ["in_force", "in_force"]
        assert learned_models.speaking(connection)[0].digest == "f" * 64
        assert learned_models.headings_in_force(connection).digest == kept[1]
