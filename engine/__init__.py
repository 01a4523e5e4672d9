"""The arithmetic of performance: pure functions, no Odoo, no database, no clock.

Every function takes plain values and returns plain values; *no value* is ``None`` and
never 0. Models fetch in bulk, call these functions and store what they return.
"""
