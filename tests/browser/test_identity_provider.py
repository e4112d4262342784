"""A browser goes from the desk to a real identity provider and comes back as the officer."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from visiting import picture, serving

from pratique.node import Node, local_operator
from pratique.node.handlers.officers import AddOfficer
from pratique.node.handlers.settings import ChangeSetting

FOLDER = Path(__file__).parents[1] / "providers"
ROOT = local_operator("root")
CLIENT, SECRET = "pratique-node", "a-secret-of-the-tests"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[str]:
    """A desk whose officers come through a provider; both are really served."""
    if shutil.which("node") is None or not (FOLDER / "node_modules" / "oidc-provider").is_dir():
        pytest.skip("needs node and `npm ci` in tests/providers")
    port, issuer_port = free_port(), free_port()
    origin, issuer = f"http://localhost:{port}", f"http://127.0.0.1:{issuer_port}"
    with Node.create(tmp_path / "node", actor=ROOT) as made:
        for name, value in (("oidc_issuer", issuer), ("oidc_client", CLIENT), ("desk_origin", origin)):
            made.execute(ChangeSetting(name, value), actor=ROOT)
        made.folder.provider_secret_file.write_text(SECRET)
        made.execute(AddOfficer("ines", "Ines Valmar", ("targeting",), oidc_subject="subject-of-ines"), actor=ROOT)
    command = ["node", "provider.mjs", str(issuer_port), CLIENT, SECRET, f"{origin}/sign-in/back"]
    with subprocess.Popen(command, cwd=FOLDER, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as run:
        try:
            assert run.stdout is not None
            while run.stdout.readline().strip() != "ready":
                assert run.poll() is None
            with serving(tmp_path / "node", port=port) as url:
                yield url
        finally:
            run.terminate()


@pytest.mark.parametrize(("subject", "comes_in"), [("subject-of-ines", True), ("somebody-else", False)])
def test_who_the_provider_names_comes_in_as_that_officer_or_not_at_all(
    chromium: Browser, desk: str, subject: str, comes_in: bool
) -> None:
    context = chromium.new_context(base_url=desk)
    page = context.new_page()
    page.goto("/sign-in")
    assert page.locator("form[data-roles]").count() == 0  # no persona outside a demonstration
    page.get_by_role("link", name="Through your administration").click()
    page.locator("[name=login]").fill(subject)
    page.locator("[name=password]").fill("any")
    page.locator("button[type=submit]").click()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(re.compile(re.escape(desk)))
    if comes_in:
        expect(page.get_by_role("link", name="Ines Valmar")).to_be_visible()
        picture(page, "through-the-provider")
    else:
        expect(page.get_by_role("link", name="Ines Valmar")).to_have_count(0)
        assert page.request.get("/queue", max_redirects=0).status == 303
    context.close()
