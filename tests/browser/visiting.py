"""What browser tests share: a demonstration node that is really served, and a real Chromium that visits it."""

from __future__ import annotations

import atexit
import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

PRATIQUE = Path(sys.executable).with_name("pratique")
KEPT_SERVER = Path(__file__).with_name("kept_server.py")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PICTURES = Path(__file__).parents[2] / "build" / "pictures"
QUIET = (
    "--no-sandbox",  # Chromium's own sandbox does not start as root, which CI is
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PATIENCE_MS = 30_000  # no test fails because a machine is slow
ADDRESS = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Served:
    """A node that is served: where its folder is and where its desk."""

    folder: Path
    url: str


@pytest.fixture(scope="session")
def sample_port(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration node with the sample port assessed, not served; tests copy it.

    Tests that run side by side make it once: the first to come makes it, the others wait for it.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    out = shared / "port" / "desk"
    with (shared / "port.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not out.exists():
            run = subprocess.run(
                [PRATIQUE, "desk", "--prepare-only", "--today-only", "--out", out],
                capture_output=True,
                text=True,
                check=False,
            )
            assert run.returncode == 0, run.stdout + run.stderr
    return out


@pytest.fixture(scope="module")
def served(sample_port: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A node of the sample port of this module's own, served on a free port."""
    folder = tmp_path_factory.mktemp("served") / "node"
    shutil.copytree(sample_port / "node", folder)
    with serving(folder) as url:
        yield Served(folder, url)


@contextmanager
def serving(folder: Path, *, port: int = 0) -> Iterator[str]:
    """Serves a node while the block lasts, on a free port where none is given; gives the address of its desk."""
    log = folder.with_suffix(".log")
    begun = _ask({"folder": str(folder), "port": port, "log": str(log)})
    found = ADDRESS.search(begun["said"])
    assert found, f"no address in {begun['said']!r}: {log.read_text(encoding='utf-8')[-2000:]}"
    try:
        yield found[0].rstrip("/")
    finally:
        _ask({"end": begun["process"]})


def _ask(request: dict[str, Any]) -> Any:
    """What the process says that keeps the server loaded."""
    server = _kept_server()
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(json.dumps(request) + "\n")
    server.stdin.flush()
    return json.loads(server.stdout.readline())


@cache
def _kept_server() -> subprocess.Popen[str]:
    """One for each process that runs tests, and no longer."""
    server = subprocess.Popen([sys.executable, KEPT_SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(server.communicate)
    return server


def _as_long_as_no_other_test_comes(fixture_name: str, config: pytest.Config) -> str:
    """All browser tests share a browser where no other tests run; else it ends with its module.

    While it is driven an event loop runs, beside which other tests cannot start theirs.
    """
    asked = (Path(word.split("::")[0]).resolve() for word in config.args)
    here = Path(__file__).parent
    return "session" if all(path == here or here in path.parents for path in asked) else "module"


@pytest.fixture(scope=_as_long_as_no_other_test_comes)
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; where it is missing tests say so, but in CI they fail."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is not installed; .ci/run installs it")
        pytest.skip("Chromium is not installed: apt-get install chromium")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, served: Served) -> Iterator[BrowserContext]:
    """A browser of its own for a test, at the desk's address."""
    context = chromium.new_context(base_url=served.url, viewport={"width": 1440, "height": 900}, locale="en-GB")
    yield context
    context.close()


@pytest.fixture
def targeting(visit: BrowserContext) -> Page:
    """The page of a targeting officer who has just signed in."""
    return signed_in(visit, "targeting")


def signed_in(context: BrowserContext, role: str) -> Page:
    """Signs in as the persona of that role, by a click."""
    page = context.new_page()
    page.goto("/sign-in")
    page.locator(f"form[data-roles~='{role}'] button").first.click()
    page.wait_for_url(re.compile(r"/$"))
    return page


def picture(page: Page, name: str) -> None:
    """Keeps what the page looks like, for people."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")
