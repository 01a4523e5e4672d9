from collections import Counter
from itertools import islice
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_list, split_every

from .template import PURPOSES

#: so many people are looked at together
CHUNK = 1000


class Receipt(NamedTuple):
    """The appraisal of one person, or why it is not made."""

    person: models.BaseModel
    form: models.BaseModel
    problem: str | None


class HrPerformanceLaunch(models.Model):
    """Appraisals for a whole population, in one go.

    Without anybody chosen it is for everybody in the company. Whoever has an appraisal of
    the same purpose in the cycle does not get a second one, so that a launch may be started
    again, for those who have come meanwhile. What it has made it never makes again,
    whatever became of it.
    """

    _name = "hr.performance.launch"
    _inherit = ["hr.performance.batch.mixin", "hr.performance.population.mixin"]
    _description = "Launch of Appraisals"
    _order = "id desc"
    _check_company_auto = True
    _batch_size = 1000
    _nobody_is_everybody = True

    name = fields.Char(
        "Title",
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    cycle_id = fields.Many2one(
        "hr.performance.cycle",
        required=True,
        index=True,
        check_company=True,
        domain="[('state', '!=', 'closed')]",
        default=lambda self: self._default_cycle(),
    )
    phase_id = fields.Many2one(
        "hr.performance.cycle.phase",
        "Phase",
        compute="_compute_phase_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        # without its phase it would be one of the year-end
        ondelete="cascade",
        domain="[('cycle_id', '=', cycle_id)]",
        help="Leave empty for the year-end.",
    )
    template_id = fields.Many2one(
        "hr.performance.template",
        "Form",
        compute="_compute_template_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        help="Leave empty to give each person the form that suits best.",
    )
    purpose = fields.Selection(PURPOSES, compute="_compute_purpose")
    employee_ids = fields.Many2many(
        help="They get an appraisal whatever is chosen beside. Nobody chosen at all:"
        " everybody in the company."
    )
    department_ids = fields.Many2many(
        help="Everybody in them and in the departments below."
    )
    entered_from = fields.Date(
        "Joined From", help="Only people whose first day of work is this one or later."
    )
    entered_to = fields.Date(
        "Joined Until",
        help="Only people whose first day of work is this one or earlier.",
    )
    excluded_ids = fields.Many2many(
        "hr.employee",
        "hr_performance_launch_excluded_rel",
        string="But Not",
        check_company=True,
    )
    appraisal_ids = fields.One2many("hr.performance.appraisal", "launch_id")
    appraisal_count = fields.Integer("Appraisals", compute="_compute_appraisal_count")

    @api.model
    def _default_cycle(self):
        """The open cycle to appraise: one in its check, else the longest that runs."""
        today = fields.Date.context_today(self)
        cycles = self.env["hr.performance.cycle"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("state", "!=", "closed"),
                ("date_start", "<=", today),
            ]
        )
        return max(
            cycles.filtered(
                lambda cycle: cycle.state == "check" or cycle.date_end >= today
            ),
            key=lambda cycle: (
                bool(cycle.template_id),
                cycle.state == "check",
                cycle.date_end - cycle.date_start,
            ),
            default=cycles.browse(),
        )

    @api.depends("cycle_id.name", "phase_id.purpose")
    def _compute_name(self):
        purposes = dict(self._fields["purpose"]._description_selection(self.env))
        for launch in self:
            purpose = launch.phase_id.purpose
            launch.name = (
                self.env._(
                    "%(cycle)s, %(purpose)s",
                    cycle=launch.cycle_id.name or "",
                    purpose=purposes[purpose],
                )
                if purpose
                else self.env._(
                    "Appraisals %(cycle)s", cycle=launch.cycle_id.name or ""
                )
            )

    @api.depends("cycle_id")
    def _compute_phase_id(self):
        for launch in self:
            if launch.phase_id.cycle_id != launch.cycle_id:
                launch.phase_id = False
            else:
                launch.phase_id = launch.phase_id

    @api.depends("cycle_id", "phase_id")
    def _compute_template_id(self):
        for launch in self:
            launch.template_id = (launch.phase_id or launch.cycle_id).template_id

    @api.depends("phase_id.purpose", "template_id.purpose")
    def _compute_purpose(self):
        for launch in self:
            launch.purpose = (
                launch.phase_id.purpose or launch.template_id.purpose or "annual"
            )

    def _compute_appraisal_count(self):
        # sudo: whose appraisal the user must not see, their own, is launched as well
        counts = dict(
            self.env["hr.performance.appraisal"]
            .sudo()
            ._read_group(
                [("launch_id", "in", self._origin.ids)], ["launch_id"], ["__count"]
            )
        )
        for launch in self:
            launch.appraisal_count = counts.get(launch._origin.sudo(), 0)

    @api.constrains("entered_from", "entered_to")
    def _check_entered(self):
        for launch in self:
            if (
                launch.entered_from
                and launch.entered_to
                and launch.entered_to < launch.entered_from
            ):
                raise ValidationError(
                    self.env._(
                        "“%(launch)s”: “Joined Until” lies before “Joined From”. Change one"
                        " of them.",
                        launch=launch.name,
                    )
                )

    @api.constrains("cycle_id", "phase_id")
    def _check_phase(self):
        for launch in self:
            if launch.phase_id and launch.phase_id.cycle_id != launch.cycle_id:
                raise ValidationError(
                    self.env._(
                        "“%(launch)s”: the phase is part of another cycle. Choose one of"
                        " “%(cycle)s”.",
                        launch=launch.name,
                        cycle=launch.cycle_id.name,
                    )
                )

    # ---------------------------------------------------------------- who gets what

    def _people(self):
        # sudo: as those who are chosen
        return super()._people() - self.sudo().excluded_ids._origin

    def _found(self, conditions):
        """And who joined in time; who is named is asked about no day."""
        found = super()._found(conditions)
        if not (self.entered_from or self.entered_to):
            return found
        began = {
            employee_id: service.began
            for employee_id, service in self._services(found).items()
        }
        return found.filtered(
            lambda person: (
                (self.entered_from or began[person.id])
                <= began[person.id]
                <= (self.entered_to or began[person.id])
            )
        )

    def _days(self):
        """First and last day of what is appraised."""
        cycle, phase = self.cycle_id, self.phase_id
        return phase.date_start or cycle.date_start, phase.date_end or cycle.date_end

    def _had(self):
        """The ids of those who get none: they have one, or had one of this launch."""
        domain = Domain("launch_id", "=", self._origin.id or 0)
        if self.purpose != "project":
            domain |= (
                Domain("cycle_id", "=", self.cycle_id._origin.id)
                & Domain("purpose", "=", self.purpose)
                & Domain("state", "!=", "cancelled")
                # these come by their own dates, several in a cycle
                & Domain("schedule_id", "=", False)
            )
        # sudo: also one that the user cannot see is in the way
        query = self.env["hr.performance.appraisal"].sudo()._search(domain)
        had = {row[0] for row in self.env.execute_query(query.select("employee_id"))}
        return had - set(self._drafts().employee_id.ids)

    def _drafts(self):
        """The drafts that wait for a launch, with what a former manager has said."""
        # sudo: as for all that a launch makes
        appraisals = self.env["hr.performance.appraisal"].sudo()
        return appraisals._farewell_drafts(self.cycle_id._origin, self.purpose)

    def _forms(self, people):
        """``{person: form}`` for those for whom there is one."""
        form = self.template_id._origin
        if form:
            return dict.fromkeys(people, form)
        return self.env["hr.performance.template"]._best_for(
            people, self.purpose, self.company_id
        )

    def _receipts(self, people, had):
        """What each of ``people`` gets.

        :param had: ids of those who have one already
        :return: iterator of :class:`Receipt`, people in superuser mode
        """
        first, last = self._days()
        services, forms = self._services(people), self._forms(people)
        has_one = self.env._("has one already")
        gone = self.env._("has left")
        later = self.env._("starts after the period")
        formless = self.env._("no form suits")
        for person in people:
            service, form = services[person.id], forms.get(person)
            problem = None
            if person.id in had:
                problem = has_one
            elif not service.active or (service.left and service.left < first):
                problem = gone
            elif service.began > last:
                problem = later
            elif not form:
                problem = formless
            yield Receipt(person, form, problem)

    def _missing(self):
        """What is still to be made, as :class:`Receipt`."""
        self.ensure_one()
        had = self._had()
        people = self._people()
        for some in split_every(
            CHUNK, [person_id for person_id in people.ids if person_id not in had]
        ):
            for receipt in self._receipts(people.browse(some), had):
                if not receipt.problem:
                    yield receipt

    # ---------------------------------------------------------------- making them

    def _count_batch(self):
        return sum(1 for _receipt in self._missing())

    def _do_batch(self, limit):
        try:
            # one launch of a cycle after the other: each asks who has none yet
            # sudo: those who launch need not be able to change the cycle
            self.cycle_id.sudo().lock_for_update(allow_referencing=True)
        except LockError:
            raise LockError(
                self.env._(
                    "Appraisals of “%(cycle)s” are being made right now. Try again in a"
                    " minute.",
                    cycle=self.cycle_id.name,
                )
            ) from None
        drafts = self._drafts().grouped("employee_id")
        vals_list, forms = [], {}
        for receipt in islice(self._missing(), limit):
            if receipt.person in drafts:
                forms[drafts[receipt.person][0]] = receipt.form
                continue
            vals_list.append(
                {
                    "employee_id": receipt.person.id,
                    "cycle_id": self.cycle_id.id,
                    "phase_id": self.phase_id.id,
                    "template_id": receipt.form.id,
                    "launch_id": self.id,
                }
            )
        # sudo: an officer's own appraisal is hidden from them and not theirs to open, but a
        # launch is for everybody; departments, jobs and managers are private as well
        appraisals = self.env["hr.performance.appraisal"].sudo()
        appraisals._make(vals_list)
        for draft, form in forms.items():
            draft.launch_id = self.id
            # where they have written already, they stay with the form they wrote on
            if draft.template_id != form and not draft.review_ids:
                draft.template_id = form
        appraisals.union(*forms).action_open()
        return len(vals_list) + len(forms)

    def action_start(self):
        """Make the appraisals and ask the reviewers; again for those who came meanwhile.

        :raise UserError: in a closed cycle, without a scale, or when nobody is left
        """
        self.ensure_one()
        self.check_access("write")
        cycle = self.cycle_id
        if cycle.state == "closed":
            raise UserError(
                self.env._(
                    "Cycle “%(cycle)s” is closed. Launch appraisals in an open one.",
                    cycle=cycle.name,
                )
            )
        if not cycle.scale_id:
            raise UserError(cycle._lacks_message("scale_id"))
        return super().action_start()

    def _nothing_message(self):
        problems = Counter(
            receipt.problem for receipt in self._receipts(self._people(), self._had())
        )
        names = {"company": self.company_id.name, "cycle": self.cycle_id.name}
        if not problems:
            return self.env._(
                "Nobody in %(company)s is chosen. Nothing was launched in “%(cycle)s”.",
                **names,
            )
        if self.env._("has one already") in problems and len(problems) == 1:
            return self.env._(
                "Everybody in %(company)s has an appraisal in “%(cycle)s” already."
                " Nothing was launched.",
                **names,
            )
        return self.env._(
            "Nothing was launched in “%(cycle)s” for %(company)s: %(problems)s. Choose"
            " other people, or a form.",
            problems=format_list(
                self.env,
                [f"{problem} ({count})" for problem, count in problems.most_common()],
            ),
            **names,
        )

    def action_view_appraisals(self):
        self.ensure_one()
        return self.env["hr.performance.appraisal"]._list_action(
            [("launch_id", "=", self.id)], name=self.name
        )
