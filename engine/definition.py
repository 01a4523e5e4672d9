"""The figure of a definition: added up from readings, or worked out from other figures.

A *definition* is a JSON-ready dict, so that an agreed goal can keep a copy of it::

    {"id": 7, "aggregation": "sum", "rollup": "sum"}              values of indicator 7
    {"formula": "100 * A / B", "inputs": {"A": …, "B": …}}        of other definitions

A formula is worked out *after* its inputs are added up, at every level: the return rate of
a department is its returns by its deliveries, not the mean of its people's rates.
"""

from collections.abc import Mapping
from typing import NamedTuple

from .accumulation import accumulate_moments
from .formula import parse


class Figure(NamedTuple):
    """A value (None: no value) and what is needed to explain it.

    ``readings`` and ``holders`` count what went in; for a formula, ``inputs`` has the
    value of each code, ``missing`` the codes without one that it would have needed (those
    of an inner formula in its place), and ``problem`` why there is no value nevertheless
    (``division_by_zero``, ``not_finite``).
    """

    value: float | None
    readings: int = 0
    holders: int = 0
    inputs: Mapping[str, float | None] = {}
    missing: tuple[str, ...] = ()
    problem: str | None = None


def evaluate(definition, moments):
    """The figure of ``definition``.

    :param moments: ``{indicator id: [Moments, one a holder]}``

    >>> from .accumulation import Moments
    >>> returns = Moments("ann", 1, 30, 30, 1, 30, 30, 30, 1)
    >>> sent = Moments("bo", 1, 600, 600, 1, 600, 600, 600, 1)
    >>> total = {"aggregation": "sum", "rollup": "sum"}
    >>> rate = {"formula": "100 * R / S", "inputs": {"R": {"id": 1} | total,
    ...                                              "S": {"id": 2} | total}}
    >>> evaluate(rate, {1: [returns], 2: [sent]}).value
    5.0
    >>> evaluate(rate, {1: [returns]})[:1], evaluate(rate, {1: [returns]}).missing
    ((None,), ('S',))
    """
    if "formula" not in definition:
        rows = moments.get(definition["id"], ())
        accumulated = accumulate_moments(
            rows, definition["aggregation"], definition["rollup"]
        )
        return Figure(accumulated.value, accumulated.count, len(accumulated.parts))
    inputs = {
        code: evaluate(inner, moments) for code, inner in definition["inputs"].items()
    }
    outcome = parse(definition["formula"]).evaluate(
        {code: figure.value for code, figure in inputs.items()}
    )
    holders = {
        row.holder for leaf in leaves(definition) for row in moments.get(leaf["id"], ())
    }
    # why an input has no value is the better answer than that it has none
    without = {code: inputs[code] for code in outcome.missing}
    return Figure(
        outcome.value,
        sum(figure.readings for figure in inputs.values()),
        len(holders),
        {code: figure.value for code, figure in inputs.items()},
        tuple(
            sorted(
                {
                    lacking
                    for code, figure in without.items()
                    for lacking in figure.missing or (code,)
                }
            )
        ),
        outcome.problem
        or next(
            (figure.problem for figure in without.values() if figure.problem), None
        ),
    )


def leaves(definition):
    """The definitions below ``definition`` that are added up from readings."""
    if "formula" not in definition:
        return [definition]
    return [leaf for inner in definition["inputs"].values() for leaf in leaves(inner)]
