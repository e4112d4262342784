"""The published schemas say what the records accept: compared with an independent validator."""

import json
import runpy
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from exchange_kit import NOW, administration, content, message_id, sealed
from pratique.partners.exchange import strict_json
from pratique.partners.exchange.messages.registry import TYPES, read_message
from pratique.partners.exchange.messages.schemas import DIALECT, file_name, schema, schema_names
from pratique.vocabulary.errors import PratiqueError

A, B = administration("xa.example"), administration("xb.example")
EXAMPLES = json.loads((Path(__file__).parent / "messages.json").read_text(encoding="utf-8"))
DOCS = Path(__file__).parents[4] / "docs"


def validator(name):
    file = files("pratique") / "data" / "messages" / file_name(name)
    return Draft202012Validator(json.loads(file.read_text(encoding="utf-8")))


def accepted(name, said):
    """By the record, after the strict reader, as on the wire."""
    try:
        read_message(name, strict_json.read(json.dumps(said).encode(), what="message", at_most=10**6))
    except PratiqueError:
        return False
    return True


@pytest.mark.parametrize("name", schema_names())
def test_the_shipped_schema_is_the_one_made_from_the_record(name):
    text = (files("pratique") / "data" / "messages" / file_name(name)).read_text(encoding="utf-8")
    assert json.loads(text) == schema(name), "write it again: python docs/messages.py"
    Draft202012Validator.check_schema(schema(name))
    assert schema(name)["$schema"] == DIALECT
    assert schema(name)["additionalProperties"] is False


def test_the_page_of_messages_is_the_one_made_from_the_records():
    page = runpy.run_path(str(DOCS / "messages.py"))["page"]()
    written = (DOCS / "reference" / "messages.md").read_text(encoding="utf-8")
    assert written == page, "write it again: python docs/messages.py"


def test_there_is_an_example_of_every_message():
    assert set(EXAMPLES) == set(TYPES)


@pytest.mark.parametrize("name", TYPES)
def test_the_examples_fit_schema_and_record(name):
    assert list(validator(name).iter_errors(EXAMPLES[name])) == []
    assert accepted(name, EXAMPLES[name])


WRONG = (None, [], {}, "", 0, -1, True, "\u202e", [1], 2**60, "x" * 20_001)


def broken(said, wrongs=WRONG):
    """The message, broken in one place; each field in a half of the ways, its neighbour in the other."""
    for number, (field, value) in enumerate(said.items()):
        yield {name: each for name, each in said.items() if name != field}
        for wrong in wrongs[number % 2 :: 2]:
            yield said | {field: wrong}
        if isinstance(value, list) and value:
            yield said | {field: value[:1] * 101}
            if isinstance(value[0], dict):
                for part in broken(value[0], WRONG[3:6]):
                    yield said | {field: [part]}
    yield said | {"not_in_the_schema": "x"}


@pytest.mark.parametrize("name", TYPES)
def test_schema_and_record_refuse_the_same(name):
    check, tried, refused = validator(name), 0, 0
    for said in broken(EXAMPLES[name]):
        by_record = accepted(name, said)
        if by_record != check.is_valid(said):  # a schema cannot say: no control characters, no such day
            assert not by_record, (name, said)
            assert "\\u202e" in json.dumps(said), (name, said)
        tried, refused = tried + 1, refused + (not by_record)
    assert tried >= refused > 0


def test_what_carries_messages_fits_its_schemas_too():
    envelope = sealed(A, B)
    for name, said in (
        ("header/1", envelope.header.dump()),
        ("inner/1", content(A.id, B.id, answers=message_id(2)).inner.dump()),
        ("descriptor/1", A.descriptor.dump()),
    ):
        assert list(validator(name).iter_errors(json.loads(json.dumps(said)))) == []
    assert envelope.header.created == NOW
