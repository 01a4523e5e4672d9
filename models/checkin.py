from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..engine.value import is_ordinary
from .goal import HEALTH
from .nullable import NullableFloat
from .workflow_mixin import Transition


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
        "mail.thread",
    ]
    _description = "Goal Check-in"
    _order = "date desc, id desc"
    _check_company_auto = True

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
    progress = NullableFloat(readonly=True, copy=False)
    health = fields.Selection(HEALTH, readonly=True, copy=False)
    acknowledged_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    reading_ids = fields.One2many("hr.performance.reading", "checkin_id", "Readings")
    goal_figure = fields.Char(related="goal_id.figure")
    goal_health = fields.Selection(
        related="goal_id.health", string="Health of the Goal"
    )

    _transitions = {
        "post": Transition(("draft",), "posted", frozenset({"self"})),
        "acknowledge": Transition(
            ("posted",), "acknowledged", frozenset({"manager", "officer"})
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
            for name in ("own_health", "confidence", "blockers", "next_steps"):
                checkin[name] = checkin[name] or last[name]

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
        self._take_step("post")
        for checkin in self.sudo():
            goal = checkin.goal_id
            # a check-in entered later is judged by the calendar of its own date
            checkin.write(
                {"progress": goal.progress, "health": goal._health_on(checkin.date)}
            )
        return {"type": "ir.actions.act_window_close"}

    def _create_readings(self):
        self.env["hr.performance.reading"].create(
            [
                {
                    "indicator_id": line.measure_id.indicator_id.id,
                    "date": line.checkin_id.date,
                    "value": line.value,
                    "weight": line.weight,
                    "source": "checkin",
                    "checkin_id": line.checkin_id.id,
                    "company_id": line.checkin_id.company_id.id,
                    **line.checkin_id.goal_id._holder_values(),
                }
                for line in self.value_ids
                if line.value is not None
            ]
        )

    def action_acknowledge(self):
        """The manager has seen it."""
        self._take_step("acknowledge", acknowledged_by_id=self.env.uid)


class HrPerformanceCheckinValue(models.Model):
    """The value reported for one measure; left empty, nothing is reported."""

    _name = "hr.performance.checkin.value"
    _inherit = ["hr.performance.guard.mixin"]
    _description = "Check-in Value"
    _order = "checkin_id, id"

    checkin_id = fields.Many2one(
        "hr.performance.checkin", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="checkin_id.company_id", store=True)
    measure_id = fields.Many2one(
        "hr.performance.measure", required=True, ondelete="cascade"
    )
    value = NullableFloat(help="Leave empty when there is no new value.")
    weight = fields.Float(default=1.0)
    unit = fields.Char(related="measure_id.unit")
    last_value = fields.Char(compute="_compute_last_value")

    @api.depends("measure_id")
    def _compute_last_value(self):
        """The last reading of the measure's indicator for this holder, with its date."""
        latest = self.measure_id._latest_readings()
        for line in self:
            reading = latest[line.measure_id._origin]
            line.last_value = (
                self.env._(
                    "%(value)s on %(date)s",
                    value=line.measure_id.indicator_id._format(reading.value),
                    date=format_date(self.env, reading.date),
                )
                if reading
                else False
            )

    @api.constrains("value", "weight")
    def _check_numbers(self):
        for line in self:
            if (line.value is not None and not is_ordinary(line.value)) or not (
                is_ordinary(line.weight) and line.weight >= 0
            ):
                raise ValidationError(
                    self.env._(
                        "Check-in on “%(goal)s”: the value of “%(indicator)s” must be an"
                        " ordinary number. Leave it empty when there is none.",
                        goal=line.checkin_id.goal_id.name,
                        indicator=line.measure_id.indicator_id.name,
                    )
                )

    @api.constrains("measure_id", "checkin_id")
    def _check_measure(self):
        for line in self:
            if not line.measure_id._is_reported():
                raise ValidationError(
                    self.env._(
                        "Check-in on “%(goal)s”: the values of “%(measure)s” are not typed;"
                        " they come by themselves. Leave this line out.",
                        goal=line.checkin_id.goal_id.name,
                        measure=line.measure_id.display_name,
                    )
                )
            if line.measure_id.goal_id != line.checkin_id.goal_id:
                raise ValidationError(
                    self.env._(
                        "Check-in on “%(goal)s”: “%(measure)s” is a measure of another"
                        " goal.",
                        goal=line.checkin_id.goal_id.name,
                        measure=line.measure_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if not self.env.su:
            lines.checkin_id._check_is_draft()
        return lines

    def write(self, vals):
        if not self.env.su:
            self.checkin_id._check_is_draft()
        result = super().write(vals)
        if not self.env.su and "checkin_id" in vals:
            self.checkin_id._check_is_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        if not self.env.su:
            self.checkin_id._check_is_draft()
