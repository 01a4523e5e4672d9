from odoo import api, fields, models


class HrPerformanceGrowthGoals(models.TransientModel):
    """Look at the goals that competency gaps would become, then make them."""

    _name = "hr.performance.growth.goals"
    _inherit = ["hr.performance.dialog.mixin"]
    _description = "Goals from Competency Gaps"
    _about_field = "appraisal_id"

    appraisal_id = fields.Many2one("hr.performance.appraisal", required=True)
    # under the user's own rules: in superuser mode these would tell anybody's results
    company_id = fields.Many2one(related="appraisal_id.company_id", related_sudo=False)
    cycle_id = fields.Many2one(
        "hr.performance.cycle",
        "In the Cycle",
        compute="_compute_from_appraisal",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        domain="[('company_id', '=', company_id), ('state', '!=', 'closed')]",
    )
    item_ids = fields.Many2many(
        "hr.performance.appraisal.item",
        compute="_compute_from_appraisal",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        string="Gaps",
    )
    known_names = fields.Char("Have a Goal Already", compute="_compute_known_names")

    @api.depends("appraisal_id")
    def _compute_from_appraisal(self):
        for wizard in self:
            # a dialog that is open holds an unsaved copy of it
            appraisal = wizard.appraisal_id._origin
            wizard.cycle_id = appraisal and appraisal._growth_cycle().with_env(self.env)
            wizard.item_ids = appraisal and appraisal._skill_gaps()

    @api.depends("appraisal_id", "cycle_id")
    @api.depends_context("uid")
    def _compute_known_names(self):
        for wizard in self:
            known = (
                wizard.appraisal_id._origin._growth_goals(wizard.cycle_id)
                if wizard.cycle_id
                else {}
            )
            wizard.known_names = ", ".join(
                item.name for item in wizard.item_ids if item.skill_id in known
            )

    def action_confirm(self):
        """Make the goals, and show them."""
        self.ensure_one()
        return self.appraisal_id.action_make_growth_goals(
            self.item_ids.ids, self.cycle_id.id
        )
