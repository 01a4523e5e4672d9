from odoo import fields, models


class HrDepartment(models.Model):
    _inherit = "hr.department"

    performance_goal_ids = fields.One2many(
        "hr.performance.goal",
        "department_id",
        "Goals",
        domain=[("scope", "=", "department")],
    )
    performance_goal_count = fields.Integer(compute="_compute_performance_goal_count")

    def _compute_performance_goal_count(self):
        counts = dict(
            self.env["hr.performance.goal"]._read_group(
                [
                    ("scope", "=", "department"),
                    ("department_id", "in", self._origin.ids),
                    ("state", "!=", "cancelled"),
                ],
                ["department_id"],
                ["__count"],
            )
        )
        for department in self:
            department.performance_goal_count = counts.get(department._origin, 0)

    def action_view_performance_goals(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_performance.goal_action"
        )
        return action | {
            "domain": [("department_id", "=", self.id)],
            "context": {
                "default_scope": "department",
                "default_department_id": self.id,
            },
        }
