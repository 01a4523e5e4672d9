from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date
from odoo.tools.misc import formatLang

from ..engine.blockers import blocked_since
from ..engine.value import half_up
from .goal import HEALTH
from .nullable import NullableFloat
from .workflow_mixin import Transition

#: the confidence from which the first check-in on a goal starts
UNDECIDED = 5


class HrPerformanceCheckin(models.Model):
    """A dated statement on a goal: the values, and what is behind them.

    Posting turns the values into readings and keeps a snapshot of progress and health.
    A posted check-in never changes; what is wrong in it is put right by a new one. Nothing
    that is said here enters a score: planning talk never rates a person.
    """

    _name = "hr.performance.checkin"
    _inherit = [
        "hr.performance.team.mixin",
        "hr.performance.workflow.mixin",
        "hr.performance.owed.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Goal Check-in"
    _order = "date desc, id desc"
    _check_company_auto = True
    # whoever may read it may answer it
    _mail_post_access = "read"

    _method_only_fields = frozenset(
        {"state", "progress", "health", "acknowledged_by_id"}
    )

    goal_id = fields.Many2one(
        "hr.performance.goal",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(related="goal_id.company_id", store=True, index=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    employee_id = fields.Many2one(
        "hr.employee",
        "Author",
        required=True,
        index=True,
        readonly=True,
        default=lambda self: self.env.user.employee_id,
    )
    owner_id = fields.Many2one(related="goal_id.responsible_id", store=True, index=True)
    value_ids = fields.One2many(
        "hr.performance.checkin.value",
        "checkin_id",
        "Values",
        compute="_compute_value_ids",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
    )
    own_health = fields.Selection(
        [("on_track", "On track"), ("at_risk", "At risk"), ("off_track", "Off track")],
        "How It Looks to You",
        compute="_compute_carried_forward",
        store=True,
        readonly=False,
        precompute=True,
    )
    confidence = fields.Integer(
        compute="_compute_carried_forward",
        store=True,
        readonly=False,
        precompute=True,
        aggregator="avg",
        help="How sure you are to reach the goal, from 0 to 10. Never part of a score.",
    )
    assessment = fields.Text("What Is Behind It?")
    blockers = fields.Text(
        compute="_compute_carried_forward", store=True, readonly=False, precompute=True
    )
    next_steps = fields.Text(
        compute="_compute_carried_forward", store=True, readonly=False, precompute=True
    )
    state = fields.Selection(
        [("draft", "Draft"), ("posted", "Posted"), ("acknowledged", "Acknowledged")],
        required=True,
        default="draft",
        copy=False,
        index=True,
    )
    posted_on = fields.Date(readonly=True, copy=False)
    progress = NullableFloat(readonly=True, copy=False)
    health = fields.Selection(HEALTH, readonly=True, copy=False)
    figure = fields.Char("Result Then", readonly=True, copy=False)
    data = fields.Char(
        compute="_compute_data",
        # its author may no longer be one of those who read the goal
        compute_sudo=True,
        help="What was reported, and where the goal stood with it.",
    )
    acknowledged_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    acknowledged_on = fields.Date(readonly=True, copy=False)
    blocked_since = fields.Date(
        compute="_compute_blocked_since",
        store=True,
        help="Since when there has been a blocker without a break.",
    )
    reading_ids = fields.One2many("hr.performance.reading", "checkin_id", "Readings")
    goal_figure = fields.Char(related="goal_id.figure")
    goal_health = fields.Selection(
        related="goal_id.health", string="Health of the Goal"
    )
    goal_health_reason = fields.Char(related="goal_id.health_reason")

    has_next = fields.Boolean(
        compute="_compute_has_next", export_string_translation=False
    )

    _transitions = {
        "post": Transition(("draft",), "posted", frozenset({"self"})),
        "acknowledge": Transition(
            ("posted",), "acknowledged", frozenset({"manager", "officer"})
        ),
        "answer": Transition(
            ("posted", "acknowledged"),
            "acknowledged",
            frozenset({"manager", "officer"}),
        ),
    }

    @api.depends("goal_id")
    def _compute_value_ids(self):
        """One empty line per measure that people report, ready to type in."""
        for checkin in self:
            if checkin.value_ids.measure_id.goal_id == checkin.goal_id:
                continue
            checkin.value_ids = [
                fields.Command.clear(),
                *(
                    fields.Command.create({"measure_id": measure.id})
                    for measure in checkin.goal_id._origin.measure_ids
                    if measure._is_reported()
                ),
            ]

    @api.depends("goal_id")
    def _compute_carried_forward(self):
        """What the owner said last time still holds until it is changed."""
        for checkin in self:
            last = checkin.goal_id.last_checkin_id
            for name in ("own_health", "blockers", "next_steps"):
                checkin[name] = checkin[name] or last[name]
            # to begin with, neither sure nor worried
            said = last.confidence if last else UNDECIDED
            checkin.confidence = checkin.confidence or said

    def _counts(self):
        """Whether it is on record as it stands: posted, and not put right since."""
        return self.state in ("posted", "acknowledged") and not self.corrected_by_id

    @api.depends(
        "date",
        "blockers",
        "goal_id.checkin_ids.blockers",
        "goal_id.checkin_ids.date",
        "goal_id.checkin_ids.state",
        "goal_id.checkin_ids.corrected_by_id",
    )
    def _compute_blocked_since(self):
        def place(checkin):
            # a new one comes last on its day
            return checkin.date, checkin._origin.id or float("inf")

        for goal, checkins in self.grouped("goal_id").items():
            posted = goal.checkin_ids.filtered(lambda checkin: checkin._counts())
            posted = posted.sorted(place)
            for checkin in checkins:
                before = [
                    other
                    for other in posted
                    if other != checkin._origin
                    and checkin.date
                    and place(other) < place(checkin)
                ]
                checkin.blocked_since = checkin.date and blocked_since(
                    [(said.date, bool(said.blockers)) for said in (*before, checkin)]
                )

    @api.depends(
        "state",
        "figure",
        "progress",
        "value_ids.value",
        "value_ids.figure",
        "goal_id.figure",
        "goal_id.progress",
    )
    @api.depends_context("lang")
    def _compute_data(self):
        for checkin in self:
            reported = checkin.value_ids.filtered(lambda line: line.value is not None)
            is_one_of_several = len(checkin.value_ids) > 1
            is_draft = checkin.state == "draft"
            progress = checkin.goal_id.progress if is_draft else checkin.progress
            checkin.data = (
                " · ".join(line._in_words(is_one_of_several) for line in reported)
                or (checkin.goal_id.figure if is_draft else checkin.figure)
                # a goal that is measured by those below it
                or (
                    progress is not None
                    and self.env._(
                        "%(progress)s %%",
                        progress=formatLang(self.env, half_up(progress, 0), digits=0),
                    )
                )
            )

    @api.depends("goal_id")
    @api.depends_context("uid")
    def _compute_has_next(self):
        for checkin in self:
            checkin.has_next = checkin.state == "draft" and bool(checkin._next_goal())

    @api.depends("goal_id.name", "date")
    def _compute_display_name(self):
        for checkin in self:
            checkin.display_name = self.env._(
                "%(goal)s, %(date)s",
                goal=checkin.goal_id.name or "",
                date=format_date(self.env, checkin.date),
            )

    def _performance_roles(self):
        if self.is_mine:
            return {"self"}
        return self.goal_id._performance_roles() - {"self"}

    @api.constrains("goal_id", "date")
    def _check_goal(self):
        for checkin in self:
            goal = checkin.goal_id
            goal._check_cycle_open()
            if goal.state != "agreed":
                raise ValidationError(
                    self.env._(
                        "Goal “%(goal)s” is not agreed, so there is nothing to check in"
                        " on yet. Agree on the goal first.",
                        goal=goal.name,
                    )
                )
            if not goal.date_start <= checkin.date <= goal.date_end:
                raise ValidationError(
                    self.env._(
                        "Check-in on “%(goal)s”: “Date” must lie between %(start)s and"
                        " %(end)s, the period of the goal.",
                        goal=goal.name,
                        start=goal.date_start,
                        end=goal.date_end,
                    )
                )

    @api.constrains("confidence")
    def _check_confidence(self):
        for checkin in self:
            if not 0 <= checkin.confidence <= 10:
                raise ValidationError(
                    self.env._(
                        "Check-in on “%(goal)s”: “Confidence” runs from 0 to 10.",
                        goal=checkin.goal_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            author = self.env.user.employee_id
            if not author:
                raise UserError(
                    self.env._(
                        "Your user is not linked to an employee of %(company)s, so a"
                        " check-in would have no author. Ask HR to link it.",
                        company=self.env.company.name,
                    )
                )
            # whoever writes it is its author
            vals_list = [vals | {"employee_id": author.id} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_is_draft()
            if "employee_id" in vals:
                vals = {key: vals[key] for key in vals if key != "employee_id"}
        return super().write(vals)

    def _check_is_draft(self):
        for checkin in self:
            if checkin.state != "draft":
                raise UserError(
                    self.env._(
                        "The check-in “%(checkin)s” is posted and stays as it was. Post a"
                        " new one to put something right.",
                        checkin=checkin.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        self._check_is_draft()

    def action_post(self):
        """Make it a statement: the values become readings, the goal moves."""
        self._check_step("post")
        self.check_access("write")
        self._check_goal()
        # sudo: the owner of a unit's goal reports for the unit, which the rules of
        # readings alone would not allow
        self.sudo()._create_readings()
        self._take_step("post", posted_on=fields.Date.today())
        self.sudo()._keep_snapshot()
        self._sync_owed()
        return {"type": "ir.actions.act_window_close"}

    def action_post_and_next(self):
        """Post it, and open the next of the user's goals that waits for a check-in."""
        self.ensure_one()
        self.action_post()
        goal = self._next_goal()
        if not goal:
            return {"type": "ir.actions.act_window_close"}
        return goal.action_checkin()

    def _next_goal(self):
        goals = self.env["hr.performance.goal"]._my_round() - self.goal_id
        return goals.filtered(lambda goal: goal._is_checkin_due())[:1]

    def _create_readings(self):
        self.value_ids._report()

    def _keep_snapshot(self):
        """Where the goal stands with what is reported; in superuser mode only."""
        for line in self.value_ids:
            line.figure = line.measure_id.figure
        for checkin in self:
            goal = checkin.goal_id
            checkin.write(
                {
                    "progress": goal.progress,
                    # one entered later is judged by the calendar of its own date
                    "health": goal._health_on(checkin.date),
                    "figure": goal.figure,
                }
            )
            # whoever owns the goal hears what is said about it, by whomever
            checkin.message_subscribe(goal.responsible_id.user_id.partner_id.ids)

    def _open_dialog(self):
        """The action that opens this draft in the check-in dialog."""
        return self.goal_id._checkin_dialog() | {"res_id": self.id}

    def action_acknowledge(self):
        """The manager has seen it."""
        self._take_step(
            "acknowledge",
            acknowledged_by_id=self.env.uid,
            acknowledged_on=fields.Date.today(),
        )
        self._sync_owed()
