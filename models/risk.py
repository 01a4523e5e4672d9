from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ..engine import risk as engine
from ..engine.health import FREQUENCIES
from .flush import flush_sql
from .goal_part_mixin import MOVERS
from .risk_tolerance import REVIEW_FREQUENCIES
from .workflow_mixin import Transition

#: what is judged, before and after treatment
FIGURES = (
    "probability",
    "consequence",
    "residual_probability",
    "residual_consequence",
)
ZONES = [
    ("within", "Within tolerance"),
    ("high", "High"),
    ("critical", "Critical"),
    ("minor", "Minor"),
    ("worthwhile", "Worth taking"),
    ("great", "Great chance"),
]
#: a review can be done so many days before it is due
AHEAD = 7


class HrPerformanceRisk(models.Model):
    """What may stop a goal, how likely, how bad, and what we do about it.

    A threat above what the unit accepts (see ``hr.performance.risk.tolerance``) that nobody
    has treated keeps the goal from being on track. An opportunity is judged in the same way
    and never a danger. Each judgement stays on record, line by line.
    """

    _name = "hr.performance.risk"
    _inherit = [
        "hr.performance.goal.part.mixin",
        "hr.performance.workflow.mixin",
        "hr.performance.owed.mixin",
        # activities subscribe to their record and post on it when done
        "hr.performance.dialogue.mixin",
    ]
    _description = "Risk"
    _order = "is_high desc, level desc, id"
    _check_company_auto = True

    name = fields.Char("Risk", required=True, tracking=True)
    description = fields.Text(
        "Causes and Effects",
        help="What might lead to it, and what it would do to the goal.",
    )
    goal_id = fields.Many2one(
        "hr.performance.goal", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="goal_id.company_id", store=True, index=True)
    cycle_id = fields.Many2one(related="goal_id.cycle_id", store=True, index=True)
    scope = fields.Selection(related="goal_id.scope", store=True)
    department_id = fields.Many2one(
        related="goal_id.department_id", store=True, index=True
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
        help="Who keeps an eye on it and sees to its treatment; the owner of the goal,"
        " unless you name somebody else.",
    )
    kind = fields.Selection(
        [("threat", "Threat"), ("opportunity", "Opportunity")],
        required=True,
        default="threat",
    )
    probability = fields.Integer(
        required=True,
        default=3,
        aggregator=None,
        help="How likely it is, from 1 (rare) to 5 (almost certain).",
    )
    consequence = fields.Integer(
        required=True,
        default=3,
        aggregator=None,
        help="What it would do to the goal, from 1 (hardly anything) to 5 (decides it).",
    )
    level = fields.Integer(
        compute="_compute_level",
        store=True,
        aggregator="avg",
        help="Probability × consequence, before treatment: 1 to 25.",
    )
    residual_probability = fields.Integer(
        "Probability After",
        aggregator=None,
        copy=False,
        help="How likely it is once it is treated; 0 as long as nobody has judged that.",
    )
    residual_consequence = fields.Integer(
        "Consequence After",
        aggregator=None,
        copy=False,
        help="What it would do once it is treated; 0 as long as nobody has judged that.",
    )
    residual_level = fields.Integer(
        "Level After",
        compute="_compute_level",
        store=True,
        aggregator=None,
        help="Probability × consequence, after treatment; 0 as long as nobody has judged"
        " that.",
    )
    tolerance_id = fields.Many2one(
        "hr.performance.risk.tolerance",
        compute="_compute_tolerance_id",
        store=True,
        index=True,
        export_string_translation=False,
    )
    zone = fields.Selection(
        ZONES,
        "Before Treatment",
        compute="_compute_zone",
        store=True,
        help="The level against what is accepted on goals like this one.",
    )
    residual_zone = fields.Selection(
        ZONES, "After Treatment", compute="_compute_zone", store=True
    )
    is_high = fields.Boolean(
        "High and Untreated",
        compute="_compute_is_high",
        store=True,
        index=True,
        help="A threat above what is accepted that nobody has treated yet.",
    )
    levels = fields.Char(
        "Levels", compute="_compute_levels", help="Before treatment → after it."
    )
    response = fields.Selection(
        [
            ("avoid", "Avoid: do it differently"),
            ("reduce", "Reduce: less likely or less bad"),
            ("transfer", "Transfer: insure or share it"),
            ("accept", "Accept: live with it"),
            ("exploit", "Exploit: make sure it happens"),
            ("enhance", "Enhance: more likely or better"),
            ("share", "Share: take it together with others"),
            ("ignore", "Ignore: leave it to chance"),
        ],
        copy=False,
        tracking=True,
    )
    response_note = fields.Text(
        "What We Do", copy=False, help="What is done about it, and why that."
    )
    state = fields.Selection(
        [("open", "Open"), ("treated", "Treated"), ("closed", "Closed")],
        required=True,
        default="open",
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    review_frequency = fields.Selection(
        REVIEW_FREQUENCIES,
        "Review",
        help="Empty: as often as HR has set for risks of this level.",
    )
    reviewed_on = fields.Date(
        "Last Review", readonly=True, copy=False, default=fields.Date.context_today
    )
    review_date = fields.Date(
        "Next Review", compute="_compute_review_date", store=True, index=True
    )
    review_ids = fields.One2many("hr.performance.risk.review", "risk_id", "History")

    _transitions = {
        "treat": Transition(("open",), "treated", MOVERS),
        "close": Transition(("open", "treated"), "closed", MOVERS),
        "reopen": Transition(("treated", "closed"), "open", MOVERS),
    }

    # ---------------------------------------------------------------- figures

    @api.depends(*FIGURES)
    def _compute_level(self):
        for risk in self:
            risk.level = engine.level(risk.probability, risk.consequence)
            risk.residual_level = engine.level(
                risk.residual_probability, risk.residual_consequence
            )

    @api.depends("company_id", "scope")
    def _compute_tolerance_id(self):
        lines = {
            (line.company_id, line.scope): line
            for line in self.env["hr.performance.risk.tolerance"].search(
                [("company_id", "in", self.company_id.ids)]
            )
        }
        for risk in self:
            risk.tolerance_id = lines.get((risk.company_id, risk.scope))

    @api.depends(
        "level",
        "residual_level",
        "kind",
        "tolerance_id.tolerance",
        "tolerance_id.critical_from",
    )
    def _compute_zone(self):
        for risk in self:
            if risk.zone and risk.goal_id._is_settled():
                # a new tolerance moves nothing in a closed cycle
                risk.zone, risk.residual_zone = risk.zone, risk.residual_zone
                continue
            line = risk.tolerance_id
            limits = (
                line.tolerance if line else engine.TOLERANCE.get(risk.scope, 9),
                line.critical_from or engine.CRITICAL_FROM,
                risk.kind or engine.THREAT,
            )
            risk.zone = engine.zone(risk.level, *limits)
            risk.residual_zone = engine.zone(risk.residual_level, *limits)

    @api.depends("zone", "state")
    def _compute_is_high(self):
        for risk in self:
            risk.is_high = engine.is_untreated_high(risk.zone, risk.state)

    @api.depends("level", "residual_level", "zone", "residual_zone")
    def _compute_levels(self):
        zones = dict(self._fields["zone"]._description_selection(self.env))
        for risk in self:
            risk.levels = " → ".join(
                f"{level} {zones.get(zone, '')}"
                for level, zone in (
                    (risk.level, risk.zone),
                    (risk.residual_level, risk.residual_zone),
                )
                if level
            )

    def _recount(self):
        """Let the zones follow what changed while the cycle was closed."""
        names = ("zone", "residual_zone")
        for name in names:
            self.env.add_to_compute(self._fields[name], self)
        self.modified(names)

    # ---------------------------------------------------------------- reviews

    @api.depends(
        "state",
        "zone",
        "residual_zone",
        "review_frequency",
        "reviewed_on",
        "tolerance_id.review_high",
        "tolerance_id.review_other",
        "goal_id.state",
        "goal_id.active",
        "goal_id.cycle_id.state",
    )
    def _compute_review_date(self):
        for risk in self:
            goal = risk.goal_id
            if (
                risk.state == "closed"
                or not goal.active
                or goal.state in ("closed", "cancelled")
                or goal._is_settled()
            ):
                risk.review_date = False
                continue
            since = risk.reviewed_on or fields.Date.context_today(risk)
            risk.review_date = since + FREQUENCIES[risk._review_frequency()]

    def _review_frequency(self):
        """How often it is to be looked at: what stands now decides."""
        zone = self.zone
        if self.state == "treated":
            zone = self.residual_zone or zone
        line = self.tolerance_id
        if zone in (engine.HIGH, engine.CRITICAL):
            usual = line.review_high or "month"
        else:
            usual = line.review_other or "quarter"
        return self.review_frequency or usual

    @api.model
    def _owed_sql(self):
        # whose goal it is remains between those who may read it; a draft is talk: nobody is
        # asked before the goal has been agreed
        flush = flush_sql(
            self.env,
            (self._name, "goal_id responsible_id company_id review_date reviewed_on"),
            ("hr.performance.goal", "state agreed_date"),
        )
        return [
            (
                "risk",
                SQL(
                    """
                    SELECT risk.id AS res_id, risk.responsible_id AS employee_id,
                           NULL::integer AS about_id, risk.company_id,
                           GREATEST(risk.review_date - %s, risk.reviewed_on) AS date_from,
                           risk.review_date AS deadline, NULL::date AS done_on,
                           TRUE AS shared
                      FROM hr_performance_risk risk
                      JOIN hr_performance_goal goal ON goal.id = risk.goal_id
                     WHERE risk.review_date IS NOT NULL
                       AND risk.responsible_id IS NOT NULL
                       AND (goal.state = 'agreed'
                            OR goal.state = 'proposed' AND goal.agreed_date IS NOT NULL)%s
                    """,
                    AHEAD,
                    flush,
                ),
            )
        ]

    def action_review(self, note="", figures=None):
        """Say that one has looked at it; the next time is counted from today.

        :param note: what one found; may be empty
        :param figures: what is judged otherwise from now on, by field: ``probability``,
            ``consequence``, ``residual_probability``, ``residual_consequence``
        """
        self._check_may_review()
        figures = figures or {}
        if not isinstance(figures, dict) or not figures.keys() <= set(FIGURES):
            raise UserError(
                self.env._(
                    "A review can change these figures: %(figures)s.",
                    figures=", ".join(
                        self._fields[name]._description_string(self.env)
                        for name in FIGURES
                    ),
                )
            )
        before = self._figures()
        # sudo: whoever looks after a goal of the unit may judge its risks
        self.sudo()._write_unrecorded(figures)
        self._record(before, note.strip() if isinstance(note, str) else "")
        return {"type": "ir.actions.act_window_close"}

    def _check_may_review(self):
        self.check_access("read")
        self._check_cycle_open()
        for risk in self:
            if not self.env.su and not MOVERS & risk._performance_roles():
                raise AccessError(
                    self.env._(
                        "“%(risk)s” is reviewed by %(roles)s.",
                        risk=risk.name,
                        roles=self._role_names(MOVERS),
                    )
                )
            if risk.state == "closed":
                raise UserError(
                    self.env._(
                        "Risk “%(risk)s” is closed. Reopen it to review it.",
                        risk=risk.name,
                    )
                )

    def _figures(self):
        """``{risk: {field: value}}`` of what is judged now."""
        return {risk: {name: risk[name] for name in FIGURES} for risk in self}

    def _record(self, before, note=""):
        """Keep who judged what when; from today on the next review is counted.

        :param before: what :meth:`_figures` said before
        """
        # sudo: nobody writes history by hand
        risks = self.sudo()
        self.env["hr.performance.risk.review"].sudo().create(
            [
                {
                    "risk_id": risk.id,
                    "user_id": self.env.uid,
                    "note": note,
                    "state": risk.state,
                    **{f"{name}_before": before[risk][name] for name in FIGURES},
                    **now,
                }
                for risk, now in risks._figures().items()
            ]
        )
        risks._write_unrecorded({"reviewed_on": fields.Date.context_today(self)})
        risks._sync_owed()

    def action_open_review(self):
        """Open the dialog in which one says what one found."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Review: %(risk)s", risk=self.name),
            "res_model": "hr.performance.risk.look",
            "view_mode": "form",
            "target": "new",
            "context": {"default_risk_id": self.id},
        }

    # ---------------------------------------------------------------- checks

    @api.constrains(*FIGURES, "kind")
    def _check_figures(self):
        for risk in self:
            for name in FIGURES:
                # what remains may be left to be judged later
                if not engine.is_step(risk[name]) and (
                    risk[name] or not name.startswith("residual_")
                ):
                    raise ValidationError(
                        self.env._(
                            "Risk “%(risk)s”: “%(field)s” runs from 1 to 5.",
                            risk=risk.name,
                            field=self._fields[name]._description_string(self.env),
                        )
                    )
            if bool(risk.residual_probability) != bool(risk.residual_consequence):
                raise ValidationError(
                    self.env._(
                        "Risk “%(risk)s”: judge both “Probability After” and “Consequence"
                        " After”, or neither.",
                        risk=risk.name,
                    )
                )
            if risk.residual_level and not engine.is_possible_rest(
                risk.level, risk.residual_level, risk.kind
            ):
                raise ValidationError(
                    self.env._(
                        "Risk “%(risk)s”: treatment cannot raise its level from %(before)s"
                        " to %(after)s. Lower “Probability After” or “Consequence After”.",
                        risk=risk.name,
                        before=risk.level,
                        after=risk.residual_level,
                    )
                    if risk.kind == engine.THREAT
                    else self.env._(
                        "Opportunity “%(risk)s”: taking it cannot lower its level from"
                        " %(before)s to %(after)s. Raise “Probability After” or"
                        " “Consequence After”.",
                        risk=risk.name,
                        before=risk.level,
                        after=risk.residual_level,
                    )
                )

    @api.constrains("response", "kind")
    def _check_response(self):
        responses = dict(self._fields["response"]._description_selection(self.env))
        for risk in self:
            possible = engine.RESPONSES[risk.kind]
            if risk.response and risk.response not in possible:
                raise ValidationError(
                    self.env._(
                        "Risk “%(risk)s”: “%(response)s” is no response to this kind."
                        " Choose one of these: %(possible)s.",
                        risk=risk.name,
                        response=responses[risk.response],
                        possible=" · ".join(responses[name] for name in possible),
                    )
                )

    @api.constrains("state", "response", "residual_probability", "residual_consequence")
    def _check_treatment(self):
        for risk in self:
            if risk.state == "treated":
                risk._check_is_treated()

    def _check_is_treated(self):
        if not self.response:
            raise ValidationError(
                self.env._(
                    "Risk “%(risk)s” is not treated yet: choose a “Response” first.",
                    risk=self.name,
                )
            )
        if not self._has_treatment():
            raise ValidationError(
                self.env._(
                    "Risk “%(risk)s” is not treated yet: say what remains of it"
                    " (“Probability After” and “Consequence After”), or add an action.",
                    risk=self.name,
                )
            )

    def _has_treatment(self):
        """Whether it is known what remains, or something is done about it."""
        return bool(
            self.residual_level
            or self.action_ids.filtered(lambda action: action.state != "cancelled")
        )

    # ---------------------------------------------------------------- changes

    @api.model_create_multi
    def create(self, vals_list):
        # risks are written down in a go: "created" in each chatter tells nobody anything
        risks = (
            super(HrPerformanceRisk, self.with_context(tracking_disable=True))
            .create(vals_list)
            .with_env(self.env)
        )
        risks._check_cycle_open()
        risks._sync_owed()
        return risks

    def write(self, vals):
        # before anything is looked up in superuser mode, and named in what is said
        self.check_access("write")
        self._check_cycle_open()
        if not self.env.su:
            self._check_changeable(vals)
        before = self._figures() if vals.keys() & set(FIGURES) else {}
        result = self._write_unrecorded(vals)
        now = self._figures() if before else {}
        if changed := self.filtered(lambda risk: now.get(risk) != before.get(risk)):
            changed._record(before)
        elif {"responsible_id", "review_frequency", "kind"} & vals.keys():
            self._sync_owed()
        return result

    def _write_unrecorded(self, vals):
        """Write without a line in the history."""
        return super().write(vals)

    def _check_changeable(self, vals):
        goal_id = vals.get("goal_id")
        for risk in self:
            if goal_id and goal_id != risk.sudo().goal_id.id:
                raise UserError(
                    self.env._(
                        "Risk “%(risk)s” stays with its goal. Write a new one on the other"
                        " goal instead.",
                        risk=risk.name,
                    )
                )
            if risk.state == "closed":
                raise UserError(
                    self.env._(
                        "Risk “%(risk)s” is closed. Reopen it before you change it.",
                        risk=risk.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_on_record(self):
        self._check_cycle_open()
        for risk in self:
            if risk.state != "open":
                raise UserError(
                    self.env._(
                        "Risk “%(risk)s” has been dealt with and stays on record. Close"
                        " it instead.",
                        risk=risk.name,
                    )
                )

    # ---------------------------------------------------------------- steps

    def _take_step(self, name, **values):
        # first: what is said names the goal
        self.check_access("read")
        self._check_cycle_open()
        super()._take_step(name, **values)
        self._sync_owed()

    def action_treat(self):
        """Say that it is treated: how is chosen, and what remains or is done is known."""
        self._check_step("treat")
        # sudo: an action may be one that the user cannot see
        for risk in self.sudo():
            risk._check_is_treated()
        self._take_step("treat")

    def action_close(self):
        """It can no longer happen, or has happened: it is out of the way."""
        self._take_step("close")

    def action_reopen(self):
        """It needs attention again."""
        self._take_step("reopen")

    def action_open_form(self):
        """Open the whole form beside the list it stands in."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }
