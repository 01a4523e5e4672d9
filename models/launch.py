from collections import Counter
from itertools import islice
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_list, split_every

from .assignment import PREVIEWED
from .flush import flush_sql
from .template import PURPOSES

#: so many people are looked at together
CHUNK = 1000


class Receipt(NamedTuple):
    """The appraisal of one person, or why it is not made."""

    person: models.BaseModel
    form: models.BaseModel
    problem: str | None


class Around(NamedTuple):
    """Whom the organisation has around a person, to be asked for a review."""

    manager: str | None
    second: str | None
    peer: int
    report: int
    goals: int
    is_user: bool
    manager_is_user: bool


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
    preview = fields.Json(compute="_compute_preview", export_string_translation=False)
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
        named, conditions = self._named(), self._conditions()
        found = named.browse()
        if conditions or not named:
            found = self._found(conditions)
            if self.entered_from or self.entered_to:
                began = {
                    employee_id: service.began
                    for employee_id, service in self._services(found).items()
                }
                found = found.filtered(
                    lambda person: (
                        (self.entered_from or began[person.id])
                        <= began[person.id]
                        <= (self.entered_to or began[person.id])
                    )
                )
        # sudo: as those who are chosen
        return (found | named) - self.sudo().excluded_ids._origin

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

    # ---------------------------------------------------------------- the preview

    @api.depends_context("uid", "lang")
    @api.depends(
        "cycle_id",
        "phase_id",
        "template_id",
        "employee_ids",
        "department_ids",
        "job_ids",
        "domain",
        "entered_from",
        "entered_to",
        "excluded_ids",
        "batch_state",
        "batch_done",
    )
    def _compute_preview(self):
        for launch in self:
            try:
                launch.preview = launch._preview()
            except UserError as error:
                launch.preview = {"error": str(error)}

    def _preview(self):
        """What Start would do, for the screen.

        :return: ``people`` ``[{"id", "name", "problem" (empty: it is made), "form",
            "asked" [text], "missing" [text]}]``, those with a problem or with something
            missing first, those who have one last, not more than :data:`PREVIEWED`;
            ``count`` of all people; how many are ``made`` and ``skipped``; how often what
            is ``missing``: ``[{"text", "count"}]``
        """
        if not self.cycle_id:
            return {"people": [], "count": 0, "made": 0, "skipped": 0, "missing": []}
        receipts = list(self._receipts(self._people(), self._had()))
        made = [receipt for receipt in receipts if not receipt.problem]
        around = self._around([receipt.person.id for receipt in made])
        # the same is said of most
        known, lacking = {}, {}
        for receipt in made:
            facts = around[receipt.person.id]
            key = (
                receipt.form,
                facts._replace(
                    manager=bool(facts.manager),
                    second=bool(facts.second),
                    goals=bool(facts.goals),
                ),
            )
            if key not in known:
                known[key] = self._lacking(receipt.form, facts)
            lacking[receipt.person] = known[key]
        has_one = self.env._("has one already")
        order = sorted(
            receipts,
            key=lambda receipt: (
                receipt.problem == has_one,
                not (receipt.problem or lacking[receipt.person]),
            ),
        )
        counts = Counter(text for texts in lacking.values() for text in texts)
        return {
            "people": [
                {
                    "id": receipt.person.id,
                    "name": receipt.person.name,
                    "problem": receipt.problem or "",
                    "form": "" if receipt.problem else receipt.form.name,
                    "asked": []
                    if receipt.problem
                    else self._asked(receipt.form, around[receipt.person.id]),
                    "missing": lacking.get(receipt.person, []),
                }
                for receipt in order[:PREVIEWED]
            ],
            "count": len(receipts),
            "made": len(made),
            "skipped": len(receipts) - len(made),
            "missing": [
                {"text": text, "count": count} for text, count in counts.most_common()
            ],
        }

    def _around(self, employee_ids):
        """``{employee id: Around}``, in three queries."""
        # sudo: who has goals is told to HR here, whatever the goals say
        goals = {
            person.id: count
            for person, count in self.env["hr.performance.goal"]
            .sudo()
            ._read_group(
                [
                    ("scope", "=", "employee"),
                    ("employee_id", "in", employee_ids),
                    ("cycle_id", "child_of", self.cycle_id._origin.id),
                    ("state", "in", ("agreed", "closed")),
                ],
                ["employee_id"],
                ["__count"],
            )
        }
        rows = self.env.execute_query(
            SQL(
                """
                SELECT person.id, boss.name, above.name,
                       person.user_id IS NOT NULL, boss.user_id IS NOT NULL
                  FROM hr_employee person
             LEFT JOIN hr_employee boss ON boss.id = person.parent_id
                   AND boss.id <> person.id
                   AND (boss.user_id IS NULL
                        OR boss.user_id IS DISTINCT FROM person.user_id)
             LEFT JOIN hr_employee above ON above.id = boss.parent_id
                   AND above.id <> person.id
                 WHERE person.id = ANY(%(people)s)%(flush)s
                """,
                people=employee_ids,
                flush=flush_sql(self.env, ("hr.employee", "name parent_id user_id")),
            )
        )
        people = self.env["hr.employee"].browse(employee_ids)
        sizes = self.env["hr.performance.template"]._group_sizes(people)
        return {
            person_id: Around(
                manager=manager,
                second=second,
                goals=goals.get(person_id, 0),
                is_user=is_user,
                manager_is_user=manager_is_user,
                **sizes[person_id],
            )
            for person_id, manager, second, is_user, manager_is_user in rows
        }

    def _asked(self, form, around):
        """Who will be asked by ``form``, a text for each role."""
        roles = self._role_names()
        texts = []
        for role in form.role_ids:
            name = roles[role.role]
            found = getattr(around, role.role, None)
            if role.role in ("manager", "second"):
                if found:
                    texts.append(f"{name}: {found}")
            elif role.role == "self":
                texts.append(name)
            elif role.nomination != "auto":
                texts.append(
                    self.env._(
                        "%(role)s: proposed by %(who)s",
                        role=name,
                        who=roles[
                            "self" if role.nomination == "employee" else "manager"
                        ],
                    )
                )
            elif found is not None:
                count = min(found, role.count_max or found)
                if count:
                    texts.append(f"{name}: {count}")
            else:
                texts.append(name)
        return texts

    def _lacking(self, form, around):
        """What stands in the way of a good appraisal by ``form``, a text each."""
        asked = set(form.role_ids.mapped("role"))
        lacking = []
        if "manager" in asked and not around.manager:
            lacking.append(self.env._("no manager"))
        # who has no user is not asked
        if "self" in asked and not around.is_user:
            lacking.append(self.env._("no user to answer with"))
        if "manager" in asked and around.manager and not around.manager_is_user:
            lacking.append(self.env._("the manager has no user to answer with"))
        if "second" in asked and around.manager and not around.second:
            lacking.append(self.env._("no second manager"))
        if not around.goals and "goals" in form.section_ids.mapped("kind"):
            lacking.append(self.env._("no agreed goals"))
        roles = self._role_names()
        minimum = self.cycle_id.anonymity_minimum
        for role in form.role_ids.filtered("is_anonymous"):
            # of a second manager the name is known
            possible = (
                int(bool(around.second))
                if role.role == "second"
                else getattr(around, role.role, None)
            )
            if possible == 0 and role.nomination == "auto":
                continue  # nobody is asked, so nothing is promised
            limits = [
                count
                for count in (
                    role.count_max or None,
                    possible if role.nomination == "auto" else None,
                )
                if count is not None
            ]
            if not limits or min(limits) >= minimum:
                continue
            names = {
                "role": roles[role.role],
                "minimum": minimum,
                "other": roles.get(role.merge_into, ""),
            }
            lacking.append(
                self.env._(
                    "%(role)s: fewer than %(minimum)s, their answers join those of"
                    " “%(other)s”",
                    **names,
                )
                if role.merge_into
                else self.env._(
                    "%(role)s: fewer than %(minimum)s, their answers are not shown",
                    **names,
                )
            )
        return lacking

    def _role_names(self):
        field = self.env["hr.performance.template.role"]._fields["role"]
        return dict(field._description_selection(self.env))

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
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_performance.appraisal_action"
        )
        return action | {
            "name": self.name,
            "domain": [("launch_id", "=", self.id)],
            "context": {},
        }
