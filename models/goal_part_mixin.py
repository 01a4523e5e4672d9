from odoo import api, models

#: who moves a part: whoever is responsible for it, the goal's owner, a manager above, HR
MOVERS = frozenset({"self", "manager", "officer"})


class HrPerformanceGoalPartMixin(models.AbstractModel):
    """What hangs on a goal and has somebody of its own who is responsible: actions, risks.

    Whoever has a part in the goal has it here as well. Whoever is responsible need not be
    able to read the goal, which is why it is looked at in superuser mode here.
    """

    _name = "hr.performance.goal.part.mixin"
    _inherit = ["hr.performance.team.mixin"]
    _description = "Parts of a goal with somebody responsible"
    _mail_post_access = "read"
    _person_field = "responsible_id"

    @api.depends("goal_id.responsible_id")
    def _compute_responsible_id(self):
        for part in self:
            part.responsible_id = part.responsible_id or part.goal_id.responsible_id

    def _performance_roles(self):
        # sudo: to find the goal; the roles stay the user's
        goal = self.sudo().goal_id
        # a new form has none yet
        of_goal = goal._performance_roles() if goal else set()
        return super()._performance_roles() | of_goal

    def _check_cycle_open(self):
        self.sudo().goal_id._check_cycle_open()

    # ---------------------------------------------------------------- the dialogue

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """What is said on a part of a personal goal is for who does it and the line.

        A colleague may read the part where the goal is visible to everyone, but not the
        dialogue below it.
        """
        operations = super()._mail_get_operation_for_mail_message_operation(
            message_operation
        )
        strict = self._by_dialogue_operation().get("write", self.browse())
        return {
            part: "write" if part in strict else operation
            for part, operation in operations.items()
        }

    def _by_dialogue_operation(self):
        """``{operation: parts}``: what it takes to take part in what is said."""
        return self.grouped(
            lambda part: (
                "write"
                if not part.is_mine and part.sudo().goal_id.scope == "employee"
                else "read"
            )
        )
