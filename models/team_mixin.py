from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class HrPerformanceTeamMixin(models.AbstractModel):
    """Who the current user is to the person a record is about.

    The record rules of all models speak in these two fields. Both are searched and
    computed from the employee tree in one query, so that they follow a new manager at
    once (ids of ``user.employee_ids`` would be frozen in the cache of the rules), and
    both end at management circles, which Odoo allows.

    A manager needs no group: whoever stands above an employee in the tree is the manager.
    Nobody is ever in a team of their own.
    """

    _name = "hr.performance.team.mixin"
    _description = "Own records and those of one's team"

    #: the many2one to the employee whom the record is about
    _person_field = "employee_id"

    is_mine = fields.Boolean(
        compute="_compute_is_mine",
        search="_search_is_mine",
        export_string_translation=False,
    )
    is_in_my_team = fields.Boolean(
        compute="_compute_is_in_my_team",
        search="_search_is_in_my_team",
        export_string_translation=False,
    )

    @api.depends_context("uid")
    @api.depends(lambda self: [self._person_field] if self._person_field else [])
    def _compute_is_mine(self):
        self._compute_membership("is_mine", self._my_employees_sql())

    @api.depends_context("uid")
    @api.depends(lambda self: [self._person_field] if self._person_field else [])
    def _compute_is_in_my_team(self):
        self._compute_membership("is_in_my_team", self._my_team_sql())

    def _compute_membership(self, field_name, employees_sql, person_field=None):
        ids = {row[0] for row in self.env.execute_query(employees_sql)}
        for record in self:
            record[field_name] = record[person_field or self._person_field].id in ids

    def _search_is_mine(self, operator, value):
        return self._search_membership(operator, self._my_employees_sql())

    def _search_is_in_my_team(self, operator, value):
        return self._search_membership(operator, self._my_team_sql())

    def _search_membership(self, operator, employees_sql, person_field=None):
        if operator != "in":
            return NotImplemented
        return Domain(person_field or self._person_field, "in", employees_sql)

    @api.model
    def _my_employees_sql(self):
        """The ids of the current user's employees, in all companies."""
        return SQL(
            "(SELECT id FROM hr_employee WHERE user_id = %s)",
            self.env.uid,
            to_flush=self.env["hr.employee"]._fields["user_id"],
        )

    @api.model
    def _my_team_sql(self):
        """The ids of all employees below the current user, without the user."""
        employee = self.env["hr.employee"]
        return SQL(
            """(
            WITH RECURSIVE team AS (
                SELECT report.id
                  FROM hr_employee report
                  JOIN hr_employee me ON me.id = report.parent_id
                 WHERE me.user_id = %(uid)s
                   AND me.active
                UNION
                SELECT report.id
                  FROM hr_employee report
                  JOIN team ON team.id = report.parent_id
            )
            SELECT team.id
              FROM team
              JOIN hr_employee member ON member.id = team.id
             WHERE member.user_id IS DISTINCT FROM %(uid)s%(flush)s)""",
            uid=self.env.uid,
            flush=SQL(
                "",
                to_flush=[
                    employee._fields[name]
                    for name in ("parent_id", "user_id", "active")
                ],
            ),
        )

    def _performance_roles(self):
        """What the current user is to this record: a set of role names.

        ``self`` · ``manager`` (anywhere above) · ``officer`` · ``administrator``; the two
        last ones never together with ``self``: nobody decides on themselves.
        """
        self.ensure_one()
        if self.is_mine:
            return {"self"}
        roles = self._group_roles()
        if self.is_in_my_team:
            roles.add("manager")
        return roles

    @api.model
    def _group_roles(self):
        """The roles that come from the user's groups alone."""
        user = self.env.user
        return {
            role
            for role, group in (
                ("officer", "hr_performance.group_hr_performance_officer"),
                ("administrator", "hr_performance.group_hr_performance_manager"),
            )
            if user.has_group(group)
        }
