"""Anonymous answers: collected apart, published once, without a trace of who wrote them."""

import itertools
from collections import Counter
from random import Random
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .anonymity import RATERS, WORDS, AnonymityCommon
from .common import PerformanceCommon

RANDOM = "odoo.addons.hr_performance.models.collection.random.SystemRandom"
EVERYBODY = [name for names in RATERS.values() for name in names]
OUTSIDERS = ("employee", "manager", "director", "officer", "administrator", "colleague")


@tagged("post_install", "-at_install")
class TestCollection(AnonymityCommon):
    def words_in(self, answers):
        return {
            word
            for word in WORDS.values()
            if any(word in (text or "") for text in answers.mapped("text"))
        }

    def test_whoever_asks_asks_anonymously(self):
        """What the form promises does not hang on who makes the request, and how."""
        request = self.env["hr.performance.request"].create(
            {
                "appraisal_id": self.appraisal.id,
                "reviewer_id": self.people["other_employee"].id,
                "role": "other",
            }
        )
        self.assertTrue(request.is_anonymous)

    def test_nothing_is_there_before_publication(self):
        self.submit(*EVERYBODY)
        self.assertFalse(self.published())
        self.assertIsNone(self.item("Listens").score)
        self.assertEqual({one.state for one in self.requests.values()}, {"done"})
        drafts = self.env["hr.performance.request.draft"].search([])
        self.assertEqual(len(drafts), len(EVERYBODY))
        for name in EVERYBODY:
            self.assertEqual(len(self.as_(drafts, name).search([])), 1)

    def test_published_all_at_once(self):
        self.submit(*EVERYBODY)
        self.close_collection()
        reviews = self.published()
        # one other is dropped, and the reports with it: nobody finds it by subtraction
        self.assertEqual(Counter(reviews.mapped("role")), {"peer": 5})
        self.assertFalse(reviews.reviewer_id)
        self.assertEqual(set(reviews.mapped("submitted_on")), {fields.Date.today()})
        answers = reviews.answer_ids
        self.assertEqual(
            self.words_in(answers), {WORDS[name] for name in RATERS["peer"]}
        )
        levels = answers.filtered(lambda one: one.item_id == self.item("Listens"))
        self.assertEqual(len(levels.level_id), 5)
        self.assertEqual(self.appraisal.collection_closed_on, fields.Date.today())
        self.assertFalse(self.env["hr.performance.request.draft"].search([]))

    def test_they_count_from_publication_on(self):
        self.answer_all(self.appraisal, "manager")
        before = self.item("Listens").score, self.appraisal.derivation
        self.submit(*RATERS["peer"])
        self.env["hr.performance.appraisal.item"].browse(
            self.appraisal.item_ids.ids
        )._recount()
        self.assertEqual(
            (self.item("Listens").score, self.appraisal.derivation), before
        )
        self.close_collection()
        self.assertNotEqual(self.item("Listens").score, before[0])
        self.assertNotEqual(self.appraisal.derivation, before[1])

    def test_groups_join(self):
        self.form.role_ids.filtered(
            lambda role: role.role in ("other", "report")
        ).merge_into = "peer"
        self.submit(*RATERS["peer"], *RATERS["report"][:2], *RATERS["other"])
        self.close_collection()
        self.assertEqual(Counter(self.published().mapped("role")), {"peer": 8})

    def test_too_few_are_never_shown(self):
        self.submit(*RATERS["peer"][:2])
        self.close_collection()
        self.assertFalse(self.published())
        self.assertFalse(self.env["hr.performance.request.draft"].search([]))
        self.assertEqual(self.appraisal.anonymous_answered_count, 0)

    def test_too_few_levels_are_not_shown(self):
        names = RATERS["peer"][:3]
        for name in names:
            request = self.as_(self.requests[name], name)
            draft = self.draft_of(name)
            if name == names[0]:
                draft[str(self.item("Shares").id)] = {
                    "dont_know": True,
                    "text": "hardly",
                }
            request.draft = draft
            request.action_submit()
        self.close_collection()
        shares = self.published().answer_ids.filtered(
            lambda one: one.item_id == self.item("Shares")
        )
        self.assertFalse(shares.level_id)
        self.assertFalse(any(shares.mapped("dont_know")))
        self.assertEqual(len(shares), 3)
        self.assertIsNone(self.item("Shares").score)

    def test_an_item_asked_of_one_is_not_shown(self):
        """A section of their own would name the one who joined a larger group."""
        other = self.form.role_ids.filtered(lambda role: role.role == "other")
        other.merge_into = "peer"
        self.form.section_ids[0].role_ids = other
        self.submit(*RATERS["peer"], "Izar")
        self.close_collection()
        self.assertEqual(Counter(self.published().mapped("role")), {"peer": 6})
        self.assertEqual(self.published().answer_ids.item_id, self.item("Between us"))

    def test_never_again(self):
        self.submit(*RATERS["peer"][:4])
        late = self.write_draft("Electra")
        self.close_collection()
        shown = self.published()
        texts = sorted(shown.answer_ids.filtered("text").mapped("text"))
        self.assertFalse(self.env["hr.performance.request.draft"].search([]))
        self.assertEqual(late.sudo().state, "not_started")
        with self.assertRaises(UserError):
            self.as_(late, "Electra").draft = self.draft_of("Electra")
        with self.assertRaises(UserError):
            self.as_(late, "Electra").action_submit()
        with self.assertRaises(UserError):
            self.appraisal.action_close_collection()
        # HR adds one more: refused
        with self.assertRaises(UserError):
            self.appraisal.request_ids.create(
                {
                    "appraisal_id": self.appraisal.id,
                    "role": "peer",
                    "reviewer_id": self.colleague.id,
                    "is_anonymous": True,
                }
            )
        self.answer_all(self.appraisal, "manager")
        self.as_(self.appraisal, "manager").action_assess()
        self.appraisal.action_release()
        self.as_(self.appraisal, "administrator").action_reopen("Once more")
        with self.assertRaises(UserError):
            self.as_(late, "Electra").draft = self.draft_of("Electra")
        self.appraisal._close_collection()
        self.run_night()
        self.assertEqual(self.published(), shown)
        self.assertEqual(
            sorted(shown.answer_ids.filtered("text").mapped("text")), texts
        )

    def test_the_promised_minimum_stays(self):
        self.cycle.anonymity_minimum = 2
        self.assertEqual(self.appraisal.anonymity_minimum, 3)
        self.submit(*RATERS["peer"][:2])
        self.close_collection()
        self.assertFalse(self.published())

    # ------------------------------------------------------------------ order

    def test_nothing_is_in_the_order_of_submission(self):
        """Ids are given by chance: each order of three people comes as often as another."""
        names = list(RATERS["peer"][:3])
        self.submit(*names)
        words = [WORDS[name] for name in names]
        found, forms, rounds = Counter(), Counter(), 90
        rng = Random(5)
        for _round in range(rounds):
            with patch(RANDOM, lambda: rng), self.env.cr.savepoint() as savepoint:
                self.appraisal._close_collection()
                self.env.flush_all()
                answers = self.published().answer_ids.sorted("id")
                order = [
                    next(place for place, word in enumerate(words) if word in one.text)
                    for one in answers
                    if one.item_id == self.item("Go on with")
                ]
                found[tuple(order)] += 1
                by_review = [
                    {
                        word
                        for word in words
                        if any(
                            word in text for text in review.answer_ids.mapped("text")
                        )
                    }
                    for review in self.published()
                ]
                forms[max(map(len, by_review))] += 1
                savepoint.close(rollback=True)
            self.env.invalidate_all()
        self.assertEqual(set(found), set(itertools.permutations(range(3))))
        self.assertLess(max(found.values()), rounds / 3)
        # the answers of one person stand on several forms
        self.assertGreater(forms[2] + forms[3], rounds * 0.8)

    def test_requests_say_nothing_of_when(self):
        self.submit("Capella", "Aldebaran", "Deneb")
        self.close_collection()
        asked = list(self.requests.values())
        for name in ("write_date", "write_uid"):
            self.assertEqual(len({one[name] for one in asked}), 1, name)
        done = [one for one in asked if one.state == "done"]
        self.assertEqual({one.submitted_on for one in done}, {fields.Date.today()})
        self.assertFalse(self.requests["Electra"].submitted_on)

    def test_no_activity_is_left(self):
        self.submit(*RATERS["peer"])
        self.close_collection()
        self.assertFalse(
            self.env["mail.activity"].search(
                [
                    ("res_model", "=", "hr.performance.request"),
                    ("res_id", "in", [one.id for one in self.requests.values()]),
                ]
            )
        )

    # ------------------------------------------------------------------ when

    def test_night_counts(self):
        self.submit(*RATERS["peer"][:2])
        self.run_night()
        self.assertEqual(self.appraisal.anonymous_asked_count, 9)
        self.assertEqual(self.appraisal.anonymous_answered_count, 0)
        self.submit("Capella")
        self.assertEqual(self.appraisal.anonymous_answered_count, 0)
        self.run_night()
        self.assertEqual(self.appraisal.anonymous_answered_count, 3)
        self.submit("Deneb")
        self.assertEqual(self.appraisal.anonymous_answered_count, 3)
        self.assertFalse(self.appraisal.collection_closed_on)

    def test_closed_in_the_night_after_the_deadline(self):
        self.submit(*RATERS["peer"])
        self.cycle.feedback_deadline = fields.Date.today()
        self.run_night()
        self.assertFalse(self.appraisal.collection_closed_on)
        self.cycle.feedback_deadline = fields.Date.subtract(fields.Date.today(), days=1)
        self.run_night()
        self.assertTrue(self.appraisal.collection_closed_on)
        self.assertEqual(len(self.published()), 5)

    def test_closed_when_nobody_is_waited_for(self):
        self.form.role_ids.filtered(lambda role: role.role == "other").unlink()
        self.requests["Izar"].unlink()
        self.submit(*RATERS["peer"], *RATERS["report"][:2])
        self.run_night()
        self.assertFalse(self.appraisal.collection_closed_on)
        self.submit("Hadar")
        self.run_night()
        self.assertTrue(self.appraisal.collection_closed_on)

    def test_not_closed_while_somebody_can_still_be_named(self):
        self.submit(*EVERYBODY)
        self.run_night()
        self.assertFalse(self.appraisal.collection_closed_on, "one other is too few")

    def test_who_declines_is_told_nobody(self):
        before = self.appraisal.message_ids
        self.as_(self.requests["Deneb"], "Deneb").action_decline("No time")
        self.assertEqual(self.appraisal.message_ids, before)
        with freeze_time(fields.Date.add(fields.Date.today(), days=1)):
            self.env["hr.performance.request"]._cron_mark_overdue()
        message = self.appraisal.message_ids - before
        self.assertIn("No time", message.body)
        self.assertNotIn("Deneb", message.body)
        deneb = self.users["Deneb"]
        self.assertNotIn(deneb.partner_id, message.author_id | message.partner_ids)
        self.assertNotIn(deneb, message.create_uid | message.write_uid)
        self.assertNotIn(deneb.partner_id, self.appraisal.message_partner_ids)
        self.assertFalse(message.date.hour or message.create_date.hour)
        self.assertEqual(self.appraisal.anonymous_asked_count, 9)

    def test_cancelled_collection_is_wiped(self):
        self.submit(*RATERS["peer"])
        self.appraisal.action_cancel("Left")
        self.assertFalse(self.env["hr.performance.request.draft"].search([]))
        self.assertFalse(self.published())

    # ------------------------------------------------------------------ who reads

    def test_requests_are_their_authors(self):
        self.submit("Capella")
        for who in OUTSIDERS:
            for name in ("Aldebaran", "Capella"):
                request = self.as_(self.requests[name], who)
                with self.subTest(f"{who} {name}"):
                    with self.assertRaises(AccessError):
                        request.read(["state"])
                    self.assertFalse(request.search([("id", "=", request.id)]))
        self.assertEqual(
            self.as_(self.requests["Capella"], "Capella").read(["state"])[0]["state"],
            "done",
        )

    def test_who_closes(self):
        for who in ("employee", "director", "colleague", "Aldebaran"):
            with self.assertRaises(AccessError):
                self.as_(self.appraisal, who).action_close_collection()
        self.assertIn(
            "close_collection",
            self.as_(self.appraisal, "manager").allowed_transitions,
        )
        self.as_(self.appraisal, "manager").action_close_collection()
        self.assertNotIn(
            "close_collection",
            self.as_(self.appraisal, "manager").allowed_transitions,
        )

    def test_who_reads_what_is_published(self):
        self.submit(*EVERYBODY)
        self.answer_all(self.appraisal, "manager")
        self.close_collection()
        answers = self.published().answer_ids

        def read_by(who):
            return self.as_(answers, who).search([("id", "in", answers.ids)])

        for who in ("manager", "director", "officer", "administrator"):
            self.assertEqual(read_by(who), answers, who)
        for who in ("employee", "colleague", "Aldebaran", "other_officer"):
            self.assertFalse(read_by(who), who)
        self.as_(self.appraisal, "manager").action_assess()
        self.appraisal.action_release()
        never = answers.filtered(lambda one: one.item_id == self.item("Between us"))
        self.assertTrue(never)
        self.assertEqual(read_by("employee"), answers - never)
        # nor as an officer
        self.employee_user.group_ids |= self.env.ref(
            "hr_performance.group_hr_performance_officer"
        )
        self.assertEqual(read_by("employee"), answers - never)


@tagged("post_install", "-at_install")
class TestOwnReviewFirst(PerformanceCommon):
    """Whoever is asked reads what others wrote after submitting or declining their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.appraisal = cls.make_appraisal()
        cls.by_role = cls.appraisal.request_ids.grouped("role")
        cls.answer_all(cls.appraisal, "self")

    def reads(self, who):
        reviews = self.as_(self.env["hr.performance.review"], who)
        answers = self.as_(self.env["hr.performance.answer"], who)
        found = reviews.search([("appraisal_id", "=", self.appraisal.id)])
        more = answers.search([("review_id.appraisal_id", "=", self.appraisal.id)])
        self.assertEqual(bool(found), bool(more))
        self.assertEqual(
            self.as_(self.appraisal, who).owes_review,
            bool(
                self.as_(self.appraisal, who).search_count(
                    [("id", "=", self.appraisal.id), ("owes_review", "=", True)]
                )
            ),
        )
        return bool(found)

    def test_manager(self):
        self.assertFalse(self.reads("manager"))
        self.assertTrue(self.reads("director"))
        self.answer_all(self.appraisal, "manager")
        self.assertTrue(self.reads("manager"))

    def test_manager_who_is_an_officer(self):
        for group in ("officer", "manager"):
            self.manager_user.group_ids |= self.env.ref(
                f"hr_performance.group_hr_performance_{group}"
            )
            self.assertFalse(self.reads("manager"))
        self.answer_all(self.appraisal, "manager")
        self.assertTrue(self.reads("manager"))

    def test_declined(self):
        self.as_(self.by_role["manager"], "manager").action_decline("Too new")
        self.assertTrue(self.reads("manager"))

    def test_officer_who_is_asked(self):
        self.assertTrue(self.reads("officer"))
        request = self.by_role["self"].create(
            {
                "appraisal_id": self.appraisal.id,
                "role": "other",
                "reviewer_id": self.officer.id,
                "is_anonymous": True,
            }
        )
        self.assertFalse(self.reads("officer"))
        # who can no longer answer waits for nothing
        self.appraisal.action_close_collection()
        self.assertEqual(request.state, "not_started")
        self.assertTrue(self.reads("officer"))

    def test_only_where_the_form_says_so(self):
        self.appraisal.template_id.sudo().is_blind = False
        self.assertTrue(self.reads("manager"))

    def test_own_answers(self):
        """What one has written oneself stays readable."""
        self.answer_all(self.appraisal, "manager")
        self.by_role["self"].create(
            {
                "appraisal_id": self.appraisal.id,
                "role": "project",
                "reviewer_id": self.manager.id,
            }
        )
        reviews = self.as_(self.env["hr.performance.review"], "manager")
        self.assertEqual(reviews.search([]).mapped("role"), ["manager"])


@tagged("post_install", "-at_install")
class TestConfidential(PerformanceCommon):
    """Read by the manager named and HR, not further up."""

    def test_who_reads(self):
        appraisal = self.make_appraisal(confidential=True)
        for role in ("self", "manager"):
            self.answer_all(appraisal, role)
        parts = (
            appraisal,
            appraisal.item_ids,
            appraisal.request_ids,
            appraisal.review_ids,
            appraisal.review_ids.answer_ids,
        )
        for who, reads in (
            ("manager", True),
            ("officer", True),
            ("administrator", True),
            ("director", False),
            ("employee", False),
        ):
            for records in parts:
                found = self.as_(records, who).search([("id", "in", records.ids)])
                own = records._name.endswith(("request", "review", "answer"))
                with self.subTest(f"{who} {records._name}"):
                    if who == "employee" and own:
                        # what they were asked and have answered themselves
                        self.assertLess(len(found), len(records))
                    else:
                        self.assertEqual(found, records if reads else found.browse())
        # sudo: whose team it is in, for whoever reads it
        self.assertFalse(self.as_(appraisal, "director").sudo().is_in_my_team)
        self.assertTrue(self.as_(appraisal, "manager").is_in_my_team)
        appraisal.manager_id = self.director
        self.assertTrue(self.as_(appraisal, "director").is_in_my_team)
        with self.assertRaises(AccessError):
            self.as_(appraisal, "manager").read(["state"])

    def test_who_decides_so(self):
        appraisal = self.make_appraisal()
        with self.assertRaises(AccessError):
            self.as_(appraisal, "manager").confidential = True
        self.as_(appraisal, "officer").confidential = True
        self.assertTrue(appraisal.confidential)
