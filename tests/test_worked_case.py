"""A year of a whole company, every figure of which can be checked with a pencil.

Nordic Trade has to sell for 120 M NOK in 2026 and to bring its cost from 40 M down to
36 M. All figures are thousands of NOK, in whole numbers. It has ten people in three
departments and eight posts::

    North (5)   Head of North   Nora          South (3)   Head of South   Sven
                Key accounts    Kari, Knut                Sales South     Sara
                Field sales     Finn, Frida               Service South   Stig
    Online (2)  Head of Online  Olga
                Campaigns       Omar

Knut moves to Sales South on 1 May, Hilde is hired for Key accounts on 1 August, and on
1 September North need sell 7,300 less in a year.

2026 has 365 days: January to April 120, May to July 92, August 31, September to December
122; the quarters have 90, 91, 92 and 92 days.
"""

from datetime import date

from freezegun import freeze_time

from odoo import fields
from odoo.tests import new_test_user, tagged

from .common import OFFICER, PerformanceCommon

POSTS = {
    "Head of North": ("North", ["Nora"]),
    "Key accounts": ("North", ["Kari", "Knut"]),
    "Field sales": ("North", ["Finn", "Frida"]),
    "Head of South": ("South", ["Sven"]),
    "Sales South": ("South", ["Sara"]),
    "Service South": ("South", ["Stig"]),
    "Head of Online": ("Online", ["Olga"]),
    "Campaigns": ("Online", ["Omar"]),
}
HEADS = {"North": "Nora", "South": "Sven", "Online": "Olga"}
QUARTERS = ("Q1", "Q2", "Q3", "Q4")
MONTHS = tuple(f"2026-{month:02}" for month in range(1, 13))

#: what everybody sells in a month: North 5,000, South 2,900, Online 1,400; 9,300 in all.
#: Knut's is 600 from May on, when North has 4,000, South 3,500 and all have 8,900.
#: With Hilde, from August on, North has 4,800 and all have 9,700.
SALES = {
    "Nora": 700,
    "Kari": 1_500,
    "Knut": 1_000,
    "Finn": 900,
    "Frida": 900,
    "Sven": 1_000,
    "Sara": 900,
    "Stig": 1_000,
    "Olga": 400,
    "Omar": 1_000,
}
KNUT_IN_SOUTH, HILDE = 600, 800
#: what the departments spend in a quarter, reported for the head, who answers for it in
#: their post as well: 8,950 in all, 35,800 in the year
SPENT = {"Nora": 3_900, "Sven": 3_800, "Olga": 1_250}


class WorkedCase(PerformanceCommon):
    """The company on 2 January, and the means to live through its year."""

    @classmethod
    def setUpClass(cls):
        cls.startClassPatcher(freeze_time("2026-01-02"))
        super().setUpClass()
        cls.goals = cls.env["hr.performance.goal"]
        cls._agree_on_company_goals()
        cls._cascade_to_departments_and_periods()
        cls._cascade_to_posts()

    @classmethod
    def _create_people(cls):
        cls.users = {
            name: new_test_user(
                cls.env,
                login=f"perf_{name.lower()}",
                name=name,
                groups=groups,
                company_id=cls.company.id,
            )
            for name, groups in (
                ("officer", f"base.group_user,{OFFICER}"),
                ("director", "base.group_user"),
                ("Nora", "base.group_user"),
            )
        }
        cls.departments = cls.env["hr.department"].create(
            [{"name": name, "company_id": cls.company.id} for name in HEADS]
        )
        cls.units = {unit.name: unit for unit in cls.departments}
        cls.posts = {
            name: cls.env["hr.job"].create(
                {
                    "name": name,
                    "company_id": cls.company.id,
                    "department_id": cls.units[unit].id,
                }
            )
            for name, (unit, _holders) in POSTS.items()
        }
        cls.people = {}
        for name in ("director", "officer"):
            cls.hire(name, date(2020, 1, 1))
        for post, (_unit, holders) in POSTS.items():
            for name in holders:
                cls.hire(name, date(2020, 1, 1), post)
        for unit, head in HEADS.items():
            cls.units[unit].manager_id = cls.people[head]
        for name, person in cls.people.items():
            unit = person.department_id.name
            if name in ("director", "officer"):
                continue
            person.parent_id = cls.people[
                "director" if HEADS[unit] == name else HEADS[unit]
            ]

    @classmethod
    def hire(cls, name, day, post=None):
        job = cls.posts[post] if post else cls.env["hr.job"]
        cls.people[name] = cls.env["hr.employee"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "user_id": cls.users[name].id if name in cls.users else False,
                "department_id": job.department_id.id,
                "job_id": job.id,
                "date_version": day,
            }
        )

    @classmethod
    def _create_cycle(cls):
        cls.year = 2026
        cls.cycle = cls.make_cycle("2026", checkin_frequency="quarter")
        cls.cycle.action_create_subperiods("quarter")
        for quarter in cls.cycle.child_ids:
            quarter.action_create_subperiods("month")

    @classmethod
    def _create_indicators(cls):
        cls.revenue, cls.cost = cls.env["hr.performance.indicator"].create(
            [
                {"name": "Revenue", "code": "CASE_REV", "unit": "kNOK"},
                {
                    "name": "Cost",
                    "code": "CASE_COST",
                    "unit": "kNOK",
                    "direction": "lower",
                },
            ]
        )
        (cls.revenue | cls.cost).action_activate()

    # ------------------------------------------------------------- planning

    @classmethod
    def _agree_on_company_goals(cls):
        owner = {"responsible_id": cls.people["director"].id}
        cls.top_goal = cls.make_goal(cls.company, name="Grow with less", **owner)
        cls.company_revenue = cls.make_goal(
            cls.company,
            (cls.revenue, 120_000),
            name="Sell for 120 M",
            parent_id=cls.top_goal.id,
            weight=60,
            **owner,
        )
        cls.company_cost = cls.make_goal(
            cls.company,
            {"indicator_id": cls.cost.id, "baseline": 40_000, "target": 36_000},
            name="Spend 10 % less",
            parent_id=cls.top_goal.id,
            weight=40,
            **owner,
        )
        cls.agree_as_officer(cls.top_goal | cls.company_revenue | cls.company_cost)

    @classmethod
    def agree_as_officer(cls, goals):
        goals = cls.as_(goals, "officer")
        goals.filtered(lambda goal: goal.state == "draft").action_propose()
        goals.action_agree()

    @classmethod
    def cascade(cls, goals, by="officer", **values):
        """The plan for ``goals`` as ``by`` sees it."""
        action = cls.as_(goals, by).action_cascade()
        plan = cls.as_(cls.env["hr.performance.cascade"], by).browse(action["res_id"])
        plan.write(values)
        return plan

    @classmethod
    def make_planned(cls, plan):
        """Make what is planned; return the proposals."""
        assert not plan.preview()["problems"], plan.preview()["problems"]
        plan.action_next()
        plan.action_next()
        plan.action_start()
        assert plan.batch_state == "done"
        cls.env.invalidate_all()
        return cls.goals.search(
            [("id", "child_of", plan.source_ids.ids), ("state", "=", "proposed")]
        )

    @classmethod
    def share_of(cls, plan, indicator):
        return plan.measure_ids.filtered(
            lambda measure: measure.measure_id.indicator_id == indicator
        )

    @classmethod
    def _cascade_to_departments_and_periods(cls):
        # revenue by headcount 5 : 3 : 2, cost by weight 3 : 3 : 1, both over the quarters
        plan = cls.cascade(
            cls.company_revenue | cls.company_cost,
            receiver="department",
            period_type="quarter",
        )
        cls.share_of(plan, cls.revenue).method = "headcount"
        cls.share_of(plan, cls.cost).method = "weight"
        for line in plan.line_ids:
            line.share_weight = 1 if line.department_id == cls.units["Online"] else 3
        cls.agree_as_officer(cls.make_planned(plan))
        # the company's own quarters, by days
        plan = cls.cascade(
            cls.company_revenue, receiver="holder", period_type="quarter"
        )
        plan.measure_ids.profile = "days"
        cls.agree_as_officer(cls.make_planned(plan))
        # all quarters of revenue over their months, evenly
        quarters = cls.goals.search(
            [
                ("cycle_id.period_type", "=", "quarter"),
                ("measure_ids.indicator_id", "=", cls.revenue.id),
            ]
        )
        plan = cls.cascade(quarters, receiver="holder", period_type="month")
        cls.agree_as_officer(cls.make_planned(plan))

    @classmethod
    def _cascade_to_posts(cls):
        for unit, head in HEADS.items():
            goals = cls.goals.search(
                [
                    ("department_id", "=", cls.units[unit].id),
                    ("cycle_id", "=", cls.cycle.id),
                ]
            )
            plan = cls.cascade(
                goals, "Nora" if head == "Nora" else "officer", receiver="job"
            )
            cost = cls.share_of(plan, cls.cost)
            # cost is for the head of the department alone
            plan.line_ids.filtered(
                lambda line, cost=cost, head=head: (
                    line.measure_ids == cost and not line.job_id.name.startswith("Head")
                )
            ).selected = False
            revenue = cls.share_of(plan, cls.revenue)
            lines = {line.job_id.name: line.id for line in revenue._lines()}
            if unit == "North":  # what is typed leaves the rest to the head
                typed = {"Key accounts": 29_200, "Field sales": 21_900}
            elif unit == "South":
                revenue.method, typed = "headcount", {}
            else:
                revenue.method = "typed"
                typed = {"Head of Online": 6_000, "Campaigns": 15_000}
            revenue.grid_save(
                "target",
                [
                    {"line": lines[name], "period": 0, "value": value}
                    for name, value in typed.items()
                ],
            )
            goals = cls.make_planned(plan)
            # how far Key accounts is follows from its holders, each by their days
            goals.filtered(
                lambda goal: goal.job_id == cls.posts["Key accounts"]
            ).progress_source = "children"
            cls.agree_as_officer(goals)

    # ------------------------------------------------------------- the year

    def setUp(self):
        super().setUp()
        self.clock = freeze_time("2026-01-02")
        self.frozen = self.clock.start()
        self.addCleanup(self.clock.stop)
        self.reported = 0

    def live_until(self, month, day, year=2026):
        """Let what happens until then happen, and the scheduler look at it all."""
        until = date(year, month, day)
        events = (
            (date(2026, 5, 1), self.transfer),
            (date(2026, 8, 1), self.hire_hilde),
            (date(2026, 9, 1), self.cut_targets),
        )
        for event_day, event in events:
            if fields.Date.today() < event_day <= until:
                self.report_until(event_day)
                self.frozen.move_to(event_day)
                event()
                self.hand_out()
        self.report_until(until)
        self.frozen.move_to(until)
        self.run_job("ir_cron_refresh_health")

    def transfer(self):
        self.people["Knut"].create_version(
            {
                "date_version": fields.Date.today(),
                "department_id": self.units["South"].id,
                "job_id": self.posts["Sales South"].id,
            }
        )
        self.people["Knut"].parent_id = self.people["Sven"]

    def hire_hilde(self):
        self.hire("Hilde", fields.Date.today(), "Key accounts")
        self.people["Hilde"].parent_id = self.people["Nora"]

    def cut_targets(self):
        """North need sell 7,300 less in a year from 1 September, and so need those above.

        20 less a day for the 122 days that are left: 2,440 less in 2026.
        """
        self.change_target("Performance One", "2026", 112_700, "director")
        self.change_target("North", "2026", 52_700, "Nora")
        self.change_target("Key accounts", "2026", 21_900, "Nora")
        # 92 days of 20: the quarter that runs has 1,840 less, were it whole
        self.change_target("North", "Q3", 13_160, "Nora")
        # what has not begun is agreed on anew: 30 and 31 days of 20
        for period, target in (
            ("Q4", 13_160),
            ("2026-09", 4_400),
            ("2026-10", 4_380),
            ("2026-11", 4_400),
            ("2026-12", 4_380),
        ):
            self.agree_anew("North", period, target)

    def change_target(self, holder, period, target, by):
        measure = self.measures(self.revenue)[holder][period]
        change = self.as_(self.env["hr.performance.target.change"], by).create(
            {
                "measure_id": measure.id,
                "target": target,
                "date_from": fields.Date.today(),
                "reason": "A key account has gone bankrupt",
            }
        )
        self.as_(change, "officer").action_approve()

    def agree_anew(self, holder, period, target):
        measure = self.as_(self.measures(self.revenue)[holder][period], "officer")
        measure.goal_id.action_request_change("A key account has gone bankrupt")
        measure.target = target
        measure.goal_id.action_agree()

    def hand_out(self):
        self.run_job("ir_cron_hand_out")

    def run_job(self, name):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(f"hr_performance.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def report_until(self, until):
        """Send what was sold in each month and spent in each quarter that is over."""
        rows = []
        for month in range(self.reported + 1, 13):
            last = self.cycle.child_ids.child_ids.filtered(
                lambda cycle, month=month: cycle.date_start.month == month
            ).date_end
            if last > until:
                break
            self.reported = month
            sales = dict(SALES)
            if month >= 5:
                sales["Knut"] = KNUT_IN_SOUTH
            if month >= 8:
                sales["Hilde"] = HILDE
            rows += [
                {
                    "indicator": "CASE_REV",
                    "employee": self.people[name].id,
                    "date": fields.Date.to_string(last),
                    "value": value,
                }
                for name, value in sales.items()
            ]
            if month % 3 == 0:
                rows += [
                    {
                        "indicator": "CASE_COST",
                        "employee": self.people[name].id,
                        "date": fields.Date.to_string(last),
                        "value": value,
                    }
                    for name, value in SPENT.items()
                ]
        if rows:
            self.as_(self.env["hr.performance.reading"], "officer").upsert(rows)
            self.env.invalidate_all()

    # ------------------------------------------------------------- looking

    def measures(self, indicator):
        """``{holder: {period: measure}}``; what a person has of a second post by name."""
        found = {}
        for goal in self.goals.search(
            [("measure_ids.indicator_id", "=", indicator.id)]
        ):
            holder = (goal._holder() or goal.company_id).name
            if goal.post_goal_id:
                holder = f"{holder}, {goal.post_goal_id.job_id.name}"
            period = goal.cycle_id.name.removeprefix("2026 ")
            self.assertNotIn(period, found.setdefault(holder, {}))
            found[holder][period] = goal.measure_ids
        return found

    def check(self, field, indicator, expected):
        """Every node of ``indicator`` has in ``field`` what was worked out by hand.

        :param expected: ``{holder: (year, *quarters, *months)}``, for people and posts the
            year alone; to two decimals
        """
        for holder, figures in self.measures(indicator).items():
            wanted = expected.pop(holder)
            wanted = wanted if isinstance(wanted, tuple) else (wanted,)
            periods = ("2026", *QUARTERS, *MONTHS)[: len(wanted)]
            self.assertEqual(set(figures), set(periods), holder)
            for period, value in zip(periods, wanted, strict=True):
                measure = figures[period]
                record = measure if field in measure._fields else measure.goal_id
                with self.subTest(field=field, holder=holder, period=period):
                    found = record[field]
                    if isinstance(value, str) or value is None or found is None:
                        self.assertEqual(found, value)
                    else:
                        self.assertAlmostEqual(found, value, 2)
        self.assertFalse(expected, "no such nodes")


@tagged("post_install", "-at_install")
class TestWorkedCase(WorkedCase):
    def test_planned(self):
        # by days: 120,000 · 90 / 365 = 29,589.04, · 91 = 29,917.81, · 92 = 30,246.58
        # rounded down 29,589 + 29,917 + 2 · 30,246 = 119,998: two are left, for .81 and
        # the first .58; a third of a quarter: 9,863, 9,972.67, 10,082.33 and 10,082
        company = (
            120_000, 29_589, 29_918, 30_247, 30_246,
            9_863, 9_863, 9_863, 9_973, 9_973, 9_972,
            10_083, 10_082, 10_082, 10_082, 10_082, 10_082,
        )  # fmt: skip
        self.check(
            "target",
            self.revenue,
            {
                "Performance One": company,
                # 5, 3 and 2 of 10 people; a quarter of it; a third of that
                "North": (60_000, *[15_000] * 4, *[5_000] * 12),
                "South": (36_000, *[9_000] * 4, *[3_000] * 12),
                "Online": (24_000, *[6_000] * 4, *[2_000] * 12),
                "Key accounts": 29_200,
                "Field sales": 21_900,
                "Head of North": 8_900,  # 60,000 − 29,200 − 21,900
                "Head of South": 12_000,
                "Sales South": 12_000,
                "Service South": 12_000,
                "Head of Online": 6_000,
                "Campaigns": 15_000,
                # two share a post
                "Kari, Key accounts": 14_600,
                "Knut, Key accounts": 14_600,
                "Finn, Field sales": 10_950,
                "Frida, Field sales": 10_950,
                "Nora, Head of North": 8_900,
                "Sven, Head of South": 12_000,
                "Sara, Sales South": 12_000,
                "Stig, Service South": 12_000,
                "Olga, Head of Online": 6_000,
                "Omar, Campaigns": 15_000,
            },
        )
        # 36,000 · 3/7 = 15,428.57, · 1/7 = 5,142.86: rounded down 35,998, and two are left:
        # for .86 of Online and .57 of North, which comes before South
        # 9,000 a quarter: 3,857, 1,285 and 3,857 rounded down, and one a quarter is left:
        # North lacks 15,429 − 4 · 3,857 = 1, Online 5,143 − 4 · 1,285 = 3, South 0
        self.check(
            "target",
            self.cost,
            {
                "Performance One": 36_000,
                "North": (15_429, 3_858, 3_857, 3_857, 3_857),
                "Online": (5_143, 1_285, 1_286, 1_286, 1_286),
                "South": (15_428, 3_857, 3_857, 3_857, 3_857),
                "Head of North": 15_429,
                "Head of Online": 5_143,
                "Head of South": 15_428,
                "Nora, Head of North": 15_429,
                "Olga, Head of Online": 5_143,
                "Sven, Head of South": 15_428,
            },
        )
        # 40,000 · 3/7 = 17,142.86, · 1/7 = 5,714.29: rounded down 39,998, and two are left
        # for North and South
        # 10,000 a quarter: 4,285, 1,428 and 4,285 rounded down, and two a quarter are left:
        # North lacks 3: the first three quarters. Then the fourth lacks most: one of
        # Online's 2 goes there, one to the first. South's 3 fill up the others
        self.check(
            "baseline",
            self.cost,
            {
                "Performance One": 40_000,
                "North": (17_143, 4_286, 4_286, 4_286, 4_285),
                "Online": (5_714, 1_429, 1_428, 1_428, 1_429),
                "South": (17_143, 4_285, 4_286, 4_286, 4_286),
                "Head of North": 17_143,
                "Head of Online": 5_714,
                "Head of South": 17_143,
                "Nora, Head of North": 17_143,
                "Olga, Head of Online": 5_714,
                "Sven, Head of South": 17_143,
            },
        )

    def test_planned_targets_are_covered(self):
        quarters = (29_589, 29_918, 30_247, 30_246)
        months = (9_863,) * 3 + (9_973, 9_973, 9_972, 10_083) + (10_082,) * 5
        # what has nothing below is not assigned to anybody: people and months
        assigned = {
            "Performance One": (120_000, *quarters, *[0] * 12),
            "North": (60_000, *[15_000] * 4, *[0] * 12),
            "South": (36_000, *[9_000] * 4, *[0] * 12),
            # 24,000 over the quarters, but only 6,000 + 15,000 along the organisation
            "Online": (21_000, *[6_000] * 4, *[0] * 12),
            "Key accounts": 29_200,
            "Field sales": 21_900,
            "Head of North": 8_900,
            "Head of South": 12_000,
            "Sales South": 12_000,
            "Service South": 12_000,
            "Head of Online": 6_000,
            "Campaigns": 15_000,
        }
        people = {
            "Kari, Key accounts": 14_600,
            "Knut, Key accounts": 14_600,
            "Finn, Field sales": 10_950,
            "Frida, Field sales": 10_950,
            "Nora, Head of North": 8_900,
            "Sven, Head of South": 12_000,
            "Sara, Sales South": 12_000,
            "Stig, Service South": 12_000,
            "Olga, Head of Online": 6_000,
            "Omar, Campaigns": 15_000,
        }
        self.check("assigned", self.revenue, assigned | dict.fromkeys(people, 0))
        self.check(
            "uncovered",
            self.revenue,
            {
                "Performance One": (*[0] * 5, *months),
                "North": (*[0] * 5, *[5_000] * 12),
                "South": (*[0] * 5, *[3_000] * 12),
                "Online": (3_000, *[0] * 4, *[2_000] * 12),
                **dict.fromkeys(POSTS, 0),
                **people,
            },
        )
        uncovered = self.goals.search([("is_uncovered", "=", True)])
        self.assertEqual(
            uncovered, self.measures(self.revenue)["Online"]["2026"].goal_id
        )
        self.assertEqual(
            uncovered.measure_ids.coverage_text,
            "21,000 of 24,000 kNOK along the organisation, 24,000 of 24,000 kNOK by"
            " quarter",
        )
        # of cost, 15,429 + 15,428 + 5,143 of 36,000 are with the departments, all of it
        # with the posts of their heads, and all of that with the heads
        self.check(
            "uncovered",
            self.cost,
            {
                "Performance One": 0,
                "North": (0, 3_858, 3_857, 3_857, 3_857),
                "Online": (0, 1_285, 1_286, 1_286, 1_286),
                "South": (0, 3_857, 3_857, 3_857, 3_857),
                "Head of North": 0,
                "Head of Online": 0,
                "Head of South": 0,
                "Nora, Head of North": 15_429,
                "Olga, Head of Online": 5_143,
                "Sven, Head of South": 15_428,
            },
        )

    def test_nothing_is_planned_twice(self):
        """The months of North hang below its quarters, and not beside them as well."""
        goal = self.measures(self.revenue)["North"]["2026"].goal_id
        plan = self.cascade(goal, receiver="holder", period_type="month")
        preview = plan.preview()
        self.assertEqual((preview["problem_count"], preview["to_make"]), (12, 0))
        self.assertIn("2026 Q1", preview["problems"][0])
        # its quarters came with those of the company, and are there as well
        plan.period_type = "quarter"
        self.assertEqual(plan.preview()["to_make"], 0)
        with self.refused("makes nothing"):
            plan.action_start()

    def test_february(self):
        """What has no value is not nothing: 18,600 are sold, cost is not yet known."""
        self.live_until(2, 28)
        self.assertAlmostEqual(self.company_revenue.progress, 15.5)  # of 120,000
        self.assertIsNone(self.company_cost.progress)
        self.assertAlmostEqual(self.top_goal.progress, 15.5)
        self.assertAlmostEqual(self.top_goal.coverage, 60)  # of 60 + 40

    def test_march(self):
        self.live_until(3, 31)
        year, quarter = ["on_track"], ["on_track", *["no_value"] * 3]
        nine = [None] * 9
        # three months of what everybody sells
        self.check(
            "actual",
            self.revenue,
            {
                "Performance One": (27_900, 27_900, *[None] * 3, *[9_300] * 3, *nine),
                "North": (15_000, 15_000, *[None] * 3, *[5_000] * 3, *nine),
                "South": (8_700, 8_700, *[None] * 3, *[2_900] * 3, *nine),
                "Online": (4_200, 4_200, *[None] * 3, *[1_400] * 3, *nine),
                "Key accounts": 7_500,
                "Field sales": 5_400,
                "Head of North": 2_100,
                "Head of South": 3_000,
                "Sales South": 2_700,
                "Service South": 3_000,
                "Head of Online": 1_200,
                "Campaigns": 3_000,
                "Kari, Key accounts": 4_500,
                "Knut, Key accounts": 3_000,
                "Finn, Field sales": 2_700,
                "Frida, Field sales": 2_700,
                "Nora, Head of North": 2_100,
                "Sven, Head of South": 3_000,
                "Sara, Sales South": 2_700,
                "Stig, Service South": 3_000,
                "Olga, Head of Online": 1_200,
                "Omar, Campaigns": 3_000,
            },
        )
        # nothing is above its target yet, so progress, achievement and points are one
        progress = {
            # 27,900 of 120,000 and of 29,589; 9,300 of 9,863
            "Performance One": (23.25, 94.29, *[None] * 3, *[94.29] * 3, *nine),
            "North": (25, 100, *[None] * 3, *[100] * 3, *nine),
            # 8,700 of 36,000 and of 9,000; 2,900 of 3,000
            "South": (24.17, 96.67, *[None] * 3, *[96.67] * 3, *nine),
            "Online": (17.5, 70, *[None] * 3, *[70] * 3, *nine),
            "Key accounts": 25.68,  # 7,500 of 29,200; (30.82 + 20.55) / 2
            "Field sales": 24.66,
            "Head of North": 23.60,
            "Head of South": 25,
            "Sales South": 22.5,
            "Service South": 25,
            "Head of Online": 20,
            "Campaigns": 20,
            "Kari, Key accounts": 30.82,  # 4,500 of 14,600
            "Knut, Key accounts": 20.55,  # 3,000 of 14,600
            "Finn, Field sales": 24.66,  # 2,700 of 10,950
            "Frida, Field sales": 24.66,
            "Nora, Head of North": 23.60,  # 2,100 of 8,900
            "Sven, Head of South": 25,
            "Sara, Sales South": 22.5,
            "Stig, Service South": 25,
            "Olga, Head of Online": 20,
            "Omar, Campaigns": 20,
        }
        for field in ("achievement", "progress", "score"):
            self.check(field, self.revenue, dict(progress))
        covered = (100, 100, *[0] * 3, *[100] * 3, *[0] * 9)
        self.check(
            "coverage",
            self.revenue,
            {
                holder: covered if isinstance(figures, tuple) else 100
                for holder, figures in progress.items()
            },
        )
        # 90 of 365 days: 24.66 % of the year are expected. Nobody lies more than 10 points
        # behind, Online with 17.5 the most. The first quarter is over: Online's 70 lie 30
        # points behind, which is beyond 25
        months = ["on_track"] * 3 + ["no_value"] * 9
        health = dict.fromkeys(progress, "on_track") | {
            "Performance One": (*year, *quarter, *months),
            "North": (*year, *quarter, *months),
            "South": (*year, *quarter, *months),
            "Online": (
                *year,
                "off_track",
                *["no_value"] * 3,
                *["off_track"] * 3,
                *["no_value"] * 9,
            ),
        }
        self.check("health", self.revenue, health)

    def test_transfer(self):
        self.live_until(5, 1)
        knut = self.people["Knut"]
        measures = self.measures(self.revenue)
        # 29,200 / 365 = 80 a day. Two hold Key accounts for 120 days: 40 · 120 = 4,800
        # each. Kari has the 245 days from May alone: 4,800 + 80 · 245 = 24,400
        # Sales South: Sara has 120 days alone and half of 245, which is 242.5 of 365 days:
        # 12,000 · 242.5 / 365 = 7,972.60, and Knut 122.5: 4,027.40. The one that is left
        # goes to the larger rest, which is Sara's
        moved = {
            "Kari, Key accounts": (24_400, 1),
            "Knut, Key accounts": (4_800, 120 / 365),
            "Sara, Sales South": (7_973, 1),
            "Knut, Sales South": (4_027, 245 / 365),
        }
        for holder, (target, pro_rata) in moved.items():
            goal = measures[holder]["2026"].goal_id
            self.assertEqual(goal.measure_ids.target, target, holder)
            self.assertAlmostEqual(goal.pro_rata, pro_rata, 6, holder)
        for post in ("Key accounts", "Sales South"):
            measure = measures[post]["2026"]
            self.assertEqual((measure.assigned, measure.uncovered), (measure.target, 0))
        old = measures["Knut, Key accounts"]["2026"].goal_id
        new = measures["Knut, Sales South"]["2026"].goal_id
        self.assertEqual(
            (old.date_start, old.date_end), (self.day(1, 1), self.day(4, 30))
        )
        self.assertEqual(
            (new.date_start, new.date_end), (self.day(5, 1), self.day(12, 31))
        )
        # what he sold until then stays where he sold it: 4 · 1,000
        self.assertEqual(old.measure_ids.actual, 4_000)
        self.assertIsNone(new.measure_ids.actual)
        self.assertEqual(measures["North"]["2026"].actual, 20_000)
        self.assertEqual(measures["Key accounts"]["2026"].actual, 10_000)
        self.assertEqual(knut.department_id, self.units["South"])
        self.assertEqual(old.department_id, self.units["North"])

    def test_midyear(self):
        self.live_until(6, 30)
        measures = self.measures(self.revenue)
        for holder in ("Performance One", "North", "Online"):
            goal = measures[holder]["2026"].goal_id
            checkin = self.env["hr.performance.checkin"].create(
                {"goal_id": goal.id, "employee_id": goal.responsible_id.id}
            )
            checkin.action_post()
        # four months of 5,000 and two of 4,000 in North, of 2,900 and 3,500 in South
        for holder, actual, progress, health in (
            # 181 of 365 days: 49.59 % are expected
            ("Performance One", 55_000, 45.83, "on_track"),
            ("North", 28_000, 46.67, "on_track"),
            # good, but nobody has said anything since 2 January: due on 2 April
            ("South", 18_600, 51.67, "stale"),
            ("Online", 8_400, 35, "at_risk"),  # 14.59 points behind
        ):
            measure = measures[holder]["2026"]
            self.assertEqual(measure.actual, actual)
            self.assertAlmostEqual(measure.goal_id.progress, progress, 2)
            self.assertEqual(measure.goal_id.health, health, holder)
        # of the second quarter, 100 % are expected
        for holder, actual, progress, health in (
            ("Performance One", 27_100, 90.58, "on_track"),  # of 29,918: 9.42 behind
            ("North", 13_000, 86.67, "at_risk"),  # 5,000 + 2 · 4,000 of 15,000
            ("South", 9_900, 100, "on_track"),  # 2,900 + 2 · 3,500 of 9,000
            ("Online", 4_200, 70, "off_track"),
        ):
            measure = measures[holder]["Q2"]
            self.assertEqual(measure.actual, actual)
            self.assertAlmostEqual(measure.goal_id.progress, progress, 2)
            self.assertEqual(measure.goal_id.health, health, holder)
        self.assertEqual(measures["South"]["Q2"].score, 110)
        # Knut sold 4,000 of 4,800 in North: over, and 16.67 behind; in South 1,200 of
        # 4,027 in 61 of 245 days, when 24.90 are expected
        old = measures["Knut, Key accounts"]["2026"].goal_id
        new = measures["Knut, Sales South"]["2026"].goal_id
        self.assertAlmostEqual(old.progress, 83.33, 2)
        self.assertAlmostEqual(new.progress, 29.80, 2)
        self.assertAlmostEqual(new.expected, 24.90, 2)
        self.assertEqual((old.health, new.health), ("at_risk", "on_track"))
        # Kari 9,000 of 24,400 = 36.89, all year; Knut 83.33 for 120 days:
        # (36.885 · 365 + 83.333 · 120) / 485
        self.assertAlmostEqual(
            measures["Key accounts"]["2026"].goal_id.progress, 48.38, 2
        )

    def test_hire(self):
        self.live_until(8, 1)
        measures = self.measures(self.revenue)
        # Key accounts: 40 · 120 + 80 · 92 + 40 · 153 = 4,800 + 7,360 + 6,120 for Kari
        for holder, target, pro_rata in (
            ("Kari, Key accounts", 18_280, 1),
            ("Knut, Key accounts", 4_800, 120 / 365),
            ("Hilde, Key accounts", 6_120, 153 / 365),
        ):
            measure = measures[holder]["2026"]
            self.assertEqual(measure.target, target, holder)
            self.assertAlmostEqual(measure.goal_id.pro_rata, pro_rata, 6)
        post = measures["Key accounts"]["2026"]
        self.assertEqual(
            (post.target, post.assigned, post.uncovered), (29_200, 29_200, 0)
        )

    def test_cut(self):
        self.live_until(8, 31)
        self.frozen.move_to("2026-09-01")
        company = self.measures(self.revenue)["Performance One"]["2026"]
        self.change_target("Performance One", "2026", 112_700, "director")
        # 120,000 · 243 / 365 + 112,700 · 122 / 365 = 120,000 − 20 · 122
        self.assertAlmostEqual(company.target_by_days, 117_560, 6)
        # those below have not heard of it
        self.assertEqual((company.assigned, company.uncovered), (120_000, -2_440))

    def test_after_the_cut(self):
        self.live_until(9, 1)
        quarters = (29_589, 29_918, 30_247, 30_246)
        months = (9_863,) * 3 + (9_973, 9_973, 9_972, 10_083) + (10_082,) * 5
        # 60,000 − 20 · 122; of the third quarter, 15,000 for 62 days and 13,160 for 30 days
        # of 92 come to 14,400, which is 20 · 30 less
        north = (57_560, 15_000, 15_000, 14_400, 13_160) + (
            *[5_000] * 8,
            4_400,
            4_380,
            4_400,
            4_380,
        )
        self.check(
            "target_by_days",
            self.revenue,
            {
                # the company's quarters stay as they were agreed
                "Performance One": (117_560, *quarters, *months),
                "North": north,
                "South": (36_000, *[9_000] * 4, *[3_000] * 12),
                "Online": (24_000, *[6_000] * 4, *[2_000] * 12),
                # 80 a day for 243 days and 60 for 122
                "Key accounts": 26_760,
                "Field sales": 21_900,
                "Head of North": 8_900,
                "Head of South": 12_000,
                "Sales South": 12_000,
                "Service South": 12_000,
                "Head of Online": 6_000,
                "Campaigns": 15_000,
                # 40 · 120 + 80 · 92 + 40 · 31 + 30 · 122 = 4,800 + 7,360 + 1,240 + 3,660
                "Kari, Key accounts": 17_060,
                "Knut, Key accounts": 4_800,
                "Hilde, Key accounts": 4_900,  # 40 · 31 + 30 · 122
                "Finn, Field sales": 10_950,
                "Frida, Field sales": 10_950,
                "Nora, Head of North": 8_900,
                "Sven, Head of South": 12_000,
                "Sara, Sales South": 7_973,
                "Knut, Sales South": 4_027,
                "Stig, Service South": 12_000,
                "Olga, Head of Online": 6_000,
                "Omar, Campaigns": 15_000,
            },
        )
        for holder, period, assigned, uncovered in (
            # 57,560 + 36,000 + 24,000; the quarters, which come to 120,000, are more
            ("Performance One", "2026", 117_560, 0),
            ("North", "2026", 57_560, 0),  # 26,760 + 21,900 + 8,900, and the quarters
            ("North", "Q3", 14_400, 0),  # 5,000 + 5,000 + 4,400
            ("North", "Q4", 13_160, 0),  # 4,380 + 4,400 + 4,380
            ("Key accounts", "2026", 26_760, 0),  # 17,060 + 4,800 + 4,900
            ("Sales South", "2026", 12_000, 0),
            ("Online", "2026", 21_000, 3_000),
        ):
            measure = self.measures(self.revenue)[holder][period]
            self.assertAlmostEqual(measure.assigned, assigned, 6)
            self.assertAlmostEqual(measure.uncovered, uncovered, 6)

    def test_year_end(self):
        self.live_until(1, 5, 2027)
        # North sell 4 · 5,000 + 3 · 4,000 + 5 · 4,800, South 4 · 2,900 + 8 · 3,500, Online
        # 12 · 1,400; the third quarter is a month without Hilde and two with her
        north = (
            *(56_000, 15_000, 13_000, 13_600, 14_400),
            *([5_000] * 4 + [4_000] * 3 + [4_800] * 5),
        )
        south = (
            *(39_600, 8_700, 9_900, 10_500, 10_500),
            *([2_900] * 4 + [3_500] * 8),
        )
        self.check(
            "actual",
            self.revenue,
            {
                "Performance One": (
                    *(112_400, 27_900, 27_100, 28_300, 29_100),
                    *([9_300] * 4 + [8_900] * 3 + [9_700] * 5),
                ),
                "North": north,
                "South": south,
                "Online": (16_800, *[4_200] * 4, *[1_400] * 12),
                "Key accounts": 26_000,  # 18,000 + 4,000 + 4,000
                "Field sales": 21_600,
                "Head of North": 8_400,
                "Head of South": 12_000,
                "Sales South": 15_600,  # 10,800 + 4,800
                "Service South": 12_000,
                "Head of Online": 4_800,
                "Campaigns": 12_000,
                "Kari, Key accounts": 18_000,
                "Knut, Key accounts": 4_000,
                "Hilde, Key accounts": 4_000,  # 5 · 800
                "Finn, Field sales": 10_800,
                "Frida, Field sales": 10_800,
                "Nora, Head of North": 8_400,
                "Sven, Head of South": 12_000,
                "Sara, Sales South": 10_800,
                "Knut, Sales South": 4_800,  # 8 · 600
                "Stig, Service South": 12_000,
                "Olga, Head of Online": 4_800,
                "Omar, Campaigns": 12_000,
            },
        )
        achievement = {
            "Performance One": (
                # of 117,560, 29,589, 29,918, 30,247 and 30,246; 9,863, …
                *(95.61, 94.29, 90.58, 93.56, 96.21),
                *(94.29, 94.29, 94.29, 93.25, 89.24, 89.25),
                *(88.27, 96.21, 96.21, 96.21, 96.21, 96.21),
            ),
            "North": (
                # of 57,560, 15,000, 15,000, 14,400 and 13,160
                *(97.29, 100, 86.67, 94.44, 109.42),
                # of 5,000 until August, then of 4,400 and 4,380
                *(100, 100, 100, 100, 80, 80, 80, 96),
                *(109.09, 109.59, 109.09, 109.59),
            ),
            "South": (
                *(110, 96.67, 110, 116.67, 116.67),
                *([96.67] * 4 + [116.67] * 8),
            ),
            "Online": (70,) * 17,
            "Key accounts": 97.16,  # 26,000 of 26,760
            "Field sales": 98.63,
            "Head of North": 94.38,
            "Head of South": 100,
            "Sales South": 130,
            "Service South": 100,
            "Head of Online": 80,
            "Campaigns": 80,
            "Kari, Key accounts": 105.51,  # of 17,060
            "Knut, Key accounts": 83.33,  # of 4,800
            "Hilde, Key accounts": 81.63,  # of 4,900
            "Finn, Field sales": 98.63,  # of 10,950
            "Frida, Field sales": 98.63,
            "Nora, Head of North": 94.38,
            "Sven, Head of South": 100,
            "Sara, Sales South": 135.46,  # of 7,973
            "Knut, Sales South": 119.20,  # of 4,027
            "Stig, Service South": 100,
            "Olga, Head of Online": 80,
            "Omar, Campaigns": 80,
        }
        self.check("achievement", self.revenue, dict(achievement))
        # points end at 120, progress at 100
        self.check("score", self.revenue, _limited(achievement, 120))
        # of Key accounts the holders' progress: 100 for 365 days, 83.33 for 120 and 81.63
        # for 153: (36,500 + 10,000 + 12,489.80) / 638
        progress = _limited(achievement, 100) | {"Key accounts": 92.46}
        self.check("progress", self.revenue, dict(progress))
        self.check(
            "coverage",
            self.revenue,
            {
                holder: (100,) * 17 if isinstance(figures, tuple) else 100
                for holder, figures in progress.items()
            },
        )
        # all periods are over, so 100 is expected: more than 10 behind is at risk, more
        # than 25 off track
        self.check(
            "health",
            self.revenue,
            {
                holder: tuple(map(_health_at_the_end, figures))
                if isinstance(figures, tuple)
                else _health_at_the_end(figures)
                for holder, figures in progress.items()
            },
        )
        self._check_cost_at_year_end()

    def _check_cost_at_year_end(self):
        spent = {
            "Performance One": 35_800,
            "North": (15_600, *[3_900] * 4),
            "Online": (5_000, *[1_250] * 4),
            "South": (15_200, *[3_800] * 4),
            "Head of North": 15_600,
            "Head of Online": 5_000,
            "Head of South": 15_200,
            "Nora, Head of North": 15_600,
            "Olga, Head of Online": 5_000,
            "Sven, Head of South": 15_200,
        }
        self.check("actual", self.cost, spent)
        # what was saved by what was to be saved
        north = 90.02  # 17,143 − 15,600 = 1,543 of 1,714
        online = 125.04  # 5,714 − 5,000 = 714 of 571
        south = 113.29  # 17,143 − 15,200 = 1,943 of 1,715
        achievement = {
            "Performance One": 105,  # 4,200 of 4,000
            # 386 of 428, 386 of 429 twice, 385 of 428
            "North": (north, 90.19, 89.98, 89.98, 89.95),
            # 179 of 144, 178 of 142 twice, 179 of 143
            "Online": (online, 124.31, 125.35, 125.35, 125.17),
            # 485 of 428, 486 of 429 three times
            "South": (south, 113.32, 113.29, 113.29, 113.29),
            "Head of North": north,
            "Head of Online": online,
            "Head of South": south,
            "Nora, Head of North": north,
            "Olga, Head of Online": online,
            "Sven, Head of South": south,
        }
        self.check("achievement", self.cost, dict(achievement))
        self.check("score", self.cost, _limited(achievement, 120))
        progress = _limited(achievement, 100)
        self.check("progress", self.cost, dict(progress))
        # 10.02 and 10.05 behind in three quarters of North, else 10 at most
        self.check(
            "health",
            self.cost,
            dict.fromkeys(progress, "on_track")
            | {
                "North": ("on_track", "on_track", *["at_risk"] * 3),
                "Online": ("on_track",) * 5,
                "South": ("on_track",) * 5,
            },
        )
        # 0.6 · 95.61 + 0.4 · 100
        self.assertAlmostEqual(self.top_goal.progress, 97.37, 2)
        self.assertAlmostEqual(self.top_goal.coverage, 100)


def _limited(figures, most):
    """``figures`` of :meth:`WorkedCase.check`, none above ``most``."""
    return {
        holder: tuple(min(value, most) for value in values)
        if isinstance(values, tuple)
        else min(values, most)
        for holder, values in figures.items()
    }


def _health_at_the_end(progress):
    return (
        "on_track" if progress >= 90 else "at_risk" if progress >= 75 else "off_track"
    )
