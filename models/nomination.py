from odoo import fields, models

from .template import ROLES
from .workflow_mixin import OFFICERS, Transition


class HrPerformanceNomination(models.Model):
    """Who shall be asked for a review, and who has been.

    Says nothing of whether they have answered: that is between them and their request.
    """

    _name = "hr.performance.nomination"
    _inherit = ["hr.performance.team.mixin", "hr.performance.workflow.mixin"]
    _description = "Nominated Reviewer"
    _order = "appraisal_id, role, id"
    _rec_name = "reviewer_id"

    appraisal_id = fields.Many2one(
        "hr.performance.appraisal", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="appraisal_id.company_id", store=True, index=True
    )
    employee_id = fields.Many2one(
        related="appraisal_id.employee_id", store=True, index=True
    )
    role = fields.Selection(ROLES, required=True)
    reviewer_id = fields.Many2one(
        "hr.employee", required=True, index=True, ondelete="restrict"
    )
    state = fields.Selection(
        [("proposed", "Proposed"), ("approved", "Approved"), ("refused", "Refused")],
        required=True,
        default="proposed",
        readonly=True,
        copy=False,
        index=True,
    )
    refuse_reason = fields.Text(readonly=True, copy=False)

    _transitions = {
        "approve": Transition(("proposed",), "approved", OFFICERS | {"manager"}),
        "refuse": Transition(("proposed",), "refused", OFFICERS | {"manager"}),
    }
    _reviewer_unique = models.UniqueIndex(
        "(appraisal_id, role, reviewer_id) WHERE state != 'refused'",
        "This person has been named already.",
    )
