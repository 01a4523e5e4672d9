from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

#: what decides whether two goals are those of one holder for two periods
HOLDER_AND_PERIOD = (
    "scope",
    "company_id",
    "department_id",
    "job_id",
    "employee_id",
    "cycle_id.date_start",
    "cycle_id.date_end",
)


class HrPerformanceGoal(models.Model):
    """The two dimensions of the tree: a goal's parts along the organisation and in time.

    The same holder's goal for a quarter below that for the year is a *time part*; every
    other goal below lies along the organisation.
    """

    _inherit = "hr.performance.goal"

    is_time_part = fields.Boolean(
        "Part in Time",
        compute="_compute_is_time_part",
        store=True,
        default=False,
        help="The goal above is that of the same holder for a longer period.",
    )

    @api.depends(
        *HOLDER_AND_PERIOD, *(f"parent_id.{name}" for name in HOLDER_AND_PERIOD)
    )
    def _compute_is_time_part(self):
        for goal in self:
            above = goal.parent_id
            period, whole = goal.cycle_id, above.cycle_id
            goal.is_time_part = bool(
                period
                and whole
                and (goal.scope, goal._holder()) == (above.scope, above._holder())
                and period._is_shorter_part_of(whole)
            )

    # ---------------------------------------------------------------- moving a goal

    @api.constrains("parent_id", "cycle_id", "link")
    def _check_parent_period(self):
        """What counts above happens while the goal above runs, or the sums do not hold."""
        for goal in self:
            # sudo: the goal above may be one that the user cannot see
            above = goal.sudo().parent_id
            if not above or goal.link != "contributes":
                continue
            period, whole = goal.cycle_id, above.cycle_id
            if not (
                whole.date_start <= period.date_start
                and period.date_end <= whole.date_end
            ):
                raise ValidationError(
                    self.env._(
                        "Goal “%(goal)s” (%(period)s) reaches beyond the period of"
                        " “%(above)s” (%(whole)s) and cannot contribute to it. Choose a"
                        " “Goal Above” whose period contains it, or let it only support"
                        " that goal (“Relation”).",
                        goal=goal.name,
                        period=period.name,
                        above=above.name,
                        whole=whole.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        goals = super().create(vals_list)
        goals._check_parent_readable()
        return goals

    def write(self, vals):
        if {"parent_id", "link"} & vals.keys():
            self._check_may_move()
        result = super().write(vals)
        if vals.get("parent_id"):
            self._check_parent_readable()
        return result

    def _check_parent_readable(self):
        """Nobody hangs a goal below one they cannot see: it would tell them its name."""
        self.sudo().parent_id.with_env(self.env).check_access("read")

    def _check_may_move(self):
        """Refuse to move a goal that is settled, or out of its owner's hands.

        Where a goal hangs is not what its agreement demands, so those above the owner
        may put it elsewhere without a change of the agreement. The owner could leave the
        goal above without what it counts on, and asks for a change.
        """
        self._check_cycle_open()
        for goal in self:
            if (
                goal.state != "draft"
                and not self.env.su
                and goal._performance_roles() == {"self"}
            ):
                raise AccessError(
                    self.env._(
                        "Goal “%(goal)s” is no longer a draft: where it hangs is changed by"
                        " your manager. Ask to have it sent back, or request a change.",
                        goal=goal.name,
                    )
                )
