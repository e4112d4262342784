"""An uploaded EDIFACT file as one JSON document: every key that is promised, in the published form."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from run import pratique

from samples import sample

pytestmark = pytest.mark.long

KEYS = {
    "message",
    "consignments",
    "goods_items",
    "equipment",
    "parties",
    "transport",
    "declared",
    "computed",
    "findings",
}
SCHEMA = Path(__file__).parents[2] / "docs" / "reference" / "read.schema.json"


def test_edifact_file_becomes_the_published_document(tmp_path: Path) -> None:
    pratique("world", "write", "--seed", "7", "--out", "port", cwd=tmp_path)
    told = pratique("read", "port/vessel-1.edi", "--json", cwd=tmp_path).json
    assert told.keys() == KEYS
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    assert list(Draft202012Validator(schema).iter_errors(told)) == []
    assert told["message"]["file_name"] == "vessel-1.edi"
    assert all(told[name] for name in KEYS - {"findings"})
    assert told["computed"]["consignment_count"] == len(told["consignments"])


def test_file_of_which_nothing_can_be_read_ends_with_65_and_an_error_for_programs(tmp_path: Path) -> None:
    for name, content in (("empty.edi", b""), ("other.edi", b"UNB+UNOA:2+A+B+260101:0900+1'UNZ+0+1'")):
        (tmp_path / name).write_bytes(content)
        ended = pratique("read", name, "--json", cwd=tmp_path, code=65)
        assert ended.out == ""
        error = json.loads(ended.err.splitlines()[-1])["error"]
        assert error["code"].startswith("intake.")
        assert error["kept"]


def test_published_sample_is_read_too(tmp_path: Path) -> None:
    path = sample("messages/asycuda-xml/awmds_own_demo.xml")
    assert pratique("read", path, "--json", cwd=tmp_path).json.keys() == KEYS
