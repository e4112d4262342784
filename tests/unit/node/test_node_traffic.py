"""Words that many of the node's own parties hold: counted, in force, in the record of a run, and kept for later."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from nodes import ANNA, copied, new_node, open_node, write_manifest, write_own_list
from pratique.flow.screening.calibrate import ordinary_names
from pratique.node import Node
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.doctor import Doctor
from pratique.node.handlers.hits import ListHits, ShowHit
from pratique.node.handlers.lists import ListLists, LoadList
from pratique.node.handlers.runs import ReplayRun, ShowRun
from pratique.node.handlers.settings import ChangeSetting
from pratique.node.handlers.traffic import CountTraffic, ShowTraffic
from pratique.node.storage.history import remember_parties
from pratique.vocabulary.errors import PratiqueError

pytestmark = pytest.mark.long

LISTED = "NORTHWIND EXPORT 1"


def with_parties(folder: Path) -> None:
    """A node with a list of one name, whose first word 400 of some 2,400 parties known hold."""
    names = {f"NORTHWIND {name}" for name in ordinary_names("organisation", 400)}
    names |= {*ordinary_names("person", 3000)}
    with new_node(folder / "node") as node:
        node.execute(LoadList("own", (write_own_list(folder / "own.csv", LISTED),)), actor=ANNA)
        with node._stores.main.writing() as connection:
            moment = "2026-10-01T00:00:00Z"
            remember_parties(connection, [(name.upper(), moment, moment, 1) for name in sorted(names)])


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with open_node(copied(with_parties, tmp_path) / "node") as made:
        yield made


def assessed(node: Node, folder: Path, reference: str) -> str:
    return node.execute(AssessMessages((write_manifest(folder / "a.csv", reference=reference),)), actor=ANNA).run.id


def test_few_parties_say_nothing(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as young, pytest.raises(PratiqueError) as refused:
        young.execute(CountTraffic(), actor=ANNA)
    assert refused.value.code == "traffic.too_few"


def test_a_table_counted_is_in_the_record_of_a_run_and_a_run_before_it_is_replayed_without(
    node: Node, tmp_path: Path
) -> None:
    before = assessed(node, tmp_path, "BEFORE")
    version = node.execute(CountTraffic(), actor=ANNA)
    after = assessed(node, tmp_path, "AFTER")
    assert node.ask(ShowRun(before), actor=ANNA).manifest["tables"] == {}
    assert node.ask(ShowRun(after), actor=ANNA).manifest["tables"] == {"traffic": version.digest}
    first, *_ = node.ask(ListHits(run=before), actor=ANNA).hits
    then, *_ = node.ask(ListHits(run=after), actor=ANNA).hits
    assert then.score_permille < first.score_permille
    said = [each for each in node.ask(ShowHit(after, then.number), actor=ANNA).reasons if "common" in each["code"]]
    assert ("screening.common.traffic", "NORTHWIND") in [(each["code"], each["params"]["word"]) for each in said]
    for run in (before, after):
        assert node.ask(ReplayRun(run), actor=ANNA).same_output
    checks = {each.name: each.state for each in node.ask(Doctor(), actor=ANNA)}
    assert (checks["versions"], checks["files"]) == ("ok", "ok")


def test_a_list_loaded_later_is_weighed_with_the_table_and_a_setting_does_without_it(
    node: Node, tmp_path: Path
) -> None:
    node.execute(CountTraffic(), actor=ANNA)
    node.execute(ChangeSetting("list_traffic", "0"), actor=ANNA)
    node.execute(LoadList("own", (write_own_list(tmp_path / "own.csv", LISTED, "ZARKARI HOLDING"),)), actor=ANNA)
    assert node.ask(ShowRun(assessed(node, tmp_path, "OFF")), actor=ANNA).manifest["tables"] == {}
    assert not node.ask(ShowTraffic(), actor=ANNA).is_in_force
    node.execute(ChangeSetting("list_traffic", "1"), actor=ANNA)
    run = assessed(node, tmp_path, "ON")
    (hit, *_) = node.ask(ListHits(run=run), actor=ANNA).hits
    (line,) = node.ask(ListLists(only_in_force=True), actor=ANNA)
    assert node.ask(ShowHit(run, hit.number), actor=ANNA).alert_line.kinds == line.alert_line.kinds


def test_the_table_is_shown_with_what_its_words_prove_and_holds_no_rare_one(node: Node) -> None:
    with pytest.raises(PratiqueError) as none_yet:
        node.ask(ShowTraffic(), actor=ANNA)
    assert none_yet.value.code == "traffic.none"
    version = node.execute(CountTraffic(), actor=ANNA)
    shown = node.ask(ShowTraffic(limit=1000), actor=ANNA)
    rows = {word: (parties, information) for word, parties, information in shown.words.iter_rows()}
    assert rows["NORTHWIND"][0] > 300
    assert rows["NORTHWIND"][1] < 10
    assert min(parties for parties, _ in rows.values()) >= 5
    assert json.loads(version.counts)["parties"] == shown.parties > 2000
