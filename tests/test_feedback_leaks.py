"""Nobody learns of feedback that is not for them, by any verb and from any record."""

import contextlib

from odoo.tests import tagged

from .rpc import Refused
from .test_rpc_leaks import SECRET, LeakCommon

MODEL = "hr.performance.feedback"
REQUEST = "hr.performance.feedback.request"


@tagged("post_install", "-at_install")
class TestFeedbackLeaks(LeakCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.everybody = set(cls.users)

    def write_down(self, who="colleague", **values):
        drafts = self.env[MODEL].with_user(self.users[who])
        return drafts.create({"employee_id": self.employee.id, "text": SECRET} | values)

    def attach(self, record):
        """A file and an activity beside ``record``, as its author may add them."""
        self.env["ir.attachment"].create(
            {
                "name": SECRET,
                "description": SECRET,
                "res_model": record._name,
                "res_id": record.id,
            }
        )

    def asked_around(self, who, record):
        """``(how, answer)`` for every way to ask for ``record`` or its text."""
        model = record.browse()
        domain = [("text", "ilike", SECRET)]
        names = [name for name in model._fields if name != "id"]
        readable = {name: {} for name in ("text", "display_name", "visibility")}
        for how, records, method, args in (
            ("read", record, "read", ()),
            ("web_read", record, "web_read", (readable,)),
            ("export_data", record, "export_data", (names,)),
            ("copy", record, "copy", ()),
            ("copy_data", record, "copy_data", ()),
            ("formview", record, "get_formview_action", ()),
            ("search", model, "search", (domain,)),
            ("search_read", model, "search_read", (domain,)),
            ("web_search_read", model, "web_search_read", (domain, readable)),
            ("search_count", model, "search_count", (domain,)),
            ("name_search", model, "name_search", ("", [("id", "=", record.id)])),
            ("read_group", model, "formatted_read_group", (domain, ["text"])),
            ("count", model, "formatted_read_group", (domain, [], ["__count"])),
            (
                "web_read_group",
                model,
                "web_read_group",
                ([("id", "=", record.id)], ["date:month"]),
            ),
            (
                "onchange",
                model,
                "onchange",
                ({"corrects_id": record.id}, ["corrects_id"], {"display_name": {}}),
            ),
        ):
            yield how, self.answer_of(who, records, method, *args)
        for name, other in self.env.registry.items():
            if other._abstract or other._transient:
                continue
            for field in other._fields.values():
                if field.comodel_name != MODEL or not field.store:
                    continue
                for leaf in (
                    (f"{field.name}.text", "ilike", SECRET),
                    (field.name, "any", domain),
                ):
                    yield (
                        f"{name}.{field.name}",
                        self.answer_of(who, self.env[name], "search", [leaf]),
                    )

    def nothing_in(self, answer):
        """Whether an answer tells that there is nothing, or nothing at all."""
        return answer in ("", "[]", "0", "null") or (
            SECRET not in answer
            and not any(
                part in answer for part in ('"__count": 1', '"length": 1', '"id": ')
            )
        )

    def assertKept(self, feedback, insiders, everywhere=False):
        """``insiders`` find it, nobody else does.

        :param everywhere: look into all models, too; that takes its time
        """
        self.attach(feedback)
        for who in sorted(self.everybody):
            around = list(self.asked_around(who, feedback))
            told = [how for how, answer in around if not self.nothing_in(answer)]
            if everywhere and who not in insiders:
                told += [
                    how for how, answer in self.all_answers(who) if SECRET in answer
                ]
            with self.subTest(who):
                if who in insiders:
                    self.assertIn("read", told, "the test sees nothing")
                    self.assertIn("search_read", told)
                else:
                    self.assertFalse(told)

    def test_draft(self):
        self.assertKept(self.write_down(visibility="everyone"), {"colleague"})

    def test_for_the_person_alone(self):
        feedback = self.write_down(visibility="person")
        feedback.action_give()
        self.assertKept(feedback, {"colleague", "employee"})

    def test_observation(self):
        feedback = self.write_down("manager", visibility="managers")
        feedback.action_give()
        self.assertKept(feedback, {"manager", "director"}, everywhere=True)

    def test_for_the_line(self):
        feedback = self.write_down(visibility="line")
        feedback.action_give()
        self.assertKept(feedback, {"colleague", "employee", "manager", "director"})

    def test_taken_back(self):
        feedback = self.write_down(visibility="everyone")
        feedback.action_give()
        feedback.action_take_back()
        self.assertKept(feedback, {"colleague"})

    def test_question(self):
        """What is asked of whom, and the activity for it."""
        request = (
            self.env[REQUEST]
            .with_user(self.manager_user)
            .create(
                {
                    "employee_id": self.employee.id,
                    "author_id": self.colleague.id,
                    "question": SECRET,
                }
            )
        )
        request.sudo().activity_schedule(
            "hr_performance.mail_activity_feedback",
            user_id=self.colleague_user.id,
            note=SECRET,
        )
        request.message_post(body=SECRET)
        self.attach(request)
        for who in ("colleague", "employee", "director", "officer"):
            told = [what for what, answer in self.all_answers(who) if SECRET in answer]
            with self.subTest(who):
                if who == "colleague":
                    self.assertTrue(told, "the test sees nothing")
                else:
                    self.assertFalse(told)

    def test_nobody_writes(self):
        """Every verb that changes something, by every role, on what is not theirs."""
        given = self.write_down(visibility="managers")
        given.action_give()
        draft = self.write_down(visibility="person")
        for record in (given, draft):
            before = record.sudo().read(["text", "visibility", "state", "employee_id"])
            for who in sorted(self.everybody - {"colleague"}):
                for method, args in (
                    ("write", ({"text": "Changed"},)),
                    ("write", ({"visibility": "everyone"},)),
                    ("write", ({"employee_id": self.users[who].employee_id.id},)),
                    ("write", ({"goal_id": self.goal.id},)),
                    ("web_save", ({"visibility": "everyone"}, {"text": {}})),
                    ("action_give", ()),
                    ("action_take_back", ()),
                    ("action_widen", ("everyone",)),
                    ("action_open_to_line", ()),
                    ("action_open_to_everyone", ()),
                    ("unlink", ()),
                ):
                    self.assertRefused(who, record, method, *args)
            self.assertEqual(
                record.sudo().read(["text", "visibility", "state", "employee_id"]),
                before,
            )

    def test_the_author_widens_by_the_step_alone(self):
        feedback = self.write_down(visibility="person")
        feedback.action_give()
        for values in (
            {"visibility": "everyone"},
            {"employee_id": self.director.id},
            {"author_id": self.director.id},
            {"company_id": self.company_2.id},
            {"state": "draft"},
            {"given_on": False},
        ):
            self.assertRefused("colleague", feedback, "write", values)
        self.rpc("colleague", feedback, "action_widen", "line")
        self.assertEqual(feedback.sudo().visibility, "line")

    def test_loading_rows_is_writing(self):
        feedback = self.write_down(visibility="person")
        feedback.action_give()
        fields = [".id", "visibility", "text"]
        rows = [[str(feedback.id), "everyone", "Changed"]]
        for who in ("colleague", "employee", "manager", "officer", "administrator"):
            with contextlib.suppress(Refused):
                self.rpc(who, self.env[MODEL], "load", fields, rows)
            self.assertEqual(feedback.sudo().visibility, "person")
            self.assertEqual(feedback.sudo().text, SECRET)
