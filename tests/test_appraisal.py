from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PerformanceCommon


class AppraisalCase(PerformanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scale = cls.env.ref("hr_performance.scale_points")
        cls.far_below, cls.below, cls.meets, cls.exceeds, cls.outstanding = (
            cls.env.ref(f"hr_performance.scale_level_points_{name}")
            for name in ("far_below", "below", "meets", "exceeds", "outstanding")
        )

    def score_goal(self, points, employee=None, **values):
        """An agreed goal whose score is ``points`` (linear, baseline 0, target 100)."""
        indicator = self.env["hr.performance.indicator"].create({"name": "Points"})
        employee = employee or self.employee
        goal = self.agree(self.make_goal(employee, (indicator, 100), **values))
        if points is not None:
            self.add_reading(indicator, points, employee)
            self.assertEqual(goal.score, points)
        return goal

    def request_of(self, appraisal, role):
        return appraisal.request_ids.filtered(lambda request: request.role == role)

    def assessed(self, employee=None, points=90):
        self.score_goal(points, employee)
        appraisal = self.make_appraisal(employee)
        self.answer_all(appraisal, "manager")
        self.as_(appraisal, appraisal.manager_id.user_id).action_assess()
        self.assertEqual(appraisal.state, "assessed")
        return appraisal

    def released(self, employee=None):
        appraisal = self.assessed(employee)
        self.as_(appraisal, "officer").action_release()
        return appraisal


@tagged("post_install", "-at_install")
class TestLaunch(AppraisalCase):
    def launched(self):
        return self.env["hr.performance.appraisal"].search(
            [("cycle_id", "=", self.cycle.id)]
        )

    def test_an_officer_launches_for_everybody_once(self):
        """Six people in company 1, the officer among them; nobody of company 2."""
        everybody = self.env["hr.employee"].union(
            *(p for p in self.people.values() if p.company_id == self.company)
        )
        self.as_(self.cycle, "officer").action_launch_appraisals()
        appraisals = self.launched()
        self.assertEqual(appraisals.employee_id, everybody)
        self.assertEqual(len(appraisals), 6)
        self.assertEqual(set(appraisals.mapped("state")), {"open"})
        self.assertEqual(appraisals.company_id, self.company)

    def test_launching_twice_doubles_nothing(self):
        self.as_(self.cycle, "officer").action_launch_appraisals()
        appraisals = self.launched()
        items, requests = appraisals.item_ids, appraisals.request_ids
        activities = requests.activity_ids
        with self.refused(self.company.name, self.cycle.name, "Nothing was launched"):
            self.as_(self.cycle, "officer").action_launch_appraisals()
        newcomer = self.env["hr.employee"].create(
            {"name": "Newcomer", "company_id": self.company.id}
        )
        self.as_(self.cycle, "officer").action_launch_appraisals()
        self.assertEqual(
            self.launched() - appraisals,
            self.launched().filtered(lambda a: a.employee_id == newcomer),
        )
        self.assertEqual(appraisals.item_ids, items)
        self.assertEqual(appraisals.request_ids, requests)
        self.assertEqual(requests.activity_ids, activities)

    def test_who_was_appraised_already_keeps_that_one(self):
        appraisal = self.make_appraisal()
        self.as_(self.cycle, "officer").action_launch_appraisals()
        own = self.launched().filtered(lambda a: a.employee_id == self.employee)
        self.assertEqual(own, appraisal)

    def test_cancelled_ones_are_made_anew(self):
        self.make_appraisal().action_cancel("On leave")
        self.as_(self.cycle, "officer").action_launch_appraisals()
        own = self.launched().filtered(lambda a: a.employee_id == self.employee)
        self.assertEqual(sorted(own.mapped("state")), ["cancelled", "open"])

    def test_what_is_missing_is_named(self):
        for field, label in (("template_id", "Appraisal Form"), ("scale_id", "Scale")):
            cycle = self.make_cycle("Bare", **{field: False})
            with self.subTest(field), self.refused("“Bare”", label):
                self.as_(cycle, "officer").action_launch_appraisals()
        self.cycle.action_close()
        with self.refused(self.cycle.name, "is closed"):
            self.as_(self.cycle, "officer").action_launch_appraisals()

    def test_only_officers_of_the_company_launch(self):
        for name in ("employee", "manager", "director", "other_officer"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.as_(self.cycle, name).action_launch_appraisals()
        self.assertFalse(self.launched())

    def test_copies_of_the_day_stay(self):
        appraisal = self.make_appraisal()
        self.assertEqual(appraisal.manager_id, self.manager)
        self.assertEqual(appraisal.department_id, self.department_sub)
        self.assertEqual(appraisal.job_id, self.job)
        self.employee.write(
            {
                "parent_id": self.director.id,
                "department_id": self.department_sibling.id,
                "job_id": self.job_2.id,
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(appraisal.manager_id, self.manager)
        self.assertEqual(appraisal.department_id, self.department_sub)
        self.assertEqual(appraisal.job_id, self.job)

    @mute_logger("odoo.sql_db")
    def test_who_may_make_none_is_not_told_who_has_one(self):
        self.make_appraisal()
        for who in ("employee", "colleague", "manager", "other_officer"):
            with self.subTest(who), self.assertRaises(AccessError) as caught:
                self.as_(self.env["hr.performance.appraisal"], who).create(
                    {"employee_id": self.employee.id, "cycle_id": self.cycle.id}
                )
            self.assertNotIn(self.cycle.name, str(caught.exception))

    def test_a_second_appraisal_is_refused_by_name(self):
        self.make_appraisal()
        with self.refused(self.employee.name, self.cycle.name, "already"):
            self.make_appraisal()
        with self.refused(self.colleague.name, "already"):
            self.env["hr.performance.appraisal"].create(
                [
                    {"employee_id": self.colleague.id, "cycle_id": self.cycle.id}
                    for _twice in range(2)
                ]
            )
        # another way round: an existing one is moved onto the person
        other = self.make_appraisal(self.colleague, open_it=False)
        with self.refused(self.employee.name, self.cycle.name, "already"):
            other.employee_id = self.employee
        self.make_appraisal(cycle_id=self.make_cycle("Another").id)

    def test_items(self):
        """3 ratings and 3 texts of the form; the person's agreed or closed goals."""
        self.cycle.action_create_subperiods("quarter")
        quarter = self.cycle.child_ids[0]
        agreed = self.score_goal(50, weight=60, name="Agreed")
        closed = self.score_goal(60, weight=40, name="Closed")
        closed.action_close("partly")
        below = self.agree(
            self.make_goal(None, (self.ind_sum, 1), cycle_id=quarter.id, name="Quarter")
        )
        self.make_goal(None, (self.ind_sum, 1), name="Draft")
        self.score_goal(50, name="Cancelled").action_cancel("No")
        self.score_goal(50, self.colleague, name="Of somebody else")
        self.agree(self.make_goal(self.department_sub, (self.ind_sum, 1)))
        self.agree(
            self.make_goal(
                None, (self.ind_sum, 1), cycle_id=self.make_cycle("Other").id
            )
        )
        appraisal = self.make_appraisal()
        goals = appraisal.item_ids.filtered(lambda item: item.kind == "goal")
        self.assertEqual(goals.goal_id, agreed | closed | below)
        self.assertEqual(
            {item.name: item.weight for item in goals},
            {"Agreed": 60, "Closed": 40, "Quarter": 100},
        )
        kinds = appraisal.item_ids.mapped("kind")
        self.assertEqual((kinds.count("rating"), kinds.count("text")), (3, 3))
        # a goal that is agreed later is taken in on demand, once
        late = self.score_goal(70, name="Late")
        appraisal.action_sync_goals()
        appraisal.action_sync_goals()
        found = appraisal.item_ids.filtered(lambda item: item.goal_id == late)
        self.assertEqual(len(found), 1)

    def test_requests_and_activities(self):
        self.cycle.write(
            {
                "self_review_deadline": self.day(11, 1),
                "manager_review_deadline": self.day(11, 20),
            }
        )
        with freeze_time(self.day(10)):
            appraisal = self.make_appraisal()
            self.env.flush_all()
        own, managers = (
            self.request_of(appraisal, role) for role in ("self", "manager")
        )
        self.assertRecordValues(
            own | managers,
            [
                {
                    "reviewer_id": self.employee.id,
                    "deadline": self.day(11, 1),
                    "state": "to_do",
                },
                {
                    "reviewer_id": self.manager.id,
                    "deadline": self.day(11, 20),
                    "state": "to_do",
                },
            ],
        )
        self.assertEqual(own.activity_ids.user_id, self.employee_user)
        self.assertEqual(own.activity_ids.date_deadline, self.day(11, 1))
        self.assertEqual(managers.activity_ids.user_id, self.manager_user)
        with freeze_time(self.day(11, 2)):
            self.env["hr.performance.request"]._cron_mark_overdue()
            self.assertEqual((own.state, managers.state), ("overdue", "to_do"))
            # more time for everybody: HR sets it once, on the cycle
            self.cycle.self_review_deadline = self.day(11, 9)
            self.assertEqual((own.deadline, own.state), (self.day(11, 9), "to_do"))

    def test_hr_names_a_manager_outside_the_line(self):
        """The one who is named reads, reviews and assesses; the colleague does not."""
        self.score_goal(90)
        appraisal = self.make_appraisal()
        outsider = self.people["colleague"]
        for record in (appraisal, appraisal.item_ids):
            self.assertFalse(self.as_(record, "colleague").has_access("read"))
        self.as_(appraisal, "officer").manager_id = outsider
        self.answer_all(appraisal, "manager")
        found = self.as_(appraisal, "colleague").search([])
        self.assertEqual(found, appraisal)
        self.as_(appraisal, "colleague").action_assess()
        self.assertEqual(appraisal.state, "assessed")

    def test_the_person_appraised_sees_that_the_manager_is_done(self):
        """Of the requests they see only their own; of the manager's, that it is done."""
        appraisal = self.as_(self.released(), "employee")
        self.assertEqual(appraisal.request_ids.mapped("role"), ["self"])
        self.assertTrue(appraisal.manager_done)
        self.assertFalse(appraisal.self_done)

    def test_what_was_not_written_is_owed_no_longer(self):
        self.score_goal(90)
        appraisal = self.make_appraisal()
        own = self.request_of(appraisal, "self")
        self.answer_all(appraisal, "manager")
        self.assertEqual(own.state, "to_do")
        self.as_(appraisal, "manager").action_assess()
        self.assertEqual(own.state, "not_started")
        self.as_(appraisal, "officer").action_reopen("Self review missing")
        self.assertEqual(own.state, "to_do")

    def test_a_form_without_the_manager_waits_for_nobody(self):
        self.cycle.template_id.role_ids.filtered(
            lambda role: role.role == "manager"
        ).unlink()
        self.score_goal(90)
        appraisal = self.make_appraisal()
        self.assertEqual(appraisal.request_ids.role, "self")
        self.as_(appraisal, "manager").action_assess()
        self.assertEqual(appraisal.level_final_id, self.meets)

    def test_closing_and_reopening_take_back_what_was_asked(self):
        appraisal = self.released()
        self.assertTrue(appraisal.activity_ids)
        self.as_(appraisal, "administrator").action_reopen("A figure was wrong")
        self.assertFalse(appraisal.sudo().activity_ids)

    def test_who_has_no_manager_is_asked_alone(self):
        appraisal = self.make_appraisal(self.director)
        self.assertEqual(appraisal.request_ids.mapped("role"), ["self"])

    def test_a_new_manager_takes_the_open_request_over(self):
        appraisal = self.make_appraisal()
        request = self.request_of(appraisal, "manager")
        mine = self.as_(request, "manager")
        item = appraisal.item_ids.filtered(lambda item: item.kind == "text")[0]
        mine.draft = {str(item.id): {"text": "Between us"}}
        self.as_(appraisal, "officer").manager_id = self.director
        self.assertEqual(request.reviewer_id, self.director)
        self.assertEqual(request.activity_ids.user_id, self.director_user)
        # what the former manager had typed is wiped, not handed over
        self.assertFalse(self.as_(request, "director").draft)
        drafts = self.env["hr.performance.request.draft"]
        self.assertFalse(drafts.search([("request_id", "=", request.id)]))

    def test_a_submitted_review_stays_with_its_author(self):
        appraisal = self.make_appraisal()
        self.answer_all(appraisal, "manager")
        self.as_(appraisal, "officer").manager_id = self.director
        self.assertEqual(
            self.request_of(appraisal, "manager").reviewer_id, self.manager
        )
        self.assertEqual(appraisal.review_ids.reviewer_id, self.manager)

    def test_without_a_new_manager_the_request_goes(self):
        appraisal = self.make_appraisal()
        self.as_(appraisal, "officer").manager_id = False
        self.assertEqual(appraisal.request_ids.mapped("role"), ["self"])


@tagged("post_install", "-at_install")
class TestScore(AppraisalCase):
    def test_a_score_worked_by_hand(self):
        """Goals 80 (weight 60) and 100 (40): (60·80 + 40·100)/100 = 88, section 70.

        Conduct: 100, 110 and 70 of the manager = 280/3 = 93.33, section 30; what the
        employee says of it weighs 0. Overall (70·88 + 30·280/3)/100 = 61.6 + 28 = 89.6:
        “Meets expectations”, from 85 on.
        """
        self.score_goal(80, weight=60)
        self.score_goal(100, weight=40)
        appraisal = self.make_appraisal()
        self.assertAlmostEqual(appraisal.score, 88)
        self.assertAlmostEqual(appraisal.coverage, 70)
        self.answer_all(appraisal, "self", self.outstanding)
        self.assertAlmostEqual(appraisal.score, 88)
        self.answer_all(
            appraisal,
            "manager",
            **{
                "Quality of work": self.meets,
                "Cooperation": self.exceeds,
                "Initiative and learning": self.below,
            },
        )
        self.assertAlmostEqual(appraisal.score, 89.6)
        self.assertAlmostEqual(appraisal.coverage, 100)
        self.assertEqual(appraisal.level_suggested_id, self.meets)
        (level,) = appraisal.derivation["parts"]
        self.assertAlmostEqual(level["node"]["value"], 89.6)
        goals, conduct = level["node"]["parts"]
        self.assertAlmostEqual(goals["node"]["value"], 88)
        self.assertEqual([goals["weight"], conduct["weight"]], [70, 30])
        (mean,) = conduct["node"]["parts"]
        self.assertAlmostEqual(mean["node"]["value"], 280 / 3)
        self.assertEqual(len(mean["node"]["parts"]), 3)

    def test_roles_are_weighted(self):
        """Self 40 at 25 %, manager 100 at 75 %: 85. Each role counts once.

        Until the manager's own review is in, nobody's answers make a figure to read.
        """
        roles = self.cycle.template_id.role_ids
        roles.filtered(lambda r: r.role == "self").weight = 25
        roles.filtered(lambda r: r.role == "manager").weight = 75
        appraisal = self.make_appraisal()
        self.answer_all(appraisal, "self", self.far_below)
        self.assertIsNone(appraisal.score)
        self.assertFalse(appraisal.derivation)
        self.answer_all(appraisal, "manager", self.meets)
        self.assertAlmostEqual(appraisal.score, 85)

    def test_dont_know_is_no_answer(self):
        """Two at 100, one unknown: 100; two thirds of the 30 % for conduct are covered."""
        appraisal = self.make_appraisal()
        request = self.as_(self.request_of(appraisal, "manager"), "manager")
        ratings = appraisal.item_ids.filtered(lambda item: item.kind == "rating")
        answers = {str(item.id): {"level_id": self.meets.id} for item in ratings[:2]}
        answers[str(ratings[2].id)] = {"dont_know": True}
        request.draft = answers
        request.action_submit()
        self.env.invalidate_all()
        self.assertAlmostEqual(appraisal.score, 100)
        self.assertIsNone(ratings[2].score)
        # there are no goals, so the 70 % for goals have no value
        self.assertAlmostEqual(appraisal.coverage, 30 * 2 / 3)

    def test_nothing_with_a_value_is_no_score(self):
        self.score_goal(None)
        appraisal = self.make_appraisal()
        self.assertIsNone(appraisal.score)
        self.assertEqual(appraisal.coverage, 0)
        self.assertFalse(appraisal.level_suggested_id)

    def test_a_goal_of_nought_points_counts(self):
        """0 and 100 points are 50, unlike “no value” and 100."""
        self.score_goal(0)
        self.score_goal(100)
        self.assertEqual(self.make_appraisal().score, 50)

    def test_suggested_level_at_the_exact_limit(self):
        """Limits of the scale: 0, 60, 85, 105, 115; each belongs to its level."""
        for points, level in (
            (0, self.far_below),
            (59.99, self.far_below),
            (60, self.below),
            (84.99, self.below),
            (85, self.meets),
            (104.99, self.meets),
            (105, self.exceeds),
            (115, self.outstanding),
            (120, self.outstanding),
        ):
            person = self.env["hr.employee"].create(
                {"name": f"At {points}", "company_id": self.company.id}
            )
            self.score_goal(points, person)
            with self.subTest(points):
                appraisal = self.make_appraisal(person)
                self.assertEqual(appraisal.level_suggested_id, level)

    def test_scales_are_normalised(self):
        """The published check: 3.4 on 1–5 is 3.1 on 0.25–5.

        Five answers 3, 3, 3, 4, 4 make 3.4; (3.4 - 1)/4 · 4.75 + 0.25 = 3.1.
        """
        form_scale = self.env["hr.performance.scale"].create(
            {
                "name": "0.25 to 5",
                "value_min": 0.25,
                "value_max": 5,
                "level_ids": [
                    Command.create({"name": "Low", "value": 1, "score_min": 0.25}),
                    Command.create({"name": "High", "value": 4, "score_min": 3.1}),
                ],
            }
        )
        frequency = self.env.ref("hr_performance.scale_frequency")
        template = self.env["hr.performance.template"].create(
            {
                "name": "Behaviour",
                "section_ids": [
                    Command.create(
                        {
                            "name": "Behaviour",
                            "scale_id": frequency.id,
                            "question_ids": [
                                Command.create({"name": f"Q{number}"})
                                for number in range(5)
                            ],
                        }
                    )
                ],
            }
        )
        appraisal = self.make_appraisal(template_id=template.id, scale_id=form_scale.id)
        third, fourth = frequency.level_ids[2:4]
        self.answer_all(appraisal, "manager", third, Q3=fourth, Q4=fourth)
        self.assertAlmostEqual(appraisal.score, 3.1)
        self.assertEqual(appraisal.level_suggested_id.name, "High")
        (section,) = appraisal.derivation["parts"][0]["node"]["parts"]
        self.assertEqual(section["node"]["scale"], [1, 5])
        self.assertEqual(section["node"]["onto"], [0.25, 5])
        (mean,) = section["node"]["parts"]
        self.assertAlmostEqual(mean["node"]["value"], 3.4)

    def test_okr_goals_weigh_nothing_unless_the_form_says_so(self):
        self.score_goal(100)
        self.score_goal(20, method="okr", name="Moonshot")
        appraisal = self.make_appraisal()
        moonshot = appraisal.item_ids.filtered(lambda item: item.name == "Moonshot")
        self.assertEqual((moonshot.weight, moonshot.score), (0, 20))
        self.assertEqual(appraisal.score, 100)
        self.cycle.template_id.section_ids.filtered(
            lambda section: section.kind == "goals"
        ).okr_counts = True
        self.score_goal(100, self.colleague)
        self.score_goal(20, self.colleague, method="okr")
        self.assertEqual(self.make_appraisal(self.colleague).score, 60)

    def test_a_cancelled_goal_no_longer_counts(self):
        """Goals 100 and 20, 60 points together; the second one is cancelled: 100."""
        self.score_goal(100)
        dropped = self.score_goal(20)
        appraisal = self.make_appraisal()
        self.assertEqual(appraisal.score, 60)
        dropped.action_cancel("The customer is gone")
        self.assertEqual(appraisal.score, 100)
        item = appraisal.item_ids.filtered(lambda item: item.goal_id == dropped)
        self.assertIsNone(item.score)
        dropped.action_reopen("The customer is back")
        self.assertEqual(appraisal.score, 60)

    def test_the_score_follows_the_goals_until_it_is_assessed(self):
        goal = self.score_goal(90)
        appraisal = self.make_appraisal()
        self.answer_all(appraisal, "manager", self.meets)
        # (70·90 + 30·100)/100
        self.assertAlmostEqual(appraisal.score, 93)
        self.add_reading(goal.measure_ids.indicator_id, 10)
        self.assertAlmostEqual(appraisal.score, 100)
        self.as_(appraisal, "manager").action_assess()
        derivation = appraisal.derivation
        self.add_reading(goal.measure_ids.indicator_id, 20)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(goal.score, 120)
        self.assertAlmostEqual(appraisal.score, 100)
        self.assertEqual(appraisal.derivation, derivation)
        self.assertEqual(appraisal.level_suggested_id, self.meets)

    def test_a_later_change_of_the_form_does_not_rewrite_what_was_asked(self):
        appraisal = self.make_appraisal()
        question = self.env.ref("hr_performance.template_question_quality")
        question.write({"name": "Something else", "weight": 1})
        item = appraisal.item_ids.filtered(lambda item: item.question_id == question)
        self.assertEqual((item.name, item.weight), ("Quality of work", 100))

    def test_results_cannot_be_typed(self):
        appraisal = self.make_appraisal()
        for name in ("manager", "director", "officer", "administrator"):
            for field, value in (
                ("state", "released"),
                ("score", 120),
                ("level_manager_id", self.outstanding.id),
                ("level_final_id", self.outstanding.id),
                ("level_suggested_id", self.outstanding.id),
                ("derivation", {}),
                ("agreed", True),
                ("employee_statement", "Fine"),
            ):
                with self.subTest(name, field=field), self.assertRaises(AccessError):
                    self.as_(appraisal, name).write({field: value})
            with self.subTest(name), self.assertRaises(AccessError):
                self.as_(appraisal.item_ids[0], name).write({"score": 120})


@tagged("post_install", "-at_install")
class TestSteps(AppraisalCase):
    def test_the_whole_way(self):
        self.score_goal(90)
        appraisal = self.make_appraisal()
        self.answer_all(appraisal, "self", self.exceeds)
        self.answer_all(appraisal, "manager", self.meets)
        self.assertTrue(appraisal.self_done and appraisal.manager_done)
        self.as_(appraisal, "manager").action_assess()
        self.assertRecordValues(
            appraisal,
            [
                {
                    "state": "assessed",
                    "level_manager_id": self.meets.id,
                    "level_final_id": self.meets.id,
                    "result_source": "manager",
                    "override_reason": False,
                    "coefficient": 1.0,
                }
            ],
        )
        with freeze_time(self.day(11)):
            self.as_(appraisal, "officer").action_release()
        self.assertEqual(appraisal.released_date, self.day(11))
        self.assertEqual(appraisal.activity_ids.user_id, self.employee_user)
        with freeze_time(self.day(12)):
            self.as_(appraisal, "employee").action_acknowledge(False, "  I see it so ")
        self.assertRecordValues(
            appraisal,
            [
                {
                    "state": "acknowledged",
                    "agreed": False,
                    "employee_statement": "I see it so",
                    "acknowledged_date": self.day(12),
                }
            ],
        )
        self.assertFalse(appraisal.activity_ids)
        self.as_(appraisal, "officer").action_close()
        self.assertEqual(appraisal.state, "closed")
        self.cycle.action_close()
        self.assertEqual(self.cycle.state, "closed")

    def test_nobody_reads_their_own_before_the_release(self):
        for person in (self.employee, self.officer, self.administrator):
            appraisal = self.assessed(person)
            name = next(n for n, p in self.people.items() if p == person)
            with self.subTest(name):
                for record in (appraisal, appraisal.item_ids[0], appraisal.review_ids):
                    with self.assertRaises(AccessError):
                        self.as_(record, name).read()
                self.assertFalse(
                    self.as_(appraisal, name).search([("employee_id", "=", person.id)])
                )
        released = self.released(self.colleague)
        self.assertEqual(
            self.as_(released, "colleague").level_final_id, released.level_final_id
        )
        with self.assertRaises(AccessError):
            self.as_(released, "employee").read()

    def test_drafts_are_their_authors_alone(self):
        appraisal = self.make_appraisal()
        request = self.request_of(appraisal, "manager")
        item = appraisal.item_ids.filtered(lambda item: item.kind == "text")[0]
        mine = self.as_(request, "manager")
        mine.draft = {str(item.id): {"text": "A first thought"}}
        self.env.flush_all()
        self.assertEqual(
            self.as_(request, "manager").draft,
            {str(item.id): {"text": "A first thought"}},
        )
        drafts = self.env["hr.performance.request.draft"].search(
            [("request_id", "=", request.id)]
        )
        self.assertEqual(len(drafts), 1)
        for name in ("employee", "director", "officer", "administrator"):
            with self.subTest(name):
                self.assertFalse(self.as_(drafts, name).search([]))
                with self.assertRaises(AccessError):
                    self.as_(drafts, name).read(["answers"])
        for name in ("director", "officer", "administrator"):
            with self.subTest(name):
                self.assertFalse(self.as_(request, name).draft)
                with self.assertRaises(AccessError):
                    self.as_(request, name).draft = {}
                with self.assertRaises(AccessError):
                    self.as_(request, name).action_submit()
        with self.assertRaises(AccessError):
            self.as_(request, "employee").read(["draft"])

    def test_submitting(self):
        appraisal = self.make_appraisal()
        request = self.as_(self.request_of(appraisal, "manager"), "manager")
        ratings = appraisal.item_ids.filtered(lambda item: item.kind == "rating")
        with self.refused(ratings[0].name, "not answered"):
            request.action_submit()
        frequency = self.env.ref("hr_performance.scale_frequency")
        for wrong, words in (
            ({"0": {"text": "x"}}, "no item 0"),
            ({str(ratings[0].id): "x"}, "no item"),
            ({str(ratings[0].id): {"level_id": frequency.level_ids[0].id}}, "scale"),
            ([1], "per item"),
        ):
            with self.subTest(wrong), self.refused(words):
                request.draft = wrong
        request.draft = {
            str(item.id): {"level_id": self.meets.id, "text": "Good"}
            for item in ratings
        }
        request.action_submit()
        self.env.invalidate_all()
        self.assertEqual(request.state, "done")
        self.assertFalse(request.draft)
        self.assertFalse(request.activity_ids)
        self.assertRecordValues(
            appraisal.review_ids.answer_ids,
            [
                {"item_id": item.id, "level_id": self.meets.id, "value": 100}
                for item in ratings
            ],
        )
        with self.refused("cannot be answered now"):
            request.draft = {}
        with self.refused("cannot be answered now"):
            request.action_submit()
        self.assertEqual(len(appraisal.review_ids), 1)

    def test_declining(self):
        request = self.request_of(self.make_appraisal(), "manager")
        mine = self.as_(request, "manager")
        with self.refused("Say why"):
            mine.action_decline("  ")
        self.assertTrue(request.activity_ids)
        mine.action_decline("We have never worked together")
        self.assertEqual(request.state, "declined")
        self.assertFalse(request.activity_ids)
        with self.refused("cannot be answered now"):
            mine.action_submit()

    def test_assessing(self):
        self.score_goal(90)
        appraisal = self.make_appraisal()
        with self.refused("not submitted yet", self.employee.name):
            self.as_(appraisal, "manager").action_assess()
        self.answer_all(appraisal, "manager", self.meets)
        frequency = self.env.ref("hr_performance.scale_frequency").level_ids[0]
        mine = self.as_(appraisal, "manager")
        with self.refused("Choose a level of the scale", self.scale.name):
            mine.action_assess(frequency.id, "Because")
        for empty in ("", "  ", False):
            with self.subTest(empty), self.refused("reason"):
                mine.action_assess(self.exceeds.id, empty)
        self.assertEqual(appraisal.state, "open")
        mine.action_assess(self.exceeds.id, " Saved the launch ")
        self.assertRecordValues(
            appraisal,
            [
                {
                    "level_suggested_id": self.meets.id,
                    "level_manager_id": self.exceeds.id,
                    "level_final_id": self.exceeds.id,
                    "override_reason": "Saved the launch",
                }
            ],
        )

    def test_without_a_suggestion_a_level_is_chosen(self):
        template = self.env["hr.performance.template"].create(
            {
                "name": "Words",
                "section_ids": [
                    Command.create(
                        {
                            "name": "Words",
                            "question_ids": [
                                Command.create(
                                    {"name": "?", "kind": "text", "required": False}
                                )
                            ],
                        }
                    )
                ],
            }
        )
        appraisal = self.make_appraisal(template_id=template.id)
        self.answer_all(appraisal, "manager")
        mine = self.as_(appraisal, "manager")
        with self.refused("no rating is suggested"):
            mine.action_assess()
        mine.action_assess(self.meets.id, "From the talk")
        self.assertEqual(appraisal.level_final_id, self.meets)

    def test_only_the_manager_named_assesses(self):
        appraisal = self.make_appraisal()
        self.answer_all(appraisal, "manager")
        for name in ("employee", "colleague", "director", "officer", "administrator"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.as_(appraisal, name).action_assess()
        self.assertEqual(appraisal.state, "open")

    def test_only_officers_release_and_not_their_own(self):
        appraisal = self.assessed()
        for name in ("employee", "manager", "director"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.as_(appraisal, name).action_release()
        own = self.assessed(self.officer)
        with self.assertRaises(AccessError):
            self.as_(own, "officer").action_release()
        self.as_(own, "administrator").action_release()
        self.assertEqual(own.state, "released")

    def test_only_the_person_acknowledges(self):
        appraisal = self.released()
        for name in ("manager", "director", "officer", "administrator", "colleague"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.as_(appraisal, name).action_acknowledge(True)
        wizard = self.env["hr.performance.appraisal.acknowledge"]
        self.as_(wizard, "employee").create(
            {"appraisal_id": appraisal.id, "agreed": "yes"}
        ).action_confirm()
        self.assertTrue(appraisal.agreed)
        self.assertEqual(appraisal.state, "acknowledged")

    def test_reopening_before_the_release(self):
        appraisal = self.assessed()
        for name in ("director", "employee"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.as_(appraisal, name).action_reopen("A mistake")
        with self.refused("reason"):
            self.as_(appraisal, "manager").action_reopen(" ")
        self.as_(appraisal, "manager").action_reopen("A mistake")
        self.assertEqual(appraisal.state, "open")
        self.assertFalse(appraisal.level_manager_id or appraisal.level_final_id)
        self.assertFalse(appraisal.result_source)
        # the review is a draft again, with what was written
        request = self.as_(self.request_of(appraisal, "manager"), "manager")
        self.assertEqual(request.state, "to_do")
        self.assertEqual(len(request.draft), 3)
        self.assertFalse(appraisal.review_ids)
        # and what has happened since counts again
        self.add_reading(appraisal.item_ids.goal_id.measure_ids.indicator_id, 10)
        self.assertAlmostEqual(appraisal.score, 100)
        request.action_submit()
        self.env.invalidate_all()
        self.as_(appraisal, "manager").action_assess()
        self.assertEqual(appraisal.state, "assessed")

    def test_reopening_catches_up_with_what_happened_meanwhile(self):
        """While assessed the figure stands; once reopened it follows the goal."""
        appraisal = self.assessed(points=90)
        # middle level 100 three times: (70·90 + 30·100)/100
        self.assertAlmostEqual(appraisal.score, 93)
        self.add_reading(appraisal.item_ids.goal_id.measure_ids.indicator_id, 10)
        self.assertAlmostEqual(appraisal.score, 93)
        self.as_(appraisal, "manager").action_reopen("The figures were late")
        # the manager's answers are a draft again: the goal alone counts
        self.assertAlmostEqual(appraisal.score, 100)
        self.assertAlmostEqual(appraisal.coverage, 70)

    def test_after_the_release_only_administrators_reopen(self):
        appraisal = self.released()
        self.as_(appraisal, "employee").action_acknowledge(True, "Thanks")
        for name in ("manager", "officer", "employee"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.as_(appraisal, name).action_reopen("A mistake")
        self.as_(appraisal, "administrator").action_reopen("A mistake")
        self.assertRecordValues(
            appraisal,
            [
                {
                    "state": "open",
                    "agreed": False,
                    "employee_statement": False,
                    "released_date": False,
                    "acknowledged_date": False,
                    "level_final_id": False,
                }
            ],
        )
        with self.assertRaises(AccessError):
            self.as_(appraisal, "employee").read(["score"])

    def test_cancelling(self):
        appraisal = self.make_appraisal()
        with self.assertRaises(AccessError):
            self.as_(appraisal, "manager").action_cancel("No")
        with self.refused("reason"):
            self.as_(appraisal, "officer").action_cancel("")
        self.as_(appraisal, "officer").action_cancel("Left the company")
        self.assertEqual(appraisal.state, "cancelled")
        with self.refused("cannot be answered now"):
            request = self.as_(self.request_of(appraisal, "manager"), "manager")
            request.draft = {}
        self.make_appraisal()  # makes room for another one

    def test_cancelling_takes_it_off_the_reviewers_lists(self):
        appraisal = self.make_appraisal()
        self.assertTrue(appraisal.request_ids.activity_ids)
        self.as_(appraisal, "officer").action_cancel("Left the company")
        self.assertFalse(appraisal.request_ids.activity_ids)

    def test_assessing_takes_unanswered_reviews_off_the_lists(self):
        """The self review that was never written cannot be written any more."""
        appraisal = self.assessed()
        own = self.request_of(appraisal, "self")
        self.assertFalse(own.activity_ids)
        self.as_(appraisal, "manager").action_reopen("The self review is missing")
        self.assertEqual(own.activity_ids.user_id, self.employee_user)

    def test_what_is_under_way_stays(self):
        appraisal = self.make_appraisal()
        for field, value in (
            ("employee_id", self.colleague.id),
            ("cycle_id", self.make_cycle("Another").id),
            ("scale_id", self.env.ref("hr_performance.scale_frequency").id),
        ):
            with self.subTest(field), self.refused("under way", self.employee.name):
                self.as_(appraisal, "officer").write({field: value})
        with self.refused("Cancel it instead"):
            self.as_(appraisal, "officer").unlink()
        with self.assertRaises(AccessError):
            self.as_(appraisal, "manager").manager_id = self.director

    def test_steps_out_of_order_are_refused(self):
        appraisal = self.make_appraisal(open_it=False)
        for take in (
            lambda a: a.action_release(),
            lambda a: a.action_close(),
            lambda a: a.action_reopen("x"),
        ):
            with self.assertRaises(UserError):
                take(self.as_(appraisal, "administrator"))
        self.as_(appraisal, "manager").action_open()
        with self.refused("In review"):
            self.as_(appraisal, "manager").action_open()
