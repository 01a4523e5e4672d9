from odoo import fields, models


class BareReading(models.Model):
    """The columns of a reading and nothing else: what Odoo's ``create`` costs at least.

    No computed field, no constraint, no index, no method of its own.
    """

    _name = "hr.performance.bench.reading"
    _description = "Bare Reading"

    indicator_id = fields.Many2one(
        "hr.performance.indicator", required=True, ondelete="restrict"
    )
    date = fields.Date(required=True)
    value = fields.Float(required=True, digits=0)
    weight = fields.Float(default=1.0, digits=0)
    numerator = fields.Float()
    denominator = fields.Float()
    employee_id = fields.Many2one("hr.employee")
    department_id = fields.Many2one("hr.department")
    job_id = fields.Many2one("hr.job")
    company_id = fields.Many2one("res.company", required=True)
    source = fields.Selection(
        [
            ("manual", "Typed"),
            ("checkin", "Check-in"),
            ("import", "Import"),
            ("api", "API"),
        ],
        required=True,
        default="manual",
    )
    period_start = fields.Date()
    note = fields.Char()
    checkin_id = fields.Many2one("hr.performance.checkin")
