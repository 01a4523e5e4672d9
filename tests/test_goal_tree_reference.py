"""Whatever happens anywhere in the tree, all figures are those of a full recomputation.

A random tree of goals is moved about. After every step, what the models have stored is
compared with a reference that knows nothing of them: it reads the typed-in facts of all
goals and works everything out from the leaves, one goal after the other.
"""

import random
from collections import Counter
from fractions import Fraction

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PerformanceCommon

FIGURES = ("progress", "coverage", "score", "health")


class Reference:
    """All figures of all goals, worked out from what people typed."""

    def __init__(self, env, company):
        self.today = fields.Date.today()
        self.goals = (
            env["hr.performance.goal"]
            .with_context(active_test=False)
            .search([("company_id", "=", company.id)])
        )
        self.readings = env["hr.performance.reading"].search(
            [("company_id", "=", company.id)]
        )
        self.gaps = (
            company.performance_at_risk_gap,
            company.performance_off_track_gap,
        )
        self.risks = env["hr.performance.risk"].search(
            [("company_id", "=", company.id)]
        )
        self.tolerances = {
            line.scope: (line.tolerance, line.critical_from)
            for line in env["hr.performance.risk.tolerance"].search(
                [("company_id", "=", company.id)]
            )
        }

    def children(self, goal):
        """Those below that count."""
        return [
            child
            for child in self.goals
            if child.parent_id == goal
            and child.active
            and child.link == "contributes"
            and child.state != "cancelled"
        ]

    def actual(self, measure):
        goal = measure.goal_id
        values = []
        for reading in self.readings:
            if reading.indicator_id != measure.indicator_id:
                continue
            if not measure.date_start <= reading.date <= measure.date_end:
                continue
            unit, units = reading.department_id, []
            while unit:
                units.append(unit)
                unit = unit.parent_id
            if (
                goal.scope == "company"
                or (goal.scope == "department" and goal.department_id in units)
                or (
                    goal.scope == "employee" and goal.employee_id == reading.employee_id
                )
            ):
                values.append(Fraction(reading.value))
        return sum(values) if values else None

    def achievement(self, measure):
        actual = self.actual(measure)
        if actual is None:
            return None
        baseline = Fraction(measure.baseline)
        return 100 * (actual - baseline) / (Fraction(measure.target) - baseline)

    @staticmethod
    def mean(parts):
        """The weighted mean of what has a value, and the share of weight that has one."""
        weight = sum(Fraction(weight) for value, weight in parts if value is not None)
        if not weight:
            return None, Fraction(0)
        value = sum(Fraction(w) * value for value, w in parts if value is not None)
        return value / weight, 100 * weight / sum(Fraction(w) for _value, w in parts)

    def progress(self, goal):
        """Progress and coverage."""
        source = goal.progress_source
        if source == "auto":
            source = "measures" if goal.measure_ids else "children"
        parts = []
        if source != "children":
            for measure in goal.measure_ids:
                share = self.achievement(measure)
                if share is not None:
                    share = min(max(share, 0), 100)
                parts.append((share, measure.weight))
        if source != "measures":
            for child in self.children(goal):
                parts.append((self.progress(child)[0], child.weight))
        return self.mean(parts)

    def score(self, goal):
        parts = []
        for measure in goal.measure_ids:
            share = self.achievement(measure)
            if share is not None:
                share = min(max(share, 0), 120)
            parts.append((share, measure.weight))
        return self.mean(parts)[0]

    def status(self, progress, start, end):
        if progress is None:
            return None
        days = (end - start).days + 1
        elapsed = min(max((self.today - start).days + 1, 0), days)
        gap = Fraction(100 * elapsed, days) - min(max(progress, 0), 100)
        return sum(gap > limit for limit in self.gaps)

    def health(self, goal):
        if goal.state == "closed":
            return "done"
        if goal.state != "agreed":
            return "no_value"
        found = [self.status(self.progress(goal)[0], goal.date_start, goal.date_end)]
        found += [
            self.status(self.achievement(measure), measure.date_start, measure.date_end)
            for measure in goal.measure_ids
        ]
        found.append(self.danger(goal))
        worst = max((status for status in found if status is not None), default=3)
        return ("on_track", "at_risk", "off_track", "no_value")[worst]

    def danger(self, goal):
        """What untreated threats make of it: 1 or 2, or None."""
        tolerance, critical = self.tolerances[goal.scope]
        levels = [
            risk.probability * risk.consequence
            for risk in self.risks
            if risk.goal_id == goal and risk.kind == "threat" and risk.state == "open"
        ]
        high = [level for level in levels if level > tolerance]
        return (2 if max(high) >= critical else 1) if high else None

    def assigned(self, measure):
        """By dimension: how much the goals below have of it, None without any."""
        totals = {}
        goal = measure.goal_id
        for child in self.children(goal):
            same_holder = (child.scope, child.employee_id) == (
                goal.scope,
                goal.employee_id,
            ) and (
                goal.scope != "department" or child.department_id == goal.department_id
            )
            start, end = child.cycle_id.date_start, child.cycle_id.date_end
            whole = goal.cycle_id.date_start, goal.cycle_id.date_end
            shorter = whole[0] <= start and end <= whole[1] and (start, end) != whole
            for part in child.measure_ids:
                if part.indicator_id == measure.indicator_id:
                    dimension = "time" if same_holder and shorter else "organisation"
                    totals[dimension] = totals.get(dimension, 0) + Fraction(part.target)
        return min(totals.values(), default=0)


@tagged("post_install", "-at_install")
class TestGoalTreeReference(PerformanceCommon):
    STEPS = 60
    GOALS = 14

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cycle.action_create_subperiods("quarter")
        cls.cycles = cls.cycle | cls.cycle.child_ids
        cls.tolerances = cls.env["hr.performance.risk.tolerance"].search(
            [("company_id", "=", cls.company.id)]
        )

    def setUp(self):
        super().setUp()
        self.done = Counter()

    def make_tree(self, rng):
        holders = [
            self.company,
            self.department,
            self.department_sub,
            self.department_sibling,
            self.manager,
            self.employee,
            self.colleague,
        ]
        self.goals = self.env["hr.performance.goal"]
        for number in range(self.GOALS):
            above = rng.choice(list(self.goals) or [self.goals])
            cycle = rng.choice([above.cycle_id or self.cycle, *self.cycle.child_ids])
            if above and above.cycle_id != self.cycle:
                cycle = above.cycle_id
            self.goals |= self.make_goal(
                rng.choice([*holders, *holders[:2]]),
                *(
                    {
                        "indicator_id": indicator.id,
                        "target": rng.choice((3, 10, 12.5, 40, 0.7)),
                        "weight": rng.choice((0, 20, 50, 100)),
                    }
                    for indicator in (self.ind_sum, self.ind_ratio)
                    if rng.random() < 0.5
                ),
                name=f"Goal {number}",
                cycle_id=cycle.id,
                parent_id=above.id,
                weight=rng.choice((0, 10, 100)),
                link=rng.choice(("contributes", "contributes", "supports")),
                progress_source=rng.choice(("auto", "auto", "both", "children")),
            )

    def end(self, rng, risk):
        """Treat, close or reopen a risk."""
        if risk.state == "open" and rng.random() < 0.5:
            risk.write(
                {
                    "response": "accept" if risk.kind == "threat" else "ignore",
                    "residual_probability": risk.probability,
                    "residual_consequence": risk.consequence,
                }
            )
            risk.action_treat()
        elif risk.state == "open":
            risk.action_close()
        else:
            risk.action_reopen()

    def tolerate(self, rng):
        """Another tolerance for some goals."""
        rng.choice(self.tolerances).write(
            {"tolerance": rng.randint(2, 20), "critical_from": rng.randint(5, 25)}
        )

    def take(self, rng):
        """One random step on a random goal; may be refused."""
        goal = rng.choice(list(self.goals)).with_context(
            # what clients may send along changes nothing
            active_test=rng.random() < 0.7
        )
        measure = goal.measure_ids[:1]
        over = self.goals.filtered(lambda goal: goal.state in ("closed", "cancelled"))[
            :1
        ]

        def agree(goal):
            if goal.state == "draft":
                goal.action_propose()
            if goal.state == "proposed":
                goal.action_agree()
            return goal

        risks = goal.risk_ids

        step, act = rng.choice(
            (
                ("move", lambda: goal.write({"parent_id": rng.choice(self.goals).id})),
                ("cut off", lambda: goal.write({"parent_id": False})),
                (
                    "move",
                    lambda: goal.write({"parent_id": rng.choice(self.goals).id}),
                ),
                (
                    "relate",
                    lambda: goal.write(
                        {"link": rng.choice(("contributes", "supports"))}
                    ),
                ),
                ("weigh", lambda: goal.write({"weight": rng.choice((0, 5, 70))})),
                ("source", lambda: goal.write({"progress_source": "both"})),
                ("agree", lambda: agree(goal)),
                ("change", lambda: goal.action_request_change("New facts")),
                ("close", lambda: agree(goal).action_close("partly")),
                ("cancel", lambda: goal.action_cancel("Not needed")),
                ("reopen", lambda: (over or goal).action_reopen("A mistake")),
                ("archive", lambda: goal.write({"active": not goal.active})),
                ("delete", goal.unlink),
                ("target", lambda: measure.write({"target": rng.choice((5, 7.25))})),
                ("unmeasure", measure.unlink),
                (
                    "risk",
                    lambda: goal.write(
                        {
                            "risk_ids": [
                                Command.create(
                                    {
                                        "name": "A risk",
                                        "kind": rng.choice(("threat", "opportunity")),
                                        "probability": rng.randint(1, 5),
                                        "consequence": rng.randint(1, 5),
                                    }
                                )
                            ]
                        }
                    ),
                ),
                (
                    "judge risk",
                    lambda: risks.write({"probability": rng.randint(1, 5)}),
                ),
                ("end risk", lambda: self.end(rng, risks[:1])),
                ("tolerate", lambda: self.tolerate(rng)),
                (
                    "rehold",
                    lambda: goal.write(
                        {"scope": "employee", "employee_id": self.colleague.id}
                    ),
                ),
                (
                    "period",
                    lambda: goal.write({"cycle_id": rng.choice(self.cycles).id}),
                ),
                *(
                    (
                        "read",
                        lambda: self.add_reading(
                            rng.choice((self.ind_sum, self.ind_ratio)),
                            rng.choice((0.25, 1, 3)),
                            rng.choice((self.manager, self.employee, self.colleague)),
                            date=self.day(rng.randint(1, 10), rng.randint(1, 28)),
                        ),
                    ),
                )
                * 3,
            )
        )
        self.env.flush_all()
        savepoint = self.env.cr.savepoint()
        try:
            act()
            goal.env.flush_all()
        except UserError:
            savepoint.rollback()
            self.env.invalidate_all()
            step = f"{step}, refused"
        savepoint.close(rollback=False)
        self.goals = self.goals.exists()
        self.done[step] += 1
        return f"{step} {goal}"

    def assertAsRecomputed(self, after):
        self.env.flush_all()
        self.env.invalidate_all()
        reference = Reference(self.env, self.company)
        for goal in reference.goals:
            progress, coverage = reference.progress(goal)
            expected = (
                progress,
                coverage,
                reference.score(goal),
                reference.health(goal),
            )
            for name, value in zip(FIGURES, expected, strict=True):
                self.assertSame(goal[name], value, f"{goal.name}.{name} after {after}")
            for measure in goal.measure_ids:
                assigned = reference.assigned(measure)
                left = Fraction(measure.target) - assigned
                label = f"{goal.name}, {measure.display_name} after {after}"
                self.assertSame(measure.assigned, assigned, label)
                self.assertSame(measure.uncovered, left, label)

    def assertSame(self, found, expected, label):
        if isinstance(expected, Fraction) and found is not None:
            self.assertAlmostEqual(found, float(expected), 6, label)
        else:
            self.assertEqual(found, expected, label)

    def test_random_trees(self):
        for seed in range(4):
            rng = random.Random(seed)
            with self.subTest(seed=seed):
                savepoint = self.env.cr.savepoint()
                self.make_tree(rng)
                self.assertAsRecomputed("making the tree")
                for number in range(self.STEPS):
                    self.assertAsRecomputed(f"step {number}: {self.take(rng)}")
                savepoint.rollback()
                self.env.invalidate_all()
        # the test has seen everything it is about
        for step in ("move", "weigh", "agree", "close", "cancel", "reopen", "read"):
            self.assertGreaterEqual(self.done[step], 3, self.done)
        for step in ("risk", "judge risk", "end risk", "tolerate"):
            self.assertGreaterEqual(self.done[step], 3, self.done)
        for step in ("archive", "delete", "target", "relate", "cut off", "period"):
            self.assertGreaterEqual(self.done[step], 1, self.done)
