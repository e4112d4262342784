"""How pages are made: the templates, with the words, figures and pictures every one of them may use."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from gettext import NullTranslations
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from pratique.vocabulary.reasons import CHANNEL, Control
from pratique.vocabulary.sentences import inserted

STATIC: Final = "/static/"
LANES: Final[Mapping[str, str]] = {channel: control.value for control, channel in CHANNEL.items()}
CONTROLS: Final = tuple(control.value for control in Control)


class Look:
    """The templates of the desk. One serves all languages: words are given with each page."""

    def html(self, template: str, values: Mapping[str, Any]) -> str:
        """The page or part, with everything that comes from outside escaped."""
        return templates().get_template(template).render(values)

    def part(self, template: str, block: str, values: Mapping[str, Any]) -> str:
        """One block of a page on its own, for a browser that asked for a part."""
        chosen = templates().get_template(template)
        return "".join(chosen.blocks[block](chosen.new_context(dict(values))))


@cache
def templates() -> Environment:
    """The templates with what every one of them may use; each is compiled once in a process, for all its desks."""
    found = Environment(
        loader=PackageLoader("pratique.desk", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
    )
    found.globals.update(static=static, ic=icon)
    found.filters.update(box=box_number)
    return found


def spoken(words: NullTranslations, language: str) -> dict[str, Callable[..., Markup]]:
    """``_``, ``gettext``, ``ngettext``, ``pgettext`` and ``npgettext`` for templates.

    The words are ours and may hold markup; the values named in them come from outside and are escaped, and isolated
    where the language is written from right to left.
    """

    def gettext(text: str, /, **values: object) -> Markup:
        return _filled(words.gettext(text), values, language)

    def ngettext(one: str, many: str, count: int, /, **values: object) -> Markup:
        return _filled(words.ngettext(one, many, count), values, language)

    def pgettext(context: str, text: str, /, **values: object) -> Markup:
        return _filled(words.pgettext(context, text), values, language)

    def npgettext(context: str, one: str, many: str, count: int, /, **values: object) -> Markup:
        return _filled(words.npgettext(context, one, many, count), values, language)

    return {"_": gettext, "gettext": gettext, "ngettext": ngettext, "pgettext": pgettext, "npgettext": npgettext}


def _filled(text: str, values: Mapping[str, object], language: str) -> Markup:
    told = {name: Markup(inserted(escape(value), language)) for name, value in values.items()}  # noqa: S704
    return Markup(text) % told  # noqa: S704 the words are our own, the values are escaped


def static(name: str) -> str:
    """The address of a shipped file; it changes with the content, so that it can be kept for ever."""
    return f"{STATIC}{name}?v={_digest(name)}"


def icon(name: str, class_: str = "", told: str = "") -> Markup:
    """A symbol of the sheet; without a name of its own it is hidden from readers of screens."""
    kind = escape(f"ic {class_}".strip())
    says = Markup('role="img" aria-label="{}"').format(told) if told else Markup('aria-hidden="true"')
    return Markup('<svg class="{}" {}><use href="{}#i-{}"/></svg>').format(kind, says, static("icons.svg"), name)


def box_number(text: str) -> str:
    """A container number as it is painted on the box: ``QZHU 482016 6``; anything else as it stands."""
    return f"{text[:4]} {text[4:10]} {text[10]}" if len(text) == 11 and text[:4].isalpha() else text


@cache
def _digest(name: str) -> str:
    content = (files("pratique.desk") / "static").joinpath(*name.split("/")).read_bytes()
    return hashlib.sha256(content).hexdigest()[:12]
