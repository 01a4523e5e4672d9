from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: so many kinds of what is owed there may be; ids are made with it
MAX_KINDS = 64
#: what was done stays on the list for so many days
DONE_FOR = 60


class HrPerformanceOwed(models.Model):
    """What this addon asks of anybody: one row a thing, a query and not a table.

    Each model says what its records ask in ``_owed_sql`` (see the mixin). Whoever owes a
    thing reads its row; the line and HR do where it is ``shared``.
    """

    _name = "hr.performance.owed"
    _inherit = ["hr.performance.team.mixin"]
    _description = "What Somebody Owes"
    _auto = False
    _order = "deadline, id"
    _rec_name = "kind"

    kind = fields.Char(readonly=True)
    type_id = fields.Many2one("mail.activity.type", "What", readonly=True)
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True)
    employee_id = fields.Many2one("hr.employee", "Who", readonly=True)
    about_id = fields.Many2one("hr.employee", "About", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    date_from = fields.Date("From", readonly=True)
    deadline = fields.Date("Due", readonly=True)
    done_on = fields.Date("Done", readonly=True)
    shared = fields.Boolean(readonly=True)
    state = fields.Selection(
        [
            ("not_started", "Not started"),
            ("to_do", "To do"),
            ("overdue", "Overdue"),
            ("done", "Done"),
        ],
        readonly=True,
    )

    def _search_is_mine(self, operator, value):
        # ids and no query of them: with these the database goes into each part by its index
        if operator != "in":
            return NotImplemented
        rows = self.env.execute_query(self._my_employees_sql())
        return Domain(self._person_field, "in", [row[0] for row in rows])

    @api.model
    def _numbered_parts(self):
        """``[(number, model name, kind, SQL), ...]`` of all models that ask something.

        Only of kinds with an activity type: the type says what the deed is called.
        """
        mixin = self.env["hr.performance.owed.mixin"]
        parts = [
            (name, kind, sql)
            for name in sorted(mixin._inherit_children)
            for kind, sql in self.env[name]._owed_sql()
            if self._activity_type(kind)
        ]
        return [(number, *part) for number, part in enumerate(parts)]

    @api.model
    def _activity_type(self, kind):
        types = self.env["mail.activity.type"].sudo()
        name = f"hr_performance.mail_activity_{kind}"
        return types.browse(self.env["ir.model.data"].sudo()._xmlid_to_res_id(name))

    @api.model
    def _rows_sql(self, parts, condition):
        """The rows of ``parts`` (:meth:`_numbered_parts`) for which ``condition`` holds.

        :param condition: on ``part``, the rows as each model gives them
        """
        since = fields.Date.subtract(fields.Date.today(), days=DONE_FOR)
        return SQL(" UNION ALL ").join(
            SQL(
                """
                SELECT part.res_id::bigint * %(max)s + %(number)s AS id,
                       %(kind)s AS kind, %(type)s AS type_id, %(model)s AS res_model,
                       part.res_id, part.employee_id, part.about_id, part.company_id,
                       part.date_from, part.deadline, part.done_on, part.shared
                  FROM (%(sql)s) part
                 WHERE part.employee_id IS NOT NULL
                   AND (part.done_on IS NULL OR part.done_on >= %(since)s)
                   AND %(condition)s
                """,
                max=MAX_KINDS,
                number=number,
                kind=kind,
                type=self._activity_type(kind).id,
                model=model,
                since=since,
                sql=sql,
                condition=condition,
            )
            for number, model, kind, sql in parts
        )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT owed.*,
                   CASE WHEN done_on IS NOT NULL THEN 'done'
                        WHEN date_from > %(today)s THEN 'not_started'
                        WHEN deadline < %(today)s THEN 'overdue'
                        ELSE 'to_do'
                   END AS state
              FROM (%(rows)s) owed
            """,
            today=fields.Date.today(),
            rows=self._rows_sql(self._numbered_parts(), SQL("TRUE")),
        )
