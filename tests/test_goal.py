from datetime import date, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import PerformanceCommon

STEPS = {
    # step: how it is called
    "propose": lambda goal: goal.action_propose(),
    "agree": lambda goal: goal.action_agree(),
    "send_back": lambda goal: goal.action_send_back("Too vague"),
    "request_change": lambda goal: goal.action_request_change("New budget"),
    "close": lambda goal: goal.action_close("achieved"),
    "cancel": lambda goal: goal.action_cancel("Not needed"),
    "reopen": lambda goal: goal.action_reopen("A mistake"),
}
STATES = ("draft", "proposed", "agreed", "closed", "cancelled")
LINE = {"manager", "director", "officer", "administrator"}
#: (state, step): (next state, who may take it on a goal of the employee)
TABLE = {
    ("draft", "propose"): ("proposed", {"employee"} | LINE),
    ("draft", "cancel"): ("cancelled", LINE),
    ("proposed", "agree"): ("agreed", LINE),
    ("proposed", "send_back"): ("draft", LINE),
    ("proposed", "cancel"): ("cancelled", LINE),
    ("agreed", "request_change"): ("proposed", {"employee"} | LINE),
    ("agreed", "close"): ("closed", LINE),
    ("agreed", "cancel"): ("cancelled", LINE),
    ("closed", "reopen"): ("proposed", {"administrator"}),
    ("cancelled", "reopen"): ("proposed", {"administrator"}),
}
PEOPLE = (
    "employee",
    "colleague",
    "manager",
    "director",
    "officer",
    "administrator",
    "other_employee",
    "other_officer",
)


class GoalCase(PerformanceCommon):
    def in_state(self, state, holder=None):
        goal = self.make_goal(holder, (self.ind_sum, 10), visibility="everyone")
        path = {
            "draft": (),
            "proposed": ("propose",),
            "agreed": ("propose", "agree"),
            "closed": ("propose", "agree", "close"),
            "cancelled": ("cancel",),
        }[state]
        for step in path:
            STEPS[step](goal)
        self.assertEqual(goal.state, state)
        return goal


@tagged("post_install", "-at_install")
class TestGoalSteps(GoalCase):
    def test_every_step_from_every_state_by_everybody(self):
        """5 states × 7 steps × 8 people: what is not in the table is refused."""
        for state in STATES:
            goal = self.in_state(state)
            for step, take in STEPS.items():
                target, who = TABLE.get((state, step), (None, set()))
                for name in PEOPLE:
                    with self.subTest(state=state, step=step, by=name):
                        if name in who:
                            savepoint = self.env.cr.savepoint()
                            mine = self.as_(goal, name)
                            self.assertIn(step, mine.allowed_transitions)
                            take(mine)
                            self.assertEqual(goal.state, target)
                            savepoint.rollback()
                            self.env.invalidate_all()
                        else:
                            with self.assertRaises(UserError):
                                take(self.as_(goal, name))
                        self.assertEqual(goal.state, state)

    def test_buttons_follow_the_table(self):
        for state in STATES:
            goal = self.in_state(state)
            for name in PEOPLE[:6]:  # those of company 2 cannot read it
                expected = {
                    step
                    for (source, step), (_target, who) in TABLE.items()
                    if source == state and name in who
                }
                with self.subTest(state=state, by=name):
                    # a Json field reads an empty list as False
                    allowed = self.as_(goal, name).allowed_transitions or []
                    self.assertEqual(set(allowed), expected)

    def test_nobody_agrees_on_their_own_goal(self):
        """Whatever groups they have."""
        for name in ("employee", "manager", "director", "officer", "administrator"):
            goal = self.in_state("proposed", self.people[name])
            for step in ("agree", "send_back", "cancel"):
                with (
                    self.subTest(name, step=step),
                    self.refused("Nobody takes it for themselves", error=AccessError),
                ):
                    STEPS[step](self.as_(goal, name))
            self.assertEqual(goal.state, "proposed")

    def test_nobody_closes_their_own_goal(self):
        for name in ("employee", "officer", "administrator"):
            goal = self.in_state("agreed", self.people[name])
            with self.assertRaises(AccessError):
                self.as_(goal, name).action_close("achieved")

    def test_a_manager_down_the_line_does_not_agree_upwards(self):
        goal = self.in_state("proposed", self.director)
        with self.assertRaises(AccessError):
            self.as_(goal, "manager").action_agree()

    def test_the_head_of_a_department_agrees_below_it(self):
        """The director heads Sales and so Sales North; the manager heads the latter."""
        goal = self.in_state("proposed", self.department_sub)
        self.assertEqual(goal.responsible_id, self.manager)
        with self.refused("Nobody takes it for themselves", error=AccessError):
            self.as_(goal, "manager").action_agree()
        self.as_(goal, "director").action_agree()
        self.assertEqual(goal.agreed_by_id, self.director_user)

    def test_agreement_keeps_who_and_when(self):
        goal = self.in_state("proposed")
        with freeze_time(self.day(2)):
            self.as_(goal, "manager").action_agree()
        self.assertEqual(goal.agreed_by_id, self.manager_user)
        self.assertEqual(goal.agreed_date, self.day(2))

    def test_reasons_are_asked_for_and_kept(self):
        for step, state in (
            ("action_send_back", "proposed"),
            ("action_request_change", "agreed"),
            ("action_cancel", "agreed"),
        ):
            goal = self.in_state(state)
            mine = self.as_(goal, "manager")
            for empty in ("", "   ", False, None):
                with (
                    self.subTest(step, reason=empty),
                    self.refused("reason", goal.name),
                ):
                    getattr(mine, step)(empty)
            self.assertEqual(goal.state, state)
            getattr(mine, step)("  Because of the budget  ")
            said = goal.message_ids.filtered(
                lambda message: "Because of the budget" in message.body
            )
            self.assertEqual(said.author_id, self.manager_user.partner_id)
        goal = self.in_state("closed")
        with self.refused("reason"):
            self.as_(goal, "administrator").action_reopen("")

    def test_closing_needs_a_known_decision(self):
        goal = self.in_state("agreed")
        for wrong in ("", False, "perfect"):
            with self.subTest(wrong), self.refused(goal.name, "achieved", "dropped"):
                self.as_(goal, "manager").action_close(wrong)
        self.as_(goal, "manager").action_close("partly")
        self.assertEqual((goal.state, goal.decision), ("closed", "partly"))
        self.assertEqual(goal.health, "done")
        goal.action_reopen("Too early")
        self.assertFalse(goal.decision)

    def test_closing_wizard(self):
        goals = self.in_state("agreed") | self.in_state("agreed", self.colleague)
        self.env["hr.performance.goal.close"].with_user(self.manager_user).with_context(
            active_ids=goals.ids
        ).create({"decision": "achieved"}).action_confirm()
        self.assertEqual(goals.mapped("state"), ["closed", "closed"])

    def test_several_goals_move_together_or_not_at_all(self):
        goals = self.in_state("proposed") | self.in_state("draft")
        with self.refused("Draft"):
            self.as_(goals, "manager").action_agree()
        self.assertEqual(goals.mapped("state"), ["proposed", "draft"])

    def test_the_manager_is_reminded_until_it_is_settled(self):
        goal = self.make_goal()
        self.as_(goal, "employee").action_propose()
        self.assertEqual(goal.activity_ids.user_id, self.manager_user)
        self.as_(goal, "manager").action_agree()
        self.assertFalse(goal.activity_ids)
        # a manager who proposes for somebody needs no reminder
        goal = self.make_goal()
        self.as_(goal, "manager").action_propose()
        self.assertFalse(goal.activity_ids)

    def test_state_and_results_cannot_be_typed(self):
        goal = self.in_state("draft")
        for name in ("employee", "manager", "officer", "administrator"):
            for field, value in (
                ("state", "agreed"),
                ("progress", 100),
                ("score", 100),
                ("coverage", 100),
                ("health", "on_track"),
                ("agreed_by_id", self.manager_user.id),
                ("agreed_date", self.day(1)),
                ("decision", "achieved"),
            ):
                with self.subTest(name, field=field), self.assertRaises(AccessError):
                    self.as_(goal, name).write({field: value})
        with self.assertRaises(AccessError):
            self.as_(goal, "employee").create(
                {"name": "Mine", "cycle_id": self.cycle.id, "state": "agreed"}
            )
        sneaky = self.as_(goal, "employee").with_context(default_state="agreed")
        made = sneaky.create({"name": "Mine", "cycle_id": self.cycle.id})
        self.assertEqual(made.state, "draft")


@tagged("post_install", "-at_install")
class TestGoalContent(GoalCase):
    # ------------------------------------------------------------- locking

    def test_what_is_agreed_is_locked_for_everybody(self):
        goal = self.in_state("agreed")
        other_cycle = self.make_cycle("Another")
        changes = {
            "name": "Easier",
            "description": "<p>Less</p>",
            "cycle_id": other_cycle.id,
            "weight": 1,
            "method": "okr",
            "progress_source": "children",
            "employee_id": self.colleague.id,
            "scope": "company",
            "active": False,
        }
        for name in ("employee", "manager", "officer", "administrator"):
            for field, value in changes.items():
                with (
                    self.subTest(name, field=field),
                    self.refused(goal.name, "is locked", "Request a change"),
                ):
                    self.as_(goal, name).write({field: value})
            measure = goal.measure_ids
            for field, value in (
                ("target", 1),
                ("baseline", 1),
                ("weight", 1),
                ("indicator_id", self.ind_ratio.id),
                ("date_end", self.day(6)),
            ):
                with self.subTest(name, field=field), self.refused(goal.name, "locked"):
                    self.as_(measure, name).write({field: value})
            with self.subTest(name, field="new measure"), self.refused("locked"):
                self.as_(measure, name).create(
                    {
                        "goal_id": goal.id,
                        "indicator_id": self.ind_ratio.id,
                        "target": 1,
                    }
                )
            with (
                self.subTest(name, field="measure away"),
                self.refused("Request a change"),
            ):
                self.as_(measure, name).unlink()
        self.assertEqual(goal.measure_ids.target, 10)

    def test_a_goal_of_a_closed_cycle_starts_the_next(self):
        goal = self.agree(self.make_goal(None, (self.ind_sum, 10)))
        self.cycle.action_close()
        following = self.make_cycle("Again", date_end=self.cycle.date_end)
        again = goal.copy()
        self.assertEqual((again.cycle_id, again.state), (following, "draft"))
        self.assertEqual(again.measure_ids.target, 10)

    def test_an_archived_goal_no_longer_counts_above(self):
        above = self.make_goal(self.department)
        below = self.make_goal(None, (self.ind_sum, 10), parent_id=above.id)
        self.add_reading(self.ind_sum, 4)
        self.assertEqual(above.progress, 40)
        below.active = False
        self.assertIsNone(above.progress)

    def test_the_reason_names_the_worst_part(self):
        """90 and 10 % on 1 July: 50 are expected, one measure lies 40 behind."""
        goal = self.agree(
            self.make_goal(
                None,
                (self.ind_sum, 10),
                (self.ind_ratio, 10),
                checkin_frequency="none",
            )
        )
        with freeze_time(date(self.year, 7, 1)):
            self.add_reading(self.ind_sum, 9, date=date(self.year, 6, 1))
            self.add_reading(self.ind_ratio, 1, date=date(self.year, 6, 1))
            goal._refresh_health()
            self.env.invalidate_all()
            self.assertIn("behind the calendar: 40", goal.health_reason)

    def test_what_is_not_agreed_on_stays_free(self):
        goal = self.in_state("agreed")
        self.as_(goal, "manager").write({"visibility": "line", "sequence": 3})
        self.assertEqual(goal.visibility, "line")

    def test_a_proposal_rests_with_the_manager(self):
        goal = self.in_state("proposed")
        with self.refused("is with your manager", error=AccessError):
            self.as_(goal, "employee").name = "Easier"
        with self.refused("is with your manager", error=AccessError):
            self.as_(goal.measure_ids, "employee").target = 1
        self.as_(goal, "manager").name = "Clearer"
        self.as_(goal.measure_ids, "manager").target = 12
        self.assertEqual((goal.name, goal.measure_ids.target), ("Clearer", 12))

    def test_a_change_is_requested_made_and_agreed_again(self):
        goal = self.in_state("agreed")
        self.as_(goal, "employee").action_request_change("The market broke down")
        self.assertEqual(goal.state, "proposed")
        self.assertFalse(goal.measure_ids.rule)
        self.assertEqual(goal.activity_ids.user_id, self.manager_user)
        self.as_(goal.measure_ids, "manager").target = 5
        self.as_(goal, "manager").action_agree()
        self.assertEqual(goal.measure_ids.target, 5)
        self.assertTrue(goal.measure_ids.rule)

    def test_deleting(self):
        for state, name in (("proposed", "manager"), ("agreed", "officer")):
            goal = self.in_state(state)
            with self.subTest(state), self.refused(goal.name, "Cancel it instead"):
                self.as_(goal, name).unlink()
        goal = self.in_state("draft")
        measure = goal.measure_ids
        self.as_(goal, "employee").unlink()
        self.assertFalse(goal.exists() | measure.exists().goal_id)
        goal = self.in_state("cancelled")
        goal.unlink()
        self.assertFalse(goal.exists())

    def test_a_goal_with_goals_below_is_not_deleted(self):
        above = self.make_goal(self.company)
        child = self.make_goal(parent_id=above.id)
        with self.refused(above.name, "Give them another “Goal Above” first"):
            above.unlink()
        self.assertTrue(above.exists())
        (above | child).unlink()  # the branch as a whole may go
        self.assertFalse((above | child).exists())

    def test_a_copy_starts_anew(self):
        goal = self.in_state("agreed")
        self.add_reading(self.ind_sum, 5)
        copy = goal.copy()
        self.assertEqual(copy.state, "draft")
        self.assertIn("copy", copy.name)
        self.assertFalse(copy.agreed_by_id or copy.agreed_date)
        self.assertEqual(copy.measure_ids.target, 10)
        self.assertFalse(copy.measure_ids.rule)
        self.assertEqual(copy.progress, 50)

    # ------------------------------------------------------------- whose

    def test_a_plain_employee_makes_a_goal_in_the_form(self):
        self.env.flush_all()
        self.env.invalidate_all()
        goal = Form(self.env["hr.performance.goal"].with_user(self.employee_user))
        goal.name = "Learn Norwegian"
        goal = goal.save()
        self.assertEqual(goal.employee_id, self.employee)
        self.assertEqual(goal.responsible_id, self.employee)
        self.assertEqual(goal.department_id, self.department_sub)
        self.assertEqual(goal.company_id, self.company)
        self.assertEqual(goal.cycle_id, self.cycle)
        self.assertEqual(goal.state, "draft")

    def test_holders(self):
        goal = self.make_goal(self.department_sub)
        self.assertEqual(goal.responsible_id, self.manager)
        self.assertFalse(goal.employee_id)
        goal = self.make_goal(self.company)
        self.assertFalse(goal.employee_id or goal.department_id)
        goal = self.make_goal(self.other_employee, cycle_id=self.cycle_2.id)
        self.assertEqual(goal.company_id, self.company_2)
        with self.refused("is a department goal", error=ValidationError):
            self.env["hr.performance.goal"].create(
                {"name": "x", "cycle_id": self.cycle.id, "scope": "department"}
            )
        with self.refused("is personal", error=ValidationError):
            self.env["hr.performance.goal"].create(
                {"name": "x", "cycle_id": self.cycle.id, "company_id": self.company.id}
            )

    def test_default_period_is_the_shortest_open_one_of_today(self):
        self.cycle.action_create_subperiods("quarter")
        quarters = self.cycle.child_ids.sorted("date_start")
        defaults = self.env["hr.performance.goal"].default_get
        with freeze_time(self.day(5)):
            self.assertEqual(defaults(["cycle_id"])["cycle_id"], quarters[1].id)
            quarters[1].action_close()
            self.assertEqual(defaults(["cycle_id"])["cycle_id"], self.cycle.id)

    def test_who_makes_goals_for_whom(self):
        make = {
            "name": "For you",
            "cycle_id": self.cycle.id,
            "scope": "employee",
            "employee_id": self.employee.id,
        }
        for name in ("employee", "manager", "director", "officer"):
            with self.subTest(name):
                goals = self.as_(self.env["hr.performance.goal"], name)
                self.assertTrue(goals.create(dict(make)))
        for name in ("colleague", "other_employee", "other_officer"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.as_(self.env["hr.performance.goal"], name).create(dict(make))
        for values in (
            {"scope": "company", "company_id": self.company.id, "employee_id": False},
            {"employee_id": self.manager.id},
            {
                "scope": "department",
                "department_id": self.department_sub.id,
                "employee_id": False,
            },
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                self.as_(self.env["hr.performance.goal"], "employee").create(
                    make | values
                )

    def test_a_goal_is_not_handed_out_of_ones_line(self):
        goal = self.in_state("draft")
        with self.assertRaises(AccessError):
            self.as_(goal, "employee").employee_id = self.colleague
        with self.assertRaises(AccessError):
            self.as_(goal, "manager").employee_id = self.director
        self.as_(goal, "manager").employee_id = self.colleague
        self.assertEqual(goal.employee_id, self.colleague)

    def test_the_tree_has_no_loops_and_one_company(self):
        top = self.make_goal(self.company, name="Top")
        middle = self.make_goal(self.department, name="Middle", parent_id=top.id)
        bottom = self.make_goal(name="Bottom", parent_id=middle.id)
        for above in (bottom, middle, top):
            with self.refused("“Top” would hang below itself", error=ValidationError):
                top.parent_id = above
        with self.refused(self.company_2.name, "another company"):
            self.make_goal(
                self.other_employee, cycle_id=self.cycle_2.id, parent_id=top.id
            )
        middle.parent_id = False
        top.parent_id = middle  # no loop any more
        self.assertEqual(top.parent_path, f"{middle.id}/{top.id}/")

    def test_weight(self):
        for weight in (-1, float("nan"), float("inf")):
            with self.refused("“Weight”", error=ValidationError):
                self.make_goal(weight=weight)
        self.assertEqual(self.make_goal(weight=0).weight, 0)


@tagged("post_install", "-at_install")
class TestGoalProgress(GoalCase):
    def test_roll_up_through_three_levels(self):
        """Worked by hand.

        ========  ======  =======================================  ========
        goal      weight  progress                                 coverage
        ========  ======  =======================================  ========
        company     –     (30·50 + 70·(430/7))/100 = 58            100
        north       30    own measure 5 of 10 = 50 %               100
        south       70    (40·100 + 30·10)/70 = 430/7 = 61.43      70
        ├ ann       40    12 of 10, clamped to 100 %               100
        ├ bo        30    1 of 10 = 10 %                           100
        └ cy        30    no reading: no value                     0
        ========  ======  =======================================  ========
        """
        company = self.make_goal(self.company)
        north = self.make_goal(
            self.department, (self.ind_ratio, 10), parent_id=company.id, weight=30
        )
        south = self.make_goal(self.department_sub, parent_id=company.id, weight=70)
        ann, bo, cy = (
            self.make_goal(
                person, (self.ind_sum, 10), parent_id=south.id, weight=weight
            )
            for person, weight in (
                (self.employee, 40),
                (self.colleague, 30),
                (self.officer, 30),
            )
        )
        self.assertEqual(company.mapped("progress"), [None])
        self.add_reading(self.ind_ratio, 5, self.department)
        self.add_reading(self.ind_sum, 12, self.employee)
        self.add_reading(self.ind_sum, 1, self.colleague)
        for goal, progress, coverage in (
            (ann, 100, 100),
            (bo, 10, 100),
            (cy, None, 0),
            (south, 430 / 7, 70),
            (north, 50, 100),
            (company, 58, 100),
        ):
            with self.subTest(goal.name):
                if progress is None:
                    self.assertIsNone(goal.progress)
                else:
                    self.assertAlmostEqual(goal.progress, progress)
                self.assertAlmostEqual(goal.coverage, coverage)
        # cy reports 4 of 10: south (40·100 + 30·10 + 30·40)/100 = 55; 15 + 38.5 = 53.5
        self.add_reading(self.ind_sum, 4, self.officer)
        self.assertAlmostEqual(south.progress, 55)
        self.assertAlmostEqual(south.coverage, 100)
        self.assertAlmostEqual(company.progress, 53.5)

    def test_supports_never_counts(self):
        above = self.make_goal(self.company)
        counts = self.make_goal(None, (self.ind_sum, 10), parent_id=above.id)
        supports = self.make_goal(
            self.colleague, (self.ind_sum, 10), parent_id=above.id, link="supports"
        )
        self.add_reading(self.ind_sum, 2)
        self.add_reading(self.ind_sum, 8, self.colleague)
        self.assertEqual((counts.progress, supports.progress), (20, 80))
        self.assertEqual((above.progress, above.coverage), (20, 100))
        supports.link = "contributes"
        self.assertEqual(above.progress, 50)  # the mean of 20 and 80
        counts.link = "supports"
        self.assertEqual(above.progress, 80)

    def test_a_cancelled_goal_no_longer_counts(self):
        above = self.make_goal(self.company)
        one = self.make_goal(None, (self.ind_sum, 10), parent_id=above.id)
        self.make_goal(self.colleague, (self.ind_sum, 10), parent_id=above.id)
        self.add_reading(self.ind_sum, 2)
        self.add_reading(self.ind_sum, 8, self.colleague)
        self.assertEqual(above.progress, 50)
        one.action_cancel("Not needed")
        self.assertEqual(above.progress, 80)

    def test_progress_source(self):
        """Own measure 40 % (weight 100), goal below 80 % (weight 300): both = 70 %."""
        goal = self.make_goal(self.department, (self.ind_ratio, 10))
        child = self.make_goal(None, (self.ind_sum, 10), parent_id=goal.id, weight=300)
        self.add_reading(self.ind_ratio, 4, self.department)
        self.add_reading(self.ind_sum, 8)
        self.assertEqual(child.progress, 80)
        for source, expected in (
            ("auto", 40),  # it has a measure
            ("measures", 40),
            ("children", 80),
            ("both", 70),  # (100·40 + 300·80) / 400
        ):
            goal.progress_source = source
            with self.subTest(source):
                self.assertAlmostEqual(goal.progress, expected)
        goal.write({"measure_ids": [(5,)], "progress_source": "auto"})
        self.assertEqual(goal.progress, 80)  # without measures: the goals below
        goal.progress_source = "measures"
        self.assertIsNone(goal.progress)
        self.assertEqual(goal.coverage, 0)

    def test_progress_is_clamped_the_score_is_not(self):
        """Measures at 150 % and -50 %: progress (100 + 0)/2, points (120 + 0)/2."""
        goal = self.make_goal(
            None,
            (self.ind_sum, 10),
            {"indicator_id": self.ind_last.id, "baseline": 10, "target": 20},
        )
        self.add_reading(self.ind_sum, 15)
        self.add_reading(self.ind_last, 5)
        self.assertEqual(goal.measure_ids.mapped("achievement"), [150, -50])
        self.assertEqual(goal.progress, 50)
        self.assertEqual(goal.score, 60)

    def test_weights_of_measures_and_coverage(self):
        """Weights 60/30/10; the last has no value: (60·50 + 30·20)/90 = 40 of 90 %."""
        goal = self.make_goal(
            None,
            {"indicator_id": self.ind_sum.id, "target": 10, "weight": 60},
            {"indicator_id": self.ind_ratio.id, "target": 10, "weight": 30},
            {"indicator_id": self.ind_last.id, "target": 10, "weight": 10},
        )
        self.add_reading(self.ind_sum, 5)
        self.add_reading(self.ind_ratio, 2)
        self.assertAlmostEqual(goal.progress, 40)
        self.assertAlmostEqual(goal.score, 40)
        self.assertAlmostEqual(goal.coverage, 90)
        goal.measure_ids[0].weight = 0
        # (30·20)/30 of a weight of 40
        self.assertAlmostEqual(goal.progress, 20)
        self.assertAlmostEqual(goal.coverage, 75)

    def test_all_weights_nought_is_no_value(self):
        goal = self.make_goal(
            None, {"indicator_id": self.ind_sum.id, "target": 10, "weight": 0}
        )
        self.add_reading(self.ind_sum, 5)
        self.assertIsNone(goal.progress)
        self.assertIsNone(goal.score)

    def test_moving_a_goal_moves_both_parents(self):
        one, two = self.make_goal(self.company), self.make_goal(self.department)
        child = self.make_goal(None, (self.ind_sum, 10), parent_id=one.id)
        self.add_reading(self.ind_sum, 3)
        self.assertEqual((one.progress, two.progress), (30, None))
        child.parent_id = two
        self.assertEqual((one.progress, two.progress), (None, 30))
        child.unlink()
        self.assertIsNone(two.progress)


@tagged("post_install", "-at_install")
class TestGoalHealth(GoalCase):
    """The cycle is a year: expected = day of the year / days in the year."""

    def agreed(self, on, *measures, holder=None):
        with freeze_time(on):
            return self.agree(
                self.make_goal(holder, *(measures or ((self.ind_sum, 100),)))
            )

    def refresh(self, goal):
        goal._refresh_health()
        return goal.health

    def halfway(self):
        """The day on which more than half of the year has passed, exactly counted."""
        days = (self.cycle.date_end - self.cycle.date_start).days + 1
        return self.cycle.date_start + timedelta(days=days // 2 - 1), days

    def test_thresholds(self):
        """On the middle day 50 % are expected, or 182/365 = 49.86 % (no leap year)."""
        day, days = self.halfway()
        goal = self.agreed(day, {"indicator_id": self.ind_last.id, "target": 100})
        expected = 100 * (days // 2) / days
        with freeze_time(day):
            self.assertAlmostEqual(goal.expected, expected)
            self.assertEqual(self.refresh(goal), "no_value")
            for behind, health in (
                (-5, "on_track"),
                (9.99, "on_track"),
                (10.01, "at_risk"),
                (24.99, "at_risk"),
                (25.01, "off_track"),
            ):
                self.add_reading(self.ind_last, expected - behind, date=day)
                with self.subTest(behind):
                    self.assertEqual(self.refresh(goal), health)
                    self.assertEqual(goal.measure_ids.status, health)

    def test_thresholds_are_the_companys(self):
        day, days = self.halfway()
        goal = self.agreed(day, {"indicator_id": self.ind_last.id, "target": 100})
        self.add_reading(self.ind_last, 100 * (days // 2) / days - 8, date=day)
        with freeze_time(day):
            self.assertEqual(self.refresh(goal), "on_track")
            self.company.performance_at_risk_gap = 5
            self.assertEqual(goal.health, "at_risk")
            self.company.performance_off_track_gap = 6
            self.assertEqual(goal.health, "off_track")

    def test_limits_of_the_company_make_sense(self):
        for values in (
            {"performance_at_risk_gap": -1},
            {"performance_at_risk_gap": 25},
            {"performance_off_track_gap": 10},
            {"performance_grace_days": -1},
        ):
            with (
                self.subTest(values),
                self.refused(self.company.name, error=ValidationError),
            ):
                self.company.write(values)

    def test_the_worst_measure_decides(self):
        """One measure done, one untouched: 50 % on the whole, and yet off track."""
        day, _days = self.halfway()
        goal = self.agreed(day, (self.ind_sum, 10), (self.ind_ratio, 10))
        self.add_reading(self.ind_sum, 10, date=day)
        self.add_reading(self.ind_ratio, 0, date=day)
        with freeze_time(day):
            self.assertEqual(self.refresh(goal), "off_track")
            self.assertEqual(goal.progress, 50)
            self.assertEqual(
                goal.measure_ids.mapped("status"), ["on_track", "off_track"]
            )

    def work_every_day(self):
        """Saturdays and Sundays too, so that the figures hold in every year."""
        self.company.resource_calendar_id.write(
            {
                "attendance_ids": [
                    fields.Command.create(
                        {
                            "name": f"Day {day}",
                            "dayofweek": day,
                            "hour_from": 8,
                            "hour_to": 12,
                        }
                    )
                    for day in ("5", "6")
                ]
            }
        )

    def test_silence_turns_stale_after_a_month_and_three_days(self):
        """Agreed on 15 February; due 15 March; grace until 18 March."""
        self.work_every_day()
        goal = self.agreed(self.day(2), (self.ind_sum, 10))
        self.add_reading(self.ind_sum, 10)
        for day, health in (
            (self.day(3, 18), "on_track"),
            (self.day(3, 19), "stale"),
        ):
            with self.subTest(day), freeze_time(day):
                self.assertEqual(self.refresh(goal), health)
        # a check-in breaks the silence
        with freeze_time(self.day(3, 19)):
            self.as_(self.env["hr.performance.checkin"], "employee").create(
                {"goal_id": goal.id}
            ).action_post()
            self.assertEqual(goal.last_checkin_date, self.day(3, 19))
            self.assertEqual(goal.health, "on_track")
        # next due 19 April, grace until 22 April
        with freeze_time(self.day(4, 22)):
            self.assertEqual(self.refresh(goal), "on_track")
        with freeze_time(self.day(4, 23)):
            self.assertEqual(self.refresh(goal), "stale")

    def test_frequency_and_grace(self):
        """Every week, no grace: agreed on 15 February, stale from 23 February."""
        self.work_every_day()
        self.cycle.checkin_frequency = "week"
        self.company.performance_grace_days = 0
        goal = self.agreed(self.day(2))
        with freeze_time(self.day(2, 22)):
            self.assertEqual(self.refresh(goal), "no_value")
        with freeze_time(self.day(2, 23)):
            self.assertEqual(self.refresh(goal), "stale")

    def test_a_draft_checkin_does_not_break_the_silence(self):
        self.work_every_day()
        goal = self.agreed(self.day(2))
        with freeze_time(self.day(3, 19)):
            self.as_(self.env["hr.performance.checkin"], "employee").create(
                {"goal_id": goal.id}
            )
            self.assertFalse(goal.last_checkin_date)
            self.assertEqual(self.refresh(goal), "stale")

    def test_only_running_goals_turn_stale(self):
        goal = self.agreed(date(self.year - 1, 12, 1))
        for day, health in (
            (date(self.year - 1, 12, 31), "no_value"),  # not begun
            (date(self.year + 1, 1, 1), "no_value"),  # over
        ):
            with self.subTest(day), freeze_time(day):
                self.assertEqual(self.refresh(goal), health)
        for state in ("draft", "proposed", "cancelled"):
            goal = self.in_state(state)
            with freeze_time(self.day(12, 31)):
                self.assertEqual(self.refresh(goal), "no_value")
        self.assertEqual(self.refresh(self.in_state("closed")), "done")

    def test_over_is_not_stale_but_to_be_closed(self):
        """A goal of its own dates, 1 January to 30 April, in a period that goes on."""
        with freeze_time(self.day(2)):
            goal = self.agree(
                self.make_goal(None, (self.ind_sum, 10), date_end=self.day(4, 30))
            )
            self.add_reading(self.ind_sum, 8, date=self.day(2))
        with freeze_time(self.day(4, 30)):
            self.assertEqual(self.refresh(goal), "stale")
            goal.invalidate_recordset(["health_reason"])
            self.assertEqual(goal.health_reason, "No check-in yet")
        with freeze_time(self.day(5, 1)):
            # 8 of 10 where 10 were due: 20 points behind
            self.assertEqual(self.refresh(goal), "at_risk")
            goal.invalidate_recordset(["health_reason"])
            self.assertEqual(
                goal.health_reason, f"Ended on 04/30/{self.year}: close it"
            )
            goal.action_close("partly")
            self.assertFalse(goal.health_reason)

    def test_the_reason_says_why(self):
        goal = self.agreed(self.day(2), (self.ind_sum, 10))
        with freeze_time(self.day(2, 16)):
            self.refresh(goal)
            self.assertEqual(goal.health_reason, "No value yet")
            # 47 of 365 days: 12.9 or 12.8 expected, 10 reached: 3 points
            self.add_reading(self.ind_sum, 1, date=self.day(2, 16))
            goal.invalidate_recordset(["health_reason", "expected"])
            self.assertEqual(goal.health_reason, "Points behind the calendar: 3")
            self.add_reading(self.ind_sum, 1, date=self.day(2, 16))
            goal.invalidate_recordset(["health_reason", "expected"])
            self.assertEqual(goal.health_reason, "Points ahead of the calendar: 7")
        with freeze_time(self.day(6)):
            self.refresh(goal)
            goal.invalidate_recordset(["health_reason", "expected"])
            self.assertEqual(goal.health_reason, "No check-in yet")

    def test_cron_brings_all_running_goals_to_the_day(self):
        self.work_every_day()
        goals = self.env["hr.performance.goal"].union(
            *(self.agreed(self.day(2), (self.ind_sum, 10)) for _number in range(5))
        )
        draft = self.make_goal()
        self.add_reading(self.ind_sum, 10)
        with freeze_time(self.day(2)):
            goals._refresh_health()
            self.assertEqual(set(goals.mapped("health")), {"on_track"})
        self.env.flush_all()
        with freeze_time(self.day(3, 19)), self.enter_registry_test_mode():
            cron = self.env.ref("hr_performance.ir_cron_refresh_health")
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(set(goals.mapped("health")), {"stale"})
        self.assertEqual(set(goals.mapped("health_date")), {self.day(3, 19)})
        self.assertNotEqual(draft.health_date, self.day(3, 19))

    def test_cron_works_in_batches_and_resumes(self):
        self.work_every_day()
        goals = self.env["hr.performance.goal"].union(
            *(self.agreed(self.day(2), (self.ind_sum, 10)) for _number in range(5))
        )
        self.env.flush_all()
        batches = []
        model = type(self.env["hr.performance.goal"])
        refresh = model._refresh_health
        self.patch(
            model,
            "_refresh_health",
            lambda goals: batches.append(len(goals)) or refresh(goals),
        )
        with (
            freeze_time(self.day(3, 19)),
            self.enter_registry_test_mode(),
            self.registry.cursor() as cr,
        ):
            env = self.env(cr=cr)
            others = env["hr.performance.goal"].search_count(
                [
                    ("state", "=", "agreed"),
                    ("health_date", "!=", self.day(3, 19)),
                    ("id", "not in", goals.ids),
                ]
            )
            env["hr.performance.goal"]._cron_refresh_health(limit=2)
            self.assertEqual(sum(batches), 5 + others)
            self.assertEqual(max(batches), 2)
            batches.clear()
            env["hr.performance.goal"]._cron_refresh_health(limit=2)
            self.assertFalse(batches)  # nothing is done twice
        self.env.invalidate_all()
        self.assertEqual(set(goals.mapped("health")), {"stale"})
