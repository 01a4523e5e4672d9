"""A float that can be empty."""

from odoo import fields


class NullableFloat(fields.Float):
    """A float whose NULL means *no value* and is never mistaken for 0.

    ``fields.Float`` stores and reads an empty value as 0.0, which here would turn
    "nobody has reported yet" into a result of nought. NULL also does the right thing in
    SQL: ``AVG`` leaves it out, so group averages in lists, graphs and pivots are means
    over what has a value.

    In Python the empty value is ``None``; over RPC it is ``False``, as for other fields.
    Searching ``= False`` finds the empty ones, ``= 0`` the zeros.
    """

    falsy_value = None
    aggregator = "avg"

    def convert_to_column(self, value, record, values=None, validate=True):
        if value is None or value is False:
            return None
        return super().convert_to_column(value, record, values, validate)

    def convert_to_cache(self, value, record, validate=True):
        if value is None or value is False:
            return None
        return super().convert_to_cache(value, record, validate)

    def convert_to_record(self, value, record):
        return value

    def convert_to_read(self, value, record, use_display_name=True):
        return False if value is None else value

    def convert_to_export(self, value, record):
        return "" if value is None else value
