from odoo import api, fields, models
from odoo.fields import Command

#: which kinds a cycle usually has on which level: results, processes, growth, OKRs
STANDARD = {
    "company": (True, False, False, False),
    "department": (True, True, False, True),
    "job": (False, True, True, False),
    "employee": (False, True, True, False),
}
KINDS = ("results", "processes", "growth", "okr")


class HrPerformanceLevelMix(models.Model):
    """Which kinds of goals a cycle has on one level: a line of the cycle.

    A level without a line takes everything. Nothing is refused: the alignment report
    names the goals that do not fit.
    """

    _name = "hr.performance.level.mix"
    _inherit = ["hr.performance.guard.mixin"]
    _description = "Level Mix"
    _order = "cycle_id, id"

    cycle_id = fields.Many2one(
        "hr.performance.cycle", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="cycle_id.company_id", store=True, index=True)
    scope = fields.Selection(
        lambda self: self.env["hr.performance.goal"]._fields["scope"].selection,
        "Level",
        required=True,
    )
    results = fields.Boolean(default=True, help="Measures on result indicators.")
    processes = fields.Boolean(default=True, help="Measures on process indicators.")
    growth = fields.Boolean(default=True, help="Measures on growth indicators.")
    okr = fields.Boolean(
        "OKRs", default=True, help="OKR goals, whatever their key results measure."
    )

    _cycle_scope_unique = models.Constraint(
        "UNIQUE (cycle_id, scope)", "A cycle has one line for each level."
    )

    @api.depends("cycle_id", "scope")
    def _compute_display_name(self):
        levels = dict(self._fields["scope"]._description_selection(self.env))
        for mix in self:
            mix.display_name = f"{mix.cycle_id.name}: {levels.get(mix.scope, '')}"


class HrPerformanceCycle(models.Model):
    _inherit = "hr.performance.cycle"

    level_mix_ids = fields.One2many(
        "hr.performance.level.mix",
        "cycle_id",
        "Level Mix",
        copy=True,
        help="Which kinds of goals belong on which level. Sub-periods follow.",
    )
    level_mix_cycle_id = fields.Many2one(
        "hr.performance.cycle",
        "Level Mix Of",
        compute="_compute_level_mix_cycle_id",
        recursive=True,
        help="The cycle whose lines hold here: its own, or those of the nearest one above.",
    )

    @api.depends("level_mix_ids", "parent_id.level_mix_cycle_id")
    def _compute_level_mix_cycle_id(self):
        for cycle in self:
            cycle.level_mix_cycle_id = (
                cycle if cycle.level_mix_ids else cycle.parent_id.level_mix_cycle_id
            )

    def action_standard_level_mix(self):
        """Fill in the usual mix: results above, processes and growth with the people."""
        for cycle in self:
            cycle.level_mix_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {"scope": scope, **dict(zip(KINDS, allowed, strict=True))}
                    )
                    for scope, allowed in STANDARD.items()
                ),
            ]
