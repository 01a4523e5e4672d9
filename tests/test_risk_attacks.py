"""Nobody learns of, or moves, a risk that is not theirs, by any way in."""

import json

from odoo.tests import tagged

from .rpc import Refused, RpcCommon

SECRET = "Xq7 my own secret"


@tagged("post_install", "-at_install")
class TestRiskAttacks(RpcCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goal = cls.agree(cls.make_goal(None, (cls.ind_sum, 20)))
        cls.risk = cls.make_risk(cls.goal)
        cls.risk.action_review(SECRET)
        cls.action = cls.env["hr.performance.action"].create(
            {"name": SECRET, "risk_id": cls.risk.id}
        )
        cls.risk.message_post(body=SECRET)
        cls.env.flush_all()

    @classmethod
    def make_risk(cls, goal, **values):
        return cls.env["hr.performance.risk"].create(
            {
                "name": SECRET,
                "goal_id": goal.id,
                "probability": 5,
                "consequence": 5,
                "response_note": SECRET,
            }
            | values
        )

    def assertNothing(self, found):
        self.assertNotIn(SECRET, json.dumps(found))

    def test_a_hidden_risk_is_read_by_no_verb(self):
        risks = self.risk.browse()
        reviews = self.env["hr.performance.risk.review"]
        for who in ("colleague", "other_employee", "other_officer"):
            for method, *args in (
                ("read", ["name"]),
                ("web_read", {"name": {}, "review_ids": {"fields": {"note": {}}}}),
                ("export_data", ["name", "goal_id/name"]),
                ("copy",),
                ("message_post",),
                ("action_open_form",),
            ):
                with self.subTest(who=who, method=method):
                    try:
                        self.assertNothing(self.rpc(who, self.risk, method, *args))
                        self.assertEqual(method, "action_open_form")
                    except Refused:
                        pass
            for domain in (
                [("name", "ilike", "Xq7")],
                [("goal_id.name", "!=", False)],
                [("level", "=", 25)],
                [("review_ids.note", "ilike", "Xq7")],
                [("action_ids.name", "ilike", "Xq7")],
                [("is_high", "=", True)],
                [],
            ):
                self.assertFalse(self.rpc(who, risks, "search", domain), domain)
                self.assertFalse(self.rpc(who, risks, "search_count", domain), domain)
            self.assertFalse(self.rpc(who, reviews, "search", []))
            groups = self.rpc(
                who, risks, "formatted_read_group", [], ["goal_id"], ["level:sum"]
            )
            self.assertFalse(groups)
            self.assertFalse(self.rpc(who, risks, "name_search", "Xq7"))

    def test_nothing_leaks_through_what_is_linked_to_it(self):
        goals, actions = self.goal.browse(), self.action.browse()
        people = self.env["hr.employee.public"]
        for who in ("colleague", "other_employee"):
            for domain in (
                [("risk_ids.name", "ilike", "Xq7")],
                [("risk_ids.level", "=", 25)],
                [("has_high_risk", "=", True)],
            ):
                self.assertFalse(self.rpc(who, goals, "search", domain), domain)
            self.assertFalse(
                self.rpc(who, actions, "search", [("risk_id.name", "ilike", "Xq7")])
            )
            owed = self.env["hr.performance.owed"]
            self.assertFalse(self.rpc(who, owed, "search", [("kind", "=", "risk")]))
            self.assertTrue(self.rpc(who, people, "search", [], limit=1))

    def test_the_matrix_tells_nothing_of_hidden_risks(self):
        risks = self.risk.browse()
        seen = self.rpc("employee", risks, "get_matrix", {})
        self.assertEqual((seen["total"], seen["untreated"]), (1, 1))
        for filters in (
            {},
            None,
            {"cycle_id": self.cycle.id},
            {"department_id": self.department_sub.id},
            {"scope": "employee"},
        ):
            matrix = self.rpc("colleague", risks, "get_matrix", filters)
            self.assertEqual((matrix["total"], matrix["untreated"]), (0, 0))
            self.assertFalse(sum(zone["before"] for zone in matrix["zones"]))
            for when in ("before", "after"):
                action = self.rpc(
                    "colleague", risks, "action_matrix_cell", filters, 5, 5, when
                )
                self.assertEqual(action["domain"], [["id", "in", []]])
        matrix = self.rpc("other_officer", risks, "get_matrix", {})
        self.assertEqual(matrix["total"], 0)
        self.assertNotIn(
            self.cycle.id, [cycle for cycle, _name in matrix["choices"]["cycle_id"]]
        )
        self.assertNotIn(
            self.department.id,
            [unit for unit, _name in matrix["choices"]["department_id"]],
        )

    def test_levels_and_states_follow_from_methods(self):
        for who in ("employee", "manager", "officer", "administrator"):
            for values in (
                {"level": 1},
                {"residual_level": 1},
                {"zone": "within"},
                {"is_high": False},
                {"state": "treated"},
                {"review_date": "2099-01-01"},
                {"reviewed_on": "2099-01-01"},
                {"tolerance_id": False},
                {"company_id": self.company_2.id},
            ):
                self.assertRefused(who, self.risk, "write", values)
            for values in ({"state": "treated"}, {"is_high": True}, {"level": 3}):
                self.assertRefused(
                    who,
                    self.risk.browse(),
                    "create",
                    {"name": "A risk", "goal_id": self.goal.id} | values,
                )
            self.assertRefused(who, self.goal, "write", {"has_high_risk": False})
            self.assertRefused(who, self.goal, "write", {"risk_zone": False})
            review = self.risk.review_ids
            self.assertRefused(who, review, "write", {"note": "Made up"})
            self.assertRefused(who, review, "unlink")
        risk_id = self.rpc(
            "employee",
            self.risk.browse(),
            "create",
            {"name": "A risk", "goal_id": self.goal.id},
            context={"default_state": "treated", "default_is_high": False},
        )
        self.assertEqual(self.risk.browse(risk_id).state, "open")

    def test_steps_are_for_those_whose_risk_it_is(self):
        for method, *args in (
            ("action_treat",),
            ("action_close",),
            ("action_reopen",),
            ("action_review", "Looked", {"probability": 1}),
        ):
            for who in ("colleague", "other_employee", "other_officer"):
                self.assertRefused(who, self.risk, method, *args)
        self.goal.visibility = "everyone"
        for method, *args in (("action_close",), ("action_review", "Looked")):
            self.assertRefused("colleague", self.risk, method, *args)
        self.assertEqual((self.risk.state, self.risk.level), ("open", 25))

    def test_nobody_makes_a_risk_on_a_goal_of_others(self):
        department = self.make_goal(self.department)
        for goal in (self.goal, department):
            for values in ({}, {"responsible_id": self.colleague.id}):
                self.assertRefused(
                    "colleague",
                    self.risk.browse(),
                    "create",
                    {"name": "Mine now", "goal_id": goal.id} | values,
                )

    def test_who_is_responsible_neither_moves_nor_deletes_it(self):
        self.risk.responsible_id = self.colleague
        own = self.make_goal(self.colleague)
        self.rpc("colleague", self.risk, "write", {"probability": 4})
        self.assertRefused("colleague", self.risk, "write", {"goal_id": own.id})
        self.assertRefused("colleague", self.risk, "unlink")
        # nor does the goal behind it become readable
        self.assertRefused("colleague", self.goal, "read", ["name"])
        self.rpc("colleague", self.risk, "action_review", "Looked")

    def test_no_action_tells_of_a_hidden_risk(self):
        """Linking to it is refused before anything is compared."""
        own = self.make_goal(self.colleague)
        action = self.env["hr.performance.action"].create(
            {"name": "Mine", "goal_id": own.id}
        )
        actions = action.browse()
        for attempt in (
            lambda: self.rpc("colleague", action, "write", {"risk_id": self.risk.id}),
            lambda: self.rpc(
                "colleague",
                actions,
                "create",
                {"name": "Mine", "goal_id": own.id, "risk_id": self.risk.id},
            ),
            lambda: self.rpc(
                "colleague", actions, "create", {"name": "M", "risk_id": self.risk.id}
            ),
            lambda: self.rpc(
                "colleague",
                actions,
                "onchange",
                [],
                {"risk_id": self.risk.id, "name": "Mine"},
                ["risk_id"],
                {"risk_id": {"fields": {"display_name": {}}}, "goal_id": {}},
            ),
            lambda: self.rpc(
                "colleague",
                self.env["hr.performance.risk.look"],
                "create",
                {"risk_id": self.risk.id},
            ),
        ):
            with self.assertRaises(Refused) as caught:
                attempt()
            self.assertEqual(caught.exception.name, "odoo.exceptions.AccessError")

    def test_an_unsaved_risk_tells_nothing_of_a_hidden_goal(self):
        self.assertRefused(
            "colleague",
            self.risk.browse(),
            "onchange",
            [],
            {"goal_id": self.goal.id},
            ["goal_id"],
            {"goal_id": {}, "responsible_id": {"fields": {"display_name": {}}}},
        )

    def test_what_is_said_about_it_stays_in_the_line(self):
        self.goal.visibility = "everyone"
        messages = self.env["mail.message"]
        domain = [("model", "=", self.risk._name), ("res_id", "=", self.risk.id)]
        self.assertTrue(self.rpc("manager", messages, "search", domain))
        self.assertFalse(self.rpc("colleague", messages, "search", domain))
        self.assertTrue(self.rpc("colleague", self.risk, "read", ["name"]))
        self.assertRefused("colleague", self.risk, "message_subscribe")

    def test_tolerance_is_set_by_officers_of_the_company(self):
        line = self.env["hr.performance.risk.tolerance"].search(
            [("company_id", "=", self.company.id), ("scope", "=", "employee")]
        )
        for who in ("employee", "manager", "director", "other_officer"):
            self.assertRefused(who, line, "write", {"tolerance": 25})
        self.assertRefused("officer", line, "write", {"scope": "company"})
        self.assertRefused("officer", line, "unlink")
        self.assertEqual(self.goal.risk_zone, "critical")
        self.rpc("officer", line, "write", {"tolerance": 25})
        self.assertFalse(self.goal.risk_zone)
