"""People who know one's work: proposed by the person, decided on by the manager or HR."""

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Date
from odoo.tests import Form, tagged

from .test_reviewers import ReviewersCase


class NominationCase(ReviewersCase):
    """Colleagues are proposed, two to three; others are named by the manager."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls.add_role(
            "peer", is_anonymous=True, nomination="employee", count_min=2, count_max=3
        )
        cls.add_role("other", nomination="manager")
        cls.appraisal = cls.make_appraisal()
        cls.own = cls.appraisal.request_ids.filtered(lambda one: one.role == "self")

    def propose(self, *people, role="peer", who="employee"):
        return self.as_(self.own, who).action_propose(role, [one.id for one in people])

    def peer(self, number):
        return self.people[f"peer_{number}"]

    def states(self):
        return {one.reviewer_id: one.state for one in self.appraisal.nomination_ids}

    def owed(self, who, kind):
        return self.as_(self.env["hr.performance.owed"], who).search(
            [("kind", "=", kind), ("is_mine", "=", True), ("done_on", "=", False)]
        )


@tagged("post_install", "-at_install")
class TestNomination(NominationCase):
    def test_from_proposal_to_review(self):
        self.assertEqual(self.owed("employee", "nominate").res_id, self.own.id)
        self.assertIn(self.employee_user, self.own.activity_ids.user_id)
        proposed = self.propose(self.peer(0), self.peer(1))
        self.assertEqual(
            self.states(), {self.peer(0): "proposed", self.peer(1): "proposed"}
        )
        self.assertFalse(self.owed("employee", "nominate"))
        # the manager is asked to decide, once for all of them
        owed = self.owed("manager", "nomination")
        self.assertEqual((owed.res_id, len(owed)), (self.appraisal.id, 1))
        self.assertFalse(self.request_of(self.appraisal, "peer"))
        self.as_(proposed, "manager").action_approve()
        self.assertFalse(self.owed("manager", "nomination"))
        requests = self.request_of(self.appraisal, "peer")
        self.assertEqual(requests.reviewer_id, self.peer(0) | self.peer(1))
        self.assertTrue(all(requests.mapped("is_anonymous")))
        self.assertEqual(
            requests.activity_ids.user_id, (self.peer(0) | self.peer(1)).user_id
        )
        # the person sees what became of their proposals, and no request
        mine = self.as_(self.env["hr.performance.nomination"], "employee").search([])
        self.assertEqual(mine, proposed.sudo().with_user(self.employee_user))
        self.assertEqual(set(mine.mapped("state")), {"approved"})
        self.assertEqual(
            self.as_(self.env["hr.performance.request"], "employee").search(
                [("employee_id", "=", self.employee.id)]
            ),
            self.own,
        )

    def test_refused_with_a_reason(self):
        proposed = self.propose(self.peer(0), self.peer(1))
        with self.refused("reason"):
            self.as_(proposed[0], "manager").action_refuse(" ")
        self.as_(proposed[0], "manager").action_refuse("You share an office")
        refused = self.as_(proposed[0], "employee")
        self.assertEqual(
            (refused.state, refused.refuse_reason), ("refused", "You share an office")
        )
        self.assertTrue(self.owed("employee", "nominate"))
        # somebody else, or the same once more
        self.propose(self.peer(0))
        self.assertFalse(self.owed("employee", "nominate"))

    def test_limits(self):
        with self.refused("at most 3"):
            self.propose(*(self.peer(number) for number in range(4)))
        self.propose(*(self.peer(number) for number in range(3)))
        with self.refused("at most 3"):
            self.propose(self.peer(3))
        with self.refused("At most 3"):
            self.as_(self.appraisal, "manager").action_ask("peer", [self.colleague.id])
        self.assertFalse(self.as_(self.own, "employee").can_nominate)

    def test_whom_nobody_proposes(self):
        for person, word in (
            (self.employee, "your own review"),
            (self.manager, "as manager"),
            (self.make_person("userless", user=False), "no active user"),
        ):
            with self.subTest(person.name), self.refused(word):
                self.propose(person)
        with self.assertRaises(AccessError):
            self.propose(self.other_employee)
        with self.refused("already"):
            self.propose(self.peer(0), self.peer(0) | self.peer(0), self.peer(0))
        self.propose(self.peer(0))
        with self.refused("already"):
            self.propose(self.peer(0))
        for wrong in (False, [], "1", ["1"], [True]):
            with self.subTest(wrong), self.refused("Choose who"):
                self.as_(self.own, "employee").action_propose("peer", wrong)

    def test_in_which_roles(self):
        for role in ("manager", "self", "other", "second", "nonsense"):
            with self.subTest(role), self.refused("“All around”"):
                self.propose(self.peer(0), role=role)

    def test_who_proposes(self):
        for who in ("manager", "director", "colleague", "officer"):
            with self.subTest(who), self.assertRaises(AccessError):
                self.propose(self.peer(0), who=who)
        managers = self.request_of(self.appraisal, "manager")
        with self.refused("who is appraised"):
            self.as_(managers, "manager").action_propose("peer", [self.peer(0).id])

    def test_who_decides(self):
        proposed = self.propose(self.peer(0))
        for who in ("employee", "colleague", "director"):
            for method, args in (("action_approve", []), ("action_refuse", ["No"])):
                with self.subTest(who, method=method), self.assertRaises(AccessError):
                    getattr(self.as_(proposed, who), method)(*args)
        self.as_(proposed, "officer").action_approve()
        with self.refused("“Approved”"):
            self.as_(proposed, "manager").action_refuse("Too late")

    def test_nobody_decides_on_their_own(self):
        appraisal = self.make_appraisal(self.officer)
        own = self.request_of(appraisal, "self")
        proposed = self.as_(own, "officer").action_propose("peer", [self.colleague.id])
        with self.assertRaises(AccessError):
            self.as_(proposed, "officer").action_approve()
        with self.assertRaises(AccessError):
            self.as_(appraisal, "officer").action_ask("peer", [self.peer(0).id])

    def test_the_manager_names(self):
        named = self.as_(self.appraisal, "manager").action_ask(
            "other", [self.officer.id, self.peer(3).id]
        )
        self.assertEqual(set(named.mapped("state")), {"approved"})
        self.assertEqual(
            self.asked_as(self.appraisal, "other"), self.officer | self.peer(3)
        )
        with self.refused(self.officer.name, "already"):
            self.as_(self.appraisal, "manager").action_ask("other", [self.officer.id])
        with self.refused("as manager"):
            self.as_(self.appraisal, "officer").action_ask("other", [self.manager.id])
        for who in ("director", "colleague", "employee"):
            with self.subTest(who), self.assertRaises(AccessError):
                self.as_(self.appraisal, who).action_ask("other", [self.peer(0).id])

    def test_the_manager_is_reminded_to_name(self):
        line = self.form.role_ids.filtered(lambda one: one.role == "other")
        # past the lock of a form in use
        self.env.cr.execute(
            "UPDATE hr_performance_template_role SET count_min = 1 WHERE id = %s",
            [line.id],
        )
        self.env.invalidate_all()
        owed = self.owed("manager", "nomination")
        self.assertEqual(owed.res_id, self.appraisal.id)
        action = owed.action_do()
        self.assertEqual(action["res_model"], "hr.performance.nominate")
        self.as_(self.appraisal, "manager").action_ask("other", [self.officer.id])
        self.assertFalse(self.owed("manager", "nomination"))

    def test_a_whole_list_is_approved(self):
        first = self.propose(self.peer(0))
        self.as_(first, "manager").action_approve()
        both = first | self.propose(self.peer(1))
        self.as_(both, "manager").action_approve()
        self.assertEqual(set(both.sudo().mapped("state")), {"approved"})
        self.assertEqual(len(self.request_of(self.appraisal, "peer")), 2)

    def test_a_whole_list_is_refused(self):
        approved = self.propose(self.peer(0))
        self.as_(approved, "manager").action_approve()
        everybody = approved | self.propose(self.peer(1), self.peer(2))
        dialog = self.env["hr.performance.reason"].with_user(self.manager_user)
        dialog.create(
            {
                "res_model": everybody._name,
                "res_ids": everybody.ids,
                "step": "action_refuse",
                "reason": "Too few days together",
            }
        ).action_confirm()
        self.assertEqual(
            self.states(),
            {
                self.peer(0): "approved",
                self.peer(1): "refused",
                self.peer(2): "refused",
            },
        )

    def test_who_is_named_on_the_appraisal_decides(self):
        """Also from outside the line; the line manager then reads, no more."""
        self.as_(self.appraisal, "officer").manager_id = self.colleague
        proposed = self.propose(self.peer(0))
        self.assertEqual(self.owed("colleague", "nomination").res_id, self.appraisal.id)
        self.assertTrue(self.as_(proposed, "manager").has_access("read"))
        with self.assertRaises(AccessError):
            self.as_(proposed, "manager").action_approve()
        self.as_(proposed, "colleague").action_approve()
        self.assertEqual(self.asked_as(self.appraisal, "peer"), self.peer(0))
        # what is confidential is theirs and HR's alone
        self.as_(self.appraisal, "officer").confidential = True
        self.assertFalse(self.as_(proposed, "manager").has_access("read"))
        self.assertFalse(self.as_(proposed, "manager").search([]))
        self.assertTrue(self.as_(proposed, "colleague").search([]))

    def test_the_person_learns_nothing_of_others(self):
        """Whom the manager has named is proposed without a word, and asked once."""
        self.as_(self.appraisal, "manager").action_ask("peer", [self.peer(0).id])
        self.as_(self.appraisal, "manager").action_ask("other", [self.peer(1).id])
        proposed = self.propose(self.peer(0), self.peer(1))
        self.assertEqual(set(proposed.mapped("state")), {"proposed"})
        seen = self.as_(self.env["hr.performance.nomination"], "employee").search([])
        self.assertEqual(seen.sudo(), proposed.sudo())
        self.as_(proposed, "manager").action_approve()
        requests = self.appraisal.request_ids.filtered(
            lambda one: one.role in ("peer", "other")
        )
        self.assertEqual(len(requests), 2)

    def test_who_has_declined_leaves_room(self):
        self.as_(self.appraisal, "manager").action_ask(
            "peer", [self.peer(number).id for number in range(3)]
        )
        with self.refused("At most 3"):
            self.as_(self.appraisal, "manager").action_ask("peer", [self.peer(3).id])
        request = self.request_of(self.appraisal, "peer").filtered(
            lambda one: one.reviewer_id == self.peer(2)
        )
        self.as_(request, "peer_2").action_decline("We have not met this year")
        # whether there is room tells no sooner than the message
        with self.refused("At most 3"):
            self.as_(self.appraisal, "manager").action_ask("peer", [self.peer(3).id])
        with freeze_time(Date.add(Date.today(), days=1)):
            self.env["hr.performance.request"]._cron_mark_overdue()
        self.as_(self.appraisal, "manager").action_ask("peer", [self.peer(3).id])

    def test_only_while_reviews_are_open(self):
        proposed = self.propose(self.peer(0))
        self.appraisal.action_cancel("No need")
        for call in (
            lambda: self.propose(self.peer(1)),
            lambda: self.as_(self.appraisal, "manager").action_ask(
                "other", [self.peer(1).id]
            ),
            lambda: self.as_(proposed, "manager").action_approve(),
        ):
            with self.refused("not open"):
                call()
        self.assertFalse(self.owed("manager", "nomination"))
        self.assertFalse(self.owed("employee", "nominate"))

    def test_the_dialogs(self):
        action = self.as_(self.own, "employee").action_nominate()
        dialogs = self.env["hr.performance.nominate"]
        with Form(
            dialogs.with_user(self.employee_user).with_context(**action["context"])
        ) as form:
            self.assertEqual(form.line_id, self.line)
            self.assertEqual(form.hint, "2 to 3 people. Their answers stay anonymous.")
            form.reviewer_ids.add(self.peer(0))
            form.reviewer_ids.add(self.peer(1))
        form.record.action_confirm()
        self.assertEqual(
            self.states(), {self.peer(0): "proposed", self.peer(1): "proposed"}
        )
        action = self.as_(self.appraisal, "manager").action_ask_more()
        with Form(
            dialogs.with_user(self.manager_user).with_context(**action["context"])
        ) as form:
            form.line_id = self.form.role_ids.filtered(lambda one: one.role == "other")
            form.reviewer_ids.add(self.officer)
        form.record.action_confirm()
        self.assertEqual(self.asked_as(self.appraisal, "other"), self.officer)
        for who, values in (
            ("colleague", {"request_id": self.own.id}),
            ("manager", {"request_id": self.own.id}),
            ("colleague", {"appraisal_id": self.appraisal.id}),
            ("employee", {"appraisal_id": self.appraisal.id}),
        ):
            with self.subTest(who), self.assertRaises(AccessError):
                self.as_(dialogs, who).create(
                    values | {"reviewer_ids": self.peer(2).ids}
                ).action_confirm()
