"""What one session or token may have under way at once, and that who tries for more is noted."""

from __future__ import annotations

from collections.abc import Iterator

import anyio
import pytest
from starlette.types import Message, Receive, Scope, Send

from desk_visits import Whole, whole_server
from pratique.node.handlers.access_log import LogLine, ReadAccessLog
from pratique.server.limits import Bounds
from pratique.server.noted import Noted
from pratique.server.shares import Shares

BOUNDS = Bounds(at_once=3, uploads_at_once=1, costly_at_once=2, live_at_once=1)


def scope_of(path: str, *, method: str = "GET", cookie: str = "", token: str = "") -> Scope:
    headers = [(b"cookie", f"__Host-pratique={cookie}".encode())] if cookie else []
    headers += [(b"authorization", f"Bearer {token}".encode())] if token else []
    return {"type": "http", "method": method, "path": path, "headers": headers, "client": ("192.0.2.1", 1)}


def statuses(*scopes: Scope) -> list[int]:
    """The status of each request, all of them under way at once."""
    told: list[int] = [0] * len(scopes)
    noted: list[str] = []

    async def go() -> None:
        held, arrived = anyio.Event(), [0]

        async def page(scope: Scope, receive: Receive, send: Send) -> None:
            arrived[0] += 1
            await held.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b""})

        async def note(code: str, scope: Scope) -> None:
            noted.append(code)

        app = Shares(page, bounds=BOUNDS, note=note)

        async def one(number: int, scope: Scope) -> None:
            async def send(message: Message) -> None:
                if message["type"] == "http.response.start":
                    told[number] = message["status"]

            await app(scope, receive, send)  # type: ignore[arg-type]

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async with anyio.create_task_group() as group:
            for number, scope in enumerate(scopes):
                group.start_soon(one, number, scope)
            for _ in range(20):
                await anyio.sleep(0)
            held.set()
        assert app._under_way == {}

    anyio.run(go)
    assert noted == ["limits.too_much_at_once"] * told.count(429)
    return told


@pytest.mark.parametrize(
    ("path", "method", "most"),
    [
        ("/queue/RUN", "GET", 3),
        ("/load", "POST", 1),
        ("/api/messages", "POST", 1),
        ("/search", "POST", 2),
        ("/api/runs/A/compare/B", "GET", 2),
        ("/consignment/C/network", "GET", 2),
        ("/live", "GET", 1),
    ],
)
def test_a_session_has_its_share_and_another_has_its_own(path: str, method: str, most: int) -> None:
    own = [scope_of(path, method=method, cookie="one") for _ in range(most + 1)]
    other = scope_of(path, method=method, cookie="two")
    program = scope_of(path, method=method, token="three")
    assert statuses(*own, other, program) == [200] * most + [429, 200, 200]


def test_who_has_no_session_shares_with_their_address() -> None:
    assert statuses(*[scope_of("/sign-in")] * 4) == [200, 200, 200, 429]


def test_live_pages_do_not_take_the_place_of_questions() -> None:
    assert statuses(scope_of("/live", cookie="one"), *[scope_of("/", cookie="one")] * 3) == [200] * 4


@pytest.fixture
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    with whole_server(tmp_path_factory.mktemp("shares") / "node", bounds=Bounds(form=500)) as found:
        yield found


def refusals(whole: Whole) -> list[LogLine]:
    from nodes import ANNA

    return list(whole.node.ask(ReadAccessLog(), actor=ANNA).newest_denials)


def test_a_form_of_another_site_and_a_body_that_is_too_large_are_noted_with_who_sent_them(whole: Whole) -> None:
    browser, csrf = whole.signed_in()
    assert browser.post("/purpose", data={"csrf": "of another site"}).status_code == 403
    assert browser.post("/purpose", data={"csrf": csrf, "purpose": "x" * 600}).status_code == 413
    whole.browser().post("/sign-in", data={"csrf": "", "login": "amina"})
    told = [(line.actor, line.request, line.code, line.address) for line in refusals(whole)]
    assert sorted(told) == [
        ("officer:ines.valmar", "POST /purpose", "desk.not_our_page", "127.0.0.1"),
        ("officer:ines.valmar", "POST /…", "limits.too_large", "127.0.0.1"),
        ("visitor", "POST /sign-in", "desk.not_our_page", "127.0.0.1"),
    ]


def test_a_flood_is_noted_once_a_minute_and_cannot_fill_the_store(whole: Whole) -> None:
    moment = [0.0]
    noted = Noted(whole.node, clock=lambda: moment[0])

    async def flood(times: int) -> None:
        for _ in range(times):
            await noted("limits.too_often", scope_of("/amina.yusuf"))

    anyio.run(flood, 50)
    moment[0] += 61
    anyio.run(flood, 50)
    assert [line.request for line in refusals(whole)] == ["GET /…", "GET /…"]
    for _ in range(70):
        moment[0] += 61
        anyio.run(flood, 1)
    assert len(refusals(whole)) == 60  # an hour by the clock of the node
