"""What holds for SMART checks, whatever the text: tried with texts from hypothesis."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...engine import smart, wording
from ...engine.smart import CHECKS, Goal, Measure, Other, Rule
from . import test_properties  # noqa: F401  settles how hypothesis runs

#: texts as people write them, and as nobody does
LETTERS = "aåøbcæ ABC ÅØ 提高客户服务 并和 0123456789 .,:;%-–*+()[]\\^$|?{}'’“”\n\t"
texts = st.one_of(st.text(LETTERS, max_size=60), st.text(max_size=40))
words = st.lists(texts, max_size=5).map(tuple)
numbers = st.one_of(st.none(), st.floats(-1e9, 1e9), st.just(0.0))
days = st.one_of(st.none(), st.dates())
measures = st.builds(
    Measure,
    name=texts,
    kind=st.sampled_from(["result", "process", "growth"]),
    unit=st.sampled_from(["", "%", "customers"]),
    direction=st.sampled_from(["higher", "lower", "range"]),
    baseline=numbers,
    target=numbers,
    adds_up=st.booleans(),
    former=numbers,
    actual=numbers,
    likely=numbers,
    date_start=days,
    date_end=days,
)
goals = st.builds(
    Goal,
    name=texts,
    description=texts,
    measures=st.lists(measures, max_size=3).map(tuple),
    has_parts=st.booleans(),
    has_owner=st.booleans(),
    owner_left=st.booleans(),
    has_parent=st.booleans(),
    is_related=st.sampled_from([None, True, False]),
    weight=st.floats(0, 1e6),
    others=st.lists(
        st.builds(Other, texts, st.floats(0, 1e6), st.just(frozenset({"result"}))),
        max_size=3,
    ).map(tuple),
    actions=st.sampled_from([None, 0, 3]),
    date_start=days,
    date_end=days,
    period_start=days,
    period_end=days,
    today=days,
)
places = st.sampled_from(["name", "start", "text"])
rules = st.builds(
    Rule,
    check=st.sampled_from(sorted(CHECKS)),
    words=words,
    followers=words,
    place=places,
    unless_number=st.booleans(),
    limit=st.floats(0, 1000),
)


@given(rules, goals)
def test_a_check_finds_what_it_says_or_nothing(rule, goal):
    found = smart.find(rule, goal)
    assert found is None or found.keys() <= set(CHECKS[rule.check].facts)


@given(words, texts, st.booleans())
def test_a_word_is_found_as_it_is_written(words, text, at_start):
    found = wording.search(words, text, at_start=at_start)
    assert found is None or found in wording.normalise(text)


@given(words, words, texts, st.booleans())
def test_more_words_find_more(some, more, text, at_start):
    if wording.search(some, text, at_start=at_start) is not None:
        assert wording.search(some + more, text, at_start=at_start) is not None


@given(words, texts)
def test_the_order_of_words_does_not_matter(words, text):
    assert wording.search(words, text) == wording.search(words[::-1], text)


@given(
    st.lists(st.text("abcæøå* ", min_size=1), min_size=1).map(tuple),
    st.text("提高客户服务，。"),
)
def test_lists_of_another_script_say_nothing(words, text):
    assert wording.search(words, text) is None
    missing = Rule("words_missing", words)
    assert smart.find(missing, Goal(text)) is None or not text


@given(st.integers(0, 10**12), st.sampled_from(["", ",", " ", "’"]))
def test_a_number_is_read_back(number, separator):
    written = f"{number:,}".replace(",", separator)
    (found,) = wording.numbers(f"Sell {written} of them")
    assert float(number) in found


@given(st.floats(0, 1e9).map(lambda x: round(x, 2)), st.sampled_from([".", ","]))
def test_decimals_are_read_back(number, point):
    (found,) = wording.numbers(f"Sell {number:.2f}".replace(".", point))
    assert any(abs(value - number) < 0.005 for value in found)


@given(texts, texts)
def test_likeness_goes_both_ways(one, other):
    assert wording.likeness(one, other) == wording.likeness(other, one)
    assert 0 <= wording.likeness(one, other) <= 100


@given(texts)
def test_nothing_is_more_alike_than_the_same(text):
    assert wording.likeness(text, text) in (0, 100)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Improve quality in 2026", []),
        ("Open by 31.12.2026", []),
        ("Open by 2026-06-30", []),
        ("在2026年6月前开通", []),
        ("Better margins in Q3 and H2", []),
        ("Cut CO2 by 20 %", [{20}]),
        ("Sell 1.234,5 tonnes", [{1234.5}]),
        ("Sell 20k", [{20000}]),
        ("Selge for 3 mill kroner", [{3e6}]),
        ("签下２０个客户", [{20}]),
    ],
)
def test_figures_in_texts(text, found):
    assert wording.numbers(text, 2026) == found


@pytest.mark.parametrize(
    ("name", "measure", "differs"),
    [
        # 100 → 90 is 10 % less, and 10 less
        ("Cut cost by 10 %", Measure("Cost", baseline=100, target=90), False),
        ("Cut cost by 12 %", Measure("Cost", baseline=100, target=90), True),
        ("Raise revenue to 1.5 M", Measure("Revenue", target=1500000), False),
        ("Win new customers", Measure("Customers", target=20), False),
        ("Win 20 customers", Measure("Judged"), False),
    ],
)
def test_the_name_and_its_target(name, measure, differs):
    goal = Goal(name, measures=(measure,), period_start=date(2026, 1, 1))
    assert (smart.find(Rule("target_differs"), goal) is not None) == differs
