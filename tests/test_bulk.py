"""What many records share when they are made at once, and what they never share."""

from itertools import count
from unittest.mock import patch

from odoo.tests import tagged

from .common import PerformanceCommon


@tagged("post_install", "-at_install")
class TestBulk(PerformanceCommon):
    def vals(self, *names):
        return [
            {"name": name, "cycle_id": self.cycle.id, "employee_id": self.employee.id}
            for name in names
        ]

    def test_nobody_writes_under_another_name(self):
        """As in all of Odoo: who has made a record, and when, is not typed in."""
        forged = {"create_uid": self.colleague_user.id, "create_date": "2001-01-01"}
        goals = self.as_(self.env["hr.performance.goal"], "employee").create(
            [vals | forged for vals in self.vals("One", "Two")]
        )
        action = self.as_(self.env["hr.performance.action"], "employee").create(
            {"name": "Do it", "goal_id": goals[0].id} | forged
        )
        for made in (*goals, action):
            self.assertEqual(made.create_uid, self.employee_user)
            self.assertGreater(made.create_date.year, 2001)

    def test_another_addons_default_is_asked_for_each(self):
        """It may take the next number of a sequence; this addon's own ones do not."""
        goals = self.env["hr.performance.goal"]
        field = goals._fields["contribution"]
        numbers = count(1)
        with (
            patch.object(field, "default", lambda model: f"No. {next(numbers)}"),
            patch.object(field, "_module", "another_addon"),
        ):
            made = goals.create(self.vals("One", "Two"))
        self.assertEqual(len(set(made.mapped("contribution"))), 2)
        self.assertIsNotNone(goals._leading(frozenset()))
