"""What to look at when a result lies behind: each fact, its rule, and who is told."""

import re
from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .test_feedback import FeedbackCommon


@tagged("post_install", "-at_install")
class TestAdvice(FeedbackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        # a cycle of 100 days, of which 60 have passed: half way is 10 points behind
        start = cls.today - timedelta(days=59)
        cls.days = cls.make_cycle(
            "A hundred days",
            period_type="other",
            date_start=start,
            date_end=start + timedelta(days=99),
        )
        cls.driver, cls.other_driver, cls.counter = cls.env[
            "hr.performance.indicator"
        ].create(
            [
                {"name": "Visits", "kind": "process"},
                {"name": "Offers", "kind": "process"},
                {"name": "Complaints"},
            ]
        )
        cls.ind_sum.write(
            {
                "driver_ids": [fields.Command.set((cls.driver | cls.other_driver).ids)],
                "counter_id": cls.counter.id,
            }
        )
        (cls.driver | cls.other_driver | cls.counter).action_activate()
        # a goal that lies behind: 30 of 100 on day 60
        cls.goal = cls.result_goal(value=30)

    @classmethod
    def result_goal(cls, holder=None, indicator=None, value=None, **values):
        indicator = indicator or cls.ind_sum
        goal = cls.make_goal(
            holder, (indicator, 100), **{"cycle_id": cls.days.id} | values
        )
        cls.agree(goal)
        if value is not None:
            cls.add_reading(
                indicator, value, holder, date=cls.today - timedelta(days=1)
            )
        return goal

    def advice(self, who="manager", goal=None):
        """``{fact of the rule: (what, why, line)}``."""
        lines = self.as_(goal or self.goal, who).advice or []
        return {
            self.fact_of(line["what"]): (line["what"], line["why"], line)
            for line in lines
        }

    def fact_of(self, what):
        """Of which fact a rule has said so."""
        for rule in self.env["hr.performance.advice.rule"].search([]):
            pattern = re.sub(r"\\{.*?\\}", ".*", re.escape(rule.message))
            if re.fullmatch(pattern, what):
                return rule.fact
        self.fail(what)

    def ago(self, days):
        return self.today - timedelta(days=days)

    # ------------------------------------------------------------- who, and when

    def test_only_where_something_lies_behind(self):
        self.assertEqual(self.goal.health, "off_track")
        self.assertTrue(self.advice())
        well = self.result_goal(self.colleague, value=70)
        self.assertEqual(well.health, "on_track")
        self.assertFalse(self.as_(well, "manager").advice)
        draft = self.make_goal(None, (self.ind_last, 10))
        self.assertFalse(self.as_(draft, "manager").advice)

    def test_who_is_told(self):
        """Owner, line and HR; a colleague may read the goal and is told nothing of it."""
        goal = self.result_goal(None, self.ind_last, value=1, visibility="everyone")
        for who in ("employee", "manager", "director", "officer"):
            self.assertTrue(self.as_(goal, who).advice, who)
        self.assertTrue(self.as_(goal, "colleague").has_access("read"))
        self.assertFalse(self.as_(goal, "colleague").advice)
        # superuser mode gives nobody more
        self.assertFalse(self.as_(goal, "colleague").sudo().advice)

    # ------------------------------------------------------------- facts

    def test_drivers(self):
        self.assertIn("Offers, Visits", self.advice()["driver_unmeasured"][1])
        # in the unit, as nobody measures it for the person
        self.result_goal(self.department_sub, self.driver)
        self.add_reading(self.driver, 45, self.department_sub, date=self.ago(1))
        what, why, _line = self.advice()["driver_lags"]
        self.assertIn("Look at “Visits” first: it drives “New customers”", what)
        self.assertIn("15 points behind the calendar", why)
        # the one that lags more comes first; the person's own before the unit's
        offers = self.result_goal(None, self.other_driver, value=10)
        what, why, line = self.advice()["driver_lags"]
        self.assertIn("Offers", what)
        self.assertIn("50 points behind the calendar", why)
        self.assertEqual(line["model"], "hr.performance.measure")
        self.assertEqual(line["id"], offers.measure_ids.id)
        self.assertEqual(line["measure_id"], self.goal.measure_ids.id)
        self.assertNotIn("driver_unmeasured", self.advice())

    def test_a_driver_of_another_unit_does_not_count(self):
        self.result_goal(self.department_sibling, self.driver, value=1)
        self.result_goal(self.colleague, self.driver, value=1)
        self.assertNotIn("driver_lags", self.advice())

    def test_counter_indicator(self):
        self.assertNotIn("counter_lags", self.advice())
        self.result_goal(None, self.counter, value=20)
        what, why, _line = self.advice()["counter_lags"]
        self.assertIn("Weigh “New customers” against “Complaints”", what)
        self.assertIn("40 points", why)

    def test_blockers_confidence_and_check_ins(self):
        self.assertNotIn("blocker", self.advice())
        checkins = self.as_(self.env["hr.performance.checkin"], "employee")
        for days in (20, 1):
            checkins.create(
                {
                    "goal_id": self.goal.id,
                    "date": self.ago(days),
                    "blockers": "No\nlicence",
                    "confidence": 3,
                }
            ).action_post()
        advice = self.advice()
        self.assertIn("“No licence”", advice["blocker"][0])
        self.assertIn("20 days", advice["blocker"][1])
        self.assertIn("Confidence 3 of 10", advice["confidence"][1])
        self.assertNotIn("checkin_late", advice)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE hr_performance_goal SET checkin_due = %s WHERE id = %s",
            (self.ago(4), self.goal.id),
        )
        self.env.invalidate_all()
        _what, why, line = self.advice()["checkin_late"]
        self.assertIn("4 days ago", why)
        self.assertEqual(line["method"], "action_checkin")

    def test_values_that_are_late(self):
        self.assertNotIn("readings_late", self.advice())
        self.ind_sum.frequency = "week"
        self.env["hr.performance.reading"].search(
            [("indicator_id", "=", self.ind_sum.id)]
        ).write({"date": self.ago(30), "correction_reason": "Another day"})
        _what, why, line = self.advice()["readings_late"]
        # a week and half a week
        self.assertIn(f"{30 - 10} days late", why)
        self.assertEqual(line["method"], "action_view_readings")

    def test_forecast(self):
        # 1 a week and nothing else: whether yesterday's week is over depends on the day
        goal = self.result_goal(indicator=self.ind_ratio)
        self.ind_ratio.frequency = "week"
        self.env["hr.performance.reading"].create(
            [
                {
                    "indicator_id": self.ind_ratio.id,
                    "employee_id": self.employee.id,
                    "date": self.ago(days),
                    "value": 1,
                }
                for days in range(8, 58, 7)
            ]
        )
        what, why, _line = self.advice(goal=goal)["forecast_misses"]
        self.assertIn("misses the target of “Revenue”", what)
        self.assertRegex(why, r"Forecast \d+.*, target 100: \d+ % of the way short")

    def test_target_beyond_last_year(self):
        self.assertNotIn("target_beyond_history", self.advice())
        self.add_reading(self.ind_sum, 50, date=self.ago(375))
        _what, why, _line = self.advice()["target_beyond_history"]
        self.assertIn(
            "50 in the same days a year before, target 100: 100 % beyond", why
        )

    def test_goals_below(self):
        above = self.result_goal(self.department_sub)
        self.goal.sudo().write({"parent_id": above.id, "link": "contributes"})
        what, why, line = self.advice("manager", above)["goal_below_lags"]
        self.assertIn(self.goal.name, what)
        self.assertIn("30 points", why)
        self.assertEqual(line["id"], self.goal.id)

    def test_risks(self):
        self.env["hr.performance.risk"].create(
            {
                "goal_id": self.goal.id,
                "name": "The supplier fails",
                "probability": 5,
                "consequence": 5,
            }
        )
        self.assertIn("“The supplier fails”", self.advice()["high_risk"][0])

    def test_actions(self):
        line = self.advice()["no_open_action"][2]
        self.assertEqual(line["context"], {"default_goal_id": self.goal.id})
        action = self.env["hr.performance.action"].create(
            {"goal_id": self.goal.id, "name": "Call them", "date_deadline": self.ago(3)}
        )
        advice = self.advice()
        self.assertNotIn("no_open_action", advice)
        self.assertIn("Finish “Call them”", advice["action_overdue"][0])
        action.action_finish()
        self.assertNotIn("action_overdue", self.advice())

    def test_what_worked_before(self):
        former = self.result_goal(self.colleague, value=90)
        action = self.env["hr.performance.action"].create(
            {"goal_id": former.id, "name": "Call them twice"}
        )
        action.action_finish()
        action.action_judge("worked", "They answered")
        what, _why, line = self.advice()["worked_before"]
        self.assertIn("“Call them twice”", what)
        self.assertEqual(line["id"], action.id)
        # the employee may not read the colleague's goal, nor what was done for it
        self.assertNotIn("worked_before", self.advice("employee"))

    def test_talks(self):
        _what, why, line = self.advice()["no_talk"]
        self.assertIn("59 days", why)
        self.assertEqual(line["method"], "action_plan_talk")
        action = self.as_(self.goal, "manager").action_plan_talk()
        self.assertEqual(action["context"]["default_kind"], "coaching")
        # nobody plans talks with themselves
        self.assertNotIn("no_talk", self.advice("employee"))

    def test_on_the_measure(self):
        measure = self.as_(self.goal.measure_ids, "manager")
        self.assertTrue(measure.advice)
        self.assertEqual({line["measure_id"] for line in measure.advice}, {measure.id})
        self.assertFalse(
            self.as_(self.goal.measure_ids, "other_officer").has_access("read")
        )

    # ------------------------------------------------------------- rules

    def test_rules_are_data(self):
        rules = self.as_(self.env["hr.performance.advice.rule"], "officer")
        self.assertGreaterEqual(len(rules.search([])), 10)
        rule = rules.search([("fact", "=", "no_open_action")])
        rule.message = "What now? {value}"
        self.assertIn(
            "What now? 1",
            [line["what"] for line in self.as_(self.goal, "manager").advice],
        )
        rule.active = False
        self.assertNotIn("No action is open on this goal.", str(self.goal.advice))
        own = rules.create(
            {
                "name": "Ours",
                "fact": "no_talk",
                "limit": 5,
                "message": "Talk!",
                "reason": "{value}",
                "sequence": 1,
                "company_id": self.company.id,
            }
        )
        lines = self.as_(self.goal, "manager").advice
        self.assertEqual((lines[0]["what"], lines[0]["why"]), ("Talk!", "59"))
        # one rule speaks of one thing
        self.assertNotIn("Plan a talk", str(lines))
        own.limit = 90
        self.assertIn("Plan a talk", str(self.as_(self.goal, "manager").advice))

    def test_nothing_typed_is_evaluated(self):
        rules = self.env["hr.performance.advice.rule"]
        values = {"name": "Evil", "fact": "no_talk", "reason": "So", "limit": 1}
        for text in ("{value.__class__}", "{0}", "{owner.user_id}", "{measure}"):
            with self.refused(
                "which this fact does not come with", error=ValidationError
            ):
                rules.create(values | {"message": text})
        for limit in (-1, float("nan"), float("inf")):
            with self.refused("must be 0 or more", error=ValidationError):
                rules.create(values | {"message": "Talk", "limit": limit})
        rules.create(values | {"message": "%(value)s ${value} {owner", "sequence": 0})
        self.assertIn(
            "%(value)s $59 {owner",
            [line["what"] for line in self.as_(self.goal, "manager").advice],
        )

    def test_as_many_queries_for_many_goals_as_for_few(self):
        def queries(goals):
            goals = self.as_(goals, "manager")
            goals.mapped("name")
            before = self.env.cr.sql_log_count
            self.assertTrue(all(goal.advice for goal in goals))
            return self.env.cr.sql_log_count - before

        goals = self.goal
        indicators = self.env["hr.performance.indicator"].create(
            [{"name": f"More {number}"} for number in range(6)]
        )
        indicators.action_activate()
        for indicator in indicators:
            goals |= self.result_goal(None, indicator, value=1)
        queries(goals)
        few = queries(goals[:2])
        many = queries(goals)
        self.assertLessEqual(many, few + 2, (few, many))
