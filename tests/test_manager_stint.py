"""Several managers in one year: who led whom, who is asked, and for how much they count."""

from calendar import isleap
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .test_reviewers import ReviewersCase

#: a day more in a leap year
LEAP = int(isleap(date.today().year))
#: days of the year until the day before 1 July
FIRST_HALF = 181 + LEAP
DAYS = 365 + LEAP


class StintCase(ReviewersCase):
    def transfer(self, month, manager, employee=None, day=1):
        with freeze_time(self.day(month, day)):
            (employee or self.employee).parent_id = manager
            self.env.flush_all()

    def history(self, employee=None):
        stints = self.env["hr.performance.manager.stint"].search(
            [("employee_id", "=", (employee or self.employee).id)], order="date_from"
        )
        return [(one.manager_id, one.date_from, one.date_to) for one in stints]

    def appraisals(self, employee=None):
        return self.env["hr.performance.appraisal"].search(
            [("employee_id", "=", (employee or self.employee).id)]
        )


@tagged("post_install", "-at_install")
class TestHistory(StintCase):
    def test_it_follows_the_manager(self):
        """From the hire, as the manager was entered on the day of entry."""
        start = self.env["hr.performance.manager.stint"].search(
            [("employee_id", "=", self.employee.id)]
        )
        self.assertEqual(str(start.date_from), "2020-01-01")
        self.transfer(7, self.director)
        self.transfer(10, self.env["hr.employee"])
        self.assertEqual(
            [(who, str(first), str(last)) for who, first, last in self.history()],
            [
                (self.manager, "2020-01-01", str(self.day(6, 30))),
                (self.director, str(self.day(7, 1)), str(self.day(9, 30))),
            ],
        )
        self.transfer(11, self.manager)
        self.assertEqual(self.history()[-1], (self.manager, self.day(11, 1), False))

    def test_in_bulk(self):
        people = self.peers | self.employee
        self.transfer(7, self.director, people)
        for person in people:
            self.assertEqual(len(self.history(person)), 2)
            self.assertEqual(self.history(person)[-1][0], self.director)

    def test_a_slip_is_no_transfer(self):
        with freeze_time(self.day(7, 1)):
            self.employee.parent_id = self.director
            self.assertTrue(self.appraisals().request_ids)
            self.employee.parent_id = self.officer
            self.employee.parent_id = self.manager
            self.env.flush_all()
        self.assertEqual(len(self.history()), 1)
        self.assertFalse(self.history()[0][2])
        # nobody is asked for a farewell any more
        self.assertFalse(self.appraisals().request_ids)

    def test_the_department_changes_its_head(self):
        with freeze_time(self.day(7, 1)):
            self.department_sub.manager_id = self.colleague
            self.env.flush_all()
        self.assertEqual(self.history()[-1][0], self.employee.parent_id)

    def test_a_new_person(self):
        person = self.make_person("newcomer", self.manager)
        self.assertEqual(
            [str(one) for one in self.history(person)[0][1:2]], ["2020-01-01"]
        )

    def test_those_who_were_there_before(self):
        stints = self.env["hr.performance.manager.stint"]
        stints.search([("employee_id", "=", self.employee.id)]).unlink()
        self.env.flush_all()
        stints.init()
        self.env.invalidate_all()
        self.assertEqual(len(self.history()), 1)
        self.assertEqual(self.history()[0][0], self.manager)
        stints.init()
        self.assertEqual(len(self.history()), 1)

    def test_hr_corrects_the_days(self):
        self.transfer(7, self.director)
        request = self.request_of(self.appraisals(), "manager")
        self.assertAlmostEqual(request.share, FIRST_HALF / DAYS)
        former, now = self.env["hr.performance.manager.stint"].search(
            [("employee_id", "=", self.employee.id)], order="date_from"
        )
        with self.refused("overlap"):
            self.as_(former, "officer").date_to = self.day(7, 31)
        with self.refused("before it begins"):
            self.as_(now, "officer").date_to = self.day(6, 1)
        with self.assertRaises(AccessError):
            self.as_(now, "manager").date_from = self.day(6, 1)
        self.as_(former, "officer").date_to = self.day(5, 31)
        self.as_(now, "officer").date_from = self.day(6, 1)
        self.assertAlmostEqual(request.share, (151 + LEAP) / DAYS)


@tagged("post_install", "-at_install")
class TestHandover(StintCase):
    def test_the_former_manager_is_asked_at_once(self):
        """On a draft of the year-end that carries the form; due in a month."""
        goal = self.score_goal(90)
        self.transfer(7, self.director)
        appraisal = self.appraisals()
        self.assertRecordValues(
            appraisal,
            [{"state": "draft", "manager_id": self.director.id, "purpose": "annual"}],
        )
        self.assertEqual(appraisal.item_ids.goal_id, goal)
        request = appraisal.request_ids
        self.assertRecordValues(
            request,
            [
                {
                    "reviewer_id": self.manager.id,
                    "role": "manager",
                    "is_handover": True,
                    "deadline": self.day(7, 31),
                }
            ],
        )
        self.assertAlmostEqual(request.share, FIRST_HALF / DAYS)
        self.assertEqual(request.activity_ids.user_id, self.manager_user)
        with freeze_time(self.day(7, 2)):
            self.env.add_to_compute(request._fields["state"], request)
            self.assertEqual(request.state, "to_do")
            self.answer_all(appraisal, "manager")
        self.assertEqual(request.state, "done")
        self.assertEqual(appraisal.review_ids.reviewer_id, self.manager)
        self.assertAlmostEqual(appraisal.review_ids.share, FIRST_HALF / DAYS)
        # the person meets nothing of it
        for record in (appraisal, request, appraisal.review_ids):
            self.assertFalse(self.as_(record, "employee").has_access("read"))

    def test_whoever_enters_the_transfer_takes_no_part(self):
        """An HR user without any right in performance: neither reads nor follows."""
        user = new_test_user(
            self.env,
            login="perf_hr",
            groups="hr.group_hr_user",
            company_id=self.company.id,
        )
        with freeze_time(self.day(7, 1)):
            self.as_(self.employee, user).parent_id = self.director
            self.env.flush_all()
        appraisal = self.appraisals()
        self.assertEqual(appraisal.request_ids.reviewer_id, self.manager)
        self.assertNotIn(user.partner_id, appraisal.message_partner_ids)
        for record in (appraisal, appraisal.request_ids):
            self.assertFalse(self.as_(record, user).has_access("read"))

    def test_opened_later_everybody_else_is_asked(self):
        self.transfer(7, self.director)
        appraisal = self.appraisals()
        self.answer_all(appraisal, "manager")
        appraisal.action_open()
        managers = self.request_of(appraisal, "manager")
        shares = {one.reviewer_id: one.share for one in managers}
        self.assertEqual(set(shares), {self.manager, self.director})
        self.assertAlmostEqual(shares[self.manager], FIRST_HALF / DAYS)
        self.assertAlmostEqual(shares[self.director], 1 - FIRST_HALF / DAYS)
        self.assertEqual(self.asked_as(appraisal, "self"), self.employee)
        # the review of who appraises is waited for, not that of who led before
        self.assertFalse(appraisal.manager_done)
        with self.refused("not submitted yet"):
            self.as_(appraisal, "director").action_assess()

    def test_only_the_appraiser_is_waited_for(self):
        self.score_goal(90)
        self.transfer(7, self.director)
        appraisal = self.appraisals()
        appraisal.action_open()
        own = self.request_of(appraisal, "manager").filtered(
            lambda one: one.reviewer_id == self.director
        )
        answers = {
            str(item.id): {"level_id": self.meets.id}
            for item in own._items()
            if item.kind == "rating"
        }
        own = self.as_(own, "director")
        own.draft = answers
        own.action_submit()
        self.as_(appraisal, "director").action_assess()
        self.assertEqual(appraisal.state, "assessed")
        former = self.request_of(appraisal, "manager") - own.sudo()
        self.assertEqual(former.state, "not_started")

    def test_who_says_no_leaves_their_days_to_the_appraiser(self):
        """By declining, or as HR asks them no more; nobody asks them again."""
        self.transfer(7, self.director)
        self.transfer(10, self.officer)
        appraisal = self.appraisals()
        appraisal.action_open()
        first, second = (
            self.request_of(appraisal, "manager").filtered(
                lambda one, manager=manager: one.reviewer_id == manager
            )
            for manager in (self.manager, self.director)
        )
        own = self.request_of(appraisal, "manager") - first - second
        self.assertAlmostEqual(own.share, 92 / DAYS)
        self.as_(first, "manager").action_decline("Too long ago")
        self.assertAlmostEqual(own.share, (92 + FIRST_HALF) / DAYS)
        with self.refused("who led"):
            self.as_(second, "administrator").action_reassign(self.colleague.id)
        self.as_(second, "administrator").action_withdraw()
        self.assertEqual(second.state, "declined")
        self.assertFalse(second.activity_ids)
        self.assertAlmostEqual(own.share, 1)
        appraisal._sync_requests()
        self.assertEqual(self.request_of(appraisal, "manager"), first | second | own)

    def test_reopening_leaves_the_farewell(self):
        """The appraiser revises; the former manager's word stands."""
        self.score_goal(90)
        self.transfer(7, self.director)
        appraisal = self.appraisals()
        self.answer_all(appraisal, "manager")
        appraisal.action_open()
        own = self.request_of(appraisal, "manager").filtered(
            lambda one: not one.is_handover
        )
        own = self.as_(own, "director")
        own.draft = {
            str(item.id): {"level_id": self.meets.id}
            for item in own.sudo()._items()
            if item.kind == "rating"
        }
        own.action_submit()
        self.as_(appraisal, "director").action_assess()
        self.as_(appraisal, "officer").action_reopen("A figure was wrong")
        states = {
            one.reviewer_id: one.state for one in self.request_of(appraisal, "manager")
        }
        self.assertEqual(states[self.manager], "done")
        self.assertNotEqual(states[self.director], "done")
        self.assertEqual(appraisal.review_ids.reviewer_id, self.manager)

    def test_a_cycle_without_a_year_end_asks_nobody(self):
        """Nor does the draft it does not make stand in the way of the next transfer."""
        self.form.purpose = "feedback"
        self.transfer(7, self.director)
        self.transfer(10, self.manager)
        self.assertFalse(self.appraisals())
        self.assertEqual(self.history()[-1][0], self.manager)

    def test_who_led_for_a_short_time_is_not_asked(self):
        self.company.performance_handover_days = 60 + LEAP
        self.transfer(3, self.director)  # 59 days and the leap day
        self.assertFalse(self.appraisals())
        self.company.performance_handover_days = 59 + LEAP
        self.transfer(5, self.manager)  # 61 days
        self.assertEqual(self.asked_as(self.appraisals(), "manager"), self.director)

    def test_two_transfers(self):
        """Until 30 June, until 30 September, and the rest."""
        self.transfer(7, self.director)
        appraisal = self.appraisals()
        self.transfer(10, self.officer)
        self.assertEqual(self.appraisals(), appraisal)
        self.assertEqual(appraisal.manager_id, self.officer)
        appraisal.action_open()
        shares = {
            one.reviewer_id: one.share for one in self.request_of(appraisal, "manager")
        }
        self.assertAlmostEqual(shares[self.manager], FIRST_HALF / DAYS)
        self.assertAlmostEqual(shares[self.director], 92 / DAYS)
        self.assertAlmostEqual(shares[self.officer], 92 / DAYS)

    def test_back_again(self):
        """What was written on leaving is a draft again, and the other has a share."""
        # late in the year, on whichever day the tests run
        self.startPatcher(freeze_time(self.day(11, 26)))
        self.transfer(5, self.director)
        appraisal = self.appraisals()
        self.answer_all(appraisal, "manager")
        self.transfer(8, self.manager)
        self.assertEqual(appraisal.manager_id, self.manager)
        appraisal.action_open()
        shares = {
            one.reviewer_id: (one.is_handover, one.state, round(one.share * DAYS))
            for one in self.request_of(appraisal, "manager")
        }
        self.assertEqual(
            shares,
            {
                self.director: (True, "overdue", 92),
                self.manager: (False, "to_do", DAYS - 92),
            },
        )
        self.assertFalse(appraisal.review_ids)
        own = self.request_of(appraisal, "manager").filtered(
            lambda one: not one.is_handover
        )
        self.assertTrue(self.as_(own, "manager").draft)

    def test_on_an_appraisal_that_is_under_way(self):
        """The one named stays, until HR names another; the former keeps what they have."""
        appraisal = self.make_appraisal()
        request = self.request_of(appraisal, "manager")
        self.transfer(7, self.director)
        self.assertEqual(self.appraisals(), appraisal)
        self.assertEqual(self.request_of(appraisal, "manager"), request)
        self.assertFalse(request.is_handover)
        self.as_(appraisal, "officer").manager_id = self.director
        self.assertTrue(request.is_handover)
        self.assertEqual(request.reviewer_id, self.manager)
        other = self.request_of(appraisal, "manager") - request
        self.assertEqual(other.reviewer_id, self.director)
        self.assertAlmostEqual(request.share + other.share, 1)
        self.assertAlmostEqual(request.share, FIRST_HALF / DAYS)

    def test_a_manager_who_cannot_answer(self):
        """Without a user, or gone: said, and the days are the appraiser's."""
        appraisal = self.make_appraisal(open_it=False)
        self.manager_user.active = False
        self.transfer(7, self.director)
        self.assertFalse(appraisal.request_ids)
        self.assertIn(self.manager.name, appraisal.message_ids[0].body)
        appraisal.action_open()
        managers = self.request_of(appraisal, "manager")
        self.assertEqual((managers.reviewer_id, managers.share), (self.director, 1))
        # no draft for nothing
        self.transfer(7, self.director, self.colleague)
        self.assertFalse(self.appraisals(self.colleague))

    def test_a_manager_who_left_after_the_review_counts(self):
        self.transfer(7, self.director)
        appraisal = self.appraisals()
        self.answer_all(appraisal, "manager")
        self.manager.active = False
        self.manager_user.active = False
        appraisal.action_open()
        self.assertAlmostEqual(appraisal.review_ids.share, FIRST_HALF / DAYS)

    def test_nobody_is_asked_without_a_form_or_in_a_closed_cycle(self):
        self.form.role_ids.filtered(lambda one: one.role == "manager").unlink()
        self.transfer(7, self.director)
        self.assertFalse(self.appraisals())
        self.cycle.template_id = self.env.ref("hr_performance.template_standard")
        self.cycle.action_close()
        self.transfer(10, self.manager)
        self.assertFalse(self.appraisals())

    def test_the_longest_cycle_alone(self):
        self.cycle.action_create_subperiods("half")
        self.transfer(7, self.director)
        self.assertEqual(self.appraisals().cycle_id, self.cycle)

    def test_cancelling_the_draft_ends_the_task(self):
        self.transfer(7, self.director)
        appraisal = self.appraisals()
        request = appraisal.request_ids
        self.as_(appraisal, "officer").action_cancel("No appraisal this year")
        self.assertEqual(request.state, "not_started")
        self.assertFalse(request.activity_ids)

    def test_a_draft_with_a_review_stays(self):
        self.transfer(7, self.director)
        appraisal = self.appraisals()
        self.answer_all(appraisal, "manager")
        with self.refused("Cancel it"):
            self.as_(appraisal, "officer").unlink()
        other = self.form.copy({"name": "Another"})
        with self.refused("written"):
            self.as_(appraisal, "officer").template_id = other

    def test_a_draft_takes_another_form(self):
        """Before anybody has written: the questions are those of the new form."""
        self.transfer(7, self.director)
        appraisal = self.appraisals()
        other = self.form.copy({"name": "Another"})
        self.as_(appraisal, "officer").template_id = other
        self.assertEqual(appraisal.item_ids.section_id.template_id, other)
        self.assertTrue(appraisal.request_ids)

    def test_the_launch_opens_it(self):
        self.transfer(7, self.director)
        appraisal = self.appraisals()
        self.as_(self.cycle, "officer").action_launch_appraisals()
        self.assertEqual(self.appraisals(), appraisal)
        self.assertEqual(appraisal.state, "open")
        self.assertEqual(
            self.asked_as(appraisal, "manager"), self.manager | self.director
        )

    def test_a_transfer_costs_the_same_for_many(self):
        counts = []
        for month, people in ((7, self.peers[:2]), (8, self.peers[2:] | self.employee)):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["hr.performance.manager.stint"]
            self.transfer(month, self.director, people)
            counts.append(self.cr.sql_log_count - before)
        # Odoo tracks and names person by person
        self.assertLess(counts[1], counts[0] * 2)
