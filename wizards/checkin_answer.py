from odoo import api, fields, models


class HrPerformanceCheckinAnswer(models.TransientModel):
    """Answer a check-in, and do at once what follows from it."""

    _name = "hr.performance.checkin.answer"
    _inherit = ["hr.performance.dialog.mixin"]
    _description = "Answer to a Check-in"
    _about_field = "checkin_id"

    checkin_id = fields.Many2one(
        "hr.performance.checkin", required=True, ondelete="cascade"
    )
    data = fields.Char(related="checkin_id.data")
    health = fields.Selection(related="checkin_id.health")
    own_health = fields.Selection(related="checkin_id.own_health")
    confidence = fields.Integer(related="checkin_id.confidence")
    assessment = fields.Text(related="checkin_id.assessment")
    blockers = fields.Text(related="checkin_id.blockers")
    blocked_since = fields.Date(related="checkin_id.blocked_since")
    next_steps = fields.Text(related="checkin_id.next_steps")
    text = fields.Text("Your Answer")
    is_public = fields.Boolean(compute="_compute_what_follows")
    can_plan_meeting = fields.Boolean(compute="_compute_what_follows")
    can_request_change = fields.Boolean(compute="_compute_what_follows")

    @api.depends("checkin_id")
    def _compute_what_follows(self):
        for dialog in self:
            goal = dialog.checkin_id.goal_id
            dialog.is_public = bool(goal) and goal.scope != "employee"
            dialog.can_plan_meeting = bool(goal.responsible_id)
            dialog.can_request_change = bool(goal) and "request_change" in (
                goal.allowed_transitions
            )

    def action_confirm(self):
        """Answer; without a word, acknowledge."""
        self.ensure_one()
        checkin = self.checkin_id
        if (self.text or "").strip():
            checkin.action_answer(self.text)
        elif checkin.state == "posted":
            checkin.action_acknowledge()
        return {"type": "ir.actions.act_window_close"}

    def action_plan_action(self):
        """Answer, and say who does what about it."""
        self.action_confirm()
        goal = self.checkin_id.goal_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New action: %(goal)s", goal=goal.name),
            "res_model": "hr.performance.action",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_goal_id": goal.id,
                "default_checkin_id": self.checkin_id.id,
                "default_responsible_id": goal.responsible_id.id,
            },
        }

    def action_plan_meeting(self):
        """Answer, and invite the owner to a coaching meeting about it."""
        self.action_confirm()
        goal = self.checkin_id.goal_id
        return goal.responsible_id._plan_meeting_action("coaching", goal)

    def action_request_change(self):
        """Answer, and ask for the goal itself to be changed."""
        self.action_confirm()
        goal = self.checkin_id.goal_id
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_performance.reason_action"
        )
        return action | {
            "name": self.env._("Request a change: %(goal)s", goal=goal.name),
            "context": {
                "active_model": goal._name,
                "active_id": goal.id,
                "active_ids": goal.ids,
                "performance_step": "action_request_change",
            },
        }
