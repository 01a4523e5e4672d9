from odoo import api, fields, models


class HrPerformanceGoal(models.Model):
    """What is done to reach the goal."""

    _inherit = "hr.performance.goal"

    action_ids = fields.One2many("hr.performance.action", "goal_id", "Actions")
    earlier_actions_note = fields.Char(
        "Tried Before", compute="_compute_earlier_actions_note"
    )

    @api.depends_context("uid", "lang")
    @api.depends("measure_ids.indicator_id", "state")
    def _compute_earlier_actions_note(self):
        # whoever plans wants to know, whoever has ended does not
        planned = self.filtered(
            lambda goal: goal.state in ("draft", "proposed", "agreed")
        )
        known = self.env["hr.performance.action"]._earlier_actions(
            planned.measure_ids.indicator_id._origin
        )
        for goal in self:
            indicators = goal.measure_ids.indicator_id._origin
            goal.earlier_actions_note = goal in planned and known.filtered(
                lambda action, goal=goal, indicators=indicators: (
                    action.goal_id != goal._origin and action.indicator_ids & indicators
                )
            )._tell_effects(indicators)

    def action_view_earlier_actions(self):
        """Judged actions on the indicators of this goal, to read what they taught."""
        self.ensure_one()
        actions = self.env["hr.performance.action"]
        earlier = actions._earlier_actions(self.measure_ids.indicator_id)
        return actions._view_judged(
            earlier.filtered(lambda action: action.goal_id != self)
        )

    def _take_step(self, name, reason=None, **values):
        """Take the step; what a goal asks of people begins and ends with it."""
        super()._take_step(name, reason, **values)
        # sudo: those who do them need not be the user's people
        self.sudo().action_ids._sync_owed()
