"""A new target in the middle of a period: asked for, decided, and counted by days."""

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import PerformanceCommon
from .rpc import RpcCommon

ACTIVITY = "hr_performance.mail_activity_target_change"


class ChangeCommon(PerformanceCommon):
    """120 new customers in 2027, of 365 days; 1 July is the 182nd of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cycle_2027 = cls.make_cycle(
            "2027", date_start=date(2027, 1, 1), date_end=date(2027, 12, 31)
        )
        cls.goal = cls.agreed_goal((cls.ind_sum, 120))
        cls.measure = cls.goal.measure_ids

    @classmethod
    def agreed_goal(cls, measure, holder=None, **values):
        return cls.agree(
            cls.make_goal(holder, measure, cycle_id=cls.cycle_2027.id, **values)
        )

    @classmethod
    def request(cls, target=60, date_from=date(2027, 7, 1), who="employee", **values):
        change = cls.as_(cls.env["hr.performance.target.change"], who).create(
            {
                "measure_id": cls.measure.id,
                "target": target,
                "date_from": date_from,
                "reason": "A customer went bankrupt",
            }
            | values
        )
        return change.sudo()

    def approve(self, change, who="manager"):
        self.as_(change, who).action_approve()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestTargetChange(ChangeCommon):
    # ------------------------------------------------------------- figures

    def test_a_target_agreed_on_anew_stands_for_the_whole_period(self):
        self.approve(self.request())
        change = self.measure.change_ids
        self.goal.action_request_change("The market is another one")
        self.measure.target = 150
        self.assertEqual(change.state, "superseded")
        self.assertEqual(self.measure.target_by_days, 150)

    def test_both_targets_count_by_days(self):
        """120 for 181 days, 60 for 184: (181·120 + 184·60)/365 = 32760/365 = 89.75."""
        self.add_reading(self.ind_sum, 60, date=date(2027, 3, 15))
        self.assertEqual(self.measure.score, 50)  # 60 of 120
        change = self.request()
        self.assertEqual(change.state, "requested")
        self.assertEqual((self.measure.target_by_days, self.measure.score), (120, 50))
        with freeze_time("2027-06-20"):
            self.approve(change)
        by_days = 32760 / 365
        self.assertAlmostEqual(self.measure.target_by_days, by_days)
        self.assertAlmostEqual(self.measure.score, 100 * 60 / by_days)
        self.assertAlmostEqual(self.goal.progress, 100 * 60 / by_days)
        self.assertEqual(self.measure.target, 120)  # what was agreed stays on record
        self.assertEqual(change.state, "approved")
        self.assertEqual(change.decided_by_id, self.manager_user)
        self.assertEqual(change.decided_on, date(2027, 6, 20))
        self.assertEqual(
            self.measure.derivation["targets"],
            [["2027-01-01", 120], ["2027-07-01", 60]],
        )
        self.assertEqual(self.measure.figure, "60 / 90")
        text = self.measure.explanation
        self.assertIn("120 from 01/01/2027, 60 from 07/01/2027; together 90", text)

    def test_several_changes(self):
        """120 for 90 days, 60 for 91, 100 for 184: (10800 + 5460 + 18400)/365.

        Approved in another order than they count in.
        """
        late = self.request(100, date(2027, 7, 1))
        early = self.request(60, date(2027, 4, 1))
        self.approve(late)
        self.approve(early)
        self.assertAlmostEqual(self.measure.target_by_days, 34660 / 365)
        self.assertEqual((early.former_target, late.former_target), (120, 60))

    def test_the_later_of_two_on_one_day_counts(self):
        first, second = self.request(60), self.request(90)
        self.approve(first | second)
        # 120 for 181 days, 90 for 184
        self.assertAlmostEqual(
            self.measure.target_by_days, (181 * 120 + 184 * 90) / 365
        )

    def test_first_and_last_day(self):
        change = self.request(485, date(2027, 12, 31))
        self.approve(change)
        self.assertAlmostEqual(self.measure.target_by_days, (364 * 120 + 485) / 365)
        change = self.request(60, date(2027, 1, 2))
        self.approve(change)
        # one day of 120, 363 of 60, one of 485
        self.assertAlmostEqual(
            self.measure.target_by_days, (120 + 363 * 60 + 485) / 365
        )

    def test_what_is_refused_does_not_count(self):
        change = self.request()
        self.as_(change, "manager").action_refuse("Sell to others")
        self.assertEqual(change.state, "refused")
        self.assertEqual(self.measure.target_by_days, 120)
        later = self.request(90, date(2027, 10, 1))
        self.assertEqual(later.former_target, 120)
        for reason in ("", "  ", False):
            with self.refused("Give a reason"):
                self.as_(later, "manager").action_refuse(reason)

    def test_points_by_the_frozen_rule_and_ratio(self):
        """A ratio: 80 of (181·120 + 184·60)/365."""
        goal = self.agreed_goal((self.ind_ratio, 120))
        self.add_reading(self.ind_ratio, 80, date=date(2027, 3, 15))
        self.approve(self.request(measure_id=goal.measure_ids.id))
        self.assertAlmostEqual(goal.score, 100 * 80 / (32760 / 365))

    def test_what_is_in_effect_is_told_while_typing_and_to_who_approves(self):
        """120 for 181 days, 60 for 184: 32760/365 = 89.75…, without decimals 90."""
        dialog = Form(
            self.as_(self.env["hr.performance.target.change"], "employee").with_context(
                default_measure_id=self.measure.id
            ),
            "hr_performance.target_change_view_form",
        )
        dialog.date_from = False
        self.assertFalse(dialog.in_effect)
        dialog.date_from, dialog.target = date(2027, 7, 1), 60
        self.assertEqual(dialog.in_effect, "90 (120 for 181 days, 60 for 184)")
        dialog.target = 130
        # (181·120 + 184·130)/365 = 125.04
        self.assertEqual(dialog.in_effect, "125 (120 for 181 days, 130 for 184)")
        dialog.target, dialog.reason = 60, "A customer went bankrupt"
        change = dialog.save()
        asked = self.as_(change, "manager")
        self.assertEqual(asked.in_effect, "90 (120 for 181 days, 60 for 184)")
        self.approve(change)
        self.assertEqual(change.in_effect, "90 (120 for 181 days, 60 for 184)")
        # 120 for 90 days, 60 for 91, 100 for 184, as below; the one that comes between
        # two is told with both
        late = self.request(100, date(2027, 4, 1))
        # (90·120 + 91·100 + 184·60)/365 = 30940/365 = 84.77
        self.assertEqual(late.in_effect, "85 (120 for 90 days, 100 for 91, 60 for 184)")
        self.as_(late, "manager").action_refuse("Sell to others")
        self.assertFalse(late.in_effect)

    def test_a_copy_begins_with_its_target_alone(self):
        self.approve(self.request())
        copy = self.goal.copy()
        self.assertFalse(copy.measure_ids.change_ids)
        self.assertEqual(copy.measure_ids.target_by_days, 120)

    # ------------------------------------------------------------- refusals

    def test_dates(self):
        for day in (
            date(2027, 1, 1),
            date(2026, 12, 31),
            date(2028, 1, 1),
        ):
            with self.refused(
                "“Valid From”", "New customers", self.goal.name, error=ValidationError
            ):
                self.request(date_from=day)

    def test_targets(self):
        for target, words in (
            (0, "equals the baseline"),
            (float("nan"), "ordinary number"),
            (float("inf"), "ordinary number"),
        ):
            with self.refused(words, "New customers", error=ValidationError):
                self.request(target)
        goal = self.agreed_goal((self.ind_ratio, 120))
        with self.refused("a ratio needs a “Target”", error=ValidationError):
            self.request(-5, measure_id=goal.measure_ids.id)

    def test_targets_that_come_to_the_baseline_by_days(self):
        """From 100: 120 for 15 days of April, 80 for the other 15 is 100."""
        goal = self.agreed_goal(
            {
                "indicator_id": self.ind_sum.id,
                "baseline": 100,
                "target": 120,
                "date_start": date(2027, 4, 1),
                "date_end": date(2027, 4, 30),
            }
        )
        change = self.request(80, date(2027, 4, 16), measure_id=goal.measure_ids.id)
        with self.refused("baseline", "“Valid From”", error=ValidationError):
            self.as_(change, "manager").action_approve()
        self.env.invalidate_all()
        self.assertEqual(change.state, "requested")
        change.date_from = date(2027, 4, 17)
        self.approve(change)
        self.assertAlmostEqual(
            goal.measure_ids.target_by_days, (16 * 120 + 14 * 80) / 30
        )

    def test_what_has_no_single_target(self):
        Indicator = self.env["hr.performance.indicator"]
        room, steps, judged = Indicator.create(
            [
                {"name": "Room", "direction": "range", "range_low": 1, "range_high": 2}
                | {"range_tolerance": 1},
                {"name": "Steps", "scoring_rule": "milestones"},
                {"name": "Judged", "scoring_rule": "manual"},
            ]
        )
        for indicator in room | steps | judged:
            indicator.action_activate()
            goal = self.agreed_goal({"indicator_id": indicator.id})
            with self.refused(
                "Request a change of the goal instead",
                indicator.name,
                error=ValidationError,
            ):
                self.request(measure_id=goal.measure_ids.id)

    def test_a_reason_is_given(self):
        for reason in ("", "   "):
            with self.refused("Give a reason"):
                self.request(reason=reason)
        change = self.request()
        with self.refused("Give a reason"):
            self.as_(change, "employee").reason = "  "

    def test_only_on_agreed_goals(self):
        draft = self.make_goal(None, (self.ind_sum, 10), cycle_id=self.cycle_2027.id)
        with self.refused("is not agreed"):
            self.request(measure_id=draft.measure_ids.id)

    def test_a_closed_cycle_does_not_move(self):
        change = self.request()
        self.cycle_2027.action_close()
        with self.refused("closed"):
            self.request(90)
        with self.refused("closed"):
            self.as_(change, "manager").action_approve()
        with self.refused("closed"):
            self.as_(change, "manager").action_refuse("Too late")
        with self.refused("closed"):
            self.as_(change, "employee").target = 70
        self.assertEqual(
            (change.state, self.measure.target_by_days), ("requested", 120)
        )

    def test_what_no_longer_runs_does_not_change(self):
        change = self.request()
        self.goal.action_request_change("Another matter")
        with self.refused("is not agreed"):
            self.as_(change, "manager").action_approve()
        self.goal.action_agree()
        self.goal.action_close("partly")
        with self.refused("is not agreed"):
            self.as_(change, "manager").action_approve()
        self.as_(change, "manager").action_refuse("Too late")
        self.assertEqual(self.measure.target_by_days, 120)
        self.assertFalse(self.goal.activity_ids)

    def test_decided_is_decided(self):
        approved, refused = self.request(), self.request(90)
        self.approve(approved)
        self.as_(refused, "manager").action_refuse("One is enough")
        for change in approved | refused:
            for name, value in (
                ("target", 1),
                ("reason", "x"),
                ("date_from", "2027-02-02"),
            ):
                with self.refused("is decided"):
                    self.as_(change, "employee")[name] = value
            with self.refused("is decided"):
                self.as_(change, "employee").unlink()
            with self.refused("state"):
                self.as_(change, "manager").action_approve()

    def test_until_then_it_may_be_changed_and_withdrawn(self):
        change = self.request()
        self.as_(change, "employee").target = 70
        self.assertEqual(change.target, 70)
        self.as_(change, "employee").unlink()
        self.assertFalse(change.exists())
        self.assertFalse(self.goal.activity_ids)

    # ------------------------------------------------------------- who

    def test_the_manager_is_asked(self):
        change = self.request()
        activity = self.goal.activity_ids
        self.assertEqual(activity.activity_type_id, self.env.ref(ACTIVITY))
        self.assertEqual(activity.user_id, self.manager_user)
        self.approve(change)
        self.assertFalse(self.goal.activity_ids.exists())

    def test_the_activity_stays_until_all_are_decided(self):
        first, second = self.request(), self.request(90)
        self.approve(first)
        self.assertEqual(self.goal.activity_ids.user_id, self.manager_user)
        self.as_(second, "manager").action_refuse("One is enough")
        self.assertFalse(self.goal.activity_ids)

    def test_a_manager_asks_nobody_but_the_next(self):
        change = self.request(who="manager")
        self.assertFalse(self.goal.activity_ids)
        self.approve(change, "director")

    def test_the_chatter_tells(self):
        self.approve(self.request())
        body = "".join(self.goal.message_ids.mapped("body"))
        for words in (
            "New customers",
            "120",
            "60",
            "A customer went bankrupt",
            "Approved",
        ):
            self.assertIn(words, body)

    def test_taken_back_goal(self):
        """What was approved goes on counting when the goal is agreed anew."""
        self.approve(self.request())
        self.goal.action_request_change("Another matter")
        self.goal.action_agree()
        self.assertAlmostEqual(self.measure.target_by_days, 32760 / 365)

    def test_colleagues_do_not_read_the_reasons(self):
        self.goal.visibility = "everyone"
        self.approve(self.request())
        measure = self.as_(self.measure, "colleague")
        self.assertAlmostEqual(measure.target_by_days, 32760 / 365)
        self.assertNotIn("bankrupt", measure.explanation)
        self.assertFalse(measure.change_ids)
        Change = self.as_(self.env["hr.performance.target.change"], "colleague")
        self.assertFalse(Change.search([("measure_id", "=", self.measure.id)]))
        self.assertFalse(Change.search([("reason", "ilike", "bankrupt")]))
        with self.assertRaises(AccessError):
            Change.browse(self.measure.change_ids.ids).read(["reason"])
        # nor does a search for goals tell
        goals = self.as_(self.env["hr.performance.goal"], "colleague").search(
            [("measure_ids.change_ids.reason", "ilike", "bankrupt")]
        )
        self.assertFalse(goals)
        with self.assertRaises(AccessError):
            self.request(who="colleague")


@tagged("post_install", "-at_install")
class TestTargetChangeRpc(ChangeCommon, RpcCommon):
    def test_nobody_approves_for_themselves(self):
        change = self.request()
        for who in ("employee", "colleague", "other_employee", "other_officer"):
            self.assertRefused(who, change, "action_approve")
            self.assertRefused(who, change, "action_refuse", "No")
        own = self.agreed_goal((self.ind_sum, 10), self.officer)
        change_of_own = self.request(5, who="officer", measure_id=own.measure_ids.id)
        self.assertRefused("officer", change_of_own, "action_approve")
        unit = self.agreed_goal((self.ind_sum, 10), self.department_sub)
        change_of_unit = self.request(5, who="manager", measure_id=unit.measure_ids.id)
        self.assertRefused("manager", change_of_unit, "action_approve")
        self.assertEqual(
            (change | change_of_own | change_of_unit).mapped("state"), ["requested"] * 3
        )
        self.rpc("manager", change, "action_approve")
        self.rpc("director", change_of_unit, "action_approve")
        self.rpc("administrator", change_of_own, "action_approve")

    def test_nobody_edits_the_request_of_another(self):
        """What is approved is what was asked for."""
        change = self.request()
        for who in ("manager", "director", "officer", "administrator", "colleague"):
            for values in (
                {"target": 119},
                {"reason": "x"},
                {"date_from": "2027-12-31"},
            ):
                self.assertRefused(who, change, "write", values)
            self.assertRefused(who, change, "unlink")
            self.assertRefused(
                who,
                self.measure,
                "write",
                {"change_ids": [Command.update(change.id, {"target": 1})]},
            )

    def test_a_request_is_not_moved_to_the_goal_of_another(self):
        """One could ask in the name of who may not even be read."""
        hidden = self.agreed_goal((self.ind_sum, 10), self.colleague)
        change = self.request(8)
        self.assertRefused(
            "employee", change, "write", {"measure_id": hidden.measure_ids.id}
        )
        self.assertRefused(
            "employee",
            change.browse(),
            "create",
            {
                "measure_id": hidden.measure_ids.id,
                "target": 1,
                "reason": "x",
                "date_from": "2027-07-01",
            },
        )
        self.assertEqual(change.measure_id, self.measure)

    def test_nothing_is_typed_in(self):
        change = self.request()
        for who in ("employee", "manager", "officer", "administrator"):
            for values in (
                {"state": "approved"},
                {"decided_by_id": self.manager_user.id},
                {"decided_on": "2027-06-01"},
                {"goal_id": self.goal.id},
                {"company_id": self.company_2.id},
            ):
                self.assertRefused(who, change, "write", values)
            self.assertRefused(who, self.measure, "write", {"target_by_days": 1})
            self.assertRefused(
                who,
                change.browse(),
                "create",
                {
                    "measure_id": self.measure.id,
                    "target": 1,
                    "reason": "x",
                    "date_from": "2027-07-01",
                    "state": "approved",
                },
            )
