"""A process that dies between act and answer: the next one does nothing twice, and says what it cannot know."""

from pathlib import Path

import pytest

from api_client import Client, Served, served
from nodes import ANNA, NOON, write_manifest
from pratique.node.answers import Answer, Asked, KeptAnswers, Standing
from pratique.node.handlers.journal import ReadJournal
from pratique.node.profiles.texts import shipped_texts

PROFILE = shipped_texts()["amendments.late"]
ASKED = Asked("t" * 64, "left-behind", "f" * 64)


def lost(answers: KeptAnswers, asked: Asked, answer: Answer) -> None:
    raise OSError


def drafts(at: Served) -> int:
    entries = at.node.ask(ReadJournal(limit=1000), actor=ANNA)
    return [each.entry for each in entries].count("profiles.drafted")


def test_claim_without_an_answer_is_at_work_while_its_process_lives_and_broken_off_after(tmp_path: Path) -> None:
    with served(tmp_path / "node") as at:
        dead, alive = KeptAnswers(at.node.folder), KeptAnswers(at.node.folder)
        try:
            assert dead.claim(ASKED, journal_seq=7, at=NOON).standing is Standing.NEW
            assert alive.claim(ASKED, journal_seq=9, at=NOON).standing is Standing.AT_WORK
            dead.note(ASKED, "JOB00001")
            dead.close()
            found = alive.claim(ASKED, journal_seq=9, at=NOON)
            assert (found.standing, found.journal_seq, found.handle) == (Standing.BROKEN_OFF, 7, "JOB00001")
            assert alive.claim(ASKED, journal_seq=9, at=NOON).standing is Standing.AT_WORK
        finally:
            alive.close()


def test_what_was_done_and_not_answered_is_not_done_again_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(tmp_path / "node") as at:
        ida = at.client()
        monkeypatch.setattr(KeptAnswers, "keep", lost)
        assert ida.post("/profiles", key="killed-in-between", json={"text": PROFILE}).status_code == 201
        assert drafts(at) == 1
        monkeypatch.undo()
    with served(tmp_path / "node") as at:
        again = Client(at.http, ida.token)
        for _ in range(2):
            answer = again.post("/profiles", key="killed-in-between", json={"text": PROFILE})
            assert (answer.status_code, answer.json()["code"]) == (409, "api.outcome_unknown")
        last = at.node.changes
        assert f"entries {last}" in answer.json()["kept"]
        assert drafts(at) == 1


def test_what_was_not_done_is_done_by_the_next_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(command: object, work: object) -> None:
        raise OSError

    with served(tmp_path / "node") as at:
        ida = at.client()
        monkeypatch.setattr("pratique.node.handlers.profiles.add_profile", killed)
        monkeypatch.setattr(KeptAnswers, "release", lambda answers, asked: None)
        assert ida.post("/profiles", key="killed-before-the-act", json={"text": PROFILE}).status_code == 500
        monkeypatch.undo()
    with served(tmp_path / "node") as at:
        answer = Client(at.http, ida.token).post("/profiles", key="killed-before-the-act", json={"text": PROFILE})
        assert (answer.status_code, drafts(at)) == (201, 1)


def test_job_that_was_started_before_the_end_goes_on_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = write_manifest(tmp_path / "manifest.csv", bills=2).read_bytes()
    with served(tmp_path / "node") as at:
        ida = at.client()
        monkeypatch.setattr(KeptAnswers, "keep", lost)
        assert ida.post("/assessments", key="killed-after-the-start", content=content).status_code == 202
        monkeypatch.undo()
    with served(tmp_path / "node", work=True) as at:
        again = Client(at.http, ida.token)
        answer = again.post("/assessments", key="killed-after-the-start", content=content)
        assert (answer.status_code, answer.json()["code"]) == (409, "api.job_was_started")
        (job,) = at.board.all()
        assert job.id in answer.json()["todo"]
        assert again.get(f"/jobs/{job.id}").json()["files"] == ["message"]
