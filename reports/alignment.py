from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ..engine.weighting import USUAL_WEIGHT
from ..models.flush import flush_sql

KINDS = [
    ("nothing_below", "Nothing below"),
    ("leads_nowhere", "Leads nowhere"),
    ("without_goals", "Person without goals"),
    ("weights", "Weights do not add up"),
    ("too_many", "Too many goals"),
    ("contradiction", "Contradictory directions"),
    ("owner_left", "Owner has left"),
    ("level_mix", "Does not belong on its level"),
    ("uncovered", "Not fully covered"),
    ("exceeded", "More assigned than the target"),
    ("ended", "Ended, not closed"),
]
#: kinds whose way out is the list of somebody's goals
OF_A_SET = ("weights", "too_many")


class HrPerformanceAlignment(models.Model):
    """What does not hold in the tree of goals: one row a finding.

    Looked for among goals that are still worked on, in cycles that are not closed.
    Everything is one query. A row's id is the id of what it is about, times 16, plus the
    number of its kind's branch in that query, so that it stays from one look to the next.

    Who may read a goal reads what is found on it. What is found on all goals of a person
    is for that person, the line and HR, as some of these goals may be private; who has no
    goals at all is known to the line and HR alone.
    """

    _name = "hr.performance.alignment"
    _inherit = ["hr.performance.team.mixin"]
    _description = "Alignment Finding"
    _auto = False
    _order = "kind, id"
    _rec_name = "kind"

    kind = fields.Selection(KINDS, "Finding", readonly=True)
    cycle_id = fields.Many2one("hr.performance.cycle", "Period", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    scope = fields.Selection(
        lambda self: self.env["hr.performance.goal"]._fields["scope"].selection,
        "Goal Of",
        readonly=True,
    )
    visibility = fields.Selection(
        [
            ("line", "Owner and managers"),
            ("everyone", "Everyone in the company"),
            ("above", "Managers"),
        ],
        "Visible To",
        readonly=True,
    )
    goal_id = fields.Many2one("hr.performance.goal", readonly=True)
    employee_id = fields.Many2one("hr.employee", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    job_id = fields.Many2one("hr.job", readonly=True)
    measure_id = fields.Many2one("hr.performance.measure", readonly=True)
    indicator_id = fields.Many2one("hr.performance.indicator", readonly=True)
    other_goal_id = fields.Many2one("hr.performance.goal", readonly=True)
    amount = fields.Float(
        readonly=True, aggregator=None, help="The number of goals, or their weight."
    )
    explanation = fields.Char("What It Means", compute="_compute_explanation")

    # ---------------------------------------------------------------- in words

    @api.depends("kind")
    @api.depends_context("lang", "uid")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for finding in self:
            finding.display_name = kinds.get(finding.kind)

    @api.depends_context("lang", "uid")
    @api.depends("kind", "goal_id", "other_goal_id", "amount")
    def _compute_explanation(self):
        for finding in self:
            finding.explanation = getattr(self, f"_explain_{finding.kind}")(finding)

    def _explain_nothing_below(self, finding):
        return self.env._(
            "No unit and nobody below works on “%(goal)s”. Break it down, or link the goals"
            " that serve it.",
            goal=finding.goal_id.name,
        )

    def _explain_leads_nowhere(self, finding):
        if finding.other_goal_id:
            return self.env._(
                "The goal above “%(goal)s” is cancelled or archived. Choose another “Goal"
                " Above”, or cancel this one as well.",
                goal=finding.goal_id.name,
            )
        return self.env._(
            "“%(goal)s” serves no goal above. Choose its “Goal Above”, or ask what it is"
            " for.",
            goal=finding.goal_id.name,
        )

    def _explain_without_goals(self, finding):
        return self.env._(
            "%(person)s has no goal in a running period. Write one together, or assign"
            " goals from the library.",
            person=finding._holder_name(),
        )

    def _explain_weights(self, finding):
        return self.env._(
            "The goals of %(holder)s in “%(cycle)s” weigh %(weight)s %% together. Change"
            " their weights so that they add up to 100 %%.",
            holder=finding._holder_name(),
            cycle=finding.cycle_id.name,
            weight=f"{finding.amount:.15g}",
        )

    def _explain_too_many(self, finding):
        return self.env._(
            "%(holder)s has %(count)s goals in “%(cycle)s”; more than %(limit)s are hard to"
            " keep in mind. Join, drop or postpone some.",
            holder=finding._holder_name(),
            count=round(finding.amount),
            cycle=finding.cycle_id.name,
            limit=finding.company_id.performance_max_goals,
        )

    def _explain_contradiction(self, finding):
        names = {
            "goal": finding.goal_id.name,
            "other": finding.other_goal_id.name,
            "indicator": finding.indicator_id.name,
        }
        if counter := finding.indicator_id.counter_id:
            others = finding.other_goal_id.measure_ids.indicator_id
            if counter in others and finding.indicator_id not in others:
                return self.env._(
                    "“%(goal)s” pushes “%(indicator)s”, and “%(other)s” its counter"
                    " “%(counter)s”: what one unit wins the other loses. Give both"
                    " indicators to both, or agree on the balance.",
                    counter=counter.name,
                    **names,
                )
        return self.env._(
            "“%(goal)s” and “%(other)s” pull “%(indicator)s” in opposite directions. Let"
            " the two units agree on one.",
            **names,
        )

    def _explain_owner_left(self, finding):
        return self.env._(
            "%(person)s, who answers for “%(goal)s”, has left. Name another owner, hand the"
            " goal over, or cancel it.",
            person=finding.goal_id.sudo().responsible_id.name,
            goal=finding.goal_id.name,
        )

    def _explain_level_mix(self, finding):
        names = {
            "goal": finding.goal_id.name,
            "cycle": finding.cycle_id.sudo().level_mix_cycle_id.name,
        }
        if not finding.indicator_id:
            return self.env._(
                "“%(goal)s” is an OKR, which “%(cycle)s” does not have on this level. Make"
                " it a KPI goal, or move it to another level.",
                **names,
            )
        return self.env._(
            "“%(goal)s” is measured by “%(indicator)s”, a kind of indicator that “%(cycle)s”"
            " does not have on this level. Measure what this level can move, or change the"
            " level mix.",
            indicator=finding.indicator_id.name,
            **names,
        )

    def _explain_uncovered(self, finding):
        return self.env._(
            "“%(goal)s”, “%(indicator)s”: %(coverage)s. Assign the rest, or change the"
            " target.",
            goal=finding.goal_id.name,
            indicator=finding.indicator_id.name,
            coverage=finding.measure_id.coverage_text,
        )

    def _explain_exceeded(self, finding):
        return self.env._(
            "“%(goal)s”, “%(indicator)s”: %(coverage)s. More is assigned below than the"
            " target in effect. Change the targets below or this one, unless the surplus"
            " is a reserve.",
            goal=finding.goal_id.name,
            indicator=finding.indicator_id.name,
            coverage=finding.measure_id.coverage_text,
        )

    def _explain_ended(self, finding):
        return self.env._(
            "“%(goal)s” ended on %(date)s and is still open. Close it, with what came of"
            " it.",
            goal=finding.goal_id.name,
            date=format_date(self.env, finding.goal_id.date_end),
        )

    def _holder_name(self):
        """Whose goals it is about: a person, a post, a department, the company."""
        # sudo: the name of somebody whom the rules let the user know about
        finding = self.sudo()
        return (
            finding.employee_id
            or finding.job_id
            or finding.department_id
            or finding.company_id
        ).name

    # ---------------------------------------------------------------- the way out

    def action_resolve(self):
        """Open what has to be changed: the goal, the person's goals, or a new one."""
        self.ensure_one()
        action = {
            "type": "ir.actions.act_window",
            "res_model": "hr.performance.goal",
            "view_mode": "form",
        }
        if self.kind == "without_goals":
            return action | {
                "name": self.env._("Goal of %(person)s", person=self._holder_name()),
                "context": {
                    "default_scope": "employee",
                    "default_employee_id": self.employee_id.id,
                    "default_cycle_id": self.cycle_id.id,
                },
            }
        if self.kind in OF_A_SET:
            holder = {
                "employee": ("employee_id", "=", self.employee_id.id),
                "job": ("job_id", "=", self.job_id.id),
                "department": ("department_id", "=", self.department_id.id),
                "company": ("company_id", "=", self.company_id.id),
            }[self.scope]
            return action | {
                "name": self.env._("Goals of %(holder)s", holder=self._holder_name()),
                "view_mode": "list,form",
                "domain": [
                    ("cycle_id", "=", self.cycle_id.id),
                    ("scope", "=", self.scope),
                    ("state", "not in", ("closed", "cancelled")),
                    holder,
                ],
            }
        return action | {"res_id": self.goal_id.id}

    # ---------------------------------------------------------------- the query

    @property
    def _table_query(self):
        measures = self.env["hr.performance.measure"]
        return SQL(
            """
            WITH live AS (
                SELECT goal.id, goal.cycle_id, goal.company_id, goal.scope,
                       goal.visibility, goal.state, goal.method, goal.weight,
                       goal.employee_id, goal.department_id, goal.job_id,
                       goal.responsible_id, goal.parent_id, goal.is_time_part,
                       goal.date_end < post.date_end AS is_of_former_post,
                       cycle.date_start, cycle.date_end, goal.date_end AS own_end,
                       CASE goal.scope
                       WHEN 'employee' THEN goal.employee_id
                       WHEN 'job' THEN goal.job_id
                       WHEN 'department' THEN goal.department_id
                       ELSE goal.company_id END AS holder_id
                  FROM hr_performance_goal goal
                  JOIN hr_performance_cycle cycle ON cycle.id = goal.cycle_id
             LEFT JOIN hr_performance_goal post ON post.id = goal.post_goal_id
                 WHERE goal.active AND goal.state != 'cancelled'
                   AND cycle.state != 'closed'
            ), running AS (
                SELECT * FROM live WHERE state != 'closed'
            ), sets AS (
                SELECT MIN(id) AS id, cycle_id, company_id, scope,
                       MIN(employee_id) AS employee_id, MIN(job_id) AS job_id,
                       MIN(department_id) AS department_id, COUNT(*) AS goals,
                       ROUND(
                           SUM(weight::numeric) FILTER (WHERE method = 'kpi'), 1
                       ) AS weight,
                       BOOL_OR(method = 'kpi' AND weight != %(usual_weight)s)
                       AS is_weighed
                  FROM live
                 -- after a move the goals of the next post take their place
                 WHERE is_of_former_post IS NOT TRUE
              GROUP BY cycle_id, company_id, scope, holder_id
            ), pushed AS (
                SELECT measure.id, measure.indicator_id, goal.id AS goal_id,
                       goal.scope, goal.holder_id, goal.company_id,
                       goal.date_start, goal.date_end, indicator.counter_id,
                       SIGN(way.length) AS way,
                       (indicator.direction = 'lower') = (way.length < 0) AS is_good
                  FROM running goal
                  JOIN hr_performance_measure measure ON measure.goal_id = goal.id
                  JOIN hr_performance_indicator indicator
                    ON indicator.id = measure.indicator_id
            CROSS JOIN LATERAL (
                       SELECT measure.target_by_days - COALESCE(measure.baseline, 0)
                              AS length
                       ) way
                 WHERE goal.scope != 'employee'
                   AND indicator.direction != 'range'
                   AND indicator.scoring_rule NOT IN ('manual', 'milestones')
                   AND way.length != 0
            ), mixes AS (
                SELECT cycle.id AS cycle_id, mix.*
                  FROM hr_performance_cycle cycle
            CROSS JOIN LATERAL (
                       SELECT above.id
                         FROM hr_performance_cycle above
                        WHERE cycle.parent_path LIKE above.parent_path || '%%'
                          AND EXISTS (
                              SELECT FROM hr_performance_level_mix mix
                               WHERE mix.cycle_id = above.id
                          )
                     ORDER BY LENGTH(above.parent_path) DESC
                        LIMIT 1
                       ) nearest
                  JOIN (
                       SELECT cycle_id AS mix_cycle_id, scope, results, processes,
                              growth, okr
                         FROM hr_performance_level_mix
                       ) mix ON mix.mix_cycle_id = nearest.id
            ), gaps AS (
                %(gaps)s
            ), findings AS (
                SELECT id AS goal_id, id::bigint * 16 AS id, 'nothing_below' AS kind,
                       NULL::integer AS measure_id, NULL::integer AS indicator_id,
                       NULL::integer AS other_goal_id
                  FROM running
                 WHERE scope IN ('company', 'department')
                   AND is_time_part IS NOT TRUE
                   AND id NOT IN (
                       SELECT parent_id FROM live
                        WHERE parent_id IS NOT NULL AND is_time_part IS NOT TRUE
                   )
             UNION ALL
                SELECT goal.id, goal.id::bigint * 16 + 1, 'leads_nowhere',
                       NULL, NULL, goal.parent_id
                  FROM running goal
             LEFT JOIN hr_performance_goal above ON above.id = goal.parent_id
                 WHERE goal.scope != 'company'
                   AND (above.id IS NULL
                        OR above.state = 'cancelled' OR NOT above.active)
             UNION ALL
                SELECT goal.id, goal.id::bigint * 16 + 2, 'owner_left', NULL, NULL, NULL
                  FROM running goal
                  JOIN hr_employee owner ON owner.id = goal.responsible_id
                 WHERE NOT owner.active
             UNION ALL
                SELECT id, id::bigint * 16 + 11, 'ended', NULL, NULL, NULL
                  FROM running
                 WHERE state = 'agreed' AND own_end < %(today)s
             UNION ALL
                SELECT goal.id, goal.id::bigint * 16 + 3, 'level_mix', NULL, NULL, NULL
                  FROM running goal
                  JOIN mixes mix USING (cycle_id, scope)
                 WHERE goal.method = 'okr' AND mix.okr IS NOT TRUE
             UNION ALL
                SELECT goal.id, measure.id::bigint * 16 + 4, 'level_mix',
                       measure.id, measure.indicator_id, NULL
                  FROM running goal
                  JOIN mixes mix USING (cycle_id, scope)
                  JOIN hr_performance_measure measure ON measure.goal_id = goal.id
                  JOIN hr_performance_indicator indicator
                    ON indicator.id = measure.indicator_id
                 WHERE goal.method != 'okr'
                   AND CASE indicator.kind
                       WHEN 'result' THEN mix.results
                       WHEN 'process' THEN mix.processes
                       ELSE mix.growth END IS NOT TRUE
             UNION ALL
                SELECT goal.id, gap.measure_id::bigint * 16 + 5, 'uncovered',
                       gap.measure_id, gap.indicator_id, NULL
                  FROM gaps gap
                  JOIN running goal ON goal.id = gap.goal_id
                 WHERE is_short
             UNION ALL
                SELECT goal.id, gap.measure_id::bigint * 16 + 12, 'exceeded',
                       gap.measure_id, gap.indicator_id, NULL
                  FROM gaps gap
                  JOIN running goal ON goal.id = gap.goal_id
                 WHERE is_exceeded
             UNION ALL
                (
                SELECT DISTINCT ON (one.id)
                       one.goal_id, one.id::bigint * 16 + 6, 'contradiction',
                       one.id, one.indicator_id, other.goal_id
                  FROM pushed one
                  JOIN pushed other
                    ON other.indicator_id = one.indicator_id
                   AND other.company_id = one.company_id
                   AND other.way = -one.way
                   AND other.id > one.id
                   AND other.date_start <= one.date_end
                   AND other.date_end >= one.date_start
                   AND (other.scope, other.holder_id) != (one.scope, one.holder_id)
              ORDER BY one.id, other.id
                )
             UNION ALL
                (
                SELECT DISTINCT ON (one.id)
                       one.goal_id, one.id::bigint * 16 + 7, 'contradiction',
                       one.id, one.indicator_id, other.goal_id
                  FROM pushed one
                  JOIN pushed other
                    ON other.indicator_id = one.counter_id
                   AND other.company_id = one.company_id
                   AND other.date_start <= one.date_end
                   AND other.date_end >= one.date_start
                   AND (other.scope, other.holder_id) != (one.scope, one.holder_id)
                 WHERE one.is_good AND other.is_good
                   -- the company as a whole is there to balance the two
                   AND one.scope != 'company' AND other.scope != 'company'
                   -- each is the counter of the other: say it once
                   AND (other.counter_id IS DISTINCT FROM one.indicator_id
                        OR one.id < other.id)
                   -- who has both minds the balance, be it the one or the other
                   AND NOT EXISTS (
                       SELECT FROM pushed own
                        WHERE own.indicator_id = one.counter_id
                          AND own.scope = one.scope AND own.holder_id = one.holder_id
                   )
                   AND NOT EXISTS (
                       SELECT FROM pushed own
                        WHERE own.indicator_id = one.indicator_id
                          AND own.scope = other.scope
                          AND own.holder_id = other.holder_id
                   )
              ORDER BY one.id, other.id
                )
            )
            SELECT finding.id, finding.kind, goal.cycle_id, goal.company_id, goal.scope,
                   goal.visibility, goal.id AS goal_id, goal.employee_id,
                   goal.department_id, goal.job_id, finding.measure_id,
                   finding.indicator_id, finding.other_goal_id, NULL::float8 AS amount
              FROM findings finding
              JOIN live goal ON goal.id = finding.goal_id
         UNION ALL
            SELECT id::bigint * 16 + 8, 'weights', cycle_id, company_id, scope, 'line',
                   NULL, employee_id, department_id, job_id, NULL, NULL, NULL,
                   weight::float8
              FROM sets
             -- the rule is that of off_balance() in engine/weighting.py
             WHERE is_weighed AND weight != 100
         UNION ALL
            SELECT sets.id::bigint * 16 + 9, 'too_many', cycle_id, company_id, scope,
                   'line', NULL, employee_id, department_id, job_id, NULL, NULL, NULL,
                   goals
              FROM sets
              JOIN res_company company ON company.id = sets.company_id
             WHERE scope IN ('employee', 'job')
               AND goals > company.performance_max_goals
         UNION ALL
            SELECT employee.id::bigint * 16 + 10, 'without_goals', cycle.id,
                   employee.company_id, 'employee', 'above', NULL, employee.id,
                   version.department_id, version.job_id, NULL, NULL, NULL, NULL
              FROM hr_employee employee
              JOIN hr_version version ON version.id = employee.current_version_id
              JOIN LATERAL (
                   SELECT id
                     FROM hr_performance_cycle
                    WHERE company_id = employee.company_id AND parent_id IS NULL
                      AND active AND state != 'closed'
                      AND %(today)s BETWEEN date_start AND date_end
                 ORDER BY date_start DESC, id
                    LIMIT 1
                   ) cycle ON TRUE
             WHERE employee.active
               AND employee.id NOT IN (
                   SELECT employee_id FROM live
                    WHERE employee_id IS NOT NULL
                      AND %(today)s BETWEEN date_start AND date_end
               )
               AND COALESCE(version.job_id, 0) NOT IN (
                   SELECT job_id FROM live
                    WHERE job_id IS NOT NULL
                      AND %(today)s BETWEEN date_start AND date_end
               )%(flush)s
            """,
            gaps=measures._coverage_gaps_sql(),
            today=fields.Date.today(),
            usual_weight=USUAL_WEIGHT,
            flush=SQL("%s%s", measures._coverage_flush_sql(), self._flush_sql()),
        )

    def _flush_sql(self):
        """An empty clause that has what the query looks at written before it runs."""
        return flush_sql(
            self.env,
            (
                "hr.performance.goal",
                "active state cycle_id company_id scope visibility method weight"
                " employee_id department_id job_id responsible_id parent_id is_time_part"
                " date_end post_goal_id",
            ),
            (
                "hr.performance.cycle",
                "state date_start date_end parent_path parent_id active company_id",
            ),
            ("hr.performance.measure", "goal_id indicator_id target_by_days baseline"),
            (
                "hr.performance.indicator",
                "direction scoring_rule kind counter_id",
            ),
            ("hr.performance.level.mix", "cycle_id scope results processes growth okr"),
            ("hr.employee", "active company_id current_version_id"),
            ("hr.version", "department_id job_id"),
            ("res.company", "performance_max_goals"),
        )
