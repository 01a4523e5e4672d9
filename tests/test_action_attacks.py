"""What nobody gets out of actions or into them over RPC."""

from odoo.tests import tagged

from .rpc import Refused, RpcCommon

SECRET = "SECRET-4711"
OUTSIDERS = ("colleague", "employee", "other_officer")


@tagged("post_install", "-at_install")
class TestActionAttacks(RpcCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        actions = cls.env["hr.performance.action"]
        cls.goal = cls.agree(cls.make_goal(cls.employee, (cls.ind_sum, 10)))
        cls.action = actions.create({"goal_id": cls.goal.id, "name": "Call"})
        cls.done = actions.create({"goal_id": cls.goal.id, "name": "Visit"})
        cls.done.action_finish()
        # of the manager: for the director and HR alone
        cls.private = cls.agree(cls.make_goal(cls.manager, (cls.ind_sum, 10)))
        cls.hidden = actions.create(
            {
                "goal_id": cls.private.id,
                "name": SECRET,
                "planned_hours": 4711,
                "budget": 4711,
            }
        )
        cls.hidden.action_finish()
        cls.hidden.action_judge("worked", SECRET)
        cls.allowance, cls.of_company = cls.env["hr.performance.allowance"].create(
            [
                {"cycle_id": cls.cycle.id, "department_id": unit, "hours": 4711}
                for unit in (cls.department.id, False)
            ]
        )

    def test_effect_and_state_are_not_typed(self):
        for who in ("employee", "manager", "director", "officer", "administrator"):
            for values in (
                {"effect": "worked"},
                {"effect_note": "Mine"},
                {"effect_judged_by_id": self.manager_user.id},
                {"effect_judged_on": "2020-01-01"},
                {"state": "done"},
                {"done_on": "2020-01-01"},
                {"counted_hours": 1},
                {"counted_money": 1},
                {"template_action_id": 1},
            ):
                with self.subTest(who=who, **values):
                    self.assertRefused(who, self.done, "write", values)
                    self.assertRefused(who, self.done, "web_save", values, {"id": {}})
                    self.assertRefused(
                        who,
                        self.done.browse(),
                        "create",
                        {"goal_id": self.goal.id, "name": "New", **values},
                    )
        self.assertFalse(self.done.effect)
        new = self.rpc(
            "employee",
            self.done.browse(),
            "create",
            {"goal_id": self.goal.id, "name": "New"},
            context={"default_state": "done", "default_effect": "worked"},
        )
        new = self.done.browse(new)
        self.assertEqual((new.state, new.effect), ("todo", False))

    def test_steps_of_others(self):
        self.goal.visibility = "everyone"
        for method, *args in (
            ("action_move", "doing"),
            ("action_do",),
            ("action_finish",),
            ("action_cancel",),
        ):
            self.assertRefused("colleague", self.action, method, *args)
        for who in ("employee", "colleague", "other_officer"):
            self.assertRefused(who, self.done, "action_judge", "worked", "So I say")
        self.assertRefused("employee", self.done, "action_judge", "worked", "")
        for effect in ("perfect", None, 1, ["worked"]):
            with self.subTest(effect):
                self.assertRefused("manager", self.done, "action_judge", effect, "Why")
        self.assertRefused("manager", self.done, "action_judge", "worked", {"a": 1})
        self.assertFalse(self.done.effect)

    def test_the_dialog_gives_no_rights(self):
        dialogs = self.env["hr.performance.action.judge"]
        vals = {"action_id": self.hidden.id, "effect": "partly", "note": "Mine"}
        for who in OUTSIDERS:
            self.assertRefused(who, dialogs, "create", vals)
            self.assertRefused(
                who, dialogs, "onchange", [], {"action_id": self.hidden.id}, [], {}
            )
        own = vals | {"action_id": self.done.id}
        dialog = dialogs.browse(self.rpc("employee", dialogs, "create", own))
        self.assertRefused("employee", dialog, "action_confirm")
        self.assertRefused("manager", dialog, "action_confirm")
        self.assertRefused("manager", dialog, "read", ["note"])

    def test_actions_of_a_private_goal(self):
        actions = self.hidden.browse()
        domain = [("id", "=", self.hidden.id)]
        for who in OUTSIDERS:
            with self.subTest(who):
                self.assertRefused(who, self.hidden, "read", ["name"])
                self.assertRefused(who, self.hidden, "export_data", ["name"])
                self.assertRefused(who, self.hidden, "copy")
                self.assertRefused(who, self.hidden, "message_post", body="Hello")
                self.assertFalse(self.rpc(who, actions, "search", domain))
                for guess in (
                    [("name", "=", SECRET)],
                    [("effect_note", "ilike", "4711")],
                    [("budget", "=", 4711)],
                    [("effect", "=", "worked")],
                    [("indicator_ids", "in", self.ind_sum.ids), *domain],
                ):
                    self.assertFalse(self.rpc(who, actions, "search_count", guess))
                groups = self.rpc(
                    who,
                    actions,
                    "formatted_read_group",
                    [],
                    [],
                    ["planned_hours:sum", "counted_money:sum"],
                )
                self.assertNotIn("4711", str(groups))
                for model in ("hr.performance.owed", "hr.performance.resource"):
                    found = self.rpc(who, self.env[model], "search_read", [], [])
                    self.assertNotIn("4711", str(found))

    def test_what_was_tried_is_not_told_by_a_form(self):
        actions = self.hidden.browse()
        spec = {"earlier_note": {}, "earlier_action_ids": {}, "name": {}, "goal_id": {}}
        for who in OUTSIDERS[:2]:
            values = {"name": SECRET}
            if who == "employee":
                values["goal_id"] = self.goal.id
            answer = self.rpc(who, actions, "onchange", [], values, ["name"], spec)
            self.assertFalse(answer["value"].get("earlier_note"))
            self.assertRefused(
                who,
                actions,
                "onchange",
                [],
                {"name": "x", "goal_id": self.private.id},
                ["goal_id"],
                spec,
            )
        answer = self.rpc(
            "director", actions, "onchange", [], {"name": SECRET}, ["name"], spec
        )
        self.assertTrue(answer["value"]["earlier_note"])
        with self.assertRaises(Refused):
            self.rpc("colleague", actions, "_earlier_actions", self.ind_sum.ids)

    def test_what_other_units_have(self):
        for record in (self.allowance, self.of_company):
            for who in ("employee", "manager", "colleague", "other_officer"):
                with self.subTest(who=who, unit=record.display_name):
                    self.assertRefused(who, record, "read", ["hours"])
                    self.assertRefused(who, record, "write", {"hours": 1})
                    self.assertRefused(who, record, "action_view_actions")
                    found = self.rpc(
                        who, record.browse(), "search_count", [("hours", "=", 4711)]
                    )
                    self.assertEqual(found, 0)
                    groups = self.rpc(
                        who,
                        record.browse(),
                        "formatted_read_group",
                        [],
                        [],
                        ["hours:sum"],
                    )
                    self.assertNotIn("4711", str(groups))
                    rows = self.env["hr.performance.resource"]
                    for way in ("allowance_id", "allowance_figure"):
                        answer = self.rpc(who, rows, "search_read", [], [way])
                        self.assertNotIn("4711", str(answer))
        self.rpc("director", self.allowance, "read", ["hours", "planned_hours"])
        self.assertRefused("director", self.allowance, "write", {"hours": 1})

    def test_company_and_currency_do_not_mix(self):
        allowances, actions = self.allowance.browse(), self.action.browse()
        unit = self.env["hr.department"].create(
            {"name": "Theirs", "company_id": self.company_2.id}
        )
        self.assertRefused(
            "officer",
            allowances,
            "create",
            {"cycle_id": self.cycle.id, "department_id": unit.id, "hours": 1},
        )
        self.assertRefused(
            "officer", allowances, "create", {"cycle_id": self.cycle_2.id, "hours": 1}
        )
        self.assertRefused(
            "officer", self.allowance, "write", {"cycle_id": self.cycle_2.id}
        )
        self.assertRefused(
            "employee",
            self.action,
            "write",
            {"responsible_id": self.other_employee.id},
        )
        # the currency is the company's, whatever is sent
        for values in (
            {"currency_id": self.env.ref("base.CNY").id},
            {"company_id": self.company_2.id},
        ):
            try:
                self.rpc("employee", self.action, "write", values)
            except Refused:
                continue
            self.assertEqual(self.action.currency_id, self.company.currency_id)
            self.assertEqual(self.action.company_id, self.company)
        for amount in (-1, 1e300, "NaN", "many", [1]):
            for name in ("planned_hours", "budget", "used_hours", "spent"):
                with self.subTest(name=name, amount=amount):
                    self.assertRefused("employee", self.action, "write", {name: amount})
        with self.assertRaises(Refused):
            self.rpc(
                "employee", actions, "create", {"goal_id": self.private.id, "name": "x"}
            )
