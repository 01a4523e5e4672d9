import logging
from calendar import monthrange
from collections import Counter
from datetime import date, datetime, time, timedelta
from functools import cache

import pytz
from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..engine import tally
from ..engine.periods import bucket_end, bucket_start, buckets
from .indicator_query import HOLDERS

_logger = logging.getLogger(__name__)

#: what the database groups dates by, for each frequency. Weeks are cut at the ends of
#: months: month and ISO number name such a week, in every language
DATE_GROUPS = {
    "day": ("day",),
    "week": ("month", "iso_week_number"),
    "month": ("month",),
    "quarter": ("quarter",),
    "half": ("quarter",),
    "year": ("year",),
}
#: the scope of the goals that a holder of records can hold
GOAL_SCOPES = {
    "user": "employee",
    "employee": "employee",
    "department": "department",
    "company": "company",
}
#: the measures whose figures still move
MOVING = Domain("cycle_id.state", "!=", "closed") & Domain(
    "goal_id.state", "!=", "cancelled"
)
#: what a refresh covers at most
MAX_DAYS = 3660


class HrPerformanceIndicator(models.Model):
    """How values are fetched from Odoo's records and become readings.

    One reading for each holder and bucket of the indicator's frequency. It covers the days
    from ``period_start`` to its ``date``: the bucket's last day, or today while the bucket
    runs. What nobody has recorded is a true 0 of a number or a sum for whoever holds a
    goal on the indicator then; otherwise, and for all other operations, it is no value.

    A number or a sum grows all through its bucket. Half of it adds up like a whole one, but
    would drag an average, a last, lowest or highest value: then only buckets that are over
    become readings.

    A refresh compares all figures with the readings there are, and writes, changes and
    removes what differs. In a closed cycle nothing differs any more: readings dated there
    stay, whatever happens to the records.
    """

    _inherit = "hr.performance.indicator"

    def action_refresh(self, date_from=None, date_to=None):
        """Fetch the values from Odoo's records now.

        :param date_from: the first day; default: the start of the earliest open cycle with
            a goal on the indicator, else of this year
        :param date_to: the last day; default, and at most: today
        :return: a notification that says what was done
        :raise UserError: when the query does not work; nothing is changed then
        """
        self.check_access("write")
        date_from, date_to = self._refresh_dates(date_from, date_to)
        messages = [
            self.env._(
                "%(indicator)s: %(summary)s",
                indicator=indicator.name,
                summary=indicator._refresh(date_from, date_to),
            )
            for indicator in self
        ]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Values from Odoo"),
                "message": "\n".join(messages),
                "type": "success",
                "sticky": True,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _cron_refresh_queries(self):
        """Fetch the values of all indicators that were not refreshed today.

        One that fails keeps its readings, says why, and does not stop the others.
        """
        due = self._due_for_refresh()
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for indicator in due:
            indicator._refresh_or_explain()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    @api.model
    def _due_for_refresh(self):
        """Queries in use, and all that goals in open cycles count.

        These may be retired or archived since, and be counted as a formula's part only.
        """
        today = fields.Datetime.now().replace(hour=0, minute=0, second=0)
        measures = self.env["hr.performance.measure"]
        measures.flush_model(["input_ids"])  # grouping by a many2many flushes nothing
        counted = measures._read_group(MOVING, ["input_ids"])
        return self.with_context(active_test=False).search(
            Domain("source", "=", "odoo")
            & (
                Domain("query_last_run", "=", False)
                | Domain("query_last_run", "<", today)
            )
            & (
                Domain("state", "=", "active") & Domain("active", "=", True)
                | Domain("state", "!=", "draft")
                & Domain("id", "in", [indicator.id for (indicator,) in counted])
            ),
            order="query_last_run, id",
        )

    def _refresh_or_explain(self):
        """Refresh; when that fails, write down why and tell its people, once."""
        try:
            with self.env.cr.savepoint():
                self._refresh()
            return
        except (LockError, OperationalError) as error:
            _logger.info("Indicator %s is left for the next run: %s", self.id, error)
            return
        except UserError as error:
            problem = str(error)
        except Exception:
            # whatever it is, the other indicators get their values
            _logger.exception("Indicator %s could not be refreshed", self.id)
            problem = self.env._(
                "The database refused it for a technical reason. Ask your administrator to"
                " look at the server's log."
            )
        news = not self.query_problem
        # sudo: how the run is kept
        self.sudo().write(
            {"query_problem": problem, "query_last_run": fields.Datetime.now()}
        )
        if news:
            people = self.query_author_id | self.sudo().responsible_id.user_id
            self.message_post(
                body=self.env._(
                    "The values could not be fetched from Odoo's records. %(problem)s",
                    problem=problem,
                ),
                partner_ids=people.filtered("active").partner_id.ids,
            )

    def _refresh(self, date_from=None, date_to=None):
        """Bring the readings up to date; return what was done, in words.

        :raise UserError: when the query does not work, or is running elsewhere
        """
        self.ensure_one()
        if self.source != "odoo" or self.state == "draft":
            raise UserError(
                self.env._(
                    "Indicator “%(indicator)s” does not fetch values from Odoo's records, or"
                    " is not in use yet. Choose the records on the page “Values from Odoo”"
                    " and put it into use.",
                    indicator=self.name,
                )
            )
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError:
            raise LockError(
                self.env._(
                    "Indicator “%(indicator)s” is being refreshed at this moment. Try again"
                    " in a minute.",
                    indicator=self.name,
                )
            ) from None
        self._check_query()
        collected, strangers = self._collect(date_from, date_to)
        summary = Counter()
        for company, periods, figures in collected:
            summary.update(self._store_figures(company, periods, figures))
        run = {"query_problem": False}
        if not (date_from or date_to):
            run["query_last_run"] = fields.Datetime.now()
        self.sudo().write(run)  # sudo: how the run is kept
        return " ".join(
            filter(None, [self._say_summary(summary), self._say_strangers(strangers)])
        )

    @api.model
    def _refresh_dates(self, date_from, date_to):
        """Both as dates or None; refuse what cannot be meant."""
        try:
            date_from = fields.Date.to_date(date_from)
            date_to = fields.Date.to_date(date_to)
        except (ValueError, TypeError):
            raise UserError(
                self.env._(
                    "Give the dates of a refresh as year-month-day, for example 2026-01-31."
                )
            ) from None
        last = date_to or fields.Date.today()
        if date_from and not timedelta() <= last - date_from <= timedelta(MAX_DAYS):
            raise UserError(
                self.env._(
                    "Values are fetched from an earlier to a later day, for ten years at"
                    " most, not from %(first)s to %(last)s. Change the dates.",
                    first=date_from,
                    last=last,
                )
            )
        return date_from, date_to

    def action_try_query(self):
        """Show what the query finds, without saving anything, and offer to fetch it."""
        self.ensure_one()
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_performance.indicator_refresh_action"
        )
        return action | {"context": {"default_indicator_id": self.id}}

    def _try_query(self, date_from=None, date_to=None, limit=15):
        """The latest figures that a refresh would come to; nothing is saved.

        :return: dict: ``rows`` of ``(holder, first day, last day, value)`` in words,
            ``number`` of all figures, ``strangers`` a sentence or ""
        :raise UserError: when the query does not work
        """
        self._check_query()
        if self.state == "draft" and self.query_author_id != self.env.user:
            raise UserError(
                self.env._(
                    "“%(indicator)s” is a draft with the rights of %(author)s. Put it into"
                    " use yourself to see what it finds with yours.",
                    indicator=self.name,
                    author=self.query_author_id.name,
                )
            )
        date_from, date_to = self._refresh_dates(date_from, date_to)
        collected, strangers = self._collect(date_from, date_to)
        found = [
            (start, periods[start], holder, figure)
            for _company, periods, figures in collected
            for (holder, start), figure in figures.items()
        ]
        latest = sorted(found, key=lambda row: row[:3], reverse=True)[:limit]
        scope = GOAL_SCOPES[self.query_holder]
        model = "res.company" if scope == "company" else f"hr.{scope}"
        # sudo: an officer knows everybody by name
        names = {
            record.id: record.display_name
            for record in self.env[model].sudo().browse({row[2] for row in latest})
        }
        return {
            "rows": [
                (
                    names[holder],
                    format_date(self.env, start),
                    format_date(self.env, day),
                    " ".join(filter(None, [self._format(figure.value), self.unit])),
                )
                for start, day, holder, figure in latest
            ],
            "number": len(found),
            "strangers": self._say_strangers(strangers),
        }

    def _first_day(self):
        """Where a refresh starts by default."""
        # sudo: a goal that the user cannot see needs its values as well
        cycles = (
            self.env["hr.performance.measure"]
            .sudo()
            .search(Domain("input_ids", "in", self.ids) & MOVING)
            .cycle_id
        )
        return min(
            cycles.mapped("date_start"),
            default=fields.Date.today().replace(month=1, day=1),
        )

    # ---------------------------------------------------------------- figures

    def _collect(self, date_from=None, date_to=None):
        """The figures of all companies, from the records that the author may read.

        :return: ``(figures, strangers)``: a list of ``(company, periods, figures)`` as of
            :meth:`_periods` and :meth:`_collect_company`, and ``{id: number of records}``
            of those they lead to who are no holder in any of the companies
        """
        date_from = date_from or self._first_day()
        collected, held, strangers = [], set(), {}
        for company in self._query_companies():
            periods = self._periods(company, date_from, date_to)
            if not periods:
                continue
            figures, holders, left_over = self._collect_company(company, periods)
            collected.append((company, periods, figures))
            held |= holders.keys()
            for record_id, number in left_over.items():
                # a record without a company is met in each of them
                strangers[record_id] = max(number, strangers.get(record_id, 0))
        return collected, {
            record_id: number
            for record_id, number in strangers.items()
            if record_id not in held
        }

    def _periods(self, company, date_from, date_to):
        """``{first day: date of the reading}`` of the buckets of a refresh, in order."""
        today = self._query_today(company)
        # whole buckets: a figure of half a month would replace that of the month
        first = bucket_start(date_from, self.frequency)
        last = bucket_end(min(date_to or today, today), self.frequency)
        return {
            start: min(end, today)
            for start, end in buckets(first, last, self.frequency)
        }

    def _query_today(self, company):
        return fields.Date.context_today(self._query_env(company)[self._name])

    def _collect_company(self, company, periods):
        """The figures of one company.

        :return: ``(figures, holders, strangers)``: ``{(holder id, period start):
            engine Figure}``, the holders found, and a Counter of records by the id of
            whom they lead to, who is no holder
        """
        model = self._query_env(company)[self.query_model]
        scope = self._between(model, company, min(periods), max(periods.values()))
        groups = self._query_groups(
            model, self._query_domain_of("query_domain") & scope
        )
        holders = self._holders(company, {record_id for record_id, _start in groups})
        tallies, strangers = {}, Counter()
        for (record_id, start), found in groups.items():
            if record_id not in holders:
                strangers[record_id] += found.number
                continue
            key = holders[record_id], start
            tallies[key] = (
                tally.merge(self.query_operation, tallies[key], found)
                if key in tallies
                else found
            )
        figures = {
            key: tally.figure(self.query_operation, found, self.rate_factor)
            for key, found in tallies.items()
        }
        if self.query_operation in tally.ZERO_OPERATIONS:
            for key in self._expected(company, periods):
                figures.setdefault(key, tally.NOTHING)
            if self.aggregation != "sum":
                today = self._query_today(company)
                figures = {
                    (holder, start): figure
                    for (holder, start), figure in figures.items()
                    if bucket_end(start, self.frequency) < today
                }
        return figures, holders, strangers

    def _query_groups(self, model, domain):
        """``{(id of whom the records lead to, period start): engine Tally}``, one query.

        A share takes two: all records, and those that count.
        """
        operation = self.query_operation
        number = "__count"
        if operation == "share":
            counting = domain & self._query_domain_of("query_share_domain")
            amount = None
        elif operation == "count":
            amount = "__count"
        else:
            number = f"{self.query_field}:count"
            amount = f"{self.query_field}:{self._aggregate(model)}"
        groups = self._grouped(model, domain, number, amount)
        if operation == "share":
            for key, found in self._grouped(model, counting, None, number).items():
                groups[key] = tally.merge(operation, groups[key], found)
        return groups

    def _aggregate(self, model):
        """The database's function for the operation.

        Amounts of money are added in the company's currency where the ORM knows theirs.
        """
        if self.query_operation in ("min", "max"):
            return self.query_operation
        field = model._fields[self.query_field]
        if field.type == "monetary":
            currency = model._fields.get(field.get_currency_field(model))
            if currency and currency.store:
                return "sum_currency"
        return "sum"

    def _grouped(self, model, domain, number, amount):
        """Tallies of the records in ``domain``; None instead of an aggregate: 0."""
        dates = [
            f"{self.query_date_field}:{part}" for part in DATE_GROUPS[self.frequency]
        ]
        path = self._query_path()
        aggregates = list(dict.fromkeys(filter(None, (number, amount))))
        groups = {}
        for row in model._read_group(
            domain, [*dates, *([path] if path else [])], aggregates
        ):
            first, *rest = row
            if not first:
                continue
            day = first.date() if isinstance(first, datetime) else first
            if self.frequency == "week":
                day = _first_day_of_week(day, int(rest.pop(0)))
            holder = rest.pop(0).id if path else model.env.company.id
            figures = dict(zip(aggregates, rest, strict=True))
            found = tally.Tally(figures.get(number) or 0, figures.get(amount) or 0)
            if not (found.number or number is None):
                continue  # no record of the group has a value
            key = holder, bucket_start(day, self.frequency)
            groups[key] = (
                tally.merge(self.query_operation, groups[key], found)
                if key in groups
                else found
            )
        return groups

    def _between(self, model, company, first, last):
        """The records of ``company`` dated ``first``…``last``, as a domain of literals.

        A record without a company counts in every company: Odoo shares it with all.
        """
        low, high = first, last
        operator = "<="
        if model._fields[self.query_date_field].type == "datetime":
            zone = pytz.timezone(self._query_tz(company))
            low, high = (
                zone.localize(datetime.combine(day, time.min))
                .astimezone(pytz.utc)
                .replace(tzinfo=None)
                for day in (first, last + timedelta(days=1))
            )
            operator = "<"
        domain = Domain(self.query_date_field, ">=", str(low)) & Domain(
            self.query_date_field, operator, str(high)
        )
        if self.query_holder == "company" and (path := self._query_path()):
            domain &= Domain(path, "in", [company.id, False])
        if self._company_field(model):
            domain &= Domain("company_id", "in", [company.id, False])
        return domain

    def _holders(self, company, record_ids):
        """``{id of whom a record leads to: id of the holder in the company}``.

        In superuser mode: who holds a reading does not depend on who may see them.
        """
        ids = [record_id for record_id in record_ids if record_id]
        if self.query_holder == "company":
            return dict.fromkeys(record_ids, company.id)
        if self.query_holder == "department":
            departments = (
                self.env["hr.department"].sudo().with_context(active_test=False)
            )
            found = departments.search(
                [("id", "in", ids), ("company_id", "in", [company.id, False])]
            )
            return {department.id: department.id for department in found}
        by = "user_id" if self.query_holder == "user" else "id"
        # those who have left as well: they were here when it was recorded
        employees = self.env["hr.employee"].sudo().with_context(active_test=False)
        found = employees.search_fetch(
            [(by, "in", ids), ("company_id", "=", company.id)], [by]
        )
        return {
            employee.user_id.id if by == "user_id" else employee.id: employee.id
            for employee in found
        }

    def _expected(self, company, periods):
        """The ``(holder id, period start)`` for which nothing recorded is a true 0."""
        scope = GOAL_SCOPES[self.query_holder]
        # sudo: as above
        measures = (
            self.env["hr.performance.measure"]
            .sudo()
            .search_fetch(
                [
                    ("input_ids", "in", self.ids),
                    ("company_id", "=", company.id),
                    ("goal_id.scope", "=", scope),
                    ("goal_id.state", "!=", "cancelled"),
                ],
                ["goal_id", "date_start", "date_end"],
            )
        )
        for measure in measures:
            holder = measure.goal_id[f"{scope}_id"].id
            for start, day in periods.items():
                if measure.date_start <= day <= measure.date_end:
                    yield holder, start

    # ---------------------------------------------------------------- readings

    def _store_figures(self, company, periods, figures):
        """Make the readings of ``company`` in ``periods`` say what ``figures`` say.

        :return: a Counter of readings ``created``, ``changed``, ``removed``, ``kept`` (as
            they were) and ``closed`` (would have changed, but lie in a closed cycle)
        """
        # sudo: no person writes these readings, not even their own. And no default of the
        # caller's context gets into them
        readings = self.env["hr.performance.reading"].sudo().with_context({})
        existing = readings.search(
            [
                ("indicator_id", "=", self.id),
                ("company_id", "=", company.id),
                ("source", "=", "odoo"),
                ("period_start", ">=", min(periods)),
                ("period_start", "<=", max(periods)),
            ]
        )
        closed = self.env["hr.performance.cycle"]._closed_cycles(company.ids)
        spans = [(cycle.date_start, cycle.date_end) for cycle in closed]

        def is_closed(day):
            return any(start <= day <= end for start, end in spans)

        summary = Counter()
        vanished, changed, changes, new = [], [], [], []
        wanted = {
            (*self._reading_holder(holder), start): (figure, periods[start])
            for (holder, start), figure in figures.items()
        }
        for reading in existing:
            key = (*reading._holder(), reading.period_start)
            figure, day = wanted.pop(key, (None, None))
            if figure and (*figure, day) == (
                reading.value,
                reading.weight,
                reading.date,
            ):
                summary["kept"] += 1
            elif is_closed(reading.date) or (day and is_closed(day)):
                summary["closed"] += 1
            elif figure:
                changed.append(reading.id)
                changes.append(
                    {"value": figure.value, "weight": figure.weight, "date": day}
                )
            else:
                vanished.append(reading.id)
        for (name, holder, start), (figure, day) in wanted.items():
            if is_closed(day):
                summary["closed"] += 1
                continue
            new.append(
                {
                    "indicator_id": self.id,
                    "company_id": company.id,
                    "source": "odoo",
                    "period_start": start,
                    "date": day,
                    "value": figure.value,
                    "weight": figure.weight,
                    **({name: holder} if name else {}),
                }
            )
        readings.browse(vanished).unlink()
        readings.browse(changed)._rewrite(changes)
        readings.create(new)
        summary.update(created=len(new), changed=len(changed), removed=len(vanished))
        return summary

    def _reading_holder(self, holder):
        """``(field of a reading, id)`` of the holder with that id; the company has none."""
        scope = GOAL_SCOPES[self.query_holder]
        return (None, None) if scope == "company" else (f"{scope}_id", holder)

    def _say_summary(self, summary):
        """What a refresh has done, in a sentence or two."""
        parts = [
            self.env._(
                "%(created)s new, %(changed)s changed, %(removed)s removed, %(kept)s as they"
                " were.",
                **{
                    name: summary[name]
                    for name in ("created", "changed", "removed", "kept")
                },
            )
        ]
        if summary["closed"]:
            parts.append(
                self.env._(
                    "%(number)s left alone: their cycle is closed.",
                    number=summary["closed"],
                )
            )
        return " ".join(parts)

    def _say_strangers(self, strangers):
        """Whose records are not counted, because they lead to nobody: a sentence, or ""."""
        if not strangers:
            return ""
        model = self.env[HOLDERS[self.query_holder][0]]
        known = model.sudo().browse(record_id for record_id in strangers if record_id)
        names = known[:5].mapped("display_name")
        if len(known) > len(names):
            names.append("…")
        if False in strangers:
            names.append(self.env._("nobody named"))
        return self.env._(
            "%(number)s records are not counted, because they lead to no employee or unit of"
            " the company: %(names)s.",
            number=sum(strangers.values()),
            names=", ".join(names),
        )


@cache
def _first_day_of_week(month, number):
    """The first day of ``month`` that lies in the ISO week ``number``."""
    _weekday, days = monthrange(month.year, month.month)
    return next(
        day
        for day in (date(month.year, month.month, n + 1) for n in range(days))
        if day.isocalendar().week == number
    )
