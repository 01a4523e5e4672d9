from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .flush import flush_sql


class Place(NamedTuple):
    """What decides which form suits a person."""

    department_id: int | None
    job_id: int | None
    is_leader: bool


class HrPerformanceTemplate(models.Model):
    """Which form suits whom: the most specific one, by post, department and level."""

    _inherit = "hr.performance.template"

    @api.model
    def _best_for(self, employees, purpose, company):
        """The form for each of ``employees``, in a fixed number of queries.

        A form for their post comes before one for their department (the nearest one
        counts), that before one for leaders or others, that before one for everybody. What
        a form names has to hold altogether. Among equals the sequence decides.

        :param purpose: see ``PURPOSES``
        :param company: whose forms are looked at, with those of all companies
        :return: ``{employee: form}`` of all of them, an empty form where none suits
        """
        # sudo: which form suits whom follows from posts, which are private
        forms = (
            self.sudo()
            .search(
                Domain("purpose", "=", purpose)
                & Domain("company_id", "in", [company.id, False])
            )
            .sudo(self.env.su)
        )
        places, above = self._places(employees), self._departments_above()
        best = {place: forms._best_at(place, above) for place in set(places.values())}
        nowhere = Place(None, None, False)
        return {
            employee: best.get(places.get(employee.id, nowhere), forms.browse())
            for employee in employees
        }

    def _best_at(self, place, above):
        ranked = [
            (rank, form)
            for form in self
            if (rank := form.sudo()._rank_at(place, above)) is not None
        ]
        # the first of equals: forms come in their order
        return max(ranked, key=lambda pair: pair[0], default=(None, self.browse()))[1]

    def _rank_at(self, place, above):
        """How specific the form is for somebody at ``place``; ``None``: not for them.

        :param above: ``{department id: ids of its departments, from the top}``
        """
        jobs, units = self.job_ids.ids, set(self.department_ids.ids)
        if jobs and place.job_id not in jobs:
            return None
        if self.people_level != "all" and place.is_leader != (
            self.people_level == "leaders"
        ):
            return None
        nearness = 0
        if units:
            path = above.get(place.department_id, ())
            nearness = max(
                (n for n, unit in enumerate(path, 1) if unit in units), default=0
            )
            if not nearness:
                return None
        return bool(jobs), nearness, self.people_level != "all"

    @api.model
    def _departments_above(self):
        """``{department id: ids from the top department down to itself}``."""
        # sudo: which department lies below which is no secret
        departments = self.env["hr.department"].sudo().with_context(active_test=False)
        return {
            department.id: [
                int(step) for step in department.parent_path.split("/")[:-1]
            ]
            for department in departments.search_fetch([], ["parent_path"])
        }

    @api.model
    def _places(self, employees):
        """``{employee id: Place}``, as they are today, in one query."""
        if not employees.ids:
            return {}
        return {
            employee_id: Place(*place)
            for employee_id, *place in self.env.execute_query(
                SQL(
                    """
                    SELECT employee.id, version.department_id, version.job_id,
                           EXISTS (
                               SELECT FROM hr_employee report
                                WHERE report.parent_id = employee.id
                                  AND report.active
                                  AND report.id != employee.id
                           )
                      FROM hr_employee employee
                 LEFT JOIN hr_version version ON version.id = employee.current_version_id
                     WHERE employee.id = ANY(%s)%s
                    """,
                    list(employees.ids),
                    flush_sql(
                        self.env,
                        ("hr.employee", "parent_id active current_version_id"),
                        ("hr.version", "department_id job_id"),
                    ),
                )
            )
        }
