from datetime import date, timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .common import PerformanceCommon


@tagged("post_install", "-at_install")
class TestReading(PerformanceCommon):
    # ------------------------------------------------------------- the holder

    def transfer(self):
        """From Sales North to Support, and up a job, on 1 June."""
        self.employee.create_version(
            {
                "date_version": self.day(6, 1),
                "department_id": self.department_sibling.id,
                "job_id": self.job_2.id,
            }
        )

    def test_department_and_job_are_those_of_the_date(self):
        self.transfer()
        expected = {
            self.day(5, 31): (self.department_sub, self.job),
            self.day(6, 1): (self.department_sibling, self.job_2),
            self.day(12, 31): (self.department_sibling, self.job_2),
            # before the first version: the first one
            date(2019, 1, 1): (self.department_sub, self.job),
        }
        for day, (department, job) in expected.items():
            with self.subTest(day):
                reading = self.add_reading(self.ind_sum, 1, date=day)
                self.assertEqual(reading.department_id, department)
                self.assertEqual(reading.job_id, job)
                self.assertEqual(reading.company_id, self.company)

    def test_a_later_transfer_moves_nobodys_past(self):
        before = self.add_reading(self.ind_sum, 3, date=self.day(5, 1))
        after = self.add_reading(self.ind_sum, 4, date=self.day(7, 1))
        sub = self.make_goal(self.department_sub, (self.ind_sum, 10))
        self.assertEqual(sub.measure_ids.actual, 7)
        self.transfer()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(before.department_id, self.department_sub)
        # the one from after the transfer was entered under the old department and stays
        self.assertEqual(after.department_id, self.department_sub)
        self.assertEqual(sub.measure_ids.actual, 7)
        # what is entered from now on follows the person
        self.add_reading(self.ind_sum, 5, date=self.day(7, 2))
        self.assertEqual(sub.measure_ids.actual, 7)
        sibling = self.make_goal(self.department_sibling, (self.ind_sum, 10))
        self.assertEqual(sibling.measure_ids.actual, 5)

    def test_moving_the_date_across_the_transfer_moves_the_department(self):
        self.transfer()
        reading = self.add_reading(self.ind_sum, 1, date=self.day(5, 1))
        reading.write({"date": self.day(6, 2), "correction_reason": "Booked later"})
        self.assertEqual(reading.department_id, self.department_sibling)
        self.assertEqual(reading.job_id, self.job_2)

    def test_a_department_or_the_company_can_be_the_holder(self):
        reading = self.add_reading(self.ind_sum, 1, self.department)
        self.assertEqual(reading.company_id, self.company)
        self.assertFalse(reading.employee_id | reading.employee_id)
        self.assertFalse(reading.job_id)
        reading = self.add_reading(self.ind_sum, 1, self.company_2)
        self.assertEqual(reading.company_id, self.company_2)
        self.assertFalse(reading.employee_id or reading.department_id)

    def test_a_plain_employee_enters_a_reading_in_the_form(self):
        """Department and job of the day are private on the employee in Odoo 19."""
        self.env.flush_all()
        self.env.invalidate_all()
        readings = self.env["hr.performance.reading"].with_user(self.employee_user)
        form = Form(readings)
        form.indicator_id = self.ind_sum
        form.employee_id = self.employee
        form.date = self.day(3)
        form.value = 4
        reading = form.save()
        self.assertEqual(reading.department_id, self.department_sub)
        self.assertEqual(reading.value, 4)

    # ------------------------------------------------------------- numbers

    def test_nought_is_a_value_and_counts(self):
        goal = self.make_goal(
            None, {"indicator_id": self.ind_sum.id, "baseline": 5, "target": 0}
        )
        self.assertIsNone(goal.progress)
        self.add_reading(self.ind_sum, 0)
        self.assertEqual(goal.measure_ids.actual, 0)
        self.assertEqual(goal.progress, 100)  # all of the 5 down

    def test_no_value_is_not_nought(self):
        """An empty cell of an import must not become a result of 0."""
        for empty in (False, None):
            with (
                self.subTest(empty),
                self.refused("New customers", error=ValidationError),
            ):
                self.add_reading(self.ind_sum, empty)
        with self.refused("New customers", error=ValidationError):
            self.env["hr.performance.reading"].create(
                {"indicator_id": self.ind_sum.id, "employee_id": self.employee.id}
            )
        reading = self.add_reading(self.ind_sum, 3)
        with self.refused("New customers", error=ValidationError):
            reading.write({"value": False, "correction_reason": "Unknown"})
        self.assertEqual(reading.value, 3)

    def test_numbers_are_finite_and_weights_not_negative(self):
        for value in (float("nan"), float("inf"), float("-inf")):
            with self.refused(
                "New customers", "ordinary number", error=ValidationError
            ):
                self.add_reading(self.ind_sum, value)
            with self.refused(
                "New customers", "ordinary number", error=ValidationError
            ):
                self.add_reading(self.ind_sum, 1, weight=value)
        with self.refused("“Weight” cannot be negative", error=ValidationError):
            self.add_reading(self.ind_sum, 1, weight=-1)
        self.assertEqual(self.add_reading(self.ind_sum, -7).value, -7)
        self.assertEqual(self.add_reading(self.ind_sum, 1, weight=0).weight, 0)

    # ------------------------------------------------------------- corrections

    def test_a_correction_keeps_the_former_value_and_the_reason(self):
        reading = self.add_reading(self.ind_sum, 4)
        as_employee = self.as_(reading, "employee")
        with self.refused("Say why", reading.display_name):
            as_employee.value = 5
        with self.refused("Say why"):
            as_employee.write({"value": 5, "correction_reason": "  "})
        self.assertEqual(reading.value, 4)
        as_employee.write({"value": 5, "correction_reason": " Counted twice "})
        as_employee.write({"value": 6, "correction_reason": "One more"})
        self.assertRecordValues(
            as_employee.correction_ids,
            [
                {"former_value": 5, "value": 6, "reason": "One more"},
                {"former_value": 4, "value": 5, "reason": "Counted twice"},
            ],
        )
        self.assertEqual(as_employee.correction_ids.create_uid, self.employee_user)

    def test_what_does_not_change_the_value_needs_no_reason(self):
        reading = self.add_reading(self.ind_sum, 4)
        reading.write({"value": 4.0, "date": reading.date, "note": "Checked"})
        self.assertFalse(reading.correction_ids)
        with self.refused("why"):
            reading.date = self.day(4)
        reading.write({"date": self.day(4), "correction_reason": "Typing error"})
        self.assertIn("Date: ", reading.correction_ids.changes)

    def test_several_readings_are_corrected_at_once(self):
        readings = self.add_reading(self.ind_sum, 4) | self.add_reading(self.ind_sum, 5)
        readings.write({"value": 5, "correction_reason": "Same for all"})
        # the second one said 5 already
        self.assertEqual(readings.correction_ids.mapped("former_value"), [4])

    def test_nobody_writes_the_trail(self):
        reading = self.add_reading(self.ind_sum, 4)
        reading.write({"value": 5, "correction_reason": "Counted twice"})
        trail = reading.correction_ids
        for name in ("employee", "manager", "officer", "administrator"):
            with self.subTest(name):
                with self.assertRaises(AccessError):
                    self.as_(trail, name).former_value = 5
                with self.assertRaises(AccessError):
                    self.as_(trail, name).unlink()
                with self.assertRaises(AccessError):
                    self.as_(reading, name).write({"correction_ids": [(5,)]})
        with self.assertRaises(AccessError):
            self.as_(trail, "colleague").read(["reason"])

    def test_who_enters_readings(self):
        """Oneself, those above, officers; not a colleague, not for the manager."""
        for name in ("employee", "manager", "director", "officer"):
            with self.subTest(name):
                readings = self.as_(self.env["hr.performance.reading"], name)
                self.assertTrue(
                    readings.create(
                        {
                            "indicator_id": self.ind_sum.id,
                            "employee_id": self.employee.id,
                            "date": self.day(3),
                            "value": 1,
                        }
                    )
                )
        for name, holder in (
            ("colleague", {"employee_id": self.employee.id}),
            ("employee", {"employee_id": self.manager.id}),
            ("employee", {"department_id": self.department_sub.id}),
            ("other_officer", {"employee_id": self.employee.id}),
        ):
            with self.subTest(name, holder=holder), self.assertRaises(AccessError):
                self.as_(self.env["hr.performance.reading"], name).create(
                    {"indicator_id": self.ind_sum.id, "value": 1} | holder
                )

    def test_a_reading_is_not_handed_to_somebody_else(self):
        reading = self.add_reading(self.ind_sum, 1)
        with self.assertRaises(AccessError):
            self.as_(reading, "employee").write(
                {"employee_id": self.colleague.id, "correction_reason": "Take it"}
            )
        self.assertEqual(reading.employee_id, self.employee)

    # ------------------------------------------------------------- what it moves

    def moved_by(self, change):
        """The measures that a change marks for recomputation."""
        measure_model = self.env["hr.performance.measure"]
        self.env.flush_all()
        marked = measure_model.browse()

        def mark(measures):
            nonlocal marked
            marked |= measures
            return original(measures)

        original = type(measure_model)._mark_for_recomputation
        self.patch(type(measure_model), "_mark_for_recomputation", mark)
        change()
        return marked.sudo(False)

    def test_exactly_the_measures_it_counts_in_are_computed_anew(self):
        own = self.make_goal(None, (self.ind_sum, 10)).measure_ids
        unit = self.make_goal(self.department_sub, (self.ind_sum, 10)).measure_ids
        above = self.make_goal(self.department, (self.ind_sum, 10)).measure_ids
        company = self.make_goal(self.company, (self.ind_sum, 10)).measure_ids
        # of others, of another unit, of another indicator, of another time or company
        self.make_goal(self.colleague, (self.ind_sum, 10))
        self.make_goal(self.department_sibling, (self.ind_sum, 10))
        self.make_goal(None, (self.ind_ratio, 10))
        self.make_goal(
            None,
            {
                "indicator_id": self.ind_sum.id,
                "target": 10,
                "date_start": self.day(3, 16),
            },
        )
        self.make_goal(
            self.other_employee, (self.ind_sum, 10), cycle_id=self.cycle_2.id
        )
        expected = own | unit | above | company

        self.assertEqual(
            self.moved_by(lambda: self.add_reading(self.ind_sum, 4)), expected
        )
        self.assertEqual(expected.mapped("actual"), [4, 4, 4, 4])

    def test_correcting_moving_and_deleting_reach_both_sides(self):
        own = self.make_goal(None, (self.ind_sum, 10))
        theirs = self.make_goal(self.colleague, (self.ind_sum, 10))
        reading = self.add_reading(self.ind_sum, 4)
        self.assertEqual((own.progress, theirs.progress), (40, None))
        reading.write({"value": 5, "correction_reason": "Counted twice"})
        self.assertEqual((own.progress, theirs.progress), (50, None))
        reading.write({"employee_id": self.colleague.id, "correction_reason": "Theirs"})
        self.assertEqual((own.progress, theirs.progress), (None, 50))
        then = reading.date
        reading.write(
            {"date": then - timedelta(days=365), "correction_reason": "Last year"}
        )
        self.assertEqual((own.progress, theirs.progress), (None, None))
        reading.write({"date": then, "correction_reason": "This year after all"})
        self.assertEqual(theirs.progress, 50)
        reading.unlink()
        self.assertEqual((own.progress, theirs.progress), (None, None))
        self.assertFalse(theirs.measure_ids.has_actual)
        self.assertFalse(theirs.measure_ids.derivation)

    def test_changing_the_indicator_of_a_reading(self):
        goal = self.make_goal(None, (self.ind_sum, 10), (self.ind_ratio, 10))
        by_sum, by_ratio = goal.measure_ids
        reading = self.add_reading(self.ind_sum, 4)
        reading.write(
            {"indicator_id": self.ind_ratio.id, "correction_reason": "Wrong line"}
        )
        self.assertEqual((by_sum.actual, by_ratio.actual), (None, 4))

    def test_deleting_a_reading_takes_its_trail_along(self):
        reading = self.add_reading(self.ind_sum, 4)
        reading.write({"value": 5, "correction_reason": "Counted twice"})
        trail = reading.correction_ids
        reading.unlink()
        self.assertFalse(trail.exists())

    def test_readings_made_at_once_count_like_single_ones(self):
        goal = self.make_goal(self.company, (self.ind_sum, 100))
        self.env["hr.performance.reading"].create(
            [
                {
                    "indicator_id": self.ind_sum.id,
                    "employee_id": employee.id,
                    "date": self.day(month),
                    "value": month,
                }
                for employee in (self.employee, self.colleague)
                for month in range(1, 13)
            ]
        )
        # 1 + 2 + … + 12 = 78, for two people
        self.assertEqual(goal.measure_ids.actual, 156)
        self.assertEqual(goal.measure_ids.derivation["readings"], 24)
        self.assertEqual(goal.measure_ids.derivation["holders"], 2)

    def test_the_name_follows_what_it_says(self):
        """The indicator, the date and the language, and nothing else."""
        self.env["res.lang"]._activate_lang("nl_NL")
        reading = self.add_reading(self.ind_sum, 4)
        english = reading.display_name
        self.assertIn("New customers", english)
        self.assertNotEqual(reading.with_context(lang="nl_NL").display_name, english)
        self.ind_sum.name = "Newcomers"
        self.assertIn("Newcomers", reading.display_name)
