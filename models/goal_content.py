"""What a goal demands, as data that can be kept, compared and told in words."""

from textwrap import shorten

from odoo import api, fields, models
from odoo.tools import format_date, formatLang, html2plaintext

from ..engine.value import half_up

#: figures in the unit of the indicator
FIGURES = frozenset(
    {"baseline", "target", "range_low", "range_high", "range_tolerance"}
)


def plain(record, names):
    """The fields ``names`` of ``record`` as plain values; see ``engine/agreement.py``."""
    values = {}
    for name in sorted(names):
        field, value = record._fields[name], record[name]
        if field.type == "many2one":
            value = [value.id, value.display_name] if value else None
        elif field.type == "html":
            value = html2plaintext(value).strip() if value else None
        elif field.type == "date":
            value = fields.Date.to_string(value) if value else None
        elif value is False and field.type != "boolean":
            value = None
        values[name] = value
    return values


def unplain(model, values):
    """The values to write on a record of ``model`` so that :func:`plain` gives ``values``.

    Without texts that had a form: their form is not in it.
    """
    return {
        name: value[0] if model._fields[name].type == "many2one" and value else value
        for name, value in values.items()
        if name in model._fields and model._fields[name].type != "html"
    }


class HrPerformanceMilestone(models.Model):
    _inherit = "hr.performance.milestone"

    def _content(self):
        return {"id": self.id, **plain(self, self._agreed_fields - {"measure_id"})}


class HrPerformanceMeasure(models.Model):
    _inherit = "hr.performance.measure"

    def _content(self):
        """What the measure demands: a line of the goal's content.

        ``targets`` are those of approved changes: ``[[from, target], ...]``.
        """
        return {
            "id": self.id,
            **plain(self, self._agreed_fields - {"goal_id"}),
            "targets": [
                [fields.Date.to_string(since), target]
                for since, target in self._targets_in_force()[1:]
            ],
            "milestones": [milestone._content() for milestone in self.milestone_ids],
        }


class HrPerformanceGoal(models.Model):
    _inherit = "hr.performance.goal"

    def _content(self):
        """What the goal demands, by :mod:`engine.agreement`. In superuser mode."""
        self.ensure_one()
        return {
            "goal": plain(self, self._agreed_fields),
            "measures": [measure._content() for measure in self.measure_ids],
        }

    # ---------------------------------------------------------------- in words

    @api.model
    def _tell_changes(self, found):
        """Each list of :class:`~..engine.agreement.Change` in words, a sentence each."""
        found = list(found)
        indicators = self._named_indicators(
            change.measure["indicator_id"][0]
            for line in found
            for change in line
            if change.measure
        )
        return [[self._tell(change, indicators) for change in line] for line in found]

    @api.model
    def _named_indicators(self, ids):
        # sudo: who may read what was agreed may read what it is measured by
        found = self.env["hr.performance.indicator"].sudo().browse(set(ids)).exists()
        return {indicator.id: indicator for indicator in found}

    @api.model
    def _tell(self, change, indicators):
        """One :class:`~..engine.agreement.Change` in words."""
        if not change.measure:
            return self._tell_field(self, change.field, change.old, change.new)
        indicator_id, name = change.measure["indicator_id"]
        indicator = indicators.get(indicator_id)
        name = indicator.name if indicator else name
        if change.field == "measure":
            if change.new is None:
                return self.env._("Measure taken away: %(measure)s", measure=name)
            return self.env._(
                "New measure: %(measure)s, %(demand)s",
                measure=name,
                demand=self._tell_demand(change.new, indicator),
            )
        if change.field == "request":
            what = self.env._(
                "Target from %(date)s: %(old)s → %(new)s",
                date=format_date(self.env, change.measure["date_from"]),
                old=self._tell_figure(change.old, indicator),
                new=self._tell_figure(change.new, indicator),
            )
        elif change.field == "milestone":
            what = self.env._(
                "Milestone: %(old)s → %(new)s",
                old=self._tell_milestone(change.old),
                new=self._tell_milestone(change.new),
            )
        elif change.field == "targets":
            what = self.env._(
                "Target for the rest: %(old)s → %(new)s",
                old=self._tell_targets(change.old, indicator),
                new=self._tell_targets(change.new, indicator),
            )
        else:
            what = self._tell_field(
                self.env["hr.performance.measure"],
                change.field,
                change.old,
                change.new,
                indicator,
            )
        return self.env._("%(measure)s – %(change)s", measure=name, change=what)

    @api.model
    def _tell_field(self, model, name, old, new, indicator=None):
        return self.env._(
            "%(field)s: %(old)s → %(new)s",
            field=model._fields[name]._description_string(self.env),
            old=self._tell_value(model, name, old, indicator),
            new=self._tell_value(model, name, new, indicator),
        )

    @api.model
    def _tell_value(self, model, name, value, indicator=None):
        """``value`` of the field ``name`` as people read it; no value is a dash."""
        field = model._fields[name]
        if field.type == "boolean":
            return self.env._("yes") if value else self.env._("no")
        if value is None:
            return "–"
        if field.type == "many2one":
            return value[1]
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        if field.type == "date":
            return format_date(self.env, value)
        if field.type == "float":
            return self._tell_figure(value, indicator if name in FIGURES else None)
        return "“%s”" % shorten(str(value), 80, placeholder="…")

    @api.model
    def _tell_figure(self, value, indicator=None):
        if indicator:
            return indicator._format(value)
        return formatLang(
            self.env, half_up(value, 2), digits=0 if value % 1 == 0 else 2
        )

    @api.model
    def _tell_demand(self, measure, indicator):
        """From where to where a measure goes, with its unit."""
        is_range = measure["range_low"] is not None
        names = ("range_low", "range_high") if is_range else ("baseline", "target")
        start, end = (self._tell_figure(measure[name], indicator) for name in names)
        return self.env._(
            "%(start)s → %(end)s %(unit)s",
            start=start,
            end=end,
            unit=(indicator and indicator.unit) or "",
        ).strip()

    @api.model
    def _tell_milestone(self, milestone):
        if not milestone:
            return "–"
        words = [milestone["name"], self._tell_figure(milestone["weight"])]
        if milestone["date_deadline"]:
            words.append(format_date(self.env, milestone["date_deadline"]))
        return ", ".join(words)

    @api.model
    def _tell_targets(self, targets, indicator):
        return (
            ", ".join(
                self.env._(
                    "%(target)s from %(date)s",
                    target=self._tell_figure(target, indicator),
                    date=format_date(self.env, since),
                )
                for since, target in targets
            )
            or "–"
        )
