"""Checking in on several goals on one page: the server's side."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PerformanceCommon


@tagged("post_install", "-at_install")
class TestCheckinRound(PerformanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        # well inside the period, wherever today is
        cls.cycle.write(
            {
                "date_start": cls.today - timedelta(days=180),
                "date_end": cls.today + timedelta(days=180),
            }
        )
        cls.goals = cls.env["hr.performance.goal"].union(
            *(
                cls.agree(cls.make_goal(None, (indicator, 10), name=f"Goal {number}"))
                for number, indicator in enumerate(
                    (cls.ind_sum, cls.ind_last, cls.ind_ratio)
                )
            )
        )
        # all late
        cls.goals.agreed_date = cls.today - timedelta(days=100)
        cls.cycle.checkin_frequency = "week"
        cls.checkins = cls.env["hr.performance.checkin"]

    def round(self, name="employee", all_running=False):
        return self.as_(self.checkins, name).get_round(all_running)

    def card(self, goal, value=None, **said):
        return {
            "goal_id": goal.id,
            "values": [{"measure_id": goal.measure_ids.id, "value": value}],
        } | said

    def post(self, cards, name="employee"):
        return self.as_(self.checkins, name).post_many(cards)

    def test_my_goals_that_are_due(self):
        shown = self.round()
        self.assertEqual([card["id"] for card in shown["cards"]], self.goals.ids)
        self.assertEqual((shown["due"], shown["running"]), (3, 3))
        self.goals[0].agreed_date = self.today
        self.cycle.checkin_frequency = "quarter"
        self.assertEqual(
            [card["id"] for card in self.round(all_running=True)["cards"]][-1],
            self.goals[0].id,
        )

    def test_managers_see_their_own_goals_only(self):
        for name in ("manager", "director", "officer"):
            with self.subTest(name):
                self.assertFalse(self.round(name, True)["cards"])

    def test_a_user_without_employee(self):
        self.employee.user_id = False
        shown = self.round()
        self.assertFalse(shown["has_employee"] or shown["cards"])

    def test_what_was_said_last_time_is_there(self):
        self.add_reading(self.ind_sum, 3, date=self.today - timedelta(days=90))
        checkin = self.as_(self.checkins, "employee").create(
            {
                "goal_id": self.goals[0].id,
                "own_health": "at_risk",
                "confidence": 6,
                "blockers": "No budget",
                "assessment": "Slow",
            }
        )
        checkin.action_post()
        card = next(
            card
            for card in self.round(all_running=True)["cards"]
            if card["id"] == self.goals[0].id
        )
        for name, value in (
            ("own_health", "at_risk"),
            ("confidence", 6),
            ("blockers", "No budget"),
            ("assessment", ""),
            ("is_draft", False),
            ("blocked_since", self.today),
        ):
            self.assertEqual(card[name], value, name)
        [row] = card["values"]
        self.assertIn("3 on", row["last"])
        self.assertIs(row["value"], False)
        # the new value adds up to the 3 there are
        self.assertEqual(row["curve"]["base"], 3)

    def test_all_are_posted_in_one_call(self):
        cards = [
            self.card(goal, value, assessment=f"Said of {goal.name}", confidence=8)
            for goal, value in zip(self.goals, (4, 0, None), strict=True)
        ]
        posted = self.post(cards)
        self.assertFalse(posted["errors"])
        made = self.checkins.browse(posted["posted"])
        self.assertEqual(made.goal_id, self.goals)
        self.assertEqual(set(made.mapped("state")), {"posted"})
        self.assertEqual(made.mapped("assessment")[0], "Said of Goal 0")
        self.assertEqual(
            self.goals.measure_ids.mapped("actual"), [4, 0, self.goals[2].progress]
        )
        self.assertEqual(
            self.goals.measure_ids.mapped("has_actual"), [True, True, False]
        )
        self.assertFalse(self.round()["cards"])

    def test_none_is_posted_when_one_is_refused(self):
        self.goals[1].action_request_change("New budget")
        cards = [
            self.card(self.goals[0], 4, confidence=8),
            self.card(self.goals[1], 5),
            self.card(self.goals[2], 6, confidence=12),
        ]
        answer = self.post(cards)
        self.assertFalse(answer["posted"])
        self.assertEqual(
            [(error["goal_id"]) for error in answer["errors"]], self.goals[1:].ids
        )
        for error, word in zip(
            answer["errors"], ("not agreed", "Confidence"), strict=True
        ):
            self.assertIn(word, error["message"])
        self.assertFalse(self.checkins.search([("goal_id", "in", self.goals.ids)]))
        self.assertFalse(
            self.env["hr.performance.reading"].search(
                [("employee_id", "=", self.employee.id)]
            )
        )

    def test_what_is_typed_is_kept_as_a_draft_of_the_author(self):
        goal = self.goals[0]
        cards = [
            self.card(
                goal,
                4,
                assessment="Not yet",
                links=[{"url": "https://example.com/a", "note": "The list"}],
            )
        ]
        as_employee = self.as_(self.checkins, "employee")
        [draft_id] = as_employee.save_round(cards)
        draft = as_employee.browse(draft_id)
        self.assertEqual(draft.state, "draft")
        self.assertEqual(draft.evidence_ids.name, "https://example.com/a")
        self.assertIsNone(goal.progress)
        # saved again it is the same one
        cards[0]["values"][0]["value"] = 5
        cards[0]["links"] = []
        self.assertEqual(as_employee.save_round(cards), [draft_id])
        self.assertEqual(draft.value_ids.value, 5)
        self.assertFalse(draft.evidence_ids)
        card = self.round()["cards"][0]
        self.assertEqual(
            (card["is_draft"], card["assessment"], card["values"][0]["value"]),
            (True, "Not yet", 5),
        )
        # the dialog opens it as well
        self.assertEqual(
            self.as_(goal, "employee").action_checkin()["res_id"], draft_id
        )
        self.assertFalse(self.as_(goal, "manager").action_checkin()["res_id"])
        for name in ("manager", "officer", "administrator"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.as_(draft, name).read(["assessment"])
        # posted, it is the one
        self.assertEqual(self.post(cards)["posted"], [draft_id])

    def test_others_goals_are_refused(self):
        hidden = self.agree(self.make_goal(self.colleague, (self.ind_sum, 10)))
        shown = self.agree(
            self.make_goal(
                self.colleague, (self.ind_sum, 10), visibility="everyone", name="Open"
            )
        )
        for goal in (hidden, shown):
            answer = self.post([self.card(self.goals[0], 4), self.card(goal, 4)])
            self.assertEqual(
                [error["goal_id"] for error in answer["errors"]], [goal.id]
            )
            with self.assertRaises(AccessError):
                self.as_(self.checkins, "employee").save_round([self.card(goal, 4)])
        self.assertFalse(self.checkins.search([("goal_id", "in", self.goals.ids)]))

    def test_bad_input(self):
        goal = self.goals[0]
        for cards in (
            None,
            {},
            [1],
            [{}],
            [{"goal_id": "1"}],
            [{"goal_id": goal.id, "values": 5}],
            [{"goal_id": goal.id, "values": [{"value": 5}]}],
            [
                {
                    "goal_id": goal.id,
                    "values": [{"measure_id": goal.measure_ids.id, "value": "4"}],
                }
            ],
            [{"goal_id": goal.id, "links": ["https://example.com"]}],
            [{"goal_id": goal.id, "blockers": {"a": 1}}],
        ):
            with self.subTest(cards), self.refused("Give a list of cards"):
                self.as_(self.checkins, "employee").save_round(cards)
        for values, word in (
            ([self.card(goal), self.card(goal)], "one card for each goal"),
            (
                [
                    {
                        "goal_id": goal.id,
                        "values": [
                            {"measure_id": self.goals[1].measure_ids.id, "value": 1}
                        ],
                    }
                ],
                "Load the page again",
            ),
        ):
            with self.subTest(word), self.refused(word):
                self.as_(self.checkins, "employee").save_round(values)
        # only what is said on a card is taken
        self.post([self.card(goal, 4, state="acknowledged", employee_id=1)])
        checkin = self.checkins.search([("goal_id", "=", goal.id)])
        self.assertEqual(checkin.state, "posted")
        self.assertEqual(checkin.employee_id, self.employee)

    def test_post_and_next_walks_what_is_due(self):
        walked = []
        action = self.as_(self.goals[0], "employee").action_checkin()
        while action.get("context"):
            goal_id = action["context"]["default_goal_id"]
            walked.append(goal_id)
            checkin = self.as_(self.checkins, "employee").create({"goal_id": goal_id})
            self.assertEqual(checkin.has_next, len(walked) < 3)
            action = checkin.action_post_and_next()
        self.assertEqual(walked, self.goals.ids)
        self.assertEqual(action["type"], "ir.actions.act_window_close")

    def test_more_goals_cost_no_more_queries(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            checkins = self.checkins.with_user(self.employee_user)
            checkins.get_round()  # rights and definitions are remembered
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            checkins.get_round()
            return self.env.cr.sql_log_count - before

        def add():
            for _number in range(6):
                goal = self.agree(self.make_goal(None, (self.ind_sum, 10)))
                goal.agreed_date = self.today - timedelta(days=100)

        for goal in self.goals:
            self.add_reading(goal.measure_ids.indicator_id, 3, date=self.today)
        add()  # few and many spans are added up in two ways
        nine = count()
        add()
        self.assertEqual(count(), nine)

    def test_due_in_a_few_days(self):
        goal = self.goals[0]
        for days, is_due in ((-3, True), (0, True), (3, True), (4, False)):
            goal.sudo().checkin_due = self.today + timedelta(days=days)
            self.assertEqual(goal._is_checkin_due(), is_due, days)
