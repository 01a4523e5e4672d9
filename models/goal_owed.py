from odoo import api, fields, models
from odoo.tools import SQL

from .flush import flush_sql

#: days within which somebody decides on a proposal
DECIDE_WITHIN = 5


class HrPerformanceGoal(models.Model):
    """What goals ask: check-ins of their owners, agreement and decisions of managers.

    A check-in that is missing asks one after the other up the line: the owner on the day it
    is due, the next one after the grace, one more after as long again. Who has no user
    cannot be asked and is skipped, the owner too.
    """

    _name = "hr.performance.goal"
    _inherit = ["hr.performance.goal", "hr.performance.owed.mixin"]

    proposed_date = fields.Date(
        compute="_compute_proposed_date",
        store=True,
        precompute=True,
        copy=False,
        help="Since when the proposal waits for an answer.",
    )

    @api.depends("state")
    def _compute_proposed_date(self):
        today = fields.Date.today()
        for goal in self:
            goal.proposed_date = goal.state == "proposed" and (
                goal.proposed_date or today
            )

    def _take_step(self, name, reason=None, **values):
        super()._take_step(name, reason, **values)
        # sudo: a step may take the goal out of the user's reach
        self.sudo()._sync_owed()

    def _owed_action(self, kind):
        return (
            self.action_checkin() if kind == "checkin" else super()._owed_action(kind)
        )

    @api.model
    def _owed_sql(self):
        return [
            *super()._owed_sql(),
            ("goal_agree", self._owed_agreement_sql()),
            ("goal_proposed", self._owed_look_sql()),
            ("target_change", self._owed_target_sql()),
            ("checkin", self._owed_checkin_sql()),
            ("checkin_missed", self._owed_missed_sql("stale_on", "escalate_on - 1", 1)),
            (
                "checkin_missed_above",
                self._owed_missed_sql("escalate_on", "escalate_on + 7", 2),
            ),
        ]

    @api.model
    def _flush_goals(self):
        return flush_sql(
            self.env,
            (
                "hr.performance.goal",
                "state active responsible_id employee_id company_id cycle_id origin"
                " proposed_date agreed_date agreed_by_id date_end revision_id"
                " checkin_due stale_on escalate_on",
            ),
            ("hr.performance.goal.revision", "goal_id user_id"),
            ("hr.performance.cycle", "state"),
            ("hr.employee", "user_id company_id active"),
        )

    @api.model
    def _not_looked_sql(self):
        """Whether ``goal`` was proposed to its ``owner``, who has yet to look at it."""
        return SQL(
            """(
            (COALESCE(goal.origin, '') ~ '^(cascade|assignment):')
            AND owner.user_id IS NOT NULL
            AND goal.create_uid IS DISTINCT FROM owner.user_id
            AND NOT EXISTS (
                SELECT FROM hr_performance_goal_revision own
                 WHERE own.goal_id = goal.id AND own.user_id = owner.user_id))"""
        )

    @api.model
    def _owed_agreement_sql(self):
        """Whoever can agree does, unless they have made the proposal themselves."""
        return SQL(
            """
            SELECT asked.res_id, asked.employee_id, asked.about_id, asked.company_id,
                   asked.date_from, asked.date_from + %(days)s AS deadline,
                   NULL::date AS done_on, TRUE AS shared
              FROM (SELECT goal.id AS res_id, %(boss)s AS employee_id,
                           goal.responsible_id AS about_id, goal.company_id,
                           goal.proposed_date AS date_from, step.user_id AS asked_by
                      FROM hr_performance_goal goal
                      JOIN hr_performance_cycle cycle
                        ON cycle.id = goal.cycle_id AND cycle.state <> 'closed'
                      JOIN hr_employee owner ON owner.id = goal.responsible_id
                 LEFT JOIN hr_performance_goal_revision step
                        ON step.id = goal.revision_id
                     WHERE goal.state = 'proposed' AND goal.active
                       AND NOT %(not_looked)s) asked
              JOIN hr_employee boss ON boss.id = asked.employee_id
             WHERE boss.user_id IS DISTINCT FROM asked.asked_by
            UNION ALL
            SELECT goal.id, boss.id, goal.responsible_id, goal.company_id,
                   goal.agreed_date, goal.agreed_date, goal.agreed_date, TRUE
              FROM hr_performance_goal goal
              JOIN hr_employee boss
                ON boss.user_id = goal.agreed_by_id
               AND boss.company_id = goal.company_id AND boss.active
             WHERE goal.state = 'agreed' AND goal.active%(flush)s
            """,
            days=DECIDE_WITHIN,
            boss=self._line_sql(SQL("owner.id"), without=SQL("owner.user_id")),
            not_looked=self._not_looked_sql(),
            flush=self._flush_goals(),
        )

    @api.model
    def _owed_look_sql(self):
        """Each owner looks at one proposal after the other: they are asked once."""
        return SQL(
            """
            SELECT DISTINCT ON (goal.responsible_id)
                   goal.id AS res_id, goal.responsible_id AS employee_id,
                   goal.responsible_id AS about_id, goal.company_id,
                   goal.proposed_date AS date_from,
                   goal.proposed_date + %(days)s AS deadline, NULL::date AS done_on,
                   TRUE AS shared
              FROM hr_performance_goal goal
              JOIN hr_performance_cycle cycle
                ON cycle.id = goal.cycle_id AND cycle.state <> 'closed'
              JOIN hr_employee owner ON owner.id = goal.responsible_id
             WHERE goal.state = 'proposed' AND goal.active AND %(not_looked)s
             ORDER BY goal.responsible_id, goal.id%(flush)s
            """,
            days=DECIDE_WITHIN,
            not_looked=self._not_looked_sql(),
            flush=self._flush_goals(),
        )

    @api.model
    def _owed_target_sql(self):
        return SQL(
            """
            SELECT goal.id AS res_id, boss.id AS employee_id,
                   goal.responsible_id AS about_id, goal.company_id,
                   LEAST(min(change.create_date)::date, %(today)s) AS date_from,
                   LEAST(min(change.create_date)::date, %(today)s) + %(days)s
                       AS deadline,
                   NULL::date AS done_on, TRUE AS shared
              FROM hr_performance_target_change change
              JOIN hr_performance_goal goal ON goal.id = change.goal_id AND goal.active
              JOIN hr_performance_cycle cycle
                ON cycle.id = goal.cycle_id AND cycle.state <> 'closed'
              JOIN hr_employee owner ON owner.id = goal.responsible_id
              JOIN hr_employee boss ON boss.id = %(boss)s
             WHERE change.state = 'requested'
               AND boss.user_id IS DISTINCT FROM change.create_uid
             GROUP BY goal.id, boss.id%(flush)s
            """,
            days=DECIDE_WITHIN,
            today=fields.Date.today(),
            boss=self._line_sql(SQL("owner.id"), without=SQL("owner.user_id")),
            flush=SQL(
                "%s%s",
                self._flush_goals(),
                flush_sql(self.env, ("hr.performance.target.change", "goal_id state")),
            ),
        )

    @api.model
    def _owed_checkin_sql(self):
        """Of the owner; of the next above where the owner has no user."""
        # two branches, so that the database can go by the owner; OFFSET 0 has it look for
        # those without a user first, and then only up their line
        return SQL(
            """
            SELECT goal.id AS res_id, goal.responsible_id AS employee_id,
                   goal.responsible_id AS about_id, goal.company_id,
                   goal.checkin_due AS date_from, goal.checkin_due AS deadline,
                   NULL::date AS done_on, TRUE AS shared
              FROM hr_performance_goal goal
              JOIN hr_employee owner ON owner.id = goal.responsible_id AND owner.active
              JOIN res_users login ON login.id = owner.user_id AND login.active
             WHERE goal.checkin_due IS NOT NULL AND goal.active
               AND goal.date_end >= %(today)s
            UNION ALL
            SELECT goal.id, boss.id, goal.responsible_id, goal.company_id,
                   goal.checkin_due, goal.checkin_due, NULL, TRUE
              FROM (SELECT goal.id, goal.responsible_id, goal.company_id,
                           goal.checkin_due
                      FROM hr_performance_goal goal
                      JOIN hr_employee owner ON owner.id = goal.responsible_id
                 LEFT JOIN res_users login
                        ON login.id = owner.user_id AND login.active AND owner.active
                     WHERE goal.checkin_due <= %(today)s AND goal.active
                       AND goal.date_end >= %(today)s AND login.id IS NULL
                    OFFSET 0) goal
              JOIN hr_employee boss ON boss.id = %(boss)s%(flush)s
            """,
            today=fields.Date.today(),
            boss=self._line_sql(SQL("goal.responsible_id")),
            flush=self._flush_goals(),
        )

    @api.model
    def _owed_missed_sql(self, since, deadline, level):
        """Who is told of a missing check-in on the day ``since``: ``level`` steps up."""
        return SQL(
            """
            SELECT goal.id AS res_id, boss.id AS employee_id,
                   goal.responsible_id AS about_id, goal.company_id,
                   goal.%(since)s AS date_from, goal.%(deadline)s AS deadline,
                   NULL::date AS done_on, TRUE AS shared
              FROM hr_performance_goal goal
              JOIN hr_employee boss ON boss.id = %(boss)s
             WHERE goal.%(since)s <= %(today)s AND goal.active
               AND goal.date_end >= %(today)s%(flush)s
            """,
            since=SQL(since),
            deadline=SQL(deadline),
            today=fields.Date.today(),
            boss=self._line_sql(SQL("goal.responsible_id"), skip=level, with_self=True),
            flush=self._flush_goals(),
        )
