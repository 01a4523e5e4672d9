from odoo import api, fields, models
from odoo.tools import SQL

#: so many kinds of what is owed there may be; ids are made with it
MAX_KINDS = 64


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

    @api.model
    def _owed_parts(self):
        """``[(model name, kind, SQL), ...]`` of all models that ask something."""
        mixin = self.env["hr.performance.owed.mixin"]
        return [
            (name, kind, sql)
            for name in sorted(mixin._inherit_children)
            for kind, sql in self.env[name]._owed_sql()
        ]

    @property
    def _table_query(self):
        rows = SQL(" UNION ALL ").join(
            SQL(
                """
                SELECT part.res_id::bigint * %(max)s + %(number)s AS id,
                       %(kind)s AS kind, %(model)s AS res_model, part.res_id,
                       part.employee_id, part.about_id, part.company_id,
                       part.date_from, part.deadline, part.done_on, part.shared
                  FROM (%(sql)s) part
                """,
                max=MAX_KINDS,
                number=number,
                kind=kind,
                model=model,
                sql=sql,
            )
            for number, (model, kind, sql) in enumerate(self._owed_parts())
        )
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
            rows=rows,
        )

    @api.model
    def _sync(self, records):
        """Let the activities on ``records`` be what these ask now."""
