from datetime import timedelta
from itertools import islice
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date, format_list

from ..engine.schedule import last_due
from .assignment import NAMED
from .template import PURPOSES

#: so many appraisals a transaction
BATCH = 500


class Due(NamedTuple):
    """An appraisal that is due, or why it cannot be opened."""

    person: models.BaseModel
    day: fields.Date
    form: models.BaseModel
    cycle: models.BaseModel
    problem: str | None


class HrPerformanceSchedule(models.Model):
    """Appraisals that come by themselves: n months after joining, then every m months.

    Every night those are opened whose day is near; the cycle is the one that holds the day.
    What was opened for a day, or cancelled after that, never comes again. Of several days
    that passed unattended, only the last one counts.
    """

    _name = "hr.performance.schedule"
    _inherit = ["hr.performance.guard.mixin", "hr.performance.population.mixin"]
    _description = "Appraisal Schedule"
    _order = "name, id"
    _check_company_auto = True
    _nobody_is_everybody = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    purpose = fields.Selection(PURPOSES, required=True, default="probation")
    template_id = fields.Many2one(
        "hr.performance.template",
        "Form",
        check_company=True,
        domain="[('purpose', '=', purpose)]",
        help="Leave empty to give each person the form that suits best.",
    )
    first_months = fields.Integer(
        "Months After Joining", default=3, help="When the first one is due."
    )
    every_months = fields.Integer(
        "Then Every … Months", help="0: the first one is the only one."
    )
    times = fields.Integer(
        "How Often", help="How many there are in all. 0: without end."
    )
    lead_days = fields.Integer(
        "Days Ahead",
        default=14,
        help="So many days before the day, the appraisal opens and reviewers are asked.",
    )
    date_from = fields.Date(
        "From",
        required=True,
        default=lambda self: fields.Date.today(),
        help="Days before this one are not made up for.",
    )
    employee_ids = fields.Many2many(
        help="They are appraised whatever is chosen beside. Nobody chosen at all: everybody"
        " in the company."
    )
    department_ids = fields.Many2many(
        help="Everybody in them and in the departments below."
    )
    last_run = fields.Date("Last Looked At", readonly=True, copy=False)
    problem = fields.Text("What Is in the Way", readonly=True, copy=False)
    appraisal_ids = fields.One2many("hr.performance.appraisal", "schedule_id")
    appraisal_count = fields.Integer("Appraisals", compute="_compute_appraisal_count")

    def _compute_appraisal_count(self):
        # sudo: whose appraisal the user must not see, their own, is opened as well
        counts = dict(
            self.env["hr.performance.appraisal"]
            .sudo()
            ._read_group(
                [("schedule_id", "in", self.ids)], ["schedule_id"], ["__count"]
            )
        )
        for schedule in self:
            schedule.appraisal_count = counts.get(schedule.sudo(), 0)

    @api.constrains("first_months", "every_months", "lead_days", "times")
    def _check_numbers(self):
        for schedule in self:
            for name in ("first_months", "every_months", "lead_days", "times"):
                if not 0 <= schedule[name] <= 1200:
                    raise ValidationError(
                        self.env._(
                            "Schedule “%(schedule)s”: “%(field)s” must lie between 0 and"
                            " 1200.",
                            schedule=schedule.name,
                            field=schedule._fields[name]._description_string(self.env),
                        )
                    )

    @api.constrains("purpose", "template_id")
    def _check_form(self):
        for schedule in self:
            form = schedule.template_id
            if form and form.purpose != schedule.purpose:
                raise ValidationError(
                    self.env._(
                        "Schedule “%(schedule)s”: the form “%(form)s” is for another"
                        " purpose. Choose a form for this one.",
                        schedule=schedule.name,
                        form=form.name,
                    )
                )

    # ---------------------------------------------------------------- who is due

    def _due(self):
        """What is due by today and has not been opened.

        :return: list of :class:`Due`
        """
        self.ensure_one()
        until = fields.Date.today() + timedelta(days=self.lead_days)
        people = self._people()
        days = {}
        for employee_id, service in self._services(people).items():
            day = last_due(
                service.began, self.first_months, self.every_months, until, self.times
            )
            if (
                day
                and day >= self.date_from
                and service.active
                and (not service.left or service.left >= day)
            ):
                days[employee_id] = day
        for row in self._opened():
            if days.get(row[0]) == row[1]:
                del days[row[0]]
        people = people.browse(days)
        forms = self._forms(people)
        cycles = self._cycles(set(days.values()))
        formless = self.env._("no form suits")
        cycleless = {
            day: self.env._(
                "no open cycle with a rating scale holds %(date)s",
                date=format_date(self.env, day),
            )
            for day in set(days.values()) - cycles.keys()
        }
        return [
            Due(
                person,
                days[person.id],
                forms.get(person),
                cycles.get(days[person.id]),
                cycleless.get(days[person.id])
                or (None if forms.get(person) else formless),
            )
            for person in people
        ]

    def _opened(self):
        """``(employee id, day)`` of all that has been opened, cancelled ones included."""
        # sudo: also one that the user cannot see
        query = (
            self.env["hr.performance.appraisal"]
            .sudo()
            ._search([("schedule_id", "=", self.id)])
        )
        return self.env.execute_query(query.select("employee_id", "schedule_date"))

    def _forms(self, people):
        if self.template_id:
            return dict.fromkeys(people, self.template_id)
        return self.env["hr.performance.template"]._best_for(
            people, self.purpose, self.company_id
        )

    def _cycles(self, days):
        """``{day: cycle}``: of the open ones that hold the day, the longest."""
        cycles = self.env["hr.performance.cycle"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "!=", "closed"),
                ("scale_id", "!=", False),
            ]
        )
        found = {}
        for cycle in cycles.sorted(lambda one: one.date_start - one.date_end):
            for day in days:
                if cycle.date_start <= day <= cycle.date_end:
                    found.setdefault(day, cycle)
        return found

    # ---------------------------------------------------------------- opening them

    def _open_due(self, limit=BATCH):
        """Open what is due, not more than ``limit``; return how many were opened.

        What cannot be opened is said on the schedule.
        """
        self.ensure_one()
        due = self._due()
        vals_list = [
            {
                "employee_id": one.person.id,
                "cycle_id": one.cycle.id,
                "template_id": one.form.id,
                "purpose": self.purpose,
                "schedule_id": self.id,
                "schedule_date": one.day,
            }
            for one in islice((one for one in due if not one.problem), limit)
        ]
        # sudo: a schedule is for everybody, also for who set it up
        self.env["hr.performance.appraisal"].sudo()._make(vals_list)
        self.sudo().write(
            {"last_run": fields.Date.today(), "problem": self._problem_text(due)}
        )
        return len(vals_list)

    def _problem_text(self, due):
        """What is in the way of which appraisals, a line each; False when nothing is."""
        people = {}
        for one in due:
            if one.problem:
                people.setdefault(one.problem, []).append(one.person.name)
        return (
            "\n".join(
                self.env._(
                    "%(problem)s: %(people)s (%(count)s)",
                    problem=problem[:1].upper() + problem[1:],
                    people=format_list(self.env, names[:NAMED]),
                    count=len(names),
                )
                for problem, names in people.items()
            )
            or False
        )

    @api.model
    def _cron_open_due(self, limit=BATCH):
        """Open all appraisals that are due, a batch a transaction."""
        cron = self.env["ir.cron"]
        for schedule in self.search([]):
            company = schedule.company_id
            schedule = schedule.with_context(
                lang=schedule.create_uid.lang, allowed_company_ids=company.ids
            )
            while opened := schedule._open_or_explain(limit):
                if not cron._commit_progress(opened, remaining=1):
                    return
            cron._commit_progress(1, remaining=0)

    def _open_or_explain(self, limit):
        """One batch; when it is refused, the schedule says why, and the others go on."""
        try:
            with self.env.cr.savepoint():
                return self._open_due(limit)
        except UserError as error:
            self.sudo().write({"last_run": fields.Date.today(), "problem": str(error)})
            return 0

    def action_open_due(self):
        """Open what is due now, without waiting for the night."""
        self.ensure_one()
        self.check_access("write")
        self._open_due()

    def action_view_appraisals(self):
        self.ensure_one()
        return self.env["hr.performance.appraisal"]._list_action(
            [("schedule_id", "=", self.id)], name=self.name
        )
