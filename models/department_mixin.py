from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .flush import flush_sql


class HrPerformanceDepartmentMixin(models.AbstractModel):
    """Whether the current user heads the department of a record, or one above it."""

    _name = "hr.performance.department.mixin"
    _description = "Records of one's departments"

    is_in_my_department = fields.Boolean(
        compute="_compute_is_in_my_department",
        search="_search_is_in_my_department",
        export_string_translation=False,
    )

    @api.depends_context("uid")
    @api.depends("department_id")
    def _compute_is_in_my_department(self):
        ids = {row[0] for row in self.env.execute_query(self._my_departments_sql())}
        for record in self:
            record.is_in_my_department = record.department_id.id in ids

    def _search_is_in_my_department(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("department_id", "in", self._my_departments_sql())

    @api.model
    def _my_departments_sql(self):
        """The ids of the departments the current user heads, and of those below them."""
        return SQL(
            """(
            SELECT unit.id
              FROM hr_department unit
              JOIN hr_department mine ON unit.parent_path LIKE mine.parent_path || '%%'
              JOIN hr_employee head ON head.id = mine.manager_id
             WHERE head.user_id = %(uid)s AND head.active%(flush)s)""",
            uid=self.env.uid,
            flush=flush_sql(
                self.env,
                ("hr.department", "parent_path manager_id"),
                ("hr.employee", "user_id active"),
            ),
        )
