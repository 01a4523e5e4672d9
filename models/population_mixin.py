import ast
from datetime import date
from typing import NamedTuple

from odoo import fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


class Service(NamedTuple):
    """Where somebody works now, and from when until when."""

    active: bool
    began: date
    left: date | None
    department_id: int | None
    job_id: int | None


class HrPerformancePopulationMixin(models.AbstractModel):
    """People who are chosen: by name, by department and post, by conditions.

    Named ones come on top of those who are found. Who is found is asked anew each time, so
    that the same record finds those who have come meanwhile.
    """

    _name = "hr.performance.population.mixin"
    # lets those who are not of HR name people
    _inherit = ["hr.mixin"]
    _description = "People who are chosen"

    #: whether nobody chosen at all means everybody in the company
    _nobody_is_everybody = False

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    employee_ids = fields.Many2many("hr.employee", string="People", check_company=True)
    department_ids = fields.Many2many(
        "hr.department", string="In Departments", check_company=True
    )
    job_ids = fields.Many2many(
        "hr.job",
        string="With Posts",
        check_company=True,
        help="Beside departments: only people of these departments with one of the posts.",
    )
    domain = fields.Char(
        "Who Match", default="[]", help="More conditions on people, if you need them."
    )

    def _people(self):
        """The people named, and those who are in the departments, have the posts, match."""
        named, conditions = self._named(), self._conditions()
        if conditions or (self._nobody_is_everybody and not named):
            return named | self._found(conditions)
        return named

    def _named(self):
        # sudo: what the user may do to whom is asked of all together
        return self.sudo().employee_ids._origin

    def _found(self, conditions):
        """The people of the company who meet all ``conditions``, in superuser mode."""
        # asked of what everybody may know of colleagues, with the rights of the user
        found = self.env["hr.employee.public"].search(
            Domain("company_id", "=", self.company_id.id) & Domain.AND(conditions)
        )
        return self.env["hr.employee"].sudo().browse(found.ids)

    def _conditions(self):
        """The conditions on people that are chosen, as domains."""
        conditions = []
        if self.department_ids:
            units = self.department_ids._origin.ids
            conditions.append(Domain("department_id", "child_of", units))
        if self.job_ids:
            conditions.append(Domain("job_id", "in", self.job_ids._origin.ids))
        text = (self.domain or "").strip()
        if text and text != "[]":
            conditions.append(self._parsed_domain(text))
        return conditions

    def _parsed_domain(self, text):
        """The domain on people that is written in ``text``: literals and nothing else."""
        try:
            domain = Domain(ast.literal_eval(text))
            domain.validate(self.env["hr.employee.public"])
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            raise ValidationError(
                self.env._(
                    "“%(work)s”, “Who Match”: this is not a list of conditions on people."
                    " Use the editor of conditions.",
                    work=self.display_name,
                )
            ) from None
        return domain

    def _services(self, people):
        """``{employee id: Service}`` of ``people``, in one query."""
        if not people:
            return {}
        employees, versions = self.env["hr.employee"], self.env["hr.version"]
        return {
            employee_id: Service(*service)
            for employee_id, *service in self.env.execute_query(
                SQL(
                    """
                    SELECT employee.id, employee.active, min(history.date_version),
                           version.departure_date, version.department_id, version.job_id
                      FROM hr_employee employee
                      JOIN hr_version version ON version.id = employee.current_version_id
                      JOIN hr_version history ON history.employee_id = employee.id
                     WHERE employee.id = ANY(%(people)s)
                  GROUP BY employee.id, version.id%(flush)s
                    """,
                    people=people.ids,
                    flush=SQL(
                        "",
                        to_flush=[
                            *(
                                employees._fields[name]
                                for name in ("active", "current_version_id")
                            ),
                            *(
                                versions._fields[name]
                                for name in (
                                    "employee_id",
                                    "date_version",
                                    "departure_date",
                                    "department_id",
                                    "job_id",
                                )
                            ),
                        ],
                    ),
                )
            )
        }
