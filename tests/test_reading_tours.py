"""Entering values in the table, in the browser."""

from datetime import date

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestReadingTours(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Grid Ltd"})
        people = cls.env["hr.employee"]
        for name, group in (
            ("Manager", "base.group_user"),
            ("HR", "hr_performance.group_hr_performance_officer"),
            ("Employee", "base.group_user"),
        ):
            user = new_test_user(
                cls.env,
                login=f"grid_{name.lower()}",
                name=f"Grid {name}",
                groups=group,
                company_id=cls.company.id,
            )
            people |= cls.env["hr.employee"].create(
                {"name": user.name, "user_id": user.id, "company_id": cls.company.id}
            )
        cls.manager, _hr, cls.employee = people
        cls.employee.parent_id = cls.manager
        year = fields.Date.today().year
        cls.env["hr.performance.cycle"].create(
            {
                "name": "The year",
                "company_id": cls.company.id,
                "period_type": "year",
                "date_start": date(year, 1, 1),
                "date_end": date(year, 12, 31),
                "scale_id": cls.env.ref("hr_performance.scale_points").id,
                "template_id": cls.env.ref("hr_performance.template_standard").id,
            }
        )
        cls.env["hr.performance.indicator"].create(
            [
                {"name": "Calls made", "code": "GRID_CALLS", "digits": 1},
                {
                    "name": "Goods returned",
                    "code": "GRID_RETURNS",
                    "aggregation": "average",
                    "rollup": "average",
                },
            ]
        ).action_activate()

    def walk(self, name):
        self.start_tour(
            "/odoo", f"hr_performance_grid_{name}", login=f"grid_{name}", timeout=120
        )

    def test_the_table(self):
        self.walk("manager")
        self.env.invalidate_all()
        readings = self.env["hr.performance.reading"].search(
            [("company_id", "=", self.company.id)], order="employee_id, date"
        )
        self.assertEqual(
            readings.mapped(lambda reading: (reading.employee_id, reading.value)),
            [
                (self.employee, 13),
                (self.employee, 1000.5),
                (self.employee, 2),
                (self.manager, 3),
                (self.manager, 4),
            ],
        )
        self.assertRecordValues(
            readings[0].correction_ids,
            [{"former_value": 12, "value": 13, "reason": "Counted again"}],
        )
        self.walk("hr")
        self.env.invalidate_all()
        rate = self.env["hr.performance.reading"].search(
            [("company_id", "=", self.company.id), ("employee_id", "=", False)]
        )
        self.assertRecordValues(
            rate, [{"value": 25, "numerator": 30, "denominator": 120, "weight": 120}]
        )
