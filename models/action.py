from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .workflow_mixin import Transition

#: who moves an action: whoever does it, the goal's owner, a manager above, HR
MOVERS = frozenset({"self", "manager", "officer"})


class HrPerformanceAction(models.Model):
    """Who does what, by when, so that a goal is reached.

    It is planned with the goal, and goes on changing after the goal is agreed: what is
    agreed is the result, not the way. Whoever is responsible moves it, also where the
    goal is somebody else's.
    """

    _name = "hr.performance.action"
    _inherit = [
        "hr.performance.team.mixin",
        "hr.performance.workflow.mixin",
        "hr.performance.bulk.mixin",
    ]
    _description = "Action"
    _order = "date_deadline, sequence, id"
    _check_company_auto = True
    _person_field = "responsible_id"

    name = fields.Char("Action", required=True)
    sequence = fields.Integer(default=10)
    goal_id = fields.Many2one(
        "hr.performance.goal",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="goal_id.company_id", store=True, index=True)
    responsible_id = fields.Many2one(
        "hr.employee",
        compute="_compute_responsible_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        check_company=True,
        help="Who does it; the owner of the goal, unless you name somebody else.",
    )
    date_start = fields.Date("From")
    date_deadline = fields.Date("Due", index=True)
    state = fields.Selection(
        [
            ("todo", "To do"),
            ("doing", "Doing"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="todo",
        copy=False,
        index=True,
        group_expand=True,
    )

    _transitions = {
        "do": Transition(("todo",), "doing", MOVERS),
        "finish": Transition(("todo", "doing"), "done", MOVERS),
        "cancel": Transition(("todo", "doing"), "cancelled", MOVERS),
        "reopen": Transition(("done", "cancelled"), "todo", MOVERS),
    }

    @api.depends("goal_id.responsible_id")
    def _compute_responsible_id(self):
        for action in self:
            action.responsible_id = (
                action.responsible_id or action.goal_id.responsible_id
            )

    @api.model
    def _own_of_line(self, vals, goal_own):
        # whoever does it was named, or is the owner of the goal
        return (
            {}
            if "responsible_id" in vals
            else {"responsible_id": goal_own["responsible_id"]}
        )

    def _performance_roles(self):
        # sudo: whoever does it need not be able to read the goal; the roles stay the user's
        goal = self.sudo().goal_id
        # a new form has none yet
        of_goal = goal._performance_roles() if goal else set()
        return super()._performance_roles() | of_goal

    @api.constrains("date_start", "date_deadline")
    def _check_dates(self):
        for action in self:
            if (
                action.date_start
                and action.date_deadline
                and action.date_deadline < action.date_start
            ):
                raise ValidationError(
                    self.env._(
                        "Action “%(action)s” of goal “%(goal)s” is due before it begins."
                        " Change “From” or “Due”.",
                        action=action.name,
                        goal=action.goal_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        actions._check_cycle_open()
        return actions

    def write(self, vals):
        self._check_cycle_open()
        result = super().write(vals)
        if "goal_id" in vals:
            self._check_cycle_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._check_cycle_open()

    def _check_cycle_open(self):
        # sudo: whoever does it need not be able to read the goal
        self.sudo().goal_id._check_cycle_open()

    def action_do(self):
        """Say that work on it has begun."""
        self._take_step("do")

    def action_finish(self):
        """Say that it is done."""
        self._take_step("finish")

    def action_cancel(self):
        """Take it out: it will not be done."""
        self._take_step("cancel")

    def action_reopen(self):
        """Put it back on the list."""
        self._take_step("reopen")
