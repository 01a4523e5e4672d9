from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ..engine.periods import FIRST_DAY
from ..engine.value import is_ordinary


class HrPerformanceMilestone(models.Model):
    """A step on the way, reached or not, of a measure that scores by milestones.

    Which steps there are and what they weigh is part of the agreement. That one is
    reached is reported all year, by whoever may check in on the goal.
    """

    _name = "hr.performance.milestone"
    _inherit = ["hr.performance.guard.mixin"]
    _description = "Milestone"
    _order = "measure_id, sequence, date_deadline, id"

    _method_only_fields = frozenset({"date_reached"})
    _agreed_fields = frozenset({"measure_id", "name", "weight", "date_deadline"})

    measure_id = fields.Many2one(
        "hr.performance.measure", required=True, index=True, ondelete="cascade"
    )
    goal_id = fields.Many2one(related="measure_id.goal_id", store=True, index=True)
    company_id = fields.Many2one(related="measure_id.company_id", store=True)
    name = fields.Char("Milestone", required=True)
    sequence = fields.Integer(default=10)
    weight = fields.Float(default=1.0, aggregator=None)
    date_deadline = fields.Date("Due")
    date_reached = fields.Date("Reached On", readonly=True, copy=False)

    @api.constrains("weight")
    def _check_weight(self):
        for milestone in self:
            if not is_ordinary(milestone.weight) or milestone.weight < 0:
                raise ValidationError(
                    self.env._(
                        "Goal “%(goal)s”, milestone “%(milestone)s”: “Weight” must be a"
                        " number of 0 or more.",
                        goal=milestone.goal_id.name,
                        milestone=milestone.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        milestones = super().create(vals_list)
        milestones.goal_id._check_unlocked({"measure_ids"})
        return milestones

    def write(self, vals):
        if self._agreed_fields & vals.keys():
            self.goal_id._check_unlocked({"measure_ids"})
        result = super().write(vals)
        if "measure_id" in vals:
            self.goal_id._check_unlocked({"measure_ids"})
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        self.goal_id._check_unlocked({"measure_ids"})

    def action_reach(self, date=None):
        """Report the milestone as reached, today or on ``date``."""
        self._check_may_report()
        today = fields.Date.context_today(self)
        try:
            day = fields.Date.to_date(date) or today
        except (TypeError, ValueError):
            day = None
        for milestone in self:
            if not day or not FIRST_DAY <= day <= today:
                raise ValidationError(
                    self.env._(
                        "Milestone “%(milestone)s”: “%(date)s” is no date, or lies in the"
                        " future. Leave it out for today, or write it as 2026-01-31.",
                        milestone=milestone.name,
                        date=date,
                    )
                )
            if milestone.date_reached:
                raise ValidationError(
                    self.env._(
                        "Milestone “%(milestone)s” was reached on %(date)s. Take that back"
                        " first.",
                        milestone=milestone.name,
                        date=format_date(self.env, milestone.date_reached),
                    )
                )
        self._report(day)

    def _is_reached_by(self, day):
        """Whether it was reached on ``day`` or before."""
        return bool(self.date_reached) and self.date_reached <= day

    def action_take_back(self):
        """Report the milestone as not reached after all."""
        self._check_may_report()
        self._report(False)

    def _check_may_report(self):
        self.check_access("read")
        self.goal_id._check_may_report()

    def _report(self, day):
        # sudo: what is agreed is locked, what is reached is not
        self.sudo().date_reached = day
        for milestone in self.sudo():
            milestone.goal_id.message_post(
                body=self.env._("Milestone reached: %(name)s", name=milestone.name)
                if day
                else self.env._(
                    "Milestone not reached after all: %(name)s", name=milestone.name
                )
            )
