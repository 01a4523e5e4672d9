"""Phases of a cycle: goal setting, mid-year, each with a form and deadlines of its own."""

from datetime import date

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PerformanceCommon


@tagged("post_install", "-at_install")
class TestCyclePhase(PerformanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.form = cls.env["hr.performance.template"].create(
            {
                "name": "Half-way",
                "purpose": "mid_year",
                "rating_mode": "none",
                "company_id": cls.company.id,
            }
        )

    def make_phase(self, purpose="mid_year", **values):
        return self.env["hr.performance.cycle.phase"].create(
            {"cycle_id": self.cycle.id, "purpose": purpose} | values
        )

    def test_a_phase_is_called_by_purpose_and_cycle(self):
        phase = self.make_phase()
        self.assertEqual(phase.display_name, f"Mid-year, {self.cycle.name}")
        self.assertEqual(phase.company_id, self.company)

    def test_it_lies_in_its_cycle(self):
        self.make_phase(date_start=self.day(1, 1), date_end=self.day(12, 31))
        for values, label in (
            ({"date_start": date(self.year - 1, 12, 31)}, "From"),
            ({"date_end": date(self.year + 1, 1, 1)}, "To"),
            ({"self_review_deadline": date(self.year + 1, 1, 1)}, "Self Reviews By"),
        ):
            with self.subTest(label), self.refused(self.cycle.name, f"“{label}”"):
                self.make_phase("goal_setting", **values)
        with self.refused("ends before it begins"):
            self.make_phase(
                "goal_setting", date_start=self.day(6), date_end=self.day(5)
            )

    def test_its_deadlines_lie_in_it(self):
        phase = self.make_phase(date_start=self.day(5), date_end=self.day(7))
        for name in (
            "self_review_deadline",
            "feedback_deadline",
            "manager_review_deadline",
        ):
            phase[name] = self.day(7)
            for day in (self.day(5, 14), self.day(7, 16)):
                with self.subTest(name, day=day), self.refused("Mid-year", "within"):
                    phase[name] = day

    def test_the_cycle_keeps_its_phases_within(self):
        self.make_phase(date_start=self.day(5), date_end=self.day(7))
        with self.refused("Mid-year"):
            self.cycle.date_start = self.day(6)
        self.cycle.date_start = self.day(5)

    def test_one_a_purpose_but_projects(self):
        self.make_phase()
        with self.refused("already", "Mid-year"):
            self.make_phase()
        self.make_phase("project")
        self.make_phase("project")
        with self.refused("already"):
            self.env["hr.performance.cycle.phase"].create(
                [{"cycle_id": self.cycle.id, "purpose": "exit"}] * 2
            )
        with self.refused("already"):
            self.make_phase("exit").purpose = "mid_year"

    def test_an_appraisal_of_a_phase_takes_purpose_and_form_from_it(self):
        phase = self.make_phase(template_id=self.form.id)
        appraisal = self.make_appraisal(phase_id=phase.id)
        self.assertEqual(appraisal.purpose, "mid_year")
        self.assertEqual(appraisal.template_id, self.form)
        self.assertEqual((phase.appraisal_count, phase.appraisal_done_count), (1, 0))
        # beside the year-end
        self.assertEqual(self.make_appraisal().purpose, "annual")
        with self.refused(self.cycle.name):
            self.make_appraisal(phase_id=phase.id)

    def test_what_has_begun_stays(self):
        phase = self.make_phase(template_id=self.form.id)
        self.make_appraisal(phase_id=phase.id)
        phase = self.as_(phase, "officer")
        with self.refused("has appraisals"):
            phase.purpose = "exit"
        with self.refused("has appraisals"):
            phase.unlink()
        phase.manager_review_deadline = self.day(7)

    def test_phases_of_a_closed_cycle_stay(self):
        phase = self.make_phase()
        self.cycle.sudo().write({"state": "closed"})
        phase = self.as_(phase, "officer")
        with self.refused("is closed"):
            phase.date_start = self.day(3)
        with self.refused("is closed"):
            phase.unlink()
        with self.refused("is closed"):
            phase.create({"cycle_id": self.cycle.id, "purpose": "exit"})
        with self.refused("is closed"):
            phase.action_launch()

    def test_a_phase_is_launched_by_itself(self):
        phase = self.make_phase(template_id=self.form.id)
        action = self.as_(phase, "officer").action_launch()
        launch = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual((launch.phase_id, launch.cycle_id), (phase, self.cycle))
        self.assertEqual(launch.template_id, self.form)
        self.assertFalse(phase.appraisal_count)  # first who gets what is shown
        self.as_(launch, "officer").action_start()
        self.env.invalidate_all()
        self.assertEqual(phase.appraisal_count, 6)
        self.assertEqual(set(phase.appraisal_ids.mapped("purpose")), {"mid_year"})
        # the same one for those who come later
        again = self.as_(phase, "officer").action_launch()
        self.assertEqual(again["res_id"], launch.id)
        # beside the year-end
        self.as_(self.cycle, "officer").action_launch_appraisals()
        self.assertEqual(phase.appraisal_count, 6)

    def test_a_launch_goes_with_its_phase(self):
        """Left behind, it would be one of the year-end."""
        phase = self.make_phase(template_id=self.form.id)
        action = self.as_(phase, "officer").action_launch()
        launch = self.env[action["res_model"]].browse(action["res_id"])
        self.as_(phase, "officer").unlink()
        self.env.invalidate_all()
        self.assertFalse(launch.exists())

    def test_only_officers_of_the_company_make_phases(self):
        phase = self.make_phase()
        for name in ("employee", "manager", "other_officer"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.as_(phase, name).date_start = self.day(3)
            with self.subTest(name), self.assertRaises(AccessError):
                self.as_(phase, name).action_launch()

    def test_the_next_cycle_has_them_a_year_later(self):
        self.cycle.feedback_deadline = self.day(11)
        phase = self.make_phase(
            template_id=self.form.id,
            date_start=self.day(5),
            date_end=self.day(7),
            self_review_deadline=self.day(6, 1),
        )
        following = self.as_(self.cycle, "officer").copy()
        self.assertEqual(following.feedback_deadline, date(self.year + 1, 11, 15))
        copied = following.phase_ids
        self.assertEqual(copied.template_id, self.form)
        self.assertEqual(
            (copied.date_start, copied.date_end, copied.self_review_deadline),
            tuple(
                day.replace(year=self.year + 1)
                for day in (
                    phase.date_start,
                    phase.date_end,
                    phase.self_review_deadline,
                )
            ),
        )
        # into a period too short for some of its days
        short = self.cycle.copy(
            {
                "date_start": date(self.year + 1, 1, 1),
                "date_end": date(self.year + 1, 5, 31),
            }
        )
        self.assertEqual(short.phase_ids.date_start, date(self.year + 1, 5, 15))
        self.assertFalse(short.phase_ids.date_end)

    def test_written_with_the_cycle(self):
        self.as_(self.cycle, "officer").phase_ids = [
            Command.create({"purpose": "goal_setting", "date_end": self.day(2)})
        ]
        self.assertEqual(self.cycle.phase_ids.purpose, "goal_setting")
