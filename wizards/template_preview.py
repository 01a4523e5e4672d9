from odoo import api, fields, models


class HrPerformanceTemplatePreview(models.TransientModel):
    """An appraisal form as one of its reviewers sees it. Nothing typed here is kept."""

    _name = "hr.performance.template.preview"
    _inherit = ["hr.performance.dialog.mixin"]
    _description = "Preview of an Appraisal Form"
    _about_field = "template_id"

    template_id = fields.Many2one(
        "hr.performance.template", "Form", required=True, ondelete="cascade"
    )
    role_id = fields.Many2one(
        "hr.performance.template.role",
        "Seen As",
        domain="[('template_id', '=', template_id)]",
        ondelete="cascade",
    )
    form = fields.Json("Form as Seen", compute="_compute_form")
    draft = fields.Json(compute="_compute_form")
    is_author = fields.Boolean(compute="_compute_form")
    sees = fields.Char("What They See", compute="_compute_form")
    hints = fields.Text(related="template_id.hints", related_sudo=False)

    @api.depends("template_id", "role_id")
    @api.depends_context("uid", "lang")
    def _compute_form(self):
        for preview in self:
            form = preview.template_id
            shown = form._preview_form(preview.role_id.role) if form else False
            preview.form = shown
            preview.draft = {}
            preview.is_author = False
            sections = len(shown["sections"]) if shown else 0
            preview.sees = (
                self.env._(
                    "%(role)s sees %(count)s of %(all)s sections.",
                    role=preview.role_id.display_name,
                    count=sections,
                    all=len(form.section_ids),
                )
                if sections
                else self.env._(
                    "%(role)s sees nothing: no section asks them.",
                    role=preview.role_id.display_name,
                )
                if preview.role_id
                else self.env._("Nobody is asked yet. Add reviewers to the form.")
            )
