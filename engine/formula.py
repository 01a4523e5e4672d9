"""Arithmetic over indicator codes: a closed little language, read and reckoned here.

::

    formula    = sum
    sum        = product { ("+" | "-") product }
    product    = signed { ("*" | "/") signed }
    signed     = "-" signed | operand
    operand    = number | code | function "(" … ")" | "(" sum ")"
    function   = min | max | abs | round | if
    condition  = sum ("<" | "<=" | ">" | ">=" | "=" | "<>") sum
               | "not" condition | condition ("and" | "or") condition

``−``, ``×`` and ``÷`` are other spellings of ``-``, ``*`` and ``/``, ``==`` and ``!=`` of
``=`` and ``<>``. A code begins with a letter and goes on with letters, digits and
underscores; capitals matter in codes and not in the names of functions. A condition
stands only where ``if`` asks for one. Nothing of a formula ever reaches Python's own
interpreter, and no text takes more than a bounded number of steps.
"""

import operator
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from .value import half_up, is_finite

MAX_LENGTH = 2000
MAX_NESTING = 50
#: ``round`` to so many decimals at most, or as many places before the point
MAX_DIGITS = 9


class FormulaError(ValueError):
    """A text that is no formula; ``code`` says why and ``facts`` where.

    ======================  =========================================================
    ``empty``               nothing but space
    ``too_long``            more than ``limit`` characters (it has ``length``)
    ``too_deep``            more than ``limit`` parentheses, functions or signs within
                            each other, at ``position``
    ``incomplete``          it ends where something is expected
    ``unexpected``          ``text`` at ``position``
    ``number``              ``text`` at ``position`` begins like a number and is none
    ``unknown_function``    ``name`` at ``position``
    ``arguments``           ``name`` at ``position`` takes ``expected`` arguments (3, 1…2
                            or 1…, a text) and got ``found``
    ``digits``              ``round`` at ``position`` takes a whole number from
                            -``limit`` to ``limit``
    ``number_expected``     ``text`` at ``position`` got a condition, not a number
    ``condition_expected``  ``text`` at ``position`` got a number, not a condition
    ======================  =========================================================

    Positions count characters from 1.
    """

    def __init__(self, code, **facts):
        super().__init__(code, facts)
        self.code = code
        self.facts = facts


class Outcome(NamedTuple):
    """What a formula comes to.

    ``value`` is None when a code had no value (``missing`` names them) or when it cannot
    be reckoned: ``problem`` is then ``division_by_zero`` or ``not_finite``.
    """

    value: float | None
    problem: str | None = None
    missing: tuple[str, ...] = ()


# ------------------------------------------------------------------- the tree

# how tightly the parts hold together, from loose to tight
OR, AND, NOT, COMPARISON, SUM, PRODUCT, SIGN, ATOM = range(1, 9)
#: the operators between two operands
LEVELS = {"or": OR, "and": AND, "+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT}
LEVELS |= dict.fromkeys(("<", "<=", ">", ">=", "=", "<>"), COMPARISON)

ARITHMETIC = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
COMPARE = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}


class _Run:
    """One evaluation: the values, and what stood in its way."""

    def __init__(self, values):
        self.values = values
        self.missing = set()
        self.problem = None

    def fail(self, problem):
        self.problem = self.problem or problem

    def finite(self, value):
        if is_finite(value):
            return value
        return self.fail("not_finite")


# A node evaluates to None when it has no value; the run knows why. Nodes call each
# other directly, one frame a node: with the limit on nesting the stack stays short.


@dataclass(frozen=True)
class Number:
    value: float
    level = ATOM
    is_condition = False

    def evaluate(self, run):
        return self.value

    def text(self):
        return repr(self.value).removesuffix(".0")


@dataclass(frozen=True)
class Code:
    name: str
    level = ATOM
    is_condition = False

    def evaluate(self, run):
        value = run.values.get(self.name)
        if value is None:
            run.missing.add(self.name)
            return None
        return run.finite(float(value))

    def text(self):
        return self.name


@dataclass(frozen=True)
class Minus:
    operand: object
    level = SIGN
    is_condition = False

    def evaluate(self, run):
        value = self.operand.evaluate(run)
        return None if value is None else -value

    def text(self):
        text = self.operand.text()
        return f"-({text})" if self.operand.level < SIGN else f"-{text}"


@dataclass(frozen=True)
class Chain:
    """Operands tied by operators of one level, from left to right."""

    level: int
    first: object
    #: (operator, operand) …
    rest: tuple

    def text(self):
        text = ""
        for sign, operand in (("", self.first), *self.rest):
            text += f" {sign} " if sign else ""
            text += (
                operand.text() if operand.level > self.level else f"({operand.text()})"
            )
        return text


class Arithmetic(Chain):
    """Sums and differences, or products and quotients."""

    is_condition = False

    def evaluate(self, run):
        result = self.first.evaluate(run)
        for sign, operand in self.rest:
            # also after a gap: everything that is missing shall be named
            value = operand.evaluate(run)
            if result is None or value is None:
                result = None
            elif sign == "/" and value == 0:
                result = run.fail("division_by_zero")
            else:
                result = run.finite(ARITHMETIC[sign](result, value))
        return result


class Logic(Chain):
    """``and`` or ``or``, until one operand decides."""

    is_condition = True

    def evaluate(self, run):
        decisive = self.level == OR
        result = self.first.evaluate(run)
        for _word, operand in self.rest:
            if result is None or result == decisive:
                return result
            result = operand.evaluate(run)
        return result


@dataclass(frozen=True)
class Comparison:
    sign: str
    left: object
    right: object
    level = COMPARISON
    is_condition = True

    def evaluate(self, run):
        left = self.left.evaluate(run)
        right = self.right.evaluate(run)
        if left is None or right is None:
            return None
        return COMPARE[self.sign](left, right)

    def text(self):
        return f"{self.left.text()} {self.sign} {self.right.text()}"


@dataclass(frozen=True)
class Not:
    operand: object
    level = NOT
    is_condition = True

    def evaluate(self, run):
        value = self.operand.evaluate(run)
        return None if value is None else not value

    def text(self):
        text = self.operand.text()
        return f"not ({text})" if self.operand.level < NOT else f"not {text}"


@dataclass(frozen=True)
class Call:
    """``min``, ``max`` or ``abs``."""

    name: str
    arguments: tuple
    level = ATOM
    is_condition = False

    def evaluate(self, run):
        values = [argument.evaluate(run) for argument in self.arguments]
        if None in values:
            return None
        return abs(values[0]) if self.name == "abs" else PICK[self.name](values)

    def text(self):
        texts = [argument.text() for argument in self.arguments]
        return f"{self.name}({', '.join(texts)})"


PICK = {"min": min, "max": max}


@dataclass(frozen=True)
class Round:
    operand: object
    digits: int
    level = ATOM
    is_condition = False

    def evaluate(self, run):
        return half_up(self.operand.evaluate(run), self.digits)

    def text(self):
        digits = f", {self.digits}" if self.digits else ""
        return f"round({self.operand.text()}{digits})"


@dataclass(frozen=True)
class Choice:
    """``if``; the branch that is not taken is not looked at."""

    condition: object
    then: object
    otherwise: object
    level = ATOM
    is_condition = False

    def evaluate(self, run):
        holds = self.condition.evaluate(run)
        if holds is None:
            return None
        return (self.then if holds else self.otherwise).evaluate(run)

    def text(self):
        condition = self.condition.text()
        return f"if({condition}, {self.then.text()}, {self.otherwise.text()})"


@dataclass(frozen=True)
class Formula:
    """What :func:`parse` has read.

    ``str()`` gives the canonical text, which parses to an equal formula; with its spaces
    it may be longer than a text that was close to the limit.

    >>> str(parse("if(A>=2 and(B!=0), (A÷B)×100, −(1))"))
    'if(A >= 2 and B <> 0, (A / B) * 100, -1)'
    """

    root: object
    #: the codes used, a frozenset
    codes: frozenset[str]

    def evaluate(self, values: Mapping[str, float | None]) -> Outcome:
        """The value, given those of the codes; an :class:`Outcome`, never an exception.

        A code that is None in ``values``, or not there, has no value, and then the
        formula has none either. What is not looked at may be missing: the branch of
        ``if`` not taken, and what follows in ``and`` and ``or`` after the operand that
        decides. Numbers are compared exactly; round them where that matters.

        >>> rate = parse("100 * RETURNED / SOLD")
        >>> rate.evaluate({"RETURNED": 3, "SOLD": 60})
        Outcome(value=5.0, problem=None, missing=())
        >>> rate.evaluate({"RETURNED": 3, "SOLD": 0}).problem
        'division_by_zero'
        >>> rate.evaluate({"RETURNED": None}).missing
        ('RETURNED', 'SOLD')
        >>> parse("if(SOLD > 0 and RETURNED / SOLD > 1, 1, 2)").evaluate(
        ...     {"SOLD": 0, "RETURNED": None}
        ... ).value
        2.0
        """
        run = _Run(values)
        value = self.root.evaluate(run)
        return Outcome(value, run.problem, tuple(sorted(run.missing)))

    def __str__(self):
        return self.root.text()


# ------------------------------------------------------------------- reading


class Token(NamedTuple):
    """``text`` is in the one spelling that counts, ``written`` as it was typed."""

    kind: str
    text: str
    position: int
    written: str


#: number of arguments, at least and at most
FUNCTIONS = {
    "min": (1, None),
    "max": (1, None),
    "abs": (1, 1),
    "round": (1, 2),
    "if": (3, 3),
}
WORDS = {"and", "or", "not"}
SPELLINGS = {"−": "-", "×": "*", "÷": "/", "==": "=", "!=": "<>"}
TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?P<tail>[\w.]*))
      | (?P<name>[^\W\d_]\w*)
      | (?P<sign><=|>=|==|!=|<>|[-+*/−×÷(),<>=])
      | (?P<end>\Z)
      | (?P<other>.)
    )""",
    re.VERBOSE | re.DOTALL,
)


def _tokens(text):
    tokens = []
    for match in TOKEN.finditer(text):
        kind = "number" if match["number"] else match.lastgroup
        written = match[kind]
        position = match.start(kind) + 1
        if kind == "other":
            raise FormulaError("unexpected", text=written, position=position)
        if kind == "number" and (match["tail"] or not is_finite(float(written))):
            raise FormulaError("number", text=written, position=position)
        if kind == "name":
            _check_letters(written, position)
            if written in WORDS:
                kind = "sign"
        tokens.append(Token(kind, SPELLINGS.get(written, written), position, written))
        if kind == "end":
            return tokens


def _check_letters(name, position):
    """Refuse what counts as part of a word without being a letter or a digit, as in A²."""
    for number, letter in enumerate(name):
        if not (letter.isalpha() or letter.isdecimal() or letter == "_"):
            raise FormulaError("unexpected", text=letter, position=position + number)


def parse(text: str) -> Formula:
    """Read ``text``.

    :return: :class:`Formula`
    :raise FormulaError: when it is anything but arithmetic over codes

    >>> sorted(parse("min(NEW - LOST, 0.5 × PLAN)").codes)
    ['LOST', 'NEW', 'PLAN']
    >>> try:
    ...     parse("2 ** 3")
    ... except FormulaError as error:
    ...     error.code, error.facts
    ('unexpected', {'text': '*', 'position': 4})
    """
    if len(text) > MAX_LENGTH:
        raise FormulaError("too_long", length=len(text), limit=MAX_LENGTH)
    if not text.strip():
        raise FormulaError("empty")
    return _Parser(text).parse()


class _Parser:
    """Recursive descent by precedence, one operator level a call."""

    def __init__(self, text):
        self.rest = iter(_tokens(text))
        self.token = next(self.rest)
        self.depth = 0
        self.codes = set()

    def parse(self):
        start = self.token
        root = self._expression(OR)
        if self.token.kind != "end":
            raise self._unexpected(self.token)
        self._want_numbers(start, root)
        return Formula(root, frozenset(self.codes))

    def _take(self, text=None):
        token = self.token
        if text and token.text != text:
            raise self._unexpected(token)
        self.token = next(self.rest, token)
        return token

    def _unexpected(self, token):
        if token.kind == "end":
            return FormulaError("incomplete")
        return FormulaError("unexpected", text=token.written, position=token.position)

    def _want_numbers(self, token, *nodes):
        if any(node.is_condition for node in nodes):
            where = {"text": token.written, "position": token.position}
            raise FormulaError("number_expected", **where)

    def _want_conditions(self, token, *nodes):
        if not all(node.is_condition for node in nodes):
            where = {"text": token.written, "position": token.position}
            raise FormulaError("condition_expected", **where)

    def _expression(self, level):
        """An operand and all that is tied to it by operators of ``level`` or tighter."""
        node = self._operand()
        while (found := LEVELS.get(self.token.text, 0)) >= level:
            sign, rest = self.token, []
            while LEVELS.get(self.token.text) == found:
                if rest and found == COMPARISON:  # 1 < A < 3
                    raise self._unexpected(self.token)
                text = self._take().text
                rest.append((text, self._expression(found + 1)))
            node = self._tied(sign, found, node, rest)
        return node

    def _tied(self, sign, level, first, rest):
        operands = [operand for _sign, operand in rest]
        if level in (OR, AND):
            self._want_conditions(sign, first, *operands)
            return Logic(level, first, tuple(rest))
        self._want_numbers(sign, first, *operands)
        if level == COMPARISON:
            return Comparison(sign.text, first, *operands)
        return Arithmetic(level, first, tuple(rest))

    def _operand(self):
        token = self._take()
        self.depth += 1
        if self.depth > MAX_NESTING + 1:
            raise FormulaError("too_deep", limit=MAX_NESTING, position=token.position)
        if token.kind == "number":
            node = Number(float(token.text))
        elif token.kind == "name" and self.token.text == "(":
            node = self._call(token)
        elif token.kind == "name":
            self.codes.add(token.text)
            node = Code(token.text)
        elif token.text == "(":
            node = self._expression(OR)
            self._take(")")
        elif token.text == "-":
            operand = self._operand()
            self._want_numbers(token, operand)
            node = Minus(operand)
        elif token.text == "not":
            operand = self._expression(COMPARISON)
            self._want_conditions(token, operand)
            node = Not(operand)
        else:
            raise self._unexpected(token)
        self.depth -= 1
        return node

    def _call(self, token):
        name = token.text.lower()
        if name not in FUNCTIONS:
            where = {"name": token.text, "position": token.position}
            raise FormulaError("unknown_function", **where)
        arguments = []
        self._take("(")
        if self.token.text != ")":
            arguments.append(self._expression(OR))
            while self.token.text == ",":
                self._take()
                arguments.append(self._expression(OR))
        self._take(")")
        least, most = FUNCTIONS[name]
        if not least <= len(arguments) <= (most or len(arguments)):
            expected = str(least) if least == most else f"{least}…{most or ''}"
            raise FormulaError(
                "arguments",
                name=name,
                position=token.position,
                expected=expected,
                found=len(arguments),
            )
        if name == "if":
            self._want_conditions(token, arguments[0])
            self._want_numbers(token, *arguments[1:])
            return Choice(*arguments)
        self._want_numbers(token, *arguments)
        if name == "round":
            return Round(arguments[0], self._digits(token, *arguments[1:]))
        return Call(name, tuple(arguments))

    def _digits(self, token, node=Number(0.0)):
        """The decimals of ``round``: written out, so that they are right once for all."""
        sign = 1
        if isinstance(node, Minus):
            sign, node = -1, node.operand
        if (
            not isinstance(node, Number)
            or not node.value.is_integer()
            or node.value > MAX_DIGITS
        ):
            raise FormulaError("digits", position=token.position, limit=MAX_DIGITS)
        return sign * int(node.value)


def is_code(text: str) -> bool:
    """Whether a formula can name an indicator whose code is ``text``.

    >>> [is_code(text) for text in ("SALES_2", "销售额", "A-B", 'A"B', " A", "and")]
    [True, True, False, False, False, False]
    """
    try:
        return parse(text).root == Code(text)
    except FormulaError:
        return False


# ------------------------------------------------------------------- between formulas


def find_circle(graph: Mapping[str, Iterable[str]]) -> list[str] | None:
    """A circle among formulas that use each other, if there is one.

    :param graph: for each code the codes its formula uses; others may occur among these
    :return: the codes on the way around, the first one again at the end, or None

    >>> find_circle({"A": ["B"], "B": ["C", "X"], "C": ["A"]})
    ['A', 'B', 'C', 'A']
    >>> find_circle({"A": ["A"]}), find_circle({"A": ["B", "C"], "B": ["C"]})
    (['A', 'A'], None)
    """
    done = set()
    for start in graph:
        if start in done:
            continue
        # depth first with a stack of our own: a chain may be longer than Python's
        path, ahead = [start], [iter(graph[start])]
        on_path = {start}
        while path:
            code = next(ahead[-1], None)
            if code is None:
                ahead.pop()
                on_path.remove(path[-1])
                done.add(path.pop())
            elif code in on_path:
                return [*path[path.index(code) :], code]
            elif code not in done:
                path.append(code)
                on_path.add(code)
                ahead.append(iter(graph.get(code, ())))
    return None
