from bisect import bisect_right
from collections import defaultdict
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..engine.periods import FIRST_DAY, LAST_DAY, is_ordinary_day
from ..engine.value import is_ordinary, rate
from .nullable import NullableFloat


class HrPerformanceReading(models.Model):
    """One dated value of an indicator, entered once and counted everywhere.

    It belongs to its narrowest holder: the employee, else the department, else the
    company. An employee's department and job are those held **on the reading's date** and
    are copied here, so that a later transfer moves nobody's past.
    """

    _name = "hr.performance.reading"
    _inherit = ["hr.performance.team.mixin", "hr.performance.guard.mixin"]
    _description = "Indicator Reading"
    _order = "date desc, id desc"
    _check_company_auto = True

    _method_only_fields = frozenset({"checkin_id", "correction_ids", "period_start"})
    #: typed for a unit, given by the date for a person
    _position_fields = frozenset({"department_id", "job_id"})
    #: fields whose change moves results
    _counting_fields = frozenset(
        {
            "indicator_id",
            "date",
            "value",
            "weight",
            "numerator",
            "denominator",
            "employee_id",
            "department_id",
            "company_id",
        }
    )
    _rate_fields = frozenset({"numerator", "denominator"})

    indicator_id = fields.Many2one(
        "hr.performance.indicator",
        required=True,
        ondelete="restrict",
        check_company=True,
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    # nullable, so that an empty cell of an import is refused and not taken for 0
    # an exact decimal in the database, so that sums do not depend on their order
    value = NullableFloat(
        required=True,
        digits=0,
        compute="_compute_rate",
        store=True,
        readonly=False,
        precompute=True,
        aggregator="avg",
    )
    weight = fields.Float(
        compute="_compute_rate",
        store=True,
        readonly=False,
        precompute=True,
        default=1.0,
        digits=0,
        aggregator=None,
        help="How much this value counts in an average: for a rate, its denominator.",
    )
    numerator = NullableFloat(
        aggregator="sum",
        help="For a rate: what is counted, for example goods returned.",
    )
    denominator = NullableFloat(
        aggregator="sum", help="For a rate: out of what, for example goods sold."
    )
    employee_id = fields.Many2one("hr.employee", index=True, check_company=True)
    department_id = fields.Many2one(
        "hr.department",
        compute="_compute_position",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        check_company=True,
        help="For a person: the department on that date.",
    )
    job_id = fields.Many2one(
        "hr.job",
        compute="_compute_position",
        store=True,
        readonly=False,
        precompute=True,
        help="For a person: the job on that date.",
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    source = fields.Selection(
        [
            ("manual", "Typed"),
            ("checkin", "Check-in"),
            ("import", "Import"),
            ("api", "API"),
            ("odoo", "Odoo's records"),
        ],
        required=True,
        default="manual",
    )
    period_start = fields.Date(
        "Period From",
        readonly=True,
        copy=False,
        help="Fetched from Odoo's records: what is dated from this day to the reading's.",
    )
    note = fields.Char()
    checkin_id = fields.Many2one(
        "hr.performance.checkin",
        "Check-in",
        index="btree_not_null",
        readonly=True,
        ondelete="restrict",
    )
    correction_ids = fields.One2many(
        "hr.performance.reading.correction", "reading_id", "Corrections", readonly=True
    )
    correction_reason = fields.Char(
        store=False,
        help="Why the value is changed. The former value is kept with it.",
    )
    unit = fields.Char(related="indicator_id.unit")
    aggregation = fields.Selection(related="indicator_id.aggregation")

    _scope_idx = models.Index("(indicator_id, company_id, date)")
    _fetched_once = models.UniqueIndex(
        "(indicator_id, company_id, COALESCE(employee_id, 0),"
        " (CASE WHEN employee_id IS NULL THEN COALESCE(department_id, 0) ELSE 0 END),"
        " period_start) WHERE period_start IS NOT NULL",
        "A value is fetched from Odoo's records once for each holder and period.",
    )

    @api.depends("employee_id", "department_id")
    def _compute_company_id(self):
        for reading in self:
            reading.company_id = (
                reading.employee_id.company_id
                or reading.department_id.company_id
                or reading.company_id
                or self.env.company
            )

    @api.depends("employee_id", "date")
    def _compute_position(self):
        hidden = self._hidden_positions()
        positions = self._positions(
            {(reading.employee_id._origin.id, reading.date) for reading in self}
        )
        for reading in self:
            if not reading.employee_id:
                reading.department_id = reading.department_id
                # a post's own stays its own; that of the person taken away goes, too
                before = reading._origin
                reading.job_id = not before.employee_id and before.job_id
                continue
            reading.department_id, reading.job_id = (
                (False, False)
                if reading in hidden
                else positions[reading.employee_id._origin.id, reading.date]
            )

    def _hidden_positions(self):
        """The unsaved forms that would tell their user where somebody else's people were.

        Past and coming positions are private; only who enters the values learns of them.
        """
        unsaved = self.filtered(lambda reading: reading.employee_id and not reading.id)
        if not unsaved or self.env.uid == SUPERUSER_ID:
            return self.browse()
        own = {
            row[0]
            for employees in (self._my_employees_sql(), self._my_team_sql())
            for row in self.env.execute_query(employees)
        }
        user = self.env.user
        is_officer = bool(self._group_roles())
        return unsaved.filtered(
            lambda reading: (
                reading.employee_id._origin.id not in own
                and not (
                    (is_officer or reading.indicator_id.supplier_id.user_id == user)
                    and reading.employee_id.company_id in user.company_ids
                )
            )
        )

    @api.model
    def _positions(self, held):
        """Department and job that people held, from the versions of their contracts.

        :param held: set of ``(employee id, date)``; without a date, the first position
        :return: ``{(employee id, date): (department id, job id)}``, in one query
        """
        history = defaultdict(lambda: ([], []))
        # sudo: the versions are private, what they say of a day is copied to the reading
        for version in (
            self.env["hr.version"]
            .sudo()
            .search_fetch(
                [
                    (
                        "employee_id",
                        "in",
                        list({employee_id for employee_id, _date in held}),
                    )
                ],
                ["employee_id", "date_version", "department_id", "job_id"],
                order="date_version",
            )
        ):
            dates, positions = history[version.employee_id.id]
            dates.append(version.date_version)
            positions.append((version.department_id.id, version.job_id.id))
        found = {}
        for employee_id, date in held:
            dates, positions = history[employee_id]
            # before the first version: the first one, as in hr.employee._get_version
            index = max(bisect_right(dates, date) - 1, 0) if date else 0
            found[employee_id, date] = positions[index] if positions else (False, False)
        return found

    @api.depends("indicator_id", "numerator", "denominator")
    def _compute_rate(self):
        # not on the factor: what has been reported does not change its meaning later
        for reading in self:
            if reading.numerator is None or not reading.denominator:
                reading.value = reading.value
                reading.weight = reading.weight
                continue
            reading.value, reading.weight = reading._rate_values(
                reading.indicator_id, reading.numerator, reading.denominator
            )

    @api.model
    def _rate_values(self, indicator, numerator, denominator):
        """Value and weight of a rate; of one that the checks will refuse, anything."""
        if not denominator > 0:
            return 0.0, 0.0
        # sudo: the factor says no more than the value made with it
        factor = indicator.sudo().rate_factor
        return rate(numerator, denominator, factor), denominator

    @api.depends("indicator_id.name", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for reading in self:
            reading.display_name = self.env._(
                "%(indicator)s, %(date)s",
                indicator=reading.indicator_id.name or "",
                date=format_date(self.env, reading.date),
            )

    def _place(self):
        """Put what people report where they were on that date, whatever was typed."""
        people = self.filtered("employee_id")
        for name in self._position_fields:
            self.env.add_to_compute(self._fields[name], people)

    @api.constrains("value", "weight", "numerator", "denominator")
    def _check_numbers(self):
        for reading in self:
            if reading.value is None:
                reading._refuse_no_value()
            problem = self._number_problem(
                reading.value, reading.weight, reading.numerator, reading.denominator
            )
            if problem:
                raise ValidationError(
                    self.env._(
                        "Reading of “%(indicator)s” on %(date)s: %(problem)s",
                        indicator=reading.indicator_id.name,
                        date=reading.date,
                        problem=problem[1],
                    )
                )

    @api.model
    def _number_problem(self, value, weight, numerator, denominator):
        """What is wrong with the numbers of a reading: ``(field, sentence)`` or None.

        ``value`` is None where it will follow from the rate, ``weight`` where nothing was
        said of it.
        """
        numbers = {
            "value": value,
            "weight": weight,
            "numerator": numerator,
            "denominator": denominator,
        }
        for name, number in numbers.items():
            if number is not None and not is_ordinary(number):
                return name, self.env._(
                    "the %(field)s must be an ordinary number. Leave the reading out when"
                    " there is none.",
                    field=self._fields[name]._description_string(self.env).lower(),
                )
        if weight is not None and weight < 0:
            return "weight", self.env._(
                "“Weight” cannot be negative. Use 0 for a value that shall not count in an"
                " average."
            )
        if (numerator is None) != (denominator is None):
            return "numerator" if numerator is None else "denominator", self.env._(
                "a rate needs both “Numerator” and “Denominator”. Fill in the other one, or"
                " leave both empty and enter the value."
            )
        if denominator is None:
            return None
        if denominator <= 0:
            return "denominator", self.env._(
                "“Denominator” must be above 0. Leave the reading out when there was"
                " nothing to count."
            )
        if weight is not None and weight != denominator:
            return "weight", self.env._(
                "“Weight” of a rate is its denominator. Leave it out, or enter a value"
                " instead of the rate."
            )
        return None

    @api.constrains("date")
    def _check_date(self):
        for reading in self:
            if problem := self._date_problem(reading.date):
                raise ValidationError(
                    self.env._(
                        "Reading of “%(indicator)s” on %(date)s: %(problem)s",
                        indicator=reading.indicator_id.name,
                        date=reading.date,
                        problem=problem,
                    )
                )

    @api.model
    def _date_problem(self, day):
        """What is wrong with the date of a reading, in a sentence, or None."""
        if is_ordinary_day(day):
            return None
        return self.env._(
            "the date must lie between %(first)s and %(last)s. Correct the year.",
            first=FIRST_DAY,
            last=LAST_DAY,
        )

    @api.constrains("source", "period_start", "indicator_id")
    def _check_source(self):
        """Nobody passes off what they typed for what was fetched, or the reverse."""
        for reading in self:
            if (reading.source == "odoo") != bool(reading.period_start):
                raise ValidationError(
                    self.env._(
                        "%(reading)s: only the indicator fetches values from “Odoo's"
                        " records”, and they stay what they are. Leave “Source” as it is.",
                        reading=reading.display_name,
                    )
                )
            if reading.source != "odoo" and reading.indicator_id.source != "manual":
                raise ValidationError(reading.indicator_id._no_entry_message())

    def _refuse_no_value(self):
        raise ValidationError(
            self.env._(
                "Reading of “%(indicator)s” on %(date)s: “Value” is missing. Type it, 0"
                " included, or leave the reading out when there is none.",
                indicator=self.indicator_id.name or "",
                date=self.date or "",
            )
        )

    # ---------------------------------------------------------------- changes

    @api.model_create_multi
    def create(self, vals_list):
        readings = super().create(self._completed(vals_list))
        readings._check_period_open()
        readings._recompute_measures()
        return readings

    @api.model
    def _completed(self, vals_list):
        """``vals_list`` with the defaults and all that follows from the rest.

        The ORM would work this out for each record by itself, on a record made for it;
        here it costs the same few queries for one reading and for a hundred thousand.
        """
        defaults = self.default_get(list(self._fields))
        vals_list = [defaults | self._without_doubles(vals) for vals in vals_list]
        for vals in vals_list:
            if self._has_rate(vals):
                indicator = self.env["hr.performance.indicator"].browse(
                    vals.get("indicator_id")
                )
                vals["value"], vals["weight"] = self._rate_values(
                    indicator, vals["numerator"], vals.get("denominator") or 0.0
                )
            elif vals.get("value") is None or vals["value"] is False:
                self.new(vals)._refuse_no_value()
        self._complete_holders(vals_list)
        return vals_list

    def _add_missing_default_values(self, values):
        # _completed() has asked for the defaults, once for all
        return dict(values)

    def _check_company(self, fnames=None):
        """Whether companies fit depends on few combinations; one reading stands for each."""
        columns = (
            [reading[name].id for reading in self]
            for name in ("company_id", "indicator_id", "employee_id", "department_id")
        )
        alike = dict(zip(zip(*columns, strict=True), self._ids, strict=True))
        return super(
            HrPerformanceReading, self.browse(sorted(alike.values()))
        )._check_company(fnames)

    @api.model
    def _complete_holders(self, vals_list):
        """Set department, job and company where they follow from the holder."""
        held = {
            (vals["employee_id"], fields.Date.to_date(vals.get("date") or None))
            for vals in vals_list
            if vals.get("employee_id")
        }
        positions = self._positions(held) if held else {}
        # sudo: whose company it is follows from the holder; the rules are asked afterwards
        companies = {
            name: {
                holder.id: holder.company_id.id
                for holder in self.env[model]
                .sudo()
                .browse({vals[name] for vals in vals_list if vals.get(name)})
                .exists()
            }
            for name, model in (
                ("employee_id", "hr.employee"),
                ("job_id", "hr.job"),
                ("department_id", "hr.department"),
            )
        }
        for vals in vals_list:
            vals.setdefault(
                "company_id",
                companies["employee_id"].get(vals.get("employee_id"))
                or companies["job_id"].get(vals.get("job_id"))
                or companies["department_id"].get(vals.get("department_id"))
                or self.env.company.id,
            )
            if vals.get("employee_id"):
                date = fields.Date.to_date(vals.get("date") or None)
                vals["department_id"], vals["job_id"] = positions[
                    vals["employee_id"], date
                ]
            else:
                vals.setdefault("department_id", False)
                vals.setdefault("job_id", False)

    @api.model
    def _has_rate(self, vals):
        return any(
            vals.get(name) is not None and vals[name] is not False
            for name in self._rate_fields
        )

    @api.model
    def _without_doubles(self, vals):
        """``vals`` that say a figure once: as a rate, else as a value."""
        if self._has_rate(vals):
            return {
                name: value
                for name, value in vals.items()
                if name not in ("value", "weight")
            }
        if vals.get("value") is not None and vals["value"] is not False:
            return vals | dict.fromkeys(self._rate_fields, None)
        return vals

    def write(self, vals):
        if not self._counting_fields & vals.keys():
            return super().write(vals)
        self._check_typed()
        vals = self._without_doubles(vals)
        if "employee_id" in vals:
            vals = {
                "job_id": False
            } | vals  # the person's position went with the person
        with self._correcting(vals.pop("correction_reason", None)):
            result = super().write(vals)
            if self._position_fields & vals.keys():
                self._place()
        return result

    def _correct(self, vals_by_id, reason):
        """Correct each of these readings in its own way, at the cost of correcting one.

        In superuser mode only. The holder, date and indicator stay.

        :param vals_by_id: ``{reading id: values}``
        """
        with self._correcting(reason):
            for reading in self:
                vals = self._without_doubles(vals_by_id[reading.id])
                super(HrPerformanceReading, reading).write(vals)

    @contextmanager
    def _correcting(self, reason):
        """Around a change by people: keep what was and why, and move the results."""
        former = self._snapshot()
        with self._moving_results():
            yield
            self._keep_former_values(
                former, reason.strip() if isinstance(reason, str) else ""
            )

    @contextmanager
    def _moving_results(self):
        """Around every change: only in open periods, and results follow."""
        self._check_period_open()
        measures = self._measures_counting()
        yield
        self._check_period_open()
        self._recompute_measures(measures)

    def _rewrite(self, changes):
        """Let readings fetched from Odoo's records say what is counted now.

        No reason and no correction: the records themselves say what was changed and why.

        :param changes: ``date``, ``value`` and ``weight`` of each of these readings, in
            their order
        """
        moved = {}
        for reading, vals in zip(self, changes, strict=True):
            if vals["date"] != reading.date:
                moved.setdefault(vals["date"], []).append(reading.id)
        with self._moving_results():
            # where people were that day is looked up once for all of a day
            for date, ids in moved.items():
                super(HrPerformanceReading, self.browse(ids)).write({"date": date})
            for reading, vals in zip(self, changes, strict=True):
                figures = {name: vals[name] for name in ("value", "weight")}
                super(HrPerformanceReading, reading).write(figures)

    def _check_typed(self):
        """What was fetched from Odoo's records is corrected there, and never here."""
        for reading in self:
            if not reading.period_start or self.env.su:
                continue
            if reading.indicator_id.source == "odoo":
                text = self.env._(
                    "%(reading)s was fetched from Odoo's records. Correct the records; the"
                    " value follows with the next refresh.",
                    reading=reading.display_name,
                )
            else:
                text = self.env._(
                    "%(reading)s was fetched from Odoo's records, which are not measured"
                    " any more. Ask an officer to delete it, and enter another value.",
                    reading=reading.display_name,
                )
            raise UserError(text)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_fetched(self):
        # once no refresh looks after them, officers clear up
        self.filtered(lambda one: one.indicator_id.source == "odoo")._check_typed()

    # Only officers may delete (access rights): everybody else corrects, which leaves the
    # former value and a reason behind.
    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed_period(self):
        self._check_period_open()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        for reading in self.sudo():
            if reading.checkin_id:
                raise UserError(
                    self.env._(
                        "%(reading)s was posted with the check-in “%(checkin)s”, which"
                        " stays as it was. Correct the value instead and say why.",
                        reading=reading.display_name,
                        checkin=reading.checkin_id.display_name,
                    )
                )

    def unlink(self):
        measures = self._measures_counting()
        result = super().unlink()
        self.browse()._recompute_measures(measures)
        return result

    def _check_period_open(self):
        places = {(reading.company_id.id, reading.date) for reading in self}
        for (_company_id, date), cycle in (
            self.env["hr.performance.cycle"]._closed_on(places).items()
        ):
            raise UserError(cycle._closed_message(date))

    def _snapshot(self):
        """``{reading: {field: value}}`` of all that counts, as it is now."""
        # sudo: whoever may write a reading names its holder in the trail
        return {
            reading: {name: reading[name] for name in self._counting_fields}
            for reading in self.sudo()
        }

    def _keep_former_values(self, former, reason):
        """Ask for the reason of a correction and keep what it replaced.

        :param former: the snapshot from before
        """
        # sudo: the trail is written for everybody and by nobody
        trail = []
        for reading, then in former.items():
            changes = reading._changes(then)
            if not changes:
                continue
            if not reason:
                raise UserError(
                    self.env._(
                        "Say why you correct %(reading)s (“Reason for the correction”). The"
                        " former value is kept with the reason.",
                        reading=reading.display_name,
                    )
                )
            trail.append(
                {
                    "reading_id": reading.id,
                    "former_value": then["value"],
                    "value": reading.value,
                    "changes": ", ".join(changes),
                    "reason": reason,
                }
            )
        self.env["hr.performance.reading.correction"].sudo().create(trail)

    def _changes(self, former):
        """What counts and is not as it was: a list of “Date: then → now”."""
        changes = []
        for name in sorted(self._counting_fields):
            then, now = former[name], self[name]
            if then == now:
                continue
            field = self._fields[name]
            if field.relational:
                then, now = then.display_name, now.display_name
            changes.append(
                self.env._(
                    "%(field)s: %(former)s → %(current)s",
                    field=field._description_string(self.env),
                    former=_in_words(then),
                    current=_in_words(now),
                )
            )
        return changes

    def _holder(self):
        """``(name of the field, id)`` of whom the reading belongs to; the company: none."""
        for name in ("employee_id", "job_id", "department_id"):
            if self[name]:
                return name, self[name].id
        return None, None

    def action_open(self):
        """Open one reading by itself, to correct it with a reason."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    # ---------------------------------------------------------------- results

    def _measures_counting(self):
        """The measures that count any of these readings, in one query."""
        return self.env["hr.performance.measure"].sudo()._counting(self)

    def _recompute_measures(self, more=None):
        """Mark exactly the measures that these readings touch, and ``more``."""
        measures = self._measures_counting()
        if more:
            measures |= more
        measures._mark_for_recomputation()


def _in_words(value):
    """``value`` in the trail: nothing is a dash, 0 is 0."""
    return "–" if value is None or value is False or value == "" else value


class HrPerformanceReadingCorrection(models.Model):
    """What a reading said before, and why it was changed."""

    _name = "hr.performance.reading.correction"
    _description = "Corrected Reading"
    _order = "id desc"

    reading_id = fields.Many2one(
        "hr.performance.reading", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="reading_id.company_id", store=True)
    former_value = fields.Float(required=True)
    value = fields.Float("New Value", required=True)
    changes = fields.Char(help="All that was changed, in words.")
    reason = fields.Char(required=True)
