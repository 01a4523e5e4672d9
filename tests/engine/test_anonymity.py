"""Whoever looks at what is shown cannot tell who wrote it, whatever was answered."""

from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from ...engine.anonymity import NOTHING, Answer, groups, shuffle

roles = st.sampled_from(["peer", "report", "second", "project", "other"])
counts = st.dictionaries(roles, st.integers(0, 8))
merges = st.dictionaries(roles, st.none() | roles)
minima = st.integers(1, 6)
answers = st.builds(
    Answer,
    st.none() | st.sampled_from(["low", "fair", "high"]),
    st.none() | st.text("abc", min_size=1, max_size=2),
    st.booleans(),
)
forms = st.lists(
    st.dictionaries(st.integers(1, 4), st.none() | answers, max_size=4), max_size=9
)
seeds = st.integers(0, 10**6)


@given(counts, minima, merges)
def test_no_group_below_the_minimum_is_shown(counts, minimum, merge_into):
    found = groups(counts, minimum, merge_into)
    for together in found.shown.values():
        assert sum(counts[role] for role in together) >= max(minimum, 2)


@given(counts, minima, merges)
def test_every_group_ends_in_one_place(counts, minimum, merge_into):
    found = groups(counts, minimum, merge_into)
    ends = [
        *(role for together in found.shown.values() for role in together),
        *found.dropped,
        *found.withheld,
    ]
    assert sorted(ends) == sorted(role for role, count in counts.items() if count)
    for role, together in found.shown.items():
        assert together[0] == role


@given(counts, minima, merges)
def test_what_is_hidden_is_never_left_over(counts, minimum, merge_into):
    """All answers less those shown are those of no group, or of more than one group."""
    found = groups(counts, minimum, merge_into)
    hidden = sum(counts.values()) - sum(
        counts[role] for together in found.shown.values() for role in together
    )
    for role in found.dropped:
        # of a group too small, or joined by others that were too small as well
        assert hidden > counts[role] or len(found.shown) < 2 or len(found.dropped) > 1
    if found.dropped and len(found.shown) > 1:
        assert len(found.dropped) + len(found.withheld) > 1


@given(counts, minima, merges)
def test_groups_do_not_depend_on_the_order(counts, minimum, merge_into):
    backwards = dict(reversed(counts.items()))
    one, other = (groups(given, minimum, merge_into) for given in (counts, backwards))
    assert one == other


@given(counts, minima)
def test_groups_large_enough_stay_as_they_are(counts, minimum):
    everybody = {role: count + max(minimum, 2) for role, count in counts.items()}
    found = groups(everybody, minimum)
    assert found.shown == {role: (role,) for role in everybody}


@given(forms, minima, seeds)
def test_nothing_is_invented_and_nothing_shown_twice(forms, minimum, seed):
    dealt = shuffle(forms, minimum, Random(seed))
    assert len(dealt) == len(forms)
    for item in range(1, 5):
        texts, ratings = (
            [
                Counter(
                    getattr(form[item], name)
                    for form in side
                    if form.get(item) and getattr(form[item], name) is not None
                )
                for side in (forms, dealt)
            ]
            for name in ("text", "rating")
        )
        asked = sum(item in form for form in forms)
        rated = sum(ratings[0].values())
        enough = asked >= max(minimum, 2)
        assert texts[1] == (texts[0] if enough else Counter())
        assert ratings[1] == (
            ratings[0] if enough and rated >= max(minimum, 2) else Counter()
        )
    assert NOTHING not in [answer for form in dealt for answer in form.values()]


@given(forms, minima, st.randoms(use_true_random=False), seeds)
def test_the_order_of_the_reviewers_says_nothing(forms, minimum, rng, seed):
    """The same answers in another order, dealt from the same hand, are as many and as such."""
    mixed = list(forms)
    rng.shuffle(mixed)

    def as_sets(side):
        return Counter((item, answer) for form in side for item, answer in form.items())

    one, other = (shuffle(side, minimum, Random(seed)) for side in (forms, mixed))
    assert as_sets(one) == as_sets(other)


def test_every_place_is_equally_likely():
    """Who was first is on each of the forms as often as anybody else."""
    people = 4
    forms = [
        {item: Answer("high", f"{person}") for item in (1, 2)}
        for person in range(people)
    ]
    rng = Random(11)
    places, pairs, rounds = Counter(), 0, 4000
    for _round in range(rounds):
        dealt = shuffle(forms, 3, rng)
        for place, form in enumerate(dealt):
            places[form[1].text, place] += 1
            pairs += form[1].text == form[2].text
    fair = rounds / people
    assert all(abs(count - fair) < 0.15 * fair for count in places.values())
    assert len(places) == people**2
    # two answers of one person meet on one form as often as chance has it
    assert abs(pairs / rounds - 1) < 0.1
