from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from .indicator_refresh import GOAL_SCOPES


class HrPerformanceIndicator(models.Model):
    """From a figure to the records behind it, as far as the user may read them."""

    _inherit = "hr.performance.indicator"

    def action_drill_down(self):
        """Open the records that the indicator measures, from where a refresh begins."""
        self.ensure_one()
        self.check_access("read")
        company = self.company_id or self.env.company
        model = self._drilled_model()
        first = self.sudo()._first_day()
        return self._open_records(
            self.name,
            self._between(model, company, first, fields.Date.context_today(self)),
        )

    def _drilled_model(self):
        """The model measured, for the current user.

        :raise UserError: when the indicator does not measure records, or none that are here
        :raise AccessError: when the user may not read them
        """
        model = self.env.get(self.query_model or "")
        if self.source != "odoo" or model is None:
            raise UserError(
                self.query_missing
                or self.env._(
                    "The values of “%(indicator)s” are not fetched from Odoo's records, so"
                    " there are none to open. Look at its readings.",
                    indicator=self.name,
                )
            )
        if not model.has_access("read"):
            raise AccessError(
                self.env._(
                    "You may not read the records behind “%(indicator)s” (%(model)s).",
                    indicator=self.name,
                    model=self.env["ir.model"]._get(model._name).name,
                )
            )
        if self.query_date_field not in model._fields:
            raise UserError(
                self.env._(
                    "The query of “%(indicator)s” does not fit its records (%(model)s): they"
                    " have no field “%(field)s”. Correct “Dated By”, or ask HR to.",
                    indicator=self.name,
                    model=self.env["ir.model"]._get(model._name).name,
                    field=self.query_date_field or "",
                )
            )
        return model

    def _open_records(self, name, scope):
        """The list of the measured records within ``scope``, a domain."""
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": self.query_model,
            "view_mode": "list,form",
            "domain": list(self._query_domain_of("query_domain") & scope),
            "context": {"create": False},
        }

    def _held_by(self, holder_ids):
        """The records that lead to the holders with these ids."""
        path = self._query_path()
        if self.query_holder == "company" or not path:
            return Domain.TRUE  # said by the company already
        if self.query_holder == "user":
            # sudo: which user an employee is decided what was counted
            employees = self.env["hr.employee"].sudo().browse(holder_ids)
            holder_ids = employees.user_id.ids
        return Domain(path, "in", sorted(holder_ids))


class HrPerformanceReading(models.Model):
    _inherit = "hr.performance.reading"

    def action_drill_down(self):
        """Open the records behind a value that was fetched from Odoo."""
        self.ensure_one()
        self.check_access("read")
        indicator = self.indicator_id
        model = indicator._drilled_model()
        return indicator._open_records(self.display_name, self._records(model))

    def _records(self, model):
        """The records of ``model`` behind these readings of one indicator, as a domain.

        :raise UserError: when none of them was fetched
        """
        fetched = self.filtered("period_start")
        indicator = fetched.indicator_id
        if not fetched:
            raise UserError(
                self.env._(
                    "There are no records to open: the values were typed or imported, or"
                    " they are not yours to read."
                )
            )
        kind = GOAL_SCOPES[indicator.query_holder]
        spans = {}
        for reading in fetched.sorted("period_start"):
            name, holder_id = reading._holder()
            if (name or "company_id") != f"{kind}_id":
                continue  # from before the query was changed
            own = spans.setdefault((reading.company_id, holder_id), [])
            if own and (reading.period_start - own[-1][1]).days <= 1:
                own[-1] = (own[-1][0], reading.date)
            else:
                own.append((reading.period_start, reading.date))
        # whoever has the same days shares a condition
        holders = {}
        for (company, holder_id), own in spans.items():
            holders.setdefault((company, tuple(own)), []).append(holder_id)
        return Domain.OR(
            indicator._between(model, company, first, last)
            & indicator._held_by(holder_ids)
            for (company, own), holder_ids in holders.items()
            for first, last in own
        )


class HrPerformanceMeasure(models.Model):
    _inherit = "hr.performance.measure"

    source = fields.Selection(related="indicator_id.source")

    def action_drill_down(self):
        """Open the records behind the result, of those whose values the user may read."""
        self.ensure_one()
        self.check_access("read")
        indicator = self.indicator_id
        model = indicator._drilled_model()
        readings = self.env["hr.performance.reading"].search(
            self._readings_domain() & Domain("period_start", "!=", False),
            order="period_start",
        )
        name = self.env._(
            "%(indicator)s, %(start)s – %(end)s",
            indicator=indicator.name,
            start=format_date(self.env, self.date_start),
            end=format_date(self.env, self.date_end),
        )
        return indicator._open_records(name, readings._records(model))
