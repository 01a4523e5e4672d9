"""Long leave that is known already counts in what still runs."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["resource.calendar.leaves"].search(
        [("resource_id", "!=", False)]
    )._mark_performance_goals()
