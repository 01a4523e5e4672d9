from odoo import api, fields, models
from odoo.tools import SQL, format_list

from .flush import flush_sql

#: how many people a warning names
NAMED = 5
#: what anonymous groups need at least when no cycle says so
USUAL_MINIMUM = 3


class HrPerformanceTemplate(models.Model):
    """What will go otherwise than the form promises, said before anybody is asked.

    Nothing is refused here: a form may be right for a company in a way that no rule knows.
    """

    _inherit = "hr.performance.template"

    hints = fields.Text(
        "Worth a Look",
        compute="_compute_hints",
        # names people around whom few work
        groups="hr_performance.group_hr_performance_officer",
        help="What will go otherwise than one might expect.",
    )

    @api.depends(
        "rating_mode",
        "company_id",
        "people_level",
        "job_ids",
        "department_ids",
        "role_ids.role",
        "role_ids.weight",
        "role_ids.is_anonymous",
        "role_ids.merge_into",
        "role_ids.nomination",
        "role_ids.count_min",
        "role_ids.count_max",
        "section_ids.sequence",
        "section_ids.name",
        "section_ids.kind",
        "section_ids.weight",
        "section_ids.sharing",
        "section_ids.goal_filter",
        "section_ids.role_ids",
        "section_ids.question_ids.kind",
    )
    @api.depends_context("uid", "lang", "company")
    def _compute_hints(self):
        for form in self:
            hints = [
                *form._shape_problems(),
                *form._promise_problems(form._usual_minimum()),
            ]
            form.hints = "\n".join(hints) or False

    def _usual_minimum(self):
        """The largest minimum of the open cycles of the company."""
        company = self.company_id or self.env.company
        # sudo: one number, of cycles that everybody of the company may read
        cycles = self.env["hr.performance.cycle"].sudo()
        [(largest,)] = cycles._read_group(
            [("company_id", "=", company.id), ("state", "!=", "closed")],
            [],
            ["anonymity_minimum:max"],
        )
        return largest or USUAL_MINIMUM

    # ---------------------------------------------------------------- shape

    def _shape_problems(self):
        """What nobody will answer, see or count, as sentences."""
        self.ensure_one()
        _ = self.env._
        if not self.section_ids or not self.role_ids:
            return
        for role in self.role_ids:
            if not self.section_ids.filtered(lambda s, r=role: s._is_answered_by(r)):
                yield _(
                    "“%(role)s” has nothing to answer: no section asks them.",
                    role=role.display_name,
                )
        taken = set()
        for section in self.section_ids.sorted("sequence"):
            if section.kind == "goals":
                if {"all", section.goal_filter} & taken:
                    yield _(
                        "“%(section)s” gets no goals: a section before it takes them. Put"
                        " it first, or choose other goals there.",
                        section=section.name,
                    )
                taken.add(section.goal_filter)
            elif section.kind != "competencies" and not section.question_ids:
                yield _("“%(section)s” has no questions yet.", section=section.name)
            if section.sharing == "never" and "self" in section._answering().mapped(
                "role"
            ):
                yield _(
                    "“%(section)s” is never shown to the person, who is asked to answer it"
                    " as well. Choose the others under “Answered By”.",
                    section=section.name,
                )
        if self.rating_mode == "required" and not any(
            section.weight for section in self.section_ids
        ):
            yield _(
                "No section counts, so no rating is suggested. Give one a weight, or choose"
                " another “Result”."
            )
        elif self.rating_mode != "none" and not any(
            role.weight for role in self.role_ids
        ):
            yield _("No reviewer counts: what they choose enters no score.")

    # ---------------------------------------------------------------- anonymity

    def _promise_problems(self, minimum, employees=None):
        """Where the form cannot keep what it promises to anonymous reviewers.

        :param minimum: how many answers a group needs to be shown
        :param employees: who will be appraised; without them those of the company whom the
            form is for
        :return: sentences, each about one role
        """
        self.ensure_one()
        anonymous = self.role_ids.filtered("is_anonymous")
        if not anonymous:
            return []
        if employees is None:
            employees = self._people_of_form()
        sizes = self._group_sizes(employees)
        problems = []
        for role in anonymous:
            problem = role._promise_problem(minimum, employees, sizes)
            if problem:
                problems.append(problem)
        return problems

    def _people_of_form(self):
        """The people of the company whom the form is for."""
        company = self.company_id or self.env.company
        # sudo: posts and departments are private; names of colleagues are not
        people = (
            self.env["hr.employee"].sudo().search([("company_id", "=", company.id)])
        )
        above = self._departments_above()
        places = self._places(people)
        form = self.sudo()
        return people.filtered(
            lambda person: form._rank_at(places[person.id], above) is not None
        ).sudo(False)

    @api.model
    def _group_sizes(self, employees):
        """``{employee id: {role: how many can be asked}}``, in one query.

        Whoever has no user cannot answer.
        """
        if not employees.ids:
            return {}
        return {
            employee_id: {"report": reports, "peer": peers}
            for employee_id, reports, peers in self.env.execute_query(
                SQL(
                    """
                    WITH able AS (
                        SELECT employee.id, employee.parent_id
                          FROM hr_employee employee
                          JOIN res_users account ON account.id = employee.user_id
                         WHERE employee.active AND account.active
                    ), team AS (
                        SELECT parent_id, count(*) AS size FROM able GROUP BY parent_id
                    )
                    SELECT employee.id,
                           COALESCE(below.size, 0),
                           COALESCE(beside.size, 0) - (able.id IS NOT NULL)::integer
                      FROM hr_employee employee
                 LEFT JOIN able ON able.id = employee.id
                       AND able.parent_id = employee.parent_id
                 LEFT JOIN team below ON below.parent_id = employee.id
                 LEFT JOIN team beside ON beside.parent_id = employee.parent_id
                     WHERE employee.id = ANY(%s)%s
                    """,
                    list(employees.ids),
                    flush_sql(
                        self.env,
                        ("hr.employee", "parent_id active user_id"),
                        ("res.users", "active"),
                    ),
                )
            )
        }


class HrPerformanceTemplateRole(models.Model):
    _inherit = "hr.performance.template.role"

    def _too_few(self, minimum, possible):
        """Whether fewer than ``minimum`` of this role can answer about somebody.

        :param possible: how many the organisation has around the person; None: it names
            nobody in this role. With nobody to ask, nothing is promised.
        """
        if self.nomination != "auto":
            possible = None
        elif possible == 0:
            return False
        limits = [self.count_max or minimum]
        if possible is not None:
            limits.append(possible)
        return min(limits) < minimum

    def _promise_problem(self, minimum, employees, sizes):
        """Why too few of this role may answer to be shown, or ``None``."""
        _ = self.env._
        names = {"role": self.display_name, "minimum": minimum}
        if self.role == "second":
            problem = _(
                "“%(role)s” is one person and never %(minimum)s, so what they write is never"
                " shown on its own.",
                **names,
            )
        elif self._too_few(minimum, None):
            problem = _(
                "“%(role)s”: at most %(count)s are asked, but answers are shown from"
                " %(minimum)s on. Raise “At Most”.",
                count=self.count_max,
                **names,
            )
        elif self.nomination == "auto" and self.role in ("peer", "report"):
            few = [
                person
                for person in employees
                if self._too_few(minimum, sizes.get(person.id, {}).get(self.role, 0))
            ]
            if not few:
                return None
            problem = self._too_few_message(few, minimum)
        elif self.nomination != "auto" and self.count_min < minimum:
            problem = _(
                "“%(role)s”: %(count)s may be enough to ask, but answers are shown from"
                " %(minimum)s on, and not everybody will answer. Raise “At Least”.",
                count=self.count_min,
                **names,
            )
        else:
            return None
        return f"{problem} {self._too_few_outcome()}"

    def _too_few_message(self, few, minimum):
        _ = self.env._
        values = {
            "role": self.display_name,
            "minimum": minimum,
            "people": format_list(self.env, [person.name for person in few[:NAMED]]),
            "more": len(few) - NAMED,
        }
        if len(few) > NAMED:
            return _(
                "“%(role)s”: fewer than %(minimum)s can be asked about %(people)s and"
                " %(more)s others.",
                **values,
            )
        return _(
            "“%(role)s”: fewer than %(minimum)s can be asked about %(people)s.",
            **values,
        )

    def _too_few_outcome(self):
        _ = self.env._
        roles = dict(self._fields["role"]._description_selection(self.env))
        if self.merge_into:
            return _(
                "Too few answers join those of “%(role)s”.",
                role=roles[self.merge_into],
            )
        return _("Too few answers are dropped: nobody reads them.")


class HrPerformanceTemplateSection(models.Model):
    _inherit = "hr.performance.template.section"

    answered_by = fields.Char("Answers", compute="_compute_answered_by")

    @api.depends("role_ids.role")
    @api.depends_context("lang")
    def _compute_answered_by(self):
        for section in self:
            section.answered_by = (
                format_list(self.env, section.role_ids.mapped("display_name"))
                if section.role_ids
                else self.env._("Everybody asked")
            )

    def _answering(self):
        """The reviewers of the form who see and answer the section."""
        return self.role_ids or self.template_id.role_ids

    def _is_answered_by(self, role):
        return role in self._answering()
