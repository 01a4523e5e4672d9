from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.sql_db import Cursor
from odoo.tests import tagged

from .common import PerformanceCommon


@tagged("post_install", "-at_install")
class TestRisk(PerformanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # 20 of 20 in the first quarter: nothing but risk can spoil its health
        cls.goal = cls.agree(cls.make_goal(None, (cls.ind_sum, 20)))
        cls.add_reading(cls.ind_sum, 20)

    @classmethod
    def make_risk(cls, probability=4, consequence=4, goal=None, **values):
        return cls.env["hr.performance.risk"].create(
            {
                "name": "The supplier",
                "goal_id": (goal or cls.goal).id,
                "probability": probability,
                "consequence": consequence,
            }
            | values
        )

    @property
    def tolerance(self):
        return self.env["hr.performance.risk.tolerance"].search(
            [("company_id", "=", self.company.id), ("scope", "=", "employee")]
        )

    def treat(self, risk, probability=2, consequence=2):
        risk.write(
            {
                "response": "reduce",
                "residual_probability": probability,
                "residual_consequence": consequence,
            }
        )
        risk.action_treat()

    # ---------------------------------------------------------------- health

    def test_an_untreated_high_risk_is_never_green(self):
        """4 × 4 = 16 is critical, 4 × 3 = 12 high, 3 × 3 = 9 accepted."""
        self.assertEqual(self.goal.health, "on_track")
        risk = self.make_risk()
        self.assertEqual((risk.level, risk.zone, risk.is_high), (16, "critical", True))
        self.assertEqual(self.goal.health, "off_track")
        self.assertEqual(self.goal.open_risk_count, 1)
        self.assertTrue(self.goal.has_high_risk)
        risk.consequence = 3
        self.assertEqual((risk.level, risk.zone, risk.is_high), (12, "high", True))
        self.assertEqual(self.goal.health, "at_risk")
        risk.probability = 3
        self.assertEqual((risk.level, risk.zone, risk.is_high), (9, "within", False))
        self.assertEqual(self.goal.health, "on_track")

    def test_treated_it_is_green_again(self):
        risk = self.make_risk()
        self.treat(risk)
        self.assertEqual(risk.levels, "16 Critical → 4 Within tolerance")
        self.assertFalse(risk.is_high)
        self.assertEqual(self.goal.health, "on_track")
        self.assertEqual(self.goal.open_risk_count, 0)
        risk.action_reopen()
        self.assertEqual(self.goal.health, "off_track")
        risk.action_close()
        self.assertEqual(self.goal.health, "on_track")
        risk.action_reopen()
        risk.unlink()
        self.assertEqual(self.goal.health, "on_track")
        self.assertFalse(self.goal.has_high_risk)

    def test_the_worst_of_several_decides(self):
        self.make_risk(5, 2)
        worst = self.make_risk(5, 3)
        self.make_risk(1, 1)
        self.assertEqual(self.goal.health, "off_track")
        worst.action_close()
        self.assertEqual(self.goal.health, "at_risk")
        self.assertEqual(self.goal.open_risk_count, 2)

    def test_risk_makes_no_goal_green(self):
        goal = self.agree(self.make_goal(self.colleague, (self.ind_last, 20)))
        self.assertEqual(goal.health, "no_value")
        risk = self.make_risk(1, 1, goal)
        self.assertEqual(goal.health, "no_value")
        risk.write({"probability": 5, "consequence": 2})
        self.assertEqual(goal.health, "at_risk")

    def test_a_goal_is_born_with_its_risks(self):
        goal = self.make_goal(
            self.colleague,
            risk_ids=[
                fields.Command.create(
                    {"name": "Illness", "probability": 5, "consequence": 5}
                )
            ],
        )
        self.assertTrue(goal.has_high_risk)
        self.assertEqual(goal.open_risk_count, 1)
        self.assertEqual(self.agree(goal).health, "off_track")

    def test_opportunities_are_judged_alike_and_are_no_danger(self):
        chance = self.make_risk(5, 5, kind="opportunity")
        self.assertEqual((chance.level, chance.zone), (25, "great"))
        self.assertFalse(chance.is_high)
        self.assertEqual(self.goal.health, "on_track")
        self.assertEqual(self.goal.open_risk_count, 1)
        with self.refused("The supplier", "cannot lower", error=ValidationError):
            chance.write({"residual_probability": 1, "residual_consequence": 5})
        chance = self.make_risk(2, 4, kind="opportunity", response="enhance")
        chance.write({"residual_probability": 4, "residual_consequence": 4})
        chance.action_treat()
        self.assertEqual(chance.residual_zone, "great")

    def test_the_reason_names_the_risk(self):
        self.make_risk()
        self.assertIn("“The supplier” is untreated", self.goal.health_reason)
        self.make_risk(5, 5, name="The law")
        reason = self.as_(self.goal, "manager").health_reason
        self.assertIn("“The law” and more high risks (2) are untreated", reason)

    def test_the_reason_names_no_risk_to_who_may_not_read_it(self):
        self.goal.visibility = "everyone"
        self.make_risk()
        self.assertIn("The supplier", self.as_(self.goal, "colleague").health_reason)
        # a stricter rule of the company's own
        self.env["ir.rule"].create(
            {
                "name": "Risks: nobody's business",
                "model_id": self.env["ir.model"]._get_id("hr.performance.risk"),
                "domain_force": "[('goal_id.is_mine', '=', True)]",
            }
        )
        for goal in (
            self.as_(self.goal, "colleague"),
            self.as_(self.goal, "colleague").sudo(),
        ):
            self.assertEqual(goal.health, "off_track")
            self.assertNotIn("The supplier", goal.health_reason)
        self.assertIn("The supplier", self.as_(self.goal, "employee").health_reason)

    # ---------------------------------------------------------------- tolerance

    def test_every_company_has_its_four_lines(self):
        lines = self.env["hr.performance.risk.tolerance"]
        for company in (
            self.company,
            self.company_2,
            self.env.ref("base.main_company"),
        ):
            found = lines.search([("company_id", "=", company.id)])
            self.assertEqual(
                {line.scope: line.tolerance for line in found},
                {"company": 8, "department": 9, "job": 9, "employee": 9},
            )
        lines._make_missing()
        self.assertEqual(lines.search_count([("company_id", "=", self.company.id)]), 4)

    def test_goals_follow_a_new_tolerance(self):
        risk = self.make_risk(3, 4)
        self.assertEqual((risk.zone, self.goal.health), ("high", "at_risk"))
        line = self.as_(self.tolerance, "officer")
        line.tolerance = 12
        self.assertEqual((risk.zone, self.goal.health), ("within", "on_track"))
        line.write({"tolerance": 4, "critical_from": 12})
        self.assertEqual((risk.zone, self.goal.health), ("critical", "off_track"))
        with self.refused("Personal", "1 to 25", error=ValidationError):
            line.tolerance = 26

    def test_the_company_accepts_less(self):
        goal = self.make_goal(self.company)
        self.assertTrue(self.make_risk(3, 3, goal).is_high)
        self.assertFalse(self.make_risk(3, 3).is_high)

    def test_a_closed_cycle_does_not_move(self):
        risk = self.make_risk()
        self.assertEqual(self.goal.health, "off_track")
        self.cycle.state = "closed"
        self.tolerance.tolerance = 25
        self.assertEqual((risk.zone, risk.is_high), ("critical", True))
        self.assertEqual(
            (self.goal.health, self.goal.has_high_risk), ("off_track", True)
        )
        self.assertFalse(risk.review_date)
        for act in (
            lambda: risk.write({"name": "Other"}),
            lambda: risk.action_close(),
            lambda: risk.action_review("Looked"),
            lambda: risk.unlink(),
            lambda: self.make_risk(),
        ):
            with self.refused("closed"), self.cr.savepoint():
                act()
        self.cycle.with_user(self.administrator_user).action_reopen("A mistake")
        self.assertEqual((risk.zone, risk.is_high), ("within", False))
        self.assertEqual(self.goal.health, "on_track")
        self.assertTrue(risk.review_date)

    # ---------------------------------------------------------------- bad input

    def test_bad_figures(self):
        for values, words in (
            ({"probability": 0}, ("Probability", "1 to 5")),
            ({"consequence": 6}, ("Consequence", "1 to 5")),
            ({"residual_probability": 9, "residual_consequence": 1}, ("1 to 5",)),
            ({"residual_probability": 2}, ("both",)),
            (
                {"residual_probability": 5, "residual_consequence": 4},
                ("cannot raise", "16", "20"),
            ),
            ({"response": "enhance"}, ("no response", "Reduce")),
            ({"kind": "opportunity", "response": "avoid"}, ("Exploit",)),
        ):
            with (
                self.subTest(values),
                self.refused("The supplier", *words, error=ValidationError),
                self.cr.savepoint(),
            ):
                self.make_risk(**({"probability": 4, "consequence": 4} | values))

    def test_treating_takes_a_response_and_what_remains_or_an_action(self):
        risk = self.make_risk()
        with self.refused("The supplier", "Response"):
            risk.action_treat()
        risk.response = "reduce"
        with self.refused("The supplier", "add an action"):
            risk.action_treat()
        action = self.env["hr.performance.action"].create(
            {"name": "Find a second one", "risk_id": risk.id}
        )
        self.assertEqual(action.goal_id, self.goal)
        risk.action_treat()
        self.assertEqual((risk.state, self.goal.health), ("treated", "on_track"))
        with self.refused("The supplier", "Response", error=ValidationError):
            risk.response = False

    def test_with_its_last_action_goes_the_treatment(self):
        risk = self.make_risk(response="reduce")
        actions = self.env["hr.performance.action"].create(
            [{"name": name, "risk_id": risk.id} for name in ("One", "Two", "Three")]
        )
        risk.action_treat()
        actions[0].action_cancel()
        actions[1].unlink()
        self.assertEqual(risk.state, "treated")
        actions[2].risk_id = False
        self.assertEqual((risk.state, self.goal.health), ("open", "off_track"))

    def test_an_action_treats_a_risk_of_its_own_goal(self):
        risk = self.make_risk()
        other = self.make_goal(self.colleague)
        with self.refused("The supplier", "another goal", error=ValidationError):
            self.env["hr.performance.action"].create(
                {"name": "An action", "goal_id": other.id, "risk_id": risk.id}
            )

    def test_a_risk_stays_with_its_goal(self):
        risk = self.make_risk().with_user(self.manager_user)
        other = self.make_goal(self.colleague)
        with self.refused("The supplier", "other goal"):
            risk.goal_id = other

    def test_what_is_dealt_with_stays_on_record(self):
        risk = self.make_risk()
        risk.action_close()
        with self.refused("The supplier", "closed"):
            risk.with_user(self.manager_user).name = "Other"
        with self.refused("The supplier", "stays on record"):
            risk.unlink()
        with self.refused("The supplier", "closed"):
            risk.action_review("Looked")
        with self.refused("The supplier", "Closed"):
            risk.action_treat()

    # ---------------------------------------------------------------- reviews

    def owed(self, risk):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["hr.performance.owed"].search(
            [("kind", "=", "risk"), ("res_id", "=", risk.id)]
        )

    @freeze_time()
    def test_reviews_have_a_cadence_of_their_own(self):
        today = fields.Date.today()
        risk = self.make_risk()
        month, quarter = (relativedelta(months=count) for count in (1, 3))
        self.assertEqual(risk.review_date, today + month)
        self.assertEqual(self.make_risk(1, 1).review_date, today + quarter)
        self.treat(risk)
        self.assertEqual(risk.review_date, today + quarter, "little remains")
        risk.review_frequency = "half"
        self.assertEqual(risk.review_date, today + relativedelta(months=6))
        risk.review_frequency = False
        self.tolerance.review_other = "year"
        self.assertEqual(risk.review_date, today + relativedelta(years=1))

    def test_a_review_is_owed_done_and_owed_again(self):
        # nobody checks in here, and the goal may have been agreed long before
        self.goal.checkin_frequency = "none"
        with freeze_time(self.day(3, 2)):
            risk = self.make_risk()
            owed = self.owed(risk)
            self.assertEqual(owed.employee_id, self.employee)
            self.assertEqual(owed.deadline, self.day(4, 2))
            self.assertEqual((owed.state, owed.shared), ("not_started", True))
        with freeze_time(self.day(3, 28)):
            self.assertEqual(self.owed(risk).state, "to_do")
        with freeze_time(self.day(4, 3)):
            self.assertEqual(self.owed(risk).state, "overdue")
            mine = self.as_(risk, "employee")
            mine.action_review("A second one has signed.", {"probability": 2})
            self.assertEqual((risk.level, risk.zone), (8, "within"))
            self.assertEqual(self.goal.health, "on_track")
            # no longer high: looked at once a quarter
            self.assertEqual(self.owed(risk).deadline, self.day(7, 3))
            line = mine.review_ids
            self.assertEqual(
                (line.date, line.user_id, line.note),
                (self.day(4, 3), self.employee_user, "A second one has signed."),
            )
            self.assertEqual((line.level_before, line.level), (16, 8))
            self.assertEqual(line.change, "16 → 8")
            mine.action_review("Nothing new")
            self.env.invalidate_all()
            self.assertEqual(mine.review_ids[0].change, "8, as before")

    def test_who_is_responsible_is_reminded(self):
        def told():
            self.env.flush_all()
            self.env["hr.performance.owed"]._sync_some()
            self.env.invalidate_all()
            return risk.activity_ids.user_id

        with freeze_time(self.day(3, 2)):
            risk = self.make_risk(responsible_id=self.colleague.id)
            self.assertFalse(told(), "not before there is something to do")
        with freeze_time(self.day(3, 30)):
            self.assertEqual(told(), self.colleague_user)
            activity = risk.activity_ids
            self.assertEqual(
                (activity.activity_type_id, activity.date_deadline),
                (self.env.ref("hr_performance.mail_activity_risk"), self.day(4, 2)),
            )
            risk.responsible_id = self.employee
            self.assertEqual(told(), self.employee_user)
            self.as_(risk, "employee").action_review("Nothing new")
            self.assertFalse(told())

    def test_nothing_is_owed_of_what_is_over(self):
        for end in (
            lambda risk: risk.action_close(),
            lambda risk: risk.goal_id.action_close("achieved"),
            lambda risk: risk.goal_id.action_cancel("Not needed"),
            None,
        ):
            goal = self.make_goal(self.colleague)
            risk = self.make_risk(goal=goal)
            self.assertFalse(self.owed(risk), "a draft is talk")
            self.assertTrue(risk.review_date)
            if end:
                self.agree(goal)
                self.assertTrue(self.owed(risk))
            if end:
                end(risk)
            else:
                goal.active = False
            self.assertFalse(risk.review_date)
            self.assertFalse(self.owed(risk))

    def test_changed_figures_are_kept_too(self):
        risk = self.make_risk()
        self.assertFalse(risk.review_ids)
        risk.with_user(self.manager_user).write({"probability": 3, "name": "Other"})
        self.assertEqual(risk.review_ids.change, "16 → 12")
        self.assertEqual(risk.review_ids.user_id, self.manager_user)
        risk.write({"name": "Yet another", "probability": 3})
        self.assertEqual(len(risk.review_ids), 1)
        risk.write({"residual_probability": 1, "residual_consequence": 4})
        self.env.invalidate_all()
        self.assertEqual(
            risk.review_ids[0].change, "12, as before; after treatment: – → 4"
        )

    def test_the_dialog_judges_anew(self):
        risk = self.make_risk()
        Dialog = self.env["hr.performance.risk.look"].with_user(self.manager_user)
        dialog = Dialog.create({"risk_id": risk.id})
        self.assertEqual((dialog.probability, dialog.residual_probability), (4, 0))
        dialog.write({"note": "Better", "consequence": 2})
        dialog.action_confirm()
        self.assertEqual((risk.level, risk.review_ids.note), (8, "Better"))

    def test_who_may_say_that_one_has_looked(self):
        goal = self.make_goal(self.department_sub)
        risk = self.make_risk(goal=goal)
        for name in ("manager", "director", "officer"):
            self.as_(risk, name).action_review("Looked")
        for name in ("employee", "colleague"):
            with self.assertRaises(AccessError):
                self.as_(risk, name).action_review("Looked")
        risk.responsible_id = self.colleague
        self.as_(risk, "colleague").action_review("Looked", {"probability": 5})
        self.assertEqual(risk.level, 20)
        with self.assertRaises(UserError):
            self.as_(risk, "colleague").action_review("", {"state": "closed"})

    # ---------------------------------------------------------------- the matrix

    def cell(self, matrix, probability, consequence):
        return matrix["rows"][5 - probability]["cells"][consequence - 1]

    def test_the_matrix_counts_before_and_after(self):
        treated = self.make_risk(4, 5)
        self.treat(treated, 1, 5)
        open_one = self.make_risk(4, 5)
        unit = self.make_risk(2, 2, self.make_goal(self.department_sub))
        self.make_risk(5, 5).action_close()
        self.make_risk(5, 5, kind="opportunity")
        model = self.as_(self.env["hr.performance.risk"], "manager")
        matrix = model.get_matrix()
        self.assertEqual(matrix["filters"]["cycle_id"], self.cycle.id)
        self.assertEqual((matrix["total"], matrix["untreated"]), (3, 1))
        cell = self.cell(matrix, 4, 5)
        self.assertEqual((cell["before"], cell["after"]), (2, 1))
        self.assertEqual((cell["level"], cell["zone"]), (20, "critical"))
        cell = self.cell(matrix, 1, 5)
        self.assertEqual((cell["before"], cell["after"]), (0, 1))
        self.assertEqual(cell["label"], "Within tolerance")
        # the lowest tolerance of the levels shown
        self.assertEqual(self.cell(matrix, 3, 3)["zone"], "high")
        filters = {"scope": "employee"}
        matrix = model.get_matrix(filters)
        self.assertEqual((matrix["total"], matrix["tolerance"]), (2, 9))
        self.assertEqual(self.cell(matrix, 3, 3)["zone"], "within")
        self.assertEqual(
            model.get_matrix({"department_id": self.department.id})["total"], 3
        )
        self.assertEqual(
            model.get_matrix({"department_id": self.department_sibling.id})["total"], 0
        )
        self.assertEqual(model.get_matrix({"kind": "opportunity"})["total"], 1)

        def opened(*args):
            return model.search(model.action_matrix_cell(*args)["domain"])

        self.assertEqual(opened(filters, 4, 5), treated | open_one)
        self.assertEqual(opened(filters, 4, 5, "after"), open_one)
        self.assertEqual(opened(filters, 1, 5, "after"), treated)
        self.assertEqual(opened({}, 2, 2), unit)

    def test_the_matrix_holds_what_one_may_read(self):
        risk = self.make_risk()
        totals = {
            name: self.as_(self.env["hr.performance.risk"], name).get_matrix({})[
                "total"
            ]
            for name in ("employee", "manager", "director", "officer", "colleague")
        }
        self.assertEqual(totals.pop("colleague"), 0)
        self.assertEqual(set(totals.values()), {1})
        risk.responsible_id = self.colleague
        model = self.as_(self.env["hr.performance.risk"], "colleague")
        self.assertEqual(model.get_matrix({})["total"], 1)

    def test_the_matrix_costs_the_same_for_many(self):
        model = self.env["hr.performance.risk"].with_user(self.manager_user)

        def cost():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            model.get_matrix()
            return self.env.cr.sql_log_count - before

        self.make_risk(1, 1)
        cost()
        few = cost()
        for number in range(30):
            self.make_risk(number % 5 + 1, number // 6 + 1)
        self.assertEqual(cost(), few)
        self.assertLessEqual(few, 20)

    def test_bad_filters(self):
        model = self.env["hr.performance.risk"].with_user(self.manager_user)
        for filters in (
            {"company_id": 1},
            {"kind": "both"},
            {"scope": "world"},
            {"cycle_id": "1"},
            [],
            "all",
        ):
            if not filters:
                self.assertTrue(model.get_matrix(filters))
                continue
            with self.subTest(filters), self.assertRaises(UserError):
                model.get_matrix(filters)
        with self.assertRaises(UserError):
            model.action_matrix_cell({}, 6, 1)

    # ---------------------------------------------------------------- in bulk

    def asked(self, work):
        """How many queries of ``work`` look at risks."""
        queries = []
        execute = Cursor.execute

        def listen(cursor, query, *args, **kwargs):
            queries.append(str(query))
            return execute(cursor, query, *args, **kwargs)

        self.env.flush_all()
        self.env.invalidate_all()
        with patch.object(Cursor, "execute", listen):
            work()
            self.env.flush_all()
        self.assertTrue(queries)
        return sum("hr_performance_risk" in query for query in queries)

    def test_the_night_and_new_goals_do_not_look_at_risks(self):
        self.make_risk()
        goals = self.goal | self.agree(self.make_goal(self.colleague))
        self.assertEqual(self.asked(goals._refresh_health), 0)
        self.assertEqual(self.goal.health, "off_track")
        self.assertEqual(
            self.asked(lambda: self.make_goal(None, (self.ind_last, 5))), 0
        )
        self.assertEqual(self.asked(lambda: self.add_reading(self.ind_sum, 5)), 0)

    def test_many_at_once_cost_little_more(self):
        goals = [self.make_goal(self.employee) for _number in range(30)]
        line = self.tolerance
        costs = []

        def cost(work):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            work()
            self.env.flush_all()
            costs.append(self.env.cr.sql_log_count - before)

        self.make_risk(4, 3, goals[0])
        for tolerance in (12, 9):
            cost(lambda value=tolerance: line.write({"tolerance": value}))
        for goal in goals[1:]:
            self.make_risk(4, 3, goal)
        for tolerance in (12, 9):
            cost(lambda value=tolerance: line.write({"tolerance": value}))
        self.assertLessEqual(costs[3], costs[1] + 2, costs)
