"""The appraisal as it is read and moved on: board, list, result, what was said."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .anonymity import RATERS, AnonymityCommon
from .test_appraisal import AppraisalCase


@tagged("post_install", "-at_install")
class TestAppraisalScreen(AppraisalCase):
    def test_the_board_takes_the_steps_of_the_table(self):
        self.score_goal(90)
        appraisal = self.make_appraisal(open_it=False)
        as_manager = self.as_(appraisal, "manager")
        self.assertEqual(as_manager.allowed_states, ["open"])
        as_manager.action_move("open")
        with self.refused("The manager's review of"):
            self.as_(appraisal, "manager").action_move("assessed")
        self.answer_all(appraisal, "manager")
        self.as_(appraisal, "manager").action_move("assessed")
        self.assertEqual(appraisal.level_manager_id, self.meets)
        self.assertFalse(self.as_(appraisal, "manager").allowed_states)
        with self.assertRaises(AccessError):
            self.as_(appraisal, "manager").action_move("released")
        self.as_(appraisal, "officer").action_move("released")
        for state in ("open", "acknowledged", "draft", "nowhere"):
            with self.subTest(state), self.refused("cannot go from “Released”"):
                self.as_(appraisal, "administrator").action_move(state)

    def test_how_far_it_is(self):
        appraisal = self.make_appraisal()
        other = self.make_appraisal(self.colleague)
        self.answer_all(appraisal, "self")
        both = self.as_(appraisal | other, "director")
        self.assertEqual(both.mapped("progress"), [50, 0])
        self.assertEqual(both.mapped("named_done_count"), [1, 0])
        self.assertEqual(both.mapped("named_count"), [2, 2])

    def test_whose_review_is_missing(self):
        appraisal = self.make_appraisal()
        Appraisal = self.env["hr.performance.appraisal"]

        def owed(name):
            return self.as_(Appraisal, name).search([("owes_own", "=", True)])

        self.assertEqual(owed("manager"), appraisal)
        self.assertTrue(self.as_(appraisal, "manager").owes_own)
        self.assertFalse(owed("director"))
        self.answer_all(appraisal, "manager")
        self.assertFalse(owed("manager"))
        self.assertFalse(self.as_(appraisal, "manager").owes_own)
        found = self.as_(Appraisal, "officer").search([("owes_own", "=", False)])
        self.assertEqual(found, appraisal)

    def test_what_was_said_is_read_by_role(self):
        appraisal = self.released()
        said = self.as_(appraisal, "employee").said
        voices = [
            voice
            for item in said["evidence"]["items"].values()
            for voice in item["answers"]
        ]
        self.assertEqual({voice["role"] for voice in voices}, {"manager"})
        # nothing is listed that nobody has answered
        items = [i for section in said["form"]["sections"] for i in section["items"]]
        self.assertEqual(len(items), len(said["evidence"]["items"]))
        self.assertEqual(len(items), 3)

    def test_what_is_never_shown_to_the_person_is_not_said(self):
        self.score_goal(90)
        appraisal = self.make_appraisal()
        item = appraisal.item_ids.filtered(lambda i: i.name == "Cooperation")
        item.sharing = "never"
        self.answer_all(appraisal, "manager")
        appraisal.review_ids.answer_ids.filtered(
            lambda answer: answer.item_id == item
        ).sharing = "never"
        self.as_(appraisal, "manager").action_assess()
        self.as_(appraisal, "officer").action_release()

        def names(name):
            said = self.as_(appraisal, name).said
            return [i["name"] for s in said["form"]["sections"] for i in s["items"]]

        self.assertNotIn("Cooperation", names("employee"))
        self.assertIn("Cooperation", names("manager"))

    def test_the_suggestion_in_words(self):
        self.score_goal(90)
        appraisal = self.make_appraisal()
        self.assertEqual(
            appraisal.suggestion,
            "The score is 90.0; from 85.0 on it says “Meets expectations”.",
        )
        appraisal.template_id.rating_mode = "none"
        self.assertFalse(appraisal.suggestion)

    def test_a_provisional_rating_is_accepted_or_left_out(self):
        self.cycle.template_id.rating_mode = "optional"
        for accept, level in ((True, self.meets), (False, self.meets.browse())):
            employee = self.employee if accept else self.colleague
            self.score_goal(90, employee)
            appraisal = self.make_appraisal(employee)
            self.answer_all(appraisal, "manager")
            mine = self.as_(appraisal, "manager")
            if accept:
                mine.action_accept_suggested()
            else:
                mine.action_assess()
            self.assertEqual(appraisal.state, "assessed")
            self.assertEqual(appraisal.level_manager_id, level)

    def test_reading_what_was_said_costs_the_same_for_few_and_for_many(self):
        def cost(employee, goals):
            for number in range(goals):
                self.score_goal(number, employee)
            appraisal = self.make_appraisal(employee)
            self.answer_all(appraisal, "self")
            self.answer_all(appraisal, "manager")
            mine = appraisal.with_user(self.manager_user)
            counts = []
            for _twice in range(2):  # first the caches of the registry
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                self.assertTrue(mine.said)
                counts.append(self.env.cr.sql_log_count - before)
            return counts[1]

        few, many = cost(self.employee, 3), cost(self.colleague, 12)
        # reading much sets the planner, before and after
        self.assertLessEqual(many - few, 2, (few, many))
        self.assertLessEqual(many, 50)

    def test_ones_own_review_is_opened_from_the_appraisal(self):
        appraisal = self.make_appraisal()
        action = self.as_(appraisal, "manager").action_view_request()
        request = self.request_of(appraisal, "manager")
        self.assertEqual(action["res_id"], request.id)
        with self.refused("You are not asked to review"):
            self.as_(appraisal, "director").action_view_request()

    def test_a_conversation_ends_without_a_rating(self):
        self.cycle.template_id.rating_mode = "none"
        self.score_goal(90)
        appraisal = self.make_appraisal()
        self.answer_all(appraisal, "manager")
        self.as_(appraisal, "manager").action_assess()
        self.as_(appraisal, "officer").action_release()
        self.assertFalse(appraisal.level_final_id)
        self.assertFalse(self.as_(appraisal, "employee").suggestion)
        self.assertTrue(self.as_(appraisal, "employee").said)


@tagged("post_install", "-at_install")
class TestAcceptedOnceMoved(AnonymityCommon):
    """A suggestion that moves while it is accepted: whichever way, the manager is told."""

    def test_by_button_and_by_dragging(self):
        levels = self.appraisal.scale_id.level_ids
        self.answer_all(self.appraisal, "manager", levels[-1])
        for name in RATERS["peer"]:
            request = self.as_(self.requests[name], name)
            request.draft = self.draft_of(name, level=levels[0])
            request.action_submit()
        for method, args in (
            ("action_accept_suggested", ()),
            ("action_move", ("assessed",)),
        ):
            with self.subTest(method), self.env.cr.savepoint() as savepoint:
                told = getattr(self.as_(self.appraisal, "manager"), method)(*args)
                self.assertEqual(told["tag"], "display_notification")
                self.assertEqual(self.appraisal.state, "open")
                # looked at again, it is settled
                told = getattr(self.as_(self.appraisal, "manager"), method)(*args)
                self.assertFalse(told)
                self.assertEqual(self.appraisal.state, "assessed")
                savepoint.rollback()
                self.env.invalidate_all()
