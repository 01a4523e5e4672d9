from itertools import pairwise

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..engine.periods import (
    FIRST_DAY,
    LAST_DAY,
    following_period,
    is_ordinary_day,
    split_period,
)
from ..engine.wording import years_moved
from .edges import edges_follow
from .workflow_mixin import OFFICERS, Transition

STAGES = ("plan", "do", "check", "act")
CHECKIN_FREQUENCIES = [
    ("week", "Every week"),
    ("two_weeks", "Every two weeks"),
    ("month", "Every month"),
    ("quarter", "Every quarter"),
]
#: days by which something has to be done; in the next period as long after its first day
DEADLINES = (
    "goal_deadline",
    "self_review_deadline",
    "feedback_deadline",
    "manager_review_deadline",
)


class HrPerformanceCycle(models.Model):
    """A period in which goals are set, followed and appraised; a tree of them.

    The four stages are those of the PDCA wheel. Closing is final: no reading dated in a
    closed cycle is taken, and nothing in it moves until an administrator reopens it.
    """

    _name = "hr.performance.cycle"
    _inherit = [
        "hr.performance.workflow.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Performance Cycle"
    _parent_store = True
    _order = "date_start desc, date_end desc, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    parent_id = fields.Many2one(
        "hr.performance.cycle",
        "Part Of",
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("hr.performance.cycle", "parent_id", "Sub-periods")
    period_type = fields.Selection(
        [
            ("year", "Year"),
            ("half", "Half-year"),
            ("tertial", "Four months"),
            ("quarter", "Quarter"),
            ("month", "Month"),
            ("other", "Other"),
        ],
        required=True,
        default="year",
    )
    date_start = fields.Date("From", required=True, tracking=True)
    date_end = fields.Date("To", required=True, tracking=True)
    state = fields.Selection(
        [
            ("plan", "Plan"),
            ("do", "Do"),
            ("check", "Check"),
            ("act", "Act"),
            ("closed", "Closed"),
        ],
        required=True,
        default="plan",
        copy=False,
        index=True,
        tracking=True,
        help="Plan: set and agree goals. Do: work, check in, adjust. Check: review and"
        " appraise. Act: learn, release the results, prepare the next cycle.",
    )
    checkin_frequency = fields.Selection(
        CHECKIN_FREQUENCIES,
        "Check-in",
        required=True,
        default="month",
    )
    template_id = fields.Many2one(
        "hr.performance.template",
        "Appraisal Form",
        check_company=True,
        help="The form for the appraisals of this cycle.",
    )
    scale_id = fields.Many2one(
        "hr.performance.scale",
        "Rating Scale",
        check_company=True,
        help="The scale of the overall result.",
    )
    goal_deadline = fields.Date("Goals Agreed By")
    self_review_deadline = fields.Date("Self Reviews By")
    manager_review_deadline = fields.Date("Manager Reviews By")
    feedback_deadline = fields.Date("Others' Reviews By")
    phase_ids = fields.One2many("hr.performance.cycle.phase", "cycle_id", "Phases")
    anonymity_minimum = fields.Integer(
        "Anonymous Answers From",
        default=3,
        help="Groups with fewer answers than this are never shown.",
    )
    appeal_days = fields.Integer(
        default=14, help="Working days to contest a released appraisal."
    )
    goal_ids = fields.One2many("hr.performance.goal", "cycle_id", "Goals")
    appraisal_ids = fields.One2many("hr.performance.appraisal", "cycle_id")
    goal_count = fields.Integer(compute="_compute_counts")
    goal_agreed_count = fields.Integer(compute="_compute_counts")
    appraisal_count = fields.Integer(compute="_compute_counts")
    appraisal_done_count = fields.Integer(compute="_compute_counts")

    _transitions = {
        **{
            f"to_{target}": Transition((source,), target, OFFICERS)
            for source, target in pairwise(STAGES)
        },
        "close": Transition(STAGES, "closed", OFFICERS),
        "reopen": Transition(("closed",), "act", frozenset({"administrator"})),
    }

    @api.depends("goal_ids.state", "appraisal_ids.state")
    def _compute_counts(self):
        goals = self._count_by_state("hr.performance.goal")
        appraisals = self._count_by_state("hr.performance.appraisal")
        for cycle in self:
            by_state = goals.get(cycle._origin.id, {})
            cycle.goal_count = sum(by_state.values()) - by_state.get("cancelled", 0)
            cycle.goal_agreed_count = by_state.get("agreed", 0) + by_state.get(
                "closed", 0
            )
            by_state = appraisals.get(cycle._origin.id, {})
            cycle.appraisal_count = sum(by_state.values()) - by_state.get(
                "cancelled", 0
            )
            cycle.appraisal_done_count = sum(
                by_state.get(state, 0)
                for state in ("released", "acknowledged", "closed")
            )

    def _count_by_state(self, model_name):
        counts = {}
        for cycle, state, count in self.env[model_name]._read_group(
            [("cycle_id", "in", self._origin.ids)], ["cycle_id", "state"], ["__count"]
        ):
            counts.setdefault(cycle.id, {})[state] = count
        return counts

    def _is_shorter_part_of(self, whole):
        """Whether this period lies inside that of ``whole`` and does not fill it."""
        if not (
            self.date_start and self.date_end and whole.date_start and whole.date_end
        ):
            return False
        return (
            whole.date_start <= self.date_start
            and self.date_end <= whole.date_end
            and (self.date_start, self.date_end) != (whole.date_start, whole.date_end)
        )

    @api.constrains("parent_id", "date_start", "date_end", "company_id")
    def _check_dates(self):
        for cycle in self:
            if cycle.date_end < cycle.date_start:
                raise ValidationError(
                    self.env._(
                        "Cycle “%(cycle)s” ends before it begins. Change “From” or “To”.",
                        cycle=cycle.name,
                    )
                )
            if not (
                is_ordinary_day(cycle.date_start) and is_ordinary_day(cycle.date_end)
            ):
                raise ValidationError(
                    self.env._(
                        "Cycle “%(cycle)s”: “From” and “To” must lie between %(first)s and"
                        " %(last)s. Correct the years.",
                        cycle=cycle.name,
                        first=FIRST_DAY,
                        last=LAST_DAY,
                    )
                )
            parent = cycle.parent_id
            if parent and not (
                parent.date_start <= cycle.date_start
                and cycle.date_end <= parent.date_end
            ):
                raise ValidationError(
                    self.env._(
                        "Sub-period “%(cycle)s” (%(from)s – %(to)s) must lie within"
                        " “%(parent)s” (%(parent_from)s – %(parent_to)s). Change its dates"
                        " or the cycle it is part of.",
                        cycle=cycle.name,
                        parent=parent.name,
                        parent_from=parent.date_start,
                        parent_to=parent.date_end,
                        **{"from": cycle.date_start, "to": cycle.date_end},
                    )
                )
            for child in cycle.child_ids:
                if not (
                    cycle.date_start <= child.date_start
                    and child.date_end <= cycle.date_end
                ):
                    raise ValidationError(
                        self.env._(
                            "Cycle “%(cycle)s” must cover its sub-period “%(child)s”.",
                            cycle=cycle.name,
                            child=child.name,
                        )
                    )
        self._check_sisters()

    def _check_sisters(self):
        """Refuse sub-periods of one parent that overlap."""
        families = self.parent_id.with_context(active_test=False).child_ids
        for sisters in families.grouped("parent_id").values():
            in_order = sisters.sorted("date_start")
            for earlier, later in pairwise(in_order):
                if later.date_start <= earlier.date_end:
                    raise ValidationError(
                        self.env._(
                            "Sub-periods “%(earlier)s” (until %(end)s) and “%(later)s”"
                            " (from %(start)s) overlap. Change the dates of one of them.",
                            earlier=earlier.name,
                            end=earlier.date_end,
                            later=later.name,
                            start=later.date_start,
                        )
                    )

    @api.constrains("anonymity_minimum", "appeal_days")
    def _check_numbers(self):
        for cycle in self:
            if cycle.appeal_days < 0:
                raise ValidationError(
                    self.env._(
                        "Cycle “%(cycle)s”: “Appeal Days” cannot be negative.",
                        cycle=cycle.name,
                    )
                )
            if cycle.anonymity_minimum < 2:
                raise ValidationError(
                    self.env._(
                        "Cycle “%(cycle)s”: an anonymous group needs at least 2 people.",
                        cycle=cycle.name,
                    )
                )

    def write(self, vals):
        if vals.get("parent_id"):
            self._check_loop(self.browse(vals["parent_id"]))
        moved = {"date_start", "date_end", "company_id"} & vals.keys()
        if not moved:
            return super().write(vals)
        self._check_movable("company_id" in moved)
        # sudo: goals one cannot see move with their cycle as well
        cycles = self.sudo().with_context(active_test=False)
        goals = cycles.goal_ids
        with (
            edges_follow(goals.measure_ids, "goal_id"),
            edges_follow(goals, "cycle_id"),
        ):
            return super().write(vals)

    def _check_movable(self, to_company):
        """Dates of a closed cycle stay; with goals, a cycle stays in its company."""
        for cycle in self:
            if cycle.state == "closed":
                raise UserError(
                    self.env._(
                        "Cycle “%(cycle)s” is closed: its dates and company stay. Ask an"
                        " administrator to reopen it.",
                        cycle=cycle.name,
                    )
                )
            if to_company and (cycle.sudo().goal_ids or cycle.sudo().appraisal_ids):
                raise UserError(
                    self.env._(
                        "Cycle “%(cycle)s” has goals or appraisals, so it stays with"
                        " %(company)s. Make a cycle for the other company.",
                        cycle=cycle.name,
                        company=cycle.company_id.name,
                    )
                )

    def _check_loop(self, parent):
        """Refuse a ``parent`` that is or lies below one of these cycles.

        Not a constraint: the ORM comes first with "Recursion Detected.", which names
        nothing.
        """
        # sudo: the cycle above may lie in a company the user cannot see
        path = parent.sudo().parent_path or ""
        for cycle in self:
            if path.startswith(cycle.parent_path):
                raise ValidationError(
                    self.env._(
                        "Cycle “%(cycle)s” cannot be part of itself. Choose another “Part"
                        " Of”.",
                        cycle=cycle.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for cycle in self:
            if cycle.goal_ids or cycle.appraisal_ids:
                raise UserError(
                    self.env._(
                        "Cycle “%(cycle)s” has goals or appraisals. Archive it instead.",
                        cycle=cycle.name,
                    )
                )

    def copy_data(self, default=None):
        """A copy is the period that follows: what one duplicates a cycle for."""
        vals_list = super().copy_data(default)
        default = default or {}
        if {"date_start", "date_end"} & default.keys():
            return vals_list
        for cycle, vals in zip(self, vals_list, strict=True):
            start, end = following_period(cycle.date_start, cycle.date_end)
            vals |= {"date_start": start, "date_end": end}
            for name in DEADLINES:
                length = relativedelta(start, cycle.date_start)
                vals[name] = cycle[name] and cycle[name] + length
            if "name" not in default:
                name = years_moved(cycle.name, start.year - cycle.date_start.year)
                if name == cycle.name or cycle.period_type != "year":
                    # which number a quarter has, its name does not tell
                    name = self.env._("%(cycle)s (next)", cycle=cycle.name)
                vals["name"] = name
            parent = cycle.parent_id
            if "parent_id" not in default and end > (parent.date_end or end):
                # the last quarter's next one is of the next year
                vals["parent_id"] = False
        return vals_list

    # ---------------------------------------------------------------- steps

    def action_create_subperiods(self, period_type):
        """Fill the cycle with sub-periods of ``period_type``.

        :return: the new cycles' list action
        :raise UserError: when there are sub-periods already, or the period is not a whole
            number of them
        """
        self.ensure_one()
        self.check_access("write")
        if self.child_ids:
            raise UserError(
                self.env._(
                    "Cycle “%(cycle)s” has sub-periods already. Remove them first, or"
                    " divide one of them.",
                    cycle=self.name,
                )
            )
        types = dict(self._fields["period_type"]._description_selection(self.env))
        try:
            periods = split_period(self.date_start, self.date_end, period_type)
        except (KeyError, ValueError):
            raise UserError(
                self.env._(
                    "Cycle “%(cycle)s” (%(start)s – %(end)s) is not a whole number of"
                    " periods of type “%(type)s”. Choose a shorter type or change the"
                    " dates.",
                    cycle=self.name,
                    start=self.date_start,
                    end=self.date_end,
                    type=types.get(period_type, period_type),
                )
            ) from None
        self.create(
            [
                {
                    "name": self._subperiod_name(period_type, number, start),
                    "parent_id": self.id,
                    "company_id": self.company_id.id,
                    "period_type": period_type,
                    "date_start": start,
                    "date_end": end,
                    "checkin_frequency": self.checkin_frequency,
                    "template_id": self.template_id.id,
                    "scale_id": self.scale_id.id,
                    "anonymity_minimum": self.anonymity_minimum,
                    "appeal_days": self.appeal_days,
                }
                for number, (start, end) in enumerate(periods, 1)
            ]
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sub-periods of %(cycle)s", cycle=self.name),
            "res_model": self._name,
            "view_mode": "list,form",
            "domain": [("parent_id", "=", self.id)],
        }

    def _subperiod_name(self, period_type, number, start):
        """“Plan 2026 Q1”: the parent's name and which part of it; “2026-03”, “2026”."""
        part = {
            "year": str(start.year),
            "half": self.env._("half %(number)s", number=number),
            "tertial": self.env._("tertial %(number)s", number=number),
            "quarter": self.env._("Q%(number)s", number=number),
            "month": start.strftime("%Y-%m"),
        }[period_type]
        if period_type in ("year", "month"):
            return part
        return self.env._("%(cycle)s %(part)s", cycle=self.name, part=part)

    def action_next_stage(self):
        """Turn the wheel: plan → do → check → act. After “act” comes closing."""
        for cycle in self:
            if cycle.state in STAGES[:-1]:
                following = STAGES[STAGES.index(cycle.state) + 1]
                cycle._take_step(f"to_{following}")
            else:
                raise UserError(
                    self.env._(
                        "Cycle “%(cycle)s” has no further stage. Close it when its"
                        " appraisals are finished.",
                        cycle=cycle.name,
                    )
                )

    def action_close(self):
        """Close for good, sub-periods included: nothing in the cycle moves any more."""
        self._check_step("close")
        # what is archived closes as well: it must not open the period again
        closing = self.with_context(active_test=False).search(
            [("id", "child_of", self.ids), ("state", "!=", "closed")]
        )
        # sudo: officers do not see their own appraisal, which counts all the same
        unfinished = closing.sudo().appraisal_ids.filtered(
            lambda appraisal: appraisal.state in ("draft", "open", "assessed")
        )
        if unfinished:
            raise UserError(
                self.env._(
                    "Appraisals in “%(cycle)s” that are not released: %(count)s, among them"
                    " %(first)s. Release or cancel them first.",
                    cycle=unfinished[0].cycle_id.name,
                    count=len(unfinished),
                    first=unfinished[0].employee_id.name,
                )
            )
        # results that are still to be computed would find the cycle closed and stay
        self.env.flush_all()
        closing._take_step("close")

    def action_reopen(self, reason):
        """Open a closed cycle again (administrators only), for a ``reason``."""
        reason = self._check_reason(reason)
        self._take_step("reopen")
        self.sudo().goal_ids._recount()
        for cycle in self:
            cycle.message_post(body=self.env._("Reopened: %(reason)s", reason=reason))

    def action_prepare_launch(self):
        """Open the launch for everybody, a new one the first time: first who gets what.

        :return: the action that shows the launch with its preview; nobody is asked yet
        :raise UserError: without a form or a scale, or in a closed cycle
        """
        self.ensure_one()
        self.check_access("write")
        if self.state == "closed":
            raise UserError(
                self.env._(
                    "Cycle “%(cycle)s” is closed. Launch appraisals in an open one.",
                    cycle=self.name,
                )
            )
        self._check_launchable()
        launches = self.env["hr.performance.launch"]
        launch = launches.search(
            [("cycle_id", "=", self.id), ("phase_id", "=", False)], limit=1
        )
        launch = launch or launches.create(
            {
                "company_id": self.company_id.id,
                "cycle_id": self.id,
                "template_id": self.template_id.id,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": launch.name,
            "res_model": launch._name,
            "res_id": launch.id,
            "view_mode": "form",
        }

    def _check_launchable(self):
        for name in ("template_id", "scale_id"):
            if not self[name]:
                raise UserError(self._lacks_message(name))

    def action_launch_appraisals(self):
        """Make and open an appraisal for everybody in the company who has none yet.

        Safe to repeat: whoever has an appraisal in this cycle keeps it. For some people
        only, with a preview, make an ``hr.performance.launch``.

        :return: the action that shows the cycle's appraisals, or the launch while it runs
        :raise UserError: without a form or a scale, in a closed cycle, or when there is
            nobody left to appraise
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "closed":
            self._check_launchable()
        launches = self.env["hr.performance.launch"]
        launch = launches.search(
            [("cycle_id", "=", self.id), ("batch_state", "=", "running")], limit=1
        )
        if not launch:
            launch = launches.create(
                {
                    "company_id": self.company_id.id,
                    "cycle_id": self.id,
                    "template_id": self.template_id.id,
                }
            )
            launch.action_start()
        if launch.batch_state == "done":
            return self.action_view_appraisals()
        return {
            "type": "ir.actions.act_window",
            "res_model": launch._name,
            "res_id": launch.id,
            "view_mode": "form",
        }

    def _lacks_message(self, name):
        """What a launch needs of the cycle, with the way out."""
        return self.env._(
            "Cycle “%(cycle)s” has no “%(field)s”. Choose one, then launch.",
            cycle=self.name,
            field=self._fields[name]._description_string(self.env),
        )

    def action_view_appraisals(self):
        self.ensure_one()
        return self.env["hr.performance.appraisal"]._list_action(
            [("cycle_id", "=", self.id)], context={"default_cycle_id": self.id}
        )

    def action_view_goals(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_performance.goal_action"
        )
        return action | {
            "domain": [("cycle_id", "=", self.id)],
            "context": {"default_cycle_id": self.id},
        }

    @api.model
    def _closed_on(self, places):
        """The closed cycles among dates.

        :param places: set of ``(company id, date)``
        :return: ``{(company id, date): cycle}`` of those that lie in a closed one
        """
        if not places:
            return {}
        closed = self._closed_cycles({company_id for company_id, _date in places})
        return {
            (company_id, date): cycle
            for cycle in closed
            for company_id, date in places
            if company_id == cycle.company_id.id
            and cycle.date_start <= date <= cycle.date_end
        }

    def _closed_message(self, date):
        """Why nothing dated so is taken, with the way out."""
        self.ensure_one()
        return self.env._(
            "%(date)s lies in “%(cycle)s”, which is closed. Use a date outside it, or ask an"
            " administrator to reopen the cycle.",
            date=date,
            cycle=self.name,
        )

    @api.model
    def _closed_cycles(self, company_ids):
        """The closed cycles of these companies, archived ones included."""
        # sudo: a period is closed for everybody, also for who may not see the cycle
        return (
            self.sudo()
            .with_context(active_test=False)
            .search_fetch(
                [("state", "=", "closed"), ("company_id", "in", list(company_ids))],
                ["company_id", "date_start", "date_end", "name"],
            )
        )
