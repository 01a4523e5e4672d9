from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .cycle import CHECKIN_FREQUENCIES

#: what a goal, a unit or a person may have of its own
OWN_FREQUENCIES = [*CHECKIN_FREQUENCIES, ("none", "No check-ins")]


class HrPerformanceCadence(models.Model):
    """How often one person, or one unit with those below it, checks in.

    It takes the place of what the period says. Closer to the goal goes first: the goal's
    own, then the person's, then that of the nearest unit up the tree, then the period's.
    """

    _name = "hr.performance.cadence"
    _inherit = [
        "hr.performance.team.mixin",
        "hr.performance.department.mixin",
        "hr.performance.guard.mixin",
    ]
    _description = "Check-in Rhythm"
    _order = "department_id, employee_id, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        required=True,
        index=True,
    )
    department_id = fields.Many2one(
        "hr.department",
        ondelete="cascade",
        help="For its goals, those of its people and of the units below it.",
    )
    employee_id = fields.Many2one(
        "hr.employee", "Person", ondelete="cascade", help="For the person's own goals."
    )
    frequency = fields.Selection(
        OWN_FREQUENCIES, "Check-in", required=True, default="month"
    )
    reason = fields.Char(help="Why it differs; whoever it is for can read it.")

    _one_per_department = models.UniqueIndex(
        "(department_id) WHERE department_id IS NOT NULL",
        "This department has a rhythm already. Change that one.",
    )
    _one_per_person = models.UniqueIndex(
        "(employee_id) WHERE employee_id IS NOT NULL",
        "This person has a rhythm already. Change that one.",
    )

    @api.depends("department_id", "employee_id")
    def _compute_company_id(self):
        for cadence in self:
            holder = cadence.employee_id or cadence.department_id
            cadence.company_id = holder.company_id or self.env.company

    @api.depends("department_id", "employee_id")
    def _compute_display_name(self):
        for cadence in self:
            cadence.display_name = (
                cadence.employee_id.name or cadence.department_id.name or ""
            )

    @api.constrains("department_id", "employee_id")
    def _check_holder(self):
        for cadence in self:
            if bool(cadence.department_id) == bool(cadence.employee_id):
                raise ValidationError(
                    self.env._(
                        "Check-in rhythm “%(rhythm)s”: choose either a department or a"
                        " person, not both.",
                        rhythm=cadence.display_name,
                    )
                )

    # ---------------------------------------------------------------- the goals follow

    @api.model_create_multi
    def create(self, vals_list):
        cadences = super().create(vals_list)
        # constraints are not asked for what nobody has given
        cadences._check_holder()
        cadences._goals()._mark_checkin_due()
        return cadences

    def write(self, vals):
        goals = self._goals()
        result = super().write(vals)
        (goals | self._goals())._mark_checkin_due()
        return result

    def unlink(self):
        goals = self._goals()
        result = super().unlink()
        goals._mark_checkin_due()
        return result

    def _goals(self):
        """The running goals that these may be for."""
        # sudo: a rhythm holds for all goals, also for those its author does not see
        return (
            self.env["hr.performance.goal"]
            .sudo()
            .search(
                [
                    ("state", "=", "agreed"),
                    ("cycle_id.state", "!=", "closed"),
                    "|",
                    ("employee_id", "in", self.employee_id.ids),
                    ("department_id", "child_of", self.department_id.ids),
                ]
            )
        )
