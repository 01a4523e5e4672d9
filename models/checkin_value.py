from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ..engine.value import is_ordinary
from .nullable import NullableFloat


class HrPerformanceCheckinValue(models.Model):
    """The value reported for one measure; left empty, nothing is reported."""

    _name = "hr.performance.checkin.value"
    _inherit = ["hr.performance.guard.mixin"]
    _description = "Check-in Value"
    _order = "checkin_id, id"

    checkin_id = fields.Many2one(
        "hr.performance.checkin", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="checkin_id.company_id", store=True)
    measure_id = fields.Many2one(
        "hr.performance.measure", required=True, ondelete="cascade"
    )
    value = NullableFloat(help="Leave empty when there is no new value.")
    weight = fields.Float(default=1.0)
    unit = fields.Char(related="measure_id.unit")
    last_value = fields.Char(compute="_compute_last_value")
    aggregation = fields.Selection(related="measure_id.indicator_id.aggregation")
    curve = fields.Json(
        compute="_compute_curve",
        help="The way so far, and where a new value falls; see measure._curves.",
    )
    figure = fields.Char("Result Then", readonly=True, copy=False)
    # for good and all the one that it has become: two measures may share an indicator
    reading_id = fields.Many2one(
        "hr.performance.reading",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.depends("measure_id")
    def _compute_last_value(self):
        """The last reading of the measure's indicator for this holder, with its date."""
        # its author may no longer be one of those who read the goal
        measures = self.measure_id._origin._filtered_access("read")
        last = self._last_values(measures)
        for line in self:
            line.last_value = last.get(line.measure_id._origin)

    @api.model
    def _last_values(self, measures):
        """``{measure: its last value and date in words, or False}``."""
        return {
            measure: self.env._(
                "%(value)s on %(date)s",
                value=measure.indicator_id._format(reading.value),
                date=format_date(self.env, reading.date),
            )
            if reading
            else False
            for measure, reading in measures._latest_readings().items()
        }

    # not related: that would be computed in superuser mode, which shows all steps
    @api.depends("measure_id", "checkin_id.date")
    @api.depends_context("uid", "lang")
    def _compute_curve(self):
        for day, lines in self.grouped(lambda line: line.checkin_id.date).items():
            # its author may no longer be one of those who read the goal
            measures = lines.measure_id._origin._filtered_access("read")
            curves = measures._curves(day or fields.Date.today())
            for line in lines:
                line.curve = curves.get(line.measure_id._origin)

    def _in_words(self, is_named):
        """The value and where the measure stood with it: “3 → 14 / 20 customers”."""
        indicator = self.measure_id.indicator_id
        value = indicator._format(self.value)
        words = (
            self.env._("%(value)s → %(figure)s", value=value, figure=self.figure)
            if self.figure
            else f"{value} {indicator.unit or ''}".strip()
        )
        if not is_named:
            return words
        return self.env._(
            "%(indicator)s: %(words)s", indicator=indicator.name, words=words
        )

    def _report(self):
        """Make a reading of each line that has a value; in superuser mode only."""
        lines = self.filtered(lambda line: line.value is not None)
        readings = self.env["hr.performance.reading"].create(
            [
                {
                    "indicator_id": line.measure_id.indicator_id.id,
                    "date": line.checkin_id.date,
                    "value": line.value,
                    "weight": line.weight,
                    "source": "checkin",
                    "checkin_id": line.checkin_id.id,
                    "company_id": line.checkin_id.company_id.id,
                    **line.checkin_id.goal_id._holder_values(),
                }
                for line in lines
            ]
        )
        for line, reading in zip(lines, readings, strict=True):
            line.reading_id = reading

    def _reading(self):
        """The reading that this line has become, if any."""
        # those posted before lines kept it are told by their indicator
        return (
            self.reading_id
            or self.checkin_id.reading_ids.filtered(
                lambda reading: (
                    reading.indicator_id == self.measure_id.indicator_id
                    and self.value is not None
                )
            )[:1]
        )

    @api.constrains("value", "weight")
    def _check_numbers(self):
        for line in self:
            if (line.value is not None and not is_ordinary(line.value)) or not (
                is_ordinary(line.weight) and line.weight >= 0
            ):
                raise ValidationError(
                    self.env._(
                        "Check-in on “%(goal)s”: the value of “%(indicator)s” must be an"
                        " ordinary number. Leave it empty when there is none.",
                        goal=line.checkin_id.goal_id.name,
                        indicator=line.measure_id.indicator_id.name,
                    )
                )

    @api.constrains("measure_id", "checkin_id")
    def _check_measure(self):
        for line in self:
            if not line.measure_id._is_reported():
                raise ValidationError(
                    self.env._(
                        "Check-in on “%(goal)s”: the values of “%(measure)s” are not typed;"
                        " they come by themselves. Leave this line out.",
                        goal=line.checkin_id.goal_id.name,
                        measure=line.measure_id.display_name,
                    )
                )
            if line.measure_id.goal_id != line.checkin_id.goal_id:
                raise ValidationError(
                    self.env._(
                        "Check-in on “%(goal)s”: “%(measure)s” is a measure of another"
                        " goal.",
                        goal=line.checkin_id.goal_id.name,
                        measure=line.measure_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if not self.env.su:
            lines.checkin_id._check_is_draft()
        return lines

    def write(self, vals):
        if not self.env.su:
            self.checkin_id._check_is_draft()
        result = super().write(vals)
        if not self.env.su and "checkin_id" in vals:
            self.checkin_id._check_is_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        if not self.env.su:
            self.checkin_id._check_is_draft()
