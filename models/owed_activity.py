from collections import defaultdict

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from .flush import flush_sql
from .row_insert import in_columns, insert

#: who decides follows the record and hears what else is said on it; of the rest nobody
#: becomes a follower by being reminded
FOLLOWED = ("goal_agree", "target_change")
#: so many activities a transaction
BATCH = 1000


class HrPerformanceOwed(models.Model):
    """The activities that stand for what is owed: one each, there as long as it is asked.

    They are never made by hand in a step. Whoever changes what is asked calls
    ``_sync_owed``, and once a day all are compared: what is asked, and of whom, with what
    the ledger (``hr.performance.notice``) says they have been told.
    """

    _inherit = "hr.performance.owed"

    @api.model
    def _sync(self, records):
        """Let the activities on ``records`` be what these ask now."""
        records = records._origin
        if (
            "activity_ids" not in records
            or not records
            or self.env.context.get("mail_activity_automation_skip")
        ):
            return
        parts = [part for part in self._numbered_parts() if part[1] == records._name]
        self.sudo()._settle(
            self._differences(
                parts,
                SQL("part.res_id = ANY(%s)", records.ids),
                SQL("res_model = %s AND res_id = ANY(%s)", records._name, records.ids),
            )
        )

    @api.model
    def _sync_users(self, users):
        """Let the activities of ``users`` be what is asked of them now."""
        # sudo: what is asked of them is not among what users may read of each other
        employees = users.sudo().with_context(active_test=False).employee_ids
        self.sudo()._settle(
            self._differences(
                self._numbered_parts(),
                SQL("part.employee_id = ANY(%s)", employees.ids),
                SQL("user_id = ANY(%s)", users.ids),
            )
        )

    @api.model
    def _sync_some(self, limit=BATCH):
        """Let up to ``limit`` activities be what is asked; how many were touched."""
        differences = self._differences(
            self._numbered_parts(), SQL("TRUE"), SQL("kind <> 'digest'"), limit
        )
        self.sudo()._settle(differences)
        return len(differences)

    @api.model
    def _differences(self, parts, asked, noticed, limit=None):
        """Where what is asked is not what has been told.

        :param parts: of :meth:`_numbered_parts`
        :param asked: condition on the rows ``part``
        :param noticed: condition on the notices
        :return: list of dicts; ``user_id`` is None where nothing is asked, ``notice_id``
            where nothing has been told
        """
        # some are on the list alone
        parts = [part for part in parts if "activity_ids" in self.env[part[1]]]
        return self.env.execute_query_dict(
            SQL(
                """
                WITH asked AS (
                    SELECT owed.kind, owed.res_model, owed.res_id, login.id AS user_id,
                           COALESCE(owed.deadline, owed.date_from, %(today)s) AS deadline
                      FROM (%(rows)s) owed
                      JOIN hr_employee person ON person.id = owed.employee_id
                      JOIN res_users login ON login.id = person.user_id AND login.active
                       AND login.performance_bell IS NOT FALSE
                     WHERE owed.done_on IS NULL
                       AND COALESCE(owed.date_from, %(today)s) <= %(today)s
                ),
                told AS (
                    SELECT * FROM hr_performance_notice
                     WHERE kind <> 'digest' AND %(noticed)s
                )
                SELECT COALESCE(asked.kind, told.kind) AS kind,
                       COALESCE(asked.res_model, told.res_model) AS res_model,
                       COALESCE(asked.res_id, told.res_id) AS res_id,
                       asked.user_id, asked.deadline, told.id AS notice_id,
                       told.user_id AS told_user_id, told.activity_id
                  FROM asked
             FULL JOIN told ON told.res_model = asked.res_model
                   AND told.res_id = asked.res_id AND told.kind = asked.kind
                 WHERE asked.user_id IS NULL OR told.id IS NULL
                    OR asked.user_id <> told.user_id
                    OR asked.deadline <> told.occasion
                 ORDER BY res_model, res_id, kind%(limit)s%(flush)s
                """,
                rows=self._rows_sql(parts, asked),
                today=fields.Date.today(),
                noticed=noticed,
                limit=SQL(" LIMIT %s", limit) if limit else SQL(),
                flush=flush_sql(
                    self.env,
                    (
                        "hr.performance.notice",
                        "kind res_model res_id user_id occasion activity_id",
                    ),
                    ("res.users", "active performance_bell"),
                    ("hr.employee", "user_id"),
                ),
            )
        )

    @api.model
    def _settle(self, differences):
        """Make, move or take away the activities, and write the ledger. In superuser mode."""
        if not differences:
            return
        notices, activities = (
            self.env["hr.performance.notice"],
            self.env["mail.activity"],
        )
        told = notices.browse([line["notice_id"] for line in differences]).exists()
        there = set(
            # without those that somebody has ticked off
            activities.search([("id", "in", told.activity_id.ids)]).ids
        )
        moved, over, new = defaultdict(activities.browse), activities, []
        for line in differences:
            line["same"] = line["user_id"] and line["user_id"] == line["told_user_id"]
            if line["activity_id"] in there:
                activity = activities.browse(line["activity_id"])
                if line["same"]:
                    moved[line["deadline"]] |= activity
                    continue
                over |= activity
            if line["user_id"]:
                new.append(line)
        over.unlink()
        for deadline, several in moved.items():
            several.date_deadline = deadline
        for line, activity in zip(new, self._add_activities(new), strict=True):
            line["activity_id"] = activity.id
        told.unlink()
        rows = [
            {
                "kind": line["kind"],
                "res_model": line["res_model"],
                "res_id": line["res_id"],
                "user_id": line["user_id"],
                "occasion": line["deadline"],
                "activity_id": line["activity_id"],
            }
            for line in differences
            if line["user_id"]
        ]
        if rows:
            self.env.flush_all()
            insert(notices, in_columns(notices, rows))

    @api.model
    def _add_activities(self, lines):
        """One new activity for each of ``lines``, in the same order; nobody gets a mail."""
        types = {line["kind"]: self._activity_type(line["kind"]) for line in lines}
        names = {line["res_model"] for line in lines}
        model_ids = {name: self.env["ir.model"]._get_id(name) for name in names}
        for name in names:
            # each activity asks for the name of its record, one by one
            self.env[name].browse(
                [line["res_id"] for line in lines if line["res_model"] == name]
            ).mapped("display_name")
        made = {}
        for followed in (True, False):
            some = [line for line in lines if (line["kind"] in FOLLOWED) == followed]
            activities = (
                self.env["mail.activity"]
                # nobody's: whoever makes an activity may change it and take it over
                .with_user(SUPERUSER_ID)
                .with_context(
                    mail_activity_quick_update=True,
                    performance_no_follower=not followed,
                )
                .create(
                    [
                        {
                            "activity_type_id": types[line["kind"]].id,
                            "summary": types[line["kind"]].summary,
                            "res_model_id": model_ids[line["res_model"]],
                            "res_id": line["res_id"],
                            "user_id": line["user_id"],
                            "date_deadline": line["deadline"],
                            "automated": True,
                        }
                        for line in some
                    ]
                )
            )
            made.update(zip(map(id, some), activities.with_env(self.env), strict=True))
        return [made[id(line)] for line in lines]
