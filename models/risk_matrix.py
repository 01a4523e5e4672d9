from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..engine import risk as engine

#: what the screen can be narrowed to
FILTERS = ("cycle_id", "department_id", "scope", "kind")


class HrPerformanceRisk(models.Model):
    """The 5×5 matrix: how many risks there are of which probability and consequence."""

    _inherit = "hr.performance.risk"

    @api.model
    def get_matrix(self, filters=None):
        """Everything the matrix screen shows, of the risks that the user may read.

        :param filters: ``cycle_id`` (with its sub-periods), ``department_id`` (with those
            below), ``scope``, ``kind`` (a threat unless said otherwise); a filter that is
            missing or False takes all. Without any, the cycle is today's.
        :return: dict of ``filters`` as used, ``choices`` for each of them, ``rows`` (from
            the most likely down) of ``cells``, and ``totals``. A cell has its count before
            and after treatment, and its zone against the lowest tolerance of the levels
            shown.
        """
        cycles = self._matrix_cycles()
        if filters is None:
            today = fields.Date.context_today(self)
            current = cycles.filtered(lambda c: c.date_start <= today <= c.date_end)
            longest = current.sorted(lambda c: c.date_start - c.date_end)[:1]
            filters = {"cycle_id": longest.id}
        filters = self._matrix_filters(filters)
        domain = self._matrix_domain(filters)
        counts, zones, high = {}, {}, 0
        for p, c, rp, rc, zone, residual_zone, is_high, count in self._read_group(
            domain,
            [
                "probability",
                "consequence",
                "residual_probability",
                "residual_consequence",
                "zone",
                "residual_zone",
                "is_high",
            ],
            ["__count"],
        ):
            pair = (p, c), (rp, rc)
            counts[pair] = counts.get(pair, 0) + count
            for when, value in (("before", zone), ("after", residual_zone or zone)):
                zones[when, value] = zones.get((when, value), 0) + count
            high += count if is_high else 0
        before, after = engine.matrix(counts)
        labels = dict(self._fields["zone"]._description_selection(self.env))
        limits = self._matrix_limits(filters["scope"])
        return {
            "filters": filters,
            "choices": self._matrix_choices(cycles),
            "total": sum(counts.values()),
            "untreated": high,
            "zones": [
                {
                    "zone": zone,
                    "label": labels[zone],
                    "before": zones.get(("before", zone), 0),
                    "after": zones.get(("after", zone), 0),
                }
                for zone in reversed(engine.ZONES[filters["kind"]])
            ],
            "tolerance": limits[0],
            "can_add": self.has_access("create"),
            "probabilities": self._probabilities(),
            "consequences": self._consequences(filters["kind"]),
            "rows": [
                {
                    "probability": p,
                    "cells": [
                        {
                            "consequence": c,
                            "level": engine.level(p, c),
                            "before": before[p, c],
                            "after": after[p, c],
                            "zone": (
                                zone := engine.zone(
                                    engine.level(p, c), *limits, filters["kind"]
                                )
                            ),
                            "label": labels[zone],
                        }
                        for c in engine.STEPS
                    ],
                }
                for p in reversed(engine.STEPS)
            ],
        }

    @api.model
    def action_matrix_cell(self, filters, probability, consequence, when="before"):
        """Open the risks that a cell of the matrix counts.

        :param when: ``before`` or ``after`` treatment
        """
        filters = self._matrix_filters(filters)
        if not (engine.is_step(probability) and engine.is_step(consequence)):
            raise UserError(
                self.env._("The cells of the matrix are numbered from 1 to 5.")
            )
        pair = Domain("probability", "=", probability) & Domain(
            "consequence", "=", consequence
        )
        if when == "after":
            pair = (Domain("residual_level", "=", 0) & pair) | (
                Domain("residual_probability", "=", probability)
                & Domain("residual_consequence", "=", consequence)
            )
        found = self.search(self._matrix_domain(filters) & pair)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(
                "%(probability)s, %(consequence)s",
                probability=self._probabilities()[probability - 1],
                consequence=self._consequences(filters["kind"])[consequence - 1],
            ),
            "res_model": self._name,
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": [("id", "in", found.ids)],
            "context": {"search_default_open": 0},
        }

    @api.model
    def _probabilities(self):
        return [
            self.env._("Rare"),
            self.env._("Unlikely"),
            self.env._("Possible"),
            self.env._("Likely"),
            self.env._("Almost certain"),
        ]

    @api.model
    def _consequences(self, kind):
        if kind == engine.OPPORTUNITY:
            return [
                self.env._("Hardly anything"),
                self.env._("A little"),
                self.env._("Something"),
                self.env._("Much"),
                self.env._("Very much"),
            ]
        return [
            self.env._("Negligible"),
            self.env._("Minor"),
            self.env._("Moderate"),
            self.env._("Major"),
            self.env._("Severe"),
        ]

    @api.model
    def _matrix_filters(self, filters):
        """``filters`` with a value for each; refuse what is none."""
        filters = filters or {}
        if not isinstance(filters, dict) or not filters.keys() <= set(FILTERS):
            raise UserError(
                self.env._(
                    "The matrix can be narrowed by %(filters)s.",
                    filters=", ".join(FILTERS),
                )
            )
        result = {name: filters.get(name) or False for name in FILTERS}
        result["kind"] = result["kind"] or engine.THREAT
        if result["kind"] not in engine.ZONES or (
            result["scope"] and result["scope"] not in engine.TOLERANCE
        ):
            raise UserError(
                self.env._("Choose the kind of risk and the level from the lists.")
            )
        for name in ("cycle_id", "department_id"):
            if result[name] and type(result[name]) is not int:
                raise UserError(
                    self.env._("Choose the period and the department from the lists.")
                )
        return result

    @api.model
    def _matrix_domain(self, filters):
        domain = Domain("state", "!=", "closed") & Domain("kind", "=", filters["kind"])
        for name, operator in (
            ("cycle_id", "child_of"),
            ("department_id", "child_of"),
            ("scope", "="),
        ):
            if filters[name]:
                domain &= Domain(name, operator, filters[name])
        # sudo: whoever is responsible for a risk need not be able to read its goal; which
        # risks are counted remains a matter of the risks' own rules
        goals = (
            self.env["hr.performance.goal"]
            .sudo()
            ._search([("state", "!=", "cancelled")])
        )
        return (
            domain
            & Domain("goal_id", "in", goals)
            & Domain("company_id", "in", self.env.companies.ids)
        )

    @api.model
    def _matrix_cycles(self):
        return self.env["hr.performance.cycle"].search_fetch(
            [("company_id", "in", self.env.companies.ids)],
            ["name", "date_start", "date_end"],
        )

    @api.model
    def _matrix_limits(self, scope):
        """The lowest tolerance and critical limit of the levels shown."""
        domain = Domain("company_id", "in", self.env.companies.ids)
        if scope:
            domain &= Domain("scope", "=", scope)
        lines = self.env["hr.performance.risk.tolerance"].search_fetch(
            domain, ["tolerance", "critical_from"]
        )
        return (
            min(lines.mapped("tolerance"), default=engine.TOLERANCE["company"]),
            min(lines.mapped("critical_from"), default=engine.CRITICAL_FROM),
        )

    @api.model
    def _matrix_choices(self, cycles):
        departments = self.env["hr.department"].search_fetch(
            [("company_id", "in", [*self.env.companies.ids, False])],
            ["name", "parent_path"],
        )
        names = {unit.id: unit.name for unit in departments}
        # the path of each, without a query for every step on it
        paths = {
            unit.id: " / ".join(
                names[above]
                for above in map(int, unit.parent_path.split("/")[:-1])
                if above in names
            )
            for unit in departments
        }
        scopes = self.env["hr.performance.goal"]._fields["scope"]
        return {
            "cycle_id": [(cycle.id, cycle.name) for cycle in cycles],
            "department_id": sorted(paths.items(), key=lambda item: item[1]),
            "scope": scopes._description_selection(self.env),
            "kind": self._fields["kind"]._description_selection(self.env),
        }
