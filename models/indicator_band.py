from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.value import is_ordinary
from .table_check import is_checked_later


class HrPerformanceIndicatorBand(models.Model):
    """One row of a scoring table: from this threshold on, that many points."""

    _name = "hr.performance.indicator.band"
    _description = "Indicator Band"
    _order = "indicator_id, threshold, id"
    _rec_name = "label"

    indicator_id = fields.Many2one(
        "hr.performance.indicator", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="indicator_id.company_id", store=True)
    threshold = fields.Float(required=True, help="It belongs to this band.")
    points = fields.Float(required=True)
    label = fields.Char(translate=True)

    @api.constrains("threshold", "points")
    def _check_finite(self):
        for band in self:
            if not (is_ordinary(band.threshold) and is_ordinary(band.points)):
                raise ValidationError(
                    self.env._(
                        "Indicator “%(indicator)s”: thresholds and points must be"
                        " ordinary numbers.",
                        indicator=band.indicator_id.name,
                    )
                )
        if not is_checked_later(self.env):
            self.indicator_id._check_scoring()

    @api.model_create_multi
    def create(self, vals_list):
        if is_checked_later(self.env):
            return super().create(vals_list)
        indicators = self.indicator_id.browse(
            vals["indicator_id"] for vals in vals_list if vals.get("indicator_id")
        )
        with indicators._counting_versions():
            return super().create(vals_list)

    def write(self, vals):
        if is_checked_later(self.env):
            return super().write(vals)
        with self.indicator_id._counting_versions():
            return super().write(vals)

    def unlink(self):
        if is_checked_later(self.env):
            return super().unlink()
        indicators = self.indicator_id
        with indicators._counting_versions():
            result = super().unlink()
        indicators._check_scoring()
        return result
