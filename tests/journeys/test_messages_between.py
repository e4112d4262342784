"""A liaison officer prepares a message, checks it, and exchanges it with a system of another make."""

import json
from pathlib import Path

import pytest
from run import pratique

MESSAGES = Path(__file__).parents[1] / "unit" / "partners" / "exchange" / "messages.json"


@pytest.fixture
def alert(tmp_path: Path) -> Path:
    said = {
        "v": 1,
        "type": "alert/1",
        "id": "019ad001-0000-7000-8000-000000000001",
        "created": "2026-11-28T08:00:00Z",
        "sender": "xa.example",
        "handling": {"tlp": "amber_strict", "codes": ["h1"], "grade": "B2"},
        "conditions": ["onward: with_consent"],
        "message": json.loads(MESSAGES.read_text(encoding="utf-8"))["alert/1"],
    }
    path = tmp_path / "alert.json"
    path.write_text(json.dumps(said), encoding="utf-8")
    return path


def test_a_message_is_checked_and_each_field_says_what_it_holds(alert: Path) -> None:
    told = pratique("messages", "check", alert, "--json", cwd=alert.parent).json
    assert told["type"] == "alert/1"
    personal = {field["name"] for field in told["fields"] if field["personal"]}
    assert personal == {"about_persons", "persons", "contacts", "identity_documents", "journeys", "offences"}
    assert "TLP amber_strict" in pratique("messages", "check", alert, cwd=alert.parent).out


@pytest.mark.parametrize("other", ["stix", "misp"])
def test_it_goes_to_another_system_and_comes_back_the_same(alert: Path, other: str) -> None:
    folder = alert.parent
    pratique("messages", f"to-{other}", alert, "-o", "there.json", cwd=folder)
    ended = pratique("messages", f"from-{other}", "there.json", "--sender", "xb.example", cwd=folder)
    assert ended.json == json.loads(alert.read_text(encoding="utf-8"))
    assert ended.err == ""


def test_a_strangers_file_needs_a_marking_and_tells_what_found_no_place(tmp_path: Path) -> None:
    event = {"Event": {"info": "Tiles", "Galaxy": [{}], "Attribute": [{"type": "text", "value": "Two boxes."}]}}
    (tmp_path / "event.json").write_text(json.dumps(event), encoding="utf-8")
    ended = pratique("messages", "from-misp", "event.json", "--sender", "xb.example", cwd=tmp_path, code=65)
    assert "--tlp" in ended.err
    ended = pratique("messages", "from-misp", "event.json", "--sender", "xb.example", "--tlp", "red", cwd=tmp_path)
    assert ended.json["message"]["about_persons"] == [{"text": "text: Two boxes."}]
    assert ended.err == "Left out: Galaxy of the event\n"
    (tmp_path / "draft.json").write_text(ended.out, encoding="utf-8")
    assert "fits its schema" in pratique("messages", "check", "draft.json", cwd=tmp_path).out


def test_what_does_not_fit_says_where(alert: Path) -> None:
    said = json.loads(alert.read_text(encoding="utf-8"))
    said["message"]["urgency"] = "soon"
    alert.write_text(json.dumps(said), encoding="utf-8")
    assert "urgency" in pratique("messages", "check", alert, cwd=alert.parent, code=65).err
    assert "not_there" in pratique("messages", "check", "not_there", cwd=alert.parent, code=66).err


def test_schemas_are_shown_by_name(tmp_path: Path) -> None:
    names = [each["name"] for each in pratique("messages", "types", "--json", cwd=tmp_path).json["schemas"]]
    assert "alert/1" in names
    assert "inner/1" in names
    shown = pratique("messages", "schema", "alert/1", cwd=tmp_path).json
    assert shown["properties"]["persons"]["x-personal"] is True
    assert "alert/1" in pratique("messages", "schema", "alert/9", cwd=tmp_path, code=66).err


def test_a_partner_is_asked_without_learning_what_was_asked(tmp_path: Path) -> None:
    (tmp_path / "held.txt").write_text("QZHU4820166\nABCU 123456-7\n", encoding="utf-8")
    (tmp_path / "asked.txt").write_text("qzhu482016-6\nZZZU9999999\n", encoding="utf-8")
    query = "019ad001-0000-7000-8000-000000000001"
    pratique("blind", "set", "held.txt", "--kind", "container", "--until", "2099-12-31", "-o", "set", cwd=tmp_path)
    pratique("blind", "ask", "asked.txt", "--kind", "container", "-o", "question", cwd=tmp_path)
    assert "4820166" not in (tmp_path / "question").read_text(encoding="utf-8")
    for secret in ("set", "question.secret"):
        assert (tmp_path / secret).stat().st_mode & 0o077 == 0
    pratique("blind", "answer", "question", "--set", "set", "--query", query, "-o", "answer", cwd=tmp_path)
    read = ["blind", "read", "answer", "--secret", "question.secret", "--tokens"]
    told = pratique(*read, "set.tokens", "--json", cwd=tmp_path).json
    assert told == [
        {"identifier": "qzhu482016-6", "known": True},
        {"identifier": "ZZZU9999999", "known": False},
    ]
    assert "exchange.blind_set" in pratique(*read, "held.txt", cwd=tmp_path, code=65).err
