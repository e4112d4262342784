"""Names that would run: every field of a manifest full of markup, on every page that shows it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect
from visiting import Served, signed_in

import nodes

NASTY = "<img src=x onerror=window.hurt=1>\"'><script>window.hurt=2</script>{{111*1001}}${111*1001}"
COLUMNS = nodes.HEADINGS.split(",")


def hostile_manifest(path: Path) -> Path:
    """A table in which every text holds markup."""
    rows = []
    for number in range(6):
        values = dict.fromkeys(COLUMNS, f"{NASTY}{number}")
        values |= {"packages": "10", "gross_weight_kg": "900", "hs_code": "847330", "function": "original"}
        rows.append(",".join('"' + values[name].replace('"', '""') + '"' for name in COLUMNS))
    path.write_text("\n".join([nodes.HEADINGS, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["manifest.csv", "<img src=x onerror=window.hurt=3>.csv"])
def test_nothing_in_a_manifest_or_its_name_runs(
    visit: BrowserContext, served: Served, tmp_path: Path, name: str
) -> None:
    page = signed_in(visit, "targeting")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    manifest = hostile_manifest(tmp_path / "manifest.csv")
    upload = {"name": name, "mimeType": "text/csv", "buffer": manifest.read_bytes()}
    page.get_by_label("Drop files here").set_input_files(upload)  # type: ignore[arg-type]
    page.get_by_role("button", name="Assess").click()
    done = page.locator("#jobs .goods").first
    expect(done).to_contain_text("consignments ranked", timeout=90_000)
    where = done.get_by_role("link", name="Open queue").get_attribute("href")
    assert where is not None
    page.goto(where)
    page.locator("#rows tr[data-row]").first.wait_for()
    found = re.findall(r'id="row-(\w+)"', page.content())
    paths = [
        where,
        f"{where}/print",
        f"/consignment/{found[0]}",
        f"/consignment/{found[0]}/whole-network",
        "/",
        "/?hours=all",
        "/hits",
        "/quarantine",
        "/search",
    ]
    for path in paths:
        page.goto(path)
        page.wait_for_load_state("load")
        assert page.evaluate("() => window.hurt === undefined"), path
        assert page.locator("main img, main script").count() == 0, path
        assert str(111 * 1001) not in page.locator("h1").first.inner_text(), path
    assert [text for text in said if "Content Security Policy" in text] == []
