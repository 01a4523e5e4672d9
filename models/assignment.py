from datetime import date
from itertools import islice
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date, format_list

from .goal import HOLDERS
from .workflow_mixin import OFFICERS

#: how many receivers the preview lists
PREVIEWED = 200
#: how many people a refusal names
NAMED = 5


class Receipt(NamedTuple):
    """One library goal for one receiver, or why it is not made."""

    line: models.BaseModel
    holder: models.BaseModel
    problem: str | None
    #: first and last day on which the goal is held
    days: tuple[date, date]


class HrPerformanceAssignment(models.Model):
    """n library goals for m people, departments or the company, in one go.

    People are named, or found by department, post and conditions, as they are when the
    goals are made. Whoever has a goal from the library already in this period does not get
    it again, so an assignment may be repeated, for example when new people have come.
    """

    _name = "hr.performance.assignment"
    _inherit = ["hr.performance.batch.mixin", "hr.performance.population.mixin"]
    _description = "Assignment of Library Goals"
    _order = "id desc"
    _check_company_auto = True
    #: who has what is found out for everybody before each batch; a few seconds' work
    _batch_size = 5000

    name = fields.Char(
        "Title",
        required=True,
        default=lambda self: self.env._("Goals from the library"),
    )
    cycle_id = fields.Many2one(
        "hr.performance.cycle",
        "Period",
        required=True,
        check_company=True,
        domain="[('state', '!=', 'closed')]",
        default=lambda self: self.env["hr.performance.goal"]._default_cycle(),
    )
    line_ids = fields.One2many(
        "hr.performance.assignment.line", "assignment_id", "Goals", copy=True
    )
    employee_ids = fields.Many2many(
        help="They get the goals whatever is chosen beside."
    )
    department_ids = fields.Many2many(
        help="Personal goals: everybody in them and in the departments below. Department"
        " goals: the departments themselves."
    )
    goal_state = fields.Selection(
        [
            ("draft", "Draft: people change and propose them"),
            ("proposed", "Proposed: to be agreed"),
        ],
        "Goals Arrive As",
        required=True,
        default="draft",
    )
    preview = fields.Json(compute="_compute_preview", export_string_translation=False)
    goal_count = fields.Integer("Goals Made", compute="_compute_goal_count")

    # ---------------------------------------------------------------- who gets what

    @api.depends_context("uid", "lang")
    @api.depends(
        "cycle_id",
        "line_ids.template_id",
        "line_ids.parent_id",
        "employee_ids",
        "department_ids",
        "job_ids",
        "domain",
        "batch_state",
        "batch_done",
    )
    def _compute_preview(self):
        for assignment in self:
            try:
                assignment.preview = assignment._preview()
            except UserError as error:
                assignment.preview = {"error": str(error)}

    def _preview(self):
        """What Start would do, for the screen.

        :return: ``goals`` ``[{"id", "name", "measures": [text]}]``; ``receivers``
            ``[{"name", "problems": {template id: text, empty: it is made}, "days"}]``,
            those with a problem first, not more than :data:`PREVIEWED`; ``count`` of all
            receivers; how many goals are ``made`` and ``skipped``
        """
        by_holder = {}
        receipts = list(self._receipts())
        for receipt in receipts:
            by_holder.setdefault(receipt.holder, []).append(receipt)
        shown = sorted(
            by_holder,
            key=lambda holder: not any(one.problem for one in by_holder[holder]),
        )[:PREVIEWED]
        made = sum(not receipt.problem for receipt in receipts)
        return {
            "goals": [
                {
                    "id": template.id,
                    "name": template.name,
                    "measures": template.measure_ids.mapped("figure"),
                }
                for template in self.line_ids.template_id
            ],
            "receivers": [
                {
                    "id": f"{holder._name},{holder.id}",
                    "name": holder.display_name,
                    "problems": {
                        receipt.line.template_id.id: receipt.problem or ""
                        for receipt in by_holder[holder]
                    },
                    # the same for all of one receiver's goals
                    "days": self._days_text(by_holder[holder][0].days),
                }
                for holder in shown
            ],
            "count": len(by_holder),
            "made": made,
            "skipped": len(receipts) - made,
        }

    def _days_text(self, days):
        """The days on which a goal is held, where they are not the whole period."""
        if days == (self.cycle_id.date_start, self.cycle_id.date_end):
            return ""
        start, end = (format_date(self.env, day) for day in days)
        return self.env._("%(start)s to %(end)s", start=start, end=end)

    def _receipts(self):
        """Every goal for every receiver, in the order in which they are made.

        :return: iterator of :class:`Receipt`, holders in superuser mode
        """
        self.ensure_one()
        lines = self.line_ids.filtered("template_id")
        if not (self.cycle_id and lines):
            return
        scopes = set(lines.template_id.mapped("scope"))
        holders = {scope: self._holders(scope) for scope in scopes}
        services = self._services(holders.get("employee"))
        had = self._had(lines.template_id)
        has_it = self.env._("has it already")
        outside = {scope: self._outside(scope, holders[scope]) for scope in scopes}
        period = (self.cycle_id.date_start, self.cycle_id.date_end)
        days = {
            employee_id: (
                max(period[0], service.began),
                min(period[1], service.left or period[1]),
            )
            for employee_id, service in services.items()
        }
        # most are for everybody
        unfit = {
            conditions: self._unfit(*conditions, services)
            for conditions in {self._conditions_of(line) for line in lines}
        }
        # somebody's goals one after the other: they have more in common than one goal's
        # many holders
        for scope, of_scope in lines.grouped(lambda one: one.template_id.scope).items():
            parts = [
                (
                    line,
                    line.template_id._origin.id,
                    unfit[self._conditions_of(line)] if scope == "employee" else {},
                )
                for line in of_scope
            ]
            for holder in holders[scope]:
                holder_id = holder.id
                # since when and until when people are here is told of the line alone
                is_told = scope == "employee" and holder_id not in outside[scope]
                held = days.get(holder_id, period) if is_told else period
                for line, template_id, misfits in parts:
                    problem = (
                        outside[scope].get(holder_id)
                        or misfits.get(holder_id)
                        or ((template_id, scope, holder_id) in had and has_it)
                        or None
                    )
                    yield Receipt(line, holder, problem, held)

    def _holders(self, scope):
        """Who is chosen to get goals of this ``scope``, in superuser mode."""
        # sudo: department and post of people are private; what the user may give to whom
        # is asked of each
        if scope == "employee":
            return self._people()
        return {
            "department": self.department_ids,
            "job": self.job_ids,
            "company": self.company_id,
        }[scope]._origin.sudo()

    def _had(self, templates):
        """The goals that are there: a set of ``(template id, scope, holder id)``.

        One that was cancelled may be given anew, but not by the same assignment: what it
        has made is there, whatever became of it since, also in another period.
        """
        # sudo: also a goal that the user cannot see is there
        goals = self.env["hr.performance.goal"].sudo().with_context(active_test=False)
        query = goals._search(
            Domain("template_id", "in", templates._origin.ids)
            & Domain("cycle_id", "=", self.cycle_id._origin.id)
            & Domain("state", "!=", "cancelled")
        )
        scopes = sorted(set(templates.mapped("scope")))
        rows = self.env.execute_query(
            query.select(
                *(
                    goals._field_to_sql(query.table, name, query)
                    for name in (
                        "template_id",
                        "scope",
                        *(HOLDERS[scope] for scope in scopes),
                    )
                )
            )
        )
        return {
            (template_id, scope, holder_ids[scopes.index(scope)])
            for template_id, scope, *holder_ids in rows
            if scope in scopes
        } | self._made_here(templates)

    def _made_here(self, templates):
        """What this assignment has made, as :meth:`_had`, by what its origins say."""
        # sudo: also a goal that the user cannot see is there
        goals = self.env["hr.performance.goal"].sudo().with_context(active_test=False)
        query = goals._search([("origin", "=like", f"{self._origin_of()}%")])
        scope_of = {template.id: template.scope for template in templates._origin}
        made = set()
        for (origin,) in self.env.execute_query(query.select("origin")):
            template_id, holder_id = map(int, origin.split(":")[-2:])
            if template_id in scope_of:
                made.add((template_id, scope_of[template_id], holder_id))
        return made

    def _origin_of(self):
        """What the ``origin`` of the goals made here begins with."""
        return f"assignment:{self._origin.id}:"

    def _may_give_to_all(self):
        return self.env.su or bool(
            OFFICERS & self.env["hr.performance.goal"]._group_roles()
        )

    def _outside(self, scope, holders):
        """Whom the user cannot give goals: ``{holder id: why}``.

        The record rules decide in the end; this is what they say, in words and before.
        """
        if self._may_give_to_all():
            return {}
        mine = set()
        goals = self.env["hr.performance.goal"]
        if scope == "employee":
            why = self.env._("is not in your line")
            reach = [goals._my_employees_sql(), goals._my_team_sql()]
        elif scope == "department":
            why = self.env._("is not one of your departments")
            reach = [goals._my_departments_sql()]
        else:
            why = self.env._("is for HR to set goals for")
            reach = []
        for employees_sql in reach:
            mine.update(row[0] for row in self.env.execute_query(employees_sql))
        return dict.fromkeys(set(holders.ids) - mine, why)

    def _conditions_of(self, line):
        """The posts and the departments that a line's goal is for."""
        template = line.template_id._origin
        return template.job_ids, template.department_ids

    def _unfit(self, jobs, units, services):
        """Who cannot have a personal goal for these posts and departments: ``{id: why}``."""
        cycle = self.cycle_id
        jobs = set(jobs.ids)
        # sudo: which departments lie below is no secret
        units = set(units.sudo().search([("id", "child_of", units.ids)]).ids)
        gone = self.env._("has left")
        later = self.env._("starts after the period")
        nowhere = self.env._("has no department")
        elsewhere = self.env._("is in another department")
        other = self.env._("has another post")
        found = {}
        for employee_id, service in services.items():
            if not service.active or (service.left and service.left < cycle.date_start):
                found[employee_id] = gone
            elif service.began > cycle.date_end:
                found[employee_id] = later
            elif units and not service.department_id:
                found[employee_id] = nowhere
            elif units and service.department_id not in units:
                found[employee_id] = elsewhere
            elif jobs and service.job_id not in jobs:
                found[employee_id] = other
        return found

    # ---------------------------------------------------------------- making them

    def _missing(self):
        return (receipt for receipt in self._receipts() if not receipt.problem)

    def _count_batch(self):
        return sum(1 for _receipt in self._missing())

    def _do_batch(self, limit):
        self._check_named()
        shared, vals_list = {}, []
        for line, holder, _problem, days in islice(self._missing(), limit):
            key = line.id, days
            if key not in shared:
                template = line.template_id
                shared[key] = (
                    line._goal_values(*days),
                    HOLDERS[template.scope],
                    f"{self._origin_of()}{template.id}:",
                )
            values, name, origin = shared[key]
            holder_id = holder.id
            vals_list.append(
                values | {name: holder_id, "origin": f"{origin}{holder_id}"}
            )
        goals = self.env["hr.performance.goal"]._make_missing(vals_list)
        if self.goal_state == "proposed":
            # one activity a goal would bury the list of things to do of their managers
            goals.with_context(tracking_disable=True)._take_step("propose")
        return len(vals_list)

    def action_start(self):
        self.ensure_one()
        self._check_named()
        self._check_indicators()
        return super().action_start()

    def _check_named(self):
        """Refuse people who were named and are outside of the user's line.

        And goals above that the user cannot see.
        """
        self.line_ids.parent_id.check_access("read")
        if self._may_give_to_all():
            return
        outside = self._outside("employee", self.employee_ids)
        if outside:
            people = self.employee_ids.filtered(lambda person: person.id in outside)
            raise AccessError(
                self.env._(
                    "Assignment “%(assignment)s”, “People”: you set goals for yourself and"
                    " for those below you, but not for %(people)s. Take them out, or ask HR.",
                    assignment=self.name,
                    people=format_list(self.env, people[:NAMED].mapped("name")),
                )
            )

    def _check_indicators(self):
        """Put the indicators of the goals into use; refuse where the user cannot."""
        drafts = self.line_ids.template_id.measure_ids.indicator_id.filtered(
            lambda indicator: indicator.state == "draft"
        )
        if not drafts:
            return
        if not drafts.has_access("write"):
            raise UserError(
                self.env._(
                    "Assignment “%(assignment)s”: these indicators are not in use yet:"
                    " %(indicators)s. Ask HR to put them into use.",
                    assignment=self.name,
                    indicators=format_list(self.env, drafts.mapped("name")),
                )
            )
        drafts.action_activate()

    # ---------------------------------------------------------------- the record

    def _compute_goal_count(self):
        for assignment in self:
            assignment.goal_count = self.env["hr.performance.goal"].search_count(
                assignment._domain_goals()
            )

    def _domain_goals(self):
        return [("origin", "=like", f"{self._origin_of()}%")]

    def action_view_goals(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_performance.goal_action"
        )
        return action | {
            "name": self.name,
            "domain": self._domain_goals(),
            "context": {},
        }


class HrPerformanceAssignmentLine(models.Model):
    """One of the library goals that are assigned."""

    _name = "hr.performance.assignment.line"
    _inherit = ["hr.performance.guard.mixin"]
    _description = "Assigned Library Goal"
    _order = "assignment_id, id"
    _check_company_auto = True

    assignment_id = fields.Many2one(
        "hr.performance.assignment", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="assignment_id.company_id", store=True, index=True
    )
    template_id = fields.Many2one(
        "hr.performance.goal.template",
        "Goal",
        required=True,
        check_company=True,
        ondelete="cascade",
    )
    scope = fields.Selection(related="template_id.scope")
    weight = fields.Float(
        compute="_compute_weight",
        store=True,
        readonly=False,
        precompute=True,
        aggregator=None,
    )
    parent_id = fields.Many2one(
        "hr.performance.goal",
        "Goal Above",
        check_company=True,
        ondelete="set null",
        domain="[('state', '!=', 'cancelled')]",
    )

    _template_unique = models.Constraint(
        "UNIQUE(assignment_id, template_id)",
        "Each library goal is assigned once. Take the second one out.",
    )

    @api.depends("template_id")
    def _compute_weight(self):
        for line in self:
            line.weight = line.template_id.weight

    def _goal_values(self, date_start, date_end):
        """The values of a goal of this line, for a holder still to be named."""
        cycle = self.assignment_id.cycle_id
        return self.template_id._goal_values(cycle, date_start, date_end) | {
            "weight": self.weight,
            "parent_id": self.parent_id.id,
        }

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.assignment_id._check_not_running()
        return lines

    def write(self, vals):
        self.assignment_id._check_not_running()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        self.assignment_id._check_not_running()
