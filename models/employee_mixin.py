from collections import Counter

from odoo import api, fields, models
from odoo.fields import Domain


class HrPerformanceEmployeeMixin(models.AbstractModel):
    """What both faces of an employee, private and public, show of performance.

    Both models share their ids. The counts are computed under the reader's own rules (a
    related field on the public model would be computed in superuser mode), so that no
    number tells of records one may not see.
    """

    _name = "hr.performance.employee.mixin"
    _description = "Performance of an Employee"

    performance_goal_ids = fields.One2many(
        "hr.performance.goal", "employee_id", "Goals"
    )
    performance_goal_count = fields.Integer(compute="_compute_performance_counts")
    performance_agreement_count = fields.Integer(
        compute="_compute_performance_agreement_count",
        help="How many agreed goals of now there are that the user may print.",
    )
    performance_appraisal_count = fields.Integer(compute="_compute_performance_counts")
    performance_meeting_count = fields.Integer(compute="_compute_performance_counts")
    performance_can_meet = fields.Boolean(
        compute="_compute_performance_can_meet", export_string_translation=False
    )
    performance_feedback_count = fields.Integer(compute="_compute_performance_feedback")
    performance_can_give_feedback = fields.Boolean(
        compute="_compute_performance_feedback", export_string_translation=False
    )

    def _compute_performance_counts(self):
        for field_name, model_name in (
            ("performance_goal_count", "hr.performance.goal"),
            ("performance_appraisal_count", "hr.performance.appraisal"),
            ("performance_meeting_count", "hr.performance.meeting"),
        ):
            counts = {
                employee.id: count
                for employee, count in self.env[model_name]._read_group(
                    [
                        ("employee_id", "in", self._origin.ids),
                        ("state", "!=", "cancelled"),
                    ],
                    ["employee_id"],
                    ["__count"],
                )
            }
            for employee in self:
                employee[field_name] = counts.get(employee._origin.id, 0)

    def _compute_performance_feedback(self):
        counts = {
            employee.id: count
            for employee, count in self.env["hr.performance.feedback"]._read_group(
                [("employee_id", "in", self._origin.ids), ("state", "=", "given")],
                ["employee_id"],
                ["__count"],
            )
        }
        # sudo: who one is oneself, in any company
        mine = self.env.user.sudo().employee_ids.ids
        for employee in self:
            employee.performance_feedback_count = counts.get(employee._origin.id, 0)
            employee.performance_can_give_feedback = (
                bool(mine) and employee._origin.id not in mine
            )

    def action_view_performance_feedback(self):
        """What the reader may read about this person, by month."""
        self.ensure_one()
        return self.env["hr.performance.feedback"]._action_about(self)

    def action_give_performance_feedback(self):
        """Open the dialog to give feedback to this person."""
        feedback = self.env["hr.performance.feedback"]
        return feedback._open_dialog(self.env._("Give feedback")) | {
            "context": {"default_employee_id": self.id}
        }

    def _agreed_goals(self):
        """The goals in the agreements of these people that the user may print now."""
        goals = self.env["hr.performance.goal"]
        return goals.search(
            goals._print_my_line_domain()
            & Domain("scope", "=", "employee")
            & Domain("employee_id", "in", self._origin.ids)
        )

    def _compute_performance_agreement_count(self):
        counts = Counter(goal.employee_id.id for goal in self._agreed_goals())
        for employee in self:
            employee.performance_agreement_count = counts[employee._origin.id]

    def action_print_goal_agreement(self):
        """Print what is agreed with these people in the running periods."""
        return self._agreed_goals()._print_agreement()

    def action_view_performance_goals(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_performance.goal_action"
        )
        return action | {
            "domain": [("employee_id", "=", self.id)],
            "context": {"default_scope": "employee", "default_employee_id": self.id},
        }

    def action_view_performance_appraisals(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_performance.appraisal_action"
        )
        return action | {
            "domain": [("employee_id", "=", self.id)],
            "context": {"default_employee_id": self.id},
        }

    def action_view_performance_meetings(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_performance.meeting_action"
        )
        return action | {
            "domain": [("employee_id", "=", self.id)],
            "context": {"default_employee_id": self.id},
        }

    @api.depends_context("uid")
    def _compute_performance_can_meet(self):
        """Whether the user plans meetings with them: leads or coaches them, or is them."""
        meetings = self.env["hr.performance.meeting"]
        query = self.env.execute_query
        ids = {row[0] for row in query(meetings._my_team_sql())}
        ids |= {row[0] for row in query(meetings._my_employees_sql())}
        # sudo: whose coach one is, is known to oneself
        coached = self.env["hr.employee"].sudo()
        ids |= set(
            coached.search(
                [
                    ("id", "in", self._origin.ids),
                    ("coach_id.user_id", "=", self.env.uid),
                ]
            )._ids
        )
        for employee in self:
            employee.performance_can_meet = employee._origin.id in ids

    def _plan_meeting_action(self, kind, goal=None):
        """Open a new meeting with this person in a dialog, ready to be saved.

        In a dialog, because a form of its own is saved by Odoo when one turns to another
        tab: people would be invited to what was only looked at.

        :param kind: ``one_on_one``, ``coaching`` or ``interview``
        :param goal: the goal that gives rise to it; it comes onto the agenda
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan a meeting"),
            "res_model": "hr.performance.meeting",
            "views": [
                (self.env.ref("hr_performance.meeting_view_form_plan").id, "form")
            ],
            "target": "new",
            "context": {
                "default_employee_id": self.id,
                "default_kind": kind,
                "default_goal_id": goal.id if goal else False,
            },
        }

    def action_plan_one_on_one(self):
        """Plan a one-on-one with this person."""
        return self._plan_meeting_action("one_on_one")
