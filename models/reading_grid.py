"""The screen on which values are entered in a table: people or units × periods."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..engine.accumulation import Reading, accumulate
from ..engine.periods import buckets
from .reading_rows import RowsRefused

#: a table with more columns is read by nobody; the weeks of a year fit
MAX_COLUMNS = 66
#: what to show where the indicator's own periods are too many
COARSER = {"day": "week", "week": "month", "month": "quarter", "quarter": "year"}
#: nor one with more rows, and the browser would be slow
MAX_ROWS = 200
LABELS = {
    "day": "d MMM",
    "week": "'W'w",
    "month": "MMM",
    "quarter": "QQQ",
    "year": "yyyy",
}


class HrPerformanceReading(models.Model):
    _inherit = "hr.performance.reading"

    @api.model
    def grid(self, indicator_id=False, cycle_id=False, holders=None):
        """All that the table shows, as far as the user may read it.

        :param indicator_id: of which values; by default the one that most goals have
        :param cycle_id: the period that the columns divide; by default the running one
        :param holders: ``{"kind": "team"}``, ``{"kind": "people", "department_id": id}``
            (without a department: the company) or ``{"kind": "units"}``
        :return: dict with the ``choices``, what is chosen, and ``columns``, ``rows`` and
            ``totals`` of these rows, with how many more are ``left_out``. A cell holds the
            ``value`` its readings come to (False: none), how many ``readings``, the
            ``date`` a value typed there has, and why it is ``locked``, if it is.
        """
        indicators, cycles = self._grid_indicators(), self._grid_cycles()
        indicator = self._grid_chosen(indicators, indicator_id) or self._grid_favourite(
            indicators
        )
        today = fields.Date.context_today(self)
        cycle = self._grid_chosen(cycles, cycle_id) or max(
            cycles.filtered(lambda cycle: cycle.date_start <= today <= cycle.date_end),
            key=lambda cycle: cycle.date_end - cycle.date_start,
            default=cycles[:1],
        )
        holders = self._grid_holders(holders)
        departments = self.env["hr.department"].search(
            [("company_id", "in", [False, (cycle.company_id or self.env.company).id])]
        )
        grid = {
            "choices": {
                "indicators": self._grid_choices(indicators),
                "cycles": self._grid_choices(cycles),
                "departments": self._grid_choices(departments),
            },
            "holders": holders,
            "cycle_id": cycle.id,
            "indicator_id": indicator.id,
            "columns": [],
            "rows": [],
        }
        if indicator and cycle:
            grid |= self._grid_table(indicator, cycle, holders)
        return grid

    @api.model
    def grid_save(self, indicator_id, cycle_id, holders, cells, reason=False):
        """Save what was typed into the table, all of it or nothing.

        :param cells: list of dicts: the ``row`` (``{"employee": id}``,
            ``{"department": id}`` or nothing for the company), the ``date``, and ``value``
            or ``numerator`` and ``denominator``
        :param reason: why figures that were there are corrected, for all of them
        :return: the grid as it is then, or ``{"errors": [{"cell", "message"}]}``, where
            ``cell`` is an index of ``cells``
        """
        cycle = self._grid_chosen(self._grid_cycles(), cycle_id)
        if not cycle:
            raise UserError(self.env._("Choose the cycle that the values belong to."))
        if not isinstance(cells, list) or not all(
            isinstance(cell, dict) and isinstance(cell.get("row"), dict)
            for cell in cells
        ):
            raise UserError(self.env._("Say for each value in which row it stands."))
        rows = [
            cell["row"]
            | {name: value for name, value in cell.items() if name != "row"}
            | {"indicator": indicator_id, "company": cycle.company_id.id}
            for cell in cells
        ]
        try:
            self._upsert(rows, "manual", reason)
        except RowsRefused as refused:
            return {
                "errors": [
                    {"cell": problem.row, "message": problem.message}
                    for problem in refused.problems
                ]
            }
        return self.grid(indicator_id, cycle_id, holders)

    # ---------------------------------------------------------------- choices

    @api.model
    def _grid_chosen(self, choices, chosen_id):
        """The one of ``choices`` with that id, or none, whatever was sent as the id."""
        return choices.filtered(lambda choice: choice.id == chosen_id)

    @api.model
    def _grid_choices(self, records):
        return [{"id": record.id, "name": record.display_name} for record in records]

    @api.model
    def _grid_indicators(self):
        """Indicators that are entered by hand; for those who only supply, theirs."""
        domain = Domain("state", "=", "active") & Domain("source", "=", "manual")
        if not self._reports_for_others():
            domain &= Domain("supplier_id.user_id", "=", self.env.uid)
        return self.env["hr.performance.indicator"].search(domain)

    @api.model
    def _grid_favourite(self, indicators):
        """What most of the goals that the user can see are measured by."""
        used = self.env["hr.performance.measure"]._read_group(
            [("indicator_id", "in", indicators.ids), ("goal_id.state", "=", "agreed")],
            ["indicator_id"],
            order="__count desc, indicator_id",
            limit=1,
        )
        return used[0][0] if used else indicators[:1]

    @api.model
    def _reports_for_others(self):
        """Whether the user is an officer or stands above anybody."""
        return bool(self._group_roles()) or bool(
            self.env.execute_query(self._my_team_sql())
        )

    @api.model
    def _grid_cycles(self):
        return self.env["hr.performance.cycle"].search(
            [("company_id", "in", self.env.companies.ids)]
        )

    @api.model
    def _grid_holders(self, holders):
        holders = holders or {"kind": "people" if self._group_roles() else "team"}
        if not isinstance(holders, dict) or holders.get("kind") not in (
            "team",
            "people",
            "units",
        ):
            raise UserError(self.env._("Choose people or units for the rows."))
        department_id = holders.get("department_id") or False
        if not isinstance(department_id, int):
            raise UserError(self.env._("Choose the department from the list."))
        return {"kind": holders["kind"], "department_id": department_id}

    # ---------------------------------------------------------------- the table

    @api.model
    def _grid_table(self, indicator, cycle, holders):
        """Columns, rows and totals of the grid."""
        frequency, periods = self._grid_periods(indicator, cycle)
        rows = self._grid_rows(indicator, cycle, holders)
        left_out = len(rows[MAX_ROWS:])
        rows = rows[:MAX_ROWS]
        readings = self._grid_readings(indicator, cycle, rows)
        today = fields.Date.context_today(self)
        # a value of the running period is of today, of another one of its last day
        dates = [today if start <= today <= end else end for start, end in periods]
        company_id = cycle.company_id.id
        closed = self.env["hr.performance.cycle"]._closed_on(
            {(company_id, date) for date in dates}
            | {
                (company_id, reading.date)
                for found in readings.values()
                for reading in found
            }
        )

        def why_locked(date):
            place = (company_id, date)
            return place in closed and closed[place]._closed_message(date)

        def figure(found, rollup="none"):
            value = accumulate(
                [
                    Reading(
                        (reading.employee_id.id, reading.department_id.id)
                        if not reading.employee_id
                        else reading.employee_id.id,
                        reading.date,
                        reading.value,
                        reading.weight,
                        reading.id,
                    )
                    for reading in found
                ],
                indicator.aggregation,
                rollup,
            ).value
            return False if value is None else value

        by_cell = defaultdict(list)
        for row_key, found in readings.items():
            for reading in found:
                for column, (start, end) in enumerate(periods):
                    if start <= reading.date <= end:
                        by_cell[row_key, column].append(reading)
        for row in rows:
            row["cells"] = []
            for column, date in enumerate(dates):
                found = by_cell[row["key"], column]
                date = found[0].date if len(found) == 1 else date
                fetched = any(reading.period_start for reading in found)
                row["cells"].append(
                    {
                        "value": figure(found),
                        "readings": len(found),
                        "date": date,
                        "numerator": len(found) == 1 and _or_false(found[0].numerator),
                        "denominator": len(found) == 1
                        and _or_false(found[0].denominator),
                        "locked": (
                            fetched and self.env._("Fetched from Odoo's records.")
                        )
                        or why_locked(date),
                    }
                )
            row["total"] = figure(readings.get(row["key"], []))
        rolls_up = indicator.rollup != "none"
        return {
            "indicator": {
                "name": indicator.name,
                "unit": indicator.unit or "",
                "digits": indicator.digits,
                "is_rate": indicator.aggregation == "average",
                "aggregation": self._grid_label(indicator, "aggregation"),
                "rollup": rolls_up and self._grid_label(indicator, "rollup"),
            },
            "columns": [
                {
                    "name": self._period_name(frequency, start),
                    "title": f"{format_date(self.env, start)} – {format_date(self.env, end)}",
                    "date_start": start,
                    "date_end": end,
                }
                for start, end in periods
            ],
            "rows": rows,
            "left_out": left_out,
            "totals": [
                rolls_up
                and figure(
                    [
                        reading
                        for row in rows
                        for reading in by_cell[row["key"], column]
                    ],
                    indicator.rollup,
                )
                for column in range(len(periods))
            ],
            "total": rolls_up
            and figure(
                [reading for found in readings.values() for reading in found],
                indicator.rollup,
            ),
        }

    @api.model
    def _grid_label(self, indicator, name):
        return dict(indicator._fields[name]._description_selection(self.env))[
            indicator[name]
        ]

    @api.model
    def _grid_periods(self, indicator, cycle):
        """The indicator's periods in the cycle, coarser ones where these are too many."""
        frequency = indicator.frequency or "month"
        periods = buckets(cycle.date_start, cycle.date_end, frequency)
        while len(periods) > MAX_COLUMNS and frequency in COARSER:
            frequency = COARSER[frequency]
            periods = buckets(cycle.date_start, cycle.date_end, frequency)
        return frequency, periods

    @api.model
    def _period_name(self, frequency, start):
        if frequency == "half":
            return self.env._("Half %(number)s", number=1 if start.month < 7 else 2)
        return format_date(self.env, start, date_format=LABELS[frequency])

    @api.model
    def _grid_rows(self, indicator, cycle, holders):
        """Who the values are of, and whether the user may enter them.

        This is what people are offered; what they may read and save is decided by the
        record rules. Who has left and what is archived stands there where it has values
        in the cycle, which goals count; nothing is entered for them.
        """
        for_all = (
            bool(self._group_roles())
            or indicator.supplier_id.sudo().user_id == self.env.user
        )
        company = cycle.company_id
        if holders["kind"] == "units":
            departments = (
                self.env["hr.department"]
                .with_context(active_test=False)
                .search(
                    Domain("company_id", "=", company.id)
                    & self._grid_there(indicator, cycle, "department_id")
                )
            )
            return [
                {
                    "key": "company",
                    "holder": {},
                    "name": company.name,
                    "editable": for_all,
                }
            ] + [
                {
                    "key": f"department,{department.id}",
                    "holder": {"department": department.id},
                    "name": department.complete_name,
                    "editable": for_all and department.active,
                }
                for department in departments
            ]
        domain = Domain("company_id", "=", company.id) & self._grid_there(
            indicator, cycle, "employee_id"
        )
        if holders["department_id"]:
            domain &= Domain("department_id", "child_of", holders["department_id"])
        if holders["kind"] == "team" or not for_all:
            domain &= Domain("id", "in", self._my_team_sql()) | Domain(
                "user_id", "=", self.env.uid
            )
        # sudo: names are open to all users, as hr.employee.public
        people = (
            self.env["hr.employee"]
            .sudo()
            .with_context(active_test=False)
            .search(domain)
        )
        return [
            {
                "key": f"employee,{person.id}",
                "holder": {"employee": person.id},
                "employee_id": person.id,
                "name": person.name
                if person.active
                else self.env._("%(name)s (has left)", name=person.name),
                "editable": person.active,
            }
            for person in people
        ]

    @api.model
    def _grid_there(self, indicator, cycle, name):
        """Holders of the kind ``name`` who are there, or have values in the cycle."""
        # sudo: whose row it is does not say what is in it
        readings = self.sudo()._search(self._grid_domain(indicator, cycle))
        return Domain("active", "=", True) | Domain(
            "id", "in", readings.subselect(name)
        )

    @api.model
    def _grid_domain(self, indicator, cycle):
        return [
            ("indicator_id", "=", indicator.id),
            ("company_id", "=", cycle.company_id.id),
            ("date", ">=", cycle.date_start),
            ("date", "<=", cycle.date_end),
        ]

    @api.model
    def _grid_readings(self, indicator, cycle, rows):
        """``{row key: readings}`` in the cycle that the user may read, in one query."""
        readings = self.search_fetch(
            [
                *self._grid_domain(indicator, cycle),
                (
                    "employee_id",
                    "in",
                    [row["holder"].get("employee", False) for row in rows],
                ),
                "|",
                ("employee_id", "!=", False),
                ("job_id", "=", False),
            ],
            [
                "employee_id",
                "department_id",
                "date",
                "value",
                "weight",
                "numerator",
                "denominator",
                "period_start",
            ],
            order="date, id",
        )
        keys = {row["key"] for row in rows}
        by_row = defaultdict(list)
        for reading in readings:
            holder = reading.employee_id or reading.department_id
            kind = "employee" if reading.employee_id else "department"
            key = f"{kind},{holder.id}" if holder else "company"
            if key in keys:
                by_row[key].append(reading)
        return by_row


def _or_false(number):
    return False if number is None else number
