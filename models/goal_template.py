from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from ..engine.scoring import UNTARGETED
from ..engine.value import is_ordinary

#: what a goal and its entry in the library have in common
SHARED_FIELDS = ("name", "description", "method", "weight", "progress_source")


class HrPerformanceGoalTag(models.Model):
    """What library goals are about, for finding them."""

    _name = "hr.performance.goal.tag"
    _description = "Goal Tag"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    color = fields.Integer(default=0)

    _name_unique = models.Constraint("UNIQUE(name)", "This tag is there already.")


class HrPerformanceGoalTemplate(models.Model):
    """A goal that many people may get: what, how it is measured, what is usually done.

    It holds no period and no owner. Goals made from it are goals like all others; a change
    here reaches only those that are made from now on.
    """

    _name = "hr.performance.goal.template"
    _description = "Library Goal"
    _order = "sequence, name, id"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True

    name = fields.Char("Goal", required=True, translate=True)
    code = fields.Char(
        index=True, copy=False, help="A short name for imports, for example GROW_SALES."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Html(
        translate=True,
        help="What will be different when this goal is reached, and how one can tell.",
    )
    scope = fields.Selection(
        lambda self: (
            self.env["hr.performance.goal"]
            ._fields["scope"]
            ._description_selection(self.env)
        ),
        "Level",
        required=True,
        default="employee",
        help="Whose goal it becomes: the company's, a department's or each person's.",
    )
    method = fields.Selection(
        lambda self: (
            self.env["hr.performance.goal"]
            ._fields["method"]
            ._description_selection(self.env)
        ),
        required=True,
        default="kpi",
    )
    weight = fields.Float(
        "Usual Weight",
        default=100.0,
        aggregator=None,
        help="How much it usually counts beside the person's or unit's other goals.",
    )
    progress_source = fields.Selection(
        lambda self: (
            self.env["hr.performance.goal"]
            ._fields["progress_source"]
            ._description_selection(self.env)
        ),
        "Progress From",
        required=True,
        default="auto",
    )
    tag_ids = fields.Many2many("hr.performance.goal.tag", string="Tags")
    job_ids = fields.Many2many(
        "hr.job",
        string="For Posts",
        check_company=True,
        help="Only people with one of these posts get it. Empty: all posts.",
    )
    department_ids = fields.Many2many(
        "hr.department",
        string="For Departments",
        check_company=True,
        help="Only people of these departments, and of those below, get it. Empty: all.",
    )
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty to share it with all companies."
    )
    measure_ids = fields.One2many(
        "hr.performance.goal.template.measure", "template_id", "Measures", copy=True
    )
    measures = fields.Char("Measured By", compute="_compute_measures")
    action_ids = fields.One2many(
        "hr.performance.goal.template.action", "template_id", "Actions", copy=True
    )
    goal_ids = fields.One2many("hr.performance.goal", "template_id", "Made from It")
    goal_count = fields.Integer("Used in Goals", compute="_compute_goal_count")

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "Another library goal has this code. Choose another one.",
    )

    def _compute_goal_count(self):
        counts = dict(
            self.env["hr.performance.goal"]._read_group(
                [("template_id", "in", self._origin.ids)], ["template_id"], ["__count"]
            )
        )
        for template in self:
            template.goal_count = counts.get(template._origin, 0)

    @api.depends("measure_ids.figure")
    def _compute_measures(self):
        for template in self:
            template.measures = " · ".join(template.measure_ids.mapped("figure"))

    @api.constrains("weight")
    def _check_weight(self):
        for template in self:
            if not is_ordinary(template.weight) or template.weight < 0:
                raise ValidationError(
                    self.env._(
                        "Library goal “%(goal)s”: “Usual Weight” cannot be negative. Use 0"
                        " for a goal that shall not count.",
                        goal=template.name,
                    )
                )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if "name" not in (default or {}):
            for template, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%(goal)s (copy)", goal=template.name)
        return vals_list

    # ---------------------------------------------------------------- goals from it

    def _goal_values(self, cycle, date_start, date_end):
        """The values of a goal made from this, for a holder still to be named.

        In superuser mode only: what follows from the values is said as well, so that it
        need not be found out and written for each goal again.

        :param date_start: first day on which the goal is held
        :param date_end: the last one
        """
        self.ensure_one()
        company = {"company_id": cycle.company_id.id}
        follows = company | {
            "cycle_id": cycle.id,
            "date_start": date_start,
            "date_end": date_end,
        }
        return {
            **{name: self[name] for name in SHARED_FIELDS},
            "template_id": self.id,
            "scope": self.scope,
            "cycle_id": cycle.id,
            "date_start": date_start,
            "date_end": date_end,
            "measure_ids": [
                Command.create(
                    line._measure_values() | follows | {"target_by_days": line.target}
                )
                for line in self.measure_ids
            ],
            "action_ids": [
                Command.create(line._action_values(date_start, date_end) | company)
                for line in self.action_ids
            ],
        }

    def action_assign(self):
        """Open an assignment of these goals."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Assign goals"),
            "res_model": "hr.performance.assignment",
            "view_mode": "form",
            "context": {
                "default_line_ids": [
                    Command.create(
                        {"template_id": template.id, "weight": template.weight}
                    )
                    for template in self
                ],
            },
        }

    def action_view_goals(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_performance.goal_action"
        )
        return action | {
            "name": self.env._("Made from the library"),
            "domain": [("template_id", "in", self.ids)],
            "context": {},
        }


class HrPerformanceGoalTemplateMeasure(models.Model):
    """How a library goal is measured."""

    _name = "hr.performance.goal.template.measure"
    _inherit = ["hr.performance.guard.mixin"]
    _description = "Measure of a Library Goal"
    _order = "template_id, sequence, id"
    _check_company_auto = True

    template_id = fields.Many2one(
        "hr.performance.goal.template", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="template_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    indicator_id = fields.Many2one(
        "hr.performance.indicator",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('state', '!=', 'retired')]",
    )
    unit = fields.Char(related="indicator_id.unit")
    baseline = fields.Float(aggregator=None)
    target = fields.Float(aggregator=None)
    weight = fields.Float(default=100.0, aggregator=None)
    figure = fields.Char("In Words", compute="_compute_figure")

    @api.depends("indicator_id", "baseline", "target")
    @api.depends_context("lang")
    def _compute_figure(self):
        """“New customers: 0 → 20 customers”."""
        for line in self:
            indicator = line.indicator_id
            line.figure = (
                indicator.name
                if indicator.direction == "range"
                or indicator.scoring_rule in UNTARGETED
                else self.env._(
                    "%(indicator)s: %(baseline)s → %(target)s %(unit)s",
                    indicator=indicator.name,
                    baseline=indicator._format(line.baseline),
                    target=indicator._format(line.target),
                    unit=indicator.unit or "",
                ).strip()
            )

    @api.onchange("indicator_id")
    def _onchange_indicator_id(self):
        if self.indicator_id and not (self.baseline or self.target):
            self.baseline = self.indicator_id.example_baseline
            self.target = self.indicator_id.example_target

    @api.constrains("indicator_id", "baseline", "target", "weight")
    def _check_numbers(self):
        """What no goal may have, the library must not promise."""
        for line in self:
            goal = self.env["hr.performance.goal"].new({"name": line.template_id.name})
            goal.measure_ids.new(
                line._measure_values() | {"goal_id": goal}
            )._check_numbers()

    def _measure_values(self):
        self.ensure_one()
        return {
            "indicator_id": self.indicator_id.id,
            "sequence": self.sequence,
            "baseline": self.baseline,
            "target": self.target,
            "weight": self.weight,
        }


class HrPerformanceGoalTemplateAction(models.Model):
    """What is usually done to reach a library goal, and when in the period."""

    _name = "hr.performance.goal.template.action"
    _inherit = ["hr.performance.guard.mixin"]
    _description = "Action of a Library Goal"
    _order = "template_id, sequence, id"

    template_id = fields.Many2one(
        "hr.performance.goal.template", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="template_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    name = fields.Char("Action", required=True, translate=True)
    days = fields.Integer("Due", default=30, help="So many days …")
    days_from = fields.Selection(
        [
            ("start", "days after the start"),
            ("end", "days before the end"),
        ],
        "Counted From",
        required=True,
        default="start",
    )

    @api.constrains("days")
    def _check_days(self):
        for line in self:
            if not 0 <= line.days <= 3660:
                raise ValidationError(
                    self.env._(
                        "Library goal “%(goal)s”, action “%(action)s”: “Due” is a number of"
                        " days between 0 and 3660.",
                        goal=line.template_id.name,
                        action=line.name,
                    )
                )

    def _action_values(self, date_start, date_end):
        self.ensure_one()
        due = (
            date_start + timedelta(days=self.days)
            if self.days_from == "start"
            else date_end - timedelta(days=self.days)
        )
        return {
            "name": self.name,
            "sequence": self.sequence,
            "template_action_id": self.id,
            # a short period has no day so late or so early
            "date_deadline": min(max(due, date_start), date_end),
        }


class HrPerformanceGoal(models.Model):
    """Goals that come from the library, and go there."""

    _inherit = "hr.performance.goal"

    template_id = fields.Many2one(
        "hr.performance.goal.template",
        "From the Library",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    def action_save_to_library(self):
        """Keep the goal, with measures and actions, for others; open the new entry."""
        self.ensure_one()
        self.check_access("read")
        start, end = self.date_start, self.date_end
        template = self.env["hr.performance.goal.template"].create(
            {
                **{name: self[name] for name in (*SHARED_FIELDS, "scope")},
                "company_id": self.company_id.id,
                "measure_ids": [
                    Command.create(
                        {
                            "indicator_id": measure.indicator_id.id,
                            "sequence": measure.sequence,
                            "baseline": measure.baseline,
                            "target": measure.target,
                            "weight": measure.weight,
                        }
                    )
                    for measure in self.measure_ids
                ],
                "action_ids": [
                    Command.create(
                        {"name": action.name, "sequence": action.sequence}
                        | _days(action.date_deadline, start, end)
                    )
                    for action in self.action_ids
                    if action.state != "cancelled"
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": template._name,
            "res_id": template.id,
            "view_mode": "form",
        }


def _days(due, start, end):
    """When an action is due, as the library says it: counted from the nearer end."""
    if not due:
        return {"days": 0, "days_from": "end"}
    after, before = (due - start).days, (end - due).days
    return (
        {"days": max(after, 0), "days_from": "start"}
        if after <= before
        else {"days": max(before, 0), "days_from": "end"}
    )
