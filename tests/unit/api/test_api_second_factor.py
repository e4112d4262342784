"""Sensitive acts over the API: a code of the second factor comes with the request and counts once."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from httpx import Client as Http

import kept_worker
from api_client import PASSWORD, ROLES, Client, Served, listening, token_of
from nodes import ANNA, NOON, SEED, write_manifest
from pratique.api import build_api
from pratique.node import Node
from pratique.node.access import VISITOR
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.invitations import AcceptInvitation, OpenInvitation
from pratique.node.handlers.journal import ReadJournal
from pratique.node.handlers.officers import AddOfficer
from pratique.node.jobs import JobBoard
from pratique.node.node import wall_clock
from pratique.node.profiles.texts import shipped_texts
from pratique.node.sign_in.sessions import Caller
from pratique.server.under import Under

pytestmark = pytest.mark.long

PROFILE = shipped_texts()["amendments.late"]


class Clock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


class Program:
    """A program of ida's that can ask her for a code."""

    def __init__(self, client: Client, factor: str, clock: Clock) -> None:
        self.client = client
        self._factor = factor
        self._clock = clock

    def code(self) -> str:
        """What her app shows now; the clock goes on, so that each is another."""
        self._clock.now += timedelta(seconds=30)
        return pyotp.TOTP(self._factor, digest=hashlib.sha256).at(self._clock.now)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def at(tmp_path: Path, clock: Clock) -> Iterator[Served]:
    folder = tmp_path / "node"
    with Node.create(folder, actor=ANNA, clock=clock, randomness=lambda: SEED) as node:
        node.execute(AssessMessages((write_manifest(tmp_path / "m.csv"),), seed=SEED), actor=ANNA)
        board = JobBoard(folder, clock=wall_clock, command=kept_worker.command())
        board.open()
        api = build_api(node, jobs=board)
        try:
            with listening(Under("/api", inside=api, outside=api)) as origin, Http(base_url=origin, timeout=60) as http:
                yield Served(node, board, api, http)
        finally:
            api.state.serving.close()
            board.close()


@pytest.fixture
def ida(at: Served, clock: Clock) -> Program:
    added = at.node.execute(AddOfficer("ida", "Ida", tuple(ROLES)), actor=ANNA)
    factor = at.node.ask(OpenInvitation(added.invitation), actor=VISITOR).factor
    code = pyotp.TOTP(factor, digest=hashlib.sha256).at(clock.now)
    at.node.execute(AcceptInvitation(added.invitation, PASSWORD, code, Caller("192.0.2.1")), actor=VISITOR)
    scopes = ("settings:read", "settings:write", "profiles:write", "profiles:read", "runs:read", "assessments:write")
    return Program(Client(at.http, token_of(at.node, "ida", scopes)), factor, clock)


def entries(at: Served) -> list[str]:
    return [each.entry for each in at.node.ask(ReadJournal(limit=1000), actor=ANNA)]


def test_a_setting_is_changed_with_a_code_and_refused_without(at: Served, ida: Program) -> None:
    without = ida.client.post("/settings/high_line", json={"value": "62"})
    assert (without.status_code, without.json()["code"]) == (403, "access.step_up")
    assert "Second-Factor" in without.json()["todo"]
    assert "/confirm" in without.json()["todo"]
    code = ida.code()
    done = ida.client.post("/settings/high_line", json={"value": "62"}, headers={"Second-Factor": code})
    assert (done.status_code, done.json()["value"]) == (200, "62")
    again = ida.client.post("/settings/high_line", json={"value": "63"}, headers={"Second-Factor": code})
    assert (again.status_code, again.json()["code"]) == (403, "sign_in.code_refused")
    after = ida.client.post("/settings/high_line", json={"value": "63"})
    assert after.json()["code"] == "access.step_up"  # a code counts for its own request
    assert entries(at).count("settings.changed") == 1


def test_an_answer_is_repeated_by_its_key_without_another_code(at: Served, ida: Program) -> None:
    said = {"json": {"value": "64"}, "headers": {"Second-Factor": ida.code(), "Idempotency-Key": "0123456789"}}
    first = ida.client.send("POST", "/settings/high_line", **said)
    second = ida.client.send("POST", "/settings/high_line", **said)
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.headers["Idempotent-Replayed"] == "true"
    assert entries(at).count("settings.changed") == 1


def test_wrong_codes_are_slowed_like_wrong_sign_ins(ida: Program) -> None:
    codes = [
        ida.client.post("/settings/high_line", json={"value": "65"}, headers={"Second-Factor": "000000"}).json()["code"]
        for _ in range(6)
    ]
    assert codes == ["sign_in.code_refused"] * 5 + ["sign_in.wait"]


def test_a_profile_of_another_person_is_put_in_force_and_out_of_it(at: Served, ida: Program) -> None:
    from pratique.node.handlers.profiles import AddProfile

    draft = at.node.execute(AddProfile(PROFILE.replace("points: ", "points: 1", 1)), actor=ANNA)
    path = f"/profiles/{draft.id}/versions/{draft.version}/activate"
    done = ida.client.post(path, headers={"Second-Factor": ida.code()})
    assert (done.status_code, done.json().get("state")) == (200, "active"), done.text
    out = ida.client.post(f"/profiles/{draft.id}/retire", headers={"Second-Factor": ida.code()})
    assert (out.status_code, out.json()["state"]) == (200, "retired")


def test_a_run_is_replayed_as_a_job_to_the_same_digest(ida: Program) -> None:
    run = ida.client.get("/runs").json()["items"][0]
    answer = ida.client.post(f"/runs/{run['id']}/replay")
    assert (answer.status_code, answer.json()["kind"]) == (202, "replay")
    while (job := ida.client.get(answer.headers["Location"]).json())["state"] in ("waiting", "running"):
        time.sleep(0.05)
    assert job["error"] is None
    assert (job["result"]["same_output"], job["result"]["moved_count"]) == (True, 0)
    assert job["result"]["output_sha256"] == run["output_sha256"]
    assert ida.client.post("/runs/NOSUCHRUN/replay").status_code == 404
