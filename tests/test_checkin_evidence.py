"""Files, records and pages that show that it is so."""

import base64

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import PerformanceCommon


@tagged("post_install", "-at_install")
class TestCheckinEvidence(PerformanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goal = cls.agree(cls.make_goal(None, (cls.ind_sum, 10)))
        cls.partner = cls.env["res.partner"].create({"name": "A quiet customer"})

    def start(self, **values):
        return self.as_(self.env["hr.performance.checkin"], "employee").create(
            {"goal_id": self.goal.id, "date": self.day(3)} | values
        )

    def file(self, name="employee", **values):
        return self.as_(self.env["ir.attachment"], name).create(
            {"name": "proof.txt", "datas": base64.b64encode(b"Yes")} | values
        )

    # ------------------------------------------------------------- records

    def test_a_record_is_named_to_those_who_may_read_it(self):
        # a private calendar entry of the author: nobody else reads its name
        user = new_test_user(self.env, login="perf_stranger", groups="base.group_user")
        goal = self.agree(self.make_goal(None, (self.ind_sum, 5)))
        shared = self.make_goal(self.colleague, name="A goal of the colleague")
        self.agree(shared)
        shared.visibility = "everyone"
        checkin = self.start(
            goal_id=goal.id,
            evidence_ids=[
                Command.create({"record": f"hr.performance.goal,{shared.id}"}),
                Command.create({"record": f"res.partner,{self.partner.id}"}),
            ],
        )
        self.assertEqual(
            checkin.evidence_ids.mapped("name"),
            ["A goal of the colleague", "A quiet customer"],
        )
        checkin.action_post()
        shared.visibility = "line"
        for name, expected in (
            ("manager", "A goal of the colleague"),
            ("employee", "A record that you cannot open"),
        ):
            with self.subTest(name):
                first, second = self.as_(checkin, name).evidence_ids
                self.assertEqual(first.name, expected)
                self.assertEqual(first.display_name, expected)
                self.assertEqual(bool(first.record), name == "manager")
                self.assertEqual(second.name, "A quiet customer")
        with self.assertRaises(AccessError):
            self.as_(checkin, "employee").evidence_ids[0].action_open()
        self.assertEqual(
            self.as_(checkin, "manager").evidence_ids[0].action_open()["res_id"],
            shared.id,
        )
        with self.assertRaises(AccessError):
            self.as_(checkin, user).evidence_ids.read(["name"])

    def test_nobody_links_what_they_cannot_read(self):
        hidden = self.make_goal(self.colleague, name="A secret goal")
        checkin = self.start()
        for values in (
            {"record": f"hr.performance.goal,{hidden.id}"},
            {"res_model": "hr.performance.goal", "res_id": hidden.id},
            {"record": "hr.performance.goal,999999999"},
            {"res_model": "hr.employee", "res_id": self.colleague.id},
        ):
            with (
                self.subTest(values),
                self.assertRaises(AccessError) as refusal,
                mute_logger("odoo.addons.base.models.ir_rule"),
            ):
                checkin.evidence_ids = [Command.create(values)]
            self.assertNotIn("secret", str(refusal.exception))
        own = self.make_goal(self.employee)
        checkin.evidence_ids = [
            Command.create({"res_model": "hr.performance.goal", "res_id": own.id})
        ]
        with self.assertRaises(AccessError):
            checkin.evidence_ids.res_id = hidden.id
        with self.assertRaises(AccessError):
            checkin.evidence_ids.record = f"hr.performance.goal,{hidden.id}"

    def test_only_what_people_work_on(self):
        checkin = self.start()
        for model in ("ir.rule", "hr.performance.reason", "no.such.model", "base"):
            with self.subTest(model), self.refused("cannot be linked", model):
                checkin.evidence_ids = [
                    Command.create({"res_model": model, "res_id": 1})
                ]

    def test_what_is_gone_is_no_error(self):
        checkin = self.start(
            evidence_ids=[Command.create({"record": f"res.partner,{self.partner.id}"})]
        )
        self.partner.unlink()
        evidence = self.as_(checkin, "employee").evidence_ids
        self.assertEqual(evidence.name, "A record that you cannot open")
        evidence.sudo().res_model = "an.uninstalled.app"
        self.assertFalse(evidence.record)

    def test_a_web_address(self):
        checkin = self.start()
        checkin.evidence_ids = [
            Command.create({"url": "https://example.com/a", "note": "The list"})
        ]
        self.assertEqual(checkin.evidence_ids.name, "https://example.com/a")
        for address in ("javascript:alert(1)", "example.com", "https://", "http://[a"):
            with (
                self.subTest(address),
                self.refused("no web address", error=ValidationError),
            ):
                checkin.evidence_ids = [Command.create({"url": address})]
        with self.refused("choose a record", error=ValidationError):
            checkin.evidence_ids = [Command.create({"note": "Believe me"})]

    def test_posted_evidence_stays(self):
        checkin = self.start(
            evidence_ids=[Command.create({"url": "https://example.com/a"})]
        )
        checkin.action_post()
        with self.refused("is posted"):
            checkin.evidence_ids.note = "Changed"
        with self.refused("is posted"):
            checkin.evidence_ids.unlink()
        with self.refused("is posted"):
            checkin.evidence_ids.create(
                {"checkin_id": checkin.id, "url": "https://example.com/b"}
            )
        # nor is that of another check-in moved into it
        draft = self.start(
            evidence_ids=[Command.create({"url": "https://example.com/c"})]
        )
        with self.refused("is posted"):
            draft.evidence_ids.checkin_id = checkin

    # ------------------------------------------------------------- files

    def test_files_are_read_by_who_reads_the_checkin(self):
        file = self.file()
        checkin = self.start(attachment_ids=[Command.link(file.id)])
        with self.assertRaises(AccessError):
            self.as_(file, "manager").read(["datas"])
        checkin.action_post()
        self.assertEqual(self.as_(file, "manager").raw, b"Yes")
        self.assertEqual(self.as_(checkin, "officer").attachment_ids.name, "proof.txt")
        with self.assertRaises(AccessError):
            self.as_(file, "colleague").read(["datas"])

    def test_files_of_others_are_not_taken(self):
        checkin = self.start()
        elsewhere = self.file(
            res_model="hr.performance.goal", res_id=self.make_goal(self.employee).id
        )
        with self.refused("belongs to another record"):
            checkin.attachment_ids = [Command.link(elsewhere.id)]
        theirs = self.file("manager")
        with self.assertRaises(AccessError):
            checkin.attachment_ids = [Command.link(theirs.id)]
            checkin.flush_recordset()

    def test_a_posted_file_stays(self):
        file = self.file()
        checkin = self.start(attachment_ids=[Command.link(file.id)])
        file.name = "better.txt"
        checkin.action_post()
        for change in (
            {"raw": b"No"},
            {"name": "other.txt"},
            {"res_id": 0},
            {"res_model": False},
        ):
            with self.subTest(change), self.refused("was posted with"):
                file.write(change)
        with self.refused("was posted with"):
            file.unlink()
        with self.refused("is posted"):
            checkin.attachment_ids = [Command.clear()]

    def test_a_draft_takes_its_files_with_it(self):
        file = self.file()
        checkin = self.start(attachment_ids=[Command.link(file.id)])
        checkin.unlink()
        self.assertFalse(file.exists())

    def test_a_correction_begins_with_the_same(self):
        file = self.file()
        former = self.start(
            attachment_ids=[Command.link(file.id)],
            evidence_ids=[Command.create({"record": f"res.partner,{self.partner.id}"})],
        )
        former.action_post()
        draft = former.browse(former.action_correct()["res_id"])
        self.assertEqual(draft.attachment_ids.raw, b"Yes")
        self.assertNotEqual(draft.attachment_ids, file)
        self.assertEqual(draft.evidence_ids.name, "A quiet customer")
        draft.attachment_ids = [Command.clear()]
        self.assertEqual(former.attachment_ids, file)
        self.assertEqual(draft.evidence_count, 1)
