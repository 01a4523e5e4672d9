"""What is owed, by whom and until when; and the activities that stand for it."""

from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from .test_cadence import CadenceCommon


class OwedCommon(CadenceCommon):
    def owed(self, record, kind=None):
        """``[(kind, who, state), ...]`` of what ``record`` asks, as it stands now."""
        self.env.flush_all()
        self.env.invalidate_all()
        return [
            (row.kind, row.employee_id.name, row.state)
            for row in self.env["hr.performance.owed"].search(
                [("res_model", "=", record._name), ("res_id", "=", record.id)],
                order="id",
            )
            if kind in (None, row.kind)
        ]

    def told(self, record):
        """``{kind: who has it on their activities}``."""
        self.env.flush_all()
        self.env.invalidate_all()
        prefix = "mail_activity_"
        names = record.activity_ids.activity_type_id.get_external_id()
        return {
            names[activity.activity_type_id.id].split(prefix)[1]: activity.user_id.name
            for activity in record.activity_ids
        }

    def night(self, day):
        """What the scheduler does on ``day``."""
        with freeze_time(day):
            self.env["hr.performance.goal"]._refresh_running()
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestOwed(OwedCommon):
    def test_agreement_is_owed_by_who_can_agree(self):
        goal = self.make_goal()
        self.assertEqual(self.owed(goal), [])
        with freeze_time("2026-03-02"):
            self.as_(goal, "employee").action_propose()
            self.assertEqual(self.owed(goal), [("goal_agree", "Manager", "to_do")])
            self.assertEqual(self.told(goal), {"goal_agree": "Manager"})
            self.assertEqual(str(goal.activity_ids.date_deadline), "2026-03-07")
        with freeze_time("2026-03-08"):
            self.assertEqual(self.owed(goal), [("goal_agree", "Manager", "overdue")])
        with freeze_time("2026-03-09"):
            self.as_(goal, "manager").action_agree()
            self.assertEqual(
                self.owed(goal, "goal_agree"), [("goal_agree", "Manager", "done")]
            )
            self.assertEqual(self.told(goal), {})

    def test_who_has_no_user_is_skipped(self):
        self.manager.user_id = False
        with freeze_time("2026-03-02"):
            goal = self.make_goal()
            goal.action_propose()
            self.assertEqual(self.told(goal), {"goal_agree": "Director"})
            # one who is gone cannot be asked either
            self.director_user.active = False
            self.assertEqual(self.owed(goal), [])

    def test_nobody_is_asked_what_they_have_asked_themselves(self):
        with freeze_time("2026-03-02"):
            goal = self.make_goal()
            self.as_(goal, "manager").action_propose()
            self.assertEqual(self.owed(goal), [])

    def test_managers_in_a_circle(self):
        self.director.parent_id = self.manager
        self.director.user_id = self.manager.user_id = False
        with freeze_time("2026-03-02"):
            goal = self.make_goal()
            goal.action_propose()
            self.assertEqual(self.owed(goal), [])

    def test_what_is_proposed_again_is_asked_again(self):
        with freeze_time("2026-03-02"):
            goal = self.make_goal()
            goal.action_propose()
            self.as_(goal, "manager").action_send_back("Too vague")
            self.assertEqual(self.told(goal), {})
            goal.action_propose()
            self.assertEqual(self.told(goal), {"goal_agree": "Manager"})

    def test_user_and_deadline_follow(self):
        with freeze_time("2026-03-02"):
            goal = self.make_goal()
            goal.action_propose()
            self.employee.parent_id = self.director
            goal._sync_owed()
            self.assertEqual(self.told(goal), {"goal_agree": "Director"})
            activity = goal.activity_ids
            self.env.cr.execute(
                "UPDATE hr_performance_goal SET proposed_date = '2026-03-05'"
                " WHERE id = %s",
                [goal.id],
            )
        with freeze_time("2026-03-05"):
            goal._sync_owed()
            self.assertEqual(goal.activity_ids, activity)
            self.assertEqual(str(activity.date_deadline), "2026-03-10")

    def test_ticked_off_by_hand_it_does_not_come_back(self):
        with freeze_time("2026-03-02"):
            goal = self.make_goal()
            goal.action_propose()
            self.as_(goal.activity_ids, "manager").action_feedback()
            goal._sync_owed()
            self.env["hr.performance.owed"]._sync_some()
            self.assertEqual(self.told(goal), {})
            # but it is still owed
            self.assertEqual(self.owed(goal), [("goal_agree", "Manager", "to_do")])

    def test_nobody_follows_for_being_reminded(self):
        goal = self.agreed(date(2026, 1, 15))
        goal.message_follower_ids.unlink()
        self.night("2026-02-20")
        self.assertEqual(
            self.told(goal), {"checkin": "Employee", "checkin_missed": "Manager"}
        )
        self.assertFalse(goal.message_follower_ids)

    def test_no_activities_for_who_wants_none(self):
        self.as_(self.employee_user, "employee").write({"performance_bell": False})
        goal = self.agreed(date(2026, 1, 15))
        self.night("2026-02-16")
        self.assertEqual(self.told(goal), {})
        with freeze_time("2026-02-16"):
            self.assertEqual(self.owed(goal), [("checkin", "Employee", "to_do")])
            self.as_(self.employee_user, "employee").write({"performance_bell": True})
            self.assertEqual(self.told(goal), {"checkin": "Employee"})
        with self.refused("choose how"):
            self.as_(self.employee_user, "employee").write(
                {"performance_bell": False, "performance_digest": "none"}
            )

    def test_results_ask_to_be_read(self):
        appraisal = self.make_appraisal()
        with freeze_time("2026-03-02"):
            self.assertEqual(
                [self.owed(request) for request in appraisal.request_ids],
                [[("review", "Employee", "to_do")], [("review", "Manager", "to_do")]],
            )
        self.answer_all(appraisal, "manager")
        self.as_(appraisal, "manager").action_assess(
            level_id=appraisal.scale_id.level_ids[1].id, override_reason="So it was"
        )
        with freeze_time("2026-03-02"):
            appraisal.action_release()
            self.assertEqual(
                self.owed(appraisal), [("acknowledge", "Employee", "to_do")]
            )
            self.assertEqual(self.told(appraisal), {"acknowledge": "Employee"})
            self.as_(appraisal, "employee").action_acknowledge()
            self.assertEqual(
                self.owed(appraisal), [("acknowledge", "Employee", "done")]
            )
            self.assertEqual(self.told(appraisal), {})

    def test_a_posted_checkin_is_a_thing_done(self):
        goal = self.agreed(date(2026, 1, 15))
        self.assertEqual(self.told(goal), {})
        with freeze_time("2026-02-13"):
            self.assertEqual(self.owed(goal), [("checkin", "Employee", "not_started")])
        self.night("2026-02-16")
        self.assertEqual(self.told(goal), {"checkin": "Employee"})
        with freeze_time("2026-02-17"):
            self.assertEqual(self.owed(goal), [("checkin", "Employee", "overdue")])
            checkin = self.as_(self.env["hr.performance.checkin"], "employee").create(
                {"goal_id": goal.id}
            )
            checkin.action_post()
            self.assertEqual(self.told(goal), {})
            self.assertEqual(self.owed(goal), [("checkin", "Employee", "not_started")])
            self.assertEqual(
                self.owed(checkin, "checkin"), [("checkin", "Employee", "done")]
            )

    def test_several_at_once_cost_no_more(self):
        counts = []
        for number in (5, 5, 50):  # at first, what the registry keeps is fetched too
            goals = self.env["hr.performance.goal"].create(
                [
                    {"name": f"Goal {n}", "cycle_id": self.cycle.id}
                    | {"employee_id": (self.employee, self.colleague)[n % 2].id}
                    for n in range(number)
                ]
            )
            with (
                freeze_time("2026-03-02"),
                patch.object(type(goals), "_sync_owed", lambda goals: None),
            ):
                goals.action_propose()
                self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with freeze_time("2026-03-02"):
                goals._sync_owed()
                self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(goals.activity_ids), number)
        self.assertEqual(*counts[1:])
