"""Appraisals that come by themselves, n months after joining, then every m."""

from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PerformanceCommon


@tagged("post_install", "-at_install")
class TestSchedule(PerformanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.form = cls.cycle.template_id.copy(
            {"name": "Trial period", "purpose": "probation"}
        )
        cls.newcomer, cls.other = cls.env["hr.employee"].create(
            [
                {
                    "name": name,
                    "company_id": cls.company.id,
                    "date_version": cls.day(*joined),
                }
                for name, joined in (("Newcomer", (1, 31)), ("Other", (3, 1)))
            ]
        )
        cls.schedule = cls.make_schedule()
        cls.env.flush_all()

    @classmethod
    def make_schedule(cls, **values):
        return (
            cls.env["hr.performance.schedule"]
            .with_user(cls.officer_user)
            .create(
                {
                    "name": "Trial",
                    "company_id": cls.company.id,
                    "template_id": cls.form.id,
                    "first_months": 1,
                    "every_months": 2,
                    # colleagues of many years have had theirs
                    "times": 6,
                    "lead_days": 10,
                    "date_from": cls.day(1, 1),
                }
                | values
            )
        )

    def night(self, month, day):
        """The scheduler runs on that day."""
        with (
            freeze_time(self.day(month, day)),
            patch.object(
                type(self.env["ir.cron"]), "_commit_progress", lambda *_, **__: 1
            ),
        ):
            self.env["hr.performance.schedule"]._cron_open_due()
            self.env.flush_all()
        self.env.invalidate_all()

    def opened(self):
        return sorted(
            (one.employee_id.name, one.schedule_date.month, one.schedule_date.day)
            for one in self.env["hr.performance.appraisal"].search(
                [("schedule_id", "=", self.schedule.id)]
            )
        )

    def test_first_then_every_other_month(self):
        """Joined on 31 January: on the last of February, then on 30 April."""
        last = (self.day(3, 1) - relativedelta(days=1)).day
        self.night(2, 10)
        self.assertFalse(self.opened())
        self.night(2, last - 10)
        self.assertEqual(self.opened(), [("Newcomer", 2, last)])
        appraisal = self.env["hr.performance.appraisal"].search(
            [("schedule_id", "=", self.schedule.id)]
        )
        self.assertEqual(
            (
                appraisal.state,
                appraisal.purpose,
                appraisal.cycle_id,
                appraisal.template_id,
            ),
            ("open", "probation", self.cycle, self.form),
        )
        self.assertTrue(appraisal.request_ids)
        self.night(3, 25)
        self.night(4, 20)
        self.assertEqual(
            self.opened(),
            [("Newcomer", 2, last), ("Newcomer", 4, 30), ("Other", 4, 1)],
        )

    def test_nothing_twice(self):
        for _night in range(3):
            self.night(3, 25)
        first = self.opened()
        self.assertEqual(len(first), 2)
        # nor what was cancelled
        self.env["hr.performance.appraisal"].search(
            [("schedule_id", "=", self.schedule.id)]
        ).action_cancel("Not needed")
        self.night(3, 26)
        self.assertEqual(self.opened(), first)

    def test_again_and_again(self):
        """Without an end it is for colleagues of many years as well."""
        self.schedule.times = 0
        self.night(3, 25)
        self.assertEqual(len(self.opened()), 8)

    def test_after_a_long_standstill_only_the_last_one(self):
        self.night(12, 1)
        self.assertEqual(self.opened(), [("Newcomer", 10, 31), ("Other", 12, 1)])

    def test_not_for_days_before_it_was_set_up(self):
        self.schedule.date_from = self.day(4, 2)
        self.night(4, 3)
        self.assertFalse(self.opened())
        self.night(4, 21)
        self.assertEqual(self.opened(), [("Newcomer", 4, 30)])

    def test_who_leaves_before_the_day(self):
        self.newcomer.departure_date = self.day(2, 20)
        self.night(2, 25)
        self.assertFalse(self.opened())

    def test_killed_and_run_again(self):
        request_model = type(self.env["hr.performance.request"])
        with (
            patch.object(request_model, "_make", side_effect=RuntimeError("Killed")),
            patch.object(
                request_model, "_plan_rows", side_effect=RuntimeError("Killed")
            ),
            mute_logger("odoo.sql_db"),
            self.assertRaises(RuntimeError),
        ):
            self.night(3, 25)
        self.assertFalse(self.opened())
        self.night(3, 25)
        self.assertEqual(len(self.opened()), 2)

    def test_in_batches(self):
        cron = self.env["hr.performance.schedule"]
        with (
            freeze_time(self.day(3, 25)),
            patch.object(
                type(self.env["ir.cron"]), "_commit_progress", lambda *_, **__: 1
            ),
        ):
            cron._cron_open_due(1)
        self.assertEqual(len(self.opened()), 2)

    def test_without_a_cycle_it_says_so(self):
        self.cycle.action_close()
        self.night(3, 25)
        self.assertFalse(self.opened())
        self.assertIn("No open cycle", self.schedule.problem)
        self.assertIn("Newcomer", self.schedule.problem)
        self.assertEqual(self.schedule.last_run, self.day(3, 25))
        self.cycle.action_reopen("Somebody came late")
        self.night(3, 26)
        self.assertEqual(len(self.opened()), 2)
        self.assertFalse(self.schedule.problem)

    def test_it_speaks_the_language_of_who_set_it_up(self):
        """In the second night as well, when the job has written to it."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.officer_user.lang = "fr_FR"
        spoken, opens = [], type(self.schedule)._open_due

        def listen(schedule, limit):
            spoken.append(schedule.env.lang)
            return opens(schedule, limit)

        with patch.object(type(self.schedule), "_open_due", listen):
            self.cycle.action_close()
            self.night(3, 25)
            self.night(3, 26)
        self.assertEqual(spoken, ["fr_FR", "fr_FR"])

    def test_without_a_form_it_says_so(self):
        self.form.active = False
        self.env["hr.performance.template"].search(
            [("purpose", "=", "probation")]
        ).active = False
        self.schedule.template_id = False
        self.night(3, 25)
        self.assertFalse(self.opened())
        self.assertIn("No form suits", self.schedule.problem)

    def test_conditions_that_broke_stop_that_schedule_alone(self):
        good = self.make_schedule(name="Good", employee_ids=self.newcomer.ids)
        self.schedule.domain = "nonsense"
        self.night(3, 25)
        self.assertIn("Who Match", self.schedule.problem)
        self.assertFalse(self.opened())
        self.assertEqual(good.appraisal_count, 1)

    def test_beside_the_year_end_and_each_other(self):
        """Several in a cycle: what is one per cycle is what people launch."""
        self.make_appraisal(self.newcomer, template_id=self.form.id)
        self.night(2, 25)
        self.night(4, 25)
        self.assertEqual(len([one for one in self.opened() if one[0] == "Newcomer"]), 2)
        with self.refused("already"):
            self.make_appraisal(self.newcomer, template_id=self.form.id)

    def test_now_by_hand(self):
        with freeze_time(self.day(3, 25)):
            self.as_(self.schedule, "officer").action_open_due()
        self.assertEqual(len(self.opened()), 2)

    def test_bad_input_and_who_may(self):
        for values, word in (
            ({"first_months": -1}, "Months After Joining"),
            ({"every_months": -1}, "Then Every"),
            ({"lead_days": 5000}, "Days Ahead"),
            ({"purpose": "annual"}, "another purpose"),
        ):
            with self.subTest(values), self.refused(word, error=ValidationError):
                self.make_schedule(**values)
        for name in ("employee", "manager", "director", "other_officer"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.as_(self.schedule, name).action_open_due()
        for name, value in (("problem", "None"), ("last_run", "2026-01-01")):
            with self.subTest(name), self.assertRaises(AccessError):
                self.as_(self.schedule, "officer").write({name: value})
