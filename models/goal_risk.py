from odoo import api, fields, models

from ..engine import risk as engine


class HrPerformanceGoal(models.Model):
    """What may stop the goal, and what that does to its health."""

    _inherit = "hr.performance.goal"

    risk_ids = fields.One2many("hr.performance.risk", "goal_id", "Risks")
    # the default is what is so of a new goal, and then no news
    open_risk_count = fields.Integer(
        "Open Risks", compute="_compute_risk", store=True, default=0, aggregator="sum"
    )
    has_high_risk = fields.Boolean(
        "Untreated High Risk",
        compute="_compute_risk",
        store=True,
        default=False,
        help="A threat above what is accepted that nobody has treated yet: such a goal is"
        " never on track.",
    )
    risk_zone = fields.Selection(
        [(engine.HIGH, "High"), (engine.CRITICAL, "Critical")],
        "Worst Untreated Risk",
        compute="_compute_risk",
        store=True,
        default=False,
    )

    @api.depends("risk_ids.is_high", "risk_ids.zone", "risk_ids.state")
    def _compute_risk(self):
        for goal in self:
            if goal._is_settled():
                for name in ("open_risk_count", "has_high_risk", "risk_zone"):
                    goal[name] = goal[name]
                continue
            risks = goal.risk_ids
            goal.open_risk_count = sum(risk.state == "open" for risk in risks)
            goal.risk_zone = engine.worst_zone(
                risk.zone for risk in risks if risk.is_high
            )
            goal.has_high_risk = bool(goal.risk_zone)

    @api.depends_context("uid")
    @api.depends("has_high_risk", "risk_ids.is_high", "risk_ids.name")
    def _compute_health_reason(self):
        super()._compute_health_reason()
        goals = self.filtered(
            lambda goal: goal.has_high_risk and goal.state == "agreed"
        )
        if not goals:
            return
        # under the user's own rules, whatever the mode: a name is only for its readers
        risks = (
            self.env["hr.performance.risk"]
            .sudo(False)
            .search_fetch(
                [("goal_id", "in", goals._origin.ids), ("is_high", "=", True)],
                ["goal_id", "name"],
            )
            .grouped(lambda risk: risk.goal_id.id)
        )
        for goal in goals:
            found = risks.get(goal._origin.id)
            if not found:
                continue
            untreated = (
                self.env._("“%(risk)s” is untreated", risk=found[0].name)
                if len(found) == 1
                else self.env._(
                    "“%(risk)s” and more high risks (%(count)s) are untreated",
                    risk=found[0].name,
                    count=len(found),
                )
            )
            goal.health_reason = "; ".join(
                filter(None, [goal.health_reason, untreated])
            )

    def _recount(self):
        # first: the health of the goals follows from them
        self.risk_ids._recount()
        super()._recount()

    def _take_step(self, name, reason=None, **values):
        super()._take_step(name, reason, **values)
        if name in ("agree", "close", "cancel", "reopen"):
            # sudo: what is asked of others, too, begins and ends with the goal
            self.sudo().risk_ids._sync_owed()
