from odoo import api, fields, models
from odoo.exceptions import UserError


class HrPerformanceNominate(models.TransientModel):
    """Name people who shall be asked for a review.

    Opened by the person appraised from their own request, where it proposes, or by the
    manager and HR from the appraisal, where it asks.
    """

    _name = "hr.performance.nominate"
    _inherit = ["hr.performance.form.mixin", "hr.mixin"]
    _description = "Name Reviewers"

    appraisal_id = fields.Many2one("hr.performance.appraisal")
    request_id = fields.Many2one("hr.performance.request")
    line_ids = fields.Many2many(
        "hr.performance.template.role", compute="_compute_line_ids"
    )
    line_id = fields.Many2one(
        "hr.performance.template.role",
        "As",
        compute="_compute_line_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', line_ids)]",
    )
    has_choice = fields.Boolean(compute="_compute_line_ids")
    hint = fields.Char(compute="_compute_hint")
    reviewer_ids = fields.Many2many("hr.employee", string="Who")

    def _appraisal(self):
        """The appraisal in superuser mode, for whoever may open this dialog about it."""
        about = self.request_id or self.appraisal_id
        about.check_access("read")
        if self.request_id:
            self.request_id._check_author()
            return self.request_id.sudo().appraisal_id
        return self.appraisal_id.sudo()

    @api.depends("appraisal_id", "request_id")
    def _compute_line_ids(self):
        for dialog in self:
            lines = dialog._appraisal().template_id.role_ids.filtered(
                lambda line, dialog=dialog: (
                    line.role not in ("self", "manager")
                    and (line.nomination == "employee" or not dialog.request_id)
                )
            )
            dialog.line_ids = lines.sudo(False)
            dialog.has_choice = len(lines) > 1

    @api.depends("line_ids")
    def _compute_line_id(self):
        for dialog in self:
            dialog.line_id = dialog.line_ids[:1]

    @api.depends("line_id", "request_id")
    @api.depends_context("lang")
    def _compute_hint(self):
        for dialog in self:
            line, request = dialog.line_id, dialog.request_id
            if request:
                request._check_author()
            count = len(request._proposed(line.role)) if request and line else 0
            dialog.hint = dialog._say_limits(line, count)

    def _say_limits(self, line, count):
        names = {"min": line.count_min, "max": line.count_max, "count": count}
        if line.count_min and line.count_max:
            said = self.env._("%(min)s to %(max)s people.", **names)
        elif line.count_min:
            said = self.env._("At least %(min)s people.", **names)
        elif line.count_max:
            said = self.env._("At most %(max)s people.", **names)
        else:
            said = self.env._("As many as you like.")
        if count:
            said += " " + self.env._("%(count)s are proposed already.", **names)
        if line.is_anonymous:
            said += " " + self.env._("Their answers stay anonymous.")
        return said

    def action_confirm(self):
        """Propose them, or ask them at once."""
        self.ensure_one()
        if not self.line_id:
            raise UserError(
                self.env._(
                    "Nobody else is named on this form: there is no role for it."
                )
            )
        if self.request_id:
            self.request_id.action_propose(self.line_id.role, self.reviewer_ids.ids)
        else:
            self.appraisal_id.action_ask(self.line_id.role, self.reviewer_ids.ids)
        return {"type": "ir.actions.act_window_close"}


class HrPerformanceReassign(models.TransientModel):
    """Say who is asked instead."""

    _name = "hr.performance.reassign"
    _inherit = ["hr.performance.dialog.mixin"]
    _description = "Ask Somebody Else"
    _about_field = "request_id"

    request_id = fields.Many2one("hr.performance.request", required=True)
    reviewer_id = fields.Many2one("hr.employee", "Ask Instead", required=True)

    def action_confirm(self):
        self.ensure_one()
        self.request_id.action_reassign(self.reviewer_id.id)
        return {"type": "ir.actions.act_window_close"}
