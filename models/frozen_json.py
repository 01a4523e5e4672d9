"""A JSON value that is read often and changed as a whole only."""

from odoo import fields


class FrozenJson(fields.Json):
    """A JSON field that hands out its value itself: look at it, never change it in place.

    ``fields.Json`` makes a deep copy at each access, which for ten thousand measures and
    their rules takes longer than to work out the results.
    """

    def convert_to_record(self, value, record):
        return False if value is None else value
