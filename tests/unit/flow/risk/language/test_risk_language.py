"""What rules mean, and how faulty ones are refused."""

from __future__ import annotations

import itertools
from typing import Any

import polars as pl
import pytest

from pratique.flow.risk.language import RuleError, Type, answer, parse_rule, verdicts

FIELDS = {
    "": {"n": Type.INT, "m": Type.INT, "s": Type.STRING, "late": Type.BOOL, "places": Type.STRING_LIST},
    "goods": {"mass_g": Type.INT, "description": Type.STRING},
}
EDGES = [None, 0, 1, -1, 2, -2, 3, 7, -7, 2**63 - 1, -(2**63)]


def both(rule: str, record: dict[str, Any]) -> bool | None:
    """The answer of the interpreter, after making sure that the compiled rule fires exactly where it is true."""
    program = parse_rule(rule, FIELDS)
    told = answer(program, record)
    own = pl.DataFrame(
        [
            pl.Series("n", [record.get("n")], dtype=pl.Int64),
            pl.Series("m", [record.get("m")], dtype=pl.Int64),
            pl.Series("s", [record.get("s")], dtype=pl.String),
            pl.Series("late", [record.get("late")], dtype=pl.Boolean),
            pl.Series("places", [record.get("places")], dtype=pl.List(pl.String)),
        ]
    )
    goods = record.get("goods", [])
    below = pl.DataFrame(
        [
            pl.Series("row", [0] * len(goods), dtype=pl.UInt32),
            pl.Series("mass_g", [one.get("mass_g") for one in goods], dtype=pl.Int64),
            pl.Series("description", [one.get("description") for one in goods], dtype=pl.String),
        ]
    )
    assert verdicts([program], own, {"goods": below})[0].fires.tolist() == [told is True]
    return told


@pytest.mark.parametrize(
    ("rule", "record", "told"),
    [
        ("n > 3 && s == 'x'", {"n": 4, "s": "x"}, True),
        ("n > 3 && s == 'x'", {"n": 4}, None),
        ("n > 3 && s == 'x'", {"n": 3}, False),
        ("n > 3 || s == 'x'", {"n": 4}, True),
        ("n > 3 || s == 'x'", {"n": 3}, None),
        ("!(n > 3)", {}, None),
        ("has(n)", {}, False),
        ("!has(n) || n == 1", {}, True),
        ("n / m == 1", {"n": 5, "m": 0}, None),
        ("n % m == 1", {"n": 5, "m": 0}, None),
        ("n * m > 0", {"n": 2**62, "m": 4}, None),
        ("-n == 7", {"n": -7}, True),
        ("7 - 3 - 2 == 2 && n == 1", {"n": 1}, True),
        ("2 + 3 * 4 == 14 && n == 1", {"n": 1}, True),
        ("n == 1 || n == 2 && m == 3", {"n": 1, "m": 9}, True),
        ("s in ['a', 'b']", {"s": "b"}, True),
        ("s in ['a', 'b']", {}, None),
        ("n in [-1, 2]", {"n": -1}, True),
        ("'DE' in places", {"places": ["ES", "DE"]}, True),
        ("'DE' in places", {"places": []}, False),
        ("'DE' in places", {}, None),
        ("size(places) == 0", {"places": []}, True),
        ("size(s) == 2", {"s": "ÄÖ"}, True),
        ("s.startsWith('A') && s.endsWith('C') && s.contains('.')", {"s": "A.C"}, True),
        ("s.contains('.')", {"s": "ABC"}, False),
        (r"s == 'it\'s \"so\"'", {"s": 'it\'s "so"'}, True),
        ("late", {"late": True}, True),
        ("late == false // not late", {"late": False}, True),
        ("goods.exists(g, g.mass_g > n)", {"n": 5, "goods": [{"mass_g": 1}, {"mass_g": 6}]}, True),
        ("goods.exists(g, g.mass_g > n)", {"n": 5, "goods": [{"mass_g": 1}, {}]}, None),
        ("goods.exists(g, g.mass_g > n)", {"n": 5, "goods": []}, False),
        ("goods.all(g, g.mass_g > n)", {"n": 5, "goods": [{"mass_g": 6}, {}]}, None),
        ("goods.all(g, g.mass_g > n)", {"n": 5, "goods": [{"mass_g": 1}, {}]}, False),
        ("goods.all(g, g.mass_g > n)", {"n": 5, "goods": []}, True),
        ("!goods.all(g, has(g.description))", {"goods": [{}]}, True),
    ],
)
def test_a_rule_means_what_the_reference_says_in_both_back_ends(
    rule: str, record: dict[str, Any], told: bool | None
) -> None:
    assert both(rule, record) is told


@pytest.mark.parametrize("operator", ["+", "-", "*", "/", "%"])
def test_arithmetic_agrees_in_both_back_ends_at_every_edge_of_64_bits(operator: str) -> None:
    pairs = list(itertools.product(EDGES, EDGES))
    rules = [f"n {operator} m == {value}" for value in (-7, -3, -2, -1, 0, 1, 2, 3, 9, 2**63 - 1)]
    own = pl.DataFrame({"n": [n for n, _ in pairs], "m": [m for _, m in pairs]}, schema={"n": pl.Int64, "m": pl.Int64})
    programs = [parse_rule(rule, FIELDS) for rule in rules]
    for program, verdict in zip(programs, verdicts(programs, own, {}), strict=True):
        assert verdict.fires.tolist() == [answer(program, {"n": n, "m": m}) is True for n, m in pairs]


def test_division_drops_the_fraction_towards_zero() -> None:
    assert both("n / m == -3 && n % m == -1", {"n": -7, "m": 2}) is True


@pytest.mark.parametrize(
    ("rule", "code", "line", "column", "told"),
    [
        ("", "rules.unexpected", 1, 1, "end of the rule"),
        ("n >", "rules.unexpected", 1, 4, "end of the rule"),
        ("n > 3 n", "rules.unexpected", 1, 7, "&&"),
        ("n < 3 < 4", "rules.unexpected", 1, 7, "<"),
        ("(n > 3", "rules.unexpected", 1, 7, ")"),
        ("n >\n  'x'", "rules.wrong_type", 2, 3, "expected was int"),
        ("n", "rules.wrong_type", 1, 1, "expected was bool"),
        ("s > 'a'", "rules.wrong_type", 1, 1, "expected was int"),
        ("n && late", "rules.wrong_type", 1, 1, "bool"),
        ("late && n", "rules.wrong_type", 1, 9, "bool"),
        ("!n", "rules.wrong_type", 1, 2, "bool"),
        ("places == places", "rules.wrong_type", 1, 1, "int or string or bool"),
        ("n in ['a']", "rules.wrong_type", 1, 6, "list<int>"),
        ("s in s", "rules.wrong_type", 1, 6, "list<string>"),
        ("n in [1, 'a']", "rules.wrong_type", 1, 10, "int"),
        ("n in [-'a']", "rules.unexpected", 1, 7, "a number or a string"),
        ("n in []", "rules.empty_list", 1, 6, "empty"),
        ("n.startsWith('a')", "rules.wrong_type", 1, 1, "string"),
        ("s.startsWith(n)", "rules.wrong_type", 1, 14, "string"),
        ("s.matches('(a+)+$')", "rules.unknown_function", 1, 3, "matches"),
        ("goods.sum(g, g.mass_g)", "rules.unknown_function", 1, 7, "sum"),
        ("goods.exists(n, true)", "rules.name_taken", 1, 14, "n"),
        ("goods.exists(goods, true)", "rules.name_taken", 1, 14, "goods"),
        ("goods.exists(g, goods.all(h, true))", "rules.nested_quantifier", 1, 17, "nest"),
        ("goods.exists(g, g.mass > 1)", "rules.unknown_field", 1, 19, "mass_g"),
        ("goods.exists(g, true) && g.mass_g > 1", "rules.unknown_field", 1, 26, "g"),
        ("lat == true", "rules.unknown_field", 1, 1, "did you mean late?"),
        ("has(3)", "rules.unexpected", 1, 5, "field"),
        ("has(goods)", "rules.unexpected", 1, 10, "."),
        ("size(n) == 1", "rules.wrong_type", 1, 6, "string"),
        ("null == n", "rules.unknown_field", 1, 1, "null"),
        ("n == 1.5", "rules.number_not_whole", 1, 6, "1.5"),
        ("n == 12kg", "rules.number_not_whole", 1, 6, "12kg"),
        ("n == 9223372036854775808", "rules.number_too_large", 1, 6, "9223372036854775807"),
        ("s == 'abc", "rules.string_not_closed", 1, 6, "'abc"),
        ("s == '\\x'", "rules.unknown_escape", 1, 7, "\\x"),
        ("n = 3", "rules.unreadable_character", 1, 3, "="),
        ("n > 3; drop", "rules.unreadable_character", 1, 6, ";"),
        ("n > 3\x00", "rules.unreadable_character", 1, 6, "x00"),
        ("__import__('os')", "rules.unknown_field", 1, 1, "__import__"),
    ],
)
def test_a_faulty_rule_is_refused_with_its_place_and_what_was_expected(
    rule: str, code: str, line: int, column: int, told: str
) -> None:
    with pytest.raises(RuleError) as refusal:
        parse_rule(rule, FIELDS)
    assert (refusal.value.code, refusal.value.line, refusal.value.column) == (code, line, column)
    assert told in refusal.value.happened


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("n > 1 " + " " * 4000, "rules.too_long"),
        ("(" * 1900 + "late" + ")" * 1900, "rules.too_deep"),
        ("!" * 3000 + "late", "rules.too_deep"),
        ("-" * 3000 + "n == 1", "rules.too_deep"),
        ("1" + "+1" * 60 + " == n", "rules.too_deep"),
        ("n==1" + "||n==1" * 400, "rules.too_many_parts"),
        ("s.contains(" * 300, "rules.too_deep"),
        ("s" + ".contains(s)" * 200, "rules.wrong_type"),
        ("n in [" + "1," * 1500, "rules.unexpected"),
    ],
)
def test_a_rule_that_is_too_long_or_too_deep_is_refused_before_it_costs_anything(rule: str, code: str) -> None:
    with pytest.raises(RuleError) as refusal:
        parse_rule(rule, FIELDS)
    assert refusal.value.code == code


def test_a_long_flat_rule_is_not_deep() -> None:
    assert both("n == 1" + " || n == 2" * 150, {"n": 2}) is True


def test_only_rows_that_made_the_rule_true_bear_witness() -> None:
    own = pl.DataFrame({"n": [5, 5]})
    below = pl.DataFrame({"row": pl.Series([0, 0, 1], dtype=pl.UInt32), "mass_g": [9, 1, 2], "description": ["A"] * 3})
    rules = [
        "goods.exists(g, g.mass_g > n)",
        "n == 5 && !goods.all(g, g.mass_g > n)",
        "n == 5 && !goods.exists(g, g.mass_g > 100)",
    ]
    found = verdicts([parse_rule(rule, FIELDS) for rule in rules], own, {"goods": below})
    assert [{name: rows.tolist() for name, rows in verdict.witnesses.items() if rows.size} for verdict in found] == [
        {"goods": [0]},
        {"goods": [1, 2]},
        {},
    ]
