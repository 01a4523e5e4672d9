"""Feedback at any time: who reads it, who changes it, who is told and who is asked."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import PerformanceCommon

SECRET = "SECRET-0815"


class FeedbackCommon(PerformanceCommon):
    """What the colleague has seen of the employee."""

    def write_down(self, who="colleague", about=None, **values):
        """A draft by ``who`` about ``about`` (default: the employee)."""
        person = about or self.employee
        return self.as_(self.env["hr.performance.feedback"], who).create(
            {"employee_id": person.id, "text": SECRET} | values
        )

    def give(self, who="colleague", about=None, **values):
        feedback = self.write_down(who, about, **values)
        feedback.action_give()
        return feedback

    def readers(self, feedback):
        """The names of those who find it, which are those who can open it."""
        found = set()
        for name in self.users:
            mine = self.as_(feedback, name)
            finds = bool(mine.search([("id", "=", feedback.id)]))
            self.assertEqual(finds, mine.has_access("read"), name)
            if finds:
                found.add(name)
        return found

    def ask(self, who="employee", of=None, **values):
        return self.as_(self.env["hr.performance.feedback.request"], who).create(
            {
                "employee_id": self.employee.id,
                "author_id": (of or self.colleague).id,
                "question": "How did the presentation go?",
            }
            | values
        )

    def answer(self, request, who="colleague", **values):
        drafts = self.as_(self.env["hr.performance.feedback"], who).with_context(
            performance_feedback_request_id=request.id
        )
        feedback = drafts.create(
            {"employee_id": self.employee.id, "text": SECRET} | values
        )
        feedback.action_give()
        return feedback


@tagged("post_install", "-at_install")
class TestFeedback(FeedbackCommon):
    def test_a_draft_is_its_authors_alone(self):
        for visibility in ("person", "line", "managers", "everyone"):
            draft = self.write_down(visibility=visibility)
            self.assertEqual(self.readers(draft), {"colleague"})

    def test_who_reads_what_is_given(self):
        everyone = set(self.users) - {"other_employee", "other_officer"}
        for visibility, readers in (
            ("person", {"employee"}),
            ("line", {"employee", "manager", "director"}),
            ("managers", {"manager", "director"}),
            ("everyone", everyone),
        ):
            with self.subTest(visibility):
                feedback = self.give(visibility=visibility)
                self.assertEqual(self.readers(feedback), readers | {"colleague"})

    def test_readers_follow_a_new_manager(self):
        feedback = self.give(visibility="managers")
        self.employee.parent_id = self.officer
        self.assertEqual(self.readers(feedback), {"colleague", "officer", "director"})

    def test_a_transfer_makes_nobody_a_reader(self):
        feedback = self.give(visibility="everyone")
        self.employee.company_id = self.company_2
        self.assertNotIn("other_employee", self.readers(feedback))

    def test_nobody_to_oneself(self):
        with self.refused("somebody else", error=ValidationError):
            self.write_down("employee")
        twin = self.env["hr.employee"].create(
            {
                "name": "Employee Abroad",
                "user_id": self.employee_user.id,
                "company_id": self.company_2.id,
            }
        )
        with self.refused("somebody else", error=ValidationError):
            self.env["hr.performance.feedback"].create(
                {"employee_id": twin.id, "author_id": self.employee.id, "text": "Me"}
            )

    def test_nobody_in_another_name(self):
        with self.refused("cannot be typed in", error=AccessError):
            self.write_down(author_id=self.manager.id)
        draft = self.write_down()
        with self.refused("cannot be typed in", error=AccessError):
            draft.author_id = self.manager
        context = {"default_author_id": self.manager.id, "default_state": "given"}
        feedback = draft.with_context(**context).create(
            {"employee_id": self.employee.id, "text": "Well done"}
        )
        self.assertEqual(feedback.author_id, self.colleague)
        self.assertEqual(feedback.state, "draft")

    def test_without_an_employee_nobody_gives_any(self):
        self.colleague.user_id = False
        with self.refused("not linked to an employee"):
            self.write_down()

    def test_bad_input(self):
        with self.refused("a day to come", error=ValidationError):
            self.write_down(date=fields.Date.today() + timedelta(days=9))
        with self.refused("write what you saw", error=ValidationError):
            self.write_down(text="  ")

    def test_given_it_stays_as_it_was(self):
        feedback = self.give()
        other = self.agree(self.make_goal(self.employee))
        for values in (
            {"text": "Different"},
            {"visibility": "everyone"},
            {"employee_id": self.director.id},
            {"goal_id": other.id},
            {"state": "draft"},
        ):
            for who in ("colleague", "employee", "manager", "director", "officer"):
                with self.assertRaises(UserError, msg=f"{who} {values}"):
                    self.as_(feedback, who).write(values)
        for who in self.users:
            with self.assertRaises(UserError, msg=who):
                self.as_(feedback, who).unlink()
        self.assertEqual(feedback.text, SECRET)

    def test_the_author_alone_takes_steps(self):
        feedback = self.give(visibility="managers")
        draft = self.write_down()
        for who in set(self.users) - {"colleague"}:
            for record, step, args in (
                (draft, "action_give", ()),
                (feedback, "action_take_back", ()),
                (feedback, "action_widen", ("everyone",)),
                (feedback, "action_correct", ()),
            ):
                with self.assertRaises(AccessError, msg=f"{who} {step}"):
                    getattr(self.as_(record, who), step)(*args)

    def test_taken_back_within_a_day(self):
        feedback = self.give(visibility="everyone")
        self.assertIn("take_back", feedback.allowed_transitions)
        feedback.action_take_back()
        self.assertEqual(self.readers(feedback), {"colleague"})
        feedback.text = "Put better"
        feedback.action_give()
        late = fields.Datetime.now() + timedelta(days=1, minutes=1)
        with patch.object(fields.Datetime, "now", lambda: late):
            feedback.invalidate_recordset()
            self.assertNotIn("take_back", feedback.allowed_transitions)
            with self.refused("more than a day ago"):
                feedback.action_take_back()

    def test_opened_to_more_readers_by_its_author(self):
        feedback = self.give("manager", visibility="managers")
        self.assertEqual(self.readers(feedback), {"manager", "director"})
        feedback.action_open_to_line()
        self.assertEqual(self.readers(feedback), {"employee", "manager", "director"})
        with self.refused("to more readers"):
            feedback.action_widen("person")
        with self.refused("to more readers"):
            feedback.action_widen("managers")
        with self.refused("to more readers"):
            feedback.action_widen("the world")
        feedback.action_open_to_everyone()
        self.assertIn("officer", self.readers(feedback))

    def test_a_correction_has_the_same_readers(self):
        former = self.give(visibility="managers")
        action = former.action_correct()
        draft = self.as_(self.env["hr.performance.feedback"], "colleague").with_context(
            **action["context"]
        )
        correction = draft.create({"text": "It was another day"})
        self.assertEqual(correction.corrects_id, former)
        self.assertEqual(correction.employee_id, self.employee)
        correction.visibility = "line"
        with self.refused("the same readers"):
            correction.action_give()
        correction.visibility = "managers"
        correction.action_give()
        # the person learns of both or of none
        correction.action_open_to_line()
        self.assertEqual(former.visibility, "line")
        self.assertIn("employee", self.readers(former))
        self.assertEqual(former.correction_ids, correction)

    def test_nobody_corrects_what_is_not_theirs(self):
        former = self.give("manager", visibility="managers")
        drafts = self.as_(self.env["hr.performance.feedback"], "colleague")
        for value in (former.id, str(former.id), [former.id], "x"):
            draft = drafts.with_context(performance_feedback_corrects_id=value).create(
                {"employee_id": self.employee.id, "text": "Wrong"}
            )
            self.assertFalse(draft.corrects_id)
        with self.refused("cannot be typed in", error=AccessError):
            drafts.create(
                {
                    "employee_id": self.employee.id,
                    "text": "Wrong",
                    "corrects_id": former.id,
                }
            )

    def test_nobody_learns_of_a_goal(self):
        hidden = self.make_goal(self.employee, name="Hidden")
        with self.refused(error=AccessError):
            self.write_down(goal_id=hidden.id)
        draft = self.write_down()
        with self.refused(error=AccessError):
            draft.goal_id = hidden
        with self.refused("fewer people", error=ValidationError):
            self.write_down("manager", goal_id=hidden.id, visibility="everyone")
        with self.refused("Leave “Goal” empty", error=ValidationError):
            self.write_down("manager", self.colleague, goal_id=hidden.id)
        feedback = self.give("manager", goal_id=hidden.id)
        with self.refused("Leave “Goal” empty", error=ValidationError):
            feedback.action_open_to_everyone()
        self.assertEqual(self.readers(feedback), {"employee", "manager", "director"})

    def test_names_and_counts_tell_nothing(self):
        feedback = self.give(visibility="managers")
        self.assertNotIn(SECRET, feedback.display_name)
        for who, count in (("employee", 0), ("manager", 1), ("officer", 0)):
            person = self.as_(self.env["hr.employee.public"], who).browse(
                self.employee.id
            )
            self.assertEqual(person.performance_feedback_count, count, who)

    def test_who_can_be_given_feedback_by_button(self):
        people = self.as_(self.env["hr.employee.public"], "employee")
        self.assertFalse(people.browse(self.employee.id).performance_can_give_feedback)
        manager = people.browse(self.manager.id)
        self.assertTrue(manager.performance_can_give_feedback)
        action = manager.action_give_performance_feedback()
        self.assertEqual(action["context"]["default_employee_id"], self.manager.id)

    # ------------------------------------------------------------- being told

    def notified(self, feedback):
        """``{partner: texts}`` of the messages about it."""
        messages = self.env["mail.message"].search(
            [("model", "=", feedback._name), ("res_id", "=", feedback.id)]
        )
        told = {}
        for message in messages:
            for partner in message.notified_partner_ids:
                told.setdefault(partner, []).append(
                    f"{message.subject} {message.body} {message.record_name}"
                )
        return told

    def test_who_is_told_and_what(self):
        for visibility, names in (
            ("person", ["employee"]),
            ("line", ["employee", "manager"]),
            ("managers", ["manager"]),
            ("everyone", ["employee", "manager"]),
        ):
            with self.subTest(visibility):
                draft = self.write_down(visibility=visibility)
                self.assertFalse(self.notified(draft))
                draft.action_give()
                told = self.notified(draft)
                self.assertEqual(
                    set(told), {self.users[name].partner_id for name in names}
                )
                self.assertNotIn(SECRET, str(told))
                self.assertFalse(
                    self.env["mail.mail"].search([("body_html", "ilike", SECRET)])
                )

    def test_the_person_is_told_when_it_is_opened(self):
        feedback = self.give("manager", visibility="managers")
        # the nearest manager wrote it
        self.assertFalse(self.notified(feedback))
        feedback.action_open_to_line()
        self.assertEqual(set(self.notified(feedback)), {self.employee_user.partner_id})

    # ------------------------------------------------------------- asking

    def test_asking_is_between_two(self):
        request = self.ask()
        self.assertEqual(self.readers(request), {"employee", "colleague"})
        self.assertEqual(self.readers(self.ask("manager")), {"manager", "colleague"})

    def test_who_may_ask(self):
        for who in ("colleague", "officer", "administrator"):
            with self.refused("asked for by", error=AccessError):
                self.ask(who, of=self.director)
        self.assertTrue(self.ask("director", of=self.officer))

    def test_whom_one_may_ask(self):
        for of in (self.employee, self.manager):
            with self.refused("somebody else", error=ValidationError):
                self.ask("manager", of=of)
        with self.refused("cannot be typed in", error=AccessError):
            self.ask("employee", asker_id=self.manager.id)
        with self.refused("has passed", error=ValidationError):
            self.ask(deadline=fields.Date.today() - timedelta(days=3))
        with self.refused("what you would like to know", error=ValidationError):
            self.ask(question=" ")

    def test_an_answer(self):
        request = self.ask()
        feedback = self.answer(request)
        self.assertEqual(request.state, "answered")
        self.assertEqual(request.answered_on, fields.Date.today())
        self.assertEqual(request.feedback_id, feedback)
        # who reads the feedback does not find out who asked
        self.assertFalse(feedback.request_id)
        feedback.action_take_back()
        self.assertEqual(request.state, "asked")
        self.assertFalse(request.feedback_id)
        feedback.action_give()
        self.assertEqual(request.feedback_id, feedback)

    def test_an_answer_reaches_who_asked(self):
        with self.refused("could not read this"):
            self.answer(self.ask(), visibility="managers")
        request = self.ask("manager")
        with self.refused("could not read this"):
            self.answer(request, visibility="person")
        feedback = self.answer(request, visibility="managers")
        self.assertEqual(self.readers(feedback), {"colleague", "manager", "director"})

    def test_an_answer_is_about_the_same_person(self):
        request = self.ask()
        drafts = self.as_(self.env["hr.performance.feedback"], "colleague")
        draft = drafts.with_context(performance_feedback_request_id=request.id).create(
            {"employee_id": self.director.id, "text": "Somebody else"}
        )
        with self.refused("You were asked about Employee"):
            draft.action_give()

    def test_nobody_answers_for_another(self):
        request = self.ask()
        with self.refused(error=AccessError):
            self.as_(request, "employee").action_answer()
        drafts = self.as_(self.env["hr.performance.feedback"], "manager")
        draft = drafts.with_context(performance_feedback_request_id=request.id).create(
            {"employee_id": self.employee.id, "text": "Not asked"}
        )
        self.assertFalse(draft.request_id)

    def test_declined_with_a_reason(self):
        request = self.ask()
        draft = (
            self.as_(self.env["hr.performance.feedback"], "colleague")
            .with_context(performance_feedback_request_id=request.id)
            .create({"employee_id": self.employee.id, "text": "Begun"})
        )
        mine = self.as_(request, "colleague")
        with self.refused("reason"):
            mine.action_decline("  ")
        with self.refused(error=AccessError):
            self.as_(request, "employee").action_decline("Not me")
        mine.action_decline("I was not there")
        self.assertEqual(request.decline_reason, "I was not there")
        self.assertFalse(draft.request_id)
        with self.refused("is settled"):
            self.as_(request, "employee").question = "But why?"
        with self.refused("is in state"):
            mine.action_answer()

    def test_no_longer_needed(self):
        request = self.ask()
        with self.refused(error=AccessError):
            self.as_(request, "colleague").action_cancel()
        self.as_(request, "employee").action_cancel()
        self.assertEqual(request.state, "cancelled")

    def test_the_question_may_change_not_whom_it_is_put_to(self):
        request = self.ask()
        request.question = "And the questions after it?"
        with self.refused("ask anew"):
            request.author_id = self.director
        with self.refused("has passed", error=ValidationError):
            request.deadline = fields.Date.today() - timedelta(days=3)

    def test_what_is_owed(self):
        request = self.ask()
        owed = self.as_(self.env["hr.performance.owed"], "colleague")
        domain = [("kind", "=", "feedback"), ("res_id", "=", request.id)]
        line = owed.search(domain)
        self.assertEqual(line.employee_id, self.colleague)
        self.assertEqual(line.about_id, self.employee)
        self.assertEqual(line.deadline, request.deadline)
        self.assertEqual(line.state, "to_do")
        for who in set(self.users) - {"colleague"}:
            self.assertFalse(self.as_(owed, who).search(domain), who)
        self.answer(request)
        self.assertEqual(self.as_(owed, "colleague").search(domain).state, "done")

    def test_several_are_asked_at_once(self):
        dialog = self.as_(self.env["hr.performance.feedback.ask"], "manager").create(
            {
                "employee_id": self.employee.id,
                "author_ids": [
                    fields.Command.set((self.colleague | self.director).ids)
                ],
                "question": "How was the quarter?",
            }
        )
        self.assertTrue(dialog.leads_somebody)
        dialog.action_ask()
        requests = self.as_(self.env["hr.performance.feedback.request"], "manager")
        self.assertEqual(requests.search([]).author_id, self.colleague | self.director)

    def test_on_the_first_screen(self):
        """What there is to read, of the last month."""
        self.give()
        self.give(visibility="managers")
        self.give(date=fields.Date.today() - timedelta(days=31))
        mine = self.as_(self.env["hr.performance.mine"], "employee")
        self.assertEqual(mine.get_my_performance()["feedback"], 1)

    # ------------------------------------------------------------- evidence

    def test_months_of_an_appraisal(self):
        """What was noted month by month, as far as the reader may read it."""
        appraisal = self.make_appraisal()
        today = fields.Date.today()
        last_month = today.replace(day=1) - timedelta(days=1)
        self.give("manager", visibility="managers")
        self.give("colleague", visibility="line")
        self.give("colleague", visibility="person")
        if last_month.year == self.year:
            self.give("manager", visibility="managers", date=last_month)
        # before the cycle
        self.give("manager", date=self.day(1, 1) - timedelta(days=1))
        mine = self.as_(appraisal, "manager")
        self.assertEqual(mine.feedback_count, 2 + (last_month.year == self.year))
        self.assertEqual(mine.feedback_months.count("·"), today.month - 1)
        self.assertTrue(mine.feedback_months.endswith(" 2"))
        self.assertEqual(self.as_(appraisal, "officer").feedback_count, 0)
        own = appraisal.request_ids.filtered(lambda request: request.role == "self")
        self.assertEqual(self.as_(own, "employee").feedback_count, 2)
        action = mine.action_view_feedback()
        self.assertEqual(
            len(mine.env["hr.performance.feedback"].search(action["domain"])),
            mine.feedback_count,
        )

    def test_feedback_on_a_goal(self):
        goal = self.agree(self.make_goal(self.employee, visibility="everyone"))
        action = self.as_(goal, "colleague").action_give_feedback()
        self.assertEqual(action["context"]["default_goal_id"], goal.id)
        self.assertEqual(action["context"]["default_employee_id"], self.employee.id)
        self.give(goal_id=goal.id, visibility="managers")
        self.assertEqual(self.as_(goal, "manager").feedback_count, 1)
        self.assertEqual(self.as_(goal, "employee").feedback_count, 0)
