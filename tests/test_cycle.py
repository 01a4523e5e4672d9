from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import PerformanceCommon


@tagged("post_install", "-at_install")
class TestCycle(PerformanceCommon):
    # ------------------------------------------------------------- sub-periods

    def test_year_divides_into_each_type(self):
        """12 months are 2 halves, 3 tertials, 4 quarters or 12 months."""
        expected = {
            "half": [(1, 6), (7, 12)],
            "tertial": [(1, 4), (5, 8), (9, 12)],
            "quarter": [(1, 3), (4, 6), (7, 9), (10, 12)],
            "month": [(month, month) for month in range(1, 13)],
        }
        for period_type, months in expected.items():
            with self.subTest(period_type):
                cycle = self.make_cycle(
                    f"By {period_type}", checkin_frequency="week", appeal_days=9
                )
                action = cycle.action_create_subperiods(period_type)
                parts = self.env["hr.performance.cycle"].search(
                    action["domain"], order="date_start"
                )
                self.assertEqual(parts, cycle.child_ids.sorted("date_start"))
                self.assertEqual(
                    [(part.date_start.month, part.date_end.month) for part in parts],
                    months,
                )
                self.assertEqual(parts[0].date_start, cycle.date_start)
                self.assertEqual(parts[-1].date_end, cycle.date_end)
                self.assertEqual(len(set(parts.mapped("name"))), len(parts))
                for part in parts:
                    self.assertEqual(part.period_type, period_type)
                    self.assertEqual(part.company_id, cycle.company_id)
                    self.assertEqual(part.template_id, cycle.template_id)
                    self.assertEqual(part.scale_id, cycle.scale_id)
                    self.assertEqual(part.checkin_frequency, "week")
                    self.assertEqual(part.appeal_days, 9)
                    self.assertEqual(part.state, "plan")

    def test_two_years_divide_into_years(self):
        cycle = self.make_cycle(
            "Biennium", period_type="other", date_end=date(self.year + 1, 12, 31)
        )
        cycle.action_create_subperiods("year")
        self.assertEqual(
            cycle.child_ids.sorted("date_start").mapped("date_end"),
            [date(self.year, 12, 31), date(self.year + 1, 12, 31)],
        )

    def test_a_quarter_divides_into_months_below_it(self):
        self.cycle.action_create_subperiods("quarter")
        quarter = self.cycle.child_ids.sorted("date_start")[1]
        quarter.action_create_subperiods("month")
        self.assertEqual(
            quarter.child_ids.sorted("date_start").mapped("date_start"),
            [date(self.year, month, 1) for month in (4, 5, 6)],
        )
        self.assertTrue(
            quarter.child_ids[0].parent_path.startswith(self.cycle.parent_path)
        )

    def test_what_cannot_be_divided_is_refused(self):
        cycle = self.make_cycle("Odd", date_end=date(self.year, 12, 30))
        for period_type in ("half", "quarter", "month", "year", "other", "week"):
            with self.subTest(period_type), self.assertRaises(UserError) as caught:
                cycle.action_create_subperiods(period_type)
            self.assertIn("Odd", str(caught.exception))
        self.assertFalse(cycle.child_ids)

    def test_a_divided_cycle_is_not_divided_again(self):
        self.cycle.action_create_subperiods("half")
        with self.refused("has sub-periods already"):
            self.cycle.action_create_subperiods("half")
        self.assertEqual(len(self.cycle.child_ids), 2)

    def test_officers_divide_others_do_not(self):
        with self.assertRaises(AccessError):
            self.as_(self.cycle, "manager").action_create_subperiods("half")
        self.as_(self.cycle, "officer").action_create_subperiods("half")
        self.assertEqual(len(self.cycle.child_ids), 2)

    # ------------------------------------------------------------- dates and tree

    def sub(self, name, start, end, parent=None):
        return self.make_cycle(
            name,
            parent_id=(parent or self.cycle).id,
            period_type="other",
            date_start=start,
            date_end=end,
        )

    def test_sisters_may_touch_but_not_overlap(self):
        first = self.sub("First", self.day(1, 1), self.day(1, 31))
        second = self.sub("Second", self.day(2, 1), self.day(2, 28))
        self.assertEqual(self.cycle.child_ids, first | second)
        with self.refused("“First”", "“Late”", "overlap", error=ValidationError):
            self.sub("Late", self.day(1, 31), self.day(1, 31))
        with self.refused("“First”", "“Second”", "overlap", error=ValidationError):
            first.date_end = self.day(2, 1)

    def test_an_archived_sister_is_in_the_way_too(self):
        first = self.sub("First", self.day(1, 1), self.day(1, 31))
        first.active = False
        with self.refused("overlap", error=ValidationError):
            self.sub("Again", self.day(1, 1), self.day(1, 31))

    def test_periods_of_different_parents_may_overlap(self):
        other = self.make_cycle("Another year")
        self.sub("One", self.day(1, 1), self.day(1, 31))
        self.sub("Two", self.day(1, 1), self.day(1, 31), parent=other)
        self.assertEqual(len(self.cycle.child_ids | other.child_ids), 2)

    def test_a_sub_period_lies_within_its_parent(self):
        with self.refused("“Early”", "must lie within", error=ValidationError):
            self.sub("Early", date(self.year - 1, 12, 31), self.day(1, 31))
        with self.refused("“Late”", "must lie within", error=ValidationError):
            self.sub("Late", self.day(12, 1), date(self.year + 1, 1, 1))

    def test_a_parent_keeps_covering_its_sub_periods(self):
        self.sub("First", self.day(1, 1), self.day(1, 31))
        with self.refused("must cover its sub-period “First”", error=ValidationError):
            self.cycle.date_start = self.day(1, 2)

    def test_a_cycle_does_not_end_before_it_begins(self):
        with self.refused("“Backwards” ends before it begins", error=ValidationError):
            self.make_cycle("Backwards", date_end=date(self.year - 1, 12, 31))
        one_day = self.make_cycle("A day", date_end=date(self.year, 1, 1))
        self.assertEqual(one_day.date_start, one_day.date_end)

    def test_no_cycle_is_part_of_itself(self):
        child = self.sub("Child", self.day(1, 1), self.day(12, 31))
        with self.refused(self.cycle.name, "cannot be part of itself"):
            self.cycle.parent_id = child
        with self.refused(self.cycle.name, "cannot be part of itself"):
            self.cycle.parent_id = self.cycle

    def test_limits_of_numbers(self):
        with self.refused("“Appeal Days” cannot be negative", error=ValidationError):
            self.cycle.appeal_days = -1
        with self.refused("at least 2", error=ValidationError):
            self.cycle.anonymity_minimum = 1

    # ------------------------------------------------------------- stages

    def test_the_wheel_turns_one_stage_at_a_time(self):
        cycle = self.as_(self.cycle, "officer")
        stages = [cycle.state]
        for _turn in range(3):
            cycle.action_next_stage()
            stages.append(cycle.state)
        self.assertEqual(stages, ["plan", "do", "check", "act"])
        with self.refused("has no further stage"):
            cycle.action_next_stage()
        cycle.action_close()
        self.assertEqual(cycle.state, "closed")
        with self.assertRaises(UserError):
            cycle.action_next_stage()
        with self.assertRaises(UserError):
            cycle.action_close()

    def test_who_turns_the_wheel(self):
        for name in ("employee", "manager", "director"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.as_(self.cycle, name).action_next_stage()
        with self.assertRaises(AccessError):
            self.as_(self.cycle, "other_officer").action_next_stage()
        self.assertEqual(self.cycle.state, "plan")

    def test_state_cannot_be_typed(self):
        for name in ("officer", "administrator"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.as_(self.cycle, name).write({"state": "closed"})

    def test_only_administrators_reopen_and_only_with_a_reason(self):
        self.cycle.action_close()
        with self.assertRaises(AccessError):
            self.as_(self.cycle, "officer").action_reopen("A mistake")
        cycle = self.as_(self.cycle, "administrator")
        for empty in ("", "  ", False, None):
            with self.subTest(empty), self.refused("reason"):
                cycle.action_reopen(empty)
        self.assertEqual(cycle.state, "closed")
        cycle.action_reopen("  A mistake ")
        self.assertEqual(cycle.state, "act")
        self.assertIn("A mistake", cycle.message_ids[0].body)

    def test_a_cycle_with_unreleased_appraisals_stays_open(self):
        self.make_appraisal()
        with self.assertRaises(UserError) as caught:
            self.as_(self.cycle, "officer").action_close()
        self.assertIn(self.employee.name, str(caught.exception))
        self.assertIn("Release or cancel", str(caught.exception))

    def test_also_the_officers_own_unreleased_appraisal_keeps_it_open(self):
        """Officers do not see their own appraisal; it is unfinished all the same."""
        self.make_appraisal(self.officer)
        with self.assertRaises(UserError):
            self.as_(self.cycle, "officer").action_close()

    # ------------------------------------------------------------- closed

    def test_a_closed_cycle_never_moves(self):
        goal = self.agree(self.make_goal(None, (self.ind_sum, 10)))
        reading = self.add_reading(self.ind_sum, 4)
        self.assertEqual(goal.progress, 40)
        self.cycle.action_close()

        with self.refused("lies in “Year", "closed"):
            self.add_reading(self.ind_sum, 1)
        with self.refused("closed"):
            reading.write({"value": 5, "correction_reason": "Typo"})
        with self.refused("closed"):
            reading.unlink()
        with self.refused("closed"):
            goal.measure_ids.target = 20
        with self.refused("closed"):
            goal.action_close("partly")
        with self.refused("closed"):
            self.make_goal()
        # nor do new definitions reach it
        self.ind_sum.score_cap = 30
        self.env["hr.performance.measure"].invalidate_model()
        self.assertEqual(goal.measure_ids.score, 40)
        self.assertEqual((goal.progress, goal.score), (40, 40))

        self.cycle.action_reopen("A forgotten order")
        reading.write({"value": 5, "correction_reason": "A forgotten order"})
        self.assertEqual(goal.progress, 50)

    def test_a_new_goal_below_does_not_move_a_goal_of_a_closed_cycle(self):
        above = self.agree(self.make_goal(self.company))
        child = self.agree(self.make_goal(None, (self.ind_sum, 10), parent_id=above.id))
        self.add_reading(self.ind_sum, 4)
        self.assertEqual(above.progress, 40)
        self.cycle.action_close()
        # not part of the year, so it is still open
        spring = self.make_cycle(
            "Spring", date_start=self.day(1, 1), date_end=self.day(5, 31)
        )
        late = self.make_goal(
            None, (self.ind_sum, 5), cycle_id=spring.id, parent_id=above.id
        )
        self.assertEqual(late.progress, 80)
        self.assertEqual(child.progress, 40)
        self.assertEqual(above.progress, 40)

    def test_a_closed_sub_period_takes_no_reading_its_sisters_do(self):
        self.cycle.action_create_subperiods("quarter")
        first = self.cycle.child_ids.sorted("date_start")[0]
        first.action_close()
        with self.refused("closed"):
            self.add_reading(self.ind_sum, 1, date=self.day(3, 31))
        self.assertTrue(self.add_reading(self.ind_sum, 1, date=self.day(4, 1)))

    def test_closing_in_one_company_leaves_the_other_alone(self):
        self.cycle.action_close()
        self.assertTrue(self.add_reading(self.ind_sum, 1, self.other_employee))

    def test_a_reading_does_not_slip_into_a_closed_period_by_its_date(self):
        following = self.make_cycle(
            "Next",
            date_start=date(self.year + 1, 1, 1),
            date_end=date(self.year + 1, 12, 31),
        )
        reading = self.add_reading(self.ind_sum, 1)
        following.action_close()
        with self.refused("closed"):
            reading.write(
                {"date": date(self.year + 1, 1, 1), "correction_reason": "Moved"}
            )

    def test_measures_move_with_the_dates_of_their_cycle(self):
        """A cycle that is made longer counts what is reported in the time it gains."""
        cycle = self.make_cycle("Short", date_end=date(self.year, 11, 30))
        goal = self.make_goal(None, (self.ind_sum, 10), cycle_id=cycle.id)
        part = self.make_goal(None, (self.ind_sum, 10), cycle_id=cycle.id)
        part.measure_ids.date_end = date(self.year, 6, 30)
        self.add_reading(self.ind_sum, 5, date=date(self.year, 12, 10))
        self.assertFalse(goal.measure_ids.has_actual)
        cycle.date_end = date(self.year, 12, 31)
        self.assertEqual(goal.measure_ids.date_end, date(self.year, 12, 31))
        self.assertEqual(goal.progress, 50)
        # what was limited by hand stays so, and must still fit
        self.assertEqual(part.measure_ids.date_end, date(self.year, 6, 30))
        with self.refused("must lie within"):
            cycle.date_end = date(self.year, 5, 31)

    def test_a_closed_cycle_keeps_its_dates(self):
        self.cycle.action_close()
        with self.refused(self.cycle.name, "closed"):
            self.cycle.date_end = date(self.year, 6, 30)

    def test_a_cycle_with_goals_keeps_its_company(self):
        self.make_goal()
        with self.refused(self.cycle.name, self.company.name):
            self.cycle.company_id = self.company_2

    def test_archiving_does_not_open_a_closed_period(self):
        self.cycle.action_close()
        self.cycle.active = False
        with self.refused("closed"):
            self.add_reading(self.ind_sum, 1)

    def test_closing_a_year_closes_its_quarters(self):
        self.cycle.action_create_subperiods("quarter")
        quarters = self.cycle.child_ids
        goal = self.agree(
            self.make_goal(None, (self.ind_sum, 10), cycle_id=quarters[0].id)
        )
        quarters[1].active = False
        self.cycle.action_close()
        self.assertEqual(set(quarters.mapped("state")), {"closed"})
        with self.refused("closed"):
            goal.action_request_change("Too late")

    # ------------------------------------------------------------- counts, deleting

    def test_counts(self):
        """Three goals: agreed, draft, cancelled; two appraisals: open, cancelled."""
        self.agree(self.make_goal())
        self.make_goal()
        self.make_goal().action_cancel("Not needed")
        self.make_appraisal()
        self.make_appraisal(self.colleague).action_cancel("On leave")
        self.assertEqual(self.cycle.goal_count, 2)
        self.assertEqual(self.cycle.goal_agreed_count, 1)
        self.assertEqual(self.cycle.appraisal_count, 1)
        self.assertEqual(self.cycle.appraisal_done_count, 0)

    def test_a_cycle_in_use_is_not_deleted(self):
        self.make_goal()
        with self.refused("Archive it instead"):
            self.cycle.unlink()
        empty = self.make_cycle("Empty")
        empty.unlink()
        self.assertFalse(empty.exists())

    def test_wizard_divides(self):
        self.env["hr.performance.cycle.subperiods"].create(
            {"cycle_id": self.cycle.id, "period_type": "tertial"}
        ).action_confirm()
        self.assertEqual(len(self.cycle.child_ids), 3)

    def test_wizard_reopens(self):
        self.cycle.action_close()
        wizard = self.env["hr.performance.reason"].with_user(self.administrator_user)
        wizard.create(
            {
                "res_model": self.cycle._name,
                "res_ids": self.cycle.ids,
                "step": "action_reopen",
                "reason": "Late figures",
            }
        ).action_confirm()
        self.assertEqual(self.cycle.state, "act")
        with self.assertRaises(UserError):
            wizard.create(
                {
                    "res_model": self.cycle._name,
                    "res_ids": self.cycle.ids,
                    "step": "unlink",
                    "reason": "Anything else is not called",
                }
            )

    # ------------------------------------------------------------- the next one

    def test_duplicate_is_the_next_period(self):
        year = self.year
        cycle = self.make_cycle(
            f"Plan {year}", goal_deadline=self.day(2, 1), checkin_frequency="week"
        )
        following = cycle.copy()
        self.assertEqual(following.name, f"Plan {year + 1}")
        self.assertEqual(following.date_start, date(year + 1, 1, 1))
        self.assertEqual(following.date_end, date(year + 1, 12, 31))
        # a month after the first day, as before
        self.assertEqual(following.goal_deadline, date(year + 1, 2, 1))
        self.assertEqual(following.checkin_frequency, "week")
        self.assertEqual(following.state, "plan")
        self.assertEqual(cycle._following()[cycle], following)

    def test_duplicate_of_a_part(self):
        """The next quarter is part of the same year; after the last one of none yet."""
        self.cycle.action_create_subperiods("half")
        first, second = self.cycle.child_ids.sorted("date_start")
        second_again = first.copy({"parent_id": False})
        self.assertEqual(second_again.date_start, second.date_start)
        self.assertEqual(second_again.name, f"{first.name} (next)")
        beyond = second.copy()
        self.assertFalse(beyond.parent_id)
        self.assertEqual(beyond.date_end, date(self.year + 1, 6, 30))
        self.assertFalse(beyond.goal_deadline)
