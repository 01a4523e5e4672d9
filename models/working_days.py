from collections import defaultdict

import pytz

from odoo import api, models
from odoo.tools import SQL

from ..engine.working_days import FORTNIGHT, WEEKDAYS, WorkingDays, merged
from .flush import flush_sql

UTC = pytz.utc


class HrPerformanceWorkingDays(models.AbstractModel):
    """Which days people work: their hours of then, holidays, their own leave.

    Fetched for many people at once, and reckoned with in ``engine.working_days``. Read by
    SQL, past the rules: when somebody is away is private, on which day something is due
    follows from it and is not.
    """

    _name = "hr.performance.working.days"
    _description = "Working Days"

    @api.model
    def _of_employees(self, employee_ids, since):
        """The working days of these people, from ``since`` on, in a few queries.

        :return: ``{employee id: WorkingDays}``
        """
        if not employee_ids:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT employee.id, employee.company_id, employee.resource_id, resource.tz,
                       version.date_version, version.resource_calendar_id
                  FROM hr_employee employee
                  JOIN resource_resource resource ON resource.id = employee.resource_id
                  JOIN hr_version version
                    ON version.employee_id = employee.id AND version.active
                 WHERE employee.id = ANY(%(ids)s)
                 ORDER BY employee.id, version.date_version%(flush)s
                """,
                ids=list(employee_ids),
                flush=flush_sql(
                    self.env,
                    ("hr.employee", "company_id resource_id"),
                    ("resource.resource", "tz"),
                    ("hr.version", "employee_id active date_version"),
                    ("hr.version", "resource_calendar_id"),
                ),
            )
        )
        hours = self._hours({row[5] for row in rows})
        common, own = self._leaves(
            {row[1] for row in rows}, {row[2]: row[3] for row in rows}, since
        )
        versions = defaultdict(list)
        for employee_id, company_id, resource_id, _tz, date_version, calendar in rows:
            away = common(company_id, calendar)
            if resource_id in own:
                away = merged([*away, *own[resource_id]])
            versions[employee_id].append((date_version, hours[calendar], away))
        return {
            employee_id: WorkingDays(found) for employee_id, found in versions.items()
        }

    @api.model
    def _of_companies(self, company_ids, since):
        """The working days of companies as such, as of people.

        :return: ``{company id: WorkingDays}``
        """
        if not company_ids:
            return {}
        companies = self.env["res.company"].sudo().browse(sorted(company_ids))
        calendars = {
            company.id: company.resource_calendar_id.id for company in companies
        }
        hours = self._hours(set(calendars.values()))
        common, _own = self._leaves(set(calendars), {}, since)
        return {
            company_id: WorkingDays(
                [(since, hours[calendar], common(company_id, calendar))]
            )
            for company_id, calendar in calendars.items()
        }

    @api.model
    def _hours(self, calendar_ids):
        """``{calendar id: pattern}``; who chooses the hours works on every weekday."""
        found = defaultdict(lambda: defaultdict(list))
        calendar_ids = [id_ for id_ in calendar_ids if id_]
        for calendar_id, weekday, week, first, last in calendar_ids and (
            self.env.execute_query(
                SQL(
                    """
                    SELECT calendar.id, attendance.dayofweek::int,
                           CASE WHEN calendar.two_weeks_calendar
                                THEN attendance.week_type::int END,
                           attendance.hour_from, attendance.hour_to
                      FROM resource_calendar calendar
                      JOIN resource_calendar_attendance attendance
                        ON attendance.calendar_id = calendar.id
                     WHERE calendar.id = ANY(%(ids)s)
                       AND NOT COALESCE(calendar.flexible_hours, FALSE)
                       AND attendance.day_period IS DISTINCT FROM 'lunch'
                       AND attendance.display_type IS NULL
                       AND attendance.hour_to > attendance.hour_from%(flush)s
                    """,
                    ids=calendar_ids,
                    flush=flush_sql(
                        self.env,
                        ("resource.calendar", "two_weeks_calendar flexible_hours"),
                        ("resource.calendar.attendance", "calendar_id dayofweek"),
                        ("resource.calendar.attendance", "week_type day_period"),
                        ("resource.calendar.attendance", "hour_from hour_to"),
                        ("resource.calendar.attendance", "display_type"),
                    ),
                )
            )
        ):
            for slot in range(weekday, FORTNIGHT, 7):
                if week is None or slot // 7 == week:
                    found[calendar_id][slot].append((first, last))
        patterns = defaultdict(lambda: WEEKDAYS)
        patterns.update(
            {
                calendar_id: {slot: tuple(sorted(day)) for slot, day in slots.items()}
                for calendar_id, slots in found.items()
            }
        )
        return patterns

    @api.model
    def _leaves(self, company_ids, zones, since):
        """Holidays and leave that end on ``since`` or later, in local time.

        A holiday is a day of the company's, whatever the time zone of who has it.

        :param zones: ``{resource id: its time zone}``
        :return: a function of company and calendar that finds the holidays, and
            ``{resource id: [(start, end), ...]}``
        """
        holidays, own = defaultdict(list), defaultdict(list)
        for (
            resource_id,
            company_id,
            calendar_id,
            tz,
            start,
            end,
        ) in self.env.execute_query(
            SQL(
                """
                    SELECT away.resource_id, away.company_id, away.calendar_id,
                           COALESCE(calendar.tz, usual.tz), away.date_from, away.date_to
                      FROM resource_calendar_leaves away
                 LEFT JOIN resource_calendar calendar ON calendar.id = away.calendar_id
                 LEFT JOIN res_company company ON company.id = away.company_id
                 LEFT JOIN resource_calendar usual
                        ON usual.id = company.resource_calendar_id
                     WHERE away.time_type = 'leave'
                       AND away.date_to >= %(since)s
                       AND (away.resource_id = ANY(%(resources)s)
                            OR away.resource_id IS NULL
                           AND (away.company_id IS NULL
                                OR away.company_id = ANY(%(companies)s)))%(flush)s
                    """,
                since=since,
                resources=list(zones),
                companies=list(company_ids),
                flush=flush_sql(
                    self.env,
                    ("resource.calendar.leaves", "resource_id company_id date_to"),
                    ("resource.calendar.leaves", "calendar_id date_from time_type"),
                    ("resource.calendar", "tz"),
                    ("res.company", "resource_calendar_id"),
                ),
            )
        ):
            zone = pytz.timezone((zones[resource_id] if resource_id else tz) or "UTC")
            span = tuple(
                UTC.localize(moment).astimezone(zone).replace(tzinfo=None)
                for moment in (start, end)
            )
            if resource_id:
                own[resource_id].append(span)
            else:
                holidays[company_id, calendar_id].append(span)
        known = {}

        def common(company_id, calendar_id):
            key = company_id, calendar_id
            if key not in known:
                known[key] = merged(
                    span
                    for company in {company_id, None}
                    for calendar in {calendar_id, None}
                    for span in holidays.get((company, calendar), ())
                )
            return known[key]

        return common, own
