"""What steps had put on people's activities is made anew, of what is owed now."""

from odoo import SUPERUSER_ID, api

KINDS = ("goal_agree", "goal_proposed", "target_change", "review", "acknowledge")


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    types = [
        found.id
        for kind in KINDS
        if (
            found := env.ref(
                f"hr_performance.mail_activity_{kind}", raise_if_not_found=False
            )
        )
    ]
    known = env["hr.performance.notice"].search([]).activity_id
    (
        env["mail.activity"].search(
            [("activity_type_id", "in", types), ("automated", "=", True)]
        )
        - known
    ).unlink()
    while env["hr.performance.owed"]._sync_some():
        pass
