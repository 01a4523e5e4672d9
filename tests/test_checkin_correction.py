"""What was posted wrongly is put right by a new check-in; the former one stays."""

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import PerformanceCommon


@tagged("post_install", "-at_install")
class TestCheckinCorrection(PerformanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goal = cls.agree(
            cls.make_goal(None, (cls.ind_sum, 10), (cls.ind_last, 100))
        )

    def post(self, *figures, name="employee", **values):
        """A posted check-in on 15 March with a figure for each measure."""
        checkin = self.as_(self.env["hr.performance.checkin"], name).create(
            {"goal_id": self.goal.id, "date": self.day(3)} | values
        )
        for line, value in zip(checkin.value_ids, figures, strict=True):
            line.value = value
        checkin.action_post()
        return checkin

    def correct(self, checkin):
        """The draft that the button opens for its author."""
        return checkin.browse(checkin.action_correct()["res_id"])

    def test_the_readings_are_corrected_and_nothing_counts_twice(self):
        """4 of 10 customers were 3: 40 % and then 30 %; the stock of 50 stays."""
        former = self.post(4, 50, assessment="Four new ones", confidence=6)
        self.assertEqual(self.goal.measure_ids[0].actual, 4)
        draft = self.correct(former)
        self.assertRecordValues(
            draft,
            [
                {
                    "state": "draft",
                    "date": self.day(3),
                    "assessment": "Four new ones",
                    "confidence": 6,
                    "corrects_id": former.id,
                }
            ],
        )
        self.assertEqual(draft.value_ids.mapped("value"), [4, 50])
        self.assertFalse(former.corrected_by_id)  # a draft moves nothing
        self.assertEqual(self.goal.measure_ids[0].actual, 4)
        draft.value_ids[0].value = 3
        draft.correction_reason = "One was a test"
        draft.action_post()

        self.env.invalidate_all()
        self.assertEqual(self.goal.measure_ids[0].actual, 3)
        self.assertEqual(self.goal.measure_ids[1].actual, 50)
        readings = self.env["hr.performance.reading"].search(
            [("employee_id", "=", self.employee.id)], order="id"
        )
        self.assertEqual(readings.mapped("value"), [3, 50])
        self.assertEqual(readings.checkin_id, draft.sudo(False).with_env(self.env))
        self.assertRecordValues(
            readings[0].correction_ids,
            [{"former_value": 4, "value": 3, "reason": "One was a test"}],
        )
        self.assertFalse(readings[1].correction_ids)  # it was right
        # the former one stays for ever, and says where to look
        self.assertEqual(former.corrected_by_id, draft)
        self.assertEqual(former.value_ids.mapped("value"), [4, 50])
        self.assertEqual(
            former.data, "New customers: 4 → 4 / 10 · Stock: 50 → 50 / 100"
        )
        self.assertEqual(draft.data, "New customers: 3 → 3 / 10 · Stock: 50 → 50 / 100")
        self.assertEqual(self.goal.last_checkin_id.id, draft.id)

    def test_the_date_is_corrected_with_it(self):
        former = self.post(4, None)
        draft = self.correct(former)
        draft.write({"date": self.day(2), "correction_reason": "It was in February"})
        draft.action_post()
        reading = draft.reading_ids.sudo()
        self.assertEqual((reading.date, reading.value), (self.day(2), 4))
        self.assertIn("Date", reading.correction_ids.changes)
        self.assertEqual(self.goal.last_checkin_date, self.day(2))

    def test_a_value_said_by_mistake_goes_and_one_forgotten_comes(self):
        former = self.post(4, None)
        draft = self.correct(former)
        draft.value_ids[0].value = None
        draft.value_ids[1].value = 60
        draft.correction_reason = "In the wrong line"
        draft.action_post()
        self.assertEqual(
            self.env["hr.performance.reading"]
            .search([("employee_id", "=", self.employee.id)])
            .mapped(lambda one: (one.indicator_id, one.value)),
            [(self.ind_last, 60)],
        )
        self.assertEqual(self.goal.measure_ids.mapped("has_actual"), [False, True])
        self.assertEqual(former.value_ids.mapped("value"), [4, None])

    def test_a_value_corrected_in_the_readings_is_not_undone(self):
        former = self.post(4, None)
        former.reading_ids.sudo().write({"value": 5, "correction_reason": "Counted"})
        draft = self.correct(former)
        self.assertEqual(draft.value_ids[0].value, 5)
        draft.write({"assessment": "Said better", "correction_reason": "A typo"})
        draft.action_post()
        self.assertEqual(self.goal.measure_ids[0].actual, 5)
        self.assertEqual(len(draft.reading_ids.sudo().correction_ids), 1)

    def test_a_reason_is_asked_for(self):
        draft = self.correct(self.post(4, None))
        for reason in (False, "  "):
            draft.correction_reason = reason
            with self.refused("Say why", self.goal.name):
                draft.action_post()

    def test_only_the_latest_is_corrected_and_each_once(self):
        first = self.post(4, None)
        draft = self.correct(first)
        self.assertEqual(self.correct(first), draft)  # the draft that is there
        draft.correction_reason = "Counted again"
        draft.value_ids[0].value = 5
        draft.action_post()
        with self.refused("has been corrected"):
            first.action_correct()
        third = self.correct(draft)
        third.correction_reason = "And again"
        third.value_ids[0].value = 6
        third.action_post()
        self.assertEqual(self.goal.measure_ids[0].actual, 6)
        self.assertEqual(
            third.reading_ids.sudo().correction_ids.sorted("id").mapped("former_value"),
            [4, 5],
        )
        self.assertEqual(
            (first | draft | third).mapped("can_correct"), [False, False, True]
        )

    def test_what_is_wrong_no_longer_stands(self):
        """A blocker that never was does not make the next one older."""
        former = self.post(None, None, blockers="No budget", date=self.day(2))
        draft = self.correct(former)
        draft.write({"blockers": False, "correction_reason": "Another goal's"})
        draft.action_post()
        later = self.post(None, None, blockers="No people")
        self.assertEqual(later.blocked_since, self.day(3))
        self.assertEqual(self.goal.blocked_since, self.day(3))

    def test_a_corrected_one_is_not_answered(self):
        former = self.post(4, None)
        draft = self.correct(former)
        draft.correction_reason = "Counted again"
        draft.action_post()
        for step in ("action_acknowledge", "action_answer"):
            args = ["Well done"] if step == "action_answer" else []
            with self.refused("has been corrected"):
                getattr(self.as_(former, "manager"), step)(*args)
        self.as_(draft, "manager").action_answer("Well done")

    def test_only_the_author(self):
        checkin = self.post(4, None)
        for name in ("manager", "director", "officer", "administrator", "colleague"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.as_(checkin, name).action_correct()
        self.assertFalse(
            self.as_(checkin, "manager").can_correct
            or self.as_(checkin, "officer").can_correct
        )

    def test_a_correction_is_its_authors_alone_until_it_is_posted(self):
        former = self.post(4, None)
        draft = self.correct(former)
        for name in ("manager", "director", "officer", "administrator"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.as_(draft, name).read(["assessment"])
            self.assertFalse(self.as_(former, name).corrected_by_id)

    def test_not_in_a_closed_cycle_and_not_a_draft(self):
        draft = self.as_(self.env["hr.performance.checkin"], "employee").create(
            {"goal_id": self.goal.id, "date": self.day(3)}
        )
        with self.refused("still a draft"):
            draft.action_correct()
        checkin = self.post(4, None)
        begun = self.correct(checkin)
        begun.correction_reason = "Too late"
        self.cycle.action_close()
        with self.refused(self.cycle.name, "closed"):
            begun.action_post()
        with self.refused(self.cycle.name, "closed"):
            checkin.action_correct()

    def test_it_stays_with_its_goal(self):
        other = self.agree(self.make_goal(None, (self.ind_ratio, 10)))
        draft = self.correct(self.post(4, None))
        with self.refused("stays with that goal", error=ValidationError):
            draft.goal_id = other

    def test_by_the_head_of_a_unit(self):
        """Who may not type readings of the unit corrects what the check-in reported."""
        self.goal = self.agree(self.make_goal(self.department_sub, (self.ind_sum, 10)))
        former = self.post(4, name="manager")
        draft = self.correct(former)
        draft.value_ids.value = 7
        draft.correction_reason = "Counted again"
        draft.action_post()
        self.assertEqual(self.goal.measure_ids.actual, 7)
