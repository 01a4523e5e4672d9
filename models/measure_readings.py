from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.accumulation import Moments
from .flush import flush_sql

#: a reading's order is its day times this, plus its id
READING_IDS = 2**32
#: from how many measures or readings on a query is planned by these settings
MANY = 100
PLAN = {
    "enable_nestloop": "off",
    "join_collapse_limit": 1,
    "from_collapse_limit": 1,
    "work_mem": "'64MB'",
}


class HrPerformanceMeasure(models.Model):
    """Which readings a measure counts, and what the database adds them up to.

    A company goal on a year counts hundreds of thousands of readings. They are added up
    where they lie: once into *cells* (one holder, one position, one slice of time that
    no measure's period cuts), then from cells to measures. What a measure's figure is
    follows from these sums in ``engine.accumulation``. Values are stored as exact
    decimals, so that no sum depends on the order in which they came in.
    """

    _inherit = "hr.performance.measure"

    input_ids = fields.Many2many(
        "hr.performance.indicator",
        "hr_performance_measure_input_rel",
        "measure_id",
        "indicator_id",
        compute="_compute_input_ids",
        store=True,
        context={"active_test": False},
        export_string_translation=False,
        help="The indicators whose readings count: its own, or those of its formula.",
    )

    @api.depends("indicator_id.leaf_ids", "rule")
    def _compute_input_ids(self):
        # at once for all that count the same: thousands of goals have few indicators
        for leaf_ids, measures in self.grouped(
            lambda measure: (
                tuple(map(int, measure.rule["rollups"]))
                if measure.rule
                else measure.indicator_id.leaf_ids._ids
            )
        ).items():
            measures.input_ids = measures.input_ids.browse(leaf_ids)

    # ---------------------------------------------------------------- which

    @api.model
    def _asked_sql(self, *columns):
        """``SELECT`` of the measures and the inputs whose readings they count."""
        return SQL(
            """
            SELECT measure.id AS measure_id, measure.date_start, measure.date_end,
                   goal.scope, goal.company_id, goal.employee_id, goal.department_id,
                   goal.job_id,
                   indicator.id AS indicator_id,
                   COALESCE(
                       measure.rule -> 'rollups' ->> indicator.id::text, indicator.rollup
                   ) = 'none' AS is_exact%(columns)s
              FROM hr_performance_measure measure
              JOIN hr_performance_goal goal ON goal.id = measure.goal_id
              JOIN hr_performance_measure_input_rel input
                ON input.measure_id = measure.id
              JOIN hr_performance_indicator indicator
                ON indicator.id = input.indicator_id%(flush)s
            """,
            columns=SQL("").join(SQL(", %s", column) for column in columns),
            flush=flush_sql(
                self.env,
                (
                    "hr.performance.measure",
                    "goal_id date_start date_end rule input_ids",
                ),
                (
                    "hr.performance.goal",
                    "scope employee_id department_id job_id company_id",
                ),
                ("hr.performance.indicator", "rollup"),
            ),
        )

    @api.model
    def _counted_sql(self, columns, item, in_time):
        """The rows of ``item`` that the rows of ``asked`` count, as one ``SELECT``.

        This says which reading belongs to which measure (DESIGN §3, scope), and
        :meth:`_readings_domain` the same for lists.
        A branch a scope, so that the database can go by person, post, unit or company.

        :param columns: what to select, of the aliases ``asked`` and ``item``
        :param item: a table of readings, or of sums of readings by holder and position
        :param in_time: when a row of ``item`` lies in the dates of ``asked``
        """
        return SQL(
            """
            SELECT %(columns)s
              FROM asked
              JOIN %(item)s item
                ON item.indicator_id = asked.indicator_id
               AND item.company_id = asked.company_id
               AND item.employee_id = asked.employee_id
             WHERE asked.scope = 'employee' AND %(in_time)s
         UNION ALL
            SELECT %(columns)s
              FROM asked
              JOIN %(item)s item
                ON item.indicator_id = asked.indicator_id
               AND item.company_id = asked.company_id
               AND item.job_id = asked.job_id
             WHERE asked.scope = 'job' AND %(in_time)s
               AND (NOT asked.is_exact OR item.employee_id IS NULL)
         UNION ALL
            SELECT %(columns)s
              FROM asked
              JOIN (
                   SELECT id, unnest(
                              string_to_array(rtrim(parent_path, '/'), '/')::integer[]
                          ) AS unit_id
                     FROM hr_department
                   ) held
                ON held.unit_id = asked.department_id
              JOIN %(item)s item
                ON item.indicator_id = asked.indicator_id
               AND item.company_id = asked.company_id
               AND item.department_id = held.id
             WHERE asked.scope = 'department' AND %(in_time)s
               AND (NOT asked.is_exact
                    OR (item.employee_id IS NULL AND item.job_id IS NULL
                        AND held.id = held.unit_id))
         UNION ALL
            SELECT %(columns)s
              FROM asked
              JOIN %(item)s item
                ON item.indicator_id = asked.indicator_id
               AND item.company_id = asked.company_id
             WHERE asked.scope = 'company' AND %(in_time)s
               AND (NOT asked.is_exact
                    OR (item.employee_id IS NULL AND item.job_id IS NULL
                        AND item.department_id IS NULL))
            %(flush)s
            """,
            columns=columns,
            item=item,
            in_time=in_time,
            flush=flush_sql(self.env, ("hr.department", "parent_path")),
        )

    @api.model
    def _readings_sql(self, columns, asked, readings):
        """The single readings that measures count.

        :param columns: what to select, of ``asked`` and ``item`` (the reading)
        :param asked: condition on ``measure`` and the other aliases of :meth:`_asked_sql`
        :param readings: condition on the readings, without an alias
        """
        return SQL(
            """
            WITH asked AS NOT MATERIALIZED (%(measures)s WHERE %(asked)s),
                 counted AS NOT MATERIALIZED (
                     SELECT * FROM hr_performance_reading WHERE %(readings)s
                 )
            %(counted)s%(flush)s
            """,
            measures=self._asked_sql(),
            asked=asked,
            readings=readings,
            counted=self._counted_sql(
                columns,
                SQL("counted"),
                SQL("item.date BETWEEN asked.date_start AND asked.date_end"),
            ),
            flush=self._flush_readings_sql(),
        )

    @api.model
    def _flush_readings_sql(self):
        return flush_sql(
            self.env,
            (
                "hr.performance.reading",
                "indicator_id company_id date value weight employee_id department_id"
                " job_id",
            ),
        )

    @api.model
    def _counting(self, readings):
        """The measures that count any of ``readings``, in one query."""
        if not readings:
            return self.browse()
        rows = self._query_many(
            len(readings),
            SQL(
                "SELECT DISTINCT measure_id FROM (%s) found",
                self._readings_sql(
                    SQL("asked.measure_id"),
                    SQL("TRUE"),
                    SQL("id = ANY(%s)", readings.ids),
                ),
            ),
        )
        return self.browse(row[0] for row in rows)

    def _readings_domain(self):
        """The readings that this measure counts, for lists: :meth:`_counted_sql` in words."""
        self.ensure_one()
        # sudo: what is counted is no secret; the rules are asked of the readings
        measure = self.sudo()
        goal = measure.goal_id
        of_unit = Domain("employee_id", "=", False) & Domain("job_id", "=", False)
        within, exactly = {
            "employee": (Domain("employee_id", "=", goal.employee_id.id),) * 2,
            "job": (
                Domain("job_id", "=", goal.job_id.id),
                Domain("employee_id", "=", False)
                & Domain("job_id", "=", goal.job_id.id),
            ),
            "department": (
                Domain("department_id", "child_of", goal.department_id.id),
                of_unit & Domain("department_id", "=", goal.department_id.id),
            ),
            "company": (Domain.TRUE, of_unit & Domain("department_id", "=", False)),
        }[goal.scope]
        rollups = measure.rule["rollups"] if measure.rule else {}
        exact = measure.input_ids.filtered(
            lambda one: rollups.get(str(one.id), one.rollup) == "none"
        )
        return (
            Domain("company_id", "=", goal.company_id.id)
            & Domain("date", ">=", measure.date_start)
            & Domain("date", "<=", measure.date_end)
            & (
                (Domain("indicator_id", "in", (measure.input_ids - exact).ids) & within)
                | (Domain("indicator_id", "in", exact.ids) & exactly)
            )
        )

    def _latest_readings(self):
        """``{measure: its newest reading, if any}``, in superuser mode."""
        moments = self._moments()
        newest = {
            measure: max(
                (row.last_order for rows in found.values() for row in rows), default=0
            )
            for measure in self._origin
            for found in [moments.get(measure.id, {})]
        }
        # sudo: a check-in's owner may be shown the unit's figure by its date alone
        readings = self.env["hr.performance.reading"].sudo()
        return {
            measure: readings.browse(order % READING_IDS or ())
            for measure, order in newest.items()
        }

    # ---------------------------------------------------------------- how much

    def _moments(self):
        """What the readings of each measure add up to, in one query.

        :return: ``{measure id: {indicator id: [engine Moments, one a holder]}}``
        """
        measures = self._origin
        added = self._moments_in(
            [(measure, measure.date_start, measure.date_end) for measure in measures]
        )
        return dict(zip(measures.ids, added, strict=True))

    @api.model
    def _moments_in(self, spans):
        """What readings add up to in spans of time, in one query.

        :param spans: list of ``(measure, first day, last day)``
        :return: list like ``spans`` of ``{indicator id: [engine Moments, one a holder]}``
        """
        found = [{} for _span in spans]
        if not spans:
            return found
        for (
            span,
            indicator_id,
            employee_id,
            job_id,
            department_id,
            *figures,
        ) in self._query_many(len(spans), self._moments_sql(spans)):
            holder = (
                ("employee", employee_id)
                if employee_id
                else ("job", job_id)
                if job_id
                else ("department", department_id)
                if department_id
                else ("company",)
            )
            found[span].setdefault(indicator_id, []).append(Moments(holder, *figures))
        return found

    @api.model
    def _query_many(self, count, query):
        """The rows of ``query``, which joins ``count`` measures or readings to the others.

        Nothing is known of readings that have just come in, nor of sums that are being
        made. The planner takes them for few and compares each with each, which is right
        for a check-in and takes hours after an import. Many are joined by hashing, in the
        order written.
        """
        if count < MANY:
            return self.env.execute_query(query)
        cr = self.env.cr
        cr.execute("; ".join(f"SET LOCAL {name} = {PLAN[name]}" for name in PLAN))
        rows = self.env.execute_query(query)
        cr.execute("; ".join(f"SET LOCAL {name} = DEFAULT" for name in PLAN))
        return rows

    @api.model
    def _units_below(self, goals):
        """The ids of the departments of ``goals`` and of all below them."""
        if not goals:
            return []
        # sudo, archived or not: whoever sees a result, it counts what was reported there
        units = self.env["hr.department"].sudo().with_context(active_test=False)
        return units.search([("id", "child_of", goals.department_id.ids)]).ids

    @api.model
    def _moments_sql(self, spans):
        measures, starts, ends = zip(*spans, strict=True)
        asked = self.browse().union(*measures)
        # the days on which a span begins or has ended cut time into slices
        cuts = sorted({*starts, *(end + timedelta(days=1) for end in ends)})
        goals = asked.goal_id.grouped("scope")
        none = asked.goal_id.browse()
        holders = {
            "company_id": goals.get("company", none).company_id.ids,
            "department_id": self._units_below(goals.get("department", none)),
            "job_id": goals.get("job", none).job_id.ids,
            "employee_id": goals.get("employee", none).employee_id.ids,
        }
        return SQL(
            """
            WITH span AS (
                     SELECT measure_id, number - 1 AS span,
                            width_bucket(first, %(cuts)s::date[]) AS first_slice,
                            width_bucket(last, %(cuts)s::date[]) AS last_slice
                       FROM unnest(%(ids)s, %(starts)s::date[], %(ends)s::date[])
                            WITH ORDINALITY AS span (measure_id, first, last, number)
                 ),
                 asked AS MATERIALIZED (
                     %(measures)s
                       JOIN span ON span.measure_id = measure.id
                      WHERE measure.id = ANY(%(ids)s)
                 ),
                 cell AS MATERIALIZED (
                     SELECT indicator_id, company_id, employee_id, job_id, department_id,
                            width_bucket(date, %(cuts)s::date[]) AS slice,
                            count(*) AS count,
                            sum(value) AS sum,
                            sum(value * weight) AS weighted_sum,
                            sum(weight) AS weight,
                            min(value) AS min,
                            max(value) AS max,
                            -- the newest, and of one day the one entered last
                            max((date - DATE '0001-01-01') * %(ids_a_day)s + id)
                                AS last_key
                       FROM hr_performance_reading
                      WHERE indicator_id = ANY(%(indicators)s)
                        AND date >= %(first)s AND date < %(end)s
                        AND (%(holders)s)
                   GROUP BY indicator_id, company_id, employee_id, job_id, department_id,
                            slice
                 ),
                 counted AS (%(counted)s),
                 added AS (
                     SELECT span, indicator_id, employee_id, job_id, department_id,
                            sum(count)::integer AS count, sum(sum) AS sum,
                            sum(weighted_sum) AS weighted_sum, sum(weight) AS weight,
                            min(min) AS min, max(max) AS max, max(last_key) AS last_key
                       FROM counted
                   GROUP BY span, indicator_id, employee_id, job_id, department_id
                 )
            SELECT added.span, added.indicator_id, added.employee_id, added.job_id,
                   added.department_id, added.count, added.sum, added.weighted_sum,
                   added.weight, added.min, added.max,
                   (SELECT value FROM hr_performance_reading
                     WHERE id = added.last_key %% %(ids_a_day)s),
                   added.last_key
              FROM added%(flush)s
            """,
            ids=[measure.id for measure in measures],
            starts=list(starts),
            ends=list(ends),
            cuts=cuts,
            ids_a_day=READING_IDS,
            measures=self._asked_sql(SQL("span, first_slice, last_slice")),
            first=cuts[0],
            end=cuts[-1],
            # plain lists and nothing for nobody, so that an index can serve them
            indicators=asked.input_ids.ids,
            holders=SQL(" OR ").join(
                SQL("%s = ANY(%s)", SQL.identifier(name), ids)
                for name, ids in holders.items()
                if ids
            )
            or SQL("FALSE"),
            counted=self._counted_sql(
                SQL(
                    """
                    asked.span, item.indicator_id, item.employee_id,
                    -- whose it is, not which position they held
                    CASE WHEN item.employee_id IS NULL THEN item.job_id END AS job_id,
                    CASE WHEN item.employee_id IS NULL AND item.job_id IS NULL
                         THEN item.department_id END AS department_id,
                    item.count, item.sum, item.weighted_sum, item.weight, item.min,
                    item.max, item.last_key
                    """
                ),
                SQL("cell"),
                SQL("item.slice BETWEEN asked.first_slice AND asked.last_slice"),
            ),
            flush=self._flush_readings_sql(),
        )
