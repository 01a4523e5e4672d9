from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from .flush import flush_sql
from .goal_part_mixin import MOVERS
from .workflow_mixin import Transition

OPEN_STATES = ("todo", "doing")


class HrPerformanceAction(models.Model):
    """Who does what, by when, so that a goal is reached.

    It is planned with the goal, and goes on changing after the goal is agreed: what is
    agreed is the result, not the way. Whoever is responsible moves it, also where the
    goal is somebody else's.
    """

    _name = "hr.performance.action"
    _inherit = [
        "hr.performance.goal.part.mixin",
        "hr.performance.workflow.mixin",
        "hr.performance.bulk.mixin",
        "hr.performance.owed.mixin",
        "hr.performance.dialogue.mixin",
    ]
    _description = "Action"
    _order = "date_deadline, sequence, id"
    _check_company_auto = True

    _method_only_fields = frozenset({"state", "done_on"})
    #: fields that what is owed follows from (see :meth:`_owed_sql`)
    _owed_fields = frozenset(
        {"goal_id", "responsible_id", "date_start", "date_deadline", "state"}
    )
    #: what this addon may still write when the cycle is closed
    _lasting_fields = frozenset()

    name = fields.Char("Action", required=True)
    description = fields.Html(
        "How", help="How it is done, and how one can tell that it is done."
    )
    sequence = fields.Integer(default=10)
    goal_id = fields.Many2one(
        "hr.performance.goal",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="goal_id.company_id", store=True, index=True)
    cycle_id = fields.Many2one(related="goal_id.cycle_id", string="Period")
    department_id = fields.Many2one(related="goal_id.department_id")
    checkin_id = fields.Many2one(
        "hr.performance.checkin",
        "From the Check-in",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        help="The check-in that it was decided on.",
    )
    responsible_id = fields.Many2one(
        "hr.employee",
        compute="_compute_responsible_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        check_company=True,
        tracking=True,
        help="Who does it; the owner of the goal, unless you name somebody else.",
    )
    date_start = fields.Date("From")
    date_deadline = fields.Date("Due", index=True, tracking=True)
    calendar_start = fields.Date(
        compute="_compute_calendar_start",
        store=True,
        readonly=False,
        precompute=True,
        export_string_translation=False,
        help="Where the calendar begins to show it: “From”, or else “Due”.",
    )
    state = fields.Selection(
        [
            ("todo", "To do"),
            ("doing", "Doing"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="todo",
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    done_on = fields.Date("Done", readonly=True, copy=False)
    is_overdue = fields.Boolean(
        "Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    allowed_states = fields.Json(
        compute="_compute_allowed_states", export_string_translation=False
    )

    _transitions = {
        "do": Transition(("todo",), "doing", MOVERS),
        "finish": Transition(("todo", "doing"), "done", MOVERS),
        "cancel": Transition(("todo", "doing"), "cancelled", MOVERS),
        "reopen": Transition(("doing", "done", "cancelled"), "todo", MOVERS),
    }

    @api.depends("date_start", "date_deadline")
    def _compute_calendar_start(self):
        for action in self:
            action.calendar_start = action.date_start or action.date_deadline

    @api.depends("state", "date_deadline")
    def _compute_is_overdue(self):
        today = fields.Date.today()
        for action in self:
            action.is_overdue = (
                action.state in OPEN_STATES
                and bool(action.date_deadline)
                and action.date_deadline < today
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [
            ("state", "in", OPEN_STATES),
            ("date_deadline", "<", fields.Date.today()),
        ]

    @api.depends("allowed_transitions")
    def _compute_allowed_states(self):
        for action in self:
            action.allowed_states = [
                self._transitions[name].target
                for name in action.allowed_transitions or []
            ]

    @api.model
    def _own_of_line(self, vals, goal_own):
        # whoever does it was named, or is the owner of the goal
        return (
            {}
            if "responsible_id" in vals
            else {"responsible_id": goal_own["responsible_id"]}
        )

    @api.constrains("date_start", "date_deadline")
    def _check_dates(self):
        for action in self:
            if (
                action.date_start
                and action.date_deadline
                and action.date_deadline < action.date_start
            ):
                raise ValidationError(
                    self.env._(
                        "Action “%(action)s” of goal “%(goal)s” is due before it begins."
                        " Change “From” or “Due”.",
                        action=action.name,
                        goal=action.goal_id.name,
                    )
                )

    @api.constrains("checkin_id", "goal_id")
    def _check_checkin(self):
        for action in self:
            if action.checkin_id and action.checkin_id.goal_id != action.goal_id:
                raise ValidationError(
                    self.env._(
                        "Action “%(action)s” belongs to goal “%(goal)s”: choose a check-in"
                        " on that goal, or none.",
                        action=action.name,
                        goal=action.goal_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_checkins_readable(vals_list)
        vals_list = [self._from_calendar(vals) for vals in vals_list]
        # plans are made in bulk: "created" in each chatter tells nobody anything, and who
        # writes down what others do need not follow it
        actions = (
            super(HrPerformanceAction, self.with_context(tracking_disable=True))
            .create(vals_list)
            .with_env(self.env)
        )
        actions._check_cycle_open()
        actions._sync_owed()
        return actions

    def write(self, vals):
        # before anything is looked up in superuser mode, and named in what is said
        self.check_access("write")
        if not (self.env.su and vals.keys() <= self._lasting_fields):
            self._check_cycle_open()
        self._check_checkins_readable([vals])
        vals = self._from_calendar(vals)
        result = super().write(vals)
        if "goal_id" in vals:
            self._check_cycle_open()
        if vals.keys() & self._owed_fields:
            self._sync_owed()
        return result

    @api.model
    def _from_calendar(self, vals):
        """``vals`` with what the calendar calls its start as “From”."""
        if "calendar_start" not in vals:
            return vals
        vals = dict(vals)
        vals.setdefault("date_start", vals.pop("calendar_start"))
        return vals

    @api.model
    def _check_checkins_readable(self, vals_list):
        """Whoever names a check-in has to be one who may read it."""
        ids = {vals["checkin_id"] for vals in vals_list if vals.get("checkin_id")}
        if ids:
            self.env["hr.performance.checkin"].browse(ids).check_access("read")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._check_cycle_open()

    # ---------------------------------------------------------------- what is owed

    @api.model
    def _owed_sql(self):
        # a draft is talk: an action is owed when its goal has been agreed
        flush = flush_sql(
            self.env,
            (
                self._name,
                "goal_id company_id responsible_id date_start date_deadline state done_on",
            ),
            ("hr.performance.goal", "active state agreed_date cycle_id"),
            ("hr.performance.cycle", "state"),
        )
        return [
            (
                "action",
                SQL(
                    """
                    SELECT action.id AS res_id, action.responsible_id AS employee_id,
                           NULL::integer AS about_id, action.company_id,
                           LEAST(
                               COALESCE(action.date_start, action.create_date::date),
                               action.date_deadline
                           ) AS date_from,
                           action.date_deadline AS deadline,
                           CASE WHEN action.state = 'done'
                                THEN COALESCE(action.done_on, action.write_date::date)
                           END AS done_on,
                           -- what two agreed on in a meeting is between them
                           goal.id IS NOT NULL AS shared
                      FROM hr_performance_action action
                 LEFT JOIN hr_performance_goal goal ON goal.id = action.goal_id
                 LEFT JOIN hr_performance_cycle cycle ON cycle.id = goal.cycle_id
                     WHERE action.state != 'cancelled'
                       AND action.responsible_id IS NOT NULL
                       AND action.date_deadline IS NOT NULL
                       AND (goal.id IS NULL
                            OR goal.active AND cycle.state != 'closed'
                               AND CASE WHEN action.state = 'done'
                                        THEN goal.state != 'cancelled'
                                        ELSE goal.state = 'agreed'
                                             OR goal.state = 'proposed'
                                                AND goal.agreed_date IS NOT NULL
                                   END)%s
                    """,
                    flush,
                ),
            )
        ]

    # ---------------------------------------------------------------- steps

    def action_move(self, state):
        """Take the step that leads to ``state``, as dragging a card asks for.

        :raise UserError: when no step leads there from where an action is
        """
        states = dict(self._fields["state"]._description_selection(self.env))
        for action in self:
            step = next(
                (
                    name
                    for name, step in self._transitions.items()
                    if action.state in step.sources and step.target == state
                ),
                None,
            )
            if step is None:
                raise UserError(
                    self.env._(
                        "“%(action)s” cannot go from “%(state)s” to “%(target)s”. Take the"
                        " steps in between.",
                        action=action.name,
                        state=states[action.state],
                        target=states.get(state, state),
                    )
                )
            getattr(action, f"action_{step}")()

    def action_do(self):
        """Say that work on it has begun."""
        self._take_step("do")

    def action_finish(self):
        """Say that it is done."""
        self._take_step("finish", done_on=fields.Date.today())

    def action_cancel(self):
        """Take it out: it will not be done."""
        self._take_step("cancel")

    def action_reopen(self):
        """Put it back on the list."""
        self._take_step("reopen", done_on=False)
