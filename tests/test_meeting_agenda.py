"""The agenda: it grows out of what both may read, and takes along what was left."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_meeting import MeetingCommon


@tagged("post_install", "-at_install")
class TestMeetingAgenda(MeetingCommon):
    def open(self, meeting, who):
        """What ``who`` sees on opening it: ``{(kind, name)}``."""
        values = self.of(meeting, who).web_read(
            {"agenda_ids": {"fields": {"kind": {}, "name": {}, "since": {}}}}
        )
        return {(topic["kind"], topic["name"]) for topic in values[0]["agenda_ids"]}

    def goal(self, name, holder=None, **values):
        return self.agree(
            self.make_goal(holder, (self.ind_sum, 100), name=name, **values)
        )

    def check_in(self, goal, who="employee", value=None, **values):
        checkin = self.as_(self.env["hr.performance.checkin"], who).create(
            {"goal_id": goal.id, "date": self.today, **values}
        )
        checkin.value_ids.value = value
        checkin.action_post()
        return checkin.sudo()

    def age(self, goal, days):
        """Let the goal have been agreed on so long ago."""
        goal.agreed_date = self.today - timedelta(days=days)
        goal.flush_recordset()

    # ------------------------------------------------------------- growing

    def test_open_items(self):
        silent = self.goal("Silent")
        self.age(silent, 170)
        late = self.goal("Late", checkin_frequency="month")
        self.check_in(
            late, value=1, blockers="The supplier\nis late"
        ).action_acknowledge()
        fresh = self.goal("Fresh")
        self.check_in(fresh)
        hidden = self.goal("The manager's own", self.manager)
        self.check_in(hidden, "manager", blockers="Nobody helps")
        self.env["hr.performance.action"].create(
            [
                {
                    "name": f"Step {days}",
                    "goal_id": late.id,
                    "date_deadline": self.today + timedelta(days=days),
                }
                for days in (-3, 3)
            ]
        )
        meeting = self.plan()
        found = self.open(meeting, "manager")
        self.assertIn(("stale", "Silent"), found)
        self.assertIn(("blocker", "Late: The supplier"), found)
        self.assertIn(("off_track", "Late"), found)
        self.assertIn(("action_overdue", "Step -3"), found)
        self.assertNotIn(("action_overdue", "Step 3"), found)
        self.assertIn(("checkin_unanswered", "Fresh"), found)
        self.assertFalse({name for _kind, name in found if "own" in name})
        # the same for the other one, and nothing twice
        self.assertEqual(self.open(meeting, "employee"), found)
        self.assertEqual(len(meeting.sudo().agenda_ids), len(found))
        topic = meeting.sudo().agenda_ids.filtered(
            lambda topic: topic.kind == "blocker"
        )
        self.assertEqual(
            self.as_(topic, "employee").action_open_record()["res_id"], late.id
        )

        # what is settled goes, unless it was talked about
        topic.done = True
        self.check_in(late, blockers="")
        fresh.last_checkin_id.action_acknowledge()
        found = self.open(meeting, "employee")
        self.assertIn(("blocker", "Late: The supplier"), found)
        self.assertNotIn(("checkin_unanswered", "Fresh"), found)
        # finalised minutes do not move any more
        self.hold(meeting)
        self.env["hr.performance.action"].search([]).action_finish()
        self.assertEqual(self.open(meeting, "employee"), found)

    def test_only_what_both_may_read(self):
        """A meeting shows nobody what they could not read without it."""
        goal = self.goal("Private to the line")
        self.age(goal, 170)
        everyone = self.goal("For everyone", visibility="everyone")
        self.age(everyone, 1)
        self.check_in(everyone, blockers="Private words")
        meeting = self.plan("employee", manager_id=self.colleague.id)
        for who in ("employee", "colleague"):
            names = " ".join(name for _kind, name in self.open(meeting, who))
            self.assertNotIn("Private", names)

    def test_others_do_not_make_it_grow(self):
        self.age(self.goal("Silent"), 170)
        meeting = self.plan()
        for who in ("director", "officer", "administrator"):
            self.assertEqual(self.open(meeting, who), set())
        with self.assertRaises(AccessError):
            self.of(meeting, "director").action_refresh_agenda()
        self.assertFalse(meeting.sudo().agenda_ids)

    def test_feedback_since_last_time(self):
        for visibility in ("person", "line", "managers", "everyone"):
            self.as_(self.env["hr.performance.feedback"], "colleague").create(
                {
                    "employee_id": self.employee.id,
                    "text": f"Words for {visibility}",
                    "visibility": visibility,
                    "tone": "positive",
                }
            ).action_give()
        meeting = self.plan()
        self.assertEqual(
            self.open(meeting, "manager"), {("feedback", "Feedback from Colleague")}
        )
        found = self.env["hr.performance.feedback"].browse(
            meeting.sudo().agenda_ids.mapped("res_id")
        )
        self.assertEqual(set(found.mapped("visibility")), {"line", "everyone"})
        interview = self.plan(kind="interview")
        self.open(interview, "employee")
        self.assertEqual(len(interview.sudo().agenda_ids), 1)
        # talked about since
        found.write({"given_on": fields.Datetime.now() - timedelta(hours=1)})
        self.hold(meeting)
        self.assertEqual(self.open(self.plan(), "manager"), set())

    def test_the_goal_behind_it(self):
        goal = self.goal("Win customers")
        self.age(goal, 170)
        meeting = self.plan(kind="coaching", goal_id=goal.id)
        self.assertEqual(self.open(meeting, "manager"), {("goal", "Win customers")})

    def test_constant_queries(self):
        meeting = self.plan()
        counts = []
        for number in (2, 12):
            for index in range(number):
                goal = self.goal(f"Goal {number} {index}")
                self.age(goal, 170)
                self.env["hr.performance.action"].create(
                    {
                        "name": f"Step {number} {index}",
                        "goal_id": goal.id,
                        "date_deadline": self.today - timedelta(days=1),
                    }
                )
            self.of(meeting, "manager").agenda_ids.sudo().unlink()
            mine = self.of(meeting, "manager")
            before = self.env.cr.sql_log_count
            mine._refresh_agenda()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertGreaterEqual(len(meeting.sudo().agenda_ids), 2 * number)
        self.assertLessEqual(counts[1], counts[0] + 2)

    # ------------------------------------------------------------- own additions

    def test_own_topics(self):
        meeting = self.plan()
        topics = self.of(meeting, "employee").agenda_ids.create(
            [
                # who writes it is its author, and what it is follows from that
                {"meeting_id": meeting.id, "name": "More pay"},
                {"meeting_id": meeting.id, "name": "Holidays", "sequence": 5},
            ]
        )
        self.assertEqual(topics.author_id, self.employee)
        self.assertEqual(set(topics.mapped("kind")), {"own"})
        self.assertEqual(self.of(meeting, "manager").agenda_ids[0].name, "Holidays")
        with self.assertRaises(AccessError):
            self.as_(topics[0], "manager").name = "Less pay"
        with self.assertRaises(AccessError):
            self.as_(topics[0], "manager").unlink()
        for field, value in (
            ("author_id", self.manager.id),
            ("kind", "feedback"),
            ("res_model", "hr.employee"),
        ):
            with self.assertRaises(AccessError):
                self.as_(topics[0], "employee").write({field: value})
        self.as_(topics[0], "manager").done = True
        self.assertIn("☑ More pay", self.of(meeting, "employee").agenda)
        other = self.plan("manager", employee_id=self.colleague.id)
        with self.refused("stays on its agenda"):
            self.as_(topics[1], "employee").meeting_id = other.id

    def test_taken_along(self):
        first = self.plan(start=self.soon - timedelta(days=20))
        topics = self.of(first, "employee").agenda_ids.create(
            [
                {"meeting_id": first.id, "name": name}
                for name in ("Talked about", "Left over")
            ]
        )
        topics[0].done = True
        self.hold(first)
        second = self.plan()
        self.assertEqual(self.open(second, "manager"), {("carried", "Left over")})
        self.open(second, "employee")
        carried = second.sudo().agenda_ids
        self.assertEqual(len(carried), 1)
        self.assertEqual(carried.author_id, self.employee)
        self.assertEqual(carried.since, first.date)
        # once more, for as long as it is not talked about
        self.hold(second)
        third = self.plan(start=self.soon + timedelta(days=20))
        self.assertEqual(self.open(third, "manager"), {("carried", "Left over")})

    def test_interviews_tell_nothing_of_other_meetings(self):
        first = self.plan(start=self.soon - timedelta(days=20))
        self.of(first, "employee").agenda_ids.create(
            {"meeting_id": first.id, "name": "Between us"}
        )
        self.as_(self.env["hr.performance.action"], "manager").create(
            {
                "meeting_id": first.id,
                "name": "See a doctor",
                "date_deadline": self.today - timedelta(days=2),
            }
        )
        self.hold(first)
        interview = self.plan(kind="interview")
        self.assertEqual(self.open(interview, "manager"), set())
        talk = self.plan(start=self.soon + timedelta(days=1))
        self.assertEqual(
            self.open(talk, "manager"),
            {("carried", "Between us"), ("action_overdue", "See a doctor")},
        )
        for who in ("officer", "administrator", "director"):
            self.assertFalse(self.of(interview, who).history)

    # ------------------------------------------------------------- last time

    def test_history(self):
        first = self.plan(start=self.soon - timedelta(days=20))
        self.of(first, "employee").agenda_ids.create(
            {"meeting_id": first.id, "name": "<b>Left over</b>"}
        )
        self.as_(self.env["hr.performance.action"], "manager").create(
            {"meeting_id": first.id, "name": "Call them", "date_deadline": self.today}
        )
        self.hold(first, minutes="<p>We agreed on much</p>")
        second = self.plan()
        for who in ("manager", "employee"):
            history = self.of(second, who).history
            for words in (
                "We agreed on much",
                "Call them",
                "&lt;b&gt;Left over",
                "One-on-one",
            ):
                self.assertIn(words, history)
        for who in ("director", "officer", "administrator"):
            self.assertFalse(self.of(second, who).history)
        # with somebody else there is no history
        other = self.plan("director")
        self.assertFalse(self.of(other, "director").history)

    # ------------------------------------------------------------- questions

    def test_questions(self):
        meeting = self.plan(kind="coaching")
        mine = self.of(meeting, "employee")
        purposes = set(mine.question_ids.mapped("purpose"))
        self.assertEqual(purposes, {"opener", "coaching"})
        question = mine.question_ids[0].with_context(performance_meeting_id=meeting.id)
        question.action_add_to_agenda()
        self.assertEqual(mine.agenda_ids.kind, "question")
        self.assertEqual(mine.agenda_ids.author_id, self.employee)
        with self.refused("already"):
            question.action_add_to_agenda()
        with self.assertRaises(AccessError):
            self.as_(question, "director").with_context(
                performance_meeting_id=meeting.id
            ).action_add_to_agenda()

    def test_questions_of_the_company(self):
        own, foreign = self.env["hr.performance.question.set"].create(
            [
                {
                    "name": "Ours",
                    "purpose": "opener",
                    "company_id": company.id,
                    "line_ids": [
                        fields.Command.create(
                            {"text": f"A question of {company.name}?"}
                        )
                    ],
                }
                for company in (self.company, self.company_2)
            ]
        )
        questions = self.of(self.plan(), "manager").question_ids
        self.assertIn(own.line_ids, questions)
        self.assertNotIn(foreign.line_ids, questions.sudo())
        own.active = False
        self.assertNotIn(own.line_ids, self.of(self.plan(), "manager").question_ids)

    def test_question_sets_in_three_languages(self):
        sets = self.env["hr.performance.question.set"]
        shipped = {
            name: self.env.ref(f"hr_performance.question_set_{name}")
            for name in ("opener", "one_on_one", "coaching", "interview")
        }
        for name, least in (("opener", 10), ("coaching", 10), ("interview", 12)):
            self.assertGreaterEqual(len(shipped[name].line_ids), least)
        phases = shipped["coaching"].line_ids.mapped("phase")
        order = ("goal", "reality", "options", "will")
        self.assertEqual(phases, sorted(phases, key=order.index))
        self.assertEqual(set(phases), set(order))
        for code, words in (("nb_NO", "Medarbeidersamtale"), ("zh_CN", "绩效面谈")):
            self.env["res.lang"]._activate_lang(code)
            self.env["ir.module.module"]._load_module_terms(["hr_performance"], [code])
            self.env.invalidate_all()
            self.assertEqual(shipped["interview"].with_context(lang=code).name, words)
            for questions in sets.union(*shipped.values()):
                for record, name in (
                    (questions, "name"),
                    (questions, "description"),
                    *((line, "text") for line in questions.line_ids),
                ):
                    self.assertNotEqual(
                        record.with_context(lang=code)[name],
                        record.with_context(lang="en_US")[name],
                    )
