"""Formulas: worked and hostile cases, and that they reckon as Python does."""

import inspect
import sys
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ...engine.formula import (
    FUNCTIONS,
    MAX_LENGTH,
    MAX_NESTING,
    FormulaError,
    Outcome,
    find_circle,
    parse,
)
from ...engine.value import half_up

VALUES = {"A": 6.0, "B": 4.0, "ZERO": 0.0, "NOT_YET": None, "omsetning_å": 2.5}

WORKED = [
    # formula, value
    ("12", 12),
    ("0.5", 0.5),
    ("1e3", 1000),
    ("2.5E-1", 0.25),
    ("007", 7),
    ("A", 6),
    ("  A\n+\tB ", 10),
    ("A+B", 10),
    ("A − B", 2),
    ("A × B", 24),
    ("A ÷ B", 1.5),
    ("A - B - 1", 1),  # from left to right
    ("A / B / 2", 0.75),
    ("A / (B / 2)", 3),
    ("1 + 2 * 3", 7),
    ("(1 + 2) * 3", 9),
    ("-A + B", -2),
    ("-(A + B)", -10),
    ("2 * -3", -6),
    ("2--3", 5),
    ("−−A", 6),
    ("omsetning_å * 2", 5),
    ("min(A, B, 5)", 4),
    ("max(A, B, 7)", 7),
    ("min(A)", 6),
    ("abs(B - A)", 2),
    ("round(2.5)", 3),  # half-up, not half-even
    ("round(-2.5)", -3),
    ("round(1.005, 2)", 1.01),
    ("round(1250, -2)", 1300),
    ("round(1e300, 2)", 1e300),
    ("MAX(A, B)", 6),
    ("If(A > B, 1, 2)", 1),
    ("if(A < B, 1, 2)", 2),
    ("if(A <= 6, 1, 2)", 1),
    ("if(A >= 6.1, 1, 2)", 2),
    ("if(A = 6, 1, 2)", 1),
    ("if(A == 6, 1, 2)", 1),
    ("if(A != 6, 1, 2)", 2),
    ("if(A <> B, 1, 2)", 1),
    ("if(not A > B, 1, 2)", 2),
    ("if(not not A > B, 1, 2)", 1),
    ("if(A > 1 and B > 5, 1, 2)", 2),
    ("if(A > 1 or B > 5 and B > 6, 1, 2)", 1),  # `and` binds tighter
    ("if((A > 1 or B > 5) and B > 6, 1, 2)", 2),
    ("if((((A > 1))), 1, 2)", 1),
    ("if(A + 1 > B * 2 - 2, A, if(B > 1, 5, 6))", 6),
    ("if(ZERO = 0, 0, A / ZERO)", 0),  # nought is a value
    ("if(ZERO <> 0 and A / ZERO > 1, 1, 2)", 2),
    ("if(ZERO = 0 or A / ZERO > 1, 1, 2)", 1),
    ("if(A > B, A, NOT_YET)", 6),
    ("min * max", 15),  # only what stands before a parenthesis is a function
]


@pytest.mark.parametrize(("text", "expected"), WORKED)
def test_worked(text, expected):
    values = VALUES | {"min": 3, "max": 5}
    assert parse(text).evaluate(values) == Outcome(expected)


WITHOUT_VALUE = [
    # formula, problem, missing
    ("NOT_YET", None, ("NOT_YET",)),
    ("NOT_YET * 0", None, ("NOT_YET",)),
    ("-NOT_YET", None, ("NOT_YET",)),
    ("A + NOT_YET + UNKNOWN", None, ("NOT_YET", "UNKNOWN")),
    ("max(A, NOT_YET)", None, ("NOT_YET",)),
    ("abs(NOT_YET)", None, ("NOT_YET",)),
    ("round(NOT_YET, 1)", None, ("NOT_YET",)),
    ("if(NOT_YET > 1, 1, 2)", None, ("NOT_YET",)),
    ("if(1 < NOT_YET, 1, 2)", None, ("NOT_YET",)),
    ("if(not NOT_YET > 1, 1, 2)", None, ("NOT_YET",)),
    ("if(NOT_YET > 1 or A > 1, 1, 2)", None, ("NOT_YET",)),
    ("if(A < B, A, NOT_YET)", None, ("NOT_YET",)),
    ("A / ZERO", "division_by_zero", ()),
    ("ZERO / ZERO", "division_by_zero", ()),
    ("A / (B - 4) + 1", "division_by_zero", ()),
    ("A / ZERO + NOT_YET", "division_by_zero", ("NOT_YET",)),
    ("if(A / ZERO > 1, 1, 2)", "division_by_zero", ()),
    ("1e308 * 10", "not_finite", ()),
    ("-1e308 - 1e308", "not_finite", ()),
    ("1 / (1e308 * 10)", "not_finite", ()),
    ("1e308 / 1e-308", "not_finite", ()),
]


@pytest.mark.parametrize(("text", "problem", "missing"), WITHOUT_VALUE)
def test_no_value(text, problem, missing):
    assert parse(text).evaluate(VALUES) == Outcome(None, problem, missing)


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
def test_values_that_are_no_ordinary_numbers(value):
    for text in ("A", "0 * A", "if(A > 1, 1, 2)", "round(A)"):
        assert parse(text).evaluate({"A": value}) == Outcome(None, "not_finite")


def test_codes_are_those_of_all_branches():
    assert parse("if(A > 1, min(B, C2), -d_e)").codes == {"A", "B", "C2", "d_e"}
    assert parse("1 + 2").codes == frozenset()


REFUSED = [
    # text, code, facts
    ("", "empty", {}),
    (" \n ", "empty", {}),
    ("1 +", "incomplete", {}),
    ("(1", "incomplete", {}),
    ("min(1,", "incomplete", {}),
    ("if(A > 1 and", "incomplete", {}),
    ("1)", "unexpected", {"text": ")", "position": 2}),
    ("()", "unexpected", {"text": ")", "position": 2}),
    ("A B", "unexpected", {"text": "B", "position": 3}),
    ("A, B", "unexpected", {"text": ",", "position": 2}),
    ("+1", "unexpected", {"text": "+", "position": 1}),
    ("A ×× B", "unexpected", {"text": "×", "position": 4}),
    ("1//2", "unexpected", {"text": "/", "position": 3}),
    ("2**3", "unexpected", {"text": "*", "position": 3}),
    ("2^3", "unexpected", {"text": "^", "position": 2}),
    ("A % B", "unexpected", {"text": "%", "position": 3}),
    ("A := 1", "unexpected", {"text": ":", "position": 3}),
    ("A; B", "unexpected", {"text": ";", "position": 2}),
    ("if(1 < A < 3, 1, 2)", "unexpected", {"text": "<", "position": 10}),
    (".5", "unexpected", {"text": ".", "position": 1}),
    ("1.", "number", {"text": "1.", "position": 1}),
    ("1.2.3", "number", {"text": "1.2.3", "position": 1}),
    ("12abc", "number", {"text": "12abc", "position": 1}),
    ("1_000", "number", {"text": "1_000", "position": 1}),
    ("0x10", "number", {"text": "0x10", "position": 1}),
    ("3j", "number", {"text": "3j", "position": 1}),
    ("A + 1e999", "number", {"text": "1e999", "position": 5}),
    ("pow(2, 3)", "unknown_function", {"name": "pow", "position": 1}),
    ("1(2)", "unexpected", {"text": "(", "position": 2}),
    ("(A)(B)", "unexpected", {"text": "(", "position": 4}),
    (
        "abs()",
        "arguments",
        {"name": "abs", "position": 1, "expected": "1", "found": 0},
    ),
    (
        "1 + min()",
        "arguments",
        {"name": "min", "position": 5, "expected": "1…", "found": 0},
    ),
    (
        "round(1, 2, 3)",
        "arguments",
        {"name": "round", "position": 1, "expected": "1…2", "found": 3},
    ),
    (
        "if(A > 1, 2)",
        "arguments",
        {"name": "if", "position": 1, "expected": "3", "found": 2},
    ),
    ("round(A, B)", "digits", {"position": 1, "limit": 9}),
    ("round(A, 1.5)", "digits", {"position": 1, "limit": 9}),
    ("round(A, 10)", "digits", {"position": 1, "limit": 9}),
    ("round(A, -10)", "digits", {"position": 1, "limit": 9}),
    ("A > B", "number_expected", {"text": "A", "position": 1}),
    ("1 + (A > B)", "number_expected", {"text": "+", "position": 3}),
    ("-(A > B)", "number_expected", {"text": "-", "position": 1}),
    ("min(A > B)", "number_expected", {"text": "min", "position": 1}),
    ("if(A > 1, B > 1, 2)", "number_expected", {"text": "if", "position": 1}),
    ("if((A > 1) = 1, 1, 2)", "number_expected", {"text": "=", "position": 12}),
    ("if(A, 1, 2)", "condition_expected", {"text": "if", "position": 1}),
    ("if(A > 1 and B, 1, 2)", "condition_expected", {"text": "and", "position": 10}),
    ("if(not A, 1, 2)", "condition_expected", {"text": "not", "position": 4}),
]

HOSTILE = [
    ("A.__class__", "unexpected"),
    ("A.real", "unexpected"),
    ("__import__('os')", "unexpected"),
    ("eval(A)", "unknown_function"),
    ("A.__class__.__mro__[1].__subclasses__()", "unexpected"),
    ("lambda: 1", "unexpected"),
    ("lambda x: x", "unexpected"),
    ("(lambda)(1)", "unexpected"),
    ("'A'", "unexpected"),
    ('"A"', "unexpected"),
    ("f'{A}'", "unexpected"),
    ("A'; DROP TABLE hr_employee; --", "unexpected"),
    ("A[0]", "unexpected"),
    ("[A for A in B]", "unexpected"),
    ("{A}", "unexpected"),
    ("A if B else C", "unexpected"),
    ("A\\\nB", "unexpected"),
    ("A # B", "unexpected"),
    ("A\0B", "unexpected"),
    ("`A`", "unexpected"),
    ("$A", "unexpected"),
    ("@A", "unexpected"),
    ("A²", "unexpected"),  # a digit to str.isdigit, no number
    ("²", "unexpected"),
    ("½", "unexpected"),
    ("٣", "unexpected"),  # an Arabic digit, a number to float()
    ("1٣", "number"),
    ("A＋B", "unexpected"),  # a full-width sign
    ("A–B", "unexpected"),  # a dash is no minus
    ("\u202eA", "unexpected"),  # turns the direction of what follows
    ("A\u200b", "unexpected"),  # space of no width
    ("\ud800", "unexpected"),  # half a character
    ("mın(1)", "unknown_function"),  # without its dot
    ("(" * 10_000 + "1" + ")" * 10_000, "too_long"),
    ("1+" * 500_000 + "1", "too_long"),
    (" " * 1_000_000, "too_long"),
    ("(" * 999 + "1" + ")" * 999, "too_deep"),
    ("-" * 1999 + "1", "too_deep"),
    ("abs(" * 300 + "1" + ")" * 300, "too_deep"),
    ("if(" + "not " * 400 + "1 > 0, 1, 2)", "too_deep"),
    ("(" * 1999, "too_deep"),
]


@pytest.mark.parametrize(("text", "code", "facts"), REFUSED)
def test_refused_with_an_explanation(text, code, facts):
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert (caught.value.code, caught.value.facts) == (code, facts)


@pytest.mark.parametrize(
    ("text", "code"), HOSTILE, ids=[repr(text)[:30] for text, _code in HOSTILE]
)
def test_hostile_texts_are_refused(text, code):
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert caught.value.code == code


def test_the_limits_are_exact_and_named():
    deep = "(" * MAX_NESTING + "A" + ")" * MAX_NESTING
    assert parse(deep).evaluate({"A": 2}).value == 2
    with pytest.raises(FormulaError) as caught:
        parse(f"1 + ({deep})")
    facts = {"limit": MAX_NESTING, "position": 5 + MAX_NESTING + 1}
    assert (caught.value.code, caught.value.facts) == ("too_deep", facts)
    longest = "1+" * (MAX_LENGTH // 2 - 1) + "11"
    assert parse(longest).evaluate({}).value == MAX_LENGTH // 2 - 1 + 11
    with pytest.raises(FormulaError) as caught:
        parse(longest + "1")
    facts = {"limit": MAX_LENGTH, "length": MAX_LENGTH + 1}
    assert (caught.value.code, caught.value.facts) == ("too_long", facts)


def test_no_formula_exhausts_the_stack():
    """The deepest tree that can be written, met far down a stack as Odoo's is."""
    text = "1"
    for _level in range(MAX_NESTING):
        text = f"if(1<0 or 1>0 and 1<1+1*{text},2,3)"
    assert len(text) < MAX_LENGTH

    def far_down(frames):
        if frames:
            return far_down(frames - 1)
        formula = parse(text)
        assert str(formula).count("if(1 < 0 or 1 > 0 and") == MAX_NESTING
        return formula.evaluate({}).value

    here = len(inspect.stack())
    assert far_down(max(sys.getrecursionlimit() * 3 // 10 - here, 0)) in (2, 3)


# ------------------------------------------------------------------- properties

CODES = ("A", "B", "c_1", "é")
SAME = {"=": "==", "<>": "!="}


def _pair(ours, theirs):
    """Build both texts, ours and Python's, from pairs of operands."""
    return lambda *operands: tuple(
        form.format(*texts)
        for form, texts in zip((ours, theirs), zip(*operands, strict=True), strict=True)
    )


literals = st.one_of(
    st.integers(0, 50).map(lambda n: (str(n), repr(float(n)))),
    st.floats(0, 1e6).map(lambda x: (repr(x), repr(x))),
)
codes = st.sampled_from(CODES).map(lambda code: (code, f"values[{code!r}]"))


def _grown(numbers):
    compared = st.sampled_from(["<", "<=", ">", ">=", "=", "<>"]).flatmap(
        lambda sign: st.builds(
            _pair(
                f"{{}} {sign} {{}}",
                f"({{}} {SAME.get(sign, sign)} {{}})",
            ),
            numbers,
            numbers,
        )
    )
    conditions = st.recursive(
        compared,
        lambda inner: st.one_of(
            st.builds(_pair("({} and {})", "({} and {})"), inner, inner),
            st.builds(_pair("({} or {})", "({} or {})"), inner, inner),
            st.builds(_pair("not {}", "(not {})"), inner),
        ),
        max_leaves=3,
    )
    return st.one_of(
        *(
            st.builds(
                _pair(f"({{}} {sign} {{}})", f"({{}} {sign} {{}})"), *[numbers] * 2
            )
            for sign in "+-*/"
        ),
        st.builds(_pair("-{}", "(-{})"), numbers),
        st.builds(_pair("min({}, {})", "min({}, {})"), numbers, numbers),
        st.builds(_pair("max({}, {}, {})", "max({}, {}, {})"), *[numbers] * 3),
        st.builds(_pair("abs({})", "abs({})"), numbers),
        st.builds(_pair("round({}, 2)", "half_up({}, 2)"), numbers),
        st.builds(
            _pair("if({}, {}, {})", "({1} if {0} else {2})"),
            conditions,
            numbers,
            numbers,
        ),
    )


expressions = st.recursive(st.one_of(literals, codes), _grown, max_leaves=8)
values = st.fixed_dictionaries(
    {code: st.integers(-5, 5) | st.floats(-1e6, 1e6) for code in CODES}
)


@given(expressions, values)
def test_it_reckons_as_python_does(expression, values):
    ours, theirs = expression
    outcome = parse(ours).evaluate(values)
    assume(outcome.problem != "not_finite")
    assert outcome.missing == ()
    try:
        expected = eval(theirs, {"values": values, "half_up": half_up})
    except ZeroDivisionError:
        assert outcome == Outcome(None, "division_by_zero")
    else:
        assert outcome == Outcome(expected)


@given(expressions, values)
def test_the_canonical_text_is_the_same_formula(expression, values):
    formula = parse(expression[0])
    text = str(formula)
    again = parse(text)
    assert again == formula
    assert str(again) == text
    assert again.evaluate(values) == formula.evaluate(values)


@given(
    st.lists(
        st.sampled_from(
            [*CODES, *"+-*/−×÷(),<>=", "<=", "<>", "and", "or", "not", "2", "0.5"]
            + [f"{name}(" for name in FUNCTIONS]
        ),
        min_size=1,
        max_size=40,
    )
)
def test_any_row_of_words_is_a_formula_or_refused(words):
    text = " ".join(words)
    try:
        formula = parse(text)
    except FormulaError as error:
        assert 1 <= error.facts.get("position", 1) <= len(text)
    else:
        assert parse(str(formula)) == formula


@given(st.text(max_size=60))
def test_random_text_is_a_formula_or_refused(text):
    try:
        formula = parse(text)
    except FormulaError:
        return
    outcome = formula.evaluate({})
    assert set(outcome.missing) <= formula.codes


@given(expressions, values, st.sampled_from(CODES))
def test_a_missing_value_never_counts_as_nought(expression, values, gone):
    formula = parse(expression[0])
    whole = formula.evaluate(values)
    outcome = formula.evaluate(values | {gone: None})
    if gone in outcome.missing:
        assert outcome.value is None
    else:
        assert outcome == whole


# ------------------------------------------------------------------- circles

GRAPHS = [
    ({}, None),
    ({"A": []}, None),
    ({"A": ["X", "Y"]}, None),
    ({"A": ["A"]}, ["A", "A"]),
    ({"A": ["B"], "B": ["A"]}, ["A", "B", "A"]),
    # the way into a circle is no part of it
    ({"S": ["A"], "A": ["B"], "B": ["C"], "C": ["A"]}, ["A", "B", "C", "A"]),
    # two ways to one place are no circle
    ({"A": ["B", "C"], "B": ["D"], "C": ["D"], "D": []}, None),
    ({"A": [], "B": ["A", "C"], "C": ["B"]}, ["B", "C", "B"]),
]


@pytest.mark.parametrize(("graph", "circle"), GRAPHS)
def test_circles(graph, circle):
    assert find_circle(graph) == circle


def test_long_chains_do_not_overflow():
    chain = {f"C{n}": [f"C{n + 1}"] for n in range(10_000)}
    assert find_circle(chain) is None
    circle = find_circle(chain | {"C10000": ["C0"]})
    assert len(circle) == 10_002
    assert circle[0] == circle[-1]


@given(st.dictionaries(st.integers(0, 8), st.lists(st.integers(0, 8), max_size=3)))
def test_a_circle_is_found_exactly_when_there_is_one(graph):
    circle = find_circle(graph)
    # Kahn: what can be taken away because nothing it uses is left
    left = set(graph)
    while free := {code for code in left if not left & set(graph[code])}:
        left -= free
    assert (circle is None) == (not left)
    if circle:
        assert circle[0] == circle[-1]
        assert len(set(circle)) == len(circle) - 1
        for code, following in pairwise(circle):
            assert following in graph[code]
