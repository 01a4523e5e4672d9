from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .goal import OPEN_STATES


class HrPerformanceGoal(models.Model):
    """Goals broken down from above, and linked from below."""

    _inherit = "hr.performance.goal"

    contribution = fields.Text(
        "How It Contributes",
        help="In what way this goal helps to reach the goal above.",
    )
    can_cascade = fields.Boolean(
        compute="_compute_can_cascade", export_string_translation=False
    )
    can_contribute = fields.Boolean(
        compute="_compute_can_cascade", export_string_translation=False
    )
    above_domain = fields.Binary(
        compute="_compute_above_domain", export_string_translation=False
    )

    @api.depends_context("uid")
    @api.depends("state", "scope", "responsible_id", "department_id")
    def _compute_can_cascade(self):
        """Cascaded by who answers for the goal and those above, linked to by everybody."""
        mine = self.env.user.employee_ids.company_id
        for goal in self:
            is_open = goal.state in (*OPEN_STATES, "agreed")
            goal.can_cascade = is_open and bool(goal._performance_roles())
            goal.can_contribute = (
                is_open and goal.scope != "employee" and goal.company_id in mine
            )

    @api.depends("scope", "employee_id", "department_id", "company_id")
    def _compute_above_domain(self):
        """Where one looks for a goal above: company, own chain of departments, managers.

        The record rules still decide what of it the user meets.
        """
        for goal in self:
            # sudo: department and manager of a person are private
            holder = goal.sudo()
            path = holder.department_id.parent_path or ""
            units = [int(part) for part in path.split("/") if part]
            above = Domain("scope", "=", "company")
            above |= Domain("scope", "in", ("department", "job")) & Domain(
                "department_id", "in", units
            )
            if goal.scope == "employee":
                above |= Domain("employee_id", "parent_of", holder.employee_id.ids)
            goal.above_domain = list(
                Domain("company_id", "=", holder.company_id.id)
                & Domain("state", "in", (*OPEN_STATES, "agreed"))
                & Domain("id", "not in", goal._origin.ids)
                & above
            )

    def action_contribute(self):
        """A new own goal, to be linked to this one."""
        self.ensure_one()
        self.check_access("read")
        employee = self.env.user.employee_ids.filtered(
            lambda employee: employee.company_id == self.company_id
        )
        if not employee or not self.can_contribute:
            raise UserError(
                self.env._(
                    "“%(goal)s” is not a goal that you can contribute to with a goal of"
                    " your own.",
                    goal=self.name,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Contribute to: %(goal)s", goal=self.name),
            "res_model": self._name,
            "views": [(False, "form")],
            "context": {
                "default_scope": "employee",
                "default_employee_id": employee[0].id,
                "default_parent_id": self.id,
                "default_link": "contributes",
                "default_cycle_id": self.cycle_id.id,
            },
        }

    # ---------------------------------------------------------------- cascading

    def _check_may_cascade(self):
        """Refuse goals that the user cannot read, may not cascade, or that are over.

        :raise AccessError: for goals that are hidden
        :raise UserError: for others; it names the goal and the reason
        """
        self.check_access("read")
        self._check_cycle_open()
        if not self:
            raise UserError(self.env._("Choose the goals to cascade first."))
        for goal in self:
            if not goal.can_cascade:
                raise UserError(
                    self.env._(
                        "“%(goal)s” is cascaded by its owner, the managers above and HR,"
                        " while it is open. You can contribute to it with a goal of your"
                        " own.",
                        goal=goal.name,
                    )
                )
        if len(self.company_id) > 1:
            raise UserError(
                self.env._(
                    "Cascade goals of one company at a time: %(companies)s.",
                    companies=", ".join(self.company_id.mapped("name")),
                )
            )

    def action_cascade(self):
        """Open the plan for breaking these goals down."""
        cascade = self.env["hr.performance.cascade"]._plan_for(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cascade"),
            "res_model": cascade._name,
            "res_id": cascade.id,
            "views": [(False, "form")],
        }
