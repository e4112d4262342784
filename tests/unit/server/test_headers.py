"""What every answer says to the browser, whoever made the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from httpx import Response

from desk_visits import Whole, whole_server
from pratique.node import Node
from pratique.node.handlers.arrivals import ListArrivals
from pratique.server.headers import HEADERS
from pratique.server.limits import Bounds

FRAGMENT = {"HX-Request": "true"}
ASKED: dict[str, tuple[int, Callable[[Whole], Response]]] = {
    "page of a visitor": (200, lambda at: at.browser().get("/sign-in")),
    "way to sign in": (303, lambda at: at.browser().get("/account")),
    "fragment of a visitor": (204, lambda at: at.browser().get("/jobs", headers=FRAGMENT)),
    "page": (200, lambda at: at.signed_in()[0].get("/account")),
    "fragment": (200, lambda at: at.signed_in()[0].get("/jobs", headers=FRAGMENT)),
    "refusal of a page": (403, lambda at: at.signed_in()[0].post("/load")),
    "refusal of a fragment": (403, lambda at: at.signed_in()[0].post("/load", headers=FRAGMENT)),
    "stylesheet": (200, lambda at: at.browser().get("/static/tokens.css")),
    "script": (200, lambda at: at.browser().get("/static/desk.js")),
    "picture": (200, lambda at: at.browser().get("/static/flag.svg")),
    "no such file": (404, lambda at: at.browser().get("/static/no.css")),
    "no such page": (404, lambda at: at.browser().get("/no-such-page")),
    "no such act": (405, lambda at: at.browser().ask("DELETE", "/account")),
    "too large": (413, lambda at: at.browser().post("/sign-in", content=b"x" * 5_000_000)),
    "another host": (400, lambda at: at.browser().get("/", headers={"Host": "evil.example"})),
    "API without a token": (401, lambda at: at.browser().get("/api/arrivals")),
    "API, no such path": (404, lambda at: at.browser().get("/api/no-such-path")),
    "API, its document": (200, lambda at: at.browser().get("/api/openapi.json")),
    "live changes of a visitor": (204, lambda at: at.browser().get("/live")),
}


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    with whole_server(tmp_path_factory.mktemp("headers") / "node") as found:
        yield found


def require_headers(answer: Response) -> None:
    assert {name: answer.headers.get(name) for name in HEADERS} == dict(HEADERS)
    assert answer.headers["Cache-Control"] == "no-store"
    kind = answer.headers.get("Content-Type", "")
    assert kind or not answer.content
    if kind.startswith("text/") or "xml" in kind:
        assert "charset=utf-8" in kind
    assert "server" not in answer.headers
    assert not any(name.startswith("access-control-") for name in answer.headers)


@pytest.mark.parametrize("kind", ASKED)
def test_every_kind_of_answer_has_the_headers(at: Whole, kind: str) -> None:
    status, ask = ASKED[kind]
    answer = ask(at)
    assert answer.status_code == status, answer.text[:300]
    require_headers(answer)
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_too_many_requests_have_the_headers(tmp_path_factory: pytest.TempPathFactory) -> None:
    bounds = Bounds(per_second=0.001, burst=1.0)
    with whole_server(tmp_path_factory.mktemp("often") / "node", bounds=bounds) as at:
        browser = at.browser()
        browser.get("/static/tokens.css")
        answer = browser.get("/static/tokens.css")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    require_headers(answer)


@pytest.mark.parametrize("part", ["the question", "the page itself"])
def test_a_fault_tells_nothing_of_the_inside(at: Whole, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    browser, _ = at.signed_in()
    asks = Node.ask

    def fails(node: Node, query: object, **how: object) -> object:
        if isinstance(query, ListArrivals):
            raise ValueError("select secret from officer")
        return asks(node, query, **how)  # type: ignore[arg-type]

    def never(*values: object) -> str:
        raise ValueError("select secret from officer")

    if part == "the question":
        monkeypatch.setattr(Node, "ask", fails)
    else:
        monkeypatch.setattr("pratique.desk.look.Look.html", never)
    answer = browser.get("/")
    assert answer.status_code == 500
    require_headers(answer)
    assert not any(word in answer.text for word in ("from officer", "ValueError", "Traceback", "pratique/", ".py"))


def test_what_is_kept_for_ever_is_shipped_and_carries_a_version(at: Whole) -> None:
    answer = at.browser().get("/static/tokens.css?v=1")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "set-cookie" not in answer.headers
