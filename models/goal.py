from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ..engine import health, risk
from ..engine.value import is_ordinary
from ..engine.weighting import USUAL_WEIGHT, weighted_mean
from .edges import EDGES, edges_follow
from .nullable import NullableFloat
from .workflow_mixin import Transition

HEALTH = [
    ("on_track", "On track"),
    ("at_risk", "At risk"),
    ("off_track", "Off track"),
    ("stale", "Stale"),
    ("no_value", "No value yet"),
    ("done", "Done"),
]
DECISIONS = [
    ("achieved", "Achieved"),
    ("partly", "Partly achieved"),
    ("not_achieved", "Not achieved"),
    ("dropped", "Dropped"),
]
#: states in which the owner and the manager are still talking
OPEN_STATES = ("draft", "proposed")
#: which field names the holder of a goal of each scope
HOLDERS = {
    "company": "company_id",
    "department": "department_id",
    "job": "job_id",
    "employee": "employee_id",
}
#: goals that the head of their department answers for
UNIT_SCOPES = ("department", "job")


class HrPerformanceGoal(models.Model):
    """What shall be achieved: by the company, a department or a person.

    Goals form a tree along ``parent_id``. Progress rolls up along *contributes* links;
    *supports* links only show the relation. Once agreed, what the goal demands is locked:
    see :attr:`_agreed_fields` and :meth:`action_request_change`.
    """

    _name = "hr.performance.goal"
    _inherit = [
        "hr.performance.team.mixin",
        "hr.performance.department.mixin",
        "hr.performance.workflow.mixin",
        "hr.performance.bulk.mixin",
        "hr.performance.dialogue.mixin",
    ]
    _description = "Performance Goal"
    _parent_store = True
    _order = "sequence, id"
    _check_company_auto = True
    _mail_post_access = "read"
    _untold_links = frozenset({"parent_id"})
    _person_field = "responsible_id"

    _method_only_fields = frozenset(
        {
            "state",
            "progress",
            "score",
            "coverage",
            "health",
            "health_date",
            "agreed_date",
            "agreed_by_id",
            "decision",
            "last_checkin_id",
            "last_checkin_date",
        }
    )
    #: what an agreement is about
    _agreed_fields = frozenset(
        {
            "name",
            "description",
            "cycle_id",
            "company_id",
            "scope",
            "department_id",
            "job_id",
            "holder_share",
            "employee_id",
            "responsible_id",
            "date_start",
            "date_end",
            "weight",
            "method",
            "progress_source",
            "active",
        }
    )

    name = fields.Char("Goal", required=True, tracking=True)
    description = fields.Html(
        help="What will be different when this goal is reached, and how one can tell."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    cycle_id = fields.Many2one(
        "hr.performance.cycle",
        "Period",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        default=lambda self: self._default_cycle(),
    )
    date_start = fields.Date(
        "From",
        compute="_compute_date_start",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        copy=False,
        help="From when it is held: usually from the first day of the period.",
    )
    date_end = fields.Date(
        "To",
        compute="_compute_date_end",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        copy=False,
        help="Until when it is held: usually until the last day of the period.",
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
    )
    scope = fields.Selection(
        [
            ("company", "Company"),
            ("department", "Department"),
            ("job", "Post"),
            ("employee", "Personal"),
        ],
        "Goal Of",
        required=True,
        default="employee",
    )
    employee_id = fields.Many2one(
        "hr.employee",
        compute="_compute_employee_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
    )
    department_id = fields.Many2one(
        "hr.department",
        compute="_compute_department_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        check_company=True,
        help="For a personal goal: the department of the person when it was written. For"
        " the goal of a post: the department of the post.",
    )
    job_id = fields.Many2one(
        "hr.job",
        "Post",
        compute="_compute_job_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
    )
    responsible_id = fields.Many2one(
        "hr.employee",
        "Owner",
        compute="_compute_responsible_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        tracking=True,
        help="Who answers for the goal: the person, or the head of the department.",
    )
    parent_id = fields.Many2one(
        "hr.performance.goal",
        "Goal Above",
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("hr.performance.goal", "parent_id", "Goals Below")
    child_count = fields.Integer(compute="_compute_child_count")
    link = fields.Selection(
        [("contributes", "Contributes to"), ("supports", "Supports")],
        "Relation",
        required=True,
        default="contributes",
        help="Contributes: its progress counts in the goal above. Supports: it helps,"
        " but does not count.",
    )
    method = fields.Selection(
        [("kpi", "KPI"), ("okr", "OKR")],
        required=True,
        default="kpi",
        help="OKR goals are for aiming high: they do not count in an appraisal.",
    )
    weight = fields.Float(
        default=USUAL_WEIGHT,
        aggregator=None,
        help="How much the goal counts beside the person's or unit's other goals.",
    )
    progress_source = fields.Selection(
        [
            ("auto", "Its measures; without any, the goals below"),
            ("measures", "Its measures"),
            ("children", "The goals below"),
            ("both", "Its measures and the goals below"),
        ],
        "Progress From",
        required=True,
        default="auto",
    )
    visibility = fields.Selection(
        [("line", "Owner and managers"), ("everyone", "Everyone in the company")],
        "Visible To",
        required=True,
        default="line",
        help="Goals of the company, departments and posts are always visible to everyone.",
    )
    measure_ids = fields.One2many(
        "hr.performance.measure", "goal_id", "Measures", copy=True
    )
    checkin_ids = fields.One2many("hr.performance.checkin", "goal_id", "Check-ins")
    checkin_count = fields.Integer(compute="_compute_checkin_count")
    last_checkin_id = fields.Many2one(
        "hr.performance.checkin",
        compute="_compute_last_checkin",
        store=True,
        compute_sudo=True,
    )
    last_checkin_date = fields.Date(
        "Last Check-in", compute="_compute_last_checkin", store=True
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("proposed", "Proposed"),
            ("agreed", "Agreed"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    agreed_date = fields.Date(readonly=True, copy=False)
    agreed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    decision = fields.Selection(
        DECISIONS,
        readonly=True,
        copy=False,
        tracking=True,
    )
    progress = NullableFloat(
        compute="_compute_progress",
        store=True,
        recursive=True,
        help="0 to 100: how much of the way is covered, by what has a value.",
    )
    score = NullableFloat(
        compute="_compute_score",
        store=True,
        help="Points of its measures; 100 is on target.",
    )
    coverage = NullableFloat(
        compute="_compute_progress",
        store=True,
        default=0.0,
        recursive=True,
        help="The share of the weight that has a value, in %.",
    )
    expected = fields.Float(
        compute="_compute_expected",
        help="The share of the period that has passed, in %.",
    )
    # what is so of most new goals is the default: what is computed then is no news, and
    # needs no second write
    health = fields.Selection(
        HEALTH,
        compute="_compute_health",
        store=True,
        index=True,
        group_expand=True,
        default=health.NO_VALUE,
    )
    health_date = fields.Date(
        compute="_compute_health",
        store=True,
        export_string_translation=False,
        default=lambda self: fields.Date.today(),
    )
    health_reason = fields.Char("Why", compute="_compute_health_reason")
    forecast_misses = fields.Boolean(
        "Forecast Misses a Target",
        compute="_compute_forecast_misses",
        search="_search_forecast_misses",
        help="If it goes on as it did, a measure will not reach its target.",
    )
    figure = fields.Char("Result", compute="_compute_figure")
    color = fields.Integer(compute="_compute_color", export_string_translation=False)
    can_check_in = fields.Boolean(
        compute="_compute_can_check_in", export_string_translation=False
    )

    _transitions = {
        "propose": Transition(
            ("draft",), "proposed", frozenset({"self", "manager", "officer"})
        ),
        "agree": Transition(("proposed",), "agreed", frozenset({"manager", "officer"})),
        "send_back": Transition(
            ("proposed",), "draft", frozenset({"manager", "officer"})
        ),
        "request_change": Transition(
            ("agreed",), "proposed", frozenset({"self", "manager", "officer"})
        ),
        "refuse_change": Transition(
            OPEN_STATES, "agreed", frozenset({"manager", "officer"})
        ),
        "close": Transition(("agreed",), "closed", frozenset({"manager", "officer"})),
        "cancel": Transition(
            ("draft", "proposed", "agreed"),
            "cancelled",
            frozenset({"manager", "officer"}),
        ),
        "reopen": Transition(
            ("closed", "cancelled"), "proposed", frozenset({"administrator"})
        ),
    }

    # ---------------------------------------------------------------- defaults

    @api.model
    def _default_cycle(self):
        """The shortest open cycle that today lies in."""
        today = fields.Date.context_today(self)
        cycles = self.env["hr.performance.cycle"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("state", "!=", "closed"),
                ("date_start", "<=", today),
                ("date_end", ">=", today),
            ]
        )
        return min(
            cycles, key=lambda cycle: cycle.date_end - cycle.date_start, default=cycles
        )

    @api.depends("employee_id", "department_id", "job_id", "scope")
    def _compute_company_id(self):
        for goal in self:
            holder = goal._holder() or goal.department_id
            goal.company_id = holder.company_id or goal.company_id or self.env.company

    # one method each: a date that is typed stays while the other one follows
    @api.depends("cycle_id")
    def _compute_date_start(self):
        for goal in self:
            goal.date_start = goal.cycle_id.date_start

    @api.depends("cycle_id")
    def _compute_date_end(self):
        for goal in self:
            goal.date_end = goal.cycle_id.date_end

    @api.depends("scope")
    def _compute_employee_id(self):
        for goal in self:
            if goal.scope != "employee":
                goal.employee_id = False
            elif not goal.employee_id:
                goal.employee_id = self.env.user.employee_id

    @api.depends("scope")
    def _compute_job_id(self):
        for goal in self:
            goal.job_id = goal.job_id if goal.scope == "job" else False

    @api.depends("scope", "employee_id", "job_id")
    def _compute_department_id(self):
        for goal in self:
            if goal.scope == "company":
                goal.department_id = False
            elif goal.scope in ("employee", "job"):
                goal.department_id = goal._holder().department_id
            else:
                goal.department_id = goal.department_id

    @api.depends("scope", "employee_id", "department_id")
    def _compute_responsible_id(self):
        for goal in self:
            if goal.scope == "employee":
                goal.responsible_id = goal.employee_id
            elif goal.scope in ("department", "job"):
                goal.responsible_id = goal.department_id.manager_id
            else:
                # somebody has to be named: the writer of a goal could not agree on it
                goal.responsible_id = False

    # ---------------------------------------------------------------- results

    @api.depends(
        "progress_source",
        "measure_ids.achievement",
        "measure_ids.weight",
        "child_ids.progress",
        "child_ids.weight",
        "child_ids.pro_rata",
        "child_ids.link",
        "child_ids.state",
        "child_ids.active",
    )
    def _compute_progress(self):
        for goal in self:
            if goal._is_settled():
                goal.progress, goal.coverage = goal.progress, goal.coverage
                continue
            parts = []
            source = goal.progress_source
            if source == "auto":
                source = "measures" if goal.measure_ids else "children"
            if source in ("measures", "both"):
                parts += [
                    (
                        None
                        if measure.achievement is None
                        else health.clamp(measure.achievement),
                        measure.weight,
                    )
                    for measure in goal.measure_ids
                ]
            if source in ("children", "both"):
                parts += [
                    (child.progress, child._weight_held())
                    for child in goal.child_ids
                    # asked for, as whoever saves may have archived goals shown
                    if child.active
                    and child.link == "contributes"
                    and child.state != "cancelled"
                ]
            mean = weighted_mean(parts)
            goal.progress = mean.value
            goal.coverage = 100 * mean.coverage

    @api.depends("measure_ids.score", "measure_ids.weight")
    def _compute_score(self):
        for goal in self:
            if goal._is_settled():
                goal.score = goal.score
                continue
            goal.score = weighted_mean(
                (measure.score, measure.weight) for measure in goal.measure_ids
            ).value

    @api.depends("date_start", "date_end")
    def _compute_expected(self):
        today = fields.Date.today()
        for goal in self:
            goal.expected = (
                health.expected_progress(goal.date_start, goal.date_end, today)
                if goal.date_start and goal.date_end
                else 0.0
            )

    @api.depends("checkin_ids.state", "checkin_ids.date", "checkin_ids.corrected_by_id")
    def _compute_last_checkin(self):
        for goal in self:
            posted = goal.checkin_ids.filtered(lambda checkin: checkin._counts())
            last = max(
                posted,
                key=lambda checkin: (checkin.date, checkin._origin.id or 0),
                default=posted,
            )
            goal.last_checkin_id = last
            goal.last_checkin_date = last.date

    @api.depends(
        "state",
        "progress",
        "measure_ids.status",
        "risk_zone",
        "date_start",
        "date_end",
        "stale_on",
        "company_id.performance_at_risk_gap",
        "company_id.performance_off_track_gap",
    )
    def _compute_health(self):
        today = fields.Date.today()
        for goal in self:
            goal.health_date = today
            if goal._is_settled():
                goal.health = goal.health
            elif goal.state == "closed":
                goal.health = health.DONE
            elif goal.state != "agreed":
                goal.health = health.NO_VALUE
            elif goal._is_stale(today):
                goal.health = health.STALE
            else:
                goal.health = goal._health_on(today)

    def _health_on(self, day):
        """The worst of progress and measures against the calendar of ``day``, and of risk.

        Risk alone makes no goal green: without a value there is still none.
        """
        expected = health.expected_progress(self.date_start, self.date_end, day)
        return health.worst(
            [
                health.status(self.progress, expected, *self._health_limits()),
                *(measure._status_on(day) for measure in self.measure_ids),
                *([risk.health(self.risk_zone)] if self.risk_zone else []),
            ]
        )

    def _is_settled(self):
        """Whether results stay as they are: a closed cycle never moves."""
        return self.cycle_id.state == "closed"

    def _recount(self):
        """Let results follow what happened while the cycle was closed."""
        self.measure_ids._mark_for_recomputation()
        names = ("progress", "coverage", "score", "health")
        for name in names:
            self.env.add_to_compute(self._fields[name], self)
        self.modified(names)

    def _health_limits(self):
        company = self.company_id
        return company.performance_at_risk_gap, company.performance_off_track_gap

    def _has_ended(self, today):
        """Whether the last day of the running goal is past and it waits to be closed."""
        return (
            self.state == "agreed"
            and not self._is_settled()
            and bool(self.date_end)
            and self.date_end < today
        )

    @api.depends(
        "health", "progress", "expected", "last_checkin_date", "state", "date_end"
    )
    def _compute_health_reason(self):
        today = fields.Date.today()
        for goal in self:
            # health is the worst of goal and measures, and so is its reason
            gaps = [
                measure._gap_on(today)
                for measure in goal.measure_ids
                if measure.achievement is not None
            ]
            if goal.progress is not None:
                gaps.append(goal.expected - goal.progress)
            gap = round(max(gaps, default=0))
            if goal.state != "agreed":
                reason = False
            elif goal._has_ended(today):
                reason = self.env._(
                    "Ended on %(date)s: close it",
                    date=format_date(self.env, goal.date_end),
                )
            elif goal.health == health.STALE:
                reason = (
                    self.env._(
                        "No check-in since %(date)s",
                        date=format_date(self.env, goal.last_checkin_date),
                    )
                    if goal.last_checkin_date
                    else self.env._("No check-in yet")
                )
            elif not gaps:
                reason = self.env._("No value yet")
            elif gap > 0:
                reason = self.env._("Points behind the calendar: %(gap)s", gap=gap)
            else:
                reason = self.env._("Points ahead of the calendar: %(gap)s", gap=-gap)
            goal.health_reason = reason

    @api.depends_context("uid")
    @api.depends("state", "responsible_id")
    def _compute_can_check_in(self):
        """Whether the goal runs and the user is its owner, above them, or HR."""
        for goal in self:
            goal.can_check_in = goal.state == "agreed" and bool(
                goal._performance_roles()
            )

    def _check_may_report(self):
        """Refuse to report on goals that do not run, or by who has no part in them."""
        self._check_cycle_open()
        for goal in self:
            if not goal.can_check_in:
                raise UserError(
                    self.env._(
                        "Only on an agreed goal can be reported, by its owner, a manager"
                        " above or HR. “%(goal)s” is not one of yours.",
                        goal=goal.name,
                    )
                    if goal.state == "agreed"
                    else self.env._(
                        "Goal “%(goal)s” is not agreed, so there is nothing to report on"
                        " yet. Agree on the goal first.",
                        goal=goal.name,
                    )
                )

    @api.depends("measure_ids.forecast_misses")
    def _compute_forecast_misses(self):
        for goal in self:
            goal.forecast_misses = any(goal.measure_ids.mapped("forecast_misses"))

    def _search_forecast_misses(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("measure_ids.forecast_misses", "=", True)

    @api.depends("measure_ids.figure")
    def _compute_figure(self):
        for goal in self:
            # cut the figures, not the measures: a slice of records prefetches on its own
            goal.figure = " · ".join(goal.measure_ids.mapped("figure")[:2])

    @api.depends("health")
    def _compute_color(self):
        # Odoo's palette: 10 green, 3 yellow, 1 red, 4 blue
        colors = {"on_track": 10, "at_risk": 3, "off_track": 1, "done": 4}
        for goal in self:
            goal.color = colors.get(goal.health, 0)

    def _compute_child_count(self):
        counts = dict(
            self._read_group(
                [("parent_id", "in", self._origin.ids)], ["parent_id"], ["__count"]
            )
        )
        for goal in self:
            goal.child_count = counts.get(goal._origin, 0)

    @api.depends("checkin_ids")
    def _compute_checkin_count(self):
        counts = dict(
            self.env["hr.performance.checkin"]._read_group(
                [("goal_id", "in", self._origin.ids)], ["goal_id"], ["__count"]
            )
        )
        for goal in self:
            goal.checkin_count = counts.get(goal._origin, 0)

    # ---------------------------------------------------------------- whose it is

    @api.depends_context("uid")
    @api.depends("scope", "department_id")
    def _compute_is_in_my_department(self):
        of_units = self.filtered(lambda goal: goal.scope in UNIT_SCOPES)
        (self - of_units).is_in_my_department = False
        super(HrPerformanceGoal, of_units)._compute_is_in_my_department()

    def _search_is_in_my_department(self, operator, value):
        found = super()._search_is_in_my_department(operator, value)
        if found is NotImplemented:
            return found
        return Domain("scope", "in", UNIT_SCOPES) & found

    def _performance_roles(self):
        roles = super()._performance_roles()
        if "self" not in roles and self.is_in_my_department:
            roles.add("manager")
        return roles

    def _holder(self):
        """The person, post or department that has the goal; the company's: no record."""
        if self.scope in (False, "company"):
            return self.env["hr.department"]
        return self[HOLDERS[self.scope]]

    def _holder_values(self):
        """The holder of a reading that is reported for this goal."""
        values = {f"{self.scope}_id": self._holder().id} if self._holder() else {}
        # a post is part of its department, whose goals count what is reported for it
        return values | (
            {"department_id": self.department_id.id} if self.scope == "job" else {}
        )

    # ---------------------------------------------------------------- checks

    @api.constrains("scope", "employee_id", "department_id", "job_id")
    def _check_holder(self):
        for goal in self:
            if goal.scope == "employee" and not goal.employee_id:
                raise ValidationError(
                    self.env._(
                        "Goal “%(goal)s” is personal: choose the employee it belongs to.",
                        goal=goal.name,
                    )
                )
            if goal.scope == "department" and not goal.department_id:
                raise ValidationError(
                    self.env._(
                        "Goal “%(goal)s” is a department goal: choose the department.",
                        goal=goal.name,
                    )
                )
            if goal.scope == "job" and not goal.job_id:
                raise ValidationError(
                    self.env._(
                        "Goal “%(goal)s” is the goal of a post: choose the post.",
                        goal=goal.name,
                    )
                )

    @api.constrains("scope", "employee_id", "responsible_id")
    def _check_owner(self):
        """The rules ask for the owner: of a personal goal nobody but that person."""
        for goal in self:
            if goal.scope == "employee" and goal.responsible_id != goal.employee_id:
                raise ValidationError(
                    self.env._(
                        "Goal “%(goal)s” is personal: its “Owner” is %(employee)s and"
                        " nobody else.",
                        goal=goal.name,
                        employee=goal.employee_id.name,
                    )
                )

    @api.constrains("weight")
    def _check_weight(self):
        for goal in self:
            if not is_ordinary(goal.weight) or goal.weight < 0:
                raise ValidationError(
                    self.env._(
                        "Goal “%(goal)s”: “Weight” cannot be negative. Use 0 for a goal"
                        " that shall not count.",
                        goal=goal.name,
                    )
                )

    @api.constrains("date_start", "date_end", "cycle_id")
    def _check_dates(self):
        for goal in self:
            cycle = goal.cycle_id
            if not (
                cycle.date_start <= goal.date_start <= goal.date_end <= cycle.date_end
            ):
                raise ValidationError(
                    self.env._(
                        "Goal “%(goal)s”: %(start)s – %(end)s must lie within “%(cycle)s”"
                        " (%(cycle_start)s – %(cycle_end)s). Change “From” and “To”.",
                        goal=goal.name,
                        start=goal.date_start,
                        end=goal.date_end,
                        cycle=cycle.name,
                        cycle_start=cycle.date_start,
                        cycle_end=cycle.date_end,
                    )
                )

    def _check_loop(self, parent):
        """Refuse a ``parent`` that is or hangs below one of these goals.

        Not a constraint: the ORM comes first with "Recursion Detected.", which names
        nothing.
        """
        # sudo: the goal above may be one that the user cannot see
        path = parent.sudo().parent_path or ""
        for goal in self:
            if path.startswith(goal.parent_path):
                raise ValidationError(
                    self.env._(
                        "Goal “%(goal)s” would hang below itself. Choose another “Goal"
                        " Above”.",
                        goal=goal.name,
                    )
                )

    @api.constrains("parent_id", "company_id")
    def _check_parent_company(self):
        # sudo: the goal above may lie in a company the user cannot see
        for goal in self.sudo():
            parent = goal.parent_id
            if parent and parent.company_id != goal.company_id:
                raise ValidationError(
                    self.env._(
                        "Goal “%(goal)s” of %(company)s cannot hang below a goal of"
                        " another company. Choose a “Goal Above” of %(company)s.",
                        goal=goal.name,
                        company=goal.company_id.name,
                    )
                )

    # ---------------------------------------------------------------- changes

    @api.model_create_multi
    def create(self, vals_list):
        goals = super().create(vals_list)
        goals._check_cycle_open()
        return goals

    def write(self, vals):
        if self._agreed_fields & vals.keys():
            self._check_unlocked(self._agreed_fields & vals.keys())
        if vals.get("parent_id"):
            self._check_loop(self.browse(vals["parent_id"]))
        result = self._write_agreed(vals)
        if "cycle_id" in vals:
            # moved into a closed period, nobody could decide on it any more
            self._check_cycle_open()
        return result

    def _write_agreed(self, vals):
        """Write also what an agreement is about, where that has been checked."""
        if not vals.keys() & EDGES:
            return super().write(vals)
        # sudo: measures are part of the goal
        with edges_follow(self.sudo().measure_ids, "goal_id"):
            return super().write(vals)

    def _check_unlocked(self, field_names):
        """Refuse to change ``field_names`` of goals whose content is settled."""
        self._check_cycle_open()
        for goal in self:
            if goal.state not in OPEN_STATES:
                raise UserError(
                    self.env._(
                        "Goal “%(goal)s” is %(state)s: “%(field)s” is locked. Use"
                        " “Request a change” and say why.",
                        goal=goal.name,
                        state=dict(
                            self._fields["state"]._description_selection(self.env)
                        )[goal.state],
                        field=", ".join(
                            sorted(
                                self._fields[name]._description_string(self.env)
                                for name in field_names
                                if name in self._fields
                            )
                        ),
                    )
                )
            if (
                goal.state == "proposed"
                and not self.env.su
                and goal._performance_roles() == {"self"}
                and not goal._is_my_request()
            ):
                raise AccessError(
                    self.env._(
                        "Goal “%(goal)s” is with your manager. Ask to have it sent back"
                        " when you want to change it.",
                        goal=goal.name,
                    )
                )

    def _check_cycle_open(self):
        for goal in self.sudo():
            if goal.cycle_id.state == "closed":
                # only those are told its name who may read it
                self.check_access("read")
                raise UserError(
                    self.env._(
                        "Goal “%(goal)s” belongs to “%(cycle)s”, which is closed: it no"
                        " longer moves. Ask an administrator to reopen the cycle.",
                        goal=goal.name,
                        cycle=goal.cycle_id.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        for goal in self:
            # agreed once and then changed or cancelled is still on record
            if goal.state not in ("draft", "cancelled") or goal.agreed_date:
                raise UserError(
                    self.env._(
                        "Goal “%(goal)s” is beyond draft. Cancel it instead: what was"
                        " agreed stays on record.",
                        goal=goal.name,
                    )
                )
            # sudo: also a goal that the user cannot see or that is archived holds on to it
            if goal.sudo().with_context(active_test=False).child_ids - self:
                raise UserError(
                    self.env._(
                        "Goal “%(goal)s” has goals below it. Give them another “Goal"
                        " Above” first.",
                        goal=goal.name,
                    )
                )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        default = default or {}
        for goal, vals in zip(self, vals_list, strict=True):
            if "name" not in default:
                vals["name"] = self.env._("%(goal)s (copy)", goal=goal.name)
            if "cycle_id" not in default and goal.cycle_id.state == "closed":
                # last year's goal is the start of this year's
                vals["cycle_id"] = self._default_cycle().id
        return vals_list

    # ---------------------------------------------------------------- steps

    def _take_step(self, name, reason=None, **values):
        """Take the step, for a ``reason``; what the goal demands then goes on record."""
        self._check_cycle_open()
        super()._take_step(name, **values)
        self._record_step(name, reason)

    def action_propose(self):
        """Hand the goal to the manager for agreement."""
        self._take_step("propose")

    def action_agree(self):
        """Agree on the goal: targets, weights and scoring rules are frozen."""
        self._take_step(
            "agree", agreed_date=fields.Date.today(), agreed_by_id=self.env.uid
        )
        self.sudo().measure_ids._freeze_rules()

    def action_send_back(self, reason):
        """Return the proposal to its owner with a ``reason``."""
        self._step_with_reason("send_back", reason)

    def action_request_change(self, reason):
        """Open an agreed goal for a change; it has to be agreed again."""
        self._step_with_reason("request_change", reason)
        self.sudo().measure_ids._thaw_rules()

    def action_close(self, decision):
        """Close with a ``decision``: achieved, partly, not_achieved or dropped."""
        decisions = dict(self._fields["decision"]._description_selection(self.env))
        if decision not in decisions:
            raise UserError(
                self.env._(
                    "Choose how “%(goal)s” ended: %(decisions)s.",
                    goal=self[:1].name,
                    decisions=", ".join(decisions),
                )
            )
        self._take_step("close", decision=decision)

    def action_cancel(self, reason):
        """Take the goal out, for a ``reason``; it no longer counts anywhere."""
        self._step_with_reason("cancel", reason)

    def action_reopen(self, reason):
        """Bring a closed or cancelled goal back to proposed (administrators only)."""
        self._step_with_reason("reopen", reason, decision=False)
        self.sudo().measure_ids._thaw_rules()

    def _step_with_reason(self, name, reason, **values):
        reason = self._check_reason(reason)
        self._take_step(name, reason, **values)
        for goal in self:
            goal.message_post(body=reason)

    def action_view_checkins(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_performance.checkin_action"
        )
        return action | {
            "domain": [("goal_id", "=", self.id)],
            "context": {"default_goal_id": self.id},
        }

    def action_view_children(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_performance.goal_action"
        )
        return action | {
            "name": self.env._("Below: %(goal)s", goal=self.name),
            "domain": [("parent_id", "=", self.id)],
            "context": {
                "default_parent_id": self.id,
                "default_cycle_id": self.cycle_id.id,
            },
        }

    # ---------------------------------------------------------------- mail and jobs

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """What is said about a personal goal stays between its owner and the line.

        A colleague may read a personal goal that is visible to everyone, but not the
        dialogue below it; owner, managers and officers are those who may also write.
        """
        operations = super()._mail_get_operation_for_mail_message_operation(
            message_operation
        )
        return {
            goal: "write" if goal.sudo().scope == "employee" else operation
            for goal, operation in operations.items()
        }

    @api.model
    def _cron_refresh_health(self, limit=1000):
        """Bring running goals to the day's date, batch after batch."""
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(self._yesterdays_domain()))
        while done := self._refresh_running(limit):
            if not cron._commit_progress(done):
                break

    @api.model
    def _yesterdays_domain(self):
        """The running goals that do not know the day's date yet."""
        return [("state", "=", "agreed"), ("health_date", "!=", fields.Date.today())]

    @api.model
    def _refresh_running(self, limit=1000):
        """Let the day's date reach up to ``limit`` running goals; return how many."""
        goals = self.search(self._yesterdays_domain(), limit=limit)
        if goals:
            goals._refresh_health()
            goals._sync_owed()
        return len(goals)

    def _refresh_health(self):
        measures = self.measure_ids
        self.env.add_to_compute(measures._fields["status"], measures)
        # hours and holidays may have changed
        self._mark_checkin_due()
        for name in ("health", "health_date"):
            self.env.add_to_compute(self._fields[name], self)
        measures._refresh_forecasts()
        self.env.flush_all()
