from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import date_utils, format_date


class HrPerformanceFeedbackEvidenceMixin(models.AbstractModel):
    """What was noted on a person over the whole period of an appraisal.

    Month by month, so that the last weeks do not speak louder than the rest. All of it is
    read under the reader's own rules: nobody meets here what they may not read elsewhere.
    """

    _name = "hr.performance.feedback.evidence.mixin"
    _description = "Feedback as evidence"

    feedback_count = fields.Integer("Feedback", compute="_compute_feedback")
    feedback_months = fields.Char(
        "Noted by Month",
        compute="_compute_feedback",
        help="How much feedback of each month you may read. A gap is worth a thought: what"
        " happened then?",
    )

    def _compute_feedback(self):
        # sudo: of the cycle only its days
        cycles = self.sudo().cycle_id
        counts = {}
        if cycles:
            counts = {
                (person.id, month): count
                for person, month, count in self.env[
                    "hr.performance.feedback"
                ]._read_group(
                    [
                        ("employee_id", "in", self.employee_id.ids),
                        ("state", "=", "given"),
                        ("date", ">=", min(cycles.mapped("date_start"))),
                        ("date", "<=", max(cycles.mapped("date_end"))),
                    ],
                    ["employee_id", "date:month"],
                    ["__count"],
                )
            }
        today = fields.Date.context_today(self)
        for record in self:
            cycle = record.sudo().cycle_id
            months = record._months(cycle, today) if cycle else []
            found = [counts.get((record.employee_id.id, month), 0) for month in months]
            record.feedback_count = sum(found)
            # a row of dashes says less than nothing
            record.feedback_months = any(found) and " · ".join(
                f"{format_date(self.env, month, date_format='LLL')} {count or '–'}"
                for month, count in zip(months, found, strict=True)
            )

    def _months(self, cycle, today):
        """The first days of the months of ``cycle`` that have begun."""
        month = date_utils.start_of(cycle.date_start, "month")
        months = []
        while month <= min(cycle.date_end, today):
            months.append(month)
            month += relativedelta(months=1)
        return months

    def action_view_feedback(self):
        """What the reader may read of the period, by month."""
        self.ensure_one()
        cycle = self.sudo().cycle_id
        return self.env["hr.performance.feedback"]._action_about(self.employee_id) | {
            "domain": [
                ("employee_id", "=", self.employee_id.id),
                ("date", ">=", cycle.date_start),
                ("date", "<=", cycle.date_end),
            ],
        }


class HrPerformanceAppraisal(models.Model):
    _name = "hr.performance.appraisal"
    _inherit = ["hr.performance.appraisal", "hr.performance.feedback.evidence.mixin"]


class HrPerformanceRequest(models.Model):
    _name = "hr.performance.request"
    _inherit = ["hr.performance.request", "hr.performance.feedback.evidence.mixin"]


class HrPerformanceGoal(models.Model):
    """Feedback on a goal: the count is of what the reader may read."""

    _inherit = "hr.performance.goal"

    feedback_count = fields.Integer("Feedback", compute="_compute_feedback_count")

    def _compute_feedback_count(self):
        counts = dict(
            self.env["hr.performance.feedback"]._read_group(
                [("goal_id", "in", self._origin.ids)], ["goal_id"], ["__count"]
            )
        )
        for goal in self:
            goal.feedback_count = counts.get(goal._origin, 0)

    def action_view_feedback(self):
        """What was said about this goal, as far as the reader may read it."""
        self.ensure_one()
        owner = self.responsible_id
        return self.env["hr.performance.feedback"]._action_about(owner) | {
            "domain": [("goal_id", "=", self.id)],
            "context": {
                "default_employee_id": owner.id,
                "default_goal_id": self.id,
            },
        }

    def action_give_feedback(self):
        """Open the dialog for feedback to the owner on this goal."""
        self.ensure_one()
        action = self.responsible_id.action_give_performance_feedback()
        return action | {
            "context": action["context"] | {"default_goal_id": self.id},
        }
