"""What every page of the desk keeps to, whichever it is: who may enter, whose forms count, and where one is sent."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from http.cookies import SimpleCookie
from urllib.parse import urljoin, urlsplit

import anyio
import pytest
from argon2 import PasswordHasher

from desk_visits import ORIGIN, Browser, Whole, whole_server
from nodes import ANNA
from pratique.desk.app import ROUTES, VISITORS

EVERY = [*ROUTES, *VISITORS]
POSTS = [path for method, path, _ in EVERY if method == "POST"]
GETS = [path for method, path, _ in ROUTES if method == "GET"]
SESSION = "__Host-pratique"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
ELSEWHERE = (
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/\n/evil.example",
    "///evil.example",
    "evil.example",
    "/%0d%0aSet-Cookie:%20a=b",
)


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    with whole_server(tmp_path_factory.mktemp("contract") / "node") as found:
        yield found


@pytest.fixture(scope="module")
def manager(at: Whole) -> tuple[Browser, str]:
    return at.signed_in("victor.amani")


def filled(path: str) -> str:
    """The path with something in its fields."""
    return re.sub(r"\{[^}]+\}", "1", path)


def entries(at: Whole) -> list[int]:
    """How many entries both journals have."""
    counts = []
    for file in (at.node.folder.database, at.node.folder.access_database):
        with sqlite3.connect(file) as connection:
            counts.append(connection.execute("select count(*) from journal").fetchone()[0])
        connection.close()
    return counts


def hostile(csrf: str) -> dict[str, tuple[dict[str, str], dict[str, str]]]:
    """Forms and headers that another site could make a browser send, and guesses."""
    right = {"csrf": csrf}
    return {
        "no token": ({}, {}),
        "empty token": ({"csrf": ""}, {}),
        "wrong token": ({"csrf": csrf[:-1] + ("0" if csrf[-1] != "0" else "1")}, {}),
        "wrong header": ({}, {"X-CSRF": "x" * len(csrf)}),
        "foreign origin": (right, {"Origin": "https://evil.example"}),
        "origin of nobody": (right, {"Origin": "null"}),
        "origin without tls": (right, {"Origin": "http://localhost"}),
        "another port": (right, {"Origin": ORIGIN + ":8443"}),
        "cross-site": (right, {"Sec-Fetch-Site": "cross-site"}),
        "same-site": (right, {"Sec-Fetch-Site": "same-site"}),
    }


@pytest.mark.parametrize("path", POSTS)
def test_no_form_of_another_site_changes_anything(at: Whole, manager: tuple[Browser, str], path: str) -> None:
    browser, csrf = manager
    before = entries(at)
    answers = {
        kind: browser.post(filled(path), data=form, headers={**FORM, **headers}).status_code
        for kind, (form, headers) in hostile(csrf).items()
    }
    assert set(answers.values()) == {403}, answers
    assert entries(at) == before


def test_no_form_of_another_site_signs_anybody_in(at: Whole) -> None:
    browser = at.browser()
    csrf = browser.csrf("/sign-in")
    for kind, (form, headers) in hostile(csrf).items():
        answer = browser.post("/sign-in/as/ines.valmar", data=form, headers={**FORM, **headers})
        assert (answer.status_code, SESSION in answer.headers.get("set-cookie", "")) == (403, False), kind
    assert at.browser().post("/sign-in/as/ines.valmar", data={"csrf": ""}).status_code == 403


@pytest.mark.parametrize("path", GETS)
def test_looking_changes_nothing(at: Whole, manager: tuple[Browser, str], path: str) -> None:
    before = entries(at)
    assert manager[0].get(filled(path)).status_code < 500
    assert entries(at) == before


@pytest.mark.parametrize(("method", "path"), [(method, path) for method, path, _ in ROUTES])
def test_who_has_not_signed_in_is_sent_to_sign_in_and_their_body_is_not_read(at: Whole, method: str, path: str) -> None:
    async def receive() -> dict[str, object]:
        raise AssertionError("the body was asked for")

    sent: list[dict[str, object]] = []

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "https",
        "path": filled(path),
        "raw_path": filled(path).encode(),
        "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"content-type", b"multipart/form-data; boundary=x")],
        "client": ("192.0.2.1", 1),
        "server": ("localhost", 443),
    }
    anyio.run(at.app, scope, receive, send)
    headers = dict(sent[0]["headers"])  # type: ignore[call-overload]
    assert sent[0]["status"] == 303
    assert headers[b"location"].startswith(b"/sign-in")


@pytest.mark.parametrize("override", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_no_header_or_field_makes_another_method_of_a_request(at: Whole, override: str) -> None:
    browser, csrf = at.signed_in()
    answer = browser.get(f"/sign-out?_method=POST&csrf={csrf}", headers={override: "POST"})
    assert answer.status_code == 405
    assert browser.get("/account").status_code == 200


def test_cookies_are_of_this_host_alone_and_closed_to_scripts(at: Whole) -> None:
    browser = at.browser()
    csrf = browser.csrf("/sign-in")
    told = [*browser.get("/sign-in").headers.get_list("set-cookie")]
    told += browser.post("/sign-in/as/ines.valmar", data={"csrf": csrf}).headers.get_list("set-cookie")
    told += browser.post("/sign-out", data={"csrf": browser.csrf("/account")}).headers.get_list("set-cookie")
    assert len(told) == 3
    for each in told:
        ((name, cookie),) = SimpleCookie(each).items()
        assert name.startswith("__Host-")
        assert (cookie["path"], cookie["domain"], cookie["samesite"].lower()) == ("/", "", "lax")
        assert cookie["secure"]
        assert cookie["httponly"]


def test_no_page_names_the_secret_of_its_session(at: Whole) -> None:
    browser, _ = at.signed_in()
    secret = browser.cookies.get(SESSION) or ""
    assert len(secret) >= 43
    assert not any(secret in browser.get(path).text for path in ("/", "/account", "/no-such-page"))


def test_a_session_that_was_planted_is_never_taken_up(at: Whole) -> None:
    planted = f"{SESSION}=planted-by-somebody-else"
    assert at.browser().get("/account", headers={"Cookie": planted}).status_code == 303
    first = at.browser()
    csrf = first.csrf("/sign-in")
    both = f"__Host-visitor={first.cookies.get('__Host-visitor')}; {planted}"
    answer = at.browser().post("/sign-in/as/ines.valmar", data={"csrf": csrf}, headers={"Cookie": both})
    assert answer.status_code == 303
    assert "planted" not in answer.headers["set-cookie"]


def test_signing_in_again_ends_the_session_before(at: Whole) -> None:
    browser, csrf = at.signed_in()
    first = browser.cookies.get(SESSION)
    browser.post("/sign-in/as/jonas.adeyemi", data={"csrf": csrf})
    assert browser.cookies.get(SESSION) != first
    old = at.browser()
    assert old.get("/account", headers={"Cookie": f"{SESSION}={first}"}).status_code == 303


def test_signing_out_ends_the_session_and_empties_the_browser(at: Whole) -> None:
    browser, csrf = at.signed_in()
    secret = browser.cookies.get(SESSION)
    answer = browser.post("/sign-out", data={"csrf": csrf})
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert at.browser().get("/account", headers={"Cookie": f"{SESSION}={secret}"}).status_code == 303


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_signing_in_leads_nowhere_else(at: Whole, wanted: str) -> None:
    browser = at.browser()
    csrf = browser.csrf("/sign-in")
    answer = browser.post("/sign-in/as/ines.valmar", data={"csrf": csrf, "next": wanted})
    goes = urlsplit(urljoin(f"{ORIGIN}/sign-in", answer.headers["Location"].replace("\\", "/")))
    assert f"{goes.scheme}://{goes.netloc}" == ORIGIN
    assert answer.headers.get_list("set-cookie")[0].startswith(SESSION)
    assert "a=b" not in answer.headers["set-cookie"]


def test_wrong_logins_and_wrong_passwords_are_told_and_worked_the_same(
    at: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes: list[str] = []
    verify = PasswordHasher.verify

    def counted(hasher: PasswordHasher, kept: str, given: str) -> bool:
        hashes.append(kept.rsplit("$", 2)[0])
        return bool(verify(hasher, kept, given))

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    told = []
    for login in ("ines.valmar", "nobody.at.all"):
        browser = at.browser()
        form = {"csrf": browser.csrf("/sign-in"), "login": login, "password": "wrong-in-any-case", "code": "123456"}
        answer = browser.post("/sign-in", data=form)
        told.append((answer.status_code, answer.text.replace(form["csrf"], "")))
    assert told[0] == told[1]
    assert (told[0][0], len(hashes), len(set(hashes))) == (401, 2, 1)


def test_many_wrong_passwords_are_told_to_wait(at: Whole) -> None:
    browser = at.browser()
    form = {"csrf": browser.csrf("/sign-in"), "login": "somebody.tried", "password": "wrong-in-any-case", "code": "1"}
    answers = [browser.post("/sign-in", data=form).status_code for _ in range(7)]
    assert answers[:5] == [401] * 5
    assert answers[-1] == 429


def test_who_may_not_assess_leaves_no_file_and_stops_no_job(at: Whole) -> None:
    browser, csrf = at.signed_in("salma.brecht")
    files = {"file": ("manifest.edi", b"UNA:+.? '")}
    assert browser.post("/load", data={"csrf": csrf}, files=files).status_code == 403
    assert not [each for each in (at.node.folder.root / "incoming").glob("**/*") if each.is_file()]
    job = at.board.start("assess", actor=ANNA, files=())
    assert browser.post(f"/jobs/{job.id}/cancel", data={"csrf": csrf}).status_code == 403
    assert browser.post("/jobs/unknown/cancel", data={"csrf": csrf}).status_code == 404
    assert at.board.show(job.id).state == "waiting"


@pytest.mark.parametrize(
    ("site", "goes"), [("cross-site", 303), ("same-site", 303), ("same-origin", 404), ("none", 404)]
)
def test_no_link_elsewhere_begins_a_sign_in_through_the_provider(at: Whole, site: str, goes: int) -> None:
    """Here there is no provider, so whoever is let through is told that."""
    answer = at.browser().get("/sign-in/provider", headers={"Sec-Fetch-Site": site})
    assert (answer.status_code, answer.headers.get("Location")) == (goes, "/sign-in" if goes == 303 else None)


@pytest.mark.parametrize("forwarded", ["X-Forwarded-Host", "Forwarded", "X-Forwarded-Proto", "X-Original-URL"])
def test_no_header_of_a_proxy_is_believed_from_anybody(at: Whole, forwarded: str) -> None:
    answer = at.browser().get("/sign-in", headers={forwarded: "evil.example"})
    assert answer.status_code == 200
    assert "evil.example" not in answer.text


def test_what_is_looked_for_stands_in_no_address(at: Whole) -> None:
    browser, csrf = at.signed_in()
    found = browser.post("/search", data={"csrf": csrf, "q": "NO SUCH NAME"})
    assert (found.status_code, "NO SUCH NAME" in found.text) == (200, True)
    assert "ADDRESSED NAME" not in browser.get("/search?q=ADDRESSED NAME").text
    for page in (found.text, browser.get("/").text):
        forms = re.findall(r"<form[^>]*>", page)
        assert forms
        assert [form for form in forms if 'method="post"' not in form] == []


def test_no_route_of_the_api_takes_a_text_to_look_for_in_its_address(at: Whole) -> None:
    document = at.browser().get("/api/openapi.json").json()
    named = {
        (path, parameter["name"])
        for path, methods in document["paths"].items()
        for operation in methods.values()
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "query"
    }
    assert len(named) > 20
    assert [each for each in named if each[1] in {"text", "q", "name", "party", "query"}] == []
