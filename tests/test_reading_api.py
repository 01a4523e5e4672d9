"""Values from another system, exactly as README.md says: HTTP with an API key."""

import json
from datetime import datetime, timedelta

from odoo.tests import tagged
from odoo.tools import mute_logger

from .rpc import RpcCommon


@tagged("post_install", "-at_install")
class TestReadingApi(RpcCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee.work_email = "employee@work.example"
        cls.keys = {
            name: cls.env["res.users.apikeys"]
            .with_user(cls.users[name])
            .sudo()
            ._generate("rpc", "Readings", datetime.now() + timedelta(days=1))
            for name in ("officer", "colleague")
        }

    def post(self, rows, by="officer", **arguments):
        self.env.flush_all()
        response = self.url_open(
            "/json/2/hr.performance.reading/upsert",
            data=json.dumps({"rows": rows, **arguments}),
            headers={
                "Authorization": f"bearer {self.keys.get(by, by)}",
                "Content-Type": "application/json",
            },
        )
        self.env.invalidate_all()
        return response.status_code, response.json()

    def row(self, **values):
        return {
            "indicator": "T_SUM",
            "employee": "employee@work.example",
            "date": str(self.day(1, 31)),
            "value": 14,
        } | values

    def test_sent_once_and_again(self):
        goal = self.make_goal(None, (self.ind_sum, 20))
        status, answer = self.post([self.row()])
        self.assertEqual(status, 200)
        (found,) = answer["ids"]
        self.assertEqual(
            answer, {"created": 1, "updated": 0, "unchanged": 0, "ids": [found]}
        )
        reading = self.env["hr.performance.reading"].browse(found)
        self.assertRecordValues(
            reading,
            [{"value": 14, "source": "api", "create_uid": self.officer_user.id}],
        )
        self.assertEqual(goal.progress, 70)
        _status, answer = self.post([self.row(value=16)], reason="Counted again")
        self.assertEqual((answer["updated"], answer["ids"]), (1, [found]))
        self.assertEqual(reading.correction_ids.reason, "Counted again")
        self.assertEqual(goal.progress, 80)

    @mute_logger("odoo.http")
    def test_what_is_wrong_is_named(self):
        rows = [self.row(), self.row(indicator="T_NOBODY"), self.row(date="soon")]
        status, answer = self.post(rows)
        self.assertEqual(status, 422)
        self.assertEqual(answer["name"], "odoo.exceptions.ValidationError")
        for words in ("Line 2, indicator", "T_NOBODY", "Line 3, date", "2026-01-31"):
            self.assertIn(words, answer["message"])
        self.assertFalse(self.env["hr.performance.reading"].search([]))

    @mute_logger("odoo.http")
    def test_who_may_not(self):
        status, answer = self.post([self.row()], by="colleague")
        self.assertEqual(status, 403)
        self.assertIn("Line 1, employee", answer["message"])
        self.assertEqual(self.post([self.row()], by="no key at all")[0], 401)
        self.assertFalse(self.env["hr.performance.reading"].search([]))
