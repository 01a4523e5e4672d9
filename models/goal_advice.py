from odoo import api, fields, models
from odoo.fields import Domain

from ..engine import advice, health
from ..engine.scoring import HIGHER, RANGE, UNTARGETED
from .action import OPEN_STATES
from .goal import HOLDERS
from .meeting import HELD_STATES

#: a goal or measure of which it is asked what to look at
WEAK = (health.AT_RISK, health.OFF_TRACK)
#: scopes whose unit is the department
OF_A_UNIT = ("employee", "job")


class HrPerformanceGoal(models.Model):
    """What to look at: proposals for a goal that lies behind, worked out when looked at.

    Rules are data (``hr.performance.advice.rule``), facts are worked out here. All of it
    under the user's own rules, and only for who has a part in the goal: the owner, the line
    above and HR. A fact that the user may not read is not among the findings.
    """

    _inherit = "hr.performance.goal"

    advice = fields.Json(
        "What to Look At",
        compute="_compute_advice",
        help="Proposals, each with the figures behind it: what to look at first.",
    )

    @api.depends("health", "state", "measure_ids.status", "measure_ids.forecast_misses")
    @api.depends_context("uid", "lang")
    def _compute_advice(self):
        self.advice = False
        # under the user's own rules, whatever the mode
        goals = self._origin.sudo(False)._asking_for_advice()
        if not goals:
            return
        said = goals._advise()
        for goal in self:
            goal.advice = said.get(goal._origin.id, False)

    def _asking_for_advice(self):
        """The running goals that lie behind and in which the user has a part."""
        today = fields.Date.context_today(self)
        return self._filtered_access("read").filtered(
            lambda goal: (
                goal.state == "agreed"
                and not goal._is_settled()
                and goal.date_start <= today <= goal.date_end
                and (goal.health in (*WEAK, health.STALE) or goal._weak_measures())
                and goal._performance_roles()
            )
        )

    def _weak_measures(self):
        """The measures that are behind, or will be if it goes on like this."""
        return self.measure_ids.filtered(
            lambda measure: measure.status in WEAK or measure.forecast_misses
        )

    def _advise(self):
        """``{goal id: [advice as the screen shows it, ...]}``."""
        rules = self.env["hr.performance.advice.rule"].search([])
        engine_rules = {
            company: [
                (rule, rule._engine_rule())
                for rule in rules
                if rule.company_id in (company, rule.browse().company_id)
            ]
            for company in self.company_id
        }
        said = {}
        findings = self._advice_findings()
        for goal in self:
            known = engine_rules[goal.company_id]
            said[goal.id] = [
                known[place][0]._as_advice(finding)
                for place, finding in advice.advise(
                    [engine_rule for _rule, engine_rule in known], findings[goal]
                )
            ]
        return said

    # ---------------------------------------------------------------- facts

    def _advice_findings(self):
        """``{goal: [engine findings]}``, in a number of queries that no goal adds to."""
        today = fields.Date.context_today(self)
        found = {goal: [] for goal in self}
        for facts in (
            self._advice_on_links(today),
            self._advice_on_figures(today),
            self._advice_on_readings(today),
            self._advice_on_checkins(today),
            self._advice_on_goals_below(today),
            self._advice_on_risks(),
            self._advice_on_actions(today),
            self._advice_on_talks(today),
        ):
            for goal, finding in facts:
                found[goal].append(finding)
        return found

    def _advice_on_links(self, today):
        """Of weak results the drivers and the counter-indicator, of the same unit."""
        weak = self._weak_measures()
        indicators = weak.indicator_id
        linked = indicators.driver_ids | indicators.counter_id
        if not linked:
            return
        measures = self.env["hr.performance.measure"].search(
            Domain("indicator_id", "in", linked.ids)
            & Domain("goal_id.state", "=", "agreed")
            & Domain("date_start", "<=", today)
            & Domain("date_end", ">=", today)
            & Domain("goal_id", "any", self._same_unit_domain())
        )
        for measure in weak:
            indicator = measure.indicator_id
            names = {"measure": indicator.name}
            unmeasured = indicator.browse()
            for driver in indicator.driver_ids:
                nearest = measure.goal_id._nearest(measures, driver)
                if not nearest:
                    unmeasured |= driver
                for other in nearest.filtered(lambda one: one.status in WEAK):
                    yield (
                        measure.goal_id,
                        advice.Finding(
                            "driver_lags",
                            other._gap_on(today),
                            measure.id,
                            names
                            | {"driver": driver.name, "figure": other.figure or ""},
                            _where(other, measure),
                        ),
                    )
            if unmeasured:
                yield (
                    measure.goal_id,
                    advice.Finding(
                        "driver_unmeasured",
                        len(unmeasured),
                        measure.id,
                        names | {"driver": ", ".join(unmeasured.mapped("name"))},
                        _where(indicator, measure),
                    ),
                )
            counters = measure.goal_id._nearest(measures, indicator.counter_id)
            for other in counters.filtered(lambda one: one.status in WEAK):
                yield (
                    measure.goal_id,
                    advice.Finding(
                        "counter_lags",
                        other._gap_on(today),
                        measure.id,
                        names
                        | {
                            "counter": indicator.counter_id.name,
                            "figure": other.figure or "",
                        },
                        _where(other, measure),
                    ),
                )

    def _same_unit_domain(self):
        """The goals of the same holders, and of the units that people and posts are in."""
        return Domain.OR(
            [
                *(
                    Domain("scope", "=", goal.scope)
                    & Domain(HOLDERS[goal.scope], "=", goal[HOLDERS[goal.scope]].id)
                    for goal in self
                ),
                Domain("scope", "=", "department")
                & Domain(
                    "department_id",
                    "in",
                    self.filtered(
                        lambda goal: goal.scope in OF_A_UNIT
                    ).department_id.ids,
                ),
            ]
        )

    def _nearest(self, measures, indicator):
        """Those of ``measures`` on ``indicator`` of the same holder, else of its unit."""
        self.ensure_one()
        on_it = measures.filtered(lambda measure: measure.indicator_id in indicator)
        holder = HOLDERS[self.scope]
        own = on_it.filtered(
            lambda measure: (
                measure.goal_id.scope == self.scope
                and measure.goal_id[holder] == self[holder]
            )
        )
        if own or self.scope not in OF_A_UNIT:
            return own
        return on_it.filtered(
            lambda measure: (
                measure.goal_id.scope == "department"
                and measure.goal_id.department_id == self.department_id
            )
        )

    def _advice_on_figures(self, today):
        """What the forecast and last year say about the target of weak measures."""
        weak = self._weak_measures().filtered(
            lambda measure: (
                measure._scored_by("scoring_rule") not in UNTARGETED
                and measure._scored_by("direction") != RANGE
            )
        )
        if not weak:
            return
        developments = weak._developments(today)
        hidden = weak._hidden_values(developments)
        former = weak._former_values()
        for measure in weak:
            indicator, target = measure.indicator_id, measure.target_by_days
            names = {
                "measure": indicator.name,
                "target": measure._advice_figure(target),
            }
            way = abs(target - measure.baseline)
            development = developments.get(measure, {})
            ahead = development.get("forecast")
            if ahead and development["misses"] and measure not in hidden and way:
                yield (
                    measure.goal_id,
                    advice.Finding(
                        "forecast_misses",
                        round(100 * abs(target - ahead.value) / way),
                        measure.id,
                        names | {"forecast": measure._advice_figure(ahead.value)},
                        _where(measure, measure),
                    ),
                )
            before = former.get(measure)
            # steps of one person that the user may not read hide last year's figure too
            if before and measure not in hidden and measure._may_see_parts(0):
                rises = measure._scored_by("direction") == HIGHER
                beyond = (target - before if rises else before - target) / abs(before)
                yield (
                    measure.goal_id,
                    advice.Finding(
                        "target_beyond_history",
                        round(100 * beyond),
                        measure.id,
                        names | {"former": measure._advice_figure(before)},
                        _where(measure, measure),
                    ),
                )

    def _advice_on_readings(self, today):
        """Values that should be there by now: an old figure explains nothing."""
        waiting = self.measure_ids.filtered(
            lambda measure: (
                measure.indicator_id.frequency
                and measure._scored_by("scoring_rule") not in UNTARGETED
                and measure.date_start <= today <= measure.date_end
            )
        )
        latest = waiting._latest_readings()
        # all at once
        self.env["hr.performance.reading"].sudo().union(*latest.values()).fetch(
            ["date"]
        )
        for measure in waiting:
            day = latest[measure].date or measure.date_start
            due = health.reading_due(day, measure.indicator_id.frequency)
            if today > due:
                yield (
                    measure.goal_id,
                    advice.Finding(
                        "readings_late",
                        (today - due).days,
                        measure.id,
                        {"measure": measure.indicator_id.name, "date": day},
                        _where(measure, measure, "action_view_readings"),
                    ),
                )

    def _advice_on_checkins(self, today):
        checkins = self.env["hr.performance.checkin"].search(
            # sudo: which one is the last; it is read under the user's own rules
            [("id", "in", self.sudo().last_checkin_id.ids)]
        )
        last = {checkin.goal_id: checkin for checkin in checkins}
        for goal in self:
            if goal.checkin_due and goal.checkin_due < today:
                yield (
                    goal,
                    advice.Finding(
                        "checkin_late",
                        (today - goal.checkin_due).days,
                        goal.id,
                        {"date": goal.checkin_due},
                        _where(goal, method="action_checkin"),
                    ),
                )
            checkin = last.get(goal)
            if not checkin:
                continue
            if checkin.blocked_since:
                yield (
                    goal,
                    advice.Finding(
                        "blocker",
                        (today - checkin.blocked_since).days,
                        goal.id,
                        {"blocker": " ".join((checkin.blockers or "").split())},
                        _where(checkin),
                    ),
                )
            # 0 is what nobody has touched
            if checkin.confidence:
                yield (
                    goal,
                    advice.Finding(
                        "confidence",
                        checkin.confidence,
                        goal.id,
                        {"date": checkin.date},
                        _where(checkin),
                    ),
                )

    def _advice_on_goals_below(self, today):
        below = self.search(
            [
                ("parent_id", "in", self.ids),
                ("link", "=", "contributes"),
                ("state", "=", "agreed"),
                ("date_start", "<=", today),
                ("date_end", ">=", today),
                ("health", "in", WEAK),
            ]
        )
        for goal in below.filtered(lambda goal: goal.progress is not None):
            yield (
                goal.parent_id,
                advice.Finding(
                    "goal_below_lags",
                    round(goal.expected - goal.progress),
                    goal.parent_id.id,
                    {"goal": goal.name},
                    _where(goal),
                ),
            )
        for goal in self.filtered("is_uncovered"):
            yield (
                goal,
                advice.Finding(
                    "uncovered",
                    len(goal.measure_ids.filtered("is_uncovered")),
                    goal.id,
                    {"uncovered": goal.uncovered_text or ""},
                    _where(goal, method="action_view_children"),
                ),
            )

    def _advice_on_risks(self):
        risks = self.env["hr.performance.risk"].search(
            [("goal_id", "in", self.ids), ("is_high", "=", True)]
        )
        for goal, high in risks.grouped("goal_id").items():
            yield (
                goal,
                advice.Finding(
                    "high_risk",
                    len(high),
                    goal.id,
                    {"risk": high[0].name},
                    _where(high[0]),
                ),
            )

    def _advice_on_actions(self, today):
        actions = self.env["hr.performance.action"]
        running = actions.search(
            [("goal_id", "in", self.ids), ("state", "in", OPEN_STATES)]
        ).grouped("goal_id")
        for goal in self:
            planned = running.get(goal, actions)
            late = planned.filtered("is_overdue")
            if late:
                first = late.sorted("date_deadline")[0]
                yield (
                    goal,
                    advice.Finding(
                        "action_overdue",
                        len(late),
                        goal.id,
                        {"action": first.name, "date": first.date_deadline},
                        _where(first),
                    ),
                )
            if not planned:
                yield (
                    goal,
                    advice.Finding(
                        "no_open_action",
                        1,
                        goal.id,
                        where={
                            "model": actions._name,
                            "context": {"default_goal_id": goal.id},
                        },
                    ),
                )
        weak = self._weak_measures()
        known = actions._earlier_actions(weak.indicator_id, effects=("worked",))
        for measure in weak:
            worked = known.filtered(
                lambda action, measure=measure: (
                    measure.indicator_id in action.indicator_ids
                    and action.goal_id != measure.goal_id
                )
            )
            if worked:
                yield (
                    measure.goal_id,
                    advice.Finding(
                        "worked_before",
                        len(worked),
                        measure.id,
                        {
                            "measure": measure.indicator_id.name,
                            "action": worked[0].name,
                        },
                        _where(worked[0], measure),
                    ),
                )

    def _advice_on_talks(self, today):
        """How long ago the owner of a personal goal met the manager, for those above."""
        goals = self.filtered(
            lambda goal: goal.scope == "employee" and not goal.is_mine
        )
        met = dict(
            self.env["hr.performance.meeting"]._read_group(
                [
                    ("employee_id", "in", goals.employee_id.ids),
                    ("state", "in", HELD_STATES),
                ],
                ["employee_id"],
                ["date:max"],
            )
        )
        for goal in goals:
            # who has never met has waited since the goal began
            day = met.get(goal.employee_id) or goal.date_start
            yield (
                goal,
                advice.Finding(
                    "no_talk",
                    (today - day).days,
                    goal.id,
                    {"owner": goal.employee_id.name},
                    _where(goal, method="action_plan_talk"),
                ),
            )

    def action_plan_talk(self):
        """Plan a coaching meeting with the owner about this goal."""
        self.ensure_one()
        return self.responsible_id._plan_meeting_action("coaching", self)


class HrPerformanceMeasure(models.Model):
    _inherit = "hr.performance.measure"

    advice = fields.Json(
        "What to Look At",
        compute="_compute_advice",
        help="What the goal's proposals say about this measure.",
    )

    @api.depends("goal_id.advice")
    @api.depends_context("uid", "lang")
    def _compute_advice(self):
        for measure in self:
            measure.advice = [
                line
                for line in measure.goal_id.advice or []
                if line["measure_id"] == measure._origin.id
            ]

    def _advice_figure(self, value):
        indicator = self.indicator_id
        return " ".join(filter(None, [indicator._format(value), indicator.unit]))


class HrPerformanceAdviceRule(models.Model):
    _inherit = "hr.performance.advice.rule"

    def _as_advice(self, finding):
        """One advice as the screen shows it: what, why, and where a click leads."""
        what, why = self._say(finding)
        return {
            "what": what,
            "why": why,
            "measure_id": False,
            **(finding.where or {}),
        }


def _where(record, measure=None, method=None):
    """Where an advice leads: a record, or what one of its methods opens."""
    where = {"model": record._name, "id": record.id}
    if method:
        where["method"] = method
    if measure:
        where["measure_id"] = measure.id
    return where
