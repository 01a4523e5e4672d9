from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import format_date

from .common import PerformanceCommon


@tagged("post_install", "-at_install")
class TestCheckin(PerformanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goal = cls.agree(
            cls.make_goal(None, (cls.ind_sum, 10), (cls.ind_last, 100))
        )

    def start(self, name="employee", goal=None, **values):
        """A draft check-in on 15 March, by default the employee's on their own goal."""
        checkins = self.as_(self.env["hr.performance.checkin"], name)
        return checkins.create(
            {"goal_id": (goal or self.goal).id, "date": self.day(3)} | values
        )

    def fill(self, checkin, *figures):
        for line, value in zip(checkin.value_ids, figures, strict=True):
            line.value = value
        return checkin

    # ------------------------------------------------------------- values

    def test_there_is_one_empty_line_per_measure(self):
        checkin = self.start()
        self.assertEqual(checkin.value_ids.measure_id, self.goal.measure_ids)
        self.assertEqual(checkin.value_ids.mapped("value"), [None, None])
        self.assertEqual(checkin.employee_id, self.employee)
        self.assertEqual(checkin.state, "draft")

    def test_posting_makes_readings_of_what_is_filled_in(self):
        checkin = self.fill(self.start(), 4, None)
        self.assertIsNone(self.goal.progress)  # a draft moves nothing
        checkin.action_post()
        reading = checkin.reading_ids.sudo()
        self.assertRecordValues(
            reading,
            [
                {
                    "indicator_id": self.ind_sum.id,
                    "value": 4,
                    "weight": 1,
                    "date": self.day(3),
                    "source": "checkin",
                    "employee_id": self.employee.id,
                    "department_id": self.department_sub.id,
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertEqual(self.goal.measure_ids[0].actual, 4)
        self.assertFalse(self.goal.measure_ids[1].has_actual)

    def test_nought_is_reported_empty_is_not(self):
        checkin = self.fill(self.start(), 0, None)
        checkin.action_post()
        self.assertEqual(checkin.reading_ids.sudo().mapped("value"), [0])
        self.assertEqual(self.goal.measure_ids.mapped("has_actual"), [True, False])

    def test_without_any_value_it_is_a_statement_alone(self):
        checkin = self.start(assessment="On holiday")
        checkin.action_post()
        self.assertFalse(checkin.sudo().reading_ids)
        self.assertEqual(checkin.state, "posted")
        self.assertEqual(self.goal.last_checkin_date, self.day(3))
        self.assertIsNone(self.goal.progress)

    def test_the_weight_of_a_rate_is_its_denominator(self):
        """50 % of 20 and 20 % of 80: 26 of 100."""
        goal = self.agree(self.make_goal(None, (self.ind_average, 100)))
        for value, weight in ((50, 20), (20, 80)):
            checkin = self.start(goal=goal)
            checkin.value_ids.write({"value": value, "weight": weight})
            checkin.action_post()
        self.assertAlmostEqual(goal.measure_ids.actual, 26)

    def test_units_report_for_the_unit(self):
        """The head of a unit may not type readings of it, but checks in on its goal."""
        for holder, expected in (
            (self.department_sub, {"department_id": self.department_sub.id}),
            (self.company, {"department_id": False}),
        ):
            goal = self.agree(
                self.make_goal(
                    holder, (self.ind_sum, 10), responsible_id=self.manager.id
                )
            )
            checkin = self.start("manager", goal)
            self.fill(checkin, 7).action_post()
            with self.subTest(holder.name):
                self.assertRecordValues(
                    checkin.sudo().reading_ids,
                    [
                        {
                            "employee_id": False,
                            "company_id": self.company.id,
                            "value": 7,
                            **expected,
                        }
                    ],
                )
                self.assertEqual(
                    goal.measure_ids.actual, 7 if expected["department_id"] else 14
                )

    def test_numbers(self):
        checkin = self.start()
        line = checkin.value_ids[0]
        for value in (float("nan"), float("inf")):
            with self.refused(self.goal.name, "New customers", error=ValidationError):
                line.value = value
        for weight in (-1, float("nan")):
            with self.refused(self.goal.name, "New customers", error=ValidationError):
                line.weight = weight

    def test_a_line_belongs_to_a_measure_of_the_goal(self):
        other = self.agree(self.make_goal(None, (self.ind_ratio, 10)))
        checkin = self.start()
        with self.refused("measure of another goal", error=ValidationError):
            checkin.value_ids[0].measure_id = other.measure_ids

    def test_the_last_value_is_shown(self):
        self.add_reading(self.ind_sum, 3, date=self.day(1))
        self.add_reading(self.ind_sum, 4, date=self.day(2))
        checkin = self.start()
        self.assertEqual(
            checkin.value_ids.mapped("last_value"),
            [f"4 on {format_date(self.env, self.day(2))}", False],
        )

    # ------------------------------------------------------------- snapshot

    def test_the_snapshot_stays_when_the_goal_moves_on(self):
        """4 of 10, the other measure has none: 40 %. On 15 March, 20 % are due."""
        with freeze_time(self.day(3)):
            checkin = self.fill(self.start(), 4, None)
            checkin.action_post()
            self.assertEqual((checkin.progress, checkin.health), (40, "on_track"))
        self.add_reading(self.ind_sum, 6, date=self.day(4))
        self.assertEqual(self.goal.progress, 100)
        self.assertEqual(checkin.progress, 40)

    def test_the_snapshot_of_a_goal_without_value_is_no_value(self):
        with freeze_time(self.day(3)):
            checkin = self.start()
            checkin.action_post()
        self.assertIsNone(checkin.progress)
        self.assertEqual(checkin.health, "no_value")

    def test_what_was_said_last_time_holds_until_it_is_changed(self):
        first = self.start(
            own_health="at_risk",
            confidence=6,
            blockers="No budget",
            next_steps="Ask Finance",
            assessment="Slow",
        )
        first.action_post()
        second = self.start(date=self.day(4), blockers="Nobody answers")
        self.assertRecordValues(
            second,
            [
                {
                    "own_health": "at_risk",
                    "confidence": 6,
                    "blockers": "Nobody answers",
                    "next_steps": "Ask Finance",
                    # what is behind it is said anew each time
                    "assessment": False,
                }
            ],
        )

    def test_planning_talk_never_scores(self):
        """Two people with the same figures and opposite moods have the same points."""
        self.fill(self.start(confidence=10, own_health="on_track"), 4, 50).action_post()
        theirs = self.agree(
            self.make_goal(self.colleague, (self.ind_sum, 10), (self.ind_last, 100))
        )
        checkin = self.start("colleague", theirs, confidence=0, own_health="off_track")
        self.fill(checkin, 4, 50).action_post()
        for name in ("progress", "score", "coverage"):
            self.assertEqual(self.goal[name], theirs[name])
        self.assertEqual(
            self.goal.measure_ids.mapped("derivation"),
            theirs.measure_ids.mapped("derivation"),
        )

    def test_confidence_runs_from_0_to_10(self):
        for confidence in (-1, 11):
            with self.refused("“Confidence”", self.goal.name, error=ValidationError):
                self.start(confidence=confidence)
        self.assertEqual(self.start(confidence=10).confidence, 10)

    def test_the_last_checkin_is_by_date_and_counts_when_posted(self):
        late = self.start(date=self.day(4))
        late.action_post()
        early = self.start(date=self.day(2))
        early.action_post()
        self.assertEqual(self.goal.last_checkin_id, late.sudo(False).with_env(self.env))
        self.assertEqual(self.goal.last_checkin_date, self.day(4))

    # ------------------------------------------------------------- when

    def test_a_goal_that_is_not_agreed_takes_none(self):
        for steps in ((), ("action_propose",)):
            goal = self.make_goal(None, (self.ind_sum, 10))
            for step in steps:
                getattr(goal, step)()
            with (
                self.subTest(goal.state),
                self.refused(goal.name, "not agreed", "first", error=ValidationError),
            ):
                self.start(goal=goal)
        self.goal.action_close("achieved")
        with self.refused("not agreed", error=ValidationError):
            self.start()

    def test_a_draft_is_not_posted_after_the_agreement_was_opened_again(self):
        checkin = self.fill(self.start(), 4, None)
        self.goal.action_request_change("New budget")
        with self.refused("not agreed", error=ValidationError):
            checkin.action_post()
        self.assertEqual(checkin.state, "draft")
        self.assertFalse(checkin.sudo().reading_ids)

    def test_the_date_lies_in_the_period(self):
        for day in (date(self.year - 1, 12, 31), date(self.year + 1, 1, 1)):
            with self.refused("“Date”", self.goal.name, error=ValidationError):
                self.start(date=day)

    def test_a_closed_cycle_takes_none(self):
        filled = self.fill(self.start(), 4, None)
        empty = self.start()
        self.cycle.action_close()
        for checkin in (filled, empty):
            with self.refused(self.goal.name, self.cycle.name, "closed"):
                checkin.action_post()
        with self.refused(self.goal.name, self.cycle.name, "closed"):
            self.start()

    # ------------------------------------------------------------- locked

    def test_a_posted_one_stays_as_it_was(self):
        checkin = self.fill(self.start(), 4, None)
        checkin.action_post()
        for values in (
            {"assessment": "I meant well"},
            {"date": self.day(4)},
            {"confidence": 1},
            {"value_ids": [(5,)]},
        ):
            with self.subTest(values), self.refused("is posted", "new one"):
                checkin.write(values)
        with self.refused("is posted"):
            checkin.value_ids[0].value = 5
        with self.refused("is posted"):
            checkin.value_ids[0].unlink()
        with self.refused("is posted"):
            checkin.value_ids.create(
                {"checkin_id": checkin.id, "measure_id": self.goal.measure_ids[0].id}
            )
        with self.refused("is posted"):
            checkin.unlink()
        with self.refused("Posted"):
            checkin.action_post()
        self.assertEqual(len(checkin.sudo().reading_ids), 1)

    def test_a_reading_of_a_checkin_is_not_deleted_with_it(self):
        checkin = self.fill(self.start(), 4, None)
        checkin.action_post()
        self.assertTrue(checkin.sudo().reading_ids.checkin_id)
        with self.refused("is posted"):
            checkin.sudo().unlink()

    def test_a_draft_is_changed_and_deleted_freely(self):
        checkin = self.start()
        checkin.assessment = "Better"
        checkin.unlink()
        self.assertFalse(checkin.exists())

    def test_snapshot_and_state_cannot_be_typed(self):
        checkin = self.start()
        for field, value in (
            ("state", "posted"),
            ("progress", 100),
            ("health", "on_track"),
            ("acknowledged_by_id", self.manager_user.id),
        ):
            with self.subTest(field), self.assertRaises(AccessError):
                checkin.write({field: value})

    # ------------------------------------------------------------- who

    def test_the_author_is_who_writes_it(self):
        checkin = self.start(employee_id=self.colleague.id)
        self.assertEqual(checkin.employee_id, self.employee)
        checkin.employee_id = self.colleague
        self.assertEqual(checkin.employee_id, self.employee)

    def test_colleagues_do_not_check_in_on_it(self):
        self.goal.visibility = "everyone"
        for name in ("colleague", "other_employee"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.start(name)

    def test_a_draft_is_its_authors_alone(self):
        checkin = self.start(assessment="Not yet")
        for name in ("manager", "director", "officer", "administrator", "colleague"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.as_(checkin, name).read(["assessment"])
            with self.subTest(name), self.assertRaises(AccessError):
                self.as_(checkin, name).action_post()
        checkin.action_post()
        for name in ("manager", "director", "officer"):
            with self.subTest(name):
                self.assertEqual(self.as_(checkin, name).assessment, "Not yet")
        with self.assertRaises(AccessError):
            self.as_(checkin, "colleague").read(["assessment"])

    def test_the_manager_acknowledges_nobody_their_own(self):
        checkin = self.start()
        checkin.action_post()
        with self.assertRaises(AccessError):
            checkin.action_acknowledge()
        with self.assertRaises(AccessError):
            self.as_(checkin, "colleague").action_acknowledge()
        self.as_(checkin, "manager").action_acknowledge()
        self.assertEqual(checkin.state, "acknowledged")
        self.assertEqual(checkin.acknowledged_by_id, self.manager_user)
        with self.refused("Acknowledged"):
            self.as_(checkin, "manager").action_acknowledge()

    def test_a_manager_who_writes_one_does_not_acknowledge_it(self):
        checkin = self.start("manager")
        checkin.action_post()
        self.assertEqual(checkin.employee_id, self.manager)
        with self.assertRaises(AccessError):
            self.as_(checkin, "manager").action_acknowledge()
        # nor does the owner of the goal, though somebody else has written it
        with self.assertRaises(AccessError):
            self.as_(checkin, "employee").action_acknowledge()
        self.as_(checkin, "director").action_acknowledge()
        self.assertEqual(checkin.state, "acknowledged")

    def test_a_user_without_employee_is_told_the_way_out(self):
        self.employee.user_id = False
        with self.refused(self.company.name, "Ask HR to link it"):
            self.start()

    def test_the_form(self):
        self.env.flush_all()
        self.env.invalidate_all()
        checkins = self.env["hr.performance.checkin"].with_user(self.employee_user)
        form = Form(checkins.with_context(default_goal_id=self.goal.id))
        form.date = self.day(3)
        form.assessment = "Well begun"
        with form.value_ids.edit(0) as line:
            line.value = 2
        checkin = form.save()
        self.assertEqual(checkin.value_ids.mapped("value"), [2, None])
        checkin.action_post()
        self.assertEqual(checkin.reading_ids.sudo().mapped("value"), [2])
