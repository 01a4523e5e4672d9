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
    #: tells the web client that a new record starts empty, not with 0
    _description_nullable = True

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

    def filter_function(self, records, field_expr, operator, value):
        if operator != "in":
            return super().filter_function(records, field_expr, operator, value)
        # in Python 0 == False, so a set of values could not tell the two apart
        getter = self.expression_getter(field_expr)
        numbers = {item for item in value if item is not None and item is not False}
        takes_empty = len(numbers) < len(value)

        def matches(record):
            found = getter(record)
            if found is None or found is False:
                return takes_empty
            return found in numbers

        return matches
