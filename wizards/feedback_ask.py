from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.feedback_request import DEFAULT_DAYS


class HrPerformanceFeedbackAsk(models.TransientModel):
    """Ask several people at once for feedback on oneself or on somebody below."""

    _name = "hr.performance.feedback.ask"
    _inherit = ["hr.performance.form.mixin", "hr.mixin"]
    _description = "Ask for Feedback"

    employee_id = fields.Many2one(
        "hr.employee",
        "About",
        required=True,
        default=lambda self: self.env.user.employee_id,
    )
    author_ids = fields.Many2many("hr.employee", string="Ask")
    question = fields.Text(
        required=True,
        default=lambda self: self.env._(
            "What should I go on doing, and what differently?"
        ),
    )
    deadline = fields.Date(
        "By",
        required=True,
        default=lambda self: (
            fields.Date.context_today(self) + timedelta(days=DEFAULT_DAYS)
        ),
    )
    leads_somebody = fields.Boolean(compute="_compute_leads_somebody")

    @api.depends_context("uid")
    def _compute_leads_somebody(self):
        # sudo: whether one leads anybody is known to oneself
        leads = bool(self.env.user.sudo().employee_ids.child_ids)
        for dialog in self:
            dialog.leads_somebody = leads

    def action_ask(self):
        """Ask each of them, by a request of their own."""
        self.ensure_one()
        if not self.author_ids:
            raise UserError(self.env._("Choose in “Ask” who shall give feedback."))
        self.env["hr.performance.feedback.request"].create(
            [
                {
                    "employee_id": self.employee_id.id,
                    "author_id": author.id,
                    "question": self.question,
                    "deadline": self.deadline,
                }
                for author in self.author_ids
            ]
        )
        return {"type": "ir.actions.act_window_close"}
