"""What is shared out adds up to the last decimal, whatever the figures."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ...engine import cascade
from ...engine.cascade import exact, plan, share, spread

digits = st.integers(0, 6)
totals = st.floats(-1e12, 1e12).map(lambda x: round(x, 6))
weights = st.floats(0, 1e6) | st.none() | st.just(0)
numbers = st.none() | st.floats(-1e6, 1e6).map(lambda x: round(x, 4))


@st.composite
def grids(draw, typed=numbers):
    """``(row weights, column weights, typed rows, typed cells)`` of a small grid."""
    rows = draw(st.integers(1, 6))
    columns = draw(st.integers(1, 5))

    def line(content, length):
        return draw(st.lists(content, min_size=length, max_size=length))

    return (
        line(weights, rows),
        line(weights, columns),
        line(typed, rows),
        [line(typed, columns) for _row in range(rows)],
    )


splitting = st.sampled_from(["equal", "headcount", "weight", "last_period"])
profiles = st.sampled_from(["equal", "days", "last_period"])


@given(totals, st.lists(weights, min_size=1, max_size=30), digits)
def test_shares_add_up_and_have_the_sign_of_the_target(total, by, places):
    shares = share(total, by, digits=places)
    assert sum(shares) == exact(total, cascade.digits_for([total], places))
    assert all(part * Decimal(str(total)) >= 0 for part in shares)


@given(totals, splitting, profiles, digits, grids(st.none()))
def test_a_grid_adds_up_both_ways(total, method, profile, places, grid):
    row_weights, column_weights, _rows, _cells = grid
    shared = plan(
        total,
        row_weights,
        column_weights,
        method=method,
        profile=profile,
        digits=places,
    )
    asked = exact(total, cascade.digits_for([total], places))
    assert sum(shared.rows) == asked
    assert [sum(line) for line in shared.cells] == shared.rows
    assert shared.uncovered == 0
    assert set(shared.row_uncovered) == {0}
    by = [1] * len(column_weights) if profile == "equal" else column_weights
    columns = [sum(column) for column in zip(*shared.cells, strict=True)]
    assert columns == share(total, by, digits=places)
    assert all(cell * asked >= 0 for line in shared.cells for cell in line)


@given(totals, splitting, profiles, digits, grids())
def test_after_any_edits_every_difference_is_shown(
    total, method, profile, places, grid
):
    row_weights, column_weights, rows, cells = grid
    shared = plan(
        total,
        row_weights,
        column_weights,
        method=method,
        profile=profile,
        digits=places,
        typed_rows=rows,
        typed_cells=cells,
    )
    assert sum(shared.rows) + shared.uncovered == exact(total)
    for row, line, left, typed, typed_line in zip(
        *(shared.rows, shared.cells, shared.row_uncovered, rows, cells), strict=True
    ):
        assert sum(line) + left == row
        assert typed is None or row == exact(typed)
        for cell, typed_cell in zip(line, typed_line, strict=True):
            assert typed_cell is None or cell == exact(typed_cell)


@given(totals, totals, splitting, digits, grids(st.none()))
def test_what_others_have_is_not_shared_again(total, taken, method, places, grid):
    row_weights, column_weights, _rows, _cells = grid
    shared = plan(
        total,
        row_weights,
        column_weights,
        method=method,
        digits=places,
        taken=taken,
    )
    assert sum(shared.rows) + exact(taken) + shared.uncovered == exact(total)
    # they get the rest of it, and nothing where there is more than was asked
    rest = exact(total) - exact(taken)
    assert shared.uncovered == (0 if rest * exact(total) > 0 or not rest else rest)


@given(totals, splitting, digits, grids(), st.data())
def test_one_edit_is_made_good_by_the_rest(total, method, places, grid, data):
    """One cell within what its receiver has: everything still adds up to the target."""
    row_weights, column_weights, _rows, _cells = grid
    before = plan(total, row_weights, column_weights, method=method, digits=places)
    row = data.draw(st.integers(0, len(row_weights) - 1))
    share_of_it = data.draw(st.integers(0, 100))
    cells = [[None] * len(column_weights) for _row in row_weights]
    kept = cascade.digits_for([total], places)
    cells[row][0] = exact(before.rows[row] * share_of_it / 100, kept)
    after = plan(
        total,
        row_weights,
        column_weights,
        method=method,
        digits=places,
        typed_cells=cells,
    )
    # with a single cell there is nobody else to make it good
    alone = len(row_weights) == len(column_weights) == 1
    assert after.uncovered == (before.rows[0] - cells[0][0] if alone else 0)
    if len(column_weights) > 1:
        assert after.rows == before.rows
        assert set(after.row_uncovered) == {0}
    assert all(cell * exact(total) >= 0 for line in after.cells for cell in line)


@given(totals, grids(), digits)
def test_same_for_all_is_the_target_everywhere(total, grid, places):
    row_weights, column_weights, _rows, _cells = grid
    shared = plan(
        total, row_weights, column_weights, method="same", profile="same", digits=places
    )
    assert {*shared.rows, *(cell for line in shared.cells for cell in line)} == {
        exact(total)
    }
    assert shared.uncovered is None


@given(totals, grids())
def test_typed_says_nothing_by_itself(total, grid):
    row_weights, column_weights, rows, _cells = grid
    shared = plan(
        total,
        row_weights,
        column_weights,
        method="typed",
        profile="typed",
        typed_rows=rows,
    )
    assert shared.rows == [exact(row) for row in rows]
    assert all(cell is None for line in shared.cells for cell in line)


@given(
    totals,
    st.lists(st.integers(1, 10**6), min_size=2, max_size=9, unique=True),
    digits,
    st.randoms(use_true_random=False),
)
def test_the_order_of_receivers_moves_at_most_one_unit(total, by, places, random):
    """Different weights: who stands where decides no more than the last unit."""
    shares = dict(zip(by, share(total, by, digits=places), strict=True))
    mixed = random.sample(by, len(by))
    again = dict(zip(mixed, share(total, mixed, digits=places), strict=True))
    unit = Decimal(1).scaleb(-cascade.digits_for([total], places))
    assert all(abs(shares[weight] - again[weight]) <= unit for weight in by)


@given(st.lists(st.integers(0, 10**9), max_size=40), grids(), digits)
def test_spreading_adds_up_and_leaves_nothing_where_nothing_is(rows, grid, places):
    _rows, by, _typed, _cells = grid
    by = cascade.usable_weights(by)
    cells = spread(rows, by, places)
    assert [sum(line) for line in cells] == rows
    assert all(cell >= 0 for line in cells for cell in line)
    assert [sum(column) for column in zip(*cells, strict=True)] == (
        share(sum(rows), by, digits=places) if rows else []
    )


def test_cost_falls_for_everybody():
    """Cost from 100.00 to 90.00 over 5, 3 and 0 people: each has a way of its own.

    Baselines 62.50 and 37.50, targets 56.25 and 33.75: everybody saves 10 %; where nobody
    works, there is nothing to save.
    """
    baselines = plan(100, [5, 3, 0], method="headcount").rows
    targets = plan(90, [5, 3, 0], method="headcount").rows
    assert baselines == [Decimal("62.50"), Decimal("37.50"), Decimal(0)]
    assert targets == [Decimal("56.25"), Decimal("33.75"), Decimal(0)]


def test_revenue_by_headcount_and_season():
    """120 M over 50, 30 and 20 people; quarters by 20, 25, 25 and 30 % of last year.

    60 M = 12 + 15 + 15 + 18, 36 M = 7.2 + 9 + 9 + 10.8, 24 M = 4.8 + 6 + 6 + 7.2.
    """
    shared = plan(
        120_000_000,
        [50, 30, 20],
        [20, 25, 25, 30],
        method="headcount",
        profile="last_period",
    )
    assert [[cell / 1000 for cell in line] for line in shared.cells] == [
        [12000, 15000, 15000, 18000],
        [7200, 9000, 9000, 10800],
        [4800, 6000, 6000, 7200],
    ]


def test_an_edited_year_and_an_edited_quarter():
    """100 over 2, 1 and 1 people: 50, 25, 25. The first year is typed as 60: 20 are left
    for each of the others. In the second one's first half 15 are typed: 5 remain.
    """
    shared = plan(
        100,
        [2, 1, 1],
        [1, 1],
        method="headcount",
        digits=0,
        typed_rows=[60, None, None],
        typed_cells=[[None, None], [15, None], [None, None]],
    )
    assert shared.rows == [60, 20, 20]
    assert shared.cells == [[30, 30], [15, 5], [10, 10]]
    assert shared.uncovered == 0


def test_cells_that_exceed_their_row_widen_it():
    """80 typed into a half of the first receiver: 20 are left for the second."""
    shared = plan(100, [1, 1], [1, 1], digits=0, typed_cells=[[80, None], [None, None]])
    assert shared.rows == [80, 20]
    assert shared.cells == [[80, 0], [10, 10]]


def test_a_row_typed_in_all_cells_is_what_they_add_up_to():
    shared = plan(100, [1, 1], [1, 1], digits=0, typed_cells=[[10, 20], [None, None]])
    assert shared.rows == [30, 70]
    assert shared.uncovered == 0
