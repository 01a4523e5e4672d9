from odoo import fields, models


class HrPerformanceCycle(models.Model):
    """Which hints are more than hints in a cycle."""

    _inherit = "hr.performance.cycle"

    binding_rule_ids = fields.Many2many(
        "hr.performance.smart.rule",
        "hr_performance_cycle_binding_rule_rel",
        "cycle_id",
        "rule_id",
        "Binding SMART Rules",
        check_company=True,
        help="A goal is proposed and agreed only when it meets these, in the sub-periods as"
        " well. All other rules are hints.",
    )

    def _binding_rules(self):
        """``{cycle: the rules that bind its goals}``: its own and those of the cycles above."""
        # sudo: what binds is no matter of what one may read
        above = {
            cycle: self.sudo().browse(
                int(cycle_id) for cycle_id in (cycle.parent_path or "").split("/")[:-1]
            )
            for cycle in self.sudo()._origin
        }
        self.sudo().browse().union(*above.values()).fetch(["binding_rule_ids"])
        return {
            cycle: above[cycle._origin.sudo()].binding_rule_ids.sudo(self.env.su)
            for cycle in self
        }
