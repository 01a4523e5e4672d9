from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..engine.formula import FormulaError, find_circle, parse

#: how many indicators a formula comes to, written out, and how many within each other
MAX_PARTS, MAX_DEPTH = 200, 40


class HrPerformanceIndicator(models.Model):
    """An indicator that is worked out from others: arithmetic over their codes."""

    _inherit = "hr.performance.indicator"

    formula = fields.Text(
        tracking=True,
        help="Numbers, codes of indicators, + - * /, parentheses, min, max, abs, round and"
        " if(condition, then, else). For example 100 * RETURNS / DELIVERIES.",
    )
    part_ids = fields.Many2many(
        "hr.performance.indicator",
        "hr_performance_indicator_part_rel",
        "indicator_id",
        "part_id",
        "Worked Out From",
        compute="_compute_part_ids",
        store=True,
        context={"active_test": False},
    )
    used_in_ids = fields.Many2many(
        "hr.performance.indicator",
        "hr_performance_indicator_part_rel",
        "part_id",
        "indicator_id",
        "Used in the Formulas Of",
        readonly=True,
        copy=False,
        context={"active_test": False},
    )
    leaf_ids = fields.Many2many(
        "hr.performance.indicator",
        "hr_performance_indicator_leaf_rel",
        "indicator_id",
        "leaf_id",
        compute="_compute_leaf_ids",
        store=True,
        recursive=True,
        context={"active_test": False},
        export_string_translation=False,
        help="The indicators whose readings it counts: itself, or those of its formula.",
    )

    @api.depends("source", "formula", "company_id")
    def _compute_part_ids(self):
        codes = {
            indicator: indicator._formula().codes
            for indicator in self
            if indicator.source == "formula" and not indicator._formula_problem()
        }
        known = self._by_code(frozenset().union(*codes.values()))
        for indicator in self:
            indicator.part_ids = self.browse().union(
                *(
                    known[code].filtered(indicator._may_read_from)
                    for code in codes.get(indicator, ())
                    if code in known
                )
            )

    @api.depends("source", "part_ids.leaf_ids")
    def _compute_leaf_ids(self):
        for indicator in self:
            found, ahead = self.browse(), indicator
            seen = ahead
            while ahead:
                formulas = ahead.filtered(lambda part: part.source == "formula")
                found |= ahead - formulas
                ahead = formulas.part_ids - seen  # a circle is refused, but not endless
                seen |= ahead
            indicator.leaf_ids = found

    def _and_formulas_over_them(self):
        """These indicators, and those whose figures move with them."""
        found = ahead = self
        while ahead := ahead.used_in_ids - found:
            found |= ahead
        return found

    def _by_code(self, codes):
        """``{code: indicators}``; several where companies have the same code."""
        archived_too = self.with_context(active_test=False)
        return archived_too.search([("code", "in", list(codes))]).grouped("code")

    def _may_read_from(self, part):
        """Whether this formula may name ``part``: shared, or of the same company."""
        return not part.company_id or part.company_id == self.company_id

    def _formula(self):
        """The parsed :class:`~..engine.formula.Formula`."""
        self.ensure_one()
        return parse(self.formula or "")

    def _formula_problem(self):
        """What is wrong with the text of the formula, in words; nothing when it is fine."""
        try:
            self._formula()
        except FormulaError as error:
            return self._formula_error_text(error)
        return None

    def _formula_error_text(self, error):
        name, facts = self.name, error.facts
        texts = {
            "empty": self.env._(
                "Indicator “%(indicator)s” is worked out from others: write its formula"
                " on the page “Formula”, for example 100 * RETURNS / DELIVERIES.",
                indicator=name,
            ),
            "too_long": self.env._(
                "Indicator “%(indicator)s”: the formula is too long. Put parts of it into"
                " indicators of their own and name these.",
                indicator=name,
            ),
            "too_deep": self.env._(
                "Indicator “%(indicator)s”: the formula has too many parentheses inside"
                " each other. Put the inner ones into an indicator of their own.",
                indicator=name,
            ),
            "unknown_function": self.env._(
                "Indicator “%(indicator)s”: there is no function “%(function)s”. A formula"
                " may use min, max, abs, round and if.",
                indicator=name,
                function=facts.get("name"),
            ),
            "arguments": self.env._(
                "Indicator “%(indicator)s”: “%(function)s” in the formula takes %(expected)s"
                " values.",
                indicator=name,
                function=facts.get("name"),
                expected=facts.get("expected"),
            ),
            "incomplete": self.env._(
                "Indicator “%(indicator)s”: the formula breaks off. Something is missing at"
                " its end, perhaps a parenthesis.",
                indicator=name,
            ),
            "digits": self.env._(
                "Indicator “%(indicator)s”: the second value of “round” in the formula has"
                " to be a whole number of decimals, for example round(A, 2).",
                indicator=name,
            ),
            "number_expected": self.env._(
                "Indicator “%(indicator)s”: the formula has a comparison where a number"
                " belongs. Comparisons stand in if(condition, then, else).",
                indicator=name,
            ),
            "condition_expected": self.env._(
                "Indicator “%(indicator)s”: the formula has a number where a comparison"
                " belongs, for example if(A > 0, B / A, 0).",
                indicator=name,
            ),
        }
        return texts.get(error.code) or self.env._(
            "Indicator “%(indicator)s”: the formula cannot be read at “%(text)s”, character"
            " %(position)s. It may hold numbers, codes of indicators, + - * /, parentheses,"
            " min, max, abs, round and if.",
            indicator=name,
            text=facts.get("text", ""),
            position=facts.get("position"),
        )

    @api.constrains("source", "formula", "company_id", "code")
    def _check_formula(self):
        formulas = self.filtered(lambda indicator: indicator.source == "formula")
        for indicator in formulas:
            if problem := indicator._formula_problem():
                raise ValidationError(problem)
            if not indicator._formula().codes:
                raise ValidationError(
                    self.env._(
                        "Indicator “%(indicator)s”: the formula names no indicator, so"
                        " there is nothing to work it out from. For example 100 * RETURNS /"
                        " DELIVERIES.",
                        indicator=indicator.name,
                    )
                )
            known = set(indicator.sudo().part_ids.mapped("code"))
            if unknown := sorted(indicator._formula().codes - known):
                raise ValidationError(
                    self.env._(
                        "Indicator “%(indicator)s”: the formula names %(codes)s, which is"
                        " not the code of an indicator that it may use. Correct the formula"
                        " or create that indicator first.",
                        indicator=indicator.name,
                        codes=", ".join(f"“{code}”" for code in unknown),
                    )
                )
        formulas._check_circle()
        formulas._check_size()
        for part in self.sudo():
            for indicator in part.used_in_ids - self:
                if part.code not in indicator._formula().codes:
                    raise ValidationError(
                        self.env._(
                            "The formula of %(indicator)s uses the code of “%(part)s”."
                            " Change the formula first.",
                            indicator=indicator._known_as(),
                            part=part.name,
                        )
                    )
                if not indicator._may_read_from(part):
                    raise ValidationError(
                        self.env._(
                            "The formula of %(indicator)s uses “%(part)s”, which would"
                            " belong to another company.",
                            indicator=indicator._known_as(),
                            part=part.name,
                        )
                    )

    def _check_circle(self):
        """No formula may lead back to itself."""
        graph, ahead = {}, self.sudo()
        while ahead:
            for indicator in ahead:
                graph[indicator.id] = indicator.part_ids.ids
            ahead = ahead.part_ids.filtered(lambda part: part.id not in graph)
        if circle := find_circle(graph):
            raise ValidationError(
                self.env._(
                    "The formulas of these indicators lead in a circle: %(circle)s. Take one"
                    " of them out of the other's formula.",
                    circle=" → ".join(self.sudo().browse(circle).mapped("display_name"))
                    if len(circle) > 2
                    else self.sudo().browse(circle[:1]).display_name,
                )
            )

    def _check_size(self):
        """Written out, with the formulas of its parts in it, a formula stays readable.

        It is kept like that with each agreement. Two parts that each name the same two
        parts, and so on, would double with every floor. Circles are refused before.
        """
        sizes = {}

        def size(indicator):
            """How many definitions it comes to, and how many of them within each other."""
            if indicator not in sizes:
                parts = [size(part) for part in indicator.part_ids]
                sizes[indicator] = (
                    1 + sum(number for number, _depth in parts),
                    1 + max((depth for _number, depth in parts), default=0),
                )
            return sizes[indicator]

        for indicator in self.sudo()._and_formulas_over_them():
            number, depth = size(indicator)
            if number > MAX_PARTS or depth > MAX_DEPTH:
                raise ValidationError(
                    self.env._(
                        "Indicator %(indicator)s: written out, its formula would come to"
                        " %(number)s indicators, %(depth)s of them within each other;"
                        " %(most)s and %(deepest)s are the most. Take parts out of it.",
                        indicator=indicator._known_as(),
                        number=number,
                        depth=depth,
                        most=MAX_PARTS,
                        deepest=MAX_DEPTH,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_formulas(self):
        for indicator in self.sudo():
            if users := indicator.used_in_ids - self:
                raise UserError(
                    self.env._(
                        "Indicator “%(indicator)s” is used in the formula of %(other)s."
                        " Change that formula first.",
                        indicator=indicator.name,
                        other=users[0]._known_as(),
                    )
                )

    def _definition(self):
        """How its figure comes about; see :mod:`~..engine.definition`."""
        self.ensure_one()
        if self.source == "formula":
            return {
                "formula": self.formula,
                "inputs": {part.code: part._definition() for part in self.part_ids},
            }
        return {
            "id": self.id,
            "aggregation": self.aggregation,
            "rollup": self.rollup,
        }
