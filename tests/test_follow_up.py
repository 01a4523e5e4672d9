"""A quarter, night after night: each is told on the right day, once, whatever happens.

The second quarter of 2026, hours of Oslo. Holidays: Good Friday 3 April, Easter Monday 6
April, 1 May, Ascension Day 14 May (a Thursday), Whit Monday 25 May. All goals are agreed on
Wednesday 1 April and checked in on every two weeks, with three working days of grace.
"""

from contextlib import contextmanager
from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from .test_owed import OwedCommon

FIRST, LAST = date(2026, 4, 1), date(2026, 6, 30)
HOLIDAYS = [(4, 3), (4, 6), (5, 1), (5, 14), (5, 25)]


class KilledError(Exception):
    """The process is gone."""


@tagged("post_install", "-at_install")
class TestFollowUp(OwedCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for month, day in HOLIDAYS:
            cls.holiday(date(2026, month, day))
        boss = cls._hire("Boss", cls.manager)  # without a user
        cls.absent = cls._hire("Absent", cls.manager, "perf_absent")
        cls.below_boss = cls._hire("Below", boss, "perf_below")
        cls.silent = cls._hire("Silent", cls.manager)  # without a user
        cls.away(cls.absent, date(2026, 4, 13), date(2026, 4, 24))
        cycle = cls.make_cycle(
            "Q2 2026",
            parent_id=cls.cycle.id,
            period_type="quarter",
            date_start=FIRST,
            date_end=LAST,
            checkin_frequency="two_weeks",
        )
        cls.director_user.performance_digest = "daily"
        cls.manager_user.performance_digest = "none"
        cls.goals = {
            person.name: cls.agreed(FIRST, person, cycle_id=cycle.id)
            for person in (cls.employee, cls.absent, cls.below_boss, cls.silent)
        }
        cls.env.flush_all()

    @classmethod
    def _hire(cls, name, manager, login=None):
        user = login and cls._make_user(login, name)
        person = cls.env["hr.employee"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "user_id": user and user.id,
                "tz": "Europe/Oslo",
                "date_version": date(2020, 1, 1),
            }
        )
        person.parent_id = manager
        return person

    @classmethod
    def _make_user(cls, login, name):
        user = cls.employee_user.copy(
            {"login": login, "name": name, "email": f"{login}@example.com"}
        )
        user.employee_ids.user_id = False
        cls.users[name.lower()] = user
        return user

    # ------------------------------------------------------------- the nights

    @contextmanager
    def transactions(self, kill_at=None):
        """Savepoints for commits; at the ``kill_at``-th one the process is gone before."""
        cr = self.env.cr
        state = {"savepoint": cr.savepoint(), "commits": 0}

        def commit(cron, processed=0, *, remaining=None, deactivate=False):
            state["commits"] += 1
            if state["commits"] == kill_at:
                raise KilledError
            state["savepoint"].close(rollback=False)
            state["savepoint"] = cr.savepoint()
            return 60.0

        try:
            with patch.object(type(self.env["ir.cron"]), "_commit_progress", commit):
                yield
            state["savepoint"].close(rollback=False)
        except KilledError:
            self.env.invalidate_all(flush=False)
            self.env.transaction.clear()
            state["savepoint"].close(rollback=True)
            raise

    def jobs(self):
        self.env["hr.performance.goal"]._cron_refresh_health(limit=2)
        self.env["hr.performance.owed"]._cron_tell(limit=2)

    def run_night(self, kill_at=None):
        """Both jobs, killed at one of their commits if asked; whether they came through."""
        try:
            with self.transactions(kill_at):
                self.jobs()
            return True
        except KilledError:
            return False

    def look(self):
        """What is on whose activities, and which mails there are."""
        self.env.flush_all()
        self.env.invalidate_all()
        owners = {goal.id: name for name, goal in self.goals.items()}
        activities = self.env["mail.activity"].search(
            [("res_model", "=", "hr.performance.goal"), ("res_id", "in", list(owners))]
        )
        names = activities.activity_type_id.get_external_id()
        return {
            activity.id: (
                owners[activity.res_id],
                names[activity.activity_type_id.id].split("mail_activity_")[1],
                activity.user_id.name,
            )
            for activity in activities
        } | {
            f"mail {mail.id}": ("mail", mail.recipient_ids.name)
            for mail in self.env["mail.mail"].search(
                [("subject", "like", "in Performance")]
            )
        }

    def test_a_quarter_day_by_day(self):
        told, over, mails, stale = {}, {}, {}, {}
        seen = self.look()
        self.assertFalse(seen)
        day, number = FIRST, 0
        with freeze_time(FIRST) as clock:
            while day <= date(2026, 7, 3):
                clock.move_to(day)
                number += 1
                # on two nights of three the process dies somewhere on the way, and again
                if number % 3:
                    self.run_night(kill_at=number % 7 + 1)
                    self.run_night(kill_at=number % 5 + 3)
                self.assertTrue(self.run_night())
                self.assertTrue(self.run_night())  # once more the same day
                now = self.look()
                for key in now.keys() - seen.keys():
                    if now[key][0] == "mail":
                        mails.setdefault(now[key][1], []).append(day)
                    else:
                        told.setdefault(now[key], []).append(day)
                for name, goal in self.goals.items():
                    if goal.health == "stale":
                        stale.setdefault(name, []).append(day)
                asked = [value for value in now.values() if value[0] != "mail"]
                self.assertEqual(len(asked), len(set(asked)))  # nothing twice
                self.post_on(day)
                after = self.look()
                for key in now.keys() - after.keys():
                    over.setdefault(now[key], []).append(day)
                for key in seen.keys() - now.keys():
                    over.setdefault(seen[key], []).append(day)
                seen = after
                day += timedelta(days=1)
        self.assert_reminders(told, over)
        self.assert_stale(stale)
        self.assert_mails(mails)

    def post_on(self, day):
        """The employee checks in on these days, the others never."""
        if (day.month, day.day) in [(4, 29), (5, 13), (5, 27), (6, 9)]:
            self.as_(self.env["hr.performance.checkin"], "employee").create(
                {"goal_id": self.goals["Employee"].id}
            ).action_post()

    def days(self, *days):
        return [date(2026, month, day) for month, day in days]

    def assert_reminders(self, told, over):
        """By hand: due two weeks on, stale after three days at work, up after three more.

        Employee: due Wednesday 15 April; 16, 17, 20 are grace, so the manager on the 21st;
        22 to 24, so the director on Monday the 27th. Posted on 29 April: due 13 May, posted;
        due 27 May, posted; due 10 June, posted on the 9th; due 23 June; 24 to 26 June are
        grace, so the manager on the 29th. One up would be 3 July, after the end.
        Absent: away until Friday 24 April, so due on the 27th; 28 to 30 April, 1 May is a
        holiday, so the manager on Monday 4 May; the director on the 8th.
        Below: the boss has no user, so the manager is told on the day of the boss.
        Silent has no user: the manager on the day itself, the director after the grace, and
        above the director there is nobody.
        """
        self.assertEqual(
            told,
            {
                ("Employee", "checkin", "Employee"): self.days(
                    (4, 15), (5, 13), (5, 27), (6, 23)
                ),
                ("Employee", "checkin_missed", "Manager"): self.days((4, 21), (6, 29)),
                ("Employee", "checkin_missed_above", "Director"): self.days((4, 27)),
                ("Absent", "checkin", "Absent"): self.days((4, 27)),
                ("Absent", "checkin_missed", "Manager"): self.days((5, 4)),
                ("Absent", "checkin_missed_above", "Director"): self.days((5, 8)),
                ("Below", "checkin", "Below"): self.days((4, 15)),
                ("Below", "checkin_missed", "Manager"): self.days((4, 21)),
                ("Below", "checkin_missed_above", "Director"): self.days((4, 27)),
                ("Silent", "checkin", "Manager"): self.days((4, 15)),
                ("Silent", "checkin_missed", "Director"): self.days((4, 21)),
            },
        )
        # posting closes all of it; when the period is over, nobody can check in any more
        end = (7, 1)
        self.assertEqual(
            over,
            {
                ("Employee", "checkin", "Employee"): self.days(
                    (4, 29), (5, 13), (5, 27), end
                ),
                ("Employee", "checkin_missed", "Manager"): self.days((4, 29), end),
                ("Employee", "checkin_missed_above", "Director"): self.days((4, 29)),
                **{key: self.days(end) for key in told if key[0] != "Employee"},
            },
        )

    def assert_stale(self, stale):
        def span(first, last):
            first, last = date(2026, *first), date(2026, *last)
            return [
                first + timedelta(days=ahead)
                for ahead in range((last - first).days + 1)
            ]

        self.assertEqual(
            stale,
            {
                "Employee": span((4, 21), (4, 29)) + span((6, 29), (6, 30)),
                "Absent": span((5, 4), (6, 30)),
                "Below": span((4, 21), (6, 30)),
                "Silent": span((4, 21), (6, 30)),
            },
        )

    def assert_mails(self, mails):
        """Once a week on Mondays, Tuesdays after a holiday; the director every working day.

        Employee: with something overdue or due within seven days. Absent: not while away.
        The director owes something from 21 April on: 8 working days in April, 18 in May
        (21 weekdays, three of them holidays), 22 in June. The manager wants no mail.
        """
        self.assertEqual(
            mails.pop("Employee"),
            self.days(
                (4, 13), (4, 20), (4, 27), (5, 11), (5, 26), (6, 8), (6, 22), (6, 29)
            ),
        )
        self.assertEqual(
            mails.pop("Absent"),
            self.days(
                (4, 27),
                (5, 4),
                (5, 11),
                (5, 18),
                (5, 26),
                (6, 1),
                (6, 8),
                (6, 15),
                (6, 22),
                (6, 29),
            ),
        )
        self.assertEqual(
            mails.pop("Below"),
            self.days(
                (4, 13),
                (4, 20),
                (4, 27),
                (5, 4),
                (5, 11),
                (5, 18),
                (5, 26),
                (6, 1),
                (6, 8),
                (6, 15),
                (6, 22),
                (6, 29),
            ),
        )
        director = mails.pop("Director")
        self.assertEqual(director[0], date(2026, 4, 21))
        self.assertEqual(director[-1], LAST)
        self.assertEqual(len(director), 8 + 18 + 22)
        self.assertEqual(mails, {})

    # ------------------------------------------------------------- the digest

    def test_the_digest_says_what_and_when(self):
        with freeze_time("2026-04-27"):
            self.jobs_without_commits()
            mail = self.env["mail.mail"].search([("subject", "like", "in Performance")])
            own = mail.filtered(lambda one: one.recipient_ids.name == "Below")
            self.assertEqual(own.subject, "Waiting for you in Performance: 1")
            self.assertIn("12 days late", own.body_html)
            self.assertIn("A goal of Below", own.body_html)
            self.assertIn("/odoo/what-i-owe", own.body_html)
            # on no record: who may read that would read the mail
            self.assertFalse(any(mail.mapped("model")))
            message = own.mail_message_id
            for name in ("colleague", "manager", "officer", "employee"):
                self.assertFalse(self.as_(message, name).has_access("read"), name)

    def jobs_without_commits(self):
        with self.transactions():
            self.env["hr.performance.goal"]._cron_refresh_health()
            self.env["hr.performance.owed"]._cron_tell()

    def test_who_owes_nothing_gets_no_mail(self):
        self.officer_user.performance_digest = "daily"
        with freeze_time("2026-04-27"):
            self.jobs_without_commits()
        told = (
            self.env["hr.performance.notice"].search([("kind", "=", "digest")]).user_id
        )
        self.assertNotIn(self.officer_user, told)
        self.assertIn(self.director_user, told)

    def test_everybody_chooses_for_themselves(self):
        user = self.as_(self.employee_user, "employee")
        user.write({"performance_digest": "daily", "performance_digest_day": "3"})
        self.assertEqual(self.employee_user.performance_digest, "daily")

    # ------------------------------------------------------------- the cost

    def test_the_night_costs_the_same_for_ten_times_the_goals(self):
        cycle = self.goals["Employee"].cycle_id
        counts = []
        for number in (50, 50, 500):
            goals = self.env["hr.performance.goal"].create(
                [
                    {
                        "name": f"Goal {n}",
                        "cycle_id": cycle.id,
                        "employee_id": (self.employee, self.silent)[n % 2].id,
                        "state": "agreed",
                        "agreed_date": FIRST,
                    }
                    for n in range(number)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            with freeze_time("2026-04-27"):
                before = self.env.cr.sql_log_count
                self.assertEqual(
                    self.env["hr.performance.goal"]._refresh_running(1000),
                    number + len(self.goals) * (not counts),
                )
                self.env.flush_all()
                counts.append(self.env.cr.sql_log_count - before)
            # of the owner, the one above, and one more above
            self.assertEqual(len(goals.activity_ids), number * 3 - number // 2)
        # Odoo itself writes a hundred rows a statement, and nothing else grows
        self.assertLessEqual(counts[2] - counts[1], 30, counts)
        self.assertLessEqual(counts[2], 60, counts)

    def test_the_list_opens_with_as_many_queries(self):
        cycle = self.goals["Employee"].cycle_id
        counts = []
        for number in (20, 20, 200):
            self.env["hr.performance.goal"].create(
                [
                    {
                        "name": f"Goal {n}",
                        "cycle_id": cycle.id,
                        "employee_id": self.employee.id,
                        "state": "agreed",
                        "agreed_date": FIRST,
                    }
                    for n in range(number)
                ]
            )
            owed = self.as_(self.env["hr.performance.owed"], "employee")
            with freeze_time("2026-04-27"):
                before = self.env.cr.sql_log_count
                found = owed.web_search_read(
                    [("is_mine", "=", True), ("state", "in", ("to_do", "overdue"))],
                    {
                        "display_name": {},
                        "record_name": {},
                        "deadline": {},
                        "state": {},
                        "type_id": {"fields": {"display_name": {}}},
                    },
                    limit=300,
                )
                counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(found["length"], 1 + 240)
        self.assertEqual(*counts[1:])

    def test_the_line_opens_with_as_many_queries_for_more_people(self):
        cycle = self.goals["Employee"].cycle_id
        counts = []
        for number in (5, 5, 40):
            people = self.env["hr.employee"].create(
                [
                    {
                        "name": f"One more {n}",
                        "company_id": self.company.id,
                        "parent_id": self.manager.id,
                        "user_id": self._make_user(
                            f"perf_{number}_{n}_{len(counts)}", "N"
                        ).id,
                    }
                    for n in range(number)
                ]
            )
            self.env["hr.performance.goal"].create(
                [
                    {
                        "name": f"Goal of {person.id}",
                        "cycle_id": cycle.id,
                        "employee_id": person.id,
                        "state": "agreed",
                        "agreed_date": FIRST,
                    }
                    for person in people
                ]
            )
            owed = self.as_(self.env["hr.performance.owed"], "manager")
            with freeze_time("2026-04-16"):
                before = self.env.cr.sql_log_count
                found = owed.web_search_read(
                    [("is_mine", "=", False), ("state", "=", "overdue")],
                    {
                        "display_name": {},
                        "record_name": {},
                        "deadline": {},
                        "state": {},
                        "type_id": {"fields": {"display_name": {}}},
                        "employee_id": {"fields": {"display_name": {}}},
                        "about_id": {"fields": {"display_name": {}}},
                    },
                    limit=80,
                )
                counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(found["length"], 2 + 50)
        self.assertEqual(*counts[1:])


@tagged("post_install", "-at_install")
class TestWhatIOwe(OwedCommon):
    def test_a_click_opens_the_deed(self):
        goal = self.agreed(date(2026, 1, 15))
        with freeze_time("2026-02-20"):
            goal._refresh_health()
            owed = self.env["hr.performance.owed"]
            domain = [("res_id", "=", goal.id), ("res_model", "=", goal._name)]
            own = self.as_(owed, "employee").search(domain)
            self.assertEqual(own.kind, "checkin")
            self.assertEqual(own.display_name, f"Check in: {goal.name}")
            self.assertEqual(own.days_late, 4)
            action = own.action_do()
            self.assertEqual(action["res_model"], "hr.performance.checkin")
            self.assertEqual(action["target"], "new")
            # the manager opens the goal, both for what they and what others owe
            for row in self.as_(owed, "manager").search(domain):
                self.assertEqual(row.action_do()["res_model"], "hr.performance.goal")
                self.assertEqual(row.action_do()["res_id"], goal.id)

    def test_my_performance_shows_the_same(self):
        goal = self.agreed(date(2026, 1, 15))
        mine = self.as_(self.env["hr.performance.mine"], "employee")
        for day, expected in (
            ("2026-02-08", []),
            ("2026-02-09", [7]),
            ("2026-02-17", [-1]),
        ):
            with freeze_time(day):
                lines = mine.get_my_performance()["to_do"]
                self.assertEqual([line["days"] for line in lines], expected, day)
        self.assertEqual(lines[0]["name"], f"Check in: {goal.name}")

    def test_a_peers_review_is_between_two(self):
        """Whom somebody reviews is not for the line or HR; the two usual ones are."""
        request = self.make_appraisal().request_ids.filtered(
            lambda request: request.role == "manager"
        )
        domain = [("res_model", "=", request._name), ("res_id", "=", request.id)]
        owed = self.env["hr.performance.owed"]
        for name in ("manager", "director", "officer"):
            self.assertTrue(self.as_(owed, name).search(domain), name)
        self.env.flush_all()
        # past the form, which does not know peers yet
        self.env.cr.execute(
            "UPDATE hr_performance_request SET role = 'peer' WHERE id = %s",
            [request.id],
        )
        self.assertTrue(self.as_(owed, "manager").search(domain))
        for name in ("director", "officer", "administrator", "employee"):
            self.assertFalse(self.as_(owed, name).search(domain), name)
            groups = self.as_(owed, name).formatted_read_group(
                domain, ["employee_id"], ["__count"]
            )
            self.assertFalse(groups, name)

    def test_the_line_sees_who_is_late(self):
        goal = self.agreed(date(2026, 1, 15))
        with freeze_time("2026-02-17"):
            for name, sees in (
                ("manager", True),
                ("director", True),
                ("officer", True),
                ("colleague", False),
                ("other_officer", False),
            ):
                rows = self.as_(self.env["hr.performance.owed"], name).search(
                    [("res_id", "=", goal.id), ("kind", "=", "checkin")]
                )
                self.assertEqual(bool(rows), sees, name)
                self.assertEqual(rows.mapped("state"), ["overdue"] * sees)

    def test_the_preferences_form(self):
        view = self.env.ref("base.view_users_form_simple_modif")
        arch = self.as_(self.env["res.users"], "employee").get_view(view.id)["arch"]
        for name in ("performance_bell", "performance_digest"):
            self.assertIn(f'name="{name}"', arch)
        self.assertEqual(
            self.as_(self.employee_user, "employee").read(["performance_digest"])[0][
                "performance_digest"
            ],
            "weekly",
        )
