"""SVG as markup: elements with escaped attributes and texts, nothing else."""

from __future__ import annotations

from markupsafe import Markup, escape

Value = str | int | float


def element(name: str, *inside: Markup | str, **attributes: Value) -> Markup:
    """One element. ``class_`` is ``class``; other underscores become hyphens, but ``viewBox`` stays as written."""
    told = "".join(f' {_name(key)}="{escape(_number(value))}"' for key, value in attributes.items())
    content = "".join(escape(each) for each in inside)
    return Markup(f"<{name}{told}>{content}</{name}>" if content else f"<{name}{told}/>")  # noqa: S704 all of it is escaped


def picture(width: int, height: int, told: str, *inside: Markup, fluid: bool = False, class_: str = "mirror") -> Markup:
    """A whole picture that says ``told``; ``fluid`` ones take the width they are given."""
    shown: dict[str, Value] = {"class_": class_, "width": "100%" if fluid else width}
    if not fluid:
        shown["height"] = height
    return element("svg", *inside, **shown, viewBox=f"0 0 {width} {height}", role="img", aria_label=told)


def text(x: float, y: float, words: str, *, class_: str = "", anchor: str = "start") -> Markup:
    """Words at a place; ``anchor`` is start, middle or end."""
    attributes: dict[str, Value] = {"x": x, "y": y}
    if anchor != "start":
        attributes["text_anchor"] = anchor
    if class_:
        attributes["class_"] = class_
    return element("text", words, **attributes)


def rect(x: float, y: float, width: float, height: float, *, class_: str) -> Markup:
    """A bar; never of negative width."""
    return element("rect", x=x, y=y, width=max(width, 0.0), height=height, class_=class_)


def path(d: str, *, class_: str) -> Markup:
    """A line or an area."""
    return element("path", d=d, class_=class_)


def _name(key: str) -> str:
    return key if key == "viewBox" else key.rstrip("_").replace("_", "-")


def _number(value: Value) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
