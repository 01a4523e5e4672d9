from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from .flush import flush_sql

#: what is due within so many days is in the digest
SOON = 7
#: so many lines of each sort; the rest is counted
LINES = 12
#: so many people a transaction
BATCH = 1000


class HrPerformanceOwed(models.Model):
    """One mail a person with all they owe, on the days they have chosen.

    With nothing to say there is no mail, nor on a day off. The ledger has one row a person
    and day, written in the transaction that puts the mail into the queue.
    """

    _inherit = "hr.performance.owed"

    @api.model
    def _cron_tell(self, limit=BATCH):
        """Bring all activities up to date, then send the digests; batch after batch."""
        cron = self.env["ir.cron"]
        while done := self._sync_some(limit):
            if not cron._commit_progress(done, remaining=1):
                return
        last = 0
        while users := self._digest_users(last, limit):
            self._send_digests(users)
            last = users[-1].id
            if not cron._commit_progress(len(users), remaining=1):
                return
        cron._commit_progress(remaining=0)

    @api.model
    def _digest_users(self, last, limit):
        """The next users, by id, who want a digest and have none of today."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT login.id
                  FROM res_users login
                 WHERE login.id > %(last)s AND login.active
                   AND login.performance_digest IN ('daily', 'weekly')
                   AND EXISTS (SELECT FROM hr_employee person
                                WHERE person.user_id = login.id AND person.active)
                   AND NOT EXISTS (SELECT FROM hr_performance_notice notice
                                    WHERE notice.kind = 'digest'
                                      AND notice.user_id = login.id
                                      AND notice.occasion = %(today)s)
                 ORDER BY login.id
                 LIMIT %(limit)s%(flush)s
                """,
                last=last,
                today=fields.Date.today(),
                limit=limit,
                flush=flush_sql(
                    self.env,
                    ("res.users", "active performance_digest"),
                    ("hr.employee", "user_id active"),
                    ("hr.performance.notice", "kind user_id occasion"),
                ),
            )
        )
        return self.env["res.users"].sudo().browse([row[0] for row in rows])

    @api.model
    def _send_digests(self, users):
        """Queue the mails of those of ``users`` whose day it is and who owe something."""
        users = users.filtered("email")
        people = self._people(users)
        today = fields.Date.today()
        due = users.filtered(lambda user: self._is_digest_day(user, people, today))
        lines = self._digest_lines({user: people[user][0] for user in due}, today)
        digests = {
            user.id: self._tell_digest(user, lines[user], today)
            for user in due
            if user in lines
        }
        if not digests:
            return
        # neither on the user nor on any other record: who may read that would read the mail
        self.env["mail.mail"].sudo().create(
            [
                self._digest_mail(user, digests[user.id])
                for user in due
                if user.id in digests
            ]
        )
        self.env["hr.performance.notice"].sudo().create(
            [
                {"kind": "digest", "user_id": user_id, "occasion": today}
                for user_id in digests
            ]
        )

    @api.model
    def _digest_mail(self, user, digest):
        """The values of the mail to ``user``, in the user's language."""
        env = self.with_context(lang=user.lang or self.env.lang).env
        company = user.company_id
        values = {
            "subject": env._(
                "Waiting for you in Performance: %(count)s", count=digest["count"]
            ),
            "body_html": env["ir.qweb"]._render(
                "hr_performance.digest_mail",
                digest | {"user_name": user.name},
                minimal_qcontext=True,
            ),
            "recipient_ids": [fields.Command.link(user.partner_id.id)],
            "auto_delete": True,
        }
        if company.email:
            values["email_from"] = company.email_formatted
        return values

    @api.model
    def _people(self, users):
        """``{user: (ids of the user's employees, working days)}``."""
        employees = (
            self.env["hr.employee"].sudo().search([("user_id", "in", users.ids)])
        )
        own = employees.grouped("user_id")
        days = self.env["hr.performance.working.days"]._of_employees(
            employees.ids, fields.Date.subtract(fields.Date.today(), days=SOON)
        )
        found = {}
        for user, several in own.items():
            # of the company they usually work in
            main = several.filtered(
                lambda one, user=user: one.company_id == user.company_id
            )
            found[user] = several.ids, days.get((main or several)[0].id)
        return found

    @api.model
    def _is_digest_day(self, user, people, today):
        """Whether ``user`` works today, and today is their day or the next one at work."""
        if user not in people or not people[user][1]:
            return False
        working = people[user][1]
        if user.performance_digest == "daily":
            return working.works(today)
        since = (today.weekday() - int(user.performance_digest_day)) % 7
        return working.next(today - timedelta(days=since)) == today

    @api.model
    def _digest_lines(self, employees, today):
        """What is overdue or due soon.

        :param employees: ``{user: ids of the user's employees}``
        :return: ``{user: [row, ...]}`` in the order of the deadlines
        """
        users = {id_: user for user, ids in employees.items() for id_ in ids}
        found = defaultdict(list)
        if not users:
            return found
        for row in self.env.execute_query_dict(
            SQL(
                """
                SELECT owed.kind, owed.type_id, owed.res_model, owed.res_id,
                       owed.employee_id, owed.about_id, owed.deadline
                  FROM (%(rows)s) owed
                 WHERE owed.done_on IS NULL
                   AND (owed.deadline <= %(soon)s
                        OR owed.deadline IS NULL AND owed.date_from <= %(today)s)
                 ORDER BY owed.deadline, owed.id
                """,
                rows=self._rows_sql(
                    self._numbered_parts(),
                    SQL("part.employee_id = ANY(%s)", list(users)),
                ),
                soon=today + timedelta(days=SOON),
                today=today,
            )
        ):
            found[users[row["employee_id"]]].append(row)
        self._name_rows([row for rows in found.values() for row in rows], users)
        return found

    @api.model
    def _name_rows(self, rows, users):
        """Say in each row what its record is called, in the language of who owes it."""
        wanted = defaultdict(set)
        for row in rows:
            row["lang"] = users[row["employee_id"]].lang or self.env.lang
            wanted[row["lang"], row["res_model"]].add(row["res_id"])
            wanted[row["lang"], "mail.activity.type"].add(row["type_id"])
            if row["about_id"] not in (None, row["employee_id"]):
                wanted[row["lang"], "hr.employee"].add(row["about_id"])
        names = {
            (lang, model, record.id): record.display_name
            for (lang, model), ids in wanted.items()
            for record in self.env[model].sudo().with_context(lang=lang).browse(ids)
        }
        for row in rows:
            lang = row["lang"]
            row["name"] = names[lang, row["res_model"], row["res_id"]]
            row["deed"] = names[lang, "mail.activity.type", row["type_id"]]
            row["about"] = names.get((lang, "hr.employee", row["about_id"]))

    @api.model
    def _tell_digest(self, user, rows, today):
        """What the template shows to ``user``."""
        env = self.with_context(lang=user.lang or self.env.lang)
        base = user.get_base_url()
        sorts = {"overdue": [], "soon": []}
        for row in rows:
            late = row["deadline"] and row["deadline"] < today
            sorts["overdue" if late else "soon"].append(
                {
                    "deed": row["deed"],
                    "name": row["name"],
                    "about": row["about"],
                    "when": env._tell_when(row["deadline"], today),
                    "url": f"{base}/mail/view?model={row['res_model']}"
                    f"&res_id={row['res_id']}",
                }
            )
        return {
            "count": len(rows),
            "url": f"{base}/odoo/what-i-owe",
            "preferences_url": f"{base}/odoo/how-i-am-told",
            **{name: lines[:LINES] for name, lines in sorts.items()},
            "more": sum(max(len(lines) - LINES, 0) for lines in sorts.values()),
        }

    @api.model
    def _tell_when(self, deadline, today):
        """The deadline in words: "2 days late", "tomorrow", "in 5 days"."""
        if not deadline:
            return ""
        days = (deadline - today).days
        if days < -1:
            return self.env._("%(days)s days late", days=-days)
        if days == -1:
            return self.env._("1 day late")
        if days == 0:
            return self.env._("today")
        if days == 1:
            return self.env._("tomorrow")
        if days <= SOON:
            return self.env._("in %(days)s days", days=days)
        return format_date(self.env, deadline)
