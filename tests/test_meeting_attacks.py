"""Nobody reads what two people say to each other, nor what one of them prepares, by any verb."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .rpc import Refused, RpcCommon

NOTE = "Zebra wish"
MINUTES = "Zebra minutes"
TOPIC = "Zebra topic"
ACTION = "Zebra action"
STATEMENT = "Zebra statement"
MESSAGE = "Zebra message"
OUTSIDERS = ("director", "colleague", "officer", "administrator", "other_officer")


@tagged("post_install", "-at_install")
class TestMeetingAttacks(RpcCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.meeting = cls.make("one_on_one")
        cls.interview = cls.make("interview")

    @classmethod
    def make(cls, kind):
        meeting = (
            cls.env["hr.performance.meeting"]
            .with_user(cls.manager_user)
            .create(
                {
                    "employee_id": cls.employee.id,
                    "kind": kind,
                    "start": fields.Datetime.now() + timedelta(days=2),
                    "minutes": f"<p>{MINUTES}</p>",
                    "location": "Room Z",
                    "agenda_ids": [Command.create({"name": TOPIC})],
                    "action_ids": [Command.create({"name": ACTION})],
                }
            )
        )
        event = meeting.event_id.sudo()
        meeting.action_hold()
        mine = meeting.with_user(cls.employee_user)
        mine.note = NOTE
        mine.action_dispute(STATEMENT)
        mine.message_post(body=MESSAGE, subtype_xmlid="mail.mt_comment")
        mine.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=MESSAGE,
            user_id=cls.employee_user.id,
        )
        assert event.active
        return meeting.sudo()

    def said(self, who, record, method, *args, **kwargs):
        """All that the server answers, as text; nothing when it refuses."""
        try:
            return str(self.rpc(who, record, method, *args, **kwargs))
        except Refused:
            return ""

    def verbs(self, record, names):
        """Every way to read fields ``names`` of ``record``."""
        model = record.browse()
        domain = [("id", "in", record.ids)]
        specification = {name: {} for name in names}
        return [
            (record, "read", [names], {}),
            (record, "web_read", [specification], {}),
            (record, "export_data", [names], {}),
            (record, "copy_data", [], {}),
            (record, "copy", [], {}),
            (model, "search_read", [domain, names], {}),
            (model, "web_search_read", [domain, specification], {}),
            (model, "name_search", ["Zebra", domain], {}),
            *(
                (model, "formatted_read_group", [domain, [name], ["__count"]], {})
                for name in names
                if model._fields[name].store
            ),
            (
                model,
                "web_read_group",
                [domain, [names[0]], ["__count"]],
                {},
            ),
        ]

    def assertSilent(self, who, record, names):
        for target, method, args, kwargs in self.verbs(record, names):
            if method == "web_read_group" and not record._fields[names[0]].store:
                continue
            told = self.said(who, target, method, *args, **kwargs)
            self.assertNotIn("Zebra", told, f"{who}: {record._name}.{method}")

    # ------------------------------------------------------------- preparation

    def test_preparation(self):
        note = self.env["hr.performance.meeting.note"].search([])
        self.assertEqual(set(note.mapped("text")), {NOTE})
        for who in ("manager", *OUTSIDERS):
            for one in note:
                self.assertSilent(who, one, ["text"])
                self.assertRefused(who, one, "write", {"text": "x"})
                self.assertRefused(who, one, "unlink")
            for domain in (
                [],
                [("text", "ilike", "Zebra")],
                [("author_id", "=", self.employee_user.id)],
            ):
                self.assertEqual(self.rpc(who, note.browse(), "search", domain), [])
                self.assertEqual(
                    self.rpc(who, note.browse(), "search_count", domain), 0
                )
            for meeting in self.meeting | self.interview:
                self.assertSilent(who, meeting, ["note"])
        # whatever somebody else brings along in values or context
        self.assertRefused(
            "manager",
            note.browse(),
            "create",
            {
                "meeting_id": self.meeting.id,
                "author_id": self.employee_user.id,
                "text": "x",
            },
        )
        for who in OUTSIDERS:
            self.assertRefused(who, self.meeting, "write", {"note": "x"})
        self.rpc("manager", self.meeting, "write", {"note": "Mine"})
        self.assertEqual(self.meeting.with_user(self.employee_user).note, NOTE)
        self.assertEqual(self.meeting.with_user(self.manager_user).note, "Mine")

    def test_preparation_stays_with_its_author(self):
        """Whom HR links to the employee later reads none of it."""
        self.employee.user_id = False
        self.employee.user_id = self.colleague_user
        self.assertFalse(self.meeting.with_user(self.colleague_user).note)
        notes = self.env["hr.performance.meeting.note"].with_user(self.colleague_user)
        self.assertFalse(notes.search([]))

    def test_preparation_by_the_author(self):
        told = self.said("employee", self.meeting, "web_read", {"note": {}})
        self.assertIn(NOTE, told)

    # ------------------------------------------------------------- content

    def contents(self, meeting):
        domain = [("meeting_id", "=", meeting.id)]
        for model, names in (
            ("meeting.minutes", ["text"]),
            ("meeting.topic", ["name"]),
            ("meeting.statement", ["text", "minutes"]),
            ("action", ["name"]),
        ):
            yield self.env[f"hr.performance.{model}"].search(domain), names

    def test_content_of_a_one_on_one(self):
        for who in OUTSIDERS:
            for records, names in self.contents(self.meeting):
                self.assertTrue(records)
                self.assertSilent(who, records, names)
                self.assertRefused(who, records, "write", {names[0]: "x"})
                self.assertRefused(who, records, "unlink")
                domain = [("id", "in", records.ids), (names[0], "ilike", "Zebra")]
                self.assertEqual(self.rpc(who, records.browse(), "search", domain), [])
            self.assertSilent(who, self.meeting, ["minutes", "agenda", "history"])
            # through what leads there
            for name in ("agenda_ids.name", "action_ids.name", "statement_ids.text"):
                domain = [("id", "=", self.meeting.id), (name, "ilike", "Zebra")]
                self.assertEqual(
                    self.rpc(who, self.meeting.browse(), "search", domain), [], name
                )
                told = self.said(
                    who, self.meeting, "export_data", [name.replace(".", "/")]
                )
                self.assertNotIn("Zebra", told)
            for name in ("agenda_ids", "action_ids", "statement_ids"):
                told = self.said(
                    who,
                    self.meeting,
                    "web_read",
                    {name: {"fields": {"display_name": {}}}},
                )
                self.assertNotIn("Zebra", told)
            for step in ("hold", "confirm", "take_back", "plan_again"):
                self.assertRefused(who, self.meeting, f"action_{step}")
            self.assertRefused(who, self.meeting, "action_dispute", "x")
            self.assertRefused(who, self.meeting, "action_refresh_agenda")
            self.assertRefused(who, self.meeting, "write", {"minutes": "x"})

    def test_content_of_an_interview(self):
        for who in ("director", "colleague", "other_officer"):
            for records, names in self.contents(self.interview):
                self.assertSilent(who, records, names)
        for who in ("officer", "administrator"):
            for records, names in self.contents(self.interview):
                told = self.said(who, records, "read", names)
                self.assertIn("Zebra", told)
                self.assertRefused(who, records, "write", {names[0]: "x"})
            told = self.said(who, self.interview, "web_read", {"minutes": {}})
            self.assertIn(MINUTES, told)
            self.assertRefused(who, self.interview, "write", {"minutes": "x"})

    def test_states_are_steps(self):
        for who in ("employee", "manager"):
            for values in (
                {"state": "confirmed"},
                {"held_by_id": self.manager.id},
                {"event_id": False},
                {"kind": "interview"},
                {"employee_id": self.colleague.id},
            ):
                self.assertRefused(who, self.meeting, "write", values)
            self.assertRefused(who, self.meeting, "unlink")

    def test_who_sees_that_they_met(self):
        for who in ("director", "officer", "administrator"):
            told = self.rpc(who, self.meeting, "web_read", {"state": {}, "start": {}})
            self.assertEqual(told[0]["state"], "disputed")
        for who in ("colleague", "other_officer"):
            self.assertRefused(who, self.meeting, "web_read", {"state": {}})

    # ------------------------------------------------------------- around it

    def test_chatter_and_activities(self):
        messages, activities = self.env["mail.message"], self.env["mail.activity"]
        domain = [
            ("res_id", "=", self.meeting.id),
            ("model", "=", self.meeting._name),
        ]
        about = [
            ("res_id", "=", self.meeting.id),
            ("res_model", "=", self.meeting._name),
        ]
        for who in OUTSIDERS:
            told = self.said(who, messages, "search_read", domain, ["body"])
            self.assertNotIn("Zebra", told, who)
            told = self.said(who, activities, "search_read", about, ["summary"])
            self.assertNotIn("Zebra", told, who)
            self.assertRefused(who, self.meeting, "message_post", body="x")
        told = self.said("manager", messages, "search_read", domain, ["body"])
        self.assertIn(MESSAGE, told)

    def test_files(self):
        file = (
            self.env["ir.attachment"]
            .with_user(self.employee_user)
            .create(
                {
                    "name": "Zebra.txt",
                    "raw": b"Zebra file",
                    "res_model": self.meeting._name,
                    "res_id": self.meeting.id,
                }
            )
            .sudo()
        )
        model = file.browse()
        for who, readable in (
            ("employee", True),
            ("manager", True),
            *((who, False) for who in OUTSIDERS),
        ):
            for target, method, args in (
                (file, "read", [["name", "raw"]]),
                (file, "web_read", [{"name": {}}]),
                (model, "search_read", [[("id", "=", file.id)], ["name"]]),
                *(
                    (model, "search_read", [domain, ["name", "res_id"]])
                    for domain in (
                        [("res_model", "=", self.meeting._name)],
                        [("res_model", "in", [self.meeting._name])],
                        [("res_model", "=like", "hr.performance.%")],
                        [
                            ("res_model", "=", self.meeting._name),
                            ("res_id", "=", self.meeting.id),
                        ],
                    )
                ),
            ):
                told = self.said(who, target, method, *args)
                self.assertEqual("Zebra" in told, readable, f"{who}: {method}{args}")

    def test_calendar(self):
        event = self.meeting.event_id
        self.assertTrue(event)
        for who in OUTSIDERS:
            for method, args in (
                ("read", [["name", "description", "location", "notes"]]),
                ("web_read", [{"name": {}, "location": {}, "description": {}}]),
                ("export_data", [["name", "description", "location"]]),
            ):
                told = self.said(who, event, method, *args)
                for words in ("Room Z", "Employee", "meetings/"):
                    self.assertNotIn(words, told, f"{who}: {method}")
            self.assertRefused(who, event, "write", {"location": "x"})
            self.assertRefused(who, event, "unlink")
        # the subject can be searched for by all, so it says no more than the names
        self.assertEqual(event.name, "Employee and Manager")

    def test_who_plans_from_the_employee_form(self):
        public = self.env["hr.employee.public"].browse(self.employee.id)
        self.employee.coach_id = self.officer
        for who, may in (
            ("employee", True),
            ("manager", True),
            ("director", True),
            ("officer", True),
            ("colleague", False),
            ("administrator", False),
        ):
            found = self.rpc(who, public, "read", ["performance_can_meet"])
            self.assertEqual(found[0]["performance_can_meet"], may, who)
        action = self.rpc("manager", public, "action_plan_one_on_one")
        self.assertEqual(action["context"]["default_employee_id"], self.employee.id)

    def test_employee_form(self):
        for who, count in (("manager", 2), ("director", 2), ("colleague", 0)):
            found = self.rpc(
                who,
                self.env["hr.employee.public"].browse(self.employee.id),
                "read",
                ["performance_meeting_count"],
            )
            self.assertEqual(found[0]["performance_meeting_count"], count, who)
