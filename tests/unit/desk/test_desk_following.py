"""Long work at the desk: a list that is handed in is loaded beside the pages, followed, stopped, and its end told."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx import Response

import kept_worker
from desk_visits import Browser, Whole, whole_server
from nodes import write_own_list

pytestmark = pytest.mark.long

PART = {"hx-request": "true"}


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[Whole]:
    """A server whose jobs wait until its board is opened."""
    with whole_server(tmp_path / "node", command=kept_worker.command()) as found:
        try:
            yield found
        finally:
            found.board.close()


def hand_in(browser: Browser, csrf: str, content: bytes, *, source: str = "own") -> Response:
    form = {"csrf": csrf, "source": source, "list_id": ""}
    return browser.post("/lists", data=form, files={"file": ("own.csv", content)})


def ended(browser: Browser, path: str) -> Response:
    """The answer of the page of a job once it no longer tells how far it is."""
    for _ in range(600):
        answer = browser.get(path)
        if 'id="job"' not in answer.text:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"{path} was not done within a minute")


def incoming(whole: Whole) -> list[str]:
    return [path.name for path in (whole.node.folder.root / "incoming").rglob("*") if path.is_file()]


def test_a_list_is_followed_to_what_it_changed(whole: Whole, tmp_path: Path) -> None:
    browser, csrf = whole.signed_in()
    content = write_own_list(tmp_path / "own.csv", "EASTBANK TRADING").read_bytes()
    answer = hand_in(browser, csrf, content)
    job = answer.headers["location"]
    assert (answer.status_code, job.startswith("/jobs/")) == (303, True)
    assert "own.csv" in browser.get(job).text
    assert job in browser.get("/lists").text
    whole.board.open()
    done = ended(browser, job)
    assert done.headers["location"].startswith("/lists/changes/")
    assert "EASTBANK TRADING" in browser.get(done.headers["location"]).text
    part = browser.get(job, headers=PART)
    assert (part.status_code, part.headers["hx-redirect"]) == (204, done.headers["location"])
    assert job not in browser.get("/lists").text


def test_a_small_list_is_there_at_once(whole: Whole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pratique.desk.pages.following.AT_MOST_SECONDS", 60.0)  # however slow the machine is
    browser, csrf = whole.signed_in()
    whole.board.open()
    answer = hand_in(browser, csrf, write_own_list(tmp_path / "own.csv", "EASTBANK TRADING").read_bytes())
    assert answer.headers["location"].startswith("/lists/changes/")


def test_a_broken_list_is_told_with_its_place_in_the_language_of_the_officer(whole: Whole, tmp_path: Path) -> None:
    browser, csrf = whole.signed_in()
    content = write_own_list(tmp_path / "own.csv", "EASTBANK TRADING").read_bytes()
    job = hand_in(browser, csrf, content.replace(b"organisation", b"planet")).headers["location"]
    whole.board.open()
    failed = ended(browser, job)
    assert failed.status_code == 422
    assert all(told in failed.text for told in ("own.csv", "line 2", "planet", "lists.broken"))
    assert "The version in force stays in force." in failed.text
    assert "La version en vigueur" in browser.get(f"{job}?lang=fr").text
    assert browser.get(job, headers=PART).headers["hx-redirect"] == job


def test_work_under_way_is_stopped_and_leaves_nothing(whole: Whole, tmp_path: Path) -> None:
    browser, csrf = whole.signed_in()
    job = hand_in(browser, csrf, write_own_list(tmp_path / "own.csv", "EASTBANK TRADING").read_bytes())
    path = job.headers["location"]
    stopped = browser.post(f"{path}/cancel", data={"csrf": csrf})
    assert "Stopped. Nothing of it was stored." in browser.get(stopped.headers["location"]).text
    assert incoming(whole) == []


def test_who_may_not_load_is_refused_before_a_file_is_kept_and_follows_nobody_elses(
    whole: Whole, tmp_path: Path
) -> None:
    content = write_own_list(tmp_path / "own.csv", "EASTBANK TRADING").read_bytes()
    browser, csrf = whole.signed_in()
    assert hand_in(browser, csrf, content, source="nobody").status_code == 404
    other, other_csrf = whole.signed_in("jonas.adeyemi")
    assert hand_in(other, other_csrf, content).status_code == 403
    assert incoming(whole) == []
    job = hand_in(browser, csrf, content).headers["location"]
    assert other.get(job).status_code == 403
    assert other.post(f"{job}/cancel", data={"csrf": other_csrf}).status_code == 403
    assert not whole.board.all()[0].ended
