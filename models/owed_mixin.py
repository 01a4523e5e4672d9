from odoo import api, models
from odoo.tools import SQL

from .flush import flush_sql


class HrPerformanceOwedMixin(models.AbstractModel):
    """Records that ask something of somebody: a check-in, an answer, a confirmation.

    What is asked is said once, in :meth:`_owed_sql`. The list *What I owe*, the activity
    bell and the digest are all made of it.
    """

    _name = "hr.performance.owed.mixin"
    _description = "Records that ask something of somebody"
    #: the activities of so many records are brought up to date at once, those of more in
    #: the background; None: of any number at once
    _owed_at_once = None

    @api.model
    def _owed_sql(self):
        """What records of this model ask of whom.

        :return: list of ``(kind, SQL)``. Each kind has an activity type with the XML id
            ``hr_performance.mail_activity_<kind>``, whose name and icon are shown. The SQL
            selects, in this order and under these names:

            - ``res_id``: the record, not more than once a kind
            - ``employee_id``: who owes it; ``about_id``: whom it is about, or NULL
            - ``company_id``
            - ``date_from``: the first day on which it can be done
            - ``deadline``: the last day on which it is in time
            - ``done_on``: the day on which it was done; NULL while it is open. What was done
              long ago is left out of all lists
            - ``shared``: whether the line above who owes it, and HR, may know of it

            What nobody can do any more (cancelled, closed cycles) is not among the rows.
        """
        return []

    def _sync_owed(self):
        """Let the activities of these records be what they ask now; after each step."""
        if self._owed_at_once is not None and len(self) > self._owed_at_once:
            # sudo: whoever has taken the step may not run jobs
            self.env.ref("hr_performance.ir_cron_tell").sudo()._trigger()
        else:
            self.env["hr.performance.owed"]._sync(self)

    def _owed_action(self, kind):
        """What opens where the deed ``kind`` on this record is done: its form."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    @api.model
    def _line_sql(self, person, skip=0, with_self=False, without=None):
        """A subquery: who above ``person`` can be told, that is has a user who is there.

        :param person: SQL of an employee's id
        :param skip: so many of them are left out, from below
        :param with_self: the person is one of them
        :param without: SQL of a user's id who is none of them
        """
        return SQL(
            """(
            WITH RECURSIVE line AS (
                SELECT first.id, first.parent_id, first.user_id, first.active,
                       0 AS level, ARRAY[first.id] AS passed
                  FROM hr_employee first
                 WHERE first.id = %(person)s
                UNION ALL
                SELECT above.id, above.parent_id, above.user_id, above.active,
                       line.level + 1, line.passed || above.id
                  FROM line
                  JOIN hr_employee above ON above.id = line.parent_id
                 WHERE above.id <> ALL(line.passed)
            )
            SELECT line.id
              FROM line
              JOIN res_users login ON login.id = line.user_id AND login.active
             WHERE line.active AND line.level >= %(lowest)s%(without)s
             ORDER BY line.level
            OFFSET %(skip)s
             LIMIT 1%(flush)s)""",
            person=person,
            lowest=0 if with_self else 1,
            without=SQL(" AND login.id IS DISTINCT FROM %s", without)
            if without
            else SQL(),
            skip=skip,
            flush=flush_sql(
                self.env,
                ("hr.employee", "parent_id user_id active"),
                ("res.users", "active"),
            ),
        )

    @api.model
    def _managers_sql(self):
        """``(employee_id, manager_id)``: the nearest one above who has a user, if any.

        As ``_line_sql``, for everybody at once: there are many more check-ins than people.
        """
        return SQL(
            """(
            WITH RECURSIVE line AS (
                SELECT report.id AS employee_id, above.id AS manager_id,
                       above.parent_id, above.active AND account.id IS NOT NULL AS found
                  FROM hr_employee report
                  JOIN hr_employee above ON above.id = report.parent_id
             LEFT JOIN res_users account ON account.id = above.user_id
                                        AND account.active
                -- no doubles: Odoo allows circles
                UNION
                SELECT line.employee_id, above.id,
                       above.parent_id, above.active AND account.id IS NOT NULL
                  FROM line
                  JOIN hr_employee above ON above.id = line.parent_id
             LEFT JOIN res_users account ON account.id = above.user_id
                                        AND account.active
                 WHERE NOT line.found
            )
            SELECT employee_id, manager_id
              FROM line
             WHERE found AND employee_id != manager_id%(flush)s)""",
            flush=flush_sql(
                self.env,
                ("hr.employee", "parent_id user_id active"),
                ("res.users", "active"),
            ),
        )
