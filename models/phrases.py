"""Sentences that HR writes, with figures in braces: “{value} days without a value”."""

import re

from odoo.tools import format_date
from odoo.tools.misc import formatLang

from ..engine.value import half_up


def names_in(text):
    """The names that ``text`` has in braces."""
    return set(re.findall(r"\{(.*?)\}", text or ""))


def fill(env, text, facts):
    """``text`` with the ``facts`` in place of their names, as people read them.

    Replaced name by name: what is typed is never evaluated.
    """
    for name, value in facts.items():
        text = text.replace(f"{{{name}}}", written(env, value))
    return text


def written(env, value):
    """A name as it is, a number with at most two decimals, a day as the language has it."""
    if isinstance(value, str):
        return value
    if not isinstance(value, int | float):
        return format_date(env, value)
    rounded = half_up(value, 2)
    digits = 0 if rounded == int(rounded) else 2
    return formatLang(env, rounded, digits=digits)
