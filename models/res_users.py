from odoo import api, fields, models
from odoo.exceptions import ValidationError

WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]
PREFERENCES = ["performance_bell", "performance_digest", "performance_digest_day"]


class ResUsers(models.Model):
    """How somebody wants to be told what they owe."""

    _inherit = "res.users"

    performance_bell = fields.Boolean(
        "Performance on My Activities",
        default=True,
        help="Show what I owe in Performance among my activities.",
    )
    performance_digest = fields.Selection(
        [
            ("none", "No mail"),
            ("daily", "Every working day"),
            ("weekly", "Once a week"),
        ],
        "Performance by Mail",
        required=True,
        default="weekly",
        help="One mail with all I owe in Performance; none when there is nothing to say.",
    )
    performance_digest_day = fields.Selection(
        WEEKDAYS,
        "Day of the Performance Mail",
        required=True,
        default="0",
        help="When I do not work on it, the mail comes on my next working day.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + PREFERENCES

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + PREFERENCES

    @api.constrains("performance_bell", "performance_digest")
    def _check_performance_told(self):
        for user in self:
            if not user.performance_bell and user.performance_digest == "none":
                raise ValidationError(
                    self.env._(
                        "%(user)s: choose how to be told what is waiting in Performance,"
                        " on “My Activities” or by mail.",
                        user=user.name,
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        if "performance_bell" in vals:
            self.env["hr.performance.owed"]._sync_users(self)
        return result
