from itertools import groupby

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain

from ..engine.renewal import baseline_from, raised
from ..engine.scoring import LOWER, RANGE, UNTARGETED
from ..engine.value import is_ordinary
from .nullable import NullableFloat

#: a new holder, and the day, are found anew
FOUND_ANEW = ("department_id", "responsible_id", "company_id", "date_start", "date_end")


class HrPerformanceGoal(models.Model):
    """Goals that were copied from the period before."""

    _inherit = "hr.performance.goal"

    was_unfinished = fields.Boolean(
        "Unfinished Before",
        readonly=True,
        copy=False,
        help="The goal it was copied from had not been reached.",
    )
    former_progress = NullableFloat(
        "Progress Before",
        readonly=True,
        copy=False,
        aggregator=None,
        help="0 to 100: how far it had come when it was copied.",
    )
    former_note = fields.Char("From Before", compute="_compute_former_note")

    @api.depends("former_id", "was_unfinished", "former_progress")
    @api.depends_context("lang")
    def _compute_former_note(self):
        for goal in self:
            # sudo: its period is no secret
            cycle = goal.sudo().former_id.cycle_id
            if not goal.was_unfinished:
                goal.former_note = False
            elif goal.former_progress is None:
                goal.former_note = self.env._(
                    "Unfinished in %(cycle)s: no value", cycle=cycle.name
                )
            else:
                goal.former_note = self.env._(
                    "Unfinished in %(cycle)s: %(progress)s %%",
                    cycle=cycle.name,
                    progress=round(goal.former_progress),
                )

    def action_copy_into(self):
        """Open the copying of these goals into another period.

        :raise UserError: when they are of several periods
        """
        if len(self.cycle_id) != 1:
            raise UserError(
                self.env._(
                    "Choose goals of one period: each period has its own next one."
                )
            )
        return self.cycle_id.action_copy_goals() | {
            "name": self.env._("Copy goals"),
            "context": {
                "default_cycle_id": self.cycle_id.id,
                "default_company_id": self.cycle_id.company_id.id,
                "default_goal_ids": self.ids,
            },
        }

    def _is_unfinished(self):
        """Whether there is still something to do about what it demanded."""
        self.ensure_one()
        if self.decision:
            return self.decision != "achieved"
        return self.progress is None or self.progress < 100


class HrPerformanceGoalCopy(models.Model):
    """Last period's goals as the start of the next one's: of people, units or everybody.

    The tree comes along: a copy hangs below the copy of the goal above. What is copied is
    a draft like any other. Goals that were cancelled or dropped stay behind, and so do
    those of people who have left and those that the user may not make.
    """

    _name = "hr.performance.goal.copy"
    _inherit = ["hr.performance.batch.mixin", "hr.mixin"]
    _description = "Copy of Goals into Another Period"
    _order = "id desc"
    _check_company_auto = True

    cycle_id = fields.Many2one(
        "hr.performance.cycle", "From", required=True, check_company=True
    )
    target_cycle_id = fields.Many2one(
        "hr.performance.cycle",
        "Into",
        compute="_compute_target_cycle_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        check_company=True,
        domain="[('id', '!=', cycle_id), ('state', '!=', 'closed')]",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    goal_ids = fields.Many2many(
        "hr.performance.goal",
        string="These Goals",
        check_company=True,
        help="Empty: all goals of the period, or of the people and departments below.",
    )
    employee_ids = fields.Many2many(
        "hr.employee", string="Goals of People", check_company=True
    )
    department_ids = fields.Many2many(
        "hr.department",
        string="Goals of Departments",
        check_company=True,
        help="Their own and those of the people in them and in the departments below.",
    )
    new_baseline = fields.Selection(
        [
            ("same", "The same as before"),
            ("actual", "Where the period before ended"),
        ],
        "Baselines",
        required=True,
        default="actual",
    )
    percent = fields.Float(
        "More Ambitious By",
        aggregator=None,
        help="5 turns a target of 100 into 105, or into 95 where lower is better.",
    )
    to_copy_count = fields.Integer("To Copy", compute="_compute_counts")
    unfinished_count = fields.Integer("Unfinished", compute="_compute_counts")
    copied_count = fields.Integer("Copied", compute="_compute_counts")

    @api.depends("cycle_id", "target_cycle_id")
    def _compute_display_name(self):
        for job in self:
            job.display_name = self.env._(
                "%(former)s → %(next)s",
                former=job.cycle_id.name or "",
                next=job.target_cycle_id.name or "",
            )

    @api.depends("cycle_id")
    def _compute_target_cycle_id(self):
        """The next period of the same kind."""
        for job in self:
            following = job.cycle_id._following()
            job.target_cycle_id = following.get(job.cycle_id, job.target_cycle_id)

    @api.depends_context("uid")
    @api.depends(
        "cycle_id",
        "target_cycle_id",
        "goal_ids",
        "employee_ids",
        "department_ids",
        "batch_state",
        "batch_done",
    )
    def _compute_counts(self):
        for job in self:
            goals = job._goals()
            missing = job._missing(goals)
            job.to_copy_count = len(missing)
            job.copied_count = len(goals) - len(missing)
            job.unfinished_count = sum(goal._is_unfinished() for goal in missing)

    # ---------------------------------------------------------------- checks

    @api.constrains("cycle_id", "target_cycle_id")
    def _check_cycles(self):
        for job in self:
            if job.target_cycle_id == job.cycle_id:
                raise ValidationError(
                    self.env._(
                        "Goals of “%(cycle)s” cannot be copied into the same period. Choose"
                        " another one in “Into”.",
                        cycle=job.cycle_id.name,
                    )
                )

    @api.constrains("percent")
    def _check_percent(self):
        for job in self:
            if not is_ordinary(job.percent) or not -100 < job.percent <= 1000:
                raise ValidationError(
                    self.env._(
                        "%(work)s: “More Ambitious By” is a number above -100 and not above"
                        " 1000.",
                        work=job.display_name,
                    )
                )

    # ---------------------------------------------------------------- which

    def _goals(self):
        """The goals to be copied, copied ones too, those above before those below."""
        self.ensure_one()
        goals = self.env["hr.performance.goal"]
        cycles = self._cycles()
        if not cycles:
            return goals
        domain = (
            Domain("cycle_id", "in", [cycle.id for cycle in cycles])
            & Domain("state", "!=", "cancelled")
            & Domain("decision", "!=", "dropped")
            # made anew for whoever holds the post then
            & Domain("origin", "not =like", "post:%")
            & (
                Domain("scope", "!=", "employee")
                | Domain("employee_id.active", "=", True)
            )
        )
        if self.goal_ids:
            domain &= Domain("id", "in", self.goal_ids._origin.ids)
        holders = Domain.FALSE
        if self.employee_ids:
            holders |= Domain("scope", "=", "employee") & Domain(
                "employee_id", "in", self.employee_ids._origin.ids
            )
        if self.department_ids:
            holders |= Domain(
                "department_id", "child_of", self.department_ids._origin.ids
            )
        if not holders.is_false():
            domain &= holders
        if not self.env.su:
            # what the user could not make is left to those who can
            domain &= self.env["ir.rule"]._compute_domain(goals._name, "create")
        return goals.search(domain).sorted(lambda goal: (_depth(goal), goal.id))

    def _missing(self, goals=None):
        """Those of the goals that are not in the new period yet.

        It may have been carried over when it was closed, or the copy been moved since to
        another period.
        """
        goals = self._goals() if goals is None else goals
        goals -= goals.browse([goal.id for goal in self._there(goals)])
        cycles = self._cycles()
        origins = {goal: self._origin_of(goal, cycles[goal.cycle_id]) for goal in goals}
        made = goals._made(origins.values())
        return goals.filtered(lambda goal: origins[goal] not in made)

    def _there(self, goals):
        """``{goal: what became of it in the new period}``, in superuser mode."""
        cycles = self._cycles()
        # sudo: what was copied is there, also where the user cannot see it
        found = (
            goals.sudo()
            .with_context(active_test=False)
            .search_fetch(
                [
                    ("former_id", "in", goals.ids),
                    ("cycle_id", "in", [cycle.id for cycle in cycles.values()]),
                ],
                ["former_id"],
            )
        )
        return {copy.former_id: copy for copy in found}

    def _origin_of(self, goal, cycle):
        return f"copy:{goal.id}:cycle:{cycle.id}"

    def _cycles(self):
        """``{cycle: the one its goals are copied into}``, sub-periods by their place."""
        old, new = self.cycle_id._origin, self.target_cycle_id._origin
        if not (old and new):
            return {}
        shift = relativedelta(new.date_start, old.date_start)
        places = {
            (cycle.period_type, cycle.date_start): cycle
            for cycle in new.search([("id", "child_of", new.id)])
        }
        below = old.search([("id", "child_of", old.id)]) - old
        return {old: new} | {
            cycle: places[place]
            for cycle in below
            if (place := (cycle.period_type, cycle.date_start + shift)) in places
        }

    # ---------------------------------------------------------------- copying

    def _count_batch(self):
        return len(self._missing())

    def _do_batch(self, limit):
        goals = self._missing()[:limit]
        # what is above is there before what hangs below it is made
        for _level, level in groupby(goals, _depth):
            level = goals.browse().concat(*level)
            above = self._above(level)
            level._make_missing(
                [self._copy_values(goal, above[goal]) for goal in level]
            )
        return len(goals)

    def _above(self, goals):
        """``{goal: what its copy hangs below}``: the copy of the goal above.

        Or that goal itself, where its period covers the new one, as a year's goal above
        those of the quarters. Else nothing: last year's goals do not count this year's.
        """
        cycles = self._cycles()
        # sudo: the goal above may be one that the user cannot see
        parents = {goal: goal.sudo().parent_id for goal in goals}
        there = self._there(goals.browse().concat(*parents.values()))
        above = {}
        for goal, parent in parents.items():
            new = cycles[goal.cycle_id]
            covers = (
                parent
                and parent.cycle_id.date_start <= new.date_start
                and new.date_end <= parent.cycle_id.date_end
            )
            above[goal] = there.get(parent) or (parent if covers else parent.browse())
        return above

    def _copy_values(self, goal, above):
        """The values of the copy of ``goal`` that hangs below ``above``."""
        cycle = self._cycles()[goal.cycle_id]
        (values,) = goal.copy_data({"name": goal.name, "cycle_id": cycle.id})
        if goal.scope == "employee":
            for name in FOUND_ANEW:
                values.pop(name, None)
        unfinished = goal._is_unfinished()
        return values | {
            "parent_id": above.id,
            "origin": self._origin_of(goal, cycle),
            "former_id": goal.id,
            "was_unfinished": unfinished,
            "former_progress": goal.progress if unfinished else None,
            "measure_ids": [
                Command.create(self._measure_values(measure, cycle))
                for measure in goal.measure_ids
                if measure.indicator_id.state != "retired"
            ],
        }

    def _measure_values(self, measure, cycle):
        (values,) = measure.copy_data({"goal_id": False})
        old = measure.cycle_id
        shift = relativedelta(cycle.date_start, old.date_start)
        days = (measure.date_start, measure.date_end)
        goal = measure.goal_id
        if days == (goal.date_start, goal.date_end):
            # the whole of the new period, though the old one was held in part of its own
            values.pop("date_end")
        else:
            for name, day in zip(("date_start", "date_end"), days, strict=True):
                values[name] = min(max(day + shift, cycle.date_start), cycle.date_end)
        for _code, _id, milestone in values.get("milestone_ids", ()):
            if milestone.get("date_deadline"):
                milestone["date_deadline"] += shift
        indicator = measure.indicator_id
        if indicator.scoring_rule in UNTARGETED or indicator.direction == RANGE:
            return values
        # a target that was changed in mid-period is the one that stands at its end
        old_target = measure._targets_in_force()[-1][1]
        target = raised(
            old_target, self.percent, indicator.direction == LOWER, indicator.digits
        )
        if target == measure.baseline:
            target = (
                old_target  # rounded away: too small a way to raise it by so little
            )
        baseline = measure.baseline
        if self.new_baseline == "actual":
            baseline = baseline_from(measure.actual, baseline, target)
        return values | {"target": target, "baseline": baseline}

    def action_view_goals(self):
        """The copies, those that were unfinished marked."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_performance.goal_action"
        )
        return action | {
            "name": self.display_name,
            "domain": [
                ("former_id", "in", self._goals().ids),
                ("cycle_id", "child_of", self.target_cycle_id.id),
            ],
            "context": {},
        }


class HrPerformanceCycle(models.Model):
    _inherit = "hr.performance.cycle"

    def action_copy_goals(self):
        """Open the copying of this cycle's goals into the next one."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Prepare the next cycle"),
            "res_model": "hr.performance.goal.copy",
            "view_mode": "form",
            "context": {
                "default_cycle_id": self.id,
                "default_company_id": self.company_id.id,
            },
        }


def _depth(goal):
    """How many goals there are above, and itself."""
    return goal.parent_path.count("/")
