"""A visit: one request of one officer, with everything a page needs to answer it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, Final, TypeVar
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from pratique.desk.figures import Figures
from pratique.desk.look import Look, spoken
from pratique.desk.sections import sections
from pratique.desk.ways_on import WayOn, way_on
from pratique.desk.words import chosen_language, direction, translations
from pratique.node import Actor, Node
from pratique.node.access import VISITOR
from pratique.node.access.policy import shipped_policy
from pratique.node.acts import Command, Query
from pratique.node.handlers.ledger_verify import LedgerBadge, ShowLedgerBadge
from pratique.node.handlers.sessions import SessionShown
from pratique.node.instants import from_text
from pratique.node.jobs import Jobs
from pratique.node.jobs.job import error_told
from pratique.node.sign_in.sessions import Caller
from pratique.vocabulary.errors import PratiqueError
from pratique.vocabulary.sentences import retold, sentence

R = TypeVar("R")
THEMES: Final = ("light", "dark")
THEME_COOKIE: Final = "__Host-theme"


@dataclass(frozen=True)
class Desk:
    """What all visits share."""

    node: Node
    jobs: Jobs
    look: Look
    zone: ZoneInfo
    language: str
    demonstration: bool


@dataclass(frozen=True)
class Visit:
    """One request; ``session`` is ``None`` until somebody has signed in."""

    desk: Desk
    request: Request
    session: SessionShown | None
    now: datetime
    form: FormData = field(default_factory=FormData)

    @property
    def actor(self) -> Actor:
        """Who acts: the officer of the session, else a visitor who may do next to nothing."""
        return self.session.actor if self.session else VISITOR

    @property
    def caller(self) -> Caller:
        """Where the request comes from: the address and the browser's own name."""
        client = self.request.client
        return Caller(client.host if client else "", self.request.headers.get("user-agent", ""))

    @cached_property
    def language(self) -> str:
        """The language of the page."""
        own = self.session.language if self.session else None
        asked = self.request.query_params.get("lang")
        return chosen_language(
            officer=asked or own, accept=self.request.headers.get("accept-language"), node=self.desk.language
        )

    @cached_property
    def figures(self) -> Figures:
        """How numbers and moments are written here."""
        zone = ZoneInfo(self.session.time_zone) if self.session and self.session.time_zone else self.desk.zone
        return Figures(self.language, zone)

    @property
    def partial(self) -> bool:
        """The browser asked for a part of the page, not for the page."""
        return "hx-request" in self.request.headers and "hx-boosted" not in self.request.headers

    def gettext(self, words: str) -> str:
        """The words in the language of the page."""
        return translations(self.language).gettext(words)

    def pgettext(self, context: str, words: str) -> str:
        """The words in the language of the page, where the same English words are other ones elsewhere."""
        return translations(self.language).pgettext(context, words)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The words for so many, in the language of the page."""
        return translations(self.language).ngettext(one, many, count)

    def ask(self, query: Query[R]) -> R:
        """The answer of the node to the officer of this visit."""
        return self.desk.node.ask(query, actor=self.actor)

    def execute(self, command: Command[R]) -> R:
        """The command, given by the officer of this visit."""
        return self.desk.node.execute(command, actor=self.actor)

    @cached_property
    def ledger(self) -> LedgerBadge | None:
        """What every page says of the ledger; ``None`` to a visitor."""
        return self.ask(ShowLedgerBadge()) if self.session and self.may(ShowLedgerBadge) else None

    def epoch(self, seconds: int) -> datetime:
        """The moment that many seconds after the epoch."""
        return datetime.fromtimestamp(seconds, UTC)

    def instant(self, text: str) -> datetime:
        """A moment as the store keeps it."""
        return from_text(text)

    def moment(self, text: str) -> str:
        """The same, in the office's time."""
        return self.figures.moment(from_text(text))

    def full_day(self, text: str) -> str:
        """A day as the store keeps it, written out."""
        return self.figures.full_date(date.fromisoformat(text))

    def reason_words(self, code: str | None) -> str:
        """The words of a coded reason."""
        return self.told(f"reason.{code}", {}) if code else ""

    def may(self, *requests: type) -> bool:
        """Whether the roles of this officer open all of these commands and queries: what a page offers at all."""
        return all(shipped_policy().opens_to(self.actor, request.__name__) for request in requests)

    def way_on(self, code: str) -> WayOn | None:
        """Where a refusal of that code can be met; ``None`` where nothing the person does now would help."""
        back = self.request.url.path if self.request.method in ("GET", "HEAD") else self._came_from()
        return way_on(code, back, self.gettext) if self.session else None

    def _came_from(self) -> str:
        """The page of this desk that the form stood on."""
        came = urlsplit(self.request.headers.get("referer", ""))
        return came.path if came.netloc == self.request.url.netloc and came.path.startswith("/") else "/"

    def told(self, code: str, params: Mapping[str, object]) -> str:
        """The sentence of a code in the language of the page."""
        return sentence(code, params, self.language)

    def retold(self, error: PratiqueError) -> PratiqueError:
        """A refusal in the language of the page."""
        return retold(error, self.language)

    def job_error(self, facts: Mapping[str, Any]) -> PratiqueError:
        """What a job told of its failure, in the language of the page as far as its code goes."""
        return self.retold(error_told(facts))

    def asked(self, name: str, default: str = "") -> str:
        """A word of the address."""
        return self.request.query_params.get(name, default)

    def given(self, name: str, default: str = "") -> str:
        """A word of the form; a file is none."""
        value = self.form.get(name, default)
        return default if isinstance(value, UploadFile) else value

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A whole page."""
        return HTMLResponse(self.desk.look.html(template, self._with(values)), status)

    def part(self, template: str, block: str, **values: Any) -> HTMLResponse:
        """One block of a page."""
        return HTMLResponse(self.desk.look.part(template, block, self._with(values)))

    def page_or_part(self, template: str, block: str, status: int = 200, **values: Any) -> HTMLResponse:
        """The block alone where the browser asked for a part, else the whole page."""
        return self.part(template, block, **values) if self.partial else self.page(template, status, **values)

    def go(self, path: str, **query: str) -> Response:
        """On to another page; a browser that asked for a part is told to take the whole."""
        target = f"{path}?{urlencode(query)}" if query else path
        if self.partial:
            return Response(status_code=204, headers={"HX-Redirect": target})
        return RedirectResponse(target, 303)

    def _with(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values of a page beside those that every page has, which none may take the place of."""
        known = self._known()
        taken = known.keys() & values.keys()
        if taken:
            raise TypeError(f"every page has {', '.join(sorted(taken))} already")
        return known | dict(values)

    def _known(self) -> dict[str, Any]:
        words = translations(self.language)
        theme = self.request.cookies.get(THEME_COOKIE) or (self.session.theme if self.session else "")
        return {
            "visit": self,
            "session": self.session,
            "lang": self.language,
            "dir": direction(self.language),
            "theme": theme if theme in THEMES else "",
            "at": self.request.url.path,
            "now": self.now,
            "fig": self.figures,
            "demonstration": self.desk.demonstration,
            "sections": sections(self.gettext, self.may) if self.session else (),
            **spoken(words, self.language),
        }
