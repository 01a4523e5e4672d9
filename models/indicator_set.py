from odoo import fields, models


class HrPerformanceIndicatorSet(models.Model):
    """A field of work, such as sales or logistics, and the indicators made for it."""

    _name = "hr.performance.indicator.set"
    _description = "Indicator Set"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Text(
        translate=True, help="Whom it is for, and what to begin with."
    )
    indicator_ids = fields.One2many("hr.performance.indicator", "set_id", "Indicators")
