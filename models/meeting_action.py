from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .meeting import WRITING_STATES


class HrPerformanceAction(models.Model):
    """What two people agreed on in a meeting, with a goal behind it or without.

    Without a goal it is read by the two and by whoever is to do it, as the minutes are.
    """

    _inherit = "hr.performance.action"

    # an action belongs to a goal, to a meeting, or to both: see _check_belongs
    goal_id = fields.Many2one(required=False)
    meeting_id = fields.Many2one(
        "hr.performance.meeting",
        index="btree_not_null",
        ondelete="cascade",
        help="The meeting in which it was agreed on.",
    )
    company_id = fields.Many2one(
        "res.company",
        related=None,
        compute="_compute_company_id",
        store=True,
        precompute=True,
        index=True,
    )

    @api.depends("goal_id.company_id", "meeting_id.company_id")
    def _compute_company_id(self):
        for action in self:
            action.company_id = (
                action.goal_id.company_id or action.meeting_id.company_id
            )

    @api.depends("goal_id.responsible_id", "meeting_id.employee_id")
    def _compute_responsible_id(self):
        super()._compute_responsible_id()
        for action in self:
            action.responsible_id = (
                action.responsible_id or action.meeting_id.employee_id
            )

    @api.depends("goal_id")
    def _compute_effect_date(self):
        super()._compute_effect_date()
        # without a goal there is nothing that it could have worked for
        self.filtered(lambda action: not action.goal_id).effect_date = False

    # the name is always there: neither of the others need be
    @api.constrains("name", "goal_id", "meeting_id")
    def _check_belongs(self):
        for action in self:
            if not action.goal_id and not action.meeting_id:
                raise ValidationError(
                    self.env._(
                        "Action “%(action)s” belongs to nothing. Choose the goal it helps to"
                        " reach, or the meeting in which you agreed on it.",
                        action=action.name,
                    )
                )

    def _performance_roles(self):
        roles = super()._performance_roles()
        # sudo: whoever does it need not be able to read the meeting
        if self.sudo().meeting_id.with_env(self.env).is_party:
            roles.add("self")
        return roles

    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        actions._check_minutes_open(created=True)
        return actions

    def write(self, vals):
        # before anything is looked up in superuser mode, and named in what is said
        self.check_access("write")
        touches = "meeting_id" in vals or "name" in vals or "goal_id" in vals
        if touches:
            self._check_minutes_open()
        result = super().write(vals)
        if touches:
            self._check_minutes_open(created="meeting_id" in vals)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        self._check_minutes_open()

    def _check_minutes_open(self, created=False):
        """Refuse to change what was agreed on once the minutes are finalised.

        How far it is goes on moving.
        """
        if self.env.su:
            return
        # sudo: whoever answers for the goal need not be able to read the meeting
        for action in self.sudo():
            meeting = action.meeting_id.sudo(False)
            if created or not action.goal_id:
                meeting._check_can_write()
            elif action.meeting_id and action.meeting_id.state not in WRITING_STATES:
                raise UserError(
                    self.env._(
                        "“%(action)s” stands in minutes that are finalised, and stays as it"
                        " is. Cancel it, or agree on another one.",
                        action=action.name,
                    )
                )
