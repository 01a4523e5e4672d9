"""The board "who needs help": what is known, in which order, for whom."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_feedback import FeedbackCommon


@tagged("post_install", "-at_install")
class TestWhoNeedsHelp(FeedbackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        # well inside the period, wherever today is
        cls.cycle.write(
            {
                "date_start": cls.today - timedelta(days=180),
                "date_end": cls.today + timedelta(days=180),
            }
        )

    def board(self, who="manager", **arguments):
        return self.as_(self.env["hr.performance.help"], who).get_who_needs_help(
            **arguments
        )

    def row(self, who="manager", person=None, **arguments):
        person = person or self.employee
        return next(
            row
            for row in self.board(who, **arguments)["people"]
            if row["id"] == person.id
        )

    def reasons(self, *args, **kwargs):
        return {
            reason["code"]: reason["text"]
            for reason in self.row(*args, **kwargs)["reasons"]
        }

    def running_goal(self, holder=None, health="on_track", **values):
        """A goal that runs today, as healthy as asked for."""
        goal = self.agree(self.make_goal(holder, **values))
        self.env.flush_all()
        # health is the outcome of much; here it is given
        self.env.cr.execute(
            "UPDATE hr_performance_goal SET health = %s, checkin_due = NULL,"
            " stale_on = NULL WHERE id = %s",
            (health, goal.id),
        )
        goal.invalidate_recordset()
        return goal

    def set_dates(self, goal, **dates):
        self.env.flush_all()
        for name, day in dates.items():
            self.env.cr.execute(
                f"UPDATE hr_performance_goal SET {name} = %s WHERE id = %s",
                (day, goal.id),
            )
        goal.invalidate_recordset()

    def ago(self, days):
        return self.today - timedelta(days=days)

    def checkin(self, goal, **values):
        checkin = self.as_(
            self.env["hr.performance.checkin"], goal.responsible_id.user_id
        )
        checkin = checkin.create({"goal_id": goal.id} | values)
        checkin.action_post()
        return checkin

    # ------------------------------------------------------------- whose people

    def test_direct_reports_whole_line_and_departments(self):
        def names(board):
            return {row["name"] for row in board["people"]}

        self.assertEqual(names(self.board()), {"Employee", "Colleague"})
        board = self.board("director")
        self.assertEqual(board["scope"], "direct")
        self.assertEqual(names(board), {"Manager", "Officer", "Administrator"})
        self.assertEqual(
            names(self.board("director", scope="line")),
            {"Manager", "Officer", "Administrator", "Employee", "Colleague"},
        )
        board = self.board("officer")
        self.assertEqual(board["scope"], "department")
        self.assertNotIn("Officer", names(board))
        self.assertNotIn("Other Employee", names(board))
        self.assertEqual(
            names(self.board("officer", department_id=self.department_sub.id)),
            {"Manager", "Employee", "Colleague"},
        )
        self.assertIn(
            self.department_sub.id, [unit["id"] for unit in board["departments"]]
        )

    def test_departments_are_for_officers(self):
        for who in ("employee", "manager", "director"):
            with self.refused("performance officers", error=AccessError):
                self.board(who, scope="department")
            self.assertEqual(self.board(who)["departments"], [])

    def test_who_leads_nobody_sees_nobody(self):
        board = self.board("employee")
        self.assertFalse(board["leads"])
        self.assertEqual((board["people"], board["sentences"]), ([], []))

    def test_a_circle_ends(self):
        self.director.parent_id = self.employee
        board = self.board("director", scope="line")
        self.assertNotIn("Director", [row["name"] for row in board["people"]])

    # ------------------------------------------------------------- why

    def test_nothing_is_known_yet(self):
        self.assertEqual(
            self.reasons(),
            {
                "no_contact": "No contact yet, and no meeting planned",
                "no_goals": "No goals in this period yet",
                "not_noted": "Nothing noted on the work yet",
            },
        )
        self.assertFalse(self.row()["needs_help"])
        self.assertEqual(
            self.board()["sentences"],
            [
                "Nobody needs you this week: all is well as far as known.",
                "No check-in is late.",
            ],
        )

    def test_health_of_goals(self):
        self.running_goal(health="on_track")
        self.running_goal(health="off_track")
        stale = self.running_goal(health="stale")
        self.set_dates(stale, stale_on=self.ago(3), checkin_due=self.ago(9))
        self.running_goal(self.colleague, health="at_risk")
        # cancelled, and of another time
        self.running_goal(health="off_track").action_cancel("Not wanted")
        reasons = self.reasons()
        self.assertEqual(reasons["off_track"], "1 goal off track")
        self.assertEqual(reasons["stale"], "1 goal without an update (3 days)")
        # what is stale is late as well, and is said once
        self.assertNotIn("late", reasons)
        row = self.row()
        self.assertEqual(
            [dot["health"] for dot in row["dots"]], ["off_track", "stale", "on_track"]
        )
        self.assertEqual(row["dots"][0]["label"], "Off track")
        self.assertEqual(row["goals"], 3)
        board = self.board()
        self.assertEqual(
            board["sentences"],
            ["1 of 2 people needs you this week.", "1 check-in is late."],
        )
        # worst first
        self.assertEqual(
            [row["name"] for row in board["people"]], ["Employee", "Colleague"]
        )
        self.running_goal(self.colleague, health="off_track")
        late = self.running_goal(self.colleague, health="off_track")
        self.set_dates(late, checkin_due=self.ago(1))
        board = self.board()
        self.assertEqual(
            board["sentences"],
            ["2 of 2 people need you this week.", "2 check-ins are late."],
        )
        self.assertIn("late", self.reasons(person=self.colleague))

    def test_what_a_unit_does_is_its_heads(self):
        self.running_goal(self.department_sub, health="off_track")
        self.assertEqual(
            self.reasons("director", self.manager)["off_track"], "1 goal off track"
        )

    def test_blockers(self):
        goal = self.running_goal(name="Win customers")
        self.checkin(goal, date=self.ago(9), blockers="No licence")
        self.checkin(goal, blockers="Still no licence")
        row = self.row()
        self.assertEqual(row["blockers"][0]["text"], "Still no licence")
        self.assertEqual(row["blockers"][0]["goal"], "Win customers")
        self.assertEqual(row["reasons"][0]["code"], "blocked")
        self.assertIn("9 days", row["reasons"][0]["text"])
        self.assertEqual(row["deed"], "meet")
        self.checkin(goal, blockers=False)
        self.assertEqual(self.row()["blockers"], [])

    def test_answers_that_are_waited_for(self):
        goal = self.running_goal()
        first = self.checkin(goal)
        self.checkin(goal)
        self.assertEqual(
            self.reasons()["to_answer"], "2 check-ins wait for an answer (today)"
        )
        row = self.row()
        self.assertEqual(row["answer_id"], first.id)
        action = self.as_(self.env["hr.performance.help"], "manager").action_deed(
            self.employee.id, "answer"
        )
        self.assertEqual(action["context"]["default_checkin_id"], first.id)
        for checkin in self.env["hr.performance.checkin"].search([]):
            self.as_(checkin, "manager").action_acknowledge()
        row = self.row()
        self.assertFalse(row["answer_id"])
        # that was a talk
        self.assertEqual(row["last_contact"], self.today)
        self.assertNotIn("no_contact", self.reasons())

    def test_actions_and_load(self):
        goal = self.running_goal()
        actions = self.env["hr.performance.action"]
        actions.create(
            [
                {
                    "goal_id": goal.id,
                    "name": f"Step {number}",
                    "date_deadline": self.ago(2),
                    "planned_hours": 16,
                }
                for number in range(4)
            ]
        )
        actions.create({"goal_id": goal.id, "name": "Later", "planned_hours": 16})
        row = self.row()
        self.assertEqual((row["actions"], row["hours"], row["overdue"]), (5, 80.0, 4))
        self.assertEqual((row["usual_actions"], row["usual_hours"]), (2.5, 40.0))
        reasons = self.reasons()
        self.assertEqual(reasons["overdue"], "4 actions overdue (2 days)")
        self.assertEqual(reasons["overloaded"], "Clearly more to do than usual")
        actions.search([]).action_finish()
        self.assertNotIn("overdue", self.reasons())

    def test_talks_and_notes(self):
        """What the manager said to the person is a talk; an observation is a note."""
        self.give("manager", visibility="managers")
        reasons = self.reasons()
        self.assertNotIn("not_noted", reasons)
        self.assertIn("no_contact", reasons)
        self.give("manager", visibility="line")
        self.assertNotIn("no_contact", self.reasons())
        self.assertEqual(self.row()["last_contact"], self.today)
        # of a colleague it is a note, and no talk with the manager
        self.give("employee", self.colleague, visibility="line")
        self.assertIn("no_contact", self.reasons(person=self.colleague))
        self.assertNotIn("not_noted", self.reasons(person=self.colleague))

    def meet(self, start, state=None):
        meeting = self.as_(self.env["hr.performance.meeting"], "manager").create(
            {"employee_id": self.employee.id, "kind": "one_on_one", "start": start}
        )
        if state == "held":
            meeting.minutes = "We talked"
            meeting.action_hold()
        return meeting

    def test_meetings(self):
        self.meet(fields.Datetime.now() - timedelta(days=8), "held")
        row = self.row()
        self.assertEqual((self.today - row["last_contact"]).days, 8)
        self.assertNotIn("no_contact", self.reasons())
        soon = self.meet(fields.Datetime.now() + timedelta(days=3))
        self.assertEqual(self.row()["next_meeting"], soon.date)
        helper = self.as_(self.env["hr.performance.help"], "manager")
        action = helper.action_deed(self.employee.id, "next_meeting")
        self.assertEqual(action["res_id"], soon.id)
        soon.action_cancel()
        self.assertFalse(self.row()["next_meeting"])

    def test_who_is_about_to_meet_has_contact(self):
        self.meet(fields.Datetime.now() + timedelta(days=3))
        self.assertNotIn("no_contact", self.reasons())

    def test_high_risks(self):
        goal = self.running_goal()
        self.env["hr.performance.risk"].create(
            {
                "goal_id": goal.id,
                "name": "The supplier fails",
                "probability": 5,
                "consequence": 5,
            }
        )
        self.assertEqual(
            self.reasons()["high_risk"], "1 goal with a high risk that nobody treats"
        )

    def test_two_months_without_a_note(self):
        feedback = self.give("manager", visibility="managers", date=self.ago(60))
        self.assertNotIn("not_noted", self.reasons())
        self.env.cr.execute(
            "UPDATE hr_performance_feedback SET date = %s WHERE id = %s",
            (self.ago(61), feedback.id),
        )
        self.assertEqual(
            self.reasons()["not_noted"], "Nothing noted on the work for 2 months"
        )
        board = self.board(only="not_noted")
        self.assertEqual(board["total"], board["counts"]["not_noted"])

    def test_under_the_users_own_rules(self):
        """What a manager may read, HR may not: nothing of it shows on the board."""
        self.give("manager", visibility="line", text="Between us")
        goal = self.running_goal()
        self.checkin(goal, blockers="Something")
        row = self.row("officer", scope="department")
        self.assertFalse(row["last_contact"])
        self.assertIn("not_noted", [reason["code"] for reason in row["reasons"]])
        board = self.board("director", scope="line")
        self.assertEqual(len(board["people"]), 5)

    # ------------------------------------------------------------- pages

    def test_filters_and_pages(self):
        self.running_goal(health="off_track")
        self.assertEqual(
            [row["name"] for row in self.board(only="need")["people"]], ["Employee"]
        )
        self.assertEqual(self.board(only="late")["people"], [])
        board = self.board(limit=1)
        self.assertEqual((board["total"], len(board["people"])), (2, 1))
        second = self.board(limit=1, offset=1)
        self.assertEqual(second["people"][0]["name"], "Colleague")
        for nonsense in (
            {"limit": -3},
            {"limit": 10**9},
            {"offset": -1},
            {"only": "x"},
        ):
            self.assertTrue(self.board(**nonsense)["people"], nonsense)

    def test_deeds(self):
        helper = self.as_(self.env["hr.performance.help"], "manager")
        action = helper.action_deed(self.employee.id, "goals")
        self.assertEqual(action["domain"], [("responsible_id", "=", self.employee.id)])
        # without one, the next meeting is planned
        for deed in ("meet", "next_meeting"):
            action = helper.action_deed(self.employee.id, deed)
            self.assertEqual(action["context"]["default_kind"], "one_on_one")
            # a form of its own would be saved, and people invited, by turning to another tab
            self.assertEqual(action["target"], "new")
        action = helper.action_deed(self.employee.id, "feedback")
        self.assertEqual(action["context"]["default_employee_id"], self.employee.id)

    def test_as_many_queries_for_many_people_as_for_few(self):
        def fill(count):
            people = self.env["hr.employee"].create(
                [
                    {
                        "name": f"Person {number}",
                        "parent_id": self.manager.id,
                        "company_id": self.company.id,
                        "department_id": self.department_sub.id,
                    }
                    for number in range(count)
                ]
            )
            goals = self.env["hr.performance.goal"].create(
                [
                    {
                        "name": f"Goal of {person.name}",
                        "cycle_id": self.cycle.id,
                        "scope": "employee",
                        "employee_id": person.id,
                        "action_ids": [
                            fields.Command.create(
                                {"name": "A step", "date_deadline": self.ago(1)}
                            )
                        ],
                    }
                    for person in people
                ]
            )
            goals.action_propose()
            goals.action_agree()
            checkins = self.env["hr.performance.checkin"].create(
                [
                    {
                        "goal_id": goal.id,
                        "employee_id": goal.employee_id.id,
                        "blockers": "In the way",
                    }
                    for goal in goals
                ]
            )
            checkins.action_post()
            self.env["hr.performance.feedback"].create(
                [
                    {
                        "employee_id": person.id,
                        "author_id": self.manager.id,
                        "text": "Good",
                    }
                    for person in people
                ]
            ).action_give()

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            board = self.env["hr.performance.help"].with_user(self.manager_user)
            fields.Date.context_today(board)  # who asks, read by every request
            before = self.env.cr.sql_log_count
            total = board.get_who_needs_help()["total"]
            return total, self.env.cr.sql_log_count - before

        fill(3)
        queries()
        few = queries()
        fill(60)
        queries()  # what the registry remembers, new people make it forget
        many = queries()
        self.assertEqual((few[0], many[0]), (5, 65))
        self.assertEqual(many[1], few[1])
        self.assertLessEqual(many[1], 30)
