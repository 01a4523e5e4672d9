"""What changed since one last looked, changes after agreement, and the change log."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PerformanceCommon
from .rpc import RpcCommon


class DialogueCommon(PerformanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goal = cls.make_goal(
            None,
            (cls.ind_sum, 120),
            (cls.ind_last, 40),
            name="Win customers",
            description="<p>Twenty <b>new</b> ones</p>",
        )
        cls.customers, cls.stock = cls.goal.measure_ids

    def log(self, *, who="manager"):
        """``[(step, by, what changed, reason), ...]`` in the order of time."""
        revisions = self.as_(self.goal, who).revision_ids.sorted("id")
        return [
            (revision.step, revision.user_id.login, revision.changes, revision.reason)
            for revision in revisions
        ]


@tagged("post_install", "-at_install")
class TestNews(DialogueCommon):
    def test_each_side_sees_what_the_other_changed(self):
        goal = self.goal
        self.as_(goal, "employee").action_propose()
        self.assertFalse(self.as_(goal, "employee").news)
        # a first proposal is all new: there is nothing to compare it with
        self.assertFalse(self.as_(goal, "manager").news)

        self.as_(self.customers, "manager").target = 140
        self.as_(goal, "manager").weight = 60
        mine = self.as_(goal, "employee")
        self.assertEqual(
            mine.news, "Weight: 100 → 60\nNew customers – Target: 120 → 140"
        )
        self.assertIn("since you proposed it", mine.news_note)
        self.assertIn("Changed by Manager", mine.news_note)
        self.as_(goal, "manager").action_send_back("Aim higher")
        self.assertIn("Changed by Manager", self.as_(goal, "employee").news_note)
        # who made the changes has nothing to catch up with
        self.assertFalse(self.as_(goal, "manager").news)

        self.as_(self.stock, "employee").unlink()
        self.as_(goal, "employee").write(
            {
                "measure_ids": [
                    Command.create({"indicator_id": self.ind_ratio.id, "target": 9})
                ]
            }
        )
        self.as_(goal, "employee").action_propose()
        self.assertFalse(self.as_(goal, "employee").news)
        theirs = self.as_(goal, "manager")
        self.assertEqual(
            theirs.news, "New measure: Revenue, 0 → 9\nMeasure taken away: Stock"
        )
        self.assertIn("Changed by Employee since you sent it back", theirs.news_note)

    def test_a_look_starts_anew(self):
        goal = self.goal
        self.as_(goal, "employee").action_propose()
        self.as_(self.customers, "manager").target = 140
        self.as_(goal, "employee").action_look()
        self.assertFalse(self.as_(goal, "employee").news)
        self.as_(self.customers, "manager").target = 130
        mine = self.as_(goal, "employee")
        self.assertEqual(mine.news, "New customers – Target: 140 → 130")
        self.assertIn("since you last looked", mine.news_note)
        # what was seen half-way is still the manager's change in the log
        self.as_(goal, "manager").action_agree()
        self.assertEqual(
            self.log()[-1][:3],
            ("agree", "perf_manager", "New customers – Target: 120 → 130"),
        )

    def test_only_who_took_part_looks(self):
        self.as_(self.goal, "employee").action_propose()
        with self.refused("no step"):
            self.as_(self.goal, "manager").action_look()
        with self.assertRaises(AccessError):
            self.as_(self.goal, "colleague").action_look()

    def test_the_log_says_who_wrote_what(self):
        """What the manager changes in a draft is not the owner's, who proposes it."""
        goal = self.goal
        self.as_(goal, "employee").action_propose()
        self.as_(goal, "manager").action_send_back("Aim higher")
        self.as_(self.customers, "manager").target = 140
        self.as_(goal, "employee").weight = 50
        # one's own writing is no news
        self.assertEqual(
            self.as_(goal, "employee").news, "New customers – Target: 120 → 140"
        )
        self.assertEqual(self.as_(goal, "manager").news, "Weight: 100 → 50")
        self.as_(goal, "employee").action_propose()
        self.assertEqual(
            [line[:3] for line in self.log()[2:]],
            [
                ("write", "perf_manager", "New customers – Target: 120 → 140"),
                ("propose", "perf_employee", "Weight: 100 → 50"),
            ],
        )

    def test_names_are_no_changes(self):
        self.as_(self.goal, "employee").action_propose()
        self.cycle.name = "Another name"
        self.employee.name = "Another Employee"
        self.assertFalse(self.as_(self.goal, "employee").news)

    def test_milestones(self):
        judged = self.env["hr.performance.indicator"].create(
            {"name": "Steps", "scoring_rule": "milestones"}
        )
        goal = self.make_goal(
            None,
            {
                "indicator_id": judged.id,
                "milestone_ids": [Command.create({"name": "Draft", "weight": 1})],
            },
        )
        self.as_(goal, "employee").action_propose()
        goal.measure_ids.write(
            {
                "milestone_ids": [
                    Command.update(goal.measure_ids.milestone_ids.id, {"weight": 2}),
                    Command.create({"name": "Signed", "weight": 1}),
                ]
            }
        )
        self.assertEqual(
            self.as_(goal, "employee").news,
            "Steps – Milestone: Draft, 1 → Draft, 2\nSteps – Milestone: – → Signed, 1",
        )


@tagged("post_install", "-at_install")
class TestChangeAfterAgreement(DialogueCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.as_(cls.goal, "employee").action_propose()
        cls.as_(cls.goal, "manager").action_agree()

    def state_of(self, goal):
        """All that an agreement is about, and what follows from it."""
        self.env.flush_all()
        self.env.invalidate_all()
        return (
            goal.sudo()._content(),
            goal.description,
            goal.state,
            goal.agreed_date,
            goal.agreed_by_id,
            [(measure.rule, measure.sequence) for measure in goal.measure_ids],
            goal.progress,
            goal.score,
        )

    def test_who_asked_writes_down_what(self):
        mine = self.as_(self.goal, "employee")
        mine.action_request_change("The market fell")
        self.as_(self.customers, "employee").target = 100
        # the note on the change says it, the news need not repeat it
        for who in ("manager", "employee"):
            self.assertFalse(self.as_(self.goal, who).news)
        note = self.as_(self.goal, "manager").change_note
        self.assertIn("Employee asked for a change on", note)
        self.assertIn("The market fell\nNew customers – Target: 120 → 100", note)
        with self.assertRaises(AccessError):
            self.as_(self.goal, "employee").action_agree()
        with self.assertRaises(AccessError):
            self.as_(self.goal, "employee").action_refuse_change("Leave it")
        self.as_(self.goal, "manager").action_agree()
        self.assertFalse(self.goal.change_id)
        self.assertFalse(self.goal.change_note)
        self.assertEqual(
            self.log()[2:],
            [
                ("request_change", "perf_employee", "", "The market fell"),
                ("write", "perf_employee", "New customers – Target: 120 → 100", False),
                ("agree", "perf_manager", "New customers – Target: 120 → 100", False),
            ],
        )
        self.assertEqual(self.goal.revision_ids[0].requested_by_id, self.employee_user)

    def test_who_did_not_ask_waits(self):
        self.as_(self.goal, "manager").action_request_change("The market fell")
        with self.refused("is with your manager", error=AccessError):
            self.as_(self.customers, "employee").target = 1

    def test_refused_change_brings_everything_back(self):
        """A change of nearly everything, then refused: as if it had never been."""
        self.add_reading(self.ind_sum, 60)
        self.ind_sum.write({"scoring_rule": "ratio"})  # after the agreement
        before = self.state_of(self.goal)
        self.assertEqual(before[6], 50.0)  # 60 of 120; the stock has no value
        goal = self.as_(self.goal, "manager")
        goal.action_request_change("The market fell")
        goal.write(
            {
                "name": "Win some",
                "description": "<p>Twenty new ones</p>",
                "weight": 7,
                "measure_ids": [
                    Command.update(
                        self.customers.id,
                        {"target": 80, "baseline": 5, "date_start": self.day(2, 1)},
                    ),
                    Command.delete(self.stock.id),
                    Command.create({"indicator_id": self.ind_average.id, "target": 3}),
                ],
            }
        )
        self.assertNotEqual(self.state_of(self.goal), before)
        self.as_(self.goal, "manager").action_refuse_change("We stay with it")
        after = self.state_of(self.goal)
        # the stock came back as a new record
        back = self.goal.measure_ids - self.customers
        before[0]["measures"][1]["id"] = back.id
        self.assertEqual(after, before)
        self.assertEqual(self.customers.score, 50.0)
        self.assertFalse(self.goal.change_id)
        self.assertEqual(
            self.log()[-1],
            ("refuse_change", "perf_manager", "", "We stay with it"),
        )
        with self.refused("locked"):
            self.as_(self.customers, "manager").target = 1

    def test_refused_change_brings_dated_targets_back(self):
        change = self.env["hr.performance.target.change"].create(
            {
                "measure_id": self.customers.id,
                "date_from": self.day(7, 1),
                "target": 100,
                "reason": "A rival opened",
            }
        )
        self.as_(change, "manager").action_approve()
        former = self.customers.target_by_days
        self.as_(self.goal, "manager").action_request_change("Lower still")
        self.as_(self.customers, "manager").target = 90
        self.assertEqual(
            (change.state, self.customers.target_by_days), ("superseded", 90)
        )
        self.as_(self.goal, "manager").action_refuse_change("No")
        self.assertEqual(change.state, "approved")
        self.assertEqual(self.customers.target_by_days, former)

    def test_what_was_reported_cannot_be_taken_away(self):
        checkins = self.env["hr.performance.checkin"].with_user(self.employee_user)
        checkin = checkins.create({"goal_id": self.goal.id})
        checkin.value_ids[:1].value = 3
        checkin.action_post()
        self.as_(self.goal, "manager").action_request_change("The market fell")
        with self.refused("has been reported on", "Weight"):
            self.as_(checkin.value_ids[:1].measure_id, "manager").unlink()

    def test_refusing_needs_a_request(self):
        goal = self.make_goal()
        self.as_(goal, "employee").action_propose()
        self.assertNotIn("refuse_change", self.as_(goal, "manager").allowed_transitions)
        with self.refused("Nobody has asked for a change"):
            self.as_(goal, "manager").action_refuse_change("No")
        self.as_(self.goal, "employee").action_request_change("The market fell")
        with self.refused("reason"):
            self.as_(self.goal, "manager").action_refuse_change(" ")

    def test_dated_targets_stand_in_the_same_log(self):
        changes = self.env["hr.performance.target.change"].with_user(self.employee_user)
        for target, step in ((100, "approve"), (90, "refuse")):
            change = changes.create(
                {
                    "measure_id": self.customers.id,
                    "date_from": self.day(7, 1),
                    "target": target,
                    "reason": "A rival opened",
                }
            )
            if step == "approve":
                self.as_(change, "manager").action_approve()
            else:
                self.as_(change, "manager").action_refuse("Once is enough")
        since = f"07/01/{self.year}"
        self.assertEqual(
            self.log()[2:],
            [
                (
                    "approve_target",
                    "perf_manager",
                    f"New customers – Target from {since}: 120 → 100",
                    "A rival opened",
                ),
                (
                    "refuse_target",
                    "perf_manager",
                    f"New customers – Target from {since}: 120 → 90",
                    "Once is enough",
                ),
            ],
        )
        self.assertEqual(self.goal.revision_ids[:2].requested_by_id, self.employee_user)
        # the owner has not agreed to it and finds it as news
        self.assertEqual(
            self.as_(self.goal, "employee").news,
            f"New customers – Target for the rest: – → 100 from {since}",
        )


@tagged("post_install", "-at_install")
class TestLogIsCheap(DialogueCommon):
    def test_agreeing_many_goals(self):
        """Thirty goals cost as many queries as three, but for what is inserted."""

        def queries(count):
            goals = self.goal.browse()
            for number in range(count):
                goals += self.make_goal(None, (self.ind_sum, 10 + number))
            goals = self.as_(goals, "manager")
            goals.action_propose()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            goals._record_step("agree")
            self.env.flush_all()
            return self.cr.sql_log_count - before

        queries(1)
        self.assertEqual(queries(3), queries(30))


@tagged("post_install", "-at_install")
class TestDialogueAttacks(RpcCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goal = cls.make_goal(
            None, (cls.ind_sum, 120), name="Visible", visibility="everyone"
        )
        cls.as_(cls.goal, "employee").action_propose()
        cls.as_(cls.goal, "manager").action_agree()
        cls.as_(cls.goal, "employee").action_request_change("SECRET-4711")
        cls.revision = cls.goal.change_id

    def test_nobody_writes_the_log(self):
        values = {
            "goal_id": self.goal.id,
            "step": "agree",
            "content": {"goal": {}, "measures": []},
        }
        for who in ("employee", "manager", "officer", "administrator"):
            with self.subTest(who):
                self.assertRefused(who, self.revision.browse(), "create", [values])
                self.assertRefused(who, self.revision, "write", {"reason": "Mine"})
                self.assertRefused(who, self.revision, "unlink")
                self.assertRefused(who, self.revision, "copy")
                self.assertRefused(who, self.goal, "_record_step", "agree")
                self.assertRefused(who, self.goal, "_restore_agreement")
                self.assertRefused(
                    who, self.goal, "write", {"change_id": self.revision.id}
                )
                self.assertRefused(
                    who,
                    self.goal,
                    "write",
                    {
                        "revision_ids": [
                            Command.update(self.revision.id, {"step": "agree"})
                        ]
                    },
                )

    def test_nobody_settles_their_own_change(self):
        for step, arguments in (("action_agree", []), ("action_refuse_change", ["No"])):
            for who in ("employee", "colleague", "other_officer"):
                with self.subTest(step=step, who=who):
                    self.assertRefused(who, self.goal, step, *arguments)
        dialog = self.env["hr.performance.reason"]
        for who in ("employee", "colleague"):
            wizard = self.rpc(
                who,
                dialog,
                "create",
                [
                    {
                        "res_model": "hr.performance.goal",
                        "res_ids": self.goal.ids,
                        "step": "action_refuse_change",
                        "reason": "No",
                    }
                ],
            )
            self.assertRefused(who, dialog.browse(wizard), "action_confirm")

    def test_a_colleague_reads_the_goal_but_not_the_dialogue(self):
        """The goal is open to everyone, why it changes is not."""
        spec = {
            "name": {},
            "news": {},
            "news_note": {},
            "change_note": {},
            "change_id": {"fields": {"display_name": {}}},
            "revision_ids": {"fields": {"reason": {}}},
        }
        self.assertIn("SECRET", str(self.rpc("manager", self.goal, "web_read", spec)))
        answer = self.rpc("colleague", self.goal, "web_read", spec)
        self.assertEqual(answer[0]["name"], "Visible")
        self.assertNotIn("SECRET", str(answer))
        self.assertFalse(answer[0]["revision_ids"])
        self.assertRefused("colleague", self.revision, "read", ["reason", "content"])
        for domain in (
            [("change_id.reason", "ilike", "SECRET")],
            [("revision_ids.reason", "ilike", "SECRET")],
        ):
            with self.subTest(domain):
                self.assertFalse(
                    self.rpc("colleague", self.goal.browse(), "search", domain)
                )
                self.assertTrue(
                    self.rpc("manager", self.goal.browse(), "search", domain)
                )
        for who in ("manager", "administrator"):
            with self.subTest(who):
                self.assertRefused(who, self.revision, "read", ["kept"])
