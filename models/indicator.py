from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.misc import formatLang

from ..engine import health
from ..engine.formula import is_code
from ..engine.scoring import UNTARGETED
from ..engine.value import half_up, is_ordinary
from .table_check import CHECK_LATER
from .workflow_mixin import OFFICERS, Transition

#: characters of a code
MAX_CODE = 64


class HrPerformanceIndicator(models.Model):
    """The definition of something that is measured: what, how it adds up, what it earns.

    An indicator holds no target. Baseline and target belong to the *measure* that puts
    the indicator on a goal, so that one definition serves many goals.
    """

    _name = "hr.performance.indicator"
    _inherit = ["hr.performance.workflow.mixin", "mail.thread"]
    _description = "Performance Indicator"
    _order = "name, id"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(
        index=True,
        copy=False,
        help="A short name for imports, the API and formulas, for example NEW_CUSTOMERS.",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty to share it with all companies."
    )
    description = fields.Text(
        "Definition",
        translate=True,
        help="What is counted, what is not, and where the figures come from.",
    )
    kind = fields.Selection(
        [
            ("result", "Result indicator (KPR)"),
            ("process", "Process indicator (KPI)"),
            ("growth", "Growth indicator"),
        ],
        required=True,
        default="result",
        help="Results: what was achieved. Process: what drives it. Growth: what somebody"
        " learns.",
    )
    set_id = fields.Many2one(
        "hr.performance.indicator.set", "Set", index=True, ondelete="restrict"
    )
    calculation = fields.Text(
        translate=True,
        help="The formula in words: what is divided by what, added to what.",
    )
    pitfalls = fields.Text(
        translate=True, help="How this figure misleads, and what to do against it."
    )
    chain_level = fields.Selection(
        [
            ("input", "Input"),
            ("activity", "Activity"),
            ("output", "Output"),
            ("user_effect", "Effect for users"),
            ("societal_effect", "Effect for society"),
        ],
        "Level in the Chain",
        help="Where it measures on the way from resources to what they are good for.",
    )
    driver_ids = fields.Many2many(
        "hr.performance.indicator",
        "hr_performance_indicator_driver_rel",
        "indicator_id",
        "driver_id",
        "Driven By",
        check_company=True,
        help="Process indicators that move this result.",
    )
    driven_ids = fields.Many2many(
        "hr.performance.indicator",
        "hr_performance_indicator_driver_rel",
        "driver_id",
        "indicator_id",
        "Drives",
        check_company=True,
        help="Results that move with this indicator.",
    )
    counter_id = fields.Many2one(
        "hr.performance.indicator",
        "Counter-Indicator",
        check_company=True,
        help="What suffers when this one is pushed too hard: watch both.",
    )
    unit = fields.Char(translate=True, help="For example customers, %, hours, NOK.")
    digits = fields.Integer("Decimals", default=0)
    direction = fields.Selection(
        [
            ("higher", "Higher is better"),
            ("lower", "Lower is better"),
            ("range", "Inside a range is best"),
        ],
        required=True,
        default="higher",
        tracking=True,
    )
    aggregation = fields.Selection(
        [
            ("sum", "Sum of all values"),
            ("average", "Average (weighted)"),
            ("last", "Last value"),
            ("min", "Lowest value"),
            ("max", "Highest value"),
        ],
        "Over Time",
        required=True,
        default="sum",
        help="How one person's or unit's values become one figure for a period.",
    )
    rollup = fields.Selection(
        [
            ("sum", "Sum"),
            ("average", "Average (weighted)"),
            ("min", "Lowest"),
            ("max", "Highest"),
            ("none", "Not rolled up"),
        ],
        "Across People",
        required=True,
        default="sum",
        help="How the figures of people and units become the figure of the department"
        " and the company. Not rolled up: only values entered for exactly that unit"
        " count.",
    )
    frequency = fields.Selection(
        [
            ("day", "Daily"),
            ("week", "Weekly"),
            ("month", "Monthly"),
            ("quarter", "Quarterly"),
            ("half", "Half-yearly"),
            ("year", "Yearly"),
        ],
        "Measured",
        default="month",
    )
    source = fields.Selection(
        [
            ("manual", "People: typed, checked in or imported"),
            ("odoo", "Odoo's records"),
            ("formula", "Other indicators"),
        ],
        "Values Come From",
        required=True,
        default="manual",
        tracking=True,
    )
    rate_factor = fields.Float(
        "Rate Per",
        default=100.0,
        help="A value entered as numerator and denominator is their quotient times this:"
        " 100 for percent, 1,000,000 for accidents per million hours.",
    )
    responsible_id = fields.Many2one(
        "hr.employee",
        "Owner",
        help="Who answers for the definition and its values.",
    )
    supplier_id = fields.Many2one(
        "hr.employee",
        "Values Supplied By",
        help="May enter the values of everybody, beside each person and manager.",
    )
    version = fields.Integer(
        default=1,
        readonly=True,
        copy=False,
        help="Grows with each change of how it counts. An agreed goal keeps the version it"
        " was agreed on.",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("active", "In use"), ("retired", "Retired")],
        required=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    reading_ids = fields.One2many("hr.performance.reading", "indicator_id", "Readings")
    measure_ids = fields.One2many("hr.performance.measure", "indicator_id", "Measures")
    last_reading_date = fields.Date("Last Value", compute="_compute_last_reading_date")
    is_stale = fields.Boolean(
        "Values Late",
        compute="_compute_is_stale",
        search="_search_is_stale",
        help="In use, and a company with a running goal on it has had no new value for"
        " longer than it is measured.",
    )
    driver_graph = fields.Json(compute="_compute_driver_graph")
    reading_count = fields.Integer(compute="_compute_counts")
    measure_count = fields.Integer(compute="_compute_counts")

    _transitions = {
        "activate": Transition(("draft", "retired"), "active", OFFICERS),
        "retire": Transition(("draft", "active"), "retired", OFFICERS),
    }

    @api.depends("name", "code")
    @api.depends_context("hr_performance_show_code")
    def _compute_display_name(self):
        if not self.env.context.get("hr_performance_show_code"):
            return super()._compute_display_name()
        for indicator in self:
            indicator.display_name = " · ".join(
                filter(None, [indicator.code, indicator.name])
            )

    @api.depends("reading_ids", "measure_ids")
    def _compute_counts(self):
        for field_name, model_name in (
            ("reading_count", "hr.performance.reading"),
            ("measure_count", "hr.performance.measure"),
        ):
            counts = dict(
                self.env[model_name]._read_group(
                    [("indicator_id", "in", self._origin.ids)],
                    ["indicator_id"],
                    ["__count"],
                )
            )
            for indicator in self:
                indicator[field_name] = counts.get(indicator._origin, 0)

    @api.depends("reading_ids.date")
    def _compute_last_reading_date(self):
        # sudo: the date alone says nothing about anybody
        newest = dict(
            self.env["hr.performance.reading"]
            .sudo()
            ._read_group(
                [("indicator_id", "in", self._origin.ids)],
                ["indicator_id"],
                ["date:max"],
            )
        )
        for indicator in self:
            indicator.last_reading_date = newest.get(indicator._origin.sudo())

    @api.depends(
        "state",
        "frequency",
        "scoring_rule",
        "measure_ids.goal_id.state",
        "reading_ids.date",
        "reading_ids.company_id",
    )
    def _compute_is_stale(self):
        archived_too = self.with_context(active_test=False)
        stale = archived_too.search(
            [("id", "in", self._origin.ids), ("is_stale", "=", True)]
        )
        for indicator in self:
            indicator.is_stale = indicator._origin in stale

    def _search_is_stale(self, operator, value):
        """In use, and a company waits for its values longer than :mod:`engine` says.

        A company waits while it has a measure on an agreed goal, scored by values, whose
        dates hold today: for the values that the measure counts, which are those of its
        formula's parts. It waits from its newest value on or, without any, from the first
        day of these measures. Typed or fetched, archived or not: late is late.
        """
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        # sudo: that and until when there are values says nothing about anybody
        measures = self.env["hr.performance.measure"].sudo()
        measures.flush_model(["input_ids"])  # grouping by a many2many flushes nothing
        waiting = measures._read_group(
            [
                ("goal_id.state", "=", "agreed"),
                ("date_start", "<=", today),
                ("date_end", ">=", today),
                ("indicator_id.scoring_rule", "not in", list(UNTARGETED)),
            ],
            ["input_ids", "company_id"],
            ["date_start:min"],
        )
        newest = {
            (indicator, company): day
            for indicator, company, day in self.env["hr.performance.reading"]
            .sudo()
            ._read_group(
                [
                    (
                        "indicator_id",
                        "in",
                        [indicator.id for indicator, *_rest in waiting],
                    )
                ],
                ["indicator_id", "company_id"],
                ["date:max"],
            )
        }
        late = {
            indicator.id
            for indicator, company, since in waiting
            if indicator.state == "active"
            and indicator.frequency
            and today
            > health.reading_due(
                newest.get((indicator, company), since), indicator.frequency
            )
        }
        return Domain("id", "in", sorted(late))

    @api.depends("driver_ids", "driven_ids", "counter_id", "name", "kind")
    def _compute_driver_graph(self):
        """What drives this and what this drives, one step both ways, for drawing."""
        for indicator in self:
            indicator.driver_graph = {
                "drivers": indicator.driver_ids._as_nodes(),
                "self": indicator._as_nodes()[:1],
                "driven": indicator.driven_ids._as_nodes(),
                "counter": indicator.counter_id._as_nodes(),
            }

    def _as_nodes(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return [
            {
                "id": indicator._origin.id,
                "name": indicator.name,
                "kind": kinds.get(indicator.kind),
            }
            for indicator in self
        ]

    @api.constrains("code", "company_id")
    def _check_code(self):
        """A code means one indicator in every company: shared ones count everywhere."""
        coded = self.filtered("code")
        for indicator in coded:
            if not is_code(indicator.code):
                raise ValidationError(
                    self.env._(
                        "Indicator “%(indicator)s”: formulas cannot name the code"
                        " “%(code)s”. Begin with a letter and go on with letters, digits"
                        " and underscores.",
                        indicator=indicator.name,
                        code=indicator.code,
                    )
                )
        # sudo: a code taken by a company one cannot see is taken all the same
        namesakes = self.sudo().search([("code", "in", coded.mapped("code"))])
        by_code = namesakes.grouped("code")
        for indicator in coded:
            company = indicator.company_id
            for other in by_code[indicator.code] - indicator:
                if not company or not other.company_id or company == other.company_id:
                    raise ValidationError(
                        self.env._(
                            "Indicator “%(indicator)s”: the code %(code)s belongs to"
                            " %(other)s. Choose another code.",
                            indicator=indicator.name,
                            code=indicator.code,
                            other=other._known_as(),
                        )
                    )

    def _known_as(self):
        """What it is called, for a refusal; only to those who may know of it."""
        if self.sudo(False).has_access("read"):
            return self.env._("“%(indicator)s”", indicator=self.name)
        return self.env._("an indicator of another company")

    @api.constrains("rate_factor")
    def _check_rate_factor(self):
        for indicator in self:
            if not (is_ordinary(indicator.rate_factor) and indicator.rate_factor > 0):
                raise ValidationError(
                    self.env._(
                        "Indicator “%(indicator)s”: “Rate Per” must be an ordinary number"
                        " above 0, for example 100 for percent.",
                        indicator=indicator.name,
                    )
                )

    @api.constrains("driver_ids", "driven_ids", "counter_id")
    def _check_links(self):
        """Drivers drive results, in one direction, and nothing balances itself."""
        for indicator in self:
            if indicator._has_cycle("driver_ids"):
                raise ValidationError(
                    self.env._(
                        "Indicator “%(indicator)s” would drive itself, directly or through"
                        " others. Correct “Driven By” or “Drives”.",
                        indicator=indicator.name,
                    )
                )
            if indicator.counter_id == indicator:
                raise ValidationError(
                    self.env._(
                        "Indicator “%(indicator)s” cannot be its own counter-indicator.",
                        indicator=indicator.name,
                    )
                )

    @api.constrains("digits")
    def _check_digits(self):
        for indicator in self:
            if not 0 <= indicator.digits <= 6:
                raise ValidationError(
                    self.env._(
                        "Indicator “%(indicator)s”: “Decimals” must lie between 0 and 6.",
                        indicator=indicator.name,
                    )
                )

    @api.constrains("company_id")
    def _check_company_of_uses(self):
        # sudo: also what the user cannot see
        owned = self.filtered("company_id").sudo()
        reported = dict(
            self.env["hr.performance.reading"]
            .sudo()
            ._read_group(
                [("indicator_id", "in", owned.ids)],
                ["indicator_id"],
                ["company_id:recordset"],
            )
        )
        for indicator in owned:
            companies = indicator.measure_ids.company_id
            companies |= reported.get(indicator, companies)
            if companies - indicator.company_id:
                raise ValidationError(
                    self.env._(
                        "Indicator “%(indicator)s” is used by goals of other companies, or"
                        " has readings there. Leave its company empty.",
                        indicator=indicator.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_code_length(vals.get("code"))
        later = self.with_context(**CHECK_LATER)
        return super(HrPerformanceIndicator, later).create(vals_list).with_env(self.env)

    def write(self, vals):
        self._check_code_length(vals.get("code"))
        if "source" in vals:
            changing = self.filtered(lambda one: one.source != vals["source"])
            changing._check_source_may_change(vals["source"])
        # bands are written one after the other; the table is checked when it is whole
        later = self.with_context(**CHECK_LATER)
        with self._counting_versions():
            return super(HrPerformanceIndicator, later).write(vals)

    @api.model
    def _check_code_length(self, code):
        """Before it is written: the database's index takes no endless words."""
        if isinstance(code, str) and len(code) > MAX_CODE:
            raise ValidationError(
                self.env._(
                    "The code “%(code)s…” of an indicator is too long. Use %(most)s"
                    " characters at most.",
                    code=code[:MAX_CODE],
                    most=MAX_CODE,
                )
            )

    def _check_source_may_change(self, source):
        """Refuse another source of values where figures of two sources would add up.

        Readings say where they came from and keep counting. So nothing changes below
        agreed goals, and what people entered does not stand beside what Odoo's records
        say. Fetched readings may be deleted as soon as no refresh looks after them.
        """
        # sudo: goals and readings that the user cannot see count as well
        measures = self.env["hr.performance.measure"].sudo()
        for indicator in self.sudo():
            agreed = measures.search(
                [
                    "|",
                    ("indicator_id", "=", indicator.id),
                    ("input_ids", "=", indicator.id),
                    ("goal_id.state", "in", ("agreed", "closed")),
                    ("cycle_id.state", "!=", "closed"),
                ]
            ).goal_id
            if agreed:
                raise UserError(
                    self.env._(
                        "Indicator “%(indicator)s” is counted by %(number)s agreed goals of"
                        " cycles that are still open: “%(field)s” stays as it was agreed."
                        " Request a change of these goals first, or make another"
                        " indicator.",
                        indicator=indicator.name,
                        number=len(agreed),
                        field=self._fields["source"]._description_string(self.env),
                    )
                )
            if source == "odoo" and (number := indicator._count_open_typed()):
                raise UserError(
                    self.env._(
                        "Indicator “%(indicator)s” has %(number)s values in open periods"
                        " that people entered. What is fetched from Odoo's records would"
                        " count on top of them. Delete them first, or make another"
                        " indicator.",
                        indicator=indicator.name,
                        number=number,
                    )
                )

    def _count_open_typed(self):
        """How many values people entered that lie in no closed cycle."""
        typed = self.env["hr.performance.reading"]._read_group(
            [("indicator_id", "in", self.ids), ("period_start", "=", False)],
            ["company_id", "date:day"],
            ["__count"],
        )
        numbers = {(company.id, day): number for company, day, number in typed}
        closed = self.env["hr.performance.cycle"]._closed_on(set(numbers))
        return sum(number for place, number in numbers.items() if place not in closed)

    @contextmanager
    def _counting_versions(self):
        """Give definitions in use that count otherwise afterwards the next version."""
        # sudo: the number follows from the change and is typed by nobody
        counting = self.sudo()._and_formulas_over_them()
        before = {
            indicator: (indicator.version, indicator._counts_by())
            for indicator in counting.filtered(lambda record: record.state != "draft")
        }
        yield
        for indicator, (version, way) in before.items():
            if indicator.version == version and indicator._counts_by() != way:
                indicator.version += 1

    def _counts_by(self):
        """All that makes a version of the definition, to be compared."""
        return self._rule()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        counted = (
            self.env["hr.performance.measure"]
            .sudo()
            .search([("input_ids", "in", self.ids)])
            .input_ids
        )
        for indicator in self.sudo():
            # a formula that was agreed on counts it, whatever the formula is today
            if indicator.measure_ids or indicator.reading_ids or indicator in counted:
                raise UserError(
                    self.env._(
                        "Indicator “%(indicator)s” is in use. Retire or archive it"
                        " instead: results that rest on it stay explained.",
                        indicator=indicator.name,
                    )
                )

    def _no_entry_message(self):
        """Why nobody enters values of this indicator, with the way out."""
        return self.env._(
            "The values of “%(indicator)s” are not entered by people: they come from Odoo's"
            " records or from other indicators. Enter those.",
            indicator=self.name,
        )

    def _format(self, value):
        """``value`` as people read it: rounded once, half-up, with the user's separators.

        No value is a dash.
        """
        self.ensure_one()
        if value is None:
            return "–"
        digits = self.digits
        return formatLang(self.env, half_up(value, digits), digits=digits)

    def action_activate(self):
        """Put the definition into use."""
        self._take_step("activate")

    def action_retire(self):
        """Take the definition out of use; goals that have it keep it."""
        self._take_step("retire")

    def action_view_readings(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_performance.reading_action"
        )
        return action | {
            "domain": [("indicator_id", "=", self.id)],
            "context": {"default_indicator_id": self.id},
        }

    def action_view_measures(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_performance.measure_action"
        )
        return action | {"domain": [("indicator_id", "=", self.id)]}
