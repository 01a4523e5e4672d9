"""A target shared out among receivers and periods, so that nothing is lost on the way.

Two steps, each of which adds up by itself: the target over the receivers (rows), and what
each receiver has over the periods (cells). What somebody has typed stays; the rest is
shared again. Figures are :class:`decimal.Decimal` throughout.
"""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import NamedTuple

from .weighting import split

#: how a target is shared among receivers
METHODS = ("equal", "headcount", "weight", "last_period", "same", "typed")
#: how what a receiver has is shared over periods
PROFILES = ("equal", "days", "last_period", "same", "typed")
#: decimals that are kept, whatever the unit
MOST_DIGITS = 6


class Plan(NamedTuple):
    """Who gets how much of a target, and when. None: nothing was said yet.

    ``rows`` is what each receiver has in the whole period, ``cells`` the same by periods.
    ``row_uncovered`` is what a receiver's periods leave of it, ``uncovered`` what the
    receivers leave of the target; negative: more than was asked. Both are None where
    targets are not added up.
    """

    rows: list
    cells: list
    row_uncovered: list
    uncovered: Decimal | None


def exact(number, digits=MOST_DIGITS):
    """``number`` as people typed it, rounded half-up to ``digits`` decimals.

    >>> exact(0.1) + exact(0.2), exact(2.5, 0), exact(None)
    (Decimal('0.300000'), Decimal('3'), None)
    """
    if number is None:
        return None
    # a float's repr is the shortest text that gives it back: the figure people typed
    return Decimal(str(number)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def digits_for(numbers, digits=0):
    """The decimals in which ``numbers`` can be added up without loss: at least ``digits``.

    >>> digits_for([120, 0.25], 0), digits_for([120], 2), digits_for([1 / 3])
    (2, 2, 6)
    """
    return max(
        [digits]
        + [
            -exact(number).normalize().as_tuple().exponent
            for number in numbers
            if number is not None
        ]
    )


def usable_weights(weights):
    """``weights`` that a target can be shared by.

    No value is not zero: who has none counts as the mean of those that have one. A negative
    one (a loss last year) counts as 0.

    >>> usable_weights([30, None, 10]), usable_weights([None, None])
    ([30, Fraction(20, 1), 10], [0, 0])
    >>> usable_weights([-5, 5])
    [0, 5]
    """
    known = [max(weight, 0) for weight in weights if weight is not None]
    mean = Fraction(sum(map(Fraction, known)), len(known)) if known else 0
    return [mean if weight is None else max(weight, 0) for weight in weights]


def share(total, weights, typed=None, digits=2):
    """Share ``total`` out by ``weights``; what is ``typed`` stays.

    What was typed is taken off, the others share the rest. They never go below nothing:
    when more was typed than there is, they get 0 and the sum says how much it is too much.

    :param typed: a number or None for each weight
    :return: list of :class:`~decimal.Decimal` with at least ``digits`` decimals

    120 M over three departments of 50, 30 and 20 people, in cents:

    >>> [str(part) for part in share(120_000_000, [50, 30, 20])]
    ['60000000.00', '36000000.00', '24000000.00']

    The first one takes 70 M; 50 M are left for 30 and 20 people:

    >>> [str(part) for part in share(120_000_000, [50, 30, 20], [70_000_000, None, None])]
    ['70000000.00', '30000000.00', '20000000.00']
    >>> [str(part) for part in share(10, [1, 1], [12, None], digits=0)]
    ['12', '0']
    >>> [str(part) for part in share(0, [1, 1], [12, None], digits=0)]
    ['12', '0']
    """
    typed = typed or [None] * len(weights)
    digits = digits_for([total, *typed], digits)
    total = exact(total, digits)
    parts = [exact(number, digits) for number in typed]
    free = [i for i, part in enumerate(parts) if part is None]
    rest = total - sum(part for part in parts if part is not None)
    if rest * total < 0 or not total:
        rest = Decimal(0)
    usable = usable_weights([weights[i] for i in free])
    for i, part in zip(free, split(rest, usable, digits), strict=True):
        parts[i] = part
    return parts


def spread(rows, weights, digits=2):
    """Share every one of ``rows`` over columns by the same ``weights``.

    Not only the rows add up to the last decimal: the columns do as well, to what the sum of
    all rows gives when it is shared by these weights. So a hundred people with 10 customers
    a year win 250 in every quarter, though nobody wins two and a half. Each cell is at most
    one unit from its exact share.

    :param rows: numbers of one sign
    :return: a list of :class:`~decimal.Decimal` for each row

    >>> [[int(cell) for cell in row] for row in spread([10, 10], [1, 1, 1, 1], 0)]
    [[3, 3, 2, 2], [2, 2, 3, 3]]
    """
    if not rows or not weights:
        return [[] for _row in rows]
    unit = Decimal(1).scaleb(-digits)
    rows = [exact(row, digits) for row in rows]
    total = sum(rows)
    sign = -1 if total < 0 else 1
    # in whole units, where nothing is ever rounded
    wanted = [int(abs(part) / unit) for part in split(total, weights, digits)]
    amounts = [int(abs(row) / unit) for row in rows]
    whole = sum(amounts) or 1
    cells = [[amount * part // whole for part in wanted] for amount in amounts]
    missing = [
        part - sum(column)
        for part, column in zip(wanted, zip(*cells, strict=True), strict=True)
    ]
    # each row gives the units it still has to those columns that still lack most: as the
    # exact shares add up both ways, so can whole ones (Gale and Ryser)
    for amount, row in zip(amounts, cells, strict=True):
        neediest = sorted(range(len(row)), key=lambda i: -missing[i])
        for i in neediest[: amount - sum(row)]:
            row[i] += 1
            missing[i] -= 1
    return [[sign * cell * unit for cell in row] for row in cells]


def plan(
    total,
    row_weights,
    column_weights=(),
    *,
    method="equal",
    profile="equal",
    digits=2,
    typed_rows=None,
    typed_cells=None,
    taken=0,
):
    """Share ``total`` among receivers and over periods.

    A typed cell leaves what its receiver has in the whole period and changes the other
    cells of that row; a typed row changes the other rows. A row of which nothing but the
    cells was typed has what these add up to, and so has one whose typed cells exceed it.

    :param row_weights: one for each receiver; for *equal* they do not matter
    :param column_weights: one for each period; empty: the whole period only
    :param method: one of :data:`METHODS`; *same*: everybody gets the total, *typed*: nobody
        gets what was not typed
    :param profile: one of :data:`PROFILES`, for what a receiver has over the periods
    :param typed_rows: a number or None for each receiver
    :param typed_cells: a list of numbers or None, one for each period, for each receiver
    :param taken: what others have of the total already, so that less is shared
    :return: :class:`Plan`

    100 over two receivers and two halves; the first takes 40 in the first half:

    >>> halves = plan(100, [1, 1], [1, 1], digits=0, typed_cells=[[40, None], [None] * 2])
    >>> [[int(cell) for cell in row] for row in halves.cells], int(halves.uncovered)
    ([[40, 10], [25, 25]], 0)

    A rate is the same for everybody and at any time, and leaves nothing to cover:

    >>> plan(4.5, [1, 1], method="same", digits=1)
    Plan(rows=[Decimal('4.5'), Decimal('4.5')], cells=[[], []], row_uncovered=[None, None], uncovered=None)

    Others have 4 of 10 already:

    >>> [int(row) for row in plan(10, [1, 1], digits=0, taken=4).rows]
    [3, 3]

    Two more than asked:

    >>> int(plan(10, [1, 1], method="typed", digits=0, typed_rows=[5, 7]).uncovered)
    -2
    """  # noqa: E501
    count = len(row_weights)
    typed_rows = typed_rows or [None] * count
    typed_cells = typed_cells or [[None] * len(column_weights) for _row in row_weights]
    figures = [
        total,
        taken,
        *typed_rows,
        *(cell for row in typed_cells for cell in row),
    ]
    digits = digits_for(figures, digits)
    total, taken = exact(total, digits), exact(taken, digits)
    typed_rows = [exact(row, digits) for row in typed_rows]
    typed_cells = [[exact(cell, digits) for cell in row] for row in typed_cells]
    if method in ("equal", "same", "typed"):
        row_weights = [1] * count
    if profile in ("equal", "same", "typed"):
        column_weights = [1] * len(column_weights)

    adds_up = profile != "same"
    said = [
        sum(row) if adds_up and row and all(cell is not None for cell in row) else None
        for row in typed_cells
    ]
    typed_rows = [
        cells if row is None else row
        for row, cells in zip(typed_rows, said, strict=True)
    ]
    rows = _rows(total, taken, row_weights, method, digits, typed_rows)
    if adds_up and method != "same":
        rows = _widened(
            rows, total, taken, row_weights, method, digits, typed_rows, typed_cells
        )
    cells = _cells(rows, column_weights, profile, digits, typed_cells)
    return Plan(
        rows,
        cells,
        [
            None
            if row is None or not adds_up or not column_weights
            else row - (_sum(line) or 0)
            for row, line in zip(rows, cells, strict=True)
        ],
        None if method == "same" else total - taken - (_sum(rows) or 0),
    )


def _sum(numbers):
    """The sum of those that are there; None when none is."""
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def _rows(total, taken, weights, method, digits, typed):
    if method == "same":
        return [total if row is None else row for row in typed]
    if method == "typed":
        return typed
    return share(total, [*weights, 0], [*typed, taken], digits)[:-1]


def _widened(rows, total, taken, weights, method, digits, typed_rows, typed_cells):
    """``rows`` that are at least what was typed into their cells."""
    typed_rows = list(typed_rows)
    sign = -1 if total < 0 else 1
    while True:
        narrow = [
            (i, cells)
            for i, row in enumerate(rows)
            if typed_rows[i] is None
            and (cells := _sum(typed_cells[i])) is not None
            and (row is None or sign * row < sign * cells)
        ]
        if not narrow:
            return rows
        for i, cells in narrow:
            typed_rows[i] = cells
        rows = _rows(total, taken, weights, method, digits, typed_rows)


def _cells(rows, weights, profile, digits, typed):
    if not weights:
        return [[] for _row in rows]
    if profile == "same":
        return [
            [row if cell is None else cell for cell in line]
            for row, line in zip(rows, typed, strict=True)
        ]
    if profile == "typed":
        return typed
    cells = [
        line
        if row is None
        else share(row, weights, line, digits)
        if any(cell is not None for cell in line)
        else None
        for row, line in zip(rows, typed, strict=True)
    ]
    # rows in which nothing was typed, of one sign at a time
    for negative in (False, True):
        free = [
            i
            for i, line in enumerate(cells)
            if line is None and (rows[i] < 0) == negative
        ]
        for i, line in zip(
            free,
            spread([rows[i] for i in free], usable_weights(weights), digits),
            strict=True,
        ):
            cells[i] = line
    return cells
