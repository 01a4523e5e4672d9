"""What is not posted yet is its author's alone, whatever one asks the server for."""

import base64

from odoo.fields import Command
from odoo.tests import tagged

from .test_rpc_leaks import SECRET, LeakCommon

#: everybody in the company but the author
OTHERS = ("manager", "director", "colleague", "officer", "administrator")


@tagged("post_install", "-at_install")
class TestCheckinLeaks(LeakCommon):
    def all_answers(self, who):
        yield from super().all_answers(who)
        round_ = self.env["hr.performance.checkin"]
        yield "round", self.answer_of(who, round_, "get_round", True)
        for record in self.secrets:
            names = [name for name in record._fields if name not in ("id", "ids")]
            yield f"read {record}", self.answer_of(who, record, "read")
            yield f"export {record}", self.answer_of(who, record, "export_data", names)
            yield f"copy {record}", self.answer_of(who, record, "copy_data")
            yield (
                f"web_read {record}",
                self.answer_of(who, record, "web_read", {name: {} for name in names}),
            )

    def assertKept(self, outsiders, insiders):
        for who in outsiders:
            found = [what for what, answer in self.all_answers(who) if SECRET in answer]
            self.assertFalse(found, f"{who} reads it in {found}")
        for who in insiders:
            self.assertTrue(
                any(SECRET in answer for _what, answer in self.all_answers(who)),
                f"{who} does not see it either: the test sees nothing",
            )

    def draft(self, **values):
        user = self.env(user=self.employee_user)
        file = user["ir.attachment"].create(
            {"name": f"{SECRET}.txt", "datas": base64.b64encode(SECRET.encode())}
        )
        draft = user["hr.performance.checkin"].create(
            {
                "goal_id": self.goal.id,
                "confidence": 3,
                "own_health": "off_track",
                **dict.fromkeys(("assessment", "blockers", "next_steps"), SECRET),
                "attachment_ids": [Command.link(file.id)],
                "evidence_ids": [
                    Command.create(
                        {"url": f"https://example.com/{SECRET}", "note": SECRET}
                    )
                ],
            }
            | values
        )
        draft.value_ids.value = 4711
        draft.message_post(body=SECRET)
        self.secrets = [
            record.sudo()
            for record in (
                draft,
                draft.value_ids,
                draft.evidence_ids,
                file,
                self.goal,
                self.goal.measure_ids,
            )
        ]
        return draft

    def test_a_draft(self):
        self.draft()
        self.assertKept(OTHERS, ("employee",))

    def test_guessing_at_a_draft(self):
        draft = self.draft()
        word = ("ilike", SECRET)
        for model, path in (
            ("checkin", "assessment"),
            ("checkin", "blockers"),
            ("checkin", "evidence_ids.note"),
            ("checkin", "attachment_ids.name"),
            ("checkin", "message_ids.body"),
            ("checkin.value", "checkin_id.assessment"),
            ("evidence", "url"),
            ("evidence", "checkin_id.next_steps"),
            ("goal", "checkin_ids.assessment"),
            ("goal", "checkin_ids.evidence_ids.note"),
            ("goal", "blockers"),
            ("goal", "last_checkin_id.assessment"),
            ("reading", "checkin_id.assessment"),
            ("measure", "goal_id.checkin_ids.blockers"),
        ):
            records = self.env[f"hr.performance.{model}"]
            domain = [(path, *word)]
            if model in ("checkin", "evidence"):
                # the test asks for something that is there
                self.assertTrue(records.search_count(domain), (model, path))
            for who in OTHERS:
                with self.subTest(model=model, path=path, who=who):
                    answer = self.answer_of(who, records, "search_count", domain)
                    self.assertIn(answer, ("0", ""))
        for who in OTHERS:
            for by in ("assessment", "goal_id", "state", "confidence"):
                groups = self.answer_of(
                    who,
                    self.env["hr.performance.checkin"],
                    "formatted_read_group",
                    [("id", "=", draft.id)],
                    [by],
                    ["confidence:sum", "__count"],
                )
                self.assertIn(groups, ("[]", ""), (who, by))

    def test_a_correction_that_is_not_posted(self):
        checkin = (
            self.env["hr.performance.checkin"]
            .with_user(self.employee_user)
            .create({"goal_id": self.goal.id, "assessment": "Well"})
        )
        checkin.action_post()
        draft = checkin.browse(checkin.action_correct()["res_id"])
        draft.write({"assessment": SECRET, "correction_reason": SECRET})
        self.secrets = [draft.sudo(), checkin.sudo()]
        self.assertKept(OTHERS, ("employee",))

    def test_an_answer_that_is_not_given(self):
        checkin = (
            self.env["hr.performance.checkin"]
            .with_user(self.employee_user)
            .create({"goal_id": self.goal.id})
        )
        checkin.action_post()
        dialog = (
            self.env["hr.performance.checkin.answer"]
            .with_user(self.manager_user)
            .create({"checkin_id": checkin.id, "text": SECRET})
        )
        self.secrets = [dialog.sudo(), checkin.sudo()]
        self.assertKept(
            ("employee", "director", "colleague", "officer", "administrator"),
            ("manager",),
        )

    def test_the_name_of_a_linked_record(self):
        """Everybody reads the check-in of a unit; the record keeps its own readers."""
        hidden = self.make_goal(self.colleague, name=SECRET)
        goal = self.agree(self.make_goal(self.department_sub, (self.ind_last, 10)))
        checkin = (
            self.env["hr.performance.checkin"]
            .with_user(self.manager_user)
            .create(
                {
                    "goal_id": goal.id,
                    "evidence_ids": [
                        Command.create({"record": f"hr.performance.goal,{hidden.id}"})
                    ],
                }
            )
        )
        checkin.action_post()
        self.secrets = [checkin.sudo(), checkin.evidence_ids.sudo()]
        self.assertKept(("employee",), ("manager", "officer"))
        self.assertIn(
            "cannot open",
            self.answer_of("employee", checkin.evidence_ids.sudo(), "read", ["name"]),
        )
