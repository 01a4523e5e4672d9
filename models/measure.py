from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, format_date
from odoo.tools.misc import formatLang

from ..engine import health
from ..engine.accumulation import Reading, accumulate
from ..engine.scoring import Rule, ScoringError, Target, check_target, score
from ..engine.value import half_up, is_finite
from .goal import HEALTH
from .nullable import NullableFloat

RANGE_FIELDS = ("range_low", "range_high", "range_tolerance")
RESULT_FIELDS = ("has_actual", "actual", "achievement", "score", "derivation")


class HrPerformanceMeasure(models.Model):
    """An indicator on a goal: from which baseline to which target, with which weight.

    In an OKR this is the key result. The actual value is accumulated from the indicator's
    readings in the goal's scope and the measure's dates; see ``engine/``.
    """

    _name = "hr.performance.measure"
    _inherit = ["hr.performance.guard.mixin"]
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
        "hr.performance.goal",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
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
        domain="[('state', '!=', 'retired')]",
    )
    unit = fields.Char(related="indicator_id.unit")
    baseline = fields.Float(
        aggregator=None,
        help="Where the period starts from: the way is counted from here.",
    )
    target = fields.Float(aggregator=None, help="Reaching it earns 100 points.")
    direction = fields.Selection(related="indicator_id.direction")
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
    weight = fields.Float(
        default=100.0,
        aggregator=None,
        help="How much it counts beside the goal's other measures.",
    )
    date_start = fields.Date(
        "From",
        compute="_compute_dates",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        copy=False,
    )
    date_end = fields.Date(
        "To",
        compute="_compute_dates",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    rule = fields.Json(
        copy=False,
        readonly=True,
        help="Aggregation and scoring rule as they were when the goal was agreed.",
    )
    has_actual = fields.Boolean(compute="_compute_result", store=True)
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
    status = fields.Selection(HEALTH, compute="_compute_status", store=True)
    derivation = fields.Json(compute="_compute_result", store=True)
    explanation = fields.Text("How It Arose", compute="_compute_explanation")
    figure = fields.Char("Result", compute="_compute_figure")

    @api.depends("goal_id.cycle_id")
    def _compute_dates(self):
        for measure in self:
            cycle = measure.goal_id.cycle_id
            measure.date_start = cycle.date_start
            measure.date_end = cycle.date_end

    @api.depends("indicator_id")
    def _compute_range(self):
        """The indicator's usual range, until the goal has one of its own."""
        for measure in self:
            indicator = measure.indicator_id
            is_range = indicator.direction == "range"
            for name in RANGE_FIELDS:
                measure[name] = indicator[name] if is_range else None

    def _target(self):
        """The engine's :class:`~..engine.scoring.Target`."""
        self.ensure_one()
        return Target(
            self.baseline,
            self.target,
            self.range_low,
            self.range_high,
            self.range_tolerance,
        )

    # ---------------------------------------------------------------- results

    @api.depends(
        "goal_id.scope",
        "goal_id.employee_id",
        "goal_id.department_id",
        "goal_id.company_id",
        "indicator_id.aggregation",
        "indicator_id.rollup",
        "indicator_id.scoring_rule",
        "indicator_id.direction",
        "indicator_id.score_floor",
        "indicator_id.score_cap",
        "indicator_id.band_basis",
        "indicator_id.below_bands",
        "indicator_id.band_ids.threshold",
        "indicator_id.band_ids.points",
        "rule",
        "baseline",
        "target",
        "date_start",
        "date_end",
    )
    def _compute_result(self):
        readings = self._readings_by_measure()
        for measure in self:
            if measure.cycle_id.state == "closed":
                # a closed cycle never moves
                for name in RESULT_FIELDS:
                    measure[name] = measure[name]
                continue
            measure.update(measure._result(readings.get(measure._origin.id, [])))

    def _result(self, readings):
        """The values of :data:`RESULT_FIELDS` that follow from ``readings``."""
        rule = self._effective_rule() if self.indicator_id else None
        empty = dict.fromkeys(RESULT_FIELDS, None) | {
            "has_actual": False,
            "derivation": False,
        }
        if not rule or not readings:
            return empty
        accumulated = accumulate(readings, rule["aggregation"], rule["rollup"])
        if accumulated.value is None or self.target == self.baseline:
            return empty
        scored = score(
            Rule.from_dict(rule["scoring"]),
            accumulated.value,
            Target(self.baseline, self.target),
        )
        return {
            "has_actual": True,
            "actual": accumulated.value,
            "achievement": scored.achievement,
            "score": scored.points,
            # no names and no single values: a result may be read by people who may not
            # read the readings behind it
            "derivation": {
                "rule": rule,
                "readings": accumulated.count,
                "holders": len(accumulated.parts),
                "date_start": self.date_start,
                "date_end": self.date_end,
                "baseline": self.baseline,
                "target": self.target,
                "actual": accumulated.value,
                "achievement": scored.achievement,
                "raw": scored.raw,
                "points": scored.points,
                "band": scored.band,
            },
        }

    def _effective_rule(self):
        """The rule agreed on, else the indicator's of today, as a JSON-ready dict."""
        indicator = self.indicator_id
        return self.rule or {
            "aggregation": indicator.aggregation,
            "rollup": indicator.rollup,
            "scoring": indicator._scoring_rule().to_dict(),
        }

    def _freeze_rules(self):
        """Keep the rule of today with the agreement. In superuser mode only."""
        for measure in self:
            measure.rule = measure._effective_rule()

    def _thaw_rules(self):
        """Follow the indicator again until the next agreement. In superuser mode only."""
        self.rule = False

    def _readings_by_measure(self):
        """``{measure id: [engine Reading, ...]}`` of these measures, in one query."""
        ids = self._origin.ids
        if not ids:
            return {}
        by_measure = {}
        for measure_id, holder, *figures in self.env.execute_query(
            SQL(
                """
                SELECT measure.id,
                       CASE
                           WHEN reading.employee_id IS NOT NULL
                               THEN 'employee,' || reading.employee_id
                           WHEN reading.department_id IS NOT NULL
                               THEN 'department,' || reading.department_id
                           ELSE 'company'
                       END,
                       reading.date, reading.value, reading.weight, reading.id
                  %s
                 WHERE measure.id IN %s
                """,
                self._readings_join_sql(),
                tuple(ids),
            )
        ):
            by_measure.setdefault(measure_id, []).append(Reading(holder, *figures))
        return by_measure

    def _latest_readings(self):
        """``{measure id: engine Reading}``: what was reported last, if anything."""
        return {
            measure_id: max(readings, key=lambda row: (row.date, row.order))
            for measure_id, readings in self._readings_by_measure().items()
        }

    @api.model
    def _readings_join_sql(self):
        """``FROM`` clause that joins each measure to the readings it counts.

        The one place that says which reading belongs to which measure (DESIGN §3,
        scope). Aliases: ``measure``, ``goal``, ``indicator``, ``reading``.
        """
        return SQL(
            """
              FROM hr_performance_measure measure
              JOIN hr_performance_goal goal ON goal.id = measure.goal_id
              JOIN hr_performance_indicator indicator
                ON indicator.id = measure.indicator_id
         LEFT JOIN hr_department unit ON unit.id = goal.department_id
              JOIN (
                   hr_performance_reading reading
                   LEFT JOIN hr_department held ON held.id = reading.department_id
                   )
                ON reading.indicator_id = measure.indicator_id
               AND reading.company_id = goal.company_id
               AND reading.date BETWEEN measure.date_start AND measure.date_end
               AND CASE goal.scope
                       WHEN 'employee' THEN reading.employee_id = goal.employee_id
                       WHEN 'department'
                           THEN held.parent_path LIKE unit.parent_path || '%%'
                       ELSE TRUE
                   END
               AND (COALESCE(measure.rule ->> 'rollup', indicator.rollup) != 'none'
                    OR CASE goal.scope
                           WHEN 'employee' THEN TRUE
                           WHEN 'department'
                               THEN reading.employee_id IS NULL
                                    AND reading.department_id = goal.department_id
                           ELSE reading.employee_id IS NULL
                                AND reading.department_id IS NULL
                       END)%(flush)s
            """,
            flush=SQL(
                "",
                to_flush=[
                    self.env[model]._fields[name]
                    for model, names in (
                        (
                            "hr.performance.measure",
                            (
                                "goal_id",
                                "indicator_id",
                                "date_start",
                                "date_end",
                                "rule",
                            ),
                        ),
                        (
                            "hr.performance.goal",
                            ("scope", "employee_id", "department_id", "company_id"),
                        ),
                        ("hr.performance.indicator", ("rollup",)),
                        (
                            "hr.performance.reading",
                            (
                                "indicator_id",
                                "company_id",
                                "date",
                                "value",
                                "weight",
                                "employee_id",
                                "department_id",
                            ),
                        ),
                        ("hr.department", ("parent_path",)),
                    )
                    for name in names
                ],
            ),
        )

    def _mark_for_recomputation(self):
        """Have these measures, and the goals above them, computed anew."""
        for name in RESULT_FIELDS:
            self.env.add_to_compute(self._fields[name], self)
        self.modified(RESULT_FIELDS)

    @api.depends(
        "achievement",
        "date_start",
        "date_end",
        "company_id.performance_at_risk_gap",
        "company_id.performance_off_track_gap",
    )
    def _compute_status(self):
        today = fields.Date.today()
        for measure in self:
            measure.status = measure._status_on(today)

    def _status_on(self, day):
        """The status of today's result against the calendar of ``day``."""
        if self.achievement is None or not (self.date_start and self.date_end):
            return health.NO_VALUE
        return health.status(
            health.clamp(self.achievement),
            health.expected_progress(self.date_start, self.date_end, day),
            *self.goal_id._health_limits(),
        )

    def _gap_on(self, day):
        """Points by which the result lies behind the calendar of ``day``."""
        expected = health.expected_progress(self.date_start, self.date_end, day)
        return expected - health.clamp(self.achievement)

    # ---------------------------------------------------------------- words

    @api.depends("actual", "target", "indicator_id.unit", "indicator_id.digits")
    @api.depends_context("lang")
    def _compute_figure(self):
        for measure in self:
            if not measure.indicator_id:
                measure.figure = False
                continue
            figure = self.env._(
                "%(actual)s / %(target)s",
                actual=measure.indicator_id._format(measure.actual),
                target=measure.indicator_id._format(measure.target),
            )
            measure.figure = " ".join(filter(None, [figure, measure.unit]))

    @api.depends("derivation")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for measure in self:
            measure.explanation = "\n".join(measure._explain())

    def _explain(self):
        """How the points arose, step by step: a list of sentences."""
        facts = self.derivation
        if not facts:
            return [
                self.env._("No value yet: nothing has been reported in the period.")
            ]
        indicator = self.indicator_id
        labels = {
            name: dict(indicator._fields[name]._description_selection(self.env))
            for name in ("aggregation", "rollup", "scoring_rule")
        }
        rule = facts["rule"]
        scoring = rule["scoring"]
        steps = [
            self.env._(
                "%(actual)s %(unit)s, %(start)s – %(end)s. Readings: %(readings)s, people or"
                " units: %(holders)s. Over time: %(aggregation)s. Across people:"
                " %(rollup)s.",
                actual=indicator._format(facts["actual"]),
                unit=indicator.unit or "",
                readings=facts["readings"],
                holders=facts["holders"],
                start=format_date(self.env, facts["date_start"]),
                end=format_date(self.env, facts["date_end"]),
                aggregation=labels["aggregation"][rule["aggregation"]],
                rollup=labels["rollup"][rule["rollup"]],
            ),
            self.env._(
                "The way from %(baseline)s to %(target)s is covered by %(achievement)s %%.",
                baseline=indicator._format(facts["baseline"]),
                target=indicator._format(facts["target"]),
                achievement=self._one_decimal(facts["achievement"]),
            ),
        ]
        if facts["band"]:
            threshold, points, label = facts["band"]
            steps.append(
                self.env._(
                    "Band from %(threshold)s %(label)s: %(points)s points.",
                    threshold=self._one_decimal(threshold),
                    label=label,
                    points=self._one_decimal(points),
                )
            )
        steps.append(
            self.env._(
                "%(rule)s: %(raw)s points, within %(floor)s … %(cap)s: %(points)s points.",
                rule=labels["scoring_rule"][scoring["scoring_rule"]],
                raw=self._one_decimal(facts["raw"]),
                floor=self._one_decimal(scoring["floor"]),
                cap=self._one_decimal(scoring["cap"]),
                points=self._one_decimal(facts["points"]),
            )
        )
        return steps

    def _one_decimal(self, value):
        """``value`` for people, with the separators of their language."""
        return formatLang(self.env, half_up(value, 1), digits=1)

    @api.depends("indicator_id.name", "goal_id.name")
    def _compute_display_name(self):
        for measure in self:
            measure.display_name = measure.indicator_id.name or ""

    # ---------------------------------------------------------------- checks

    @api.constrains("indicator_id", "baseline", "target", "weight", *RANGE_FIELDS)
    def _check_numbers(self):
        for measure in self:
            names = {
                "goal": measure.goal_id.name,
                "indicator": measure.indicator_id.name,
            }
            if not all(
                is_finite(number)
                for number in (measure.weight, *measure._target())
                if number is not None
            ):
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
                    Rule.from_dict(measure._effective_rule()["scoring"]),
                    Target(measure.baseline, measure.target),
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
            cycle = measure.goal_id.cycle_id
            if not (
                cycle.date_start
                <= measure.date_start
                <= measure.date_end
                <= cycle.date_end
            ):
                raise ValidationError(
                    self.env._(
                        "Goal “%(goal)s”, “%(indicator)s”: %(start)s – %(end)s must lie"
                        " within “%(cycle)s” (%(cycle_start)s – %(cycle_end)s). Change"
                        " “From” and “To”.",
                        goal=measure.goal_id.name,
                        indicator=measure.indicator_id.name,
                        start=measure.date_start,
                        end=measure.date_end,
                        cycle=cycle.name,
                        cycle_start=cycle.date_start,
                        cycle_end=cycle.date_end,
                    )
                )

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
        result = super().write(vals)
        if "goal_id" in vals:
            self.goal_id._check_unlocked({"measure_ids"})
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        # a goal that is deleted takes its measures along in the database
        self.goal_id._check_unlocked({"measure_ids"})

    def action_view_readings(self):
        """The readings behind the figure, as far as the user may read them."""
        self.ensure_one()
        rows = self.env.execute_query(
            SQL(
                "SELECT reading.id %s WHERE measure.id = %s",
                self._readings_join_sql(),
                self.id,
            )
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_performance.reading_action"
        )
        return action | {
            "name": self.env._(
                "Readings behind %(measure)s", measure=self.display_name
            ),
            "domain": [("id", "in", [row[0] for row in rows])],
            "context": {"default_indicator_id": self.indicator_id.id},
        }
