from bisect import bisect_right

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..engine.value import is_finite
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

    _method_only_fields = frozenset({"checkin_id", "correction_ids"})
    #: typed for a unit, given by the date for a person
    _position_fields = frozenset({"department_id", "job_id"})
    #: fields whose change moves results
    _counting_fields = frozenset(
        {
            "indicator_id",
            "date",
            "value",
            "weight",
            "employee_id",
            "department_id",
            "company_id",
        }
    )

    indicator_id = fields.Many2one(
        "hr.performance.indicator",
        required=True,
        ondelete="restrict",
        check_company=True,
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    # nullable, so that an empty cell of an import is refused and not taken for 0
    # an exact decimal in the database, so that sums do not depend on their order
    value = NullableFloat(required=True, digits=0, aggregator="avg")
    weight = fields.Float(
        default=1.0,
        digits=0,
        aggregator=None,
        help="How much this value counts in an average: for a rate, its denominator.",
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
        index=True,
    )
    source = fields.Selection(
        [("manual", "Typed"), ("checkin", "Check-in"), ("import", "Import")],
        required=True,
        default="manual",
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

    _scope_idx = models.Index("(indicator_id, company_id, date)")

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
        """Department and job of the version in force on the date, in one query."""
        versions = self.env["hr.version"].search_fetch(
            [("employee_id", "in", self.employee_id.ids)],
            ["employee_id", "date_version", "department_id", "job_id"],
            order="date_version",
        )
        by_employee = versions.grouped("employee_id")
        for reading in self:
            if not reading.employee_id:
                reading.department_id = reading.department_id
                reading.job_id = False
                continue
            history = by_employee.get(reading.employee_id._origin, versions.browse())
            dates = history.mapped("date_version")
            # before the first version: the first one, as in hr.employee._get_version
            known = dates and reading.date  # a form may have no date for a moment
            position = max(bisect_right(dates, reading.date) - 1, 0) if known else 0
            version = history[position : position + 1]
            reading.department_id = version.department_id
            reading.job_id = version.job_id

    @api.depends("indicator_id", "date", "value", "unit")
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

    @api.constrains("value", "weight")
    def _check_numbers(self):
        for reading in self:
            if reading.value is None:
                reading._refuse_no_value()
            if not (is_finite(reading.value) and is_finite(reading.weight)):
                raise ValidationError(
                    self.env._(
                        "Reading of “%(indicator)s” on %(date)s: the value must be an"
                        " ordinary number. Leave the reading out when there is none.",
                        indicator=reading.indicator_id.name,
                        date=reading.date,
                    )
                )
            if reading.weight < 0:
                raise ValidationError(
                    self.env._(
                        "Reading of “%(indicator)s” on %(date)s: “Weight” cannot be"
                        " negative. Use 0 for a value that shall not count in an average.",
                        indicator=reading.indicator_id.name,
                        date=reading.date,
                    )
                )

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
        default = self.default_get(["value"]).get("value")
        for vals in vals_list:
            value = vals.get("value", default)
            if value is None or value is False:
                self.new(vals)._refuse_no_value()
        readings = super().create(vals_list)
        typed = self.default_get(list(self._position_fields)).keys()
        self.browse(
            reading.id
            for reading, vals in zip(readings, vals_list, strict=True)
            if self._position_fields & (vals.keys() | typed)
        )._place()
        readings._check_period_open()
        readings._recompute_measures()
        return readings

    def write(self, vals):
        if not self._counting_fields & vals.keys():
            return super().write(vals)
        self._check_period_open()
        self._keep_former_values(vals)
        before = self._measures_counting()
        result = super().write(vals)
        if self._position_fields & vals.keys():
            self._place()
        self._check_period_open()
        self._recompute_measures(before)
        return result

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
        dates = {}
        for reading in self:
            dates.setdefault(reading.company_id, set()).add(reading.date)
        self.env["hr.performance.cycle"]._check_open_on(dates)

    def _keep_former_values(self, vals):
        """Ask for the reason of a correction and keep what it replaces."""
        reason = (vals.pop("correction_reason", None) or "").strip()
        changed = {reading: reading._changes(vals) for reading in self}
        corrected = self.filtered(lambda reading: changed[reading])
        if not corrected:
            return
        if not reason:
            raise UserError(
                self.env._(
                    "Say why you correct %(reading)s (“Reason for the correction”). The"
                    " former value is kept with the reason.",
                    reading=corrected[0].display_name,
                )
            )
        # sudo: the trail is written for everybody and by nobody
        self.env["hr.performance.reading.correction"].sudo().create(
            [
                {
                    "reading_id": reading.id,
                    "former_value": reading.value,
                    "value": vals.get("value", reading.value),
                    "changes": ", ".join(changed[reading]),
                    "reason": reason,
                }
                for reading in corrected
            ]
        )

    def _changes(self, vals):
        """What ``vals`` would change of what counts: a list of “Date: then → now”."""
        after = self.new(vals, origin=self)
        changes = []
        for name in sorted(self._counting_fields & vals.keys()):
            field = self._fields[name]
            former, current = self[name], after[name]
            if field.relational:
                former, current = former.display_name, current._origin.display_name
            if former != current:
                changes.append(
                    self.env._(
                        "%(field)s: %(former)s → %(current)s",
                        field=field._description_string(self.env),
                        former=former or "–",
                        current=current or "–",
                    )
                )
        return changes

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
