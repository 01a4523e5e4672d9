from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.misc import formatLang

from ..engine import cascade as engine
from ..engine.scoring import UNTARGETED
from ..engine.value import is_ordinary
from .goal import HOLDERS

FIGURES = ("target", "baseline")
#: rows of the table that are loaded at a time
PAGE = 40


class HrPerformanceCascadeMeasure(models.Model):
    """How one measure of a goal is shared among the receivers and over the periods.

    The figures themselves are worked out by :func:`..engine.cascade.plan` whenever they
    are looked at; only what somebody has typed is kept, in ``typed``:
    ``{"target": {line id: {period id: value}}}``, with period 0 for the whole period.
    """

    _name = "hr.performance.cascade.measure"
    _inherit = ["hr.performance.guard.mixin"]
    _description = "Measure of a Cascade"
    _order = "cascade_id, id"

    cascade_id = fields.Many2one(
        "hr.performance.cascade",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="cascade_id.company_id", store=True)
    measure_id = fields.Many2one(
        "hr.performance.measure",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    goal_id = fields.Many2one(related="measure_id.goal_id", store=True)
    method = fields.Selection(
        [
            ("equal", "Equal shares"),
            ("headcount", "By headcount"),
            ("weight", "By weight"),
            ("last_period", "By last year's values"),
            ("same", "The same for all"),
            ("typed", "Typed"),
        ],
        "Shared",
        compute="_compute_method",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    profile = fields.Selection(
        [
            ("equal", "Evenly"),
            ("days", "By days"),
            ("last_period", "As last year"),
            ("same", "The same at any time"),
            ("typed", "Typed"),
        ],
        "Over Time",
        compute="_compute_method",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    typed = fields.Json(readonly=True, export_string_translation=False)

    @api.depends("measure_id.indicator_id")
    def _compute_display_name(self):
        for measure in self:
            measure.display_name = measure.measure_id.indicator_id.display_name

    @api.depends("measure_id")
    def _compute_method(self):
        """What adds up is shared, all else is the same for everybody at any time."""
        for measure in self:
            source = measure.measure_id
            measure.method = "equal" if source.adds_up else "same"
            measure.profile = "equal" if source.adds_up_in_time else "same"

    def _has_target(self):
        """Whether there is one number to reach, and not a range or milestones."""
        measure = self.measure_id
        return measure.direction != "range" and measure.scoring_rule not in UNTARGETED

    def _is_shared_out(self):
        """Whether receivers have parts of the target, and not the whole of it each."""
        return self.measure_id.adds_up and self.method != "same"

    def _methods(self, name):
        """The choices of ``method`` or ``profile`` that make sense, with their words."""
        source = self.measure_id
        adds_up = source.adds_up if name == "method" else source.adds_up_in_time
        return [
            (value, label)
            for value, label in self._fields[name]._description_selection(self.env)
            if value == "typed" or adds_up or value == "same"
        ]

    @api.constrains("method", "profile")
    def _check_method(self):
        for measure in self:
            for name in ("method", "profile"):
                if measure[name] not in dict(measure._methods(name)):
                    raise ValidationError(
                        self.env._(
                            "“%(measure)s” does not add up, so it cannot be shared out:"
                            " let “%(field)s” be the same for all, or type the targets.",
                            measure=measure.display_name,
                            field=self._fields[name]._description_string(self.env),
                        )
                    )

    def write(self, vals):
        self.cascade_id._check_not_running()
        return super().write(vals)

    # ---------------------------------------------------------------- sharing out

    def _lines(self):
        """The receivers of this measure, in the order of the plan."""
        self.ensure_one()
        return self.cascade_id.line_ids.filtered(
            lambda line: line.selected and self in line.measure_ids
        )

    def _own_figure(self, figure, goal, standing):
        """The target or baseline that ``goal``, which exists already, has; None: none."""
        measure = standing.figures.get((goal.id, self.measure_id.indicator_id.id))
        return (
            self._counted(figure, measure) if measure and self._has_target() else None
        )

    def _counted(self, figure, measure):
        """What the ``measure`` of a goal that exists counts for.

        Of targets that were changed meanwhile, the mean by days: as in the goal above.
        """
        if figure == "baseline":
            return measure.baseline
        digits = engine.digits_for(
            [measure.target], self.measure_id.indicator_id.digits
        )
        return float(engine.exact(measure.target_by_days, digits))

    def _is_left_out(self, standing, line, column):
        """Whether the receiver's goal exists, for the period or the whole, without this."""
        goal = standing.goals.get((line.id, column)) or standing.goals.get((line.id, 0))
        key = goal and (goal.id, self.measure_id.indicator_id.id)
        return bool(goal) and key not in standing.figures

    def _shared(self, figure, standing):
        """``(receivers, periods, plan)`` of the target or baseline.

        :param figure: one of :data:`FIGURES`
        :param standing: what exists already, as from ``cascade._standing``: it stays like
            what somebody has typed
        :return: lines, cycles and :class:`..engine.cascade.Plan`
        """
        self.ensure_one()
        source = self.measure_id
        lines = self._lines()
        periods = self.cascade_id._periods(source.cycle_id)
        typed = (self.typed or {}).get(figure, {})
        rows = [dict(typed.get(str(line.id), {})) for line in lines]
        for line, row in zip(lines, rows, strict=True):
            for column in (0, *periods.ids):
                goal = standing.goals.get((line.id, column))
                if goal:
                    # whose goal exists without this measure takes no share of it
                    row[str(column)] = self._own_figure(figure, goal, standing) or 0.0
        return (
            lines,
            periods,
            engine.plan(
                source[figure],
                self._row_weights(lines),
                self._column_weights(periods),
                method=self._method_for(figure, "method"),
                profile=self._method_for(figure, "profile"),
                digits=source.indicator_id.digits,
                typed_rows=[row.get("0") for row in rows],
                typed_cells=[
                    [row.get(str(id_)) for id_ in periods.ids] for row in rows
                ],
                taken=self._taken(figure, standing) if self._is_shared_out() else 0,
            ),
        )

    def _taken(self, figure, standing):
        """What goals below the source have of it that are not in the table."""
        source = self.measure_id
        return sum(
            self._counted(figure, measure)
            for measure in standing.others.measure_ids
            if measure.goal_id.parent_id == source.goal_id
            and measure.indicator_id == source.indicator_id
        )

    def _method_for(self, figure, name):
        """``method`` or ``profile``: who types targets is not asked for baselines, too."""
        if figure == "baseline" and self[name] == "typed":
            return self._methods(name)[0][0]
        return self[name]

    def _row_weights(self, lines):
        if self.method == "headcount":
            return lines.mapped("headcount")
        if self.method == "weight":
            return lines.mapped("share_weight")
        if self.method == "last_period":
            return self._last_year_of(lines)
        return [1] * len(lines)

    def _column_weights(self, periods):
        if self.profile == "days":
            return [(cycle.date_end - cycle.date_start).days + 1 for cycle in periods]
        if self.profile == "last_period":
            return self._last_year_in(periods)
        return [1] * len(periods)

    # ---------------------------------------------------------------- last year

    def _last_year_domain(self):
        """Readings of the indicator in the goal's period, a year earlier.

        Under the user's own rules: shares tell what they were made by.
        """
        source = self.measure_id
        back = relativedelta(years=1)
        return Domain(
            [
                ("indicator_id", "=", source.indicator_id.id),
                ("company_id", "=", self.company_id.id),
                ("date", ">=", source.date_start - back),
                ("date", "<=", source.date_end - back),
            ]
        )

    def _last_year_of(self, lines):
        """What each of ``lines`` had a year ago; None without a value."""
        how = "sum" if self.measure_id.adds_up_in_time else "avg"
        values = {
            name: self.env["hr.performance.reading"]._read_group(
                self._last_year_domain(), [name], [f"value:{how}"]
            )
            for name in ("employee_id", "job_id", "department_id")
        }
        found = []
        for line in lines:
            if line.scope == "department":
                path = line.department_id.parent_path
                parts = [
                    value
                    for unit, value in values["department_id"]
                    if unit.parent_path and unit.parent_path.startswith(path)
                ]
                found.append(sum(parts) if parts else None)
            else:
                # the company has all of it: nothing to compare
                found.append(
                    dict(values.get(HOLDERS[line.scope], ())).get(line._holder())
                )
        return found

    def _last_year_in(self, periods):
        """What the goal's holder had in each of ``periods`` a year ago."""
        goal = self.goal_id
        holder = {
            "company": Domain.TRUE,
            "department": Domain("department_id", "child_of", goal.department_id.id),
            "job": Domain("job_id", "=", goal.job_id.id),
            "employee": Domain("employee_id", "=", goal.employee_id.id),
        }[goal.scope]
        days = self.env["hr.performance.reading"]._read_group(
            self._last_year_domain() & holder, ["date:day"], ["value:sum"]
        )
        back = relativedelta(years=1)
        return [
            sum(
                value
                for day, value in days
                if cycle.date_start - back <= day <= cycle.date_end - back
            )
            for cycle in periods
        ]

    # ---------------------------------------------------------------- the table

    def grid(self, figure="target", offset=0):
        """One page of receivers × periods, with what is still uncovered.

        :param figure: ``target`` or ``baseline``
        :return: a dict for the table in the browser; figures are floats or False
        """
        self.ensure_one()
        self.check_access("read")
        self.cascade_id._check_sources()
        figure = figure if figure in FIGURES else FIGURES[0]
        standing = self.cascade_id._standing()
        lines, periods, plan = self._shared(figure, standing)
        typed = (self.typed or {}).get(figure, {})
        chosen = lines[offset : offset + PAGE]
        source = self.measure_id
        return {
            "id": self.id,
            "name": self.display_name,
            "choices": self.cascade_id._measure_choices(),
            "figure": figure,
            "unit": source.unit or "",
            "digits": engine.digits_for([source[figure]], source.indicator_id.digits),
            "has_target": self._has_target(),
            "adds_up": source.adds_up,
            "adds_up_in_time": source.adds_up_in_time,
            "methods": self._methods("method"),
            "profiles": self._methods("profile"),
            "method": self.method,
            "profile": self.profile,
            "along_organisation": self.cascade_id.receiver != "holder",
            "editable": self.cascade_id.batch_state == "draft",
            "columns": [
                {"id": 0, "name": self.env._("Whole period")},
                *({"id": cycle.id, "name": cycle.name} for cycle in periods),
            ],
            "rows": [
                {
                    "id": line.id,
                    "name": line.receiver,
                    "employee_id": line.employee_id.id,
                    "headcount": line.headcount,
                    "cells": [
                        self._cell(
                            figure,
                            standing,
                            (line, column),
                            value,
                            str(column) in typed.get(str(line.id), {}),
                        )
                        for column, value in zip(
                            [0, *periods.ids],
                            [plan.rows[i], *plan.cells[i]],
                            strict=True,
                        )
                    ],
                    "uncovered": as_number(plan.row_uncovered[i]),
                }
                for i, line in enumerate(chosen, offset)
            ],
            "totals": [
                as_number(_total(column))
                for column in zip(
                    *(
                        [row, *cells]
                        for row, cells in zip(plan.rows, plan.cells, strict=True)
                    ),
                    strict=True,
                )
            ]
            if self.method != "same"
            else [],
            "asked": as_number(source[figure]),
            "taken": as_number(
                self._taken(figure, standing) if self._is_shared_out() else 0
            ),
            "uncovered": as_number(plan.uncovered),
            "offset": offset,
            "page": PAGE,
            "count": len(lines),
        }

    def _cell(self, figure, standing, place, value, is_typed):
        """One cell of the table; ``goal``: what exists there already, and so is held."""
        line, column = place
        goal = standing.goals.get((line.id, column))
        if self._is_left_out(standing, line, column):
            value = None
        return {
            "value": as_number(value),
            "typed": is_typed and not goal,
            "goal": goal
            and {
                "id": goal.id,
                "state": dict(goal._fields["state"]._description_selection(self.env))[
                    goal.state
                ],
            },
        }

    def grid_save(self, figure, cells, offset=0):
        """Keep what was typed and share the rest again.

        :param cells: dicts with ``line`` and ``period`` (0: the whole period) and ``value``;
            None takes back what was typed
        :return: :meth:`grid`
        :raise UserError: for a cell that is not in the table or is not a number
        """
        self.ensure_one()
        self.check_access("write")
        cascade = self.cascade_id
        cascade._check_not_begun()
        lines = {str(id_) for id_ in self._lines().ids}
        periods = cascade._periods(self.measure_id.cycle_id)
        standing = cascade._standing()
        columns = {"0", *map(str, periods.ids)}
        typed = {
            name: {line: dict(row) for line, row in rows.items()}
            for name, rows in (self.typed or {}).items()
        }
        if figure not in FIGURES:
            raise UserError(self.env._("Choose targets or baselines."))
        rows = typed.setdefault(figure, {})
        for cell in cells:
            line, column = str(cell["line"]), str(cell["period"])
            value = cell["value"]
            if line not in lines or column not in columns:
                raise UserError(
                    self.env._(
                        "“%(measure)s”: this cell is no longer in the table. Load the page"
                        " again.",
                        measure=self.display_name,
                    )
                )
            goal = standing.goals.get((int(line), int(column)))
            if goal:
                raise UserError(
                    self.env._(
                        "“%(measure)s”: %(receiver)s has this goal already. What it is to"
                        " reach is changed on the goal itself.",
                        measure=self.display_name,
                        receiver=cascade.line_ids.browse(int(line)).receiver,
                    )
                )
            if value is None:
                rows.get(line, {}).pop(column, None)
            elif is_ordinary(value):
                rows.setdefault(line, {})[column] = float(value)
            else:
                raise UserError(
                    self.env._(
                        "“%(measure)s”: “%(value)s” is not an ordinary number.",
                        measure=self.display_name,
                        value=value,
                    )
                )
        # sudo: only what was checked is kept
        self.sudo().typed = typed
        return self.grid(figure, offset)

    def grid_choose(self, name, value, figure="target"):
        """Share by another ``method`` or ``profile``; return :meth:`grid`."""
        self.ensure_one()
        if name not in ("method", "profile"):
            raise UserError(self.env._("Choose how to share the target."))
        self.cascade_id._check_not_begun()
        self.write({name: value})
        return self.grid(figure)

    def grid_forget(self, figure="target"):
        """Take back everything that was typed; return :meth:`grid`."""
        self.ensure_one()
        self.check_access("write")
        self.cascade_id._check_not_begun()
        # sudo: see grid_save
        self.sudo().typed = {
            name: rows for name, rows in (self.typed or {}).items() if name != figure
        }
        return self.grid(figure)

    # ---------------------------------------------------------------- making

    def _figure_text(self, *values):
        """``values`` in the indicator's unit and decimals: 0 → 25 customers."""
        indicator = self.measure_id.indicator_id
        digits = engine.digits_for(values, indicator.digits)
        figures = " → ".join(
            "–" if value is None else formatLang(self.env, float(value), digits=digits)
            for value in values
        )
        return f"{figures} {indicator.unit or ''}".strip()

    def _measure_values(self, baseline, target):
        """Values of a receiver's measure: that of the source with its own figures."""
        # the dates follow the receiver's period
        values = {
            name: value
            for name, value in self.measure_id.copy_data()[0].items()
            if name not in ("goal_id", "date_start", "date_end")
        }
        if self._has_target():
            values |= {"baseline": float(baseline), "target": float(target)}
        return values


def as_number(number):
    """For the browser, which has no decimals of its own; no value is False."""
    return False if number is None else float(number)


def _total(numbers):
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None
