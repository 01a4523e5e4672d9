from odoo import fields, models

from .template import PURPOSES


class HrPerformanceCyclePhase(models.Model):
    """A part of a cycle with an appraisal form of its own: goal setting, mid-year.

    The year-end needs no phase: form and deadlines are the cycle's.
    """

    _name = "hr.performance.cycle.phase"
    _inherit = ["hr.performance.guard.mixin"]
    _description = "Cycle Phase"
    _order = "cycle_id, date_start, id"
    _rec_name = "purpose"
    _check_company_auto = True

    cycle_id = fields.Many2one(
        "hr.performance.cycle", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="cycle_id.company_id", store=True, index=True)
    purpose = fields.Selection(PURPOSES, required=True, default="mid_year")
    template_id = fields.Many2one(
        "hr.performance.template",
        "Form",
        check_company=True,
        ondelete="restrict",
        help="Empty: for each person the form that suits best.",
    )
    date_start = fields.Date("From")
    date_end = fields.Date("To")
    self_review_deadline = fields.Date("Self Reviews By")
    feedback_deadline = fields.Date("Others' Reviews By")
    manager_review_deadline = fields.Date("Manager Reviews By")
