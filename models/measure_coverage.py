from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.coverage import cover, falls_short
from ..engine.scoring import RANGE, UNTARGETED
from ..engine.value import half_up
from .flush import flush_sql
from .measure import FEWEST_PEOPLE
from .nullable import NullableFloat


class HrPerformanceMeasure(models.Model):
    """How much of a target the goals below have taken on.

    Parts along the organisation and parts in time are two ways to cut the same target.
    They are totalled apart and never added.

    Who reads a goal reads its totals, with one exception: a total that would tell, after
    subtracting what one can read, the targets of fewer than ``FEWEST_PEOPLE`` people
    whose goals one cannot read. It is *no value* then, in every way it can be asked for.
    """

    _inherit = "hr.performance.measure"

    adds_up = fields.Boolean(
        compute="_compute_adds_up",
        store=True,
        precompute=True,
        export_string_translation=False,
        help="The targets of people and units on it add up to that of the whole.",
    )
    adds_up_in_time = fields.Boolean(
        compute="_compute_adds_up",
        store=True,
        precompute=True,
        export_string_translation=False,
        help="The targets of months and quarters on it add up to that of the year.",
    )
    assigned = NullableFloat(
        compute="_compute_coverage",
        help="What the goals below that contribute have as targets on this indicator.",
    )
    uncovered = NullableFloat(
        compute="_compute_coverage",
        help="What nobody below has taken on yet: the target less what is assigned.",
    )
    is_uncovered = fields.Boolean(
        "Not Fully Covered",
        compute="_compute_coverage",
        search="_search_is_uncovered",
        help="The goals below have not taken on the whole target.",
    )
    coverage_text = fields.Char("Taken On Below", compute="_compute_coverage")

    @api.depends(
        "rule",
        "indicator_id.source",
        "indicator_id.rollup",
        "indicator_id.aggregation",
        "indicator_id.scoring_rule",
        "indicator_id.direction",
    )
    def _compute_adds_up(self):
        for measure in self:
            has_target = (
                measure._scored_by("scoring_rule") not in UNTARGETED
                and measure._scored_by("direction") != RANGE
            )
            measure.adds_up = has_target and measure._added_by("rollup") == "sum"
            measure.adds_up_in_time = (
                measure.adds_up and measure._added_by("aggregation") == "sum"
            )

    def _added_by(self, name):
        """``rollup`` or ``aggregation`` as agreed on, else the indicator's of today.

        None where a formula decides.
        """
        if self.rule:
            return self.rule.get(name)
        indicator = self.indicator_id
        return None if indicator.source == "formula" else indicator[name]

    @api.depends(
        "adds_up",
        "adds_up_in_time",
        "target_by_days",
        "indicator_id",
        "indicator_id.digits",
        "indicator_id.unit",
        "goal_id.child_ids.active",
        "goal_id.child_ids.is_time_part",
        "goal_id.child_ids.link",
        "goal_id.child_ids.state",
        "goal_id.child_ids.measure_ids.indicator_id",
        "goal_id.child_ids.measure_ids.target_by_days",
    )
    @api.depends_context("lang", "uid")
    def _compute_coverage(self):
        adding = self.filtered("adds_up")
        (self - adding).update(
            {"assigned": None, "uncovered": None}
            | {"is_uncovered": False, "coverage_text": False}
        )
        totals = adding._totals_below()
        for measure in adding:
            below = totals.get(measure.goal_id._origin.id, {})
            measure._set_coverage(below.get(measure.indicator_id.id, {}), bool(below))

    def _set_coverage(self, total, has_below):
        """Say what is covered, from a row of :meth:`_totals_below`.

        :param has_below: whether any goal below contributes
        """
        if total.get("is_secret"):
            self.assigned = self.uncovered = None
            self.is_uncovered = self.coverage_text = False
            return
        organisation = total.get("in_organisation")
        time = total.get("in_time") if self.adds_up_in_time else None
        lower_is_better = self._scored_by("direction") == "lower"
        coverage = cover(
            self.target_by_days, organisation, time, lower_is_better=lower_is_better
        )
        self.assigned, self.uncovered = coverage
        self.is_uncovered = has_below and falls_short(
            self.target_by_days,
            half_up(coverage.uncovered, self.indicator_id.digits),
            lower_is_better=lower_is_better,
        )
        self.coverage_text = has_below and self._in_words(
            organisation, time, total.get("period_type")
        )

    def _in_words(self, organisation, time, period_type):
        """The totals of both dimensions: "110 of 120 t€ along the organisation, …"."""
        if organisation is None and time is None:
            organisation = 0.0
        texts = []
        if organisation is not None:
            texts.append(
                self.env._(
                    "%(amount)s along the organisation",
                    amount=self._of_target(organisation),
                )
            )
        if time is not None:
            amount = self._of_target(time)
            texts.append(
                {
                    "year": self.env._("%(amount)s by year", amount=amount),
                    "half": self.env._("%(amount)s by half-year", amount=amount),
                    "tertial": self.env._("%(amount)s by four months", amount=amount),
                    "quarter": self.env._("%(amount)s by quarter", amount=amount),
                    "month": self.env._("%(amount)s by month", amount=amount),
                }.get(period_type)
                or self.env._("%(amount)s by period", amount=amount)
            )
        return ", ".join(texts)

    def _of_target(self, amount):
        text = self.env._(
            "%(amount)s of %(target)s",
            amount=self.indicator_id._format(amount),
            target=self.indicator_id._format(self.target_by_days),
        )
        return " ".join(filter(None, [text, self.unit]))

    def _uncovered_text(self):
        """What is left, with its unit; where too much is assigned, with a minus."""
        amount = self.indicator_id._format(self.uncovered)
        return " ".join(filter(None, [amount, self.unit]))

    # ---------------------------------------------------------------- totals

    def _totals_below(self):
        """The targets below the goals of these measures, added up in one query.

        :return: ``{goal id: {indicator id: {"in_organisation", "in_time", "period_type",
            "is_secret"}}}``; a goal with goals below but none on an indicator has an
            entry without it
        """
        goals = self.goal_id._origin
        if not goals.ids:
            return {}
        rows = self.env.execute_query_dict(
            SQL(
                "%s%s",
                self._totals_sql(
                    SQL("child.parent_id IN %s", tuple(goals.ids)),
                    [("parent_id", "in", goals.ids)],
                ),
                self._coverage_flush_sql(),
            )
        )
        totals = {}
        for row in rows:
            totals.setdefault(row["goal_id"], {})[row["indicator_id"]] = row
        return totals

    @api.model
    def _totals_sql(self, where, readable):
        """What contributes to a goal from below, by goal and indicator.

        Sums are those of the decimals people typed: floats are made numbers of 15 digits.

        :param where: condition on the alias ``child``
        :param readable: a domain that all these children are in; which of them the user
            may read is asked for no others
        """
        hidden = SQL("FALSE")
        if not self.env.su:
            hidden = SQL(
                "child.id NOT IN %s",
                self.env["hr.performance.goal"]._search(readable).subselect(),
            )
        return SQL(
            """
            SELECT child.parent_id AS goal_id, part.indicator_id,
                   SUM(part.target_by_days::numeric)
                       FILTER (WHERE child.is_time_part IS NOT TRUE)
                       AS in_organisation,
                   SUM(part.target_by_days::numeric)
                       FILTER (WHERE child.is_time_part) AS in_time,
                   CASE WHEN COUNT(DISTINCT cycle.period_type)
                             FILTER (WHERE child.is_time_part) = 1
                        THEN MIN(cycle.period_type) FILTER (WHERE child.is_time_part)
                    END AS period_type,
                   COUNT(DISTINCT child.employee_id)
                       FILTER (WHERE child.is_time_part IS NOT TRUE AND %(hidden)s)
                       BETWEEN 1 AND %(fewest)s
                   OR COUNT(*) FILTER (WHERE child.is_time_part AND %(hidden)s) > 0
                       AS is_secret
              FROM hr_performance_goal child
              JOIN hr_performance_cycle cycle ON cycle.id = child.cycle_id
              LEFT JOIN hr_performance_measure part ON part.goal_id = child.id
             WHERE child.parent_id IS NOT NULL
               AND child.link = 'contributes'
               AND child.state != 'cancelled'
               AND child.active
               AND %(where)s
          GROUP BY child.parent_id, part.indicator_id
            """,
            hidden=hidden,
            fewest=FEWEST_PEOPLE - 1,
            where=where,
        )

    def _search_is_uncovered(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain(
            "id",
            "in",
            SQL(
                "(SELECT measure_id FROM (%s) gap WHERE is_uncovered%s)",
                self._coverage_gaps_sql(),
                self._coverage_flush_sql(),
            ),
        )

    @api.model
    def _coverage_gaps_sql(self):
        """The measures whose targets below do not fit, as far as the user may know it.

        ``is_uncovered``: what :func:`~..engine.coverage.cover` and
        :func:`~..engine.coverage.falls_short` say, for all measures at once. ``is_short``:
        less is assigned than the target in effect; ``is_exceeded``: more, along one
        dimension at least.
        """
        return SQL(
            """
            WITH below AS (%(totals)s)
            SELECT measure.id AS measure_id, measure.goal_id, measure.indicator_id, gap.*
              FROM hr_performance_measure measure
              JOIN hr_performance_indicator indicator
                ON indicator.id = measure.indicator_id
         LEFT JOIN below total
                ON total.goal_id = measure.goal_id
               AND total.indicator_id = measure.indicator_id
        CROSS JOIN LATERAL (
                   SELECT measure.target_by_days::numeric AS whole,
                          -- of a negative target, more is further below 0
                          CASE WHEN measure.target_by_days < 0 THEN -1 ELSE 1 END AS way,
                          total.in_organisation AS one,
                          CASE WHEN measure.adds_up_in_time THEN total.in_time
                           END AS other,
                          COALESCE(
                              measure.rule -> 'scoring' ->> 'direction',
                              indicator.direction
                          ) = 'lower' AS lower_is_better
                   ) sums
        CROSS JOIN LATERAL (
                   SELECT COALESCE(
                              CASE
                              WHEN NOT lower_is_better AND whole < 0
                              THEN GREATEST(one, other)
                              WHEN NOT lower_is_better THEN LEAST(one, other)
                              WHEN ABS(whole - other) > ABS(whole - one) THEN other
                              ELSE COALESCE(one, other) END, 0
                          ) AS assigned
                   ) covered
        CROSS JOIN LATERAL (
                   SELECT ROUND(whole - assigned, indicator.digits) AS uncovered,
                          ROUND(
                              GREATEST(way * one, way * other) - way * whole,
                              indicator.digits
                          ) AS excess
                   ) found
        CROSS JOIN LATERAL (
                   SELECT way * uncovered > 0 AS is_short,
                          COALESCE(excess > 0, FALSE) AS is_exceeded,
                          CASE WHEN lower_is_better THEN uncovered != 0
                          ELSE way * uncovered > 0 END AS is_uncovered
                   ) gap
             WHERE measure.adds_up
               AND total.is_secret IS NOT TRUE
               AND EXISTS (SELECT FROM below WHERE below.goal_id = measure.goal_id)
               AND (gap.is_uncovered OR gap.is_exceeded)
            """,
            totals=self._totals_sql(SQL("TRUE"), [("parent_id", "!=", False)]),
        )

    @api.model
    def _coverage_flush_sql(self):
        return flush_sql(
            self.env,
            (
                "hr.performance.measure",
                "goal_id indicator_id target_by_days adds_up adds_up_in_time rule",
            ),
            (
                "hr.performance.goal",
                "parent_id link state active is_time_part employee_id cycle_id",
            ),
            ("hr.performance.indicator", "digits direction"),
            ("hr.performance.cycle", "period_type"),
        )
