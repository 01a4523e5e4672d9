"""Who is asked for a review: in which role, by when, about what; and instead of whom."""

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.fields import Date
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .test_appraisal import AppraisalCase


class ReviewersCase(AppraisalCase):
    """A form with all roles, and colleagues enough."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.peers = cls.env["hr.employee"]
        for number in range(4):
            cls.peers |= cls.make_person(f"peer_{number}", cls.manager)
        cls.peers |= cls.colleague
        cls.form = cls.env.ref("hr_performance.template_standard").copy(
            {"name": "All around", "company_id": cls.company.id}
        )
        cls.cycle.template_id = cls.form
        cls.cycle.feedback_deadline = cls.day(11, 10)

    @classmethod
    def make_person(cls, name, manager=None, company=None, user=True):
        company = company or cls.company
        cls.users[name] = (
            new_test_user(
                cls.env,
                login=f"perf_{name}",
                name=name.replace("_", " ").title(),
                groups="base.group_user",
                company_id=company.id,
            )
            if user
            else cls.env["res.users"]
        )
        person = cls.env["hr.employee"].create(
            {
                "name": name.replace("_", " ").title(),
                "user_id": cls.users[name].id,
                "company_id": company.id,
                "parent_id": manager.id if manager else False,
                "date_version": "2020-01-01",
            }
        )
        cls.people[name] = person
        return person

    @classmethod
    def add_role(cls, role, **values):
        return cls.env["hr.performance.template.role"].create(
            {"template_id": cls.form.id, "role": role, "weight": 0} | values
        )

    def asked_as(self, appraisal, role):
        return self.request_of(appraisal, role).reviewer_id


@tagged("post_install", "-at_install")
class TestWhoIsAsked(ReviewersCase):
    def test_colleagues_have_the_same_manager(self):
        self.add_role("peer", is_anonymous=True)
        appraisal = self.make_appraisal()
        self.assertEqual(self.asked_as(appraisal, "peer"), self.peers)
        self.assertTrue(all(self.request_of(appraisal, "peer").mapped("is_anonymous")))
        self.assertFalse(self.request_of(appraisal, "manager").is_anonymous)
        # who is asked is written down, and not whether they have answered
        nominations = appraisal.nomination_ids
        self.assertEqual(nominations.reviewer_id, self.peers)
        self.assertEqual(
            set(nominations.mapped("state")) | set(nominations.mapped("source")),
            {"approved", "auto"},
        )

    def test_a_lot_chooses_whom(self):
        """The same colleagues whenever it is asked, and not those whose names come first."""
        self.add_role("peer", count_max=2)
        appraisals = self.env["hr.performance.appraisal"]
        for person in self.peers | self.employee:
            appraisals |= self.make_appraisal(person, open_it=False)
        first = {appraisal.id: set() for appraisal in appraisals}
        for one in appraisals._wanted_requests():
            if one["role"] == "peer":
                first[one["appraisal_id"]].add(one["reviewer_id"])
        appraisals.action_open()
        for appraisal in appraisals:
            asked = self.asked_as(appraisal, "peer")
            self.assertEqual(len(asked), 2)
            self.assertEqual(set(asked.ids), first[appraisal.id])
            self.assertNotIn(appraisal.employee_id, asked)
        self.assertGreater(
            len({tuple(self.asked_as(one, "peer").ids) for one in appraisals}), 1
        )

    def test_team_members_and_the_second_manager(self):
        self.add_role("report")
        self.add_role("second")
        appraisal = self.make_appraisal(self.manager)
        self.assertEqual(self.asked_as(appraisal, "report"), self.peers | self.employee)
        # the director has nobody above
        self.assertFalse(self.asked_as(appraisal, "second"))
        below = self.make_appraisal()
        self.assertEqual(self.asked_as(below, "second"), self.director)
        self.assertFalse(self.asked_as(below, "report"))

    def test_a_new_manager_brings_a_second_manager_no_more(self):
        """Named once, at opening; HR moves the request where somebody else is meant."""
        self.add_role("second")
        appraisal = self.make_appraisal()
        self.as_(appraisal, "officer").manager_id = self.director
        self.assertEqual(self.asked_as(appraisal, "second"), self.director)
        self.assertEqual(self.asked_as(appraisal, "manager"), self.director)

    def test_nobody_is_asked_twice(self):
        """A colleague who also owns an indicator, and who has two employees."""
        self.add_role("peer", is_anonymous=True)
        self.add_role("indicator", is_anonymous=True)
        self.ind_sum.responsible_id = self.colleague
        self.env["hr.employee"].create(
            {
                "name": "Colleague elsewhere",
                "user_id": self.colleague_user.id,
                "company_id": self.company_2.id,
                "parent_id": self.manager.id,
            }
        )
        self.agree(self.make_goal(None, (self.ind_sum, 1)))
        appraisal = self.make_appraisal()
        self.assertEqual(self.asked_as(appraisal, "indicator"), self.colleague)
        self.assertEqual(self.asked_as(appraisal, "peer"), self.peers - self.colleague)

    @mute_logger("odoo.sql_db")
    def test_the_database_keeps_one_request_a_role_and_reviewer(self):
        request = self.make_appraisal().request_ids[:1]
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            request.copy()
            self.env.flush_all()

    def test_never_the_person_by_another_employee(self):
        self.add_role("peer")
        self.add_role("report")
        self.env["hr.employee"].create(
            {
                "name": "Employee elsewhere",
                "user_id": self.employee_user.id,
                "company_id": self.company_2.id,
                "parent_id": self.manager.id,
            }
        )
        appraisal = self.make_appraisal()
        self.assertEqual(self.asked_as(appraisal, "peer"), self.peers)

    def test_who_has_no_user_is_left_out_and_said(self):
        self.add_role("peer", count_max=5)
        self.make_person("without", self.manager, user=False)
        stranger = self.make_person("stranger", self.manager, self.company_2)
        appraisal = self.make_appraisal()
        self.assertEqual(self.asked_as(appraisal, "peer"), self.peers)
        said = appraisal.message_ids.filtered(lambda one: "Not asked" in one.body)
        self.assertIn("Without (Colleague)", said.body)
        # cannot see records of this company
        self.assertIn(stranger.name, said.body)

    def test_asking_costs_the_same_for_many(self):
        for role in ("peer", "report", "second", "indicator"):
            self.add_role(role)
        few, many = (
            self.env["hr.performance.appraisal"].union(
                *(self.make_appraisal(person, open_it=False) for person in people)
            )
            for people in (
                self.peers[:2],
                self.peers[2:] | self.employee,
            )
        )
        counts = []
        for appraisals in (few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            appraisals._wanted_requests()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_deadlines(self):
        self.add_role("peer")
        self.cycle.write(
            {
                "self_review_deadline": self.day(11, 1),
                "manager_review_deadline": self.day(11, 20),
            }
        )
        appraisal = self.make_appraisal()

        def deadlines(appraisal):
            return {
                role: set(self.request_of(appraisal, role).mapped("deadline"))
                for role in ("self", "peer", "manager")
            }

        self.assertEqual(
            deadlines(appraisal),
            {
                "self": {self.day(11, 1)},
                "peer": {self.day(11, 10)},
                "manager": {self.day(11, 20)},
            },
        )
        phase = self.env["hr.performance.cycle.phase"].create(
            {
                "cycle_id": self.cycle.id,
                "purpose": "mid_year",
                "template_id": self.form.id,
                "date_start": self.day(6, 1),
                "date_end": self.day(6, 30),
                "self_review_deadline": self.day(6, 10),
            }
        )
        middle = self.make_appraisal(phase_id=phase.id)
        # what the phase does not say ends with it
        self.assertEqual(
            deadlines(middle),
            {
                "self": {self.day(6, 10)},
                "peer": {self.day(6, 30)},
                "manager": {self.day(6, 30)},
            },
        )

    def test_releasing_touches_no_request(self):
        appraisal = self.assessed()
        requests = appraisal.request_ids
        stamps = requests.mapped("write_date")
        self.env.cr.execute(
            "UPDATE hr_performance_request SET write_date = write_date - interval '1 day'"
            " WHERE id = ANY(%s) RETURNING write_date",
            [requests.ids],
        )
        stamps = {row[0] for row in self.env.cr.fetchall()}
        self.as_(appraisal, "officer").action_release()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(set(requests.mapped("write_date")), stamps)


@tagged("post_install", "-at_install")
class TestWhatIsAsked(ReviewersCase):
    def test_sections_are_for_roles(self):
        peer = self.add_role("peer")
        conduct = self.form.section_ids.filtered(lambda one: one.kind != "goals")[0]
        conduct.role_ids = peer
        appraisal = self.make_appraisal()
        mine = self.request_of(appraisal, "self")
        theirs = self.request_of(appraisal, "peer")[0]
        self.assertIn(conduct, theirs._items().section_id)
        self.assertNotIn(conduct, mine._items().section_id)
        item = appraisal.item_ids.filtered(lambda one: one.section_id == conduct)[0]
        with self.refused("no item"):
            self.as_(mine, "employee").draft = {str(item.id): {"text": "Me too"}}
        self.assertEqual(theirs.item_count, mine.item_count + len(conduct.question_ids))

    def test_an_indicators_reviewer_sees_their_goals_alone(self):
        self.add_role("indicator")
        self.ind_sum.responsible_id = self.colleague
        self.ind_last.responsible_id = self.people["peer_0"]
        mine = self.agree(self.make_goal(None, (self.ind_sum, 1), name="Customers"))
        self.agree(self.make_goal(None, (self.ind_last, 1), name="Stock"))
        appraisal = self.make_appraisal()
        request = self.request_of(appraisal, "indicator").filtered(
            lambda one: one.reviewer_id == self.colleague
        )
        self.assertEqual(request._items().goal_id, mine)
        self.assertEqual(request._items().mapped("kind"), ["goal"])
        as_colleague = self.as_(request, "colleague")
        self.assertEqual((as_colleague.answered_count, as_colleague.item_count), (0, 1))
        as_colleague.draft = {str(request._items().id): {"text": "Reported in time"}}
        self.assertEqual(as_colleague.answered_count, 1)
        as_colleague.action_submit()
        self.assertEqual(request.state, "done")


@tagged("post_install", "-at_install")
class TestInstead(ReviewersCase):
    def setUp(self):
        super().setUp()
        self.add_role("second")
        self.appraisal = self.make_appraisal()
        self.request = self.request_of(self.appraisal, "second")

    def test_the_appraiser_and_hr_ask_somebody_else(self):
        item = self.appraisal.item_ids.filtered(lambda one: one.kind == "text")[:1]
        self.as_(self.request, "director").draft = {str(item.id): {"text": "Mine"}}
        self.as_(self.request, "manager").action_reassign(self.officer.id)
        self.assertEqual(self.request.reviewer_id, self.officer)
        self.assertFalse(self.as_(self.request, "officer").draft)
        self.assertEqual(self.request.activity_ids.user_id, self.officer_user)
        nominations = self.appraisal.nomination_ids
        self.assertEqual(
            {one.reviewer_id: one.state for one in nominations},
            {self.director: "refused", self.officer: "approved"},
        )
        self.as_(self.request, "administrator").action_reassign(self.director.id)
        self.assertEqual(self.request.reviewer_id, self.director)

    def test_a_declined_request_is_asked_of_somebody_else(self):
        # late in the year, on whichever day the tests run
        self.startPatcher(freeze_time(self.day(11, 26)))
        self.as_(self.request, "director").action_decline("Too far away")
        self.assertIn("Too far away", self.appraisal.message_ids[0].body)
        self.assertIn(self.director.name, self.appraisal.message_ids[0].body)
        self.as_(self.request, "manager").action_reassign(self.colleague.id)
        self.assertEqual(self.request.state, "overdue")  # since 10 November
        self.assertFalse(self.request.decline_reason)

    def test_nobody_is_asked_in_this_place(self):
        self.as_(self.request, "manager").action_withdraw()
        self.assertFalse(self.request.exists())
        self.assertFalse(
            self.env["mail.activity"].search([("user_id", "=", self.director_user.id)])
        )

    def test_others_decide_nothing(self):
        for who in ("employee", "colleague", "director"):
            for method, args in (
                ("action_reassign", [self.officer.id]),
                ("action_withdraw", []),
            ):
                with self.subTest(who, method=method), self.assertRaises(AccessError):
                    getattr(self.as_(self.request, who), method)(*args)

    def test_what_cannot_be_moved(self):
        own, managers = (
            self.request_of(self.appraisal, role) for role in ("self", "manager")
        )
        with self.refused("Nobody else"):
            self.as_(own, "manager").action_reassign(self.colleague.id)
        with self.refused("“Manager”"):
            self.as_(managers, "officer").action_reassign(self.colleague.id)
        for person, word in (
            (self.employee, "the person appraised"),
            (self.manager, "as manager"),
            (self.director, "already"),
            (self.make_person("userless", user=False), "no active user"),
        ):
            with self.subTest(word), self.refused(person.name, word):
                self.as_(self.request, "officer").action_reassign(person.id)
        for wrong in (False, "1", [self.colleague.id], 0):
            with self.subTest(wrong), self.refused("Choose who"):
                self.as_(self.request, "officer").action_reassign(wrong)
        self.answer_all(self.appraisal, "second")
        with self.refused("written already"):
            self.as_(self.request, "officer").action_reassign(self.colleague.id)

    def test_anonymous_ones_are_never_taken_back(self):
        self.add_role("peer", is_anonymous=True)
        appraisal = self.make_appraisal(self.colleague)
        request = self.request_of(appraisal, "peer")[:1]
        for method, args in (
            ("action_reassign", [self.officer.id]),
            ("action_withdraw", []),
        ):
            with self.refused("anonymous"):
                getattr(request, method)(*args)

    def test_the_dialog(self):
        dialog = self.env["hr.performance.reassign"].with_user(self.manager_user)
        dialog = dialog.create(
            {"request_id": self.request.id, "reviewer_id": self.colleague.id}
        )
        dialog.action_confirm()
        self.assertEqual(self.request.reviewer_id, self.colleague)
        with self.assertRaises(AccessError):
            self.env["hr.performance.reassign"].with_user(self.colleague_user).create(
                {
                    "request_id": self.request_of(self.appraisal, "self").id,
                    "reviewer_id": self.officer.id,
                }
            )


@tagged("post_install", "-at_install")
class TestDecline(ReviewersCase):
    def test_an_anonymous_no_is_nobodys(self):
        self.add_role("peer", is_anonymous=True)
        appraisal = self.make_appraisal()
        request = self.request_of(appraisal, "peer").filtered(
            lambda one: one.reviewer_id == self.colleague
        )
        self.colleague_user.lang = "en_US"
        self.as_(request, "colleague").action_decline("We hardly work together")
        self.assertEqual(request.state, "declined")
        # told at once it would be by whoever is there right now
        before = appraisal.message_ids
        self.env["hr.performance.request"]._cron_mark_overdue()
        self.assertEqual(appraisal.message_ids, before)
        with freeze_time(Date.add(Date.today(), days=1)):
            self.env["hr.performance.request"]._cron_mark_overdue()
            self.env["hr.performance.request"]._cron_mark_overdue()
        message = appraisal.message_ids - before
        self.assertIn("We hardly work together", message.body)
        self.assertIn("Somebody asked as Colleague", message.body)
        self.assertNotIn(self.colleague.name, message.body.replace("as Colleague", ""))
        self.assertEqual(message.author_id, self.env.ref("base.partner_root"))
        self.assertEqual(message.create_uid, self.env.ref("base.user_root"))
        for stamp in (message.date, message.create_date, message.write_date):
            self.assertEqual((stamp.hour, stamp.minute, stamp.second), (0, 0, 0))
        self.assertNotIn(self.colleague_user.partner_id, appraisal.message_partner_ids)
        self.assertFalse(request.activity_ids)

    def test_activities_and_followers_name_nobody(self):
        self.add_role("peer", is_anonymous=True)
        appraisal = self.make_appraisal()
        requests = self.request_of(appraisal, "peer")
        self.assertFalse(
            requests.message_partner_ids
            | appraisal.message_partner_ids - self.manager_user.partner_id
        )
        self.assertFalse(requests.message_ids)
        for who in ("manager", "officer", "administrator", "employee"):
            seen = self.as_(self.env["mail.activity"], who).search(
                [("res_model", "=", requests._name), ("res_id", "in", requests.ids)]
            )
            self.assertFalse(seen, who)
            owed = self.as_(self.env["hr.performance.owed"], who).search(
                [("res_model", "=", requests._name), ("res_id", "in", requests.ids)]
            )
            self.assertFalse(owed, who)
        mine = self.as_(self.env["hr.performance.owed"], "colleague").search(
            [("res_model", "=", requests._name), ("res_id", "in", requests.ids)]
        )
        self.assertEqual(mine.kind, "review")


@tagged("post_install", "-at_install")
class TestOwed(ReviewersCase):
    def test_whose_tasks_the_line_and_hr_see(self):
        """Of the person, managers and owners of indicators; what is between two is theirs."""
        # late in the year, on whichever day the tests run
        self.startPatcher(freeze_time(self.day(11, 26)))
        self.add_role("peer")
        self.add_role("second")
        appraisal = self.make_appraisal()
        owed = self.as_(self.env["hr.performance.owed"], "officer").search(
            [("kind", "=", "review"), ("about_id", "=", self.employee.id)]
        )
        self.assertEqual(
            owed.sudo().employee_id, self.employee | self.manager | self.director
        )
        # HR finds those who are asked by name, and are late, among the reviews
        late = self.as_(appraisal.request_ids, "officer").search(
            [("state", "=", "overdue"), ("role", "=", "peer")]
        )
        self.assertEqual(late.sudo().reviewer_id, self.peers)
        appraisal.confidential = True
        self.assertFalse(
            self.as_(owed, "director").search(
                [("kind", "=", "review"), ("about_id", "=", self.employee.id)]
            )
            - self.as_(owed, "director").search([("is_mine", "=", True)])
        )


@tagged("post_install", "-at_install")
class TestOverdue(ReviewersCase):
    def test_all_roles_turn_overdue(self):
        self.add_role("peer", is_anonymous=True)
        with freeze_time(self.day(11, 9)):
            appraisal = self.make_appraisal()
            self.env.flush_all()
        peers = self.request_of(appraisal, "peer")
        self.assertEqual(set(peers.mapped("state")), {"to_do"})
        with freeze_time(self.day(11, 11)):
            self.env["hr.performance.request"]._cron_mark_overdue()
            self.assertEqual(set(peers.mapped("state")), {"overdue"})
