"""Lists of the API in pages: every line once, whatever comes meanwhile, and cursors that open their own list only."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from api_client import Client, Served, served
from nodes import ANNA, write_manifest
from pratique.api.paging import _sealed
from pratique.node.handlers.assessments import AssessMessages

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("pages")
    with served(folder / "node") as found:
        for number in range(3):
            assess(found, folder, number)
        yield found


@pytest.fixture(scope="module")
def ida(at: Served) -> Client:
    return at.client()


def assess(at: Served, folder: Path, number: int) -> None:
    path = write_manifest(folder / f"manifest-{number}.csv", bills=7, reference=f"REF{number}")
    at.node.execute(AssessMessages((path,)), actor=ANNA)


@pytest.mark.parametrize(
    "path", ["/runs", "/journal", "/profiles", "/lists", "/quarantine", "/jobs", "/queue?channel=all", "/queue_page"]
)
def test_pages_together_hold_every_line_once(ida: Client, path: str) -> None:
    joint = "&" if "?" in path else "?"
    name = "rows" if path == "/queue_page" else "items"
    whole = [line for page in ida.pages(f"{path}{joint}limit=200") for line in page[name]]
    pages = list(ida.pages(f"{path}{joint}limit=2"))
    assert [line for page in pages for line in page[name]] == whole
    assert all(len(page[name]) == 2 for page in pages[:-1])


def test_queue_goes_on_with_its_run_when_a_newer_one_comes(at: Served, ida: Client, tmp_path: Path) -> None:
    for path in ("/queue?channel=all&limit=5", "/queue_page?limit=5"):
        first = ida.get(path).json()
        assess(at, tmp_path, len(list(ida.pages("/runs?limit=1"))))
        second = ida.get(first["next"]).json()
        assert second["run"]["id"] == first["run"]["id"]


def test_rows_that_come_meanwhile_neither_repeat_nor_hide_any(at: Served, ida: Client, tmp_path: Path) -> None:
    before = [run["id"] for page in ida.pages("/runs") for run in page["items"]]
    first = ida.get("/runs?limit=2").json()
    assess(at, tmp_path, 90)
    rest = [run["id"] for page in ida.pages(first["next"]) for run in page["items"]]
    assert [run["id"] for run in first["items"]] + rest[:-1] == before


@pytest.mark.parametrize("change", ["x", "", "AAAAAAAAAAAA", "%00", "é", "A" * 601])
def test_cursor_that_no_page_gave_is_refused(ida: Client, change: str) -> None:
    answer = ida.get(f"/runs?cursor={change}")
    assert answer.status_code == 422


@pytest.mark.parametrize("path", ["/queue", "/queue_page", "/journal", "/runs", "/profiles"])
@pytest.mark.parametrize("position", [(), ("x",), (1, "x"), ("x", "y", 1), (2**63 - 1,), ("x", 2**63 - 1)])
def test_cursor_that_somebody_made_up_with_the_right_check_is_no_fault(
    ida: Client, path: str, position: tuple[str | int, ...]
) -> None:
    cursor = _sealed(json.dumps([f"/api{path}", []]), position)
    assert ida.get(f"{path}?cursor={cursor}").status_code in (200, 404, 422)


def test_cursor_of_another_list_or_filter_is_refused(ida: Client) -> None:
    cursor = ida.get("/queue?channel=all&limit=1").json()["next"].split("cursor=")[1]
    for path in (f"/runs?cursor={cursor}", f"/queue?channel=yellow&cursor={cursor}"):
        assert ida.get(path).json()["code"] == "api.cursor_unknown"
    assert ida.get(f"/queue?channel=all&limit=3&cursor={cursor}").status_code == 200


@pytest.mark.parametrize("limit", ["0", "-1", "501", "1e3", "99999999999999999999"])
def test_limit_is_bounded(ida: Client, limit: str) -> None:
    assert ida.get(f"/runs?limit={limit}").json()["code"] == "api.invalid"
