"""An analyst trains on the node's own past, a colleague promotes the model, and the next queue follows it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from run import PRATIQUE, pratique

from control_days import Clock
from learning_days import CHEATS, controlled_days, write_day
from learning_needs import needs_lightgbm

pytestmark = [needs_lightgbm, pytest.mark.long]
SLOTS = ("--capacity", "open=0,scan=0,documents=10", "--seed", "1")


@pytest.fixture(scope="module")
def port(tmp_path_factory) -> Path:
    """A folder with a node whose controls of the last five days are recorded, and the tables to learn from."""
    folder = tmp_path_factory.mktemp("port")
    controlled_days(folder, Clock(datetime.now(UTC) - timedelta(days=5))).close()
    pratique("model", "history", "--out", "past", "--node", "node", cwd=folder)
    return folder


def trained() -> list[str]:
    """The words that train a model on the node."""
    return ["model", "train", "past/declarations.parquet", "--labels-file", "past/results.parquet", "--node", "node"]


def test_the_queue_follows_a_promoted_model_and_everything_can_be_done_again(port):
    write_day(port / "day20.csv", day=20)
    before = pratique("assess", "day20.csv", *SLOTS, "--node", "node", "--json", cwd=port).json["run"]
    digest = pratique(*trained(), "--json", cwd=port).json["digest"]
    told = pratique("model", "promote", digest, "--node", "node", cwd=port, code=77).err
    assert "second person" in told
    pratique("model", "promote", digest, "--node", "node", cwd=port, actor="ben")
    write_day(port / "day21.csv", day=21)
    run = pratique("assess", "day21.csv", *SLOTS, "--node", "node", "--json", cwd=port).json["run"]
    rows = pratique("queue", "--run", run, "--node", "node", "--json", cwd=port).json["rows"]
    by_value = [row for row in rows if row["basis"] == "value"]
    assert sum(row["consignee"] in {f"IMPORTER {each}" for each in CHEATS} for row in by_value) >= 0.8 * len(by_value)
    assert all(sum(reason["points"] for reason in row["reasons"]) == row["score"] for row in rows)
    ref = by_value[0]["consignment_id"]
    told = pratique("explain", ref, "--node", "node", cwd=port).out
    assert "A control of it finds something with a chance of" in told
    assert "At stake where something is found" in told
    assert "{" not in told
    reason = next(each["profile_id"] for each in by_value[0]["reasons"] if each["profile_id"].startswith("model."))
    pratique("dispute", ref, reason, "--reason", "lawful", "--node", "node", cwd=port)
    assert reason in pratique("disputes", "--node", "node", cwd=port).out
    for each in (before, run):
        assert "same" in pratique("replay", each, "--node", "node", cwd=port).out
    pratique("backup", "kept.tar", "--node", "node", cwd=port)
    pratique("restore", "kept.tar", "--node", "again", cwd=port)
    assert "same" in pratique("replay", run, "--node", "again", cwd=port).out
    states = pratique("model", "list", "--node", "again", "--json", cwd=port).json["models"]
    assert [(each["digest"], each["state"], each["changed"]) for each in states] == [(digest, "in_force", False)]


def test_a_training_that_is_killed_leaves_the_last_good_model_in_force(port):
    models = port / "node" / "models"
    digest = pratique(*trained(), "--json", cwd=port).json["digest"]
    pratique("model", "promote", digest, "--node", "node", cwd=port, actor="ben")
    before = sorted(path.name for path in models.iterdir() if not path.name.startswith("."))
    for wait in (0.4, 1.0, 1.6, 2.2):
        process = subprocess.Popen(
            [PRATIQUE, *trained()],
            cwd=port,
            env={**os.environ, "PRATIQUE_ACTOR": "anna"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.wait()
    states = pratique("model", "list", "--node", "node", "--json", cwd=port).json["models"]
    assert [each["digest"] for each in states if each["state"] == "in_force"] == [digest]
    assert not any(each["changed"] for each in states)
    assert set(before) <= {path.name for path in models.iterdir()}
    write_day(port / "day22.csv", day=22)
    run = pratique("assess", "day22.csv", *SLOTS, "--node", "node", "--json", cwd=port).json["run"]
    assert "same" in pratique("replay", run, "--node", "node", cwd=port).out
