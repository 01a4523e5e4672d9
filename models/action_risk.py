from odoo import api, fields, models
from odoo.exceptions import ValidationError


class HrPerformanceAction(models.Model):
    """An action can treat a risk of the goal that it belongs to."""

    _inherit = "hr.performance.action"

    risk_id = fields.Many2one(
        "hr.performance.risk",
        "Treats the Risk",
        index="btree_not_null",
        ondelete="set null",
        domain="[('goal_id', '=', goal_id), ('state', '!=', 'closed')]",
    )

    @api.constrains("risk_id", "goal_id")
    def _check_risk(self):
        for action in self:
            if action.risk_id and action.risk_id.goal_id != action.goal_id:
                raise ValidationError(
                    self.env._(
                        "Action “%(action)s”: the risk “%(risk)s” belongs to another goal."
                        " Choose a risk of “%(goal)s”.",
                        action=action.name,
                        risk=action.risk_id.name,
                        goal=action.goal_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        ids = [vals["risk_id"] for vals in vals_list if vals.get("risk_id")]
        if ids:
            risks = self.env["hr.performance.risk"].browse(ids)
            # not in the constraint: that runs in superuser mode
            risks.check_access("read")
            # sudo: whoever is responsible for a risk need not be able to read its goal
            goals = {risk.id: risk.goal_id.id for risk in risks.sudo()}
            vals_list = [
                {"goal_id": goals[vals["risk_id"]]} | vals
                if vals.get("risk_id")
                else vals
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        # before anything is looked up in superuser mode, and named in what is said
        self.check_access("write")
        if vals.get("risk_id"):
            self.env["hr.performance.risk"].browse(vals["risk_id"]).check_access("read")
        former = self.sudo().risk_id if vals.keys() & {"risk_id", "state"} else None
        result = super().write(vals)
        if former:
            former._reopen_untreated()
        return result

    def unlink(self):
        former = self.sudo().risk_id
        result = super().unlink()
        former._reopen_untreated()
        return result


class HrPerformanceRisk(models.Model):
    _inherit = "hr.performance.risk"

    action_ids = fields.One2many("hr.performance.action", "risk_id", "Actions")

    def _reopen_untreated(self):
        """A risk whose last action went, and of which nobody said what remains, is open."""
        for risk in self.filtered(lambda risk: risk.state == "treated"):
            if not risk._has_treatment():
                risk._take_step("reopen")
                risk.message_post(
                    body=self.env._("No action is left that treats this risk.")
                )
