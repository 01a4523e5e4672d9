from math import inf

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..engine import health
from ..engine.definition import Figure, evaluate
from ..engine.periods import days_weighted
from ..engine.scoring import (
    UNTARGETED,
    Rule,
    ScoringError,
    Target,
    check_target,
    milestone_share,
    score,
)
from ..engine.value import is_ordinary
from .frozen_json import FrozenJson
from .goal import HEALTH
from .nullable import NullableFloat

#: a figure of fewer people than these tells what one of them did
FEWEST_PEOPLE = 3
RANGE_FIELDS = ("range_low", "range_high", "range_tolerance")
RESULT_FIELDS = (
    "has_actual",
    "actual",
    "achievement",
    "score",
    "derivation",
    "input_values",
)
NO_RESULT = dict.fromkeys(RESULT_FIELDS) | {"has_actual": False}


def _facts(of, *names):
    """The facts ``names`` of an engine's result or input, without those that are empty."""
    return {name: value for name in names if (value := getattr(of, name)) or value == 0}


def people_in(moments):
    """How many people's readings are in ``{indicator id: [Moments]}``."""
    holders = {row.holder for rows in moments.values() for row in rows}
    return sum(holder[0] == "employee" for holder in holders)


class HrPerformanceMeasure(models.Model):
    """An indicator on a goal: from which baseline to which target, with which weight.

    In an OKR this is the key result. The actual value is accumulated from the indicator's
    readings in the goal's scope and the measure's dates; see ``engine/``.
    """

    _name = "hr.performance.measure"
    _inherit = ["hr.performance.guard.mixin", "hr.performance.bulk.mixin"]
    _description = "Goal Measure"
    _order = "goal_id, sequence, id"
    _check_company_auto = True

    _method_only_fields = frozenset({*RESULT_FIELDS, "status", "rule"})
    _agreed_fields = frozenset(
        {
            "goal_id",
            "indicator_id",
            "baseline",
            "target",
            *RANGE_FIELDS,
            "weight",
            "date_start",
            "date_end",
        }
    )

    goal_id = fields.Many2one(
        "hr.performance.goal", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(related="goal_id.company_id", store=True, index=True)
    cycle_id = fields.Many2one(related="goal_id.cycle_id", store=True)
    indicator_id = fields.Many2one(
        "hr.performance.indicator",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('state', '=', 'active')]",
    )
    unit = fields.Char(related="indicator_id.unit")
    goal_state = fields.Selection(related="goal_id.state", string="State of the Goal")
    baseline = fields.Float(
        aggregator=None,
        help="Where the period starts from: the way is counted from here.",
    )
    target = fields.Float(aggregator=None, help="Reaching it earns 100 points.")
    direction = fields.Char(
        compute="_compute_way_of_scoring", export_string_translation=False
    )
    range_low = NullableFloat(
        "Lowest Good Value",
        compute="_compute_range",
        store=True,
        readonly=False,
        precompute=True,
        aggregator=None,
    )
    range_high = NullableFloat(
        "Highest Good Value",
        compute="_compute_range",
        store=True,
        readonly=False,
        precompute=True,
        aggregator=None,
    )
    range_tolerance = NullableFloat(
        "Tolerance",
        compute="_compute_range",
        store=True,
        readonly=False,
        precompute=True,
        aggregator=None,
        help="So far outside the range nothing is left of the 100 points.",
    )
    target_by_days = fields.Float(
        "Target in Effect",
        compute="_compute_target_by_days",
        store=True,
        aggregator=None,
        help="After a change: both targets, each for the days it was in force.",
    )
    change_ids = fields.One2many(
        "hr.performance.target.change", "measure_id", "Target Changes"
    )
    milestone_ids = fields.One2many(
        "hr.performance.milestone", "measure_id", "Milestones", copy=True
    )
    judged_points = NullableFloat(readonly=True, copy=False, aggregator=None)
    judged_reason = fields.Text(
        "Reason for the Points",
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        help="Part of the explanation, for those who may read it.",
    )
    scoring_rule = fields.Char(
        compute="_compute_way_of_scoring", export_string_translation=False
    )
    can_report = fields.Boolean(
        compute="_compute_can_report", export_string_translation=False
    )
    can_judge = fields.Boolean(
        compute="_compute_can_report", export_string_translation=False
    )
    weight = fields.Float(
        default=100.0,
        aggregator=None,
        help="How much it counts beside the goal's other measures.",
    )
    date_start = fields.Date(
        "From",
        compute="_compute_date_start",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        copy=False,
    )
    date_end = fields.Date(
        "To",
        compute="_compute_date_end",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    rule = FrozenJson(
        copy=False,
        readonly=True,
        help="Aggregation and scoring rule as they were when the goal was agreed.",
    )
    has_actual = fields.Boolean(compute="_compute_result", store=True, default=False)
    actual = NullableFloat(
        compute="_compute_result", store=True, help="From the readings of the period."
    )
    achievement = NullableFloat(
        compute="_compute_result",
        store=True,
        help="The share of the way from baseline to target, in %.",
    )
    score = NullableFloat(
        "Points", compute="_compute_result", store=True, help="100 is on target."
    )
    status = fields.Selection(
        HEALTH, compute="_compute_status", store=True, default=health.NO_VALUE
    )
    derivation = FrozenJson(compute="_compute_result", store=True)
    input_values = fields.Json(
        compute="_compute_result",
        store=True,
        groups=fields.NO_ACCESS,
        help="What a formula was worked out from: figures of other indicators, which not"
        " everybody who reads the result may read.",
    )

    # one method each: a date that is typed stays while the other one follows
    @api.depends("goal_id.cycle_id")
    def _compute_date_start(self):
        for measure in self:
            measure.date_start = measure.goal_id.date_start

    @api.depends("goal_id.cycle_id")
    def _compute_date_end(self):
        for measure in self:
            measure.date_end = measure.goal_id.date_end

    @api.depends("rule", "indicator_id.direction", "indicator_id.scoring_rule")
    def _compute_way_of_scoring(self):
        for measure in self:
            for name in ("direction", "scoring_rule"):
                measure[name] = measure._scored_by(name)

    @api.depends("goal_id.can_check_in", "scoring_rule")
    @api.depends_context("uid")
    def _compute_can_report(self):
        for measure in self:
            goal = measure.goal_id
            measure.can_report = goal.can_check_in
            measure.can_judge = (
                goal.can_check_in
                and measure.scoring_rule == "manual"
                and not goal._performance_roles() <= {"self"}
            )

    @api.depends("indicator_id.direction")
    def _compute_range(self):
        """The indicator's usual range, until the goal has one of its own."""
        for measure in self:
            if measure.rule:  # what is agreed stays
                for name in RANGE_FIELDS:
                    measure[name] = measure[name]
                continue
            indicator = measure.indicator_id
            is_range = indicator.direction == "range"
            for name in RANGE_FIELDS:
                measure[name] = indicator[name] if is_range else None

    @api.depends(
        "target",
        "change_ids.state",
        "change_ids.target",
        "change_ids.date_from",
        "date_start",
        "date_end",
        "goal_id.holding",
        "goal_id.holder_share",
        "indicator_id.rollup",
        "indicator_id.aggregation",
        "rule",
    )
    def _compute_target_by_days(self):
        for measure in self:
            targets = measure._targets_in_force()
            measure.target_by_days = measure._held_times() * (
                days_weighted(targets, measure.date_start, measure.date_end)
                if len(targets) > 1
                else measure.target
            )

    def _held_times(self):
        """How many times over the post's figures stand: once for each whole holder."""
        # sudo: how many days are held is private, what it comes to in figures is told
        goal = self.goal_id.sudo()
        if goal.scope == "job" and goal.holder_share == "each" and self._adds_up():
            return goal._holding_told()
        return 1.0

    def _adds_up(self):
        """Whether its figure is a sum over days and people, which can be shared out."""
        self.ensure_one()
        rule, indicator = self.rule or {}, self.indicator_id
        if indicator.formula or "formula" in rule:
            return False
        rollup = rule.get("rollups", {}).get(str(indicator.id), indicator.rollup)
        return rule.get("aggregation", indicator.aggregation) == rollup == "sum"

    def _targets_in_force(self, planned=None):
        """``[(from, target), ...]``: the one agreed on, then each approved change.

        :param planned: changes that are to be taken for approved as well
        """
        self.ensure_one()
        approved = self.change_ids.filtered(lambda change: change.state == "approved")
        if planned:
            approved |= planned
        return [
            (self.date_start, self.target),
            *(
                (change.date_from, change.target)
                for change in approved.sorted(
                    # one that is only typed in comes after those of the same day
                    lambda change: (change.date_from, change._origin.id or inf)
                )
            ),
        ]

    def _target(self):
        """The engine's :class:`~..engine.scoring.Target`."""
        self.ensure_one()
        times = self._held_times()
        return Target(
            *(None if one is None else one * times for one in self._typed_target())
        )._replace(target=self.target_by_days)

    def _typed_target(self):
        """The target of the whole period, before changes and for one holder of a post."""
        return Target(
            self.baseline, self.target, *(self[name] for name in RANGE_FIELDS)
        )

    # ---------------------------------------------------------------- results

    @api.depends(
        "goal_id.scope",
        "goal_id.employee_id",
        "goal_id.department_id",
        "goal_id.job_id",
        "goal_id.company_id",
        "input_ids.aggregation",
        "input_ids.rollup",
        "indicator_id.formula",
        "indicator_id.scoring_rule",
        "indicator_id.direction",
        "indicator_id.score_floor",
        "indicator_id.score_cap",
        "indicator_id.band_basis",
        "indicator_id.below_bands",
        "indicator_id.band_ids.threshold",
        "indicator_id.band_ids.points",
        "indicator_id.points_base",
        "indicator_id.points_per_unit",
        "indicator_id.unacceptable",
        "indicator_id.satisfactory",
        "rule",
        "baseline",
        "target_by_days",
        "goal_id.holding",
        *RANGE_FIELDS,
        "date_start",
        "date_end",
        "milestone_ids.weight",
        "milestone_ids.date_reached",
        "judged_points",
    )
    def _compute_result(self):
        field = self._fields["actual"]
        waiting = self.env.records_to_compute(field).exists() - self
        if waiting:
            # the ORM hands over a thousand at a time, each of which would go through all
            # readings of the year again
            field.compute_value(self | waiting)
            return
        # a closed cycle never moves
        settled = self.filtered(lambda measure: measure.cycle_id.state == "closed")
        for measure in settled:
            for name in RESULT_FIELDS:
                measure[name] = measure[name]
        running = self - settled
        moments = running._moments()
        rules = {
            indicator: indicator._rule()
            for indicator in running.filtered(
                lambda measure: not measure.rule
            ).indicator_id
        }
        for measure in running:
            rule = measure.rule or rules.get(measure.indicator_id)
            measure.update(
                measure._result(rule, moments.get(measure._origin.id, {}))
                if rule
                else NO_RESULT
            )

    def _result(self, rule, moments):
        """The values of :data:`RESULT_FIELDS` by ``rule``.

        :param moments: what its readings add up to, by indicator
        """
        figure = self._figure(rule, moments)
        if figure.value is None:
            explained = figure.problem or (figure.missing if figure.readings else None)
            return NO_RESULT | {
                "derivation": explained
                and {"rule": rule, "people": people_in(moments)}
                | _facts(figure, "problem", "missing"),
                "input_values": figure.inputs or None,
            }
        target = self._target()
        try:
            scoring = Rule.from_dict(rule["scoring"])
            check_target(scoring, target)
        except ScoringError:
            return NO_RESULT
        scored = score(scoring, figure.value, target)
        return {
            "has_actual": True,
            "actual": figure.value,
            "achievement": scored.achievement,
            "score": scored.points,
            # no names and no single values: a result may be read by people who may not
            # read the readings behind it
            "derivation": {
                "rule": rule,
                "people": people_in(moments),
                **_facts(figure, "readings", "holders"),
                "date_start": self.date_start,
                "date_end": self.date_end,
                **_facts(target, *target._fields),
                "targets": self._targets_in_force(),
                "actual": figure.value,
                "achievement": scored.achievement,
                "raw": scored.raw,
                "points": scored.points,
                "band": scored.band,
                "next_band": scored.next_band,
            },
            "input_values": figure.inputs or None,
        }

    def _figure(self, rule, moments):
        """The :class:`~..engine.definition.Figure` that is to be scored."""
        scoring_rule = rule["scoring"]["scoring_rule"]
        if scoring_rule == "milestones":
            return Figure(
                milestone_share(
                    (milestone.weight, milestone._is_reached_by(self.date_end))
                    for milestone in self.milestone_ids
                )
            )
        if scoring_rule == "manual":
            return Figure(self.judged_points)
        return evaluate(rule, moments)

    def _effective_rule(self):
        """The rule agreed on, else the indicator's of today; see ``indicator._rule``."""
        return self.rule or self.indicator_id._rule()

    def _scoring(self):
        """The engine's :class:`~..engine.scoring.Rule` that is in force."""
        return Rule.from_dict(self._effective_rule()["scoring"])

    def _scored_by(self, name):
        """``scoring_rule`` or ``direction`` as agreed on, else the indicator's of today."""
        return self.rule["scoring"][name] if self.rule else self.indicator_id[name]

    def _is_reported(self):
        """Whether people report its values, in readings and check-ins."""
        self.ensure_one()
        return (
            self.indicator_id.source == "manual"
            and self._scored_by("scoring_rule") not in UNTARGETED
        )

    def _may_see_parts(self, people):
        """Whether the user may see more than the one figure: its steps, its inputs.

        The figure of a public goal is open; what a person reported when, and of what
        else, is read by those who may read the readings. The figure of a unit hides
        people as long as there are enough of them.

        :param people: how many people's readings are in it
        """
        self.ensure_one()
        goal = self.goal_id
        if goal.scope != "employee" and (people == 0 or people >= FEWEST_PEOPLE):
            return True
        return bool(goal._performance_roles())

    def _freeze_rules(self):
        """Keep the rule of today with the agreement. In superuser mode only."""
        for measure in self:
            measure.rule = measure._effective_rule()

    def _thaw_rules(self):
        """Follow the indicator again until the next agreement. In superuser mode only."""
        self.rule = False

    def action_judge(self, points, reason):
        """Give the points of a measure that is judged, with the ``reason`` for them.

        :param points: within the definition's fewest and most points
        :raise UserError: without a reason, outside the points, or where nothing is judged
        """
        self.ensure_one()
        goal = self.goal_id
        goal._check_may_report()
        names = {"goal": goal.name, "indicator": self.display_name}
        if goal._performance_roles() <= {"self"}:
            raise AccessError(
                self.env._(
                    "Goal “%(goal)s”: the points of “%(indicator)s” are given by a manager"
                    " above its owner, or by HR.",
                    **names,
                )
            )
        rule = self._scoring()
        if rule.scoring_rule != "manual":
            raise UserError(
                self.env._(
                    "Goal “%(goal)s”: the points of “%(indicator)s” follow from its values"
                    " and are not judged.",
                    **names,
                )
            )
        if not (is_ordinary(points) and rule.floor <= points <= rule.cap):
            raise UserError(
                self.env._(
                    "Goal “%(goal)s”, “%(indicator)s”: give between %(floor)s and %(cap)s"
                    " points.",
                    floor=self._one_decimal(rule.floor),
                    cap=self._one_decimal(rule.cap),
                    **names,
                )
            )
        reason = goal._check_reason(reason)
        # sudo: points are given by this method only
        self.sudo().write({"judged_points": points, "judged_reason": reason})
        goal.message_post(
            body=self.env._(
                "“%(measure)s”: %(points)s points. %(reason)s",
                measure=self.display_name,
                points=self._one_decimal(points),
                reason=reason,
            )
        )

    def _mark_for_recomputation(self):
        """Have these measures, and the goals above them, computed anew."""
        for name in RESULT_FIELDS:
            self.env.add_to_compute(self._fields[name], self)
        self.modified(RESULT_FIELDS)

    @api.depends(
        "achievement",
        "rule",
        "indicator_id.amber_limit",
        "indicator_id.red_limit",
        "date_start",
        "date_end",
        "company_id.performance_at_risk_gap",
        "company_id.performance_off_track_gap",
    )
    def _compute_status(self):
        today = fields.Date.today()
        for measure in self:
            settled = measure.cycle_id.state == "closed"
            measure.status = measure.status if settled else measure._status_on(today)

    def _status_on(self, day):
        """The status of today's result on ``day``."""
        if self.achievement is None or not (self.date_start and self.date_end):
            return health.NO_VALUE
        return self._status_of(self.achievement, day)

    def _status_of(self, achievement, day):
        """The status of an ``achievement`` on ``day``: by own limits, or the calendar."""
        if limits := self._limits():
            return health.status_by_limits(achievement, *limits)
        return health.status(
            health.clamp(achievement),
            health.expected_progress(self.date_start, self.date_end, day),
            *self.goal_id._health_limits(),
        )

    def _limits(self):
        """Below which achievement it is amber, and red; empty: the calendar decides."""
        return self.rule["limits"] if self.rule else self.indicator_id._limits()

    def _gap_on(self, day):
        """Points by which the result lies behind the calendar of ``day``."""
        expected = health.expected_progress(self.date_start, self.date_end, day)
        return expected - health.clamp(self.achievement)

    # ---------------------------------------------------------------- checks

    @api.constrains("indicator_id", "baseline", "target", "weight", *RANGE_FIELDS)
    def _check_numbers(self):
        seen = set()
        for measure in self:
            numbers = (measure.weight, *measure._typed_target())
            if not measure.rule:
                # many people may get the same
                same = (measure.indicator_id, numbers)
                if same in seen:
                    continue
                seen.add(same)
            names = {
                "goal": measure.goal_id.name,
                "indicator": measure.indicator_id.name,
            }
            if not all(is_ordinary(number) for number in numbers if number is not None):
                raise ValidationError(
                    self.env._(
                        "Goal “%(goal)s”, “%(indicator)s”: baseline, target and weight"
                        " must be ordinary numbers.",
                        **names,
                    )
                )
            if measure.weight < 0:
                raise ValidationError(
                    self.env._(
                        "Goal “%(goal)s”, “%(indicator)s”: “Weight” cannot be negative."
                        " Use 0 for a measure that shall not count.",
                        **names,
                    )
                )
            try:
                check_target(
                    measure._scoring(),
                    measure._typed_target(),
                )
            except ScoringError as error:
                raise ValidationError(
                    measure._target_problem(error.code, names)
                ) from error

    def _target_problem(self, code, names):
        """What is wrong with the target, in words, with the way out."""
        problems = {
            "target_is_baseline": self.env._(
                "Goal “%(goal)s”, “%(indicator)s”: the target equals the baseline, so there"
                " is no way to go. Change “Baseline” or “Target”.",
                **names,
            ),
            "ratio_target": self.env._(
                "Goal “%(goal)s”, “%(indicator)s”: a ratio needs a “Target” above 0. For"
                " other targets let the indicator score by steps.",
                **names,
            ),
            "range_missing": self.env._(
                "Goal “%(goal)s”, “%(indicator)s”: fill in “Lowest Good Value” and “Highest"
                " Good Value”, and how far outside them nothing is left (“Tolerance”).",
                **names,
            ),
            "range_order": self.env._(
                "Goal “%(goal)s”, “%(indicator)s”: “Lowest Good Value” lies above “Highest"
                " Good Value”. Swap them.",
                **names,
            ),
            "range_tolerance": self.env._(
                "Goal “%(goal)s”, “%(indicator)s”: “Tolerance” must be larger than 0.",
                **names,
            ),
        }
        return problems[code]

    @api.constrains("date_start", "date_end", "goal_id")
    def _check_dates(self):
        for measure in self:
            goal = measure.goal_id
            if not (
                goal.date_start
                <= measure.date_start
                <= measure.date_end
                <= goal.date_end
            ):
                raise ValidationError(
                    self.env._(
                        "Goal “%(goal)s”, “%(indicator)s”: %(start)s – %(end)s must lie"
                        " within the dates of the goal (%(goal_start)s – %(goal_end)s)."
                        " Change “From” and “To”.",
                        goal=goal.name,
                        indicator=measure.indicator_id.name,
                        start=measure.date_start,
                        end=measure.date_end,
                        goal_start=goal.date_start,
                        goal_end=goal.date_end,
                    )
                )

    @api.constrains("date_start", "date_end")
    def _check_changes(self):
        """Targets that have changed since keep their day within the dates."""
        self.change_ids.filtered(
            lambda change: change.state == "approved"
        )._check_change()

    @api.constrains("indicator_id")
    def _check_indicator_in_use(self):
        for measure in self:
            if measure.indicator_id.state == "retired":
                raise ValidationError(
                    self.env._(
                        "Goal “%(goal)s”: indicator “%(indicator)s” is retired. Choose one"
                        " that is in use.",
                        goal=measure.goal_id.name,
                        indicator=measure.indicator_id.name,
                    )
                )

    # ---------------------------------------------------------------- changes

    @api.model_create_multi
    def create(self, vals_list):
        measures = super().create(vals_list)
        measures.goal_id._check_unlocked({"measure_ids"})
        return measures

    def write(self, vals):
        if self._agreed_fields & vals.keys():
            self.goal_id._check_unlocked({"measure_ids"})
        result = self._write_agreed(vals)
        if "target" in vals:
            self._supersede_changes()
        if "goal_id" in vals:
            self.goal_id._check_unlocked({"measure_ids"})
        return result

    def _write_agreed(self, vals):
        """Write also what an agreement is about, where that has been checked."""
        return super().write(vals)

    def _supersede_changes(self):
        """A target that is agreed on anew stands for the whole period."""
        changes = self.change_ids.filtered(lambda change: change.state == "approved")
        # sudo: what was decided is changed by nobody; it is over
        changes.sudo().state = "superseded"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        # a goal that is deleted takes its measures along in the database
        self.goal_id._check_unlocked({"measure_ids"})

    def action_view_readings(self):
        """The readings behind the figure, as far as the user may read them."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_performance.reading_action"
        )
        return action | {
            "name": self.env._(
                "Readings behind %(measure)s", measure=self.display_name
            ),
            "domain": list(self._readings_domain()),
            "context": {"default_indicator_id": self.indicator_id.id},
        }
