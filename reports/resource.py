from odoo import api, fields, models
from odoo.tools import SQL

from ..models.flush import flush_sql


class HrPerformanceResource(models.Model):
    """Resources where the goals are: one row a goal.

    The weight of a goal among the goals of its holder in a period, beside its share of the
    hours and money that are planned for these goals and those below. A query, not a table:
    it is made under the rules of whoever looks, who learns of nothing else, not by a share
    of hidden weights either. The rules of shares are those of ``engine/resources.py``.
    """

    _name = "hr.performance.resource"
    _description = "Resources by Goal"
    _auto = False
    _order = "cycle_id, department_id, weight_share DESC, id"

    name = fields.Char("Goal Name", readonly=True)
    goal_id = fields.Many2one("hr.performance.goal", readonly=True)
    cycle_id = fields.Many2one("hr.performance.cycle", "Period", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    department_id = fields.Many2one("hr.department", "Unit", readonly=True)
    responsible_id = fields.Many2one("hr.employee", "Owner", readonly=True)
    scope = fields.Selection(
        lambda self: self.env["hr.performance.goal"]._fields["scope"].selection,
        "Goal Of",
        readonly=True,
    )
    hours = fields.Float(
        "Own Hours", readonly=True, help="Hours that the goal's own actions take."
    )
    money = fields.Monetary(
        "Own Money", readonly=True, help="Money that the goal's own actions take."
    )
    actions = fields.Integer(
        "Own Actions", readonly=True, help="Own actions that were not cancelled."
    )
    total_hours = fields.Float(
        "Hours",
        readonly=True,
        aggregator=None,
        help="Hours that its actions take, and those of the goals below.",
    )
    total_money = fields.Monetary(
        "Money",
        readonly=True,
        aggregator=None,
        help="Money that its actions take, and those of the goals below.",
    )
    weight_share = fields.Float(
        "Weight %",
        readonly=True,
        aggregator="avg",
        help="Its weight among the goals of the same holder in this period.",
    )
    hours_share = fields.Float(
        "Hours %",
        readonly=True,
        aggregator="avg",
        help="Its share of the hours that these goals take, with those below.",
    )
    money_share = fields.Float(
        "Money %",
        readonly=True,
        aggregator="avg",
        help="Its share of the money that these goals take, with those below.",
    )
    resource_share = fields.Float(
        "Resources %",
        readonly=True,
        aggregator="avg",
        help="The mean of its shares of hours and of money.",
    )
    balance = fields.Selection(
        [
            ("starved", "Weight, no resources"),
            ("unweighted", "Resources, no weight"),
            ("balanced", "Weight and resources"),
        ],
        "Balance",
        readonly=True,
    )
    allowance_id = fields.Many2one(
        "hr.performance.allowance", "Available Resources", compute="_compute_allowance"
    )
    allowance_figure = fields.Char("Planned in the Unit", compute="_compute_allowance")

    @api.depends_context("uid", "lang")
    @api.depends("goal_id")
    def _compute_allowance(self):
        """What the unit has in that period, for who may know it."""
        allowances = self.env["hr.performance.allowance"]._of_goals(self.goal_id)
        of_unit = {
            (allowance.cycle_id, allowance.department_id): allowance
            for allowance in allowances
        }
        for row in self:
            allowance = of_unit.get(
                (row.cycle_id, row.department_id), allowances.browse()
            )
            row.allowance_id = allowance
            row.allowance_figure = allowance.figure

    def exists(self):
        """Rows are there as their goals are; those of hidden goals are refused, not gone."""
        goals = self.env["hr.performance.goal"].browse(self._ids)
        return self.browse(goals.exists()._ids)

    def action_open_goal(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "hr.performance.goal",
            "res_id": self.goal_id.id,
            "view_mode": "form",
        }

    @property
    def _table_query(self):
        goals = self.env["hr.performance.goal"]
        return SQL(
            """
            WITH own AS (
                SELECT goal_id, SUM(counted_hours) AS hours, SUM(counted_money) AS money,
                       COUNT(*) FILTER (WHERE state != 'cancelled') AS actions
                  FROM hr_performance_action
                 WHERE id IN %(actions)s
              GROUP BY goal_id
            ), total AS (
                SELECT above.id AS goal_id, SUM(own.hours) AS hours,
                       SUM(own.money) AS money
                  FROM own
                  JOIN hr_performance_goal goal ON goal.id = own.goal_id
            CROSS JOIN LATERAL UNNEST(
                       STRING_TO_ARRAY(TRIM(goal.parent_path, '/'), '/')::integer[]
                       ) above(id)
                 WHERE goal.active AND goal.state != 'cancelled'
              GROUP BY above.id
            ), parts AS (
                SELECT goal.id, goal.name, goal.cycle_id, goal.company_id,
                       goal.department_id, goal.responsible_id, goal.scope,
                       COALESCE(own.hours, 0) AS hours,
                       COALESCE(own.money, 0) AS money,
                       COALESCE(own.actions, 0) AS actions,
                       COALESCE(total.hours, 0) AS total_hours,
                       COALESCE(total.money, 0) AS total_money,
                       100 * goal.weight / NULLIF(SUM(goal.weight) OVER holder, 0)
                       AS weight_share,
                       100 * COALESCE(total.hours, 0)
                       / NULLIF(SUM(total.hours) OVER holder, 0) AS hours_share,
                       100 * COALESCE(total.money, 0)
                       / NULLIF(SUM(total.money) OVER holder, 0) AS money_share
                  FROM hr_performance_goal goal
             LEFT JOIN own ON own.goal_id = goal.id
             LEFT JOIN total ON total.goal_id = goal.id
                 WHERE goal.id IN %(goals)s
                WINDOW holder AS (
                       PARTITION BY goal.cycle_id, goal.company_id, goal.scope,
                       CASE goal.scope
                       WHEN 'employee' THEN goal.employee_id
                       WHEN 'job' THEN goal.job_id
                       WHEN 'department' THEN goal.department_id
                       END
                )
            ), shares AS (
                SELECT *, CASE WHEN money_share IS NULL THEN hours_share
                               WHEN hours_share IS NULL THEN money_share
                               ELSE (hours_share + money_share) / 2
                          END AS resource_share
                  FROM parts
            )
            SELECT *, id AS goal_id,
                   CASE WHEN weight_share IS NULL OR resource_share IS NULL THEN NULL
                        WHEN weight_share != 0 AND resource_share = 0 THEN 'starved'
                        WHEN weight_share = 0 AND resource_share != 0 THEN 'unweighted'
                        ELSE 'balanced'
                   END AS balance
              FROM shares%(flush)s%(flush_actions)s
            """,
            # under the rules of whoever looks
            goals=goals._search([("state", "!=", "cancelled")]).subselect(),
            actions=self.env["hr.performance.action"]._search([]).subselect(),
            flush=flush_sql(
                self.env,
                (
                    "hr.performance.goal",
                    "name responsible_id scope weight employee_id job_id",
                ),
            ),
            flush_actions=goals._resources_flush_sql(),
        )
