"""Goals held by a post, and goals held for part of a period."""

from datetime import date, datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..engine.derivation import nodes
from .common import PerformanceCommon


class PostCommon(PerformanceCommon):
    """A year of 365 days, so that the figures can be checked by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.year = 2026
        cls.cycle = cls.make_cycle("Year 2026, by days")
        cls.job.department_id = cls.department_sub

    @classmethod
    def add_leave(cls, employee, first, last):
        """Leave of ``employee`` in the working hours, as an approved request enters it."""
        return cls.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "resource_id": employee.resource_id.id,
                "calendar_id": employee.resource_calendar_id.id,
                "date_from": datetime.combine(first, datetime.min.time()),
                "date_to": datetime.combine(last, datetime.max.time()),
            }
        )


@tagged("post_install", "-at_install")
class TestPostGoal(PostCommon):
    def test_whose_it_is(self):
        goal = self.make_goal(self.job)
        self.assertEqual(goal.department_id, self.department_sub)
        self.assertEqual(goal.responsible_id, self.manager)
        self.assertEqual(goal.company_id, self.company)
        self.assertFalse(goal.employee_id)
        with self.refused("the goal of a post", error=ValidationError):
            goal.job_id = False

    def test_counts_those_who_held_the_post_on_the_day(self):
        """Two holders, one of whom moves to another post in May."""
        goal = self.agree(
            self.make_goal(self.job, (self.ind_sum, 20), holder_share="shared")
        )
        self.colleague.create_version(
            {"date_version": self.day(5, 1), "job_id": self.job_2.id}
        )
        self.add_reading(self.ind_sum, 3)
        self.add_reading(self.ind_sum, 4, self.colleague, date=self.day(4, 30))
        # in the other post by then
        moved = self.add_reading(self.ind_sum, 8, self.colleague, date=self.day(5, 1))
        self.assertEqual(moved.job_id, self.job_2)
        # the post's own figure, of nobody in particular
        self.add_reading(
            self.ind_sum, 1, self.job, department_id=self.department_sub.id
        )
        self.assertEqual(goal.measure_ids.actual, 8)  # 3 + 4 + 1
        self.assertEqual(goal.progress, 40)
        unit = self.agree(self.make_goal(self.department_sub, (self.ind_sum, 20)))
        self.assertEqual(unit.measure_ids.actual, 16)  # and 8 of the colleague
        self.assertCountEqual(
            self.env["hr.performance.reading"]
            .search(goal.measure_ids._readings_domain())
            .mapped("value"),
            [3, 4, 1],
        )

    def test_exact_counts_what_is_posted_on_the_post(self):
        """Rollup none: the unit's own figures, each of its own level."""
        self.ind_last.rollup = "none"
        measures = {
            holder: self.make_goal(holder, (self.ind_last, 10)).measure_ids
            for holder in (self.job, self.department_sub, self.company)
        }
        self.add_reading(self.ind_last, 2)
        self.add_reading(self.ind_last, 5, self.job)
        self.add_reading(self.ind_last, 6, self.department_sub)
        self.add_reading(self.ind_last, 7, self.company)
        self.assertEqual([measure.actual for measure in measures.values()], [5, 6, 7])

    def test_checkin_reports_for_the_post(self):
        goal = self.agree(self.make_goal(self.job, (self.ind_sum, 20)))
        checkin = self.as_(self.env["hr.performance.checkin"], "manager").create(
            {"goal_id": goal.id, "date": goal.date_start}
        )
        checkin.value_ids.value = 5
        checkin.action_post()
        reading = goal.measure_ids.sudo()._latest_readings()[goal.measure_ids]
        self.assertEqual(reading.job_id, self.job)
        self.assertEqual(reading.department_id, self.department_sub)
        self.assertFalse(reading.employee_id)
        self.assertEqual(goal.measure_ids.actual, 5)

    def test_head_writes_and_holders_read(self):
        goal = self.make_goal(self.job)
        self.as_(goal, "manager").description = "By the head of the department"
        self.as_(goal, "director").description = "By the head above"
        for name in ("employee", "other_employee"):
            with self.refused(error=AccessError):
                self.as_(goal, name).description = "Not mine"
        self.assertEqual(self.as_(goal, "employee").name, goal.name)
        with self.refused(error=AccessError):
            self.as_(goal, "other_employee").name  # noqa: B018 the company's own


@tagged("post_install", "-at_install")
class TestProRata(PostCommon):
    """365 days in 2026; figures in days, as one would count them in a calendar."""

    def test_dates_are_the_cycles_until_they_are_ones_own(self):
        goal = self.make_goal(None, (self.ind_sum, 10))
        self.assertEqual(
            (goal.date_start, goal.date_end), (date(2026, 1, 1), date(2026, 12, 31))
        )
        self.assertEqual(goal.pro_rata, 1)
        goal.date_start = self.day(8, 1)
        # 31 + 30 + 31 + 30 + 31 days
        self.assertEqual(goal.pro_rata, 153 / 365)
        self.assertEqual(goal.measure_ids.date_start, self.day(8, 1))
        with self.refused("must lie within", error=ValidationError):
            goal.date_end = date(2027, 1, 31)
        self.agree(goal)
        with self.refused("locked"):
            goal.date_end = self.day(11, 30)

    def test_a_moved_cycle_takes_whole_goals_along(self):
        whole = self.make_goal(None, (self.ind_sum, 10))
        part = self.make_goal(None, (self.ind_sum, 10), date_start=self.day(8, 1))
        self.cycle.date_end = self.day(11, 30)
        self.assertEqual(whole.date_end, self.day(11, 30))
        self.assertEqual(whole.measure_ids.date_end, self.day(11, 30))
        self.assertEqual(whole.pro_rata, 1)
        with self.refused("must lie within", error=ValidationError):
            self.cycle.date_start = self.day(9, 1)
        # 334 days in January to November, 122 of them from August
        self.assertEqual(part.date_end, self.day(11, 30))
        self.assertEqual(part.pro_rata, 122 / 334)

    def test_the_weight_above_counts_for_the_days_held(self):
        above = self.make_goal(self.department_sub)
        self.make_goal(None, (self.ind_sum, 10), parent_id=above.id)
        late = self.make_goal(
            self.colleague,
            (self.ind_sum, 10),
            parent_id=above.id,
            date_start=self.day(8, 1),
        )
        self.add_reading(self.ind_sum, 10)
        self.add_reading(self.ind_sum, 2, self.colleague, date=self.day(9, 1))
        self.assertEqual(late.progress, 20)
        # (100 · 365 + 20 · 153) / (365 + 153)
        self.assertAlmostEqual(above.progress, 39560 / 518)

    def test_long_leave_is_taken_off(self):
        goal = self.make_goal()
        holidays = self.add_leave(self.employee, self.day(7, 1), self.day(7, 29))
        self.assertEqual(goal.pro_rata, 1)  # 29 days are holidays
        leave = self.add_leave(self.employee, self.day(3, 1), self.day(6, 30))
        # two pieces that touch are one absence: March to 29 July, 122 + 29 days
        self.assertEqual(goal.pro_rata, (365 - 151) / 365)
        holidays.unlink()
        self.assertEqual(goal.pro_rata, 243 / 365)
        goal.company_id.performance_long_leave_days = 123
        self.assertEqual(goal.pro_rata, 1)
        goal.company_id.performance_long_leave_days = 122
        self.assertEqual(goal.pro_rata, 243 / 365)
        leave.resource_id = self.colleague.resource_id
        self.assertEqual(goal.pro_rata, 1)

    def test_leave_entered_while_the_cycle_was_closed(self):
        goal = self.make_goal()
        self.assertEqual(goal.pro_rata, 1)
        self.cycle.sudo().state = "closed"
        self.add_leave(self.employee, self.day(3, 1), self.day(6, 30))
        self.assertEqual(goal.pro_rata, 1)
        self.cycle.action_reopen("Somebody was away")
        self.assertEqual(goal.pro_rata, 243 / 365)

    def test_public_holidays_are_nobodys_leave(self):
        goal = self.make_goal()
        self.add_leave(
            self.employee, self.day(3, 1), self.day(6, 30)
        ).resource_id = False
        self.assertEqual(goal.pro_rata, 1)

    def test_the_appraisal_weighs_by_days_and_says_so(self):
        whole = self.agree(self.make_goal(None, (self.ind_sum, 10)))
        part = self.agree(
            self.make_goal(None, (self.ind_ratio, 10), date_start=self.day(8, 1))
        )
        self.add_reading(self.ind_sum, 10)
        self.add_reading(self.ind_ratio, 5, date=self.day(9, 1))
        appraisal = self.make_appraisal()
        items = {item.goal_id: item for item in appraisal.item_ids}
        self.assertEqual(items[whole].pro_rata, 1)
        self.assertEqual(items[part].pro_rata, 153 / 365)
        mean = next(
            found
            for found in nodes(appraisal.derivation)
            if items[part].id in [one.get("item_id") for one in found.get("parts", ())]
        )
        # (100 · 365 + 50 · 153) / (365 + 153)
        self.assertAlmostEqual(mean["value"], 44150 / 518)
        self.assertIn(153 / 365, [one["pro_rata"] for one in mean["parts"]])


@tagged("post_install", "-at_install")
class TestHandingOut(PostCommon):
    """Ann of the fixtures is ``employee``; both she and ``colleague`` are Consultants."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(cls.day(6, 15)))
        # one holder, unless a test says otherwise; the manager holds no post
        cls.manager.version_id.job_id = False
        cls.colleague.version_id.job_id = cls.job_2

    def hand_out(self, *measures, **values):
        values.setdefault("holder_share", "each")
        goal = self.make_goal(self.job, *measures or ((self.ind_sum, 120),), **values)
        return self.agree(goal)

    def held(self, post, employee=None):
        """``[(first day, last day, target), ...]`` of the holders' goals."""
        goals = post.held_goal_ids.sorted(lambda goal: (goal.date_start, goal.id))
        return [
            (goal.date_start, goal.date_end, goal.measure_ids.target)
            for goal in goals
            if not employee or goal.employee_id == employee
        ]

    def move(self, employee, day, job):
        return employee.create_version({"date_version": day, "job_id": job and job.id})

    def hire(self, name, day, job=None):
        return self.env["hr.employee"].create(
            {
                "name": name,
                "company_id": self.company.id,
                "department_id": self.department_sub.id,
                "job_id": (job or self.job).id,
                "date_version": day,
            }
        )

    def double(self, measure):
        """Twice the target from July on, asked for and approved."""
        change = self.env["hr.performance.target.change"].create(
            {
                "measure_id": measure.id,
                "target": 2 * measure.target,
                "date_from": self.day(7, 1),
                "reason": "Twice as many people",
            }
        )
        change.with_user(self.manager_user).action_approve()
        return change

    def test_agreeing_hands_the_goal_to_the_holder(self):
        post = self.hand_out()
        goal = post.held_goal_ids
        self.assertEqual(goal.employee_id, self.employee)
        self.assertEqual(goal.responsible_id, self.employee)
        self.assertEqual(
            (goal.state, goal.link, goal.parent_id), ("agreed", "contributes", post)
        )
        self.assertEqual(goal.origin, f"post:{post.id}:employee:{self.employee.id}")
        self.assertEqual(self.held(post), [(self.day(1, 1), self.day(12, 31), 120)])
        self.assertTrue(goal.measure_ids.rule)
        self.assertEqual(goal.visibility, "line")
        for _time in range(2):
            post.action_hand_out()
            self.assertEqual(post.held_goal_ids, goal)

    def test_transfer_in_may_and_hire_in_august(self):
        """Ann moves on 1 May: 120 days. Bo is hired on 1 August: 153 days."""
        post = self.hand_out()
        self.move(self.employee, self.day(5, 1), self.job_2)
        self.assertFalse(post.handed_out_on)
        post.action_hand_out()
        # 120 · 120 / 365 = 39.45…
        self.assertEqual(self.held(post), [(self.day(1, 1), self.day(4, 30), 39.45)])
        with freeze_time(self.day(8, 1)):
            self.hire("Bo", self.day(8, 1))
            post.action_hand_out()
        # 120 · 153 / 365 = 50.30…
        self.assertEqual(
            self.held(post),
            [
                (self.day(1, 1), self.day(4, 30), 39.45),
                (self.day(8, 1), self.day(12, 31), 50.3),
            ],
        )
        # nobody in May, June and July: 273 of 365 days
        self.assertAlmostEqual(post.holding, 273 / 365)
        # on record, with what it was before
        first = post.held_goal_ids.filtered(
            lambda goal: goal.employee_id == self.employee
        )
        log = first.revision_ids.sorted("id")
        self.assertEqual(log.mapped("step"), ["agree", "hand_out"])
        self.assertIn("120 → 39", log[1].reason)
        self.assertAlmostEqual(post.measure_ids.target_by_days, 120 * 273 / 365)

    def test_shared_target_adds_up_with_the_vacancy(self):
        post = self.hand_out(holder_share="shared")
        self.move(self.employee, self.day(5, 1), self.job_2)
        with freeze_time(self.day(8, 1)):
            self.hire("Bo", self.day(8, 1))
            post.action_hand_out()
        # 39.45 and 50.30 and a vacancy of 30.25: the unit left goes to the first
        self.assertEqual([target for *_dates, target in self.held(post)], [40, 50])
        self.assertEqual(post.measure_ids.target_by_days, 120)

    def test_two_at_once_share_and_each_has_the_whole(self):
        self.colleague.version_id.job_id = self.job
        each, shared = self.hand_out(), self.hand_out(holder_share="shared")
        self.assertEqual([target for *_d, target in self.held(each)], [120, 120])
        self.assertEqual(each.measure_ids.target_by_days, 240)
        self.assertEqual([target for *_d, target in self.held(shared)], [60, 60])
        self.assertEqual(shared.measure_ids.target_by_days, 120)
        # one of them leaves after 30 June: the second half is the other's, all of it
        self.move(self.colleague, self.day(7, 1), self.job_2)
        with freeze_time(self.day(7, 2)):
            shared.action_hand_out()
        # 181 days of two, 184 of one: 120 · (90.5 + 184) / 365 = 90.2, 120 · 90.5 / 365 = 29.8
        self.assertEqual(
            [target for *_d, target in self.held(shared, self.employee)], [90]
        )
        self.assertEqual(
            [target for *_d, target in self.held(shared, self.colleague)], [30]
        )

    def test_owner_and_manager_are_told_of_a_moved_target(self):
        """Bo shares two goals of the post from 1 July on: 184 of 365 days.

        Ann's 120 become 120 · (181 + 92)/365 = 89.75…, and 60 become 44.88.
        """
        posts = self.hand_out(holder_share="shared")
        posts |= self.hand_out((self.ind_sum, 60), holder_share="shared", name="Second")
        # agreeing has put the goals on the list of somebody's manager
        before = self.env["mail.message"].search([])
        notices = [
            ("id", "not in", before.ids),
            ("model", "=", "hr.performance.goal"),
            ("message_type", "=", "user_notification"),
        ]
        with freeze_time(self.day(7, 1)):
            self.hire("Bo", self.day(7, 1))
            posts.action_hand_out()
        messages = self.env["mail.message"].search(notices)
        # one each, however many goals, and not to whoever handed them out
        self.assertEqual(len(messages), 2)
        self.assertEqual(
            messages.partner_ids,
            (self.employee_user | self.manager_user).partner_id,
        )
        own = posts.held_goal_ids.filtered(
            lambda goal: goal.employee_id == self.employee
        )
        for message in messages:
            for sentence in ("Target: 120 → 90.", "Target: 60 → 45.", "Employee"):
                self.assertIn(sentence, message.body)
        for goal, change in zip(
            own.sorted("id"), (("120", "90"), ("60", "45")), strict=True
        ):
            log = goal.revision_ids.sorted("id")[-1]
            self.assertEqual(log.step, "hand_out")
            self.assertIn(f"{change[0]} → {change[1]}", log.changes)
        # nothing moved, nothing to tell
        with freeze_time(self.day(7, 1)):
            posts.action_hand_out()
        self.assertEqual(self.env["mail.message"].search(notices), messages)

    def test_what_does_not_add_up_stays_the_same_target(self):
        post = self.hand_out((self.ind_average, 5))
        self.move(self.employee, self.day(5, 1), self.job_2)
        post.action_hand_out()
        self.assertEqual(self.held(post), [(self.day(1, 1), self.day(4, 30), 5)])
        self.assertEqual(post.measure_ids.target_by_days, 5)

    def test_who_comes_back_has_a_further_goal(self):
        post = self.hand_out()
        self.move(self.employee, self.day(3, 1), self.job_2)
        post.action_hand_out()
        first = post.held_goal_ids
        self.move(self.employee, self.day(6, 1), self.job)
        post.action_hand_out()
        # 59 and 214 days: 19.4 and 70.4
        self.assertEqual(
            self.held(post),
            [
                (self.day(1, 1), self.day(2, 28), 19.4),
                (self.day(6, 1), self.day(12, 31), 70.36),
            ],
        )
        self.assertEqual((post.held_goal_ids - first).origin, f"{first.origin}:2")
        post.action_hand_out()
        self.assertEqual(len(post.held_goal_ids), 2)

    def test_a_job_typed_into_the_version_rewrites_no_past(self):
        """As from the employee's form: no new version, as if it had always been so."""
        post = self.hand_out()
        self.employee.version_id.job_id = self.job_2
        post.action_hand_out()
        # it is 15 June: until yesterday, 165 days; 120 · 165 / 365 = 54.2…
        self.assertEqual(self.held(post), [(self.day(1, 1), self.day(6, 14), 54.25)])
        other = self.agree(
            self.make_goal(self.job_2, (self.ind_sum, 120), holder_share="each")
        )
        # from today, although the version says: since 2020
        self.assertEqual(
            self.held(other, self.employee),
            [(self.day(6, 15), self.day(12, 31), 65.75)],  # 200 days
        )
        with freeze_time(self.day(6, 20)):
            (post | other).action_hand_out()
        self.assertEqual(self.held(post), [(self.day(1, 1), self.day(6, 14), 54.25)])

    def test_a_mistake_of_the_same_day_leaves_nothing_behind(self):
        bo = self.hire("Bo", self.day(6, 15))
        post = self.hand_out()
        goal = post.held_goal_ids.filtered(lambda goal: goal.employee_id == bo)
        bo.version_id.job_id = self.job_2
        post.action_hand_out()
        self.assertFalse(goal.active)
        bo.version_id.job_id = self.job
        post.action_hand_out()
        self.assertTrue(goal.active)
        self.assertEqual(
            self.held(post, bo), [(self.day(6, 15), self.day(12, 31), 65.75)]
        )

    def test_archived_goals_hold_nothing(self):
        """Neither for whoever has archived records shown."""
        bo = self.hire("Bo", self.day(6, 15))
        post = self.hand_out()
        bo.version_id.job_id = self.job_2
        post.action_hand_out()
        self.assertEqual(post.holding, 1)
        self.env.add_to_compute(post._fields["holding"], post)
        self.assertEqual(post.with_context(active_test=False).holding, 1)

    def test_one_that_cannot_be_handed_out_does_not_stop_the_others(self):
        good, bad = (self.hand_out(name=name) for name in ("Good", "Bad"))
        self.hire("Bo", self.day(6, 1))
        self.assertFalse((good | bad).filtered("handed_out_on"))
        hand_out = type(good)._hand_out

        def refuse(goals):
            if bad in goals:
                raise ValidationError("Not this one")
            return hand_out(goals)

        with (
            patch.object(type(good), "_hand_out", refuse),
            mute_logger("odoo.addons.hr_performance.models.goal_post"),
            self.enter_registry_test_mode(),
        ):
            self.env.ref("hr_performance.ir_cron_hand_out").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(len(good.held_goal_ids), 2)
        self.assertEqual(len(bad.held_goal_ids), 1)
        self.assertEqual((good | bad).mapped("handed_out_on"), [self.day(6, 15)] * 2)

    def test_the_former_post_is_looked_at_too(self):
        """The day of a transfer is corrected: the post that was left is held longer."""
        post = self.hand_out()
        move = self.move(self.employee, self.day(5, 1), self.job_2)
        post.action_hand_out()
        self.assertTrue(post.handed_out_on)
        move.date_version = self.day(6, 1)
        self.assertFalse(post.handed_out_on)

    def test_leaver(self):
        """Leaves on 30 September: 273 days."""
        post = self.hand_out()
        goal = post.held_goal_ids
        self.add_reading(self.ind_sum, 30)
        self.employee.version_id.departure_date = self.day(9, 30)
        post.action_hand_out()
        self.assertEqual(self.held(post), [(self.day(1, 1), self.day(9, 30), 89.75)])
        self.assertEqual(goal.measure_ids.actual, 30)
        self.assertEqual(goal.pro_rata, 273 / 365)

    def test_contract_that_ended_is_no_leaving(self):
        """Many go on without anybody entering it; the day they leave is another field."""
        post = self.hand_out()
        self.employee.version_id.write(
            {
                "contract_date_start": self.day(1, 1),
                "contract_date_end": self.day(2, 28),
            }
        )
        post.action_hand_out()
        self.assertEqual(self.held(post), [(self.day(1, 1), self.day(12, 31), 120)])
        self.assertFalse(self.as_(post.held_goal_ids, "manager").held_note)
        self.employee.active = False
        post.action_hand_out()
        self.assertEqual(post.held_goal_ids.date_end, self.day(2, 28))

    def test_leaver_whose_target_had_changed(self):
        """120, from July 240: a day's part is 120 / 365, then 240 / 365.

        Until September: (181 · 120 + 92 · 240) / 365 = 120. Until May, before it changes:
        151 · 120 / 365 = 49.6…
        """
        post = self.hand_out()
        measure = post.held_goal_ids.measure_ids
        change = self.double(measure)
        for day, target in ((self.day(9, 30), 120), (self.day(5, 31), 49.64)):
            with self.subTest(day), self.env.cr.savepoint() as savepoint:
                self.employee.version_id.departure_date = day
                post.action_hand_out()
                self.assertEqual(measure.date_end, day)
                self.assertAlmostEqual(measure.target_by_days, target, 1)
                self.assertEqual(change.state, "superseded")
                savepoint.rollback()

    def test_leave_of_whom_the_target_had_changed(self):
        """(181 · 120 + 184 · 240) / 365 = 180.5; 243 of 365 days of it are 120.2."""
        post = self.hand_out()
        measure = post.held_goal_ids.measure_ids
        self.double(measure)
        self.add_leave(self.employee, self.day(3, 1), self.day(6, 30))
        post.action_hand_out()
        self.assertAlmostEqual(measure.target_by_days, 120.2, 1)

    def test_archived_without_a_day_ends_yesterday(self):
        post = self.hand_out()
        self.employee.active = False
        post.action_hand_out()
        self.assertEqual(self.held(post), [(self.day(1, 1), self.day(6, 14), 54.25)])
        with freeze_time(self.day(8, 1)):
            post.action_hand_out()
        self.assertEqual(self.held(post), [(self.day(1, 1), self.day(6, 14), 54.25)])

    def test_long_leave_takes_its_share_off(self):
        post = self.hand_out()
        self.add_leave(self.employee, self.day(3, 1), self.day(6, 30))
        post.action_hand_out()
        # 243 of 365 days: 79.9; the dates stay, the person holds the post
        self.assertEqual(self.held(post), [(self.day(1, 1), self.day(12, 31), 79.89)])
        self.assertAlmostEqual(post.holding, 243 / 365)

    def test_a_posts_figures_do_not_tell_who_is_on_leave(self):
        """Everybody reads them: of one holder they would tell the days, of three not."""
        post = self.hand_out()
        self.add_leave(self.employee, self.day(3, 1), self.day(6, 30))
        post.action_hand_out()
        read = self.as_(post.measure_ids, "colleague").read(["target_by_days"])
        self.assertEqual(read[0]["target_by_days"], 120)
        for name in ("Bo", "Cy"):
            self.hire(name, self.day(1, 1))
        post.action_hand_out()
        self.assertAlmostEqual(
            post.measure_ids.target_by_days, 120 * (243 + 365 + 365) / 365
        )

    def test_what_is_planned_is_private_until_its_day(self):
        self.move(self.employee, self.day(9, 1), self.job_2)
        post = self.hand_out()
        self.assertEqual(self.held(post), [(self.day(1, 1), self.day(12, 31), 120)])
        with freeze_time(self.day(9, 1)), self.enter_registry_test_mode():
            self.env.ref("hr_performance.ir_cron_hand_out").method_direct_trigger()
        # 243 days: 79.9
        self.assertEqual(self.held(post), [(self.day(1, 1), self.day(8, 31), 79.89)])

    def test_a_target_agreed_on_otherwise_keeps_its_proportion(self):
        post = self.hand_out()
        goal = post.held_goal_ids
        goal.action_request_change("New in the trade")
        goal.measure_ids.target = 60
        goal.action_agree()
        post.action_hand_out()
        self.assertEqual(goal.measure_ids.target, 60)
        self.move(self.employee, self.day(5, 1), self.job_2)
        post.action_hand_out()
        self.assertEqual(goal.measure_ids.target, 60 * 39.45 / 120)

    def test_a_measure_added_by_a_change_reaches_the_holders(self):
        post = self.hand_out()
        goal = post.held_goal_ids
        post.action_request_change("More to do")
        post.measure_ids = [
            Command.create({"indicator_id": self.ind_last.id, "target": 8})
        ]
        post.action_agree()
        added = goal.measure_ids.filtered(
            lambda measure: measure.indicator_id == self.ind_last
        )
        self.assertEqual((added.target, goal.state), (8, "agreed"))
        self.assertTrue(added.rule)
        self.assertIn("Stock", goal.revision_ids.sorted("id")[-1].reason)
        post.action_hand_out()
        self.assertEqual(len(goal.measure_ids), 2)
        # the holder gives it up, agreed by the manager: it does not come again
        goal.action_request_change("Not in my hands")
        added.unlink()
        goal.action_agree()
        post.action_hand_out()
        self.assertEqual(goal.measure_ids.indicator_id, self.ind_sum)

    def test_a_baseline_alone_that_changes_reaches_the_holders(self):
        """36 to 40 becomes 38 to 40; who has agreed on another baseline keeps it."""
        self.colleague.version_id.job_id = self.job
        post = self.hand_out(
            {"indicator_id": self.ind_last.id, "baseline": 36, "target": 40}
        )
        own, kept = (
            post.held_goal_ids.filtered(lambda goal, one=one: goal.employee_id == one)
            for one in (self.employee, self.colleague)
        )
        kept.action_request_change("Started lower")
        kept.measure_ids.baseline = 30
        kept.action_agree()
        post.action_request_change("Better than we thought")
        post.measure_ids.baseline = 38
        post.action_agree()
        self.assertEqual((own.measure_ids.baseline, own.measure_ids.target), (38, 40))
        self.assertEqual(kept.measure_ids.baseline, 30)
        self.assertIn("36 → 38", own.revision_ids.sorted("id")[-1].reason)

    def test_cancelling_takes_the_holders_goals_along(self):
        self.colleague.version_id.job_id = self.job
        post = self.hand_out()
        own, done = post.held_goal_ids.sorted("id")
        done.action_close("achieved")
        self.as_(post, "director").action_cancel("Nobody needs it")
        self.assertEqual((own.state, done.state), ("cancelled", "closed"))
        last = own.revision_ids.sorted("id")[-1]
        self.assertEqual(
            (last.step, last.reason, last.user_id),
            ("cancel", "Nobody needs it", self.director_user),
        )

    def test_closing_leaves_the_holders_goals_and_says_so(self):
        post = self.hand_out()
        own = post.held_goal_ids
        self.as_(post, "director").action_close("achieved")
        self.assertEqual(own.state, "agreed")
        self.assertIn("close this one", self.as_(own, "manager").held_note)
        self.assertIn("still to be closed", self.as_(post, "director").held_note)
        self.as_(own, "manager").action_close("achieved")
        self.assertFalse(self.as_(own, "manager").held_note)
        self.assertFalse(self.as_(post, "director").held_note)

    def test_a_form_of_a_reopened_goal_without_dates(self):
        post = self.hand_out()
        self.as_(post, "director").action_request_change("Shorter")
        for name in ("date_start", "date_end", "cycle_id"):
            with Form(post.with_user(self.officer_user)) as form:
                former = form[name]
                form[name] = (
                    self.env["hr.performance.cycle"] if former == self.cycle else False
                )
                form[name] = former
        self.assertEqual(post.holding, 1)

    def test_smallest_shares_are_still_targets(self):
        """1 customer in 365 days, of which she has 120: not 0, which would be no way."""
        self.move(self.employee, self.day(5, 1), self.job_2)
        post = self.hand_out((self.ind_sum, 1))
        self.assertEqual(self.held(post), [(self.day(1, 1), self.day(4, 30), 0.33)])

    def test_queries_do_not_grow_with_the_holders(self):
        counts = []
        for number in (3, 9):
            for name in range(number):
                self.hire(f"Bo {number} {name}", self.day(2, 1))
            post = self.make_goal(self.job, (self.ind_sum, 120), holder_share="each")
            post.action_propose()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            post.action_agree()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(post.held_goal_ids), 1 + (3 if number == 3 else 12))
        # one for each holder would be nine more; what Odoo keeps in its caches may be one
        self.assertLess(counts[1], counts[0] + 3)


@tagged("post_install", "-at_install")
class TestHeldNote(PostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(cls.day(10, 15)))

    def note(self, goal, name="manager"):
        return self.as_(goal, name).held_note

    def test_a_form_without_dates(self):
        """Who empties “From” to type another day meets no error."""
        goal = self.make_goal()
        for name in ("date_start", "date_end", "cycle_id"):
            with Form(goal.with_user(self.officer_user)) as form:
                former = form[name]
                form[name] = (
                    self.env["hr.performance.cycle"] if former == self.cycle else False
                )
                form[name] = former

    def test_whole_and_present_says_nothing(self):
        self.assertFalse(self.note(self.agree(self.make_goal())))

    def test_came_and_moved(self):
        self.employee.create_version(
            {"date_version": self.day(3, 1), "job_id": self.job_2.id}
        )
        post = self.agree(self.make_goal(self.job_2, (self.ind_sum, 10)))
        self.employee.create_version(
            {
                "date_version": self.day(5, 1),
                "job_id": self.job_2.id,
                "department_id": self.department_sibling.id,
            }
        )
        note = self.note(post.held_goal_ids)
        self.assertIn("03/01/2026: was Consultant before", note)
        self.assertIn("Moved to Support on 05/01/2026", note)
        self.employee.create_version(
            {"date_version": self.day(8, 1), "job_id": self.job.id}
        )
        post.action_hand_out()
        note = self.note(post.held_goal_ids, "employee")
        self.assertIn("Until 07/31/2026: moved to Consultant.", note)

    def test_hired_and_left(self):
        bo = self.env["hr.employee"].create(
            {
                "name": "Bo",
                "company_id": self.company.id,
                "parent_id": self.manager.id,
                "job_id": self.job_2.id,
                "date_version": self.day(8, 1),
            }
        )
        post = self.agree(self.make_goal(self.job_2, (self.ind_sum, 10)))
        goal = post.held_goal_ids
        self.assertEqual(self.note(goal), "Held from 08/01/2026: hired.")
        personal = self.agree(self.make_goal(bo))
        bo.version_id.departure_date = self.day(9, 30)
        bo.active = False
        post.action_hand_out()
        self.assertIn("Until 09/30/2026: left.", self.note(goal))
        self.assertEqual(
            self.note(personal), "Owner left on 09/30/2026: choose who goes on."
        )

    def test_leave_is_told_to_the_line_alone(self):
        """Neither in words nor as a share: from 0.67 one could tell."""
        goal = self.agree(self.make_goal(visibility="everyone"))
        self.add_leave(self.employee, self.day(3, 1), self.day(6, 30))
        words = "243 of 365 days: on leave 03/01/2026 – 06/30/2026"
        for name in ("employee", "manager", "director", "officer"):
            self.assertIn(words, self.note(goal, name))
        self.assertFalse(self.note(goal, "colleague"))
        for name in ("colleague", "employee", "manager"):
            seen = self.as_(goal, name)
            self.assertEqual(seen.name, goal.sudo().name)
            for field in ("pro_rata", "holding"):
                with self.refused(error=AccessError):
                    seen.read([field])
                with self.refused(error=AccessError):
                    seen.search([(field, "<", 1)])
        self.assertEqual(self.as_(goal, "officer").pro_rata, 243 / 365)

    def test_what_is_to_come_is_told_to_the_line_alone(self):
        goal = self.make_goal(visibility="everyone", date_end=self.day(11, 30))
        self.employee.version_id.departure_date = self.day(11, 30)
        self.assertEqual(self.note(goal), "Until 11/30/2026: leaves.")
        self.assertEqual(self.note(goal, "colleague"), "Until 11/30/2026.")

    def test_new_manager(self):
        goal = self.agree(self.make_goal())
        self.env.cr.flush()
        employee = self.employee.with_context(
            tracking_disable=False, mail_notrack=False
        )
        employee.parent_id = self.director
        self.env.flush_all()
        self.env.cr.flush()  # the trail is written before the commit
        self.assertEqual(
            self.note(goal, "employee"), "New manager since 10/15/2026: Director."
        )


@tagged("post_install", "-at_install")
class TestHandingOver(PostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(cls.day(6, 15)))

    def test_a_goal_goes_on_with_somebody_else(self):
        above = self.make_goal(self.department_sub)
        goal = self.agree(
            self.make_goal(
                None, (self.ind_sum, 100), (self.ind_average, 5), parent_id=above.id
            )
        )
        self.add_reading(self.ind_sum, 20)
        taken = self.as_(goal, "manager").action_hand_over(
            self.colleague.id, self.day(7, 1)
        )
        taken = taken.sudo()
        self.assertEqual((taken.employee_id, taken.parent_id), (self.colleague, above))
        self.assertEqual(taken.predecessor_id, goal)
        self.assertEqual(taken.state, "proposed")
        self.assertEqual(goal.date_end, self.day(6, 30))
        self.assertEqual(taken.date_start, self.day(7, 1))
        # 181 and 184 of 365 days: 49.6 and 50.4 of 100; what is no sum stays
        self.assertEqual(goal.measure_ids.mapped("target"), [50, 5])
        self.assertEqual(taken.measure_ids.mapped("target"), [50, 5])
        self.assertEqual(goal.measure_ids[0].actual, 20)
        self.assertEqual(goal.pro_rata, 181 / 365)
        self.assertEqual(taken.pro_rata, 184 / 365)
        self.assertIn("handed over to Colleague", self.as_(goal, "employee").held_note)
        self.assertIn("taken over from Employee", taken.held_note)
        with self.refused("not yet handed over"):
            goal.action_hand_over(self.colleague.id, self.day(6, 20))

    def test_a_target_that_changed_in_mid_period(self):
        """365 until June, 730 since July: 1 and 2 a day; the rate 5 and 10.

        Handed over on 1 October: 181 · 1 + 92 · 2 = 365 and 92 · 2 = 184.
        (181 · 5 + 92 · 10) / 273 = 6.68… and 10.
        """
        goal = self.agree(
            self.make_goal(None, (self.ind_sum, 365), (self.ind_average, 5))
        )
        for measure in goal.measure_ids:
            self.env["hr.performance.target.change"].create(
                {
                    "measure_id": measure.id,
                    "target": 2 * measure.target,
                    "date_from": self.day(7, 1),
                    "reason": "Twice as many people",
                }
            ).with_user(self.manager_user).action_approve()
        taken = goal.action_hand_over(self.colleague.id, self.day(10, 1)).sudo()
        for one, figures in ((goal, (365, 1825 / 273)), (taken, (184, 10))):
            for measure, figure in zip(one.measure_ids, figures, strict=True):
                self.assertAlmostEqual(measure.target_by_days, figure)
                self.assertAlmostEqual(measure.target, figure)

    def test_what_cannot_be_handed_over(self):
        goal = self.agree(self.make_goal())
        for day in (self.day(1, 1), date(2027, 1, 1), False):
            with self.refused("Choose a day after"):
                goal.action_hand_over(self.colleague.id, day)
        with self.refused("Choose somebody else"):
            goal.action_hand_over(self.employee.id, self.day(7, 1))
        with self.refused("Only a personal goal"):
            self.make_goal().action_hand_over(self.colleague.id, self.day(7, 1))

    def test_handed_out_and_then_over(self):
        """What was handed over by hand is not taken back by the next look at holders."""
        self.colleague.version_id.job_id = self.job_2
        self.manager.version_id.job_id = False
        post = self.agree(self.make_goal(self.job, (self.ind_sum, 120)))
        goal = post.held_goal_ids
        goal.action_hand_over(self.colleague.id, self.day(7, 1))
        post.action_hand_out()
        self.assertEqual(goal.date_end, self.day(6, 30))
        self.assertEqual(post.held_goal_ids, goal)


@tagged("post_install", "-at_install")
class TestPostAttacks(PostCommon):
    """What nobody may do, and what nobody may see."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(cls.day(6, 15)))
        cls.post = cls.agree(cls.make_goal(cls.job, (cls.ind_sum, 120)))
        cls.held = cls.post.held_goal_ids.filtered(
            lambda goal: goal.employee_id == cls.employee
        )

    def test_holders_cannot_hand_out_nor_over(self):
        for name in ("employee", "colleague", "other_officer"):
            with self.refused(error=AccessError):
                self.as_(self.post, name).action_hand_out()
        for name in ("employee", "colleague"):
            with self.refused(error=AccessError):
                self.as_(self.held, name).action_hand_over(
                    self.colleague.id, self.day(7, 1)
                )
        # to nobody outside the line, either
        with self.refused(error=AccessError):
            self.as_(self.held, "manager").action_hand_over(
                self.officer.id, self.day(7, 1)
            )
        self.as_(self.post, "manager").action_hand_out()

    def test_nobody_types_in_what_follows(self):
        draft = self.make_goal()
        for name in ("employee", "manager", "officer", "administrator"):
            for vals in (
                {"pro_rata": 0.1},
                {"holding": 5.0},
                {"post_goal_id": self.post.id},
                {"predecessor_id": self.held.id},
                {"handed_out_on": "2026-01-01"},
            ):
                with self.refused(error=AccessError):
                    self.as_(draft, name).write(vals)
            for vals in ({"handed_figures": {}}, {"post_measure_id": False}):
                with self.refused(error=AccessError):
                    self.as_(self.held.measure_ids, name).write(vals)
            with self.refused("locked"):
                self.as_(self.held, name).write({"date_end": "2026-06-01"})

    def test_no_note_on_a_hidden_goal(self):
        with self.refused(error=AccessError):
            self.as_(self.held, "colleague").read(["held_note"])
        with self.refused(error=AccessError):
            self.as_(self.post, "other_employee").read(["held_note"])
