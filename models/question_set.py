from odoo import api, fields, models
from odoo.exceptions import UserError


class HrPerformanceQuestionSet(models.Model):
    """Good questions for one purpose. Data: HR changes and adds to them."""

    _name = "hr.performance.question.set"
    _description = "Question Set"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    purpose = fields.Selection(
        [
            ("opener", "To open a talk"),
            ("one_on_one", "One-on-one"),
            ("coaching", "Coaching"),
            ("interview", "Appraisal interview"),
        ],
        required=True,
        default="one_on_one",
        index=True,
        help="In which meetings they are offered; openers in all.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Empty: for all companies."
    )
    description = fields.Text(
        translate=True, help="How to ask, and what to listen for."
    )
    line_ids = fields.One2many(
        "hr.performance.question.line", "set_id", "Questions", copy=True
    )
    line_count = fields.Integer("Number", compute="_compute_line_count")

    @api.depends("line_ids")
    def _compute_line_count(self):
        for questions in self:
            questions.line_count = len(questions.line_ids)


class HrPerformanceQuestionLine(models.Model):
    """One question."""

    _name = "hr.performance.question.line"
    _inherit = ["hr.performance.guard.mixin"]
    _description = "Question"
    _order = "set_id, sequence, id"
    _rec_name = "text"

    set_id = fields.Many2one(
        "hr.performance.question.set", required=True, index=True, ondelete="cascade"
    )
    active = fields.Boolean(related="set_id.active", store=True)
    company_id = fields.Many2one(related="set_id.company_id", store=True)
    purpose = fields.Selection(related="set_id.purpose")
    sequence = fields.Integer(default=10)
    phase = fields.Selection(
        [
            ("goal", "Goal"),
            ("reality", "Reality"),
            ("options", "Options"),
            ("will", "Will"),
        ],
        help="For coaching: first where to, then how it is, what could be done, and what"
        " will be.",
    )
    text = fields.Char("Question", required=True, translate=True)

    def action_add_to_agenda(self):
        """Put it on the agenda of the meeting it is shown on."""
        self.ensure_one()
        meeting = self.env["hr.performance.meeting"].browse(
            self.env.context.get("performance_meeting_id") or ()
        )
        if not meeting:
            raise UserError(self.env._("Open the meeting first, then add questions."))
        meeting.action_add_question(self)
