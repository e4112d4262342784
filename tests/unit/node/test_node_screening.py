"""Names that somebody brings, against the lists in force: what answers, what it costs, and what is refused."""

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from nodes import ANNA, OWN_HEADINGS, copied, new_node, open_node
from pratique.flow.screening import ListFile, list_source, score_from_reasons
from pratique.node import Node
from pratique.node.handlers.access_log import ReadAccessLog
from pratique.node.handlers.lists import LoadList
from pratique.node.handlers.screening import BATCH, NAME_HIT, NamesScreened, ScreenNames
from pratique.node.hits.follow_the_money import entity_lines
from pratique.node.hits.name_table import COLUMNS, read_names
from pratique.vocabulary.errors import PratiqueError

LIST = f"""{OWN_HEADINGS}
1,KATIM RASIM AL HUMAIDI,person,~ABU RASIM;Katim Humaidi,IQ,1970-05-01,passport:A123456,TEST,watched
2,ZARKARI MARITIME HOLDING,organisation,,AE,,lei:5493001KJTIIGC8Y1R12,TRADE,
3,LADY SUNNIVA,vessel,,,,imo:9074729,SHIPS,
"""


def with_list(folder: Path) -> None:
    (folder / "own.csv").write_text(LIST, encoding="utf-8")
    with new_node(folder / "node") as node:
        node.execute(LoadList("own", (folder / "own.csv",)), actor=ANNA)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with open_node(copied(with_list, tmp_path) / "node") as made:
        yield made


def names(*rows: dict[str, str]) -> pl.DataFrame:
    return pl.DataFrame(
        {name: [row.get(name) for row in rows] for name in COLUMNS}, schema=dict.fromkeys(COLUMNS, pl.String)
    )


def screened(node: Node, *rows: dict[str, str], **asked: object) -> NamesScreened:
    return node.ask(ScreenNames(names(*rows), **asked), actor=ANNA)  # type: ignore[arg-type]


ASKED = (
    {"id": "a", "name": "Katim Rasim AL HUMAIDY", "kind": "person"},
    {"id": "b", "name": "ORDINARY TRADING", "kind": "Company"},
    {"id": "c", "kind": "vessel", "identifiers": "imo:9074729"},
    {"id": "d", "kind": "person"},
)


def test_names_and_numbers_answer_in_the_order_asked_and_the_score_follows_from_the_reasons(node: Node) -> None:
    found = screened(node, *ASKED)
    assert found.hits["id"].to_list() == ["a", "c"]
    assert found.hits["basis"].to_list() == ["name", "identifier"]
    assert found.hits.schema == pl.Schema(NAME_HIT)
    assert [score_from_reasons(each) for each in found.hits["reasons"]] == found.hits["score_permille"].to_list()
    assert (found.name_count, found.empty_count) == (4, 1)


def test_the_line_of_each_list_and_its_cost_are_told_and_another_budget_moves_it(node: Node) -> None:
    (own,) = screened(node, *ASKED).lists
    line = own.alert_line
    assert (own.list_id, line.budget_per_1000) == ("own", 10)
    assert line.alerts_per_1000 <= 10
    assert line.minutes_per_1000 == line.alerts_per_1000 * 4
    (strict,) = screened(node, *ASKED, budget=0).lists
    assert (strict.alert_line.budget_per_1000, strict.list_version) == (0, own.list_version)
    assert strict.alert_line.threshold_permille >= line.threshold_permille


def test_the_same_names_answer_alike_in_one_batch_or_in_many(node: Node) -> None:
    many = screened(node, *(row for _ in range(BATCH // 4 + 1) for row in ASKED))
    assert many.name_count > BATCH
    assert many.hits["id"].to_list() == ["a", "c"] * (BATCH // 4 + 1)


def test_that_names_were_screened_is_recorded_with_how_many(node: Node) -> None:
    screened(node, *ASKED)
    read = node.ask(ReadAccessLog(), actor=ANNA).newest_reads[0]
    assert (read.request, read.read_count, read.actor) == ("ScreenNames", 4, ANNA.name)


def test_hits_become_entities_that_can_be_loaded_as_a_list_again(node: Node) -> None:
    found = screened(node, *ASKED)
    lines = list(entity_lines(found.hits, found.entities))
    person = json.loads(lines[0])
    assert (person["schema"], person["caption"]) == ("Person", "KATIM RASIM AL HUMAIDI")
    assert person["properties"]["weakAlias"] == ["ABU RASIM"]
    assert person["properties"]["passportNumber"] == ["A123456"]
    assert (person["score"], person["query"]["id"]) == (found.hits["score_permille"][0] / 1000, "a")
    again = list_source("ftm").load([ListFile("entities.ftm.json", "\n".join(lines).encode())]).listings
    own = found.entities.filter(entity_id="1")
    assert set(again.filter(entity_id="1")["name"]) == set(own["name"])
    assert again.filter(entity_id="1")["identifiers"][0].to_list() == ["passport:A123456"]
    assert again.filter(entity_id="3")["identifiers"][0].to_list() == ["imo:9074729"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"lists": ("nowhere",)}, "names.unknown_list"),
        ({"budget": -1}, "names.budget"),
        ({"budget": 1001}, "names.budget"),
    ],
)
def test_a_list_or_budget_that_cannot_be_is_refused(node: Node, asked: dict[str, object], code: str) -> None:
    with pytest.raises(PratiqueError) as refused:
        screened(node, *ASKED, **asked)
    assert refused.value.code == code


def test_without_a_list_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    with new_node(tmp_path / "bare") as bare, pytest.raises(PratiqueError) as refused:
        screened(bare, *ASKED)
    assert (refused.value.code, refused.value.category.exit_code) == ("names.no_list", 66)


@pytest.mark.parametrize(
    ("content", "code", "told"),
    [
        (b"", "names.empty", ""),
        (b"id,name,kind\n", "names.empty", ""),
        (b"id,name\n1,A\n", "names.columns_missing", "kind"),
        (b"id,name,kind,name\n1,A,person,B\n", "names.columns_twice", "name"),
        (b"id,name,kind\n1,A,person\n2,B,nobody\n", "names.cell", "row 3: kind is 'nobody'"),
        (b"id,name,kind\n\n1,A\n", "names.cells", "line 3: 2 cells"),
        (b"id,name,kind\n,A,person\n", "names.cell", "row 2: id"),
        (b"id,name,kind,country\n1,A,person,IQ;XYZ\n", "names.cell", "country is 'IQ;XYZ'"),
        (b"id,name,kind,birth_date\n1,A,person,1.2.1970\n", "names.cell", "YYYY"),
        (b"id,name,kind,identifiers\n1,A,person,A123\n", "names.cell", "scheme:value"),
        (b'id,name,kind\n1,"A,person\n', "names.not_csv", "line 2"),
        (b"id,name,kind\n1,\xff,person\n", "names.not_text", "byte 16"),
    ],
)
def test_a_table_that_does_not_fit_is_refused_with_its_place(
    tmp_path: Path, content: bytes, code: str, told: str
) -> None:
    path = tmp_path / "asked.csv"
    path.write_bytes(content)
    with pytest.raises(PratiqueError) as refused:
        read_names(path)
    assert refused.value.code == code
    assert told in refused.value.happened


def test_csv_with_commas_or_tabs_and_parquet_say_the_same(tmp_path: Path) -> None:
    rows = [("id", "name", "kind", "identifiers", "notes"), ("1", " A ", "person", "passport:1;tax:2", "x")]
    tables = {"comma.csv": ",", "tab.csv": "\t"}
    for name, between in tables.items():
        (tmp_path / name).write_text("\n".join(between.join(row) for row in rows), encoding="utf-8-sig")
    listed = pl.DataFrame({"id": [1], "name": ["A"], "kind": ["person"], "identifiers": [["passport:1", "tax:2"]]})
    listed.write_parquet(tmp_path / "names.parquet")
    read = [read_names(tmp_path / name) for name in (*tables, "names.parquet")]
    assert read[0].row(0) == ("1", "A", "person", None, None, "passport:1;tax:2", None)
    assert read[0].equals(read[1])
    assert read[0].equals(read[2])


def test_what_only_calls_itself_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "names.parquet"
    path.write_bytes(b"PAR1 but no more")
    with pytest.raises(PratiqueError) as refused:
        read_names(path)
    assert refused.value.code == "names.not_parquet"
