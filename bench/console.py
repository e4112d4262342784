"""``make bench-console``: the officers' desk on a run of 20,000 consignments, in a real browser and under 50 officers.

First paint, a filter and the size of a fragment are taken in Chromium; then 50 officers ask for one page every five
seconds while messages of 20,000 consignments are assessed. The bound beside it is a shipped file from the same server,
asked for in the same way: what is left is the work of the page. ``python -m bench.console --consignments 1000`` is a
small one, which shows that everything runs; its figures prove nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from pratique.node import Node, local_operator
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.lists import LoadList
from pratique_world import write_manifest, write_watchlist

CONSIGNMENTS: Final = 20_000
LISTED: Final = 5_000
RUNS: Final = 7
OFFICERS: Final = 50
EVERY_SECONDS: Final = 5.0
MESSAGES: Final = 4  # assessed one after the other, so that officers have pages enough to ask for meanwhile
PRATIQUE: Final = Path(sys.executable).with_name("pratique")
CHROMIUM: Final = shutil.which("chromium") or ""
FLAGS: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
FILTERED: Final = """([text]) => new Promise(done => {
  const field = document.querySelector('[data-filter]');
  const start = performance.now();
  document.addEventListener('htmx:afterSettle', () => done(performance.now() - start), {once: true});
  field.value = text;
  field.dispatchEvent(new Event('input', {bubbles: true}));
})"""
WEIGHED: Final = """async ([method, path]) => {
  const csrf = document.querySelector('meta[name=csrf]').content;
  const body = method === 'POST' ? new URLSearchParams({view: 'all'}) : undefined;
  const answer = await fetch(path, {method, body, headers: {'HX-Request': 'true', 'X-CSRF': csrf}});
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return (await answer.arrayBuffer()).byteLength;
}"""
PAINTED: Final = """() => new Promise(done => new PerformanceObserver(list => {
  const paint = list.getEntriesByName('first-contentful-paint')[0];
  if (paint) done(paint.startTime);
}).observe({type: 'paint', buffered: true}))"""


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk at work: its address, the run, and the process that serves it."""

    url: str
    run: str
    process: subprocess.Popen[str]


def main() -> None:
    """Prints every figure; see the module."""
    parser = argparse.ArgumentParser(prog="python -m bench.console", description=main.__doc__)
    parser.add_argument("--consignments", type=int, default=CONSIGNMENTS, help="in the run and in each message")
    count = parser.parse_args().consignments
    with tempfile.TemporaryDirectory(prefix="bench-console-") as folder:
        work = Path(folder)
        run = prepare(work, count)
        with served(work / "node", run) as desk:
            print(f"A run of {count:,} consignments:")
            in_a_browser(desk)
            under_load(desk, work / "second.edi", count)


def prepare(work: Path, count: int) -> str:
    """A demonstration node with the run; gives its id. A second message lies ready."""
    actor = local_operator("bench")
    write_manifest(work / "first.edi", consignments=count, seed=1)
    write_manifest(work / "second.edi", consignments=count, seed=2)
    write_watchlist(work / "list.csv", names=LISTED, seed=1)
    with Node.create(work / "node", actor=actor, demonstration=True) as node:
        node.execute(LoadList("own", (work / "list.csv",)), actor=actor)
        return node.execute(AssessMessages((work / "first.edi",), seed=1), actor=actor).run.id


@contextmanager
def served(node: Path, run: str) -> Iterator[Desk]:
    """The desk of the node, in a process of its own."""
    command = [PRATIQUE, "serve", "--node", node, "--port", "0"]
    process = subprocess.Popen([*map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    found = re.search(r"https?://\S+", process.stdout.readline())
    assert found is not None
    try:
        yield Desk(found[0].rstrip("/"), run, process)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def in_a_browser(desk: Desk) -> None:
    """First paint, the filter, and what a fragment weighs."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        page = signed_in(browser, desk)
        page.goto(f"{desk.url}/queue/{desk.run}")
        paints = [painted(page, desk) for _ in range(RUNS)]
        filters = [
            page.evaluate(FILTERED, [text]) for text in ("trad", "tradi", "cotton", "bill", "co", "steel", "MSCU")
        ]
        sizes = weighed(page, desk)
        browser.close()
    tell("first paint", paints, 300)
    tell("filter, from the key to the settled rows", filters, 150)
    for name, size in sizes.items():
        print(f"{name}: {size / 1000:.1f} kB uncompressed (target 60: {'met' if size <= 60_000 else 'MISSED'})")


def signed_in(browser: Browser, desk: Desk) -> Page:
    """The page of a targeting officer."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(f"{desk.url}/sign-in")
    page.locator("form[data-roles~='targeting'] button").first.click()
    page.wait_for_url(re.compile(r"/$"))
    return page


def painted(page: Page, desk: Desk) -> float:
    """Milliseconds to the first contentful paint of the queue; shipped files are in the browser's store already."""
    page.goto(f"{desk.url}/queue/{desk.run}", wait_until="load")
    return float(page.evaluate(PAINTED))


def weighed(page: Page, desk: Desk) -> dict[str, int]:
    """Bytes of the parts that a browser asks for."""
    parts = {
        "rows of a page": ("POST", f"/queue/{desk.run}/rows"),
        "the list": ("POST", f"/queue/{desk.run}"),
        "capacity": ("GET", f"/queue/{desk.run}/capacity"),
    }
    return {name: int(page.evaluate(WEIGHED, [*asked])) for name, asked in parts.items()}


def tell(name: str, milliseconds: list[float], target: float) -> None:
    """One line: least, median, most, and whether the median meets the target."""
    middle = statistics.median(milliseconds)
    met = "met" if middle <= target else "MISSED"
    print(
        f"{name}: {min(milliseconds):.0f} / {middle:.0f} / {max(milliseconds):.0f} ms (min / median / max), "
        f"target {target:.0f}: {met}"
    )


def under_load(desk: Desk, message: Path, count: int) -> None:
    """50 officers, alone, then while a message is assessed; and the bound of a shipped file."""
    bound = asyncio.run(officers(desk, seconds=15, path_of=lambda number: "/static/components.css"))
    show("bound, a shipped file for each page", bound)
    alone = asyncio.run(officers(desk, seconds=20, path_of=lambda number: pages(desk)[number % 4]))
    show("50 officers, nothing else", alone)
    busy = asyncio.run(officers(desk, seconds=120, path_of=lambda number: pages(desk)[number % 4], load=message))
    show(f"50 officers while {MESSAGES} messages of {count:,} consignments are assessed, one after the other", busy)
    p99 = percentile(busy.times, 99)
    times = p99 / percentile(bound.times, 99)
    print(f"p99 target 500 ms: {'met' if p99 <= 0.5 else 'MISSED'}; {times:.1f} times the bound")


def pages(desk: Desk) -> tuple[str, ...]:
    """What officers look at, in turn."""
    queue = f"/queue/{desk.run}"
    return ("/", queue, f"{queue}?view=proposed", f"{queue}?view=all&channel=scan")


@dataclass(frozen=True, slots=True)
class Loaded:
    """Seconds of every answer, answers that were no page, the share of a processor that asking took, and how long."""

    times: list[float]
    failed: int
    own_share: float
    seconds: float


async def officers(desk: Desk, *, seconds: float, path_of: Callable[[int], str], load: Path | None = None) -> Loaded:
    """Every officer asks for one page in each five seconds, evenly spread."""
    times: list[float] = []
    failed, over = 0, asyncio.Event()
    async with httpx.AsyncClient(
        base_url=desk.url, timeout=60, limits=httpx.Limits(max_connections=OFFICERS)
    ) as client:
        cookies = [await sign_in(client) for _ in range(OFFICERS)]
        if load is not None:
            for _ in range(MESSAGES):
                await hand_in(client, cookies[0], load)
        started, used = time.perf_counter(), time.process_time()

        async def work(number: int) -> None:
            nonlocal failed
            await asyncio.sleep(number * EVERY_SECONDS / OFFICERS)
            turn = number
            while (now := time.perf_counter()) - started < seconds and not over.is_set():
                answer = await client.get(path_of(turn), headers={"cookie": cookies[number]})
                times.append(time.perf_counter() - now)
                failed += answer.status_code != 200
                turn += 1
                await asyncio.sleep(max(0.0, EVERY_SECONDS - (time.perf_counter() - now)))

        watching = asyncio.create_task(watch(client, cookies[0], over)) if load else None
        await asyncio.gather(*(work(number) for number in range(OFFICERS)))
        share = (time.process_time() - used) / (time.perf_counter() - started)
        if watching is not None:
            watching.cancel()
    return Loaded(times, failed, share, time.perf_counter() - started)


async def sign_in(client: httpx.AsyncClient) -> str:
    """A session of its own for an officer, as a cookie header."""
    page = await client.get("/sign-in")
    visitor = page.cookies["__Host-visitor"] if "__Host-visitor" in page.cookies else cookie_in(page, "__Host-visitor")
    answer = await client.post(
        "/sign-in/as/ines.valmar", data={"csrf": visitor}, headers={"cookie": f"__Host-visitor={visitor}"}
    )
    return f"__Host-pratique={cookie_in(answer, '__Host-pratique')}"


def cookie_in(answer: httpx.Response, name: str) -> str:
    """A cookie that the answer sets; the client itself keeps none that asks for TLS."""
    for header in answer.headers.get_list("set-cookie"):
        if header.startswith(f"{name}="):
            return header.split("=", 1)[1].split(";", 1)[0]
    raise SystemExit(f"no cookie {name} in the answer {answer.status_code}")


async def hand_in(client: httpx.AsyncClient, cookie: str, message: Path) -> str:
    """Hands the second message in by the form of the arrivals; gives the token of the page."""
    page = await client.get("/", headers={"cookie": cookie})
    found = re.search(r'name="csrf" content="([^"]+)"', page.text)
    assert found is not None
    files = {"file": (message.name, message.read_bytes())}
    answer = await client.post("/load", data={"csrf": found[1]}, files=files, headers={"cookie": cookie})
    assert answer.status_code in (200, 204, 303), answer.status_code
    return found[1]


async def watch(client: httpx.AsyncClient, cookie: str, over: asyncio.Event) -> None:
    """Says when the board has no work under way any more."""
    while not over.is_set():
        await asyncio.sleep(0.5)
        board = (await client.get("/jobs", headers={"cookie": cookie, "hx-request": "true"})).text
        if "<progress" not in board:
            over.set()


def show(name: str, loaded: Loaded) -> None:
    """One line for a load."""
    told = ", ".join(f"p{part} {percentile(loaded.times, part) * 1000:.0f} ms" for part in (50, 95, 99))
    print(
        f"{name}: {len(loaded.times):,} pages, {told}; {loaded.failed} failed; "
        f"asking took {loaded.own_share:.0%} of one processor, {loaded.seconds:.0f} s"
    )


def percentile(values: list[float], part: int) -> float:
    """The value below which ``part`` per cent lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * part // 100)]


if __name__ == "__main__":
    main()
