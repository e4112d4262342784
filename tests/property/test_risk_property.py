"""Random well-typed rules on random records: the compiled answer is the interpreted one."""

from __future__ import annotations

from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.flow.risk.language import RuleError, Type, answer, parse_rule, verdicts
from pratique.flow.risk.language.syntax import depth
from pratique.flow.risk.language.types import POLARS

FIELDS = {
    "": {"n": Type.INT, "m": Type.INT, "s": Type.STRING, "b": Type.BOOL, "l": Type.STRING_LIST, "k": Type.INT_LIST},
    "goods": {"i": Type.INT, "t": Type.STRING, "f": Type.BOOL, "w": Type.STRING_LIST},
    "boxes": {"i": Type.INT, "t": Type.STRING},
}
BIG = 2**63 - 1
INTS = st.sampled_from([0, 1, 2, -1, -7, 5, 10, 1000, BIG, -BIG, -BIG - 1])
TEXTS = st.sampled_from(["", "A", "AB", "B", "ÄÖ", "A B", "'", '"', "\\", "\n"])
VALUES: dict[Type, Any] = {
    Type.INT: INTS,
    Type.STRING: TEXTS,
    Type.BOOL: st.booleans(),
    Type.STRING_LIST: st.lists(TEXTS, max_size=3),
    Type.INT_LIST: st.lists(INTS, max_size=3),
}


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


@st.composite
def expressions(draw: Any, kind: Type, level: int = 0, inside: str = "") -> str:
    """The text of a well-typed expression."""

    def below(of: Type) -> str:
        return str(draw(expressions(of, level + 1, inside)))

    names = [name for name, one in FIELDS[""].items() if one is kind]
    names += [f"v.{name}" for name, one in FIELDS[inside].items() if inside and one is kind]
    leaves = [*names, "literal"]
    more = [] if level > 3 else MORE[kind]
    if inside:
        more = [one for one in more if one != "quantifier"]
    match draw(st.sampled_from([*leaves, *more])):
        case "literal":
            return literal(draw, kind)
        case "arithmetic":
            return f"({below(Type.INT)} {draw(st.sampled_from(list('+-*/%')))} {below(Type.INT)})"
        case "negative":
            return f"-{below(Type.INT)}"
        case "size":
            return f"size({below(draw(st.sampled_from([Type.STRING, Type.STRING_LIST, Type.INT_LIST])))})"
        case "logic":
            operator = draw(st.sampled_from([" && ", " || "]))
            return "(" + operator.join(below(Type.BOOL) for _ in range(draw(st.integers(2, 4)))) + ")"
        case "not":
            return f"!{below(Type.BOOL)}"
        case "order":
            return f"({below(Type.INT)} {draw(st.sampled_from(['<', '<=', '>', '>=']))} {below(Type.INT)})"
        case "equality":
            of = draw(st.sampled_from([Type.INT, Type.STRING, Type.BOOL]))
            return f"({below(of)} {draw(st.sampled_from(['==', '!=']))} {below(of)})"
        case "in":
            item, whole = draw(st.sampled_from([(Type.INT, Type.INT_LIST), (Type.STRING, Type.STRING_LIST)]))
            return f"({below(item)} in {below(whole)})"
        case "text":
            test = draw(st.sampled_from(["startsWith", "endsWith", "contains"]))
            return f"{below(Type.STRING)}.{test}({below(Type.STRING)})"
        case "has":
            every = [*FIELDS[""], *(f"v.{name}" for name in FIELDS[inside] if inside)]
            return f"has({draw(st.sampled_from(every))})"
        case "quantifier":
            collection = draw(st.sampled_from(["goods", "boxes"]))
            inner = draw(expressions(Type.BOOL, level + 1, collection))
            return f"{collection}.{draw(st.sampled_from(['exists', 'all']))}(v, {inner})"
        case name:
            return str(name)


MORE: dict[Type, list[str]] = {
    Type.INT: ["arithmetic", "negative", "size"],
    Type.STRING: [],
    Type.BOOL: ["logic", "logic", "not", "order", "equality", "in", "text", "has", "quantifier", "quantifier"],
    Type.STRING_LIST: [],
    Type.INT_LIST: [],
}


def literal(draw: Any, kind: Type) -> str:
    if kind in (Type.INT_LIST, Type.STRING_LIST):
        item = Type.INT if kind is Type.INT_LIST else Type.STRING
        return "[" + ", ".join(literal(draw, item) for _ in range(draw(st.integers(1, 3)))) + "]"
    value = draw(VALUES[kind])
    if kind is Type.INT:
        return str(max(value, -BIG))
    return quoted(value) if kind is Type.STRING else str(value).lower()


def row(scope: str) -> Any:
    return st.fixed_dictionaries({name: st.none() | VALUES[kind] for name, kind in FIELDS[scope].items()})


RECORDS = st.lists(
    st.tuples(row(""), st.lists(row("goods"), max_size=3), st.lists(row("boxes"), max_size=2)), min_size=1, max_size=5
)


def frame_of(scope: str, rows: list[dict[str, Any]], above: list[int] | None = None) -> pl.DataFrame:
    series = [pl.Series(name, [one[name] for one in rows], dtype=POLARS[kind]) for name, kind in FIELDS[scope].items()]
    if above is not None:
        series.append(pl.Series("row", above, dtype=pl.UInt32))
    return pl.DataFrame(series)


@settings(max_examples=120, deadline=None)
@given(st.lists(expressions(Type.BOOL), min_size=1, max_size=6), RECORDS)
def test_the_compiled_answer_is_the_interpreted_answer(rules: list[str], records: list[Any]) -> None:
    programs = [parse_rule(rule, FIELDS) for rule in rules]
    children = {
        scope: frame_of(
            scope,
            [one for record in records for one in record[place]],
            [number for number, record in enumerate(records) for _ in record[place]],
        )
        for place, scope in ((1, "goods"), (2, "boxes"))
    }
    compiled = verdicts(programs, frame_of("", [record[0] for record in records]), children)
    for program, verdict in zip(programs, compiled, strict=True):
        told = [answer(program, {**own, "goods": goods, "boxes": boxes}) for own, goods, boxes in records]
        assert verdict.fires.tolist() == [one is True for one in told], program.text


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="goodsexit.all(v,)!&|<>=+-*/%[]\"'\\ 0123\n\tnsbµ\x00", max_size=60))
def test_any_text_is_a_rule_or_is_refused_with_its_place(text: str) -> None:
    refused = refusal(text)
    if refused is None:
        assert depth(parse_rule(text, FIELDS).root) <= 30
        return
    lines = text.split("\n")
    assert 1 <= refused.line <= len(lines)
    assert 1 <= refused.column <= len(lines[refused.line - 1]) + 1
    assert "{" not in refused.happened


def refusal(text: str) -> RuleError | None:
    try:
        parse_rule(text, FIELDS)
    except RuleError as fault:
        return fault
    return None
